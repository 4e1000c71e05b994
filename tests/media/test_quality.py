"""Measures against a reference, on clips whose distance is known."""

import math

import numpy as np
import pytest

from rushes.media.quality import psnr, ssim, vmaf


def clip(frames: int = 6, height: int = 72, width: int = 96) -> np.ndarray:
    """Discs that wander over a slope."""
    y, x = np.mgrid[:height, :width]
    picture = np.stack([2 * x + y for _ in range(frames)]).astype(float)
    for t in range(frames):
        picture[t][np.hypot(x - 30 - 3 * t, y - 36) < 14] = 230
        picture[t][np.hypot(x - 70, y - 20 - 2 * t) < 8] = 20
    return np.repeat(picture[..., None], 3, -1).clip(0, 255).astype(np.uint8)


def noisy(amount: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, amount, clip().shape)
    return (clip() + noise).round().clip(0, 255).astype(np.uint8)


def test_a_known_error_in_decibels() -> None:
    true = np.full((2, 16, 16, 3), 100, np.uint8)
    assert psnr(true + 10, true) == pytest.approx(20 * math.log10(255 / 10))
    assert psnr(true, true) == math.inf


def test_ssim_of_constant_pictures_is_the_formula() -> None:
    dark, light = np.full((1, 16, 16, 3), 100, np.uint8), np.full((1, 16, 16, 3), 120, np.uint8)
    c1 = (0.01 * 255) ** 2
    assert ssim(light, dark) == pytest.approx((2 * 100 * 120 + c1) / (100**2 + 120**2 + c1), abs=1e-6)


@pytest.mark.parametrize("measure", [psnr, ssim, vmaf])
def test_more_noise_is_worse(measure) -> None:
    values = [measure(noisy(amount), clip()) for amount in (3, 12, 40)]
    assert values[0] > values[1] > values[2]


def test_equal_clips_are_as_good_as_it_gets() -> None:
    assert ssim(clip(), clip()) == pytest.approx(1)
    assert vmaf(clip(), clip(), scale=2) > 95


@pytest.mark.parametrize("measure", [psnr, ssim, vmaf])
def test_clips_that_do_not_match(measure) -> None:
    with pytest.raises(ValueError, match="can't be compared"):
        measure(clip(), clip()[:3])
    with pytest.raises(ValueError, match="give uint8"):
        measure(clip().astype(float), clip().astype(float))


def test_pictures_too_small_for_ssim() -> None:
    with pytest.raises(ValueError, match="11 x 11"):
        ssim(clip(height=8), clip(height=8))
