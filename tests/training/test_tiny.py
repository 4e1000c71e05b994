"""The recipe `tiny` through all its stages, to weights that draw."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.model.weights import TextToVideo, WeightsError, load_weights, save_weights
from rushes.recipes.tiny import recipe
from rushes.training.checkpoint import CheckpointError
from rushes.training.curves import read_log
from rushes.training.latents import cache_key
from rushes.training.recipe import export
from rushes.training.run import cache_latents, find_recipe, main, run_stage
from rushes.training.tokenizer_stage import load_tokenizer

TINY = replace(recipe(), cached=((1, 128), (5, 128)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    torch.set_num_threads(1)
    assert run_stage(TINY, "tokenizer", path, steps=80)
    cache_latents(TINY, path)
    assert run_stage(TINY, "image", path, steps=30)
    assert run_stage(TINY, "video", path, steps=30)
    assert run_stage(TINY, "decoder", path, steps=100)
    export(TINY, path, path / "weights")
    return path


@pytest.fixture
def weights(folder: Path, tmp_path: Path) -> Path:
    for name in ("model.safetensors", "config.json"):
        (tmp_path / name).write_bytes((folder / "weights" / name).read_bytes())
    return tmp_path


def test_every_stage_learns_and_leaves_pictures(folder: Path) -> None:
    for stage in ("tokenizer", "image", "video"):
        losses = [row["loss"] for row in read_log(folder / stage / "log.jsonl")]
        assert losses[-1] < losses[0], stage
        assert (folder / stage / "curve.png").exists() and (folder / stage / "samples.png").exists()


def test_video_begins_with_what_images_taught(folder: Path) -> None:
    losses = {s: read_log(folder / s / "log.jsonl")[0]["loss"] for s in ("image", "video")}
    assert losses["video"] < losses["image"]


def test_latents_are_normalised(folder: Path) -> None:
    tokenizer = load_tokenizer(TINY.tokenizer, folder / "tokenizer")
    with torch.no_grad():
        video = TINY.source.clips("train")(77, 32, 5).video
        latents = tokenizer.encode(tokenizer.shrink(video))
    assert latents.mean((0, 1, 3, 4)).abs().max() < 0.3
    assert ((latents.std((0, 1, 3, 4)) - 1).abs() < 0.3).all()


def test_a_decoder_trained_on_keeps_the_latents(folder: Path) -> None:
    first, further = (load_tokenizer(TINY.tokenizer, folder / name) for name in ("tokenizer", "decoder"))
    assert cache_key(first, TINY.source, 5) == cache_key(further, TINY.source, 5)
    with torch.no_grad():
        video = TINY.source.clips("test")(3, 16, 5).video
        latents = first.encode(video)
        assert torch.equal(latents, further.encode(video))
        errors = [(each.decode(latents) - video).abs().mean() for each in (first, further)]
    assert errors[1] < errors[0]


def test_a_stage_needs_the_one_before(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "tokenizer").symlink_to(folder / "tokenizer")
    (tmp_path / "latents").symlink_to(folder / "latents")
    with pytest.raises(CheckpointError, match="train the stage 'image' first"):
        run_stage(TINY, "video", tmp_path, steps=1)


def test_loaded_weights_draw_what_was_exported(weights: Path, folder: Path) -> None:
    model = load_weights(weights)
    assert model.info.name == "tiny" and model.info.frames == 5 and model.info.image_to_video

    def draw() -> torch.Tensor:
        noise = seeded_noise(model.noise_shape(5), 3)
        with torch.no_grad():
            text, none = model.denoiser.encode(["a red square falls over snow"]), model.denoiser.encode([""])
            network = lambda x, s, c: model.denoiser(x, s, c, seconds=model.latent_seconds)  # noqa: E731
            return model.tokenizer.decode(sample_latents(network, text, none, noise, SampleConfig(steps=4)))

    video = draw()
    assert video.shape == (1, 5, 3, 32, 32)
    assert torch.isfinite(video).all() and torch.equal(video, draw())
    again = weights / "again"
    save_weights(again, model)
    same = load_weights(again).state_dict().values()
    assert all(torch.equal(value, loaded) for value, loaded in zip(model.state_dict().values(), same, strict=True))


def edit(weights: Path, **changes: object) -> None:
    config = json.loads((weights / "config.json").read_text())
    (weights / "config.json").write_text(json.dumps(config | changes))


def replace_tensors(weights: Path, model: TextToVideo | None = None, **tensors: torch.Tensor) -> None:
    """Other tensors under a true sha256, as an export gone wrong would leave them."""
    import hashlib

    path = weights / "model.safetensors"
    save_file(load_file(path) | tensors, path)
    edit(weights, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_truncated_file(weights: Path) -> None:
    path = weights / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(WeightsError, match="damaged"):
        load_weights(weights)


def test_another_version(weights: Path) -> None:
    edit(weights, format=99)
    with pytest.raises(WeightsError, match="format 99, this version reads 1"):
        load_weights(weights)


def test_a_tensor_of_another_shape(weights: Path) -> None:
    replace_tensors(weights, **{"denoiser.denoiser.text.bias": torch.zeros(3)})
    with pytest.raises(WeightsError, match=r"denoiser.denoiser.text.bias is \(3,\)"):
        load_weights(weights)


def test_a_tensor_too_many(weights: Path) -> None:
    replace_tensors(weights, stranger=torch.zeros(3))
    with pytest.raises(WeightsError, match="stranger"):
        load_weights(weights)


def test_nan(weights: Path) -> None:
    broken = load_file(weights / "model.safetensors")["denoiser.denoiser.text.bias"].fill_(torch.nan)
    replace_tensors(weights, **{"denoiser.denoiser.text.bias": broken})
    with pytest.raises(WeightsError, match="NaN"):
        load_weights(weights)


def test_a_pickle(weights: Path) -> None:
    import hashlib

    path = weights / "model.safetensors"
    torch.save({"x": torch.zeros(1)}, path)
    edit(weights, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    with pytest.raises(WeightsError, match="no safetensors file"):
        load_weights(weights)


@pytest.mark.parametrize("text", ["", "[]", "\x00\x01", "{"])
def test_a_config_that_is_none(weights: Path, text: str) -> None:
    (weights / "config.json").write_text(text)
    with pytest.raises(WeightsError):
        load_weights(weights)


def test_a_config_that_lacks_or_invents(weights: Path) -> None:
    edit(weights, denoiser={"depth": 3})
    with pytest.raises(WeightsError, match="describes no model"):
        load_weights(weights)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="is missing"):
        load_weights(tmp_path)


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path)]
    assert main(["tiny", "--stage", "tokenizer", "--steps", "2", *out]) == 0
    assert main(["tiny", "--stage", "image", "--steps", "2", *out]) == 2
    assert "run the stage `latents` first" in capsys.readouterr().err
    assert main(["nothing", "--stage", "image", *out]) == 2
    assert "there is no recipe 'nothing'" in capsys.readouterr().err
    assert find_recipe("rushes.recipes.tiny").name == "tiny"
