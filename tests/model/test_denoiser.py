"""The denoiser and its parts."""

import copy
from dataclasses import replace

import pytest
import torch

from rushes.diffusion.flow import interpolate, velocity
from rushes.model.attention import attention
from rushes.model.compiling import can_compile
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import Denoiser, DenoiserConfig, linear_guess, patchify, unpatchify
from rushes.model.norm import RMSNorm
from rushes.model.rope import coordinates, rotate, rotations
from rushes.model.text import TextConfig

SMALL = DenoiserConfig(channels=4, width=48, layers=2, heads=2, hidden=64, text_width=16)


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.fixture(scope="module")
def denoiser() -> Denoiser:
    torch.manual_seed(0)
    model = Denoiser(SMALL)
    with torch.no_grad():  # outputs and gates start at zero: open them
        for p in model.parameters():
            p.add_(0.1 * torch.randn_like(p))
    return model.eval().requires_grad_(False)


def test_starts_with_the_linear_guess() -> None:
    latents, text, sigma = noise(2, 3, 4, 4, 6), noise(2, 5, 16), torch.tensor([0.2, 0.7])
    out = Denoiser(SMALL)(latents, sigma, text, torch.ones(2, 5, dtype=torch.bool))
    assert out.shape == latents.shape
    torch.testing.assert_close(out, linear_guess(sigma, torch.ones(4))[0] * latents)


def test_the_linear_guess_is_the_regression_of_the_velocity() -> None:
    """Against a least-squares fit on samples, for channels of several deviations."""
    deviations, sigma = torch.tensor([0.1, 1.0, 3.0]), torch.tensor([0.3])
    clean = noise(200_000, 1, 3, 1, 1) * deviations.view(1, 1, 3, 1, 1)
    other = noise(200_000, 1, 3, 1, 1, seed=1)
    noisy, wanted = interpolate(clean, other, sigma), velocity(clean, other)
    slope = (noisy * wanted).mean(0) / noisy.square().mean(0)
    guess, doubt = linear_guess(sigma, deviations)
    torch.testing.assert_close(guess[0], slope, atol=0.02, rtol=0.02)
    torch.testing.assert_close(doubt[0], (wanted - guess * noisy).std(0), atol=0.02, rtol=0.02)


def test_patchify_comes_back() -> None:
    latents = noise(2, 3, 4, 4, 6)
    tokens = patchify(latents)
    assert tokens.shape == (2, 3 * 2 * 3, 16)
    assert torch.equal(unpatchify(tokens, 3, 4, 6), latents)


def test_padding_of_the_text_changes_nothing(denoiser: Denoiser) -> None:
    latents, text, sigma = noise(1, 2, 4, 4, 4), noise(1, 3, 16), torch.tensor([0.5])
    padded = torch.cat([text, 100 * noise(1, 4, 16, seed=5)], 1)
    mask = torch.tensor([[True] * 3 + [False] * 4])
    torch.testing.assert_close(denoiser(latents, sigma, padded, mask), denoiser(latents, sigma, text, mask[:, :3]))


@pytest.mark.parametrize("what", ["text", "sigma", "first", "seconds"])
def test_every_condition_is_heard(denoiser: Denoiser, what: str) -> None:
    given = {"latents": noise(1, 2, 4, 4, 4), "sigma": torch.tensor([0.5]), "text": noise(1, 3, 16)}
    given |= {"mask": torch.ones(1, 3, dtype=torch.bool), "seconds": 0.5, "first": None}
    other = {
        "text": noise(1, 3, 16, seed=9),
        "sigma": torch.tensor([0.9]),
        "first": noise(1, 1, 4, 4, 4),
        "seconds": 1.0,
    }
    difference = (denoiser(**given) - denoiser(**given | {what: other[what]})).abs().max()
    assert difference > 1e-3


def test_a_first_frame_counts_only_where_it_is_said_to(denoiser: Denoiser) -> None:
    latents, sigma, text = noise(2, 2, 4, 4, 4), torch.tensor([0.5, 0.5]), noise(2, 3, 16)
    mask, first = torch.ones(2, 3, dtype=torch.bool), noise(2, 1, 4, 4, 4)
    without = denoiser(latents, sigma, text, mask)
    mixed = denoiser(latents, sigma, text, mask, first=first, has_first=torch.tensor([False, True]))
    torch.testing.assert_close(mixed[0], without[0])
    assert not torch.allclose(mixed[1], without[1])


def test_it_knows_left_from_right_and_early_from_late(denoiser: Denoiser) -> None:
    """Of latents that are the same everywhere, RoPE alone would draw the same everywhere."""
    latents = torch.ones(1, 3, 4, 4, 8)
    out = denoiser(latents, torch.tensor([0.5]), noise(1, 3, 16), torch.ones(1, 3, dtype=torch.bool))
    assert (out[..., :2] - out[..., -2:]).abs().max() > 1e-3
    assert (out[:, 0] - out[:, -1]).abs().max() > 1e-3


