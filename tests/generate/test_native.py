"""The native model behind the protocol, with weights that know nothing yet."""

from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from rushes.backlot.scene import Actor, Scene
from rushes.backlot.world import World
from rushes.generate.native import Native, load_native
from rushes.generate.protocol import Cancelled, Request, Unsupported
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.tokenizer import Tokenizer
from rushes.model.weights import ModelInfo, TextToVideo, WeightsError, save_weights
from rushes.recipes.tiny import recipe

ASKED = Request(prompt="a red square falls over snow", seconds=0.625, width=32, height=32, fps=8.0, seed=1)


@pytest.fixture(scope="module")
def native(tmp_path_factory: pytest.TempPathFactory) -> Native:
    torch.manual_seed(0)
    tiny, folder = recipe(), tmp_path_factory.mktemp("weights")
    denoiser = ConditionedDenoiser(tiny.denoiser, tiny.full_text())
    with torch.no_grad():
        for p in denoiser.parameters():
            p.add_(0.05 * torch.randn_like(p))
    world = asdict(World(kinds=("fox",), max_cast=1))
    info = ModelInfo(name="tiny", frames=5, fps=8.0, height=32, width=32, steps=3, world=world)
    save_weights(folder, TextToVideo(Tokenizer(tiny.tokenizer), denoiser, info))
    return load_native(folder=folder)


def test_a_clip_follows_from_the_seed_and_the_prompt(native: Native) -> None:
    take = native.generate(ASKED)
    assert take.frames.shape == (5, 32, 32, 3) and take.frames.dtype == np.uint8
    assert take.model == native.capabilities.name and take.parameters["steps"] == 3
    assert np.array_equal(take.frames, native.generate(ASKED).frames)
    for other in (replace(ASKED, seed=2), replace(ASKED, prompt="a blue square rests"), replace(ASKED, guidance=9.0)):
        assert not np.array_equal(take.frames, native.generate(other).frames)


def test_pictures_short_clips_and_first_frames(native: Native) -> None:
    assert native.generate(replace(ASKED, seconds=0)).frames.shape == (1, 32, 32, 3)
    short = native.generate(replace(ASKED, seconds=0.25)).frames
    assert np.array_equal(short, native.generate(ASKED).frames[:2])
    first = native.generate(replace(ASKED, image=np.full((32, 32, 3), 200, np.uint8))).frames
    assert not np.array_equal(first[:2], short)


def test_progress_rises_to_one_and_cancelling_stops(native: Native) -> None:
    shares: list[float] = []
    native.generate(ASKED, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) == 4
    with pytest.raises(Cancelled):
        native.generate(ASKED, cancelled=lambda: True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"prompt": "a red dragon falls"}, "'dragon'"),
        ({"prompt": " "}, "no prompt"),
        ({"width": 64}, "it makes 32x32"),
        ({"seconds": 5.0}, "0.625 s a clip"),
        ({"fps": 24.0}, "it makes 8"),
        ({"steps": 1000}, "choose 1 to 100"),
        ({"image": np.zeros((8, 8, 3), np.uint8)}, "scale it first"),
        ({"scene": Scene(cast=(Actor(kind="cat"),))}, "does not know the kind 'cat'"),
    ],
)
def test_what_it_cannot_do_is_said(native: Native, change: dict[str, object], says: str) -> None:
    with pytest.raises(Unsupported, match=says):
        native.generate(replace(ASKED, **change))  # type: ignore[arg-type]


def test_weights_that_are_not_there() -> None:
    with pytest.raises(WeightsError, match="is missing"):
        load_native("no-such-model")


def test_a_distilled_student_takes_new_noise_at_each_step(native: Native) -> None:
    """Its clips depend on their own seeds alone, and its guidance is built in."""
    info = replace(native.model.info, fresh=True, guidance=1.0)
    student = Native(TextToVideo(native.model.tokenizer, native.model.denoiser, info), "0" * 64)
    take = student.generate(ASKED).frames
    assert np.array_equal(take, student.generate(replace(ASKED, guidance=1.0)).frames)
    assert not np.array_equal(take, native.generate(replace(ASKED, guidance=1.0)).frames)
    alone, beside = student.shoot([ASKED.prompt], 7), student.shoot([ASKED.prompt] * 2, 6)
    torch.testing.assert_close(alone[0], beside[1], atol=0.05, rtol=0.05)
    assert (beside[0] - beside[1]).abs().mean() > 0.01
    with pytest.raises(Unsupported, match="guidance built in"):
        student.generate(replace(ASKED, guidance=3.0))
