"""Runs for the doctor to examine: `tiny` with small caches, trained once in a session."""

from __future__ import annotations

import contextlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from rushes.recipes import tiny
from rushes.training.doctor import Finding, Patient
from rushes.training.doctor.report import CHECKS, diagnose, found_of
from rushes.training.recipe import Recipe, export
from rushes.training.run import run_stage

BY_NAME = {check.__name__.replace("_", " "): check for check in CHECKS}


def recipe(*, seed: int = 0, image: int = 80, video: int = 80, **source: Any) -> Recipe:
    """`tiny` with stages of so many steps and caches of 256 clips, all from another seed."""
    made = tiny.recipe()
    stages = {
        name: replace(stage, loop=replace(stage.loop, steps=steps, seed=seed))
        for name, stage, steps in (
            ("tokenizer_stage", made.tokenizer_stage, 60),
            ("image_stage", made.image_stage, image),
            ("video_stage", made.video_stage, video),
        )
    }
    return replace(
        made,
        source=replace(made.source, seed=seed, **source),  # type: ignore[type-var]
        cached=((1, 256), (made.source.frames, 256)),
        **stages,  # type: ignore[arg-type]
    )


def train(wanted: Recipe, folder: Path) -> None:
    """Every stage of a recipe."""
    torch.set_num_threads(1)
    with contextlib.redirect_stdout(io.StringIO()):
        for stage in ("tokenizer", "latents", "image", "video"):
            run_stage(wanted, stage, folder)
        export(wanted, folder, folder / "weights")


def ask(patient: Patient, check: str) -> Finding:
    """One check by its name."""
    return diagnose(patient, [BY_NAME[check]])[0]


def told(patient: Patient) -> list[str]:
    """What all checks found, with what was measured."""
    findings = diagnose(patient)
    names = found_of(findings)
    return [f"{finding.check}: {finding.measured}" for finding in findings if finding.check in names]