def test_a_late_moment_is_what_it_would_be_at_its_place(denoiser: Denoiser) -> None:
    """One latent frame at a second is told apart from the same one at the beginning."""
    given = noise(1, 1, 4, 4, 4), torch.tensor([0.5]), noise(1, 3, 16), torch.ones(1, 3, dtype=torch.bool)
    assert (denoiser(*given, start=1.5) - denoiser(*given)).abs().max() > 1e-3


def test_odd_latents_do_not_fit(denoiser: Denoiser) -> None:
    with pytest.raises(ValueError, match="both must be multiples of 2"):
        denoiser(noise(1, 1, 4, 3, 4), torch.rand(1), noise(1, 3, 16), torch.ones(1, 3, dtype=torch.bool))


def test_rope_sees_differences_of_place_only() -> None:
    places = coordinates(2, 3, 4, 0.5, torch.device("cpu"))
    assert places[-1].tolist() == [0.5, 2.0, 3.0]  # seconds, row, column
    q, k = noise(1, 1, len(places), 24), noise(1, 1, len(places), 24, seed=1)
    scores = []
    for shift in (torch.zeros(3), torch.tensor([3.0, 7.0, -2.0])):
        cos, sin = rotations(places + shift, 24)
        scores.append(rotate(q, cos, sin) @ rotate(k, cos, sin).transpose(-1, -2))
    torch.testing.assert_close(scores[0], scores[1], atol=1e-4, rtol=1e-4)
    assert not torch.allclose(scores[0], q @ k.transpose(-1, -2), atol=1e-2)


def test_attention_is_the_same_with_and_without_gradients() -> None:
    q, k, v = noise(2, 2, 5, 8), noise(2, 2, 7, 8, seed=1), noise(2, 2, 7, 8, seed=2)
    mask = torch.tensor([[True] * 7, [True] * 4 + [False] * 3])
    plain = attention(q, k, v, mask)
    with torch.no_grad():
        torch.testing.assert_close(plain, attention(q, k, v, mask))
    torch.testing.assert_close(plain[1:], attention(q[1:], k[1:, :, :4], v[1:, :, :4]))


def test_widths_of_text_must_agree() -> None:
    with pytest.raises(ValueError, match="width 16"):
        ConditionedDenoiser(SMALL, TextConfig(width=32))


def test_registers_join_and_leave() -> None:
    with_registers = Denoiser(replace(SMALL, registers=3))
    with torch.no_grad():
        for p in with_registers.parameters():
            p.add_(0.1 * torch.randn_like(p))
    given = noise(2, 2, 4, 4, 4), torch.tensor([0.2, 0.5]), noise(2, 3, 16), torch.ones(2, 3, dtype=torch.bool)
    out = with_registers(*given)
    assert out.shape == given[0].shape
    out.sum().backward()
    assert with_registers.registers.grad is not None and with_registers.registers.grad.any()


def test_patches_of_one_latent_fit_odd_latents() -> None:
    model = Denoiser(replace(SMALL, patch=1))
    latents = noise(1, 2, 4, 3, 5)
    assert patchify(latents, 1).shape == (1, 30, 4)
    assert torch.equal(unpatchify(patchify(latents, 1), 2, 3, 5, 1), latents)
    assert model(latents, torch.rand(1), noise(1, 3, 16), torch.ones(1, 3, dtype=torch.bool)).shape == latents.shape


def test_rms_norm_is_torchs() -> None:
    x = noise(2, 5, 24)
    for module in (RMSNorm(24), RMSNorm(24, elementwise_affine=False)):
        torch.testing.assert_close(module(x), torch.nn.functional.rms_norm(x, (24,), module.weight))
        assert module(x.bfloat16()).dtype == torch.bfloat16
    zero = torch.zeros(1, 24, requires_grad=True)
    RMSNorm(24)(zero).sum().backward()
    assert zero.grad is not None and zero.grad.isfinite().all()


@pytest.mark.slow
@pytest.mark.skipif(not can_compile(torch.device("cpu")), reason="no C++ compiler or no headers of Python")
def test_compiles_without_graph_breaks_and_says_the_same() -> None:
    """In one program for both blocks; texts of other lengths need no second one."""
    torch.manual_seed(0)
    eager = Denoiser(SMALL)
    with torch.no_grad():
        for p in eager.parameters():
            p.add_(0.1 * torch.randn_like(p))
    compiled = copy.deepcopy(eager)
    assert compiled.compile_blocks()
    torch._dynamo.reset()
    torch._dynamo.utils.counters.clear()
    for words in (3, 7):
        given = noise(2, 2, 4, 4, 4), torch.tensor([0.2, 0.5]), noise(2, words, 16)
        mask = torch.ones(2, words, dtype=torch.bool)
        outs = []
        for model in (eager, compiled):
            model.zero_grad()
            outs.append(model(*given, mask))
            outs[-1].square().mean().backward()
        torch.testing.assert_close(outs[0], outs[1])
        for one, other in zip(eager.parameters(), compiled.parameters(), strict=True):
            torch.testing.assert_close(one.grad, other.grad, atol=1e-4, rtol=1e-3)
    counters = torch._dynamo.utils.counters
    assert not counters["graph_break"]
    assert counters["stats"]["unique_graphs"] == 1
    assert copy.deepcopy(compiled).blocks[0]._compiled_call_impl is None  # the averaged weights stay eager
