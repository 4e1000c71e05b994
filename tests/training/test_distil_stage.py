"""The stage `distil` on squares: who learns from what, that it resumes, that a student nears its teacher."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.timesteps import sigma_schedule
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.tokenizer import TIME, Tokenizer
from rushes.recipes.tiny import recipe
from rushes.training.checkpoint import CheckpointError, load_tensors
from rushes.training.curves import read_log
from rushes.training.denoiser_stage import train_denoiser
from rushes.training.distil_stage import Distillation, DistilStage, distil_objective, fields, train_distil
from rushes.training.latents import LatentBatch, Latents, cache_key, write_latents
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig

TINY = recipe()
TEXT = TINY.full_text()
LOOP = LoopConfig(
    steps=4, bf16=False, ema=0.8, log_every=1, optimiser=OptimiserConfig(lr=1e-3, muon=0.0, warmup=1, decay=0.0)
)
STAGE = DistilStage(loop=LOOP, shapes=((5, 4),), steps=2, teacher_steps=2, guidance=2.0, first=0.5, block=2, shown=2)
ALL = replace(STAGE, fresh=True, consistency=1.0, matching=0.5, adversarial=0.1)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return Tokenizer(TINY.tokenizer).eval()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tokenizer: Tokenizer) -> Path:
    """Latents, and a stage `video` that learned them a little."""
    path = tmp_path_factory.mktemp("tiny")
    write_latents(tokenizer, TINY.source, path / "latents" / "5", frames=5, clips=128)
    stage = replace(TINY.video_stage, loop=replace(TINY.video_stage.loop, steps=50), shapes=((5, 16),), shown=2)
    assert train_denoiser(
        stage, TINY.denoiser, TEXT, tokenizer, TINY.source, path / "latents", path / "video", start=None
    )
    return path


def run(stage: DistilStage, folder: Path, out: Path, tokenizer: Tokenizer) -> bool:
    return train_distil(stage, TINY.denoiser, TEXT, tokenizer, TINY.source, folder / "latents", folder / "video", out)


def teacher_of(folder: Path) -> ConditionedDenoiser:
    teacher = ConditionedDenoiser(TINY.denoiser, TEXT)
    teacher.load_state_dict(load_tensors(folder / "video" / "checkpoint.safetensors", "ema."))
    return teacher.eval().requires_grad_(False)


def clips_of(folder: Path, tokenizer: Tokenizer, count: int = 4) -> LatentBatch:
    return Latents(folder / "latents" / "5", cache_key(tokenizer, TINY.source, 5)).batch(0, count)


def beginning(stage: DistilStage, teacher: ConditionedDenoiser) -> Distillation:
    module = Distillation(stage, TINY.denoiser, TEXT)
    for part in (module.student, module.critic):
        if part is not None:
            part.load_state_dict(teacher.state_dict())
    return module


@pytest.mark.parametrize(
    "weights",
    [
        {"trajectory": 1.0},
        {"consistency": 1.0},
        {"consistency": 1.0, "difference": None},
        {"matching": 1.0},
        {"adversarial": 1.0},
        {"trajectory": 1.0, "consistency": 1.0, "matching": 0.5, "adversarial": 0.1},
    ],
)
def test_each_loss_alone_and_all_together(
    weights: dict[str, Any], folder: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    stage = replace(STAGE, **{"trajectory": 0.0, "fresh": True} | weights)
    assert run(stage, folder, tmp_path, tokenizer)
    rows = read_log(tmp_path / "log.jsonl")
    for name in weights.keys() - {"difference"}:
        assert all(torch.isfinite(torch.tensor(row[name])) for row in rows if name in row) and name in rows[-1]
    checkpoint = tmp_path / "checkpoint.safetensors"
    before = load_tensors(folder / "video" / "checkpoint.safetensors", "ema.")
    student, critic = (load_tensors(checkpoint, f"ema.{part}.") for part in ("student", "critic"))
    ConditionedDenoiser(TINY.denoiser, TEXT).load_state_dict(student)
    assert not torch.equal(student["denoiser.out.weight"], before["denoiser.out.weight"])
    assert bool(critic) == ("matching" in weights)
    assert bool(load_tensors(checkpoint, "ema.discriminator.")) == ("adversarial" in weights)
    assert (tmp_path / "samples.png").exists()


def test_resumed_is_bit_for_bit_the_uninterrupted_run(folder: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    assert run(ALL, folder, tmp_path / "whole", tokenizer)
    half = replace(ALL, loop=replace(LOOP, steps=3))  # between two steps of the student; its rate does not fall
    assert run(half, folder, tmp_path / "parts", tokenizer)
    assert run(ALL, folder, tmp_path / "parts", tokenizer)
    whole, parts = (load_tensors(tmp_path / name / "checkpoint.safetensors", "") for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    for name, value in whole.items():
        assert torch.equal(value, parts[name]), name


def gradients(module: Distillation, part: str) -> list[bool]:
    return [
        p.grad is not None and bool((p.grad != 0).any()) for n, p in module.named_parameters() if n.startswith(part)
    ]


@pytest.mark.parametrize("bf16", [False, True])
def test_who_learns_in_which_step(bf16: bool, folder: Path, tokenizer: Tokenizer) -> None:
    teacher, clips = teacher_of(folder), clips_of(folder, tokenizer)
    objective = distil_objective(replace(ALL, critic_updates=2), teacher, TIME / TINY.source.fps)
    for number, teaches in ((0, False), (1, True)):
        module = beginning(ALL, teacher)
        with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            objective(module, (number, clips), torch.Generator().manual_seed(0))["loss"].backward()
        assert sum(gradients(module, "student.")) == (len(gradients(module, "student.")) if teaches else 0)
        assert all(gradients(module, "critic.")) and all(gradients(module, "discriminator.hidden."))


def test_the_students_loss_does_not_move_its_judges(folder: Path, tokenizer: Tokenizer) -> None:
    teacher, clips = teacher_of(folder), clips_of(folder, tokenizer)
    module = beginning(ALL, teacher)
    own = fields(ALL, module, teacher, clips, TIME / TINY.source.fps, torch.zeros(4))
    drawn = clips.latents.clone().requires_grad_()
    own.opinion(drawn, torch.randn_like(drawn), torch.full((4,), 0.3)).sum().backward()
    assert drawn.grad is not None and float(drawn.grad.abs().max()) > 0
    assert not any(gradients(module, ""))


def test_the_distribution_losses_reach_every_weight_of_a_fresh_student(folder: Path, tokenizer: Tokenizer) -> None:
    """Whichever step is judged, those before it are without a gradient, and casts to bfloat16 are not mixed up."""
    teacher, clips = teacher_of(folder), clips_of(folder, tokenizer)
    stage = replace(ALL, trajectory=0.0, consistency=0.0, adversarial=0.0, steps=4, critic_updates=1)
    for seed in range(4):
        module = beginning(stage, teacher)
        torch.nn.init.normal_(module.critic.denoiser.out.weight, std=0.1)  # type: ignore[union-attr]
        objective = distil_objective(stage, teacher, TIME / TINY.source.fps)
        with torch.autocast("cpu", torch.bfloat16):
            objective(module, (0, clips), torch.Generator().manual_seed(seed))["loss"].backward()
        assert all(gradients(module, "student."))


@torch.no_grad()
def error(model: ConditionedDenoiser, wanted: Tensor, captions: list[str], stage: DistilStage) -> float:
    """Of straight steps without guidance from the teacher's noise, against the teacher's clips."""
    text = model.encode(captions)
    x = seeded_noise(tuple(wanted.shape), 5)
    levels = sigma_schedule(stage.steps, stage.shift).tolist()
    for now, then in pairwise(levels):
        x = x + (then - now) * model(x, torch.full((len(x),), now), text, seconds=TIME / TINY.source.fps)
    return float((x - wanted).square().mean())


def test_a_student_of_two_steps_nears_its_guided_teacher(folder: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    teacher = teacher_of(folder)
    captions = clips_of(folder, tokenizer, 16).captions
    texts, none = teacher.encode(captions), teacher.encode([""] * 16)
    config = SampleConfig(steps=16, shift=STAGE.shift, guidance=Guidance(scale=STAGE.guidance))
    shape = tuple(clips_of(folder, tokenizer, 16).latents.shape)
    wanted = sample_latents(
        lambda x, s, text: teacher(x, s, text, seconds=TIME / TINY.source.fps),
        texts,
        none,
        seeded_noise(shape, 5),
        config,
    )
    stage = replace(STAGE, loop=replace(LOOP, steps=40, ema=0.9), shapes=((5, 8),), teacher_steps=4, first=0.0)
    assert run(stage, folder, tmp_path, tokenizer)
    student = ConditionedDenoiser(TINY.denoiser, TEXT)
    student.load_state_dict(load_tensors(tmp_path / "checkpoint.safetensors", "ema.student."))
    assert error(student, wanted, captions, stage) < 0.5 * error(teacher, wanted, captions, stage)


def test_settings_and_folders_that_cannot_be_used(folder: Path, tokenizer: Tokenizer, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="teach nothing"):
        replace(STAGE, trajectory=0.0)
    with pytest.raises(ValueError, match="1 or more"):
        replace(STAGE, steps=0)
    with pytest.raises(ValueError, match="3 blocks"):
        run(replace(STAGE, block=4), folder, tmp_path, tokenizer)
    with pytest.raises(CheckpointError, match="train the stage 'image' first"):
        train_distil(STAGE, TINY.denoiser, TEXT, tokenizer, TINY.source, folder / "latents", folder / "image", tmp_path)
