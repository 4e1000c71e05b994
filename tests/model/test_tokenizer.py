"""The tokenizer: shapes, causality, errors."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from rushes.model.causal import Past
from rushes.model.tokenizer import SizeError, Tokenizer, TokenizerConfig, latent_frames

SMALL = TokenizerConfig(
    latent_channels=4,
    encoder_widths=(8, 12, 16),
    encoder_blocks=(1, 1, 1),
    decoder_widths=(16, 12, 12, 8),
    decoder_blocks=(1, 1, 1, 1),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    torch.manual_seed(0)
    model = Tokenizer(SMALL)
    with torch.no_grad():  # blocks start as the identity: give every path something to do
        for p in model.parameters():
            p.add_(0.1 * torch.randn_like(p))
    return model.eval().requires_grad_(False)


def clip(frames: int, height: int = 16, width: int = 24) -> torch.Tensor:
    return torch.rand(2, frames, 3, height, width, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.mark.parametrize(("frames", "height", "width"), [(1, 16, 24), (5, 8, 8), (17, 16, 24)])
def test_shapes(tokenizer: Tokenizer, frames: int, height: int, width: int) -> None:
    latents = tokenizer.encode(clip(frames, height, width))
    assert latents.shape == (2, latent_frames(frames), 4, height // 8, width // 8)
    assert tokenizer.decode(latents).shape == (2, frames, 3, 2 * height, 2 * width)


def test_latents_of_a_prefix_are_a_prefix_of_the_latents(tokenizer: Tokenizer) -> None:
    video = clip(17)
    whole = tokenizer.encode(video)
    for frames in (1, 5, 13):
        torch.testing.assert_close(tokenizer.encode(video[:, :frames]), whole[:, : latent_frames(frames)])


def test_pictures_of_a_prefix_are_a_prefix_of_the_pictures(tokenizer: Tokenizer) -> None:
    latents = torch.randn(2, 5, 4, 2, 3, generator=torch.Generator().manual_seed(2))
    whole = tokenizer.decode(latents)
    for count in (1, 2, 4):
        torch.testing.assert_close(tokenizer.decode(latents[:, :count]), whole[:, : 4 * (count - 1) + 1])


def test_later_latents_depend_on_earlier_frames(tokenizer: Tokenizer) -> None:
    video = clip(9)
    changed = video.clone()
    changed[:, 0] = 0
    assert not torch.allclose(tokenizer.encode(video)[:, 1], tokenizer.encode(changed)[:, 1])


def test_statistics_normalise_and_come_back(tokenizer: Tokenizer) -> None:
    video = clip(5)
    raw, drawn = tokenizer.raw(video), tokenizer.draw(tokenizer.raw(video))
    tokenizer.mean.copy_(torch.arange(4.0))
    tokenizer.std.copy_(torch.arange(1.0, 5.0))
    latents = tokenizer.encode(video)
    torch.testing.assert_close(latents[:, :, 2], (raw[:, :, 2] - 2.0) / 3.0)
    torch.testing.assert_close(tokenizer.decode(latents), drawn, atol=1e-4, rtol=1e-4)
    tokenizer.mean.zero_()
    tokenizer.std.fill_(1.0)


def test_shrink_averages(tokenizer: Tokenizer) -> None:
    video = clip(1, 4, 4)
    assert tokenizer.shrink(video)[0, 0, 0, 0, 0] == pytest.approx(float(video[0, 0, 0, :2, :2].mean()))


@pytest.mark.parametrize("shape", [(1, 4, 3, 16, 16), (1, 5, 3, 12, 16), (1, 5, 3, 16, 20)])
def test_shapes_that_do_not_fit(tokenizer: Tokenizer, shape: tuple[int, ...]) -> None:
    with pytest.raises(SizeError, match="does not fit"):
        tokenizer.encode(torch.zeros(shape))


def test_upscale_is_one_or_two() -> None:
    with pytest.raises(ValueError, match="upscale 3"):
        TokenizerConfig(upscale=3)


@pytest.mark.parametrize(("name", "value"), [("time", 2), ("space", 4)])
def test_other_members_of_the_family_are_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name} {value} of the tokenizer"):
        TokenizerConfig(**{name: value})


FAMILY = [(1, 8), (4, 8), (4, 16), (8, 32)]


@pytest.mark.parametrize(("time", "space"), FAMILY)
@pytest.mark.parametrize("linear", [False, True])
def test_every_member_draws_the_shape_it_saw(time: int, space: int, linear: bool) -> None:
    config = replace(SMALL, time=time, space=space, linear_encoder=linear)
    model = Tokenizer(config)
    for frames in (1, 2 * time + 1):
        for gradients in (False, True):
            with torch.set_grad_enabled(gradients):
                latents = model.encode(clip(frames, 32, 64))
                assert latents.shape == (2, latent_frames(frames, time), 4, 32 // space, 64 // space)
                assert model.decode(latents).shape == (2, frames, 3, 64, 128)


def test_one_latent_frame_after_the_other_is_the_whole_clip(tokenizer: Tokenizer) -> None:
    """Without gradients a clip goes through in pieces, with gradients at once."""
    video = clip(9)
    latents, drawn = tokenizer.encode(video), tokenizer.decode(tokenizer.encode(video))
    with torch.no_grad():
        pieces = tokenizer.encode(video)
        torch.testing.assert_close(pieces, latents, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(tokenizer.decode(latents), drawn, atol=1e-5, rtol=1e-5)


def test_a_config_of_before_there_was_a_choice_is_8x8x4() -> None:
    config = TokenizerConfig(latent_channels=48, linear_encoder=True)
    assert (config.time, config.space, config.name) == (4, 8, "8x8x4")
    assert "time=" not in repr(config)  # names of old caches of latents


@torch.no_grad()
def test_a_new_tokenizer_is_its_linear_maps_alone() -> None:
    model, video = Tokenizer(SMALL), clip(5)
    nn.init.zeros_(model.decoder.linear.weight)
    nn.init.zeros_(model.decoder.linear.bias)
    assert not model.decode(model.encode(video)).any()
    assert model.encoder.convolutions is not None and not model.encoder.convolutions(video, Past()).any()
