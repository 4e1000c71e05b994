"""The doctor finds every planted bug, and nothing on clean runs."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from sick_runs import BY_NAME, ask, recipe, told, train

from rushes.backlot.world import NANO, draw_scene
from rushes.cli import app
from rushes.diffusion.guidance import Guidance
from rushes.training.backlot_data import BacklotClips
from rushes.training.denoiser_stage import train_denoiser
from rushes.training.doctor import Patient, diagnose, open_patient
from rushes.training.doctor.finding import State
from rushes.training.doctor.planted import PLANTS, plant
from rushes.training.doctor.statistics import explained, kolmogorov, paired, share
from rushes.training.readout_stage import ReadOutStage
from rushes.training.recipe import Recipe
from rushes.training.tokenizer_stage import load_tokenizer

CLEAN = recipe()


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    train(CLEAN, folder)
    return folder


def test_nothing_is_found_on_a_clean_run(clean: Path) -> None:
    findings = diagnose(open_patient(CLEAN, clean))
    assert [finding.check for finding in findings] == list(BY_NAME)
    assert [finding for finding in findings if finding.state is State.found] == []
    skipped = [finding.check for finding in findings if finding.state is State.skipped]
    assert len(skipped) <= 3, skipped  # of so short a training


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_bug_is_found(clean: Path, name: str) -> None:
    patient = open_patient(CLEAN, clean)
    planted = plant(patient, name)
    finding = ask(patient, planted.finds)
    assert finding.state is State.found, finding
    assert finding.means and finding.remedy
    assert "broke off" not in finding.measured, finding.measured


def test_there_are_enough_plants() -> None:
    assert len(PLANTS) >= 60
    assert {planted.finds for planted in PLANTS.values()} <= set(BY_NAME)
    assert all(planted.about.endswith(".") for planted in PLANTS.values())
    unplanted = set(BY_NAME) - {planted.finds for planted in PLANTS.values()}
    assert unplanted <= {"shapes fit", "frames have an order", "average draws no worse", "other stages are sound"}


def test_an_unknown_plant(clean: Path) -> None:
    with pytest.raises(ValueError, match="choose one of"):
        plant(open_patient(CLEAN, clean), "nothing")


def test_no_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="train it first"):
        open_patient(CLEAN, tmp_path)


def test_a_run_that_has_only_a_tokenizer(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "tokenizer").symlink_to(clean / "tokenizer")
    findings = diagnose(open_patient(CLEAN, tmp_path))
    assert not [finding for finding in findings if finding.state is State.found]
    assert sum(finding.state is State.skipped for finding in findings) > 20


@pytest.mark.parametrize(("spoilt", "means"), [("nan", "diverged"), ("copy", "a copy")])
def test_stages_beside_the_denoiser_are_examined(clean: Path, tmp_path: Path, spoilt: str, means: str) -> None:
    shutil.copytree(clean / "tokenizer", tmp_path / "tokenizer")
    path = tmp_path / "tokenizer" / "checkpoint.safetensors"
    with safe_open(path, framework="pt") as file:
        tensors, metadata = {name: file.get_tensor(name) for name in file.keys()}, file.metadata()
    assert ask(open_patient(CLEAN, tmp_path), "other stages are sound").state is State.ok
    for name in [name for name in tensors if name.startswith("model.")]:
        if spoilt == "copy":
            tensors[name.replace("model.", "ema.")] = tensors[name].clone()
        elif name.endswith("bias"):
            tensors[name][0] = float("nan")
    save_file(tensors, path, metadata=metadata)
    finding = ask(open_patient(CLEAN, tmp_path), "other stages are sound")
    assert finding.state is State.found and means in finding.means


def test_a_read_out_that_saw_the_test_is_found(clean: Path) -> None:
    world = replace(NANO, kinds=("fox", "boat"))
    source = BacklotClips(world=world, height=32, width=56, frames=5)
    patient = open_patient(CLEAN, clean)
    patient.recipe = replace(CLEAN, source=source, readout_stage=ReadOutStage())
    assert ask(patient, "parts are apart").state is State.ok
    patient.readout_scenes = lambda stage, world: [draw_scene(world, seed, held=True) for seed in range(stage.clips)]
    finding = ask(patient, "parts are apart")
    assert finding.state is State.found and "256 of the read-out's" in finding.measured


def test_checks_leave_no_trace(clean: Path) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    before = {path: path.stat().st_mtime_ns for path in clean.rglob("*")}
    torch.manual_seed(7)
    patient = open_patient(CLEAN, clean)
    torch.manual_seed(7)
    first, again = (ask(patient, "noise is normal") for _ in range(2))
    assert first == again
    assert torch.equal(torch.rand(3), expected)
    assert before == {path: path.stat().st_mtime_ns for path in clean.rglob("*")}


def test_the_command(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        app(["doctor", "tiny", "--out", str(clean), "--plant", "guidance-swapped", "--json"])
    assert ended.value.code == 1
    findings = json.loads(capsys.readouterr().out)
    assert [one["check"] for one in findings if one["state"] == "found"] == ["guidance points away"]


# Statistics


def test_independent_things_explain_nothing() -> None:
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randn(128, 10, generator=generator), torch.randn(128, 6, generator=generator)
    value, sigmas = explained(x, y)
    assert value < 0.05 and abs(sigmas) < 4
    value, sigmas = explained(x, x[:, :6] + y)
    assert value > 0.3 and sigmas > 10


def test_deviations_are_normal() -> None:
    generator = torch.Generator().manual_seed(0)
    draws = torch.tensor([paired(*torch.randn(2, 64, generator=generator)) for _ in range(400)])
    assert 0.9 < float(draws.std()) < 1.1 and abs(float(draws.mean())) < 0.2
    counts = torch.binomial(torch.full((400,), 200.0), torch.full((400,), 0.1), generator=generator)
    assert 0.9 < float(torch.tensor([share(int(c), 200, 0.1) for c in counts]).std()) < 1.1
    gaps = [kolmogorov(torch.rand(200, generator=generator), torch.rand(4000, generator=generator)) for _ in range(100)]
    assert max(gaps) < 2.2  # exceeded once in 10,000


# Longer


CONFIGURATIONS: dict[str, Recipe] = {
    "seed 1": recipe(seed=1),
    "wide and unguided": replace(
        recipe(seed=2, height=32, width=48),
        video_stage=replace(
            (stage := recipe(seed=2).video_stage), sample=replace(stage.sample, guidance=Guidance(scale=1.0)), first=0.0
        ),
    ),
    "shifted, as nano": replace(
        recipe(seed=3),
        video_stage=replace(
            (shifted := recipe(seed=3).video_stage),
            shapes=((5, 16),),
            moments=32,
            shift=2.0,
            sample=replace(shifted.sample, shift=2.0, method="heun"),
            loop=replace(shifted.loop, bf16=True),
        ),
    ),
    "a linear encoder": replace(
        (linear := recipe(seed=4)),
        tokenizer=replace(linear.tokenizer, linear_encoder=True),
        text=replace(linear.text, layers=0),
    ),
    "little training": recipe(seed=5, image=12, video=12),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_nothing_is_found_on_other_clean_runs(name: str, tmp_path: Path) -> None:
    train(CONFIGURATIONS[name], tmp_path)
    assert told(open_patient(CONFIGURATIONS[name], tmp_path)) == []


def spoilt(name: str, wanted: Recipe, folder: Path) -> None:
    """Train with a bug in the data or the settings, not only planted into what is examined."""
    changed = wanted
    if name == "captions-of-other-clips":
        healthy = Patient(recipe=wanted, folder=folder)
        plant(healthy, name)
        changed = healthy.recipe
    elif name == "captions-all-dropped":
        changed = replace(
            wanted,
            image_stage=replace(wanted.image_stage, dropout=1.0),
            video_stage=replace(wanted.video_stage, dropout=1.0),
        )
    elif name == "learned-nothing":
        still = replace(wanted.video_stage.loop.optimiser, lr=1e-12, muon=1e-12)
        changed = replace(
            wanted,
            image_stage=replace(wanted.image_stage, loop=replace(wanted.image_stage.loop, optimiser=still)),
            video_stage=replace(wanted.video_stage, loop=replace(wanted.video_stage.loop, optimiser=still)),
        )
    train(changed, folder)
    if name == "video-from-nothing":
        shutil.rmtree(folder / "video")
        with contextlib.redirect_stdout(io.StringIO()):
            train_denoiser(
                wanted.video_stage,
                wanted.denoiser,
                wanted.full_text(),
                load_tokenizer(wanted.tokenizer, folder / "tokenizer"),
                wanted.source,
                folder / "latents",
                folder / "video",
            )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "checks"),
    [
        ("captions-of-other-clips", {"text is heard", "caches are fresh"}),
        ("captions-all-dropped", {"text is heard"}),
        ("video-from-nothing", {"start is inherited"}),
        ("learned-nothing", {"it learned", "rate is not restarted"}),
    ],
)
def test_a_bug_that_was_trained_with_is_found(name: str, checks: set[str], tmp_path: Path) -> None:
    spoilt(name, CLEAN, tmp_path)
    found = [finding.check for finding in diagnose(open_patient(CLEAN, tmp_path)) if finding.state is State.found]
    assert checks <= set(found), found
