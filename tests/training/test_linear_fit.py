"""The linear part of the tokenizer, solved instead of learned."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from rushes.model.tokenizer import Tokenizer, TokenizerConfig
from rushes.recipes.tiny import recipe
from rushes.training.latents import cache_key
from rushes.training.linear_fit import EXACT, fit_linear, principal
from rushes.training.loop import LoopConfig
from rushes.training.squares import Squares
from rushes.training.tokenizer_stage import TokenizerStage, load_tokenizer, measure_statistics, train_tokenizer

SMALL = TokenizerConfig(
    latent_channels=8, linear_encoder=True, decoder_widths=(16, 16, 16, 16), decoder_blocks=(1, 1, 1, 1), upscale=1
)


@pytest.fixture(scope="module")
def fitted() -> Tokenizer:
    torch.manual_seed(0)
    tokenizer = Tokenizer(SMALL)
    fit_linear(tokenizer, Squares(), 32)
    measure_statistics(tokenizer, Squares(), 32)
    return tokenizer.eval().requires_grad_(False)


@torch.no_grad()
def error(tokenizer: Tokenizer) -> float:
    video = Squares().clips("test")(0, 8, 5).video
    return float((tokenizer.decode(tokenizer.encode(video)) - video).square().mean())


def test_it_draws_far_better_than_the_mean_picture(fitted: Tokenizer) -> None:
    video = Squares().clips("test")(0, 8, 5).video
    assert error(fitted) < 0.25 * float(video.var())


def test_more_components_draw_better(fitted: Tokenizer) -> None:
    poor = Tokenizer(TokenizerConfig(**{**SMALL.__dict__, "latent_channels": 2}))
    fit_linear(poor, Squares(), 32)
    assert error(fitted) < error(poor)


def test_components_keep_their_proportions(fitted: Tokenizer) -> None:
    latents = fitted.encode(Squares().clips("train")(7, 64, 5).video)
    spread = latents.std((0, 1, 3, 4))
    assert latents.std() == pytest.approx(1, abs=0.15)
    assert spread[0] > 1.5 * spread[-1]
    torch.testing.assert_close(spread, fitted.deviations, atol=0.2, rtol=0.25)


def test_training_leaves_a_linear_encoder_as_it_was_fitted(fitted: Tokenizer, tmp_path: Path) -> None:
    stage = TokenizerStage(loop=LoopConfig(steps=2, bf16=False), shapes=((5, 2),), fitted=32, statistics=32)
    assert train_tokenizer(stage, SMALL, Squares(), tmp_path)
    trained = load_tokenizer(SMALL, tmp_path)
    source = recipe().source
    assert cache_key(trained, source, 5) == cache_key(fitted, source, 5)
    assert not torch.equal(trained.decoder.stem.weight, fitted.decoder.stem.weight)


def test_a_large_cell_is_fitted_by_approximation() -> None:
    """The largest components of rows too long for a covariance are those that the rows were made of."""
    torch.manual_seed(0)
    axes = torch.linalg.qr(torch.randn(EXACT + 100, 4))[0]
    deviations = torch.tensor([8.0, 4.0, 2.0, 1.0])
    rows = [torch.randn(100, 4) * deviations @ axes.T + 1e-3 * torch.randn(100, EXACT + 100) for _ in range(3)]
    values, found = principal(rows, 4)
    torch.testing.assert_close(values.sqrt(), deviations, rtol=0.15, atol=0)
    assert torch.linalg.svdvals(axes.T @ found).min() > 0.999


def test_too_few_clips_for_the_components() -> None:
    with pytest.raises(ValueError, match="raise `fitted`"):
        fit_linear(Tokenizer(replace(SMALL, latent_channels=200)), Squares(), 4)
