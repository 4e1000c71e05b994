"""Exact evaluation: what a model drew against what was asked, on scenes whose combinations it never saw.

The read-out names what each clip shows and, where it has a localiser, where everything is in every frame. Its own
error on the true clips of the same scenes stands beside every figure, and so does its error on those clips sent
through the model's tokenizer: no denoiser could do better. Every figure has a 95% interval.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.captions import dense_caption
from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.world import World, draw_scene
from rushes.model.readout import ReadOut
from rushes.training.detail import detail
from rushes.training.figures import Mean, Share
from rushes.training.frechet import distances
from rushes.training.paths import UNITS, measure, named, overall
from rushes.training.questions import UNASKED, answer_indices
from rushes.training.readout_stage import TEST_SEEDS
from rushes.training.samples import draw_sheet

Shoot = Callable[[list[str], int], Tensor]  # prompts and a seed to clips (B, T, 3, H, W) in [-1, 1]
Reading = tuple[dict[str, bool], dict[str, list[float]]]  # of one clip: which answers are right, and its measures
WHICH = ("drawn", "true", "redrawn")  # by the model; true clips of the same scenes; those through the tokenizer
KEPT = 6  # best and worst clips kept for the page


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A clip for the page."""

    prompt: str
    score: float  # 0 to 1
    wrong: tuple[str, ...]  # in words, what falls short
    drawn: np.ndarray  # (T, H, W, 3) uint8
    true: np.ndarray  # the same of its scene


@dataclass(frozen=True, kw_only=True)
class Scores:
    drawn: dict[str, Share]  # question -> what the model drew, as the read-out names it
    true: dict[str, Share]  # the same read-out on the true clips of the same scenes
    redrawn: dict[str, Share]  # the same on the true clips through the tokenizer and back
    measures: dict[str, dict[str, Mean]] = field(default_factory=dict)  # of each of WHICH: measure -> mean
    frechet: dict[str, float] = field(default_factory=dict)  # each of WHICH -> distance to other true clips
    prompts: list[str] = field(default_factory=list)
    best: list[Kept] = field(default_factory=list)  # best first
    worst: list[Kept] = field(default_factory=list)  # worst first

    def rows(self) -> list[tuple[str, str, dict[str, Share] | dict[str, Mean]]]:
        """(name, unit, figure of each of WHICH) of everything that was asked: shares first, then measures."""
        shares = {"drawn": self.drawn, "true": self.true, "redrawn": self.redrawn}
        asked = [(name, "%", {which: shares[which][name] for which in WHICH}) for name, s in self.drawn.items() if s.of]
        read = self.measures.get("true", {})
        empty = Mean(())
        return asked + [
            (name, unit, {which: self.measures[which].get(name, empty) for which in WHICH})
            for name, unit in UNITS.items()
            if name in read
        ]

    def to_json(self) -> str:
        """Shares from 0 to 1, measures in their units."""
        figures: dict[str, Any] = {"questions": {}, "measures": {}}
        for name, unit, figure in self.rows():
            share = isinstance(figure["drawn"], Share)
            row: dict[str, Any] = {} if share else {"unit": unit}
            row |= {"drawn": _number(figure["drawn"].value)}
            row |= {"interval_95": [_number(end) for end in figure["drawn"].interval()], "of": figure["drawn"].of}
            row |= {"read_out_on_true_clips": _number(figure["true"].value)}
            row |= {"read_out_through_the_tokenizer": _number(figure["redrawn"].value)}
            figures["questions" if share else "measures"][name] = row
        figures["frechet_in_read_out_features"] = {name: _number(value) for name, value in self.frechet.items()}
        return json.dumps({"prompts": len(self.prompts), **figures}, indent=1)


def _number(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None  # JSON has no NaN


def held_out_scenes(world: World, count: int, first: int = 0) -> list[Scene]:
    """`count` scenes of the evaluation: held-out combinations, the same on every machine."""
    return [draw_scene(world, TEST_SEEDS + first + number, held=True) for number in range(count)]


class _Tally:
    """What the read-out says of clips of one kind."""

    def __init__(self, readout: ReadOut) -> None:
        self.readout = readout
        self.shares: dict[str, list[int]] = {name: [0, 0] for name, _ in readout.config.answers}
        self.measured: dict[str, list[float]] = {}
        self.features: list[np.ndarray] = []

    def add(
        self, video: Tensor, scenes: list[Scene], fps: float
    ) -> list[tuple[dict[str, bool], dict[str, list[float]]]]:
        """Reads a batch of clips; for each: which answers are right, and its measures."""
        config = self.readout.config
        video = video.to(next(self.readout.parameters()).device)
        features, _ = self.readout.read(self.readout.prepare(video))
        self.features.append(features.float().cpu().numpy())
        said = {
            name: named(logits.float().log_softmax(-1).cpu().numpy(), config.sure if name.startswith("kind") else 0.0)
            for name, logits in self.readout.answer(features).items()
        }
        answers = answer_indices(scenes, config).tolist()
        located = self.readout.locate(self.readout.shrink(video)) if config.places else None
        rows = []
        for clip, scene in enumerate(scenes):
            asked = zip((name for name, _ in config.answers), answers[clip], strict=True)
            right = {name: bool(said[name][clip] == index) for name, index in asked if index != UNASKED}
            for name, is_right in right.items():
                self.shares[name][0] += is_right
                self.shares[name][1] += 1
            height, width = video.shape[-2:]
            measured = measure(located, clip, scene, config, fps, width, height) if located is not None else {}
            for name, values in measured.items():
                self.measured.setdefault(name, []).extend(values)
            rows.append((right, measured))
        return rows


@torch.no_grad()
def evaluate(
    shoot: Shoot,
    redraw: Callable[[Tensor], Tensor],
    readout: ReadOut,
    world: World,
    *,
    fps: float,
    count: int = 200,
    batch: int = 25,
    seed: int = 0,
    sheet: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Scores:
    """Scores a model on `count` held-out prompts. `sheet`, if given, gets drawn beside true clips of the first ones.

    `redraw` sends clips (B, T, 3, H, W) through the model's tokenizer and back. `seed` is that of the first clip.
    """
    scenes = held_out_scenes(world, count)
    prompts = [dense_caption(scene) for scene in scenes]
    tallies = {which: _Tally(readout) for which in (*WHICH, "other")}
    others = held_out_scenes(world, count, first=1 << 32)
    rows: list[tuple[str, Tensor]] = []
    best: list[Kept] = []
    worst: list[Kept] = []
    for start in range(0, count, batch):
        part = scenes[start : start + batch]
        drawn = shoot(prompts[start : start + batch], seed + start)
        size: dict[str, Any] = {"fps": fps, "width": drawn.shape[-1], "height": drawn.shape[-2], "device": drawn.device}
        true = render(part, **size)
        videos = {"drawn": drawn, "true": true, "redrawn": redraw(true)}
        readings = {which: tallies[which].add(video, part, fps) for which, video in videos.items()}
        for which, video in videos.items():
            for i, scene in enumerate(part):
                pairs = zip(detail(video[i], scene, fps), detail(true[i], scene, fps), strict=True)
                left = [100 * has / should for has, should in pairs if should > 0]
                readings[which][i][1]["detail"] = left
                tallies[which].measured.setdefault("detail", []).extend(left)
        tallies["other"].add(render(others[start : start + batch], **size), others[start : start + batch], fps)
        kept = [
            Kept(
                prompt=prompts[start + i],
                score=overall(right, measured),
                wrong=tuple(_complaints(right, measured)),
                drawn=_pixels(drawn[i]),
                true=_pixels(true[i]),
            )
            for i, (right, measured) in enumerate(readings["drawn"])
        ]
        best = sorted([*best, *kept], key=lambda clip: -clip.score)[:KEPT]
        worst = sorted([*worst, *kept], key=lambda clip: clip.score)[:KEPT]
        if progress is not None:
            progress(start + len(part))
        if start == 0:
            for index in range(min(12, len(part))):
                rows += [(prompts[index], drawn[index]), ("true", true[index])]
    if sheet is not None:
        draw_sheet(rows, sheet, columns=6)
    shares = {
        which: {name: Share(right=r, of=n) for name, (r, n) in tally.shares.items()} for which, tally in tallies.items()
    }
    features = {which: np.concatenate(tally.features) for which, tally in tallies.items()}
    return Scores(
        drawn=shares["drawn"],
        true=shares["true"],
        redrawn=shares["redrawn"],
        measures={
            which: {name: Mean(tuple(values)) for name, values in tallies[which].measured.items()} for which in WHICH
        },
        frechet=distances({which: features[which] for which in WHICH}, features["other"]),
        prompts=prompts,
        best=best,
        worst=worst,
    )


def _complaints(right: dict[str, bool], measured: dict[str, list[float]]) -> list[str]:
    """What falls short in a clip, in words."""
    said = [f"{name} wrong" for name, is_right in right.items() if not is_right]
    if "position" in measured and np.mean(measured["position"]) > 6:
        said.append(f"{np.mean(measured['position']):.0f}% of the width away")
    if "kind in each frame" in measured and np.mean(measured["kind in each frame"]) < 90:
        said.append(f"its kind is read in {np.mean(measured['kind in each frame']):.0f}% of the frames")
    if "detail" in measured and np.mean(measured["detail"]) < 40:
        said.append(f"{np.mean(measured['detail']):.0f}% of the detail")
    return said


def _pixels(clip: Tensor) -> np.ndarray:
    """(T, 3, H, W) in [-1, 1] to (T, H, W, 3) uint8."""
    scaled = ((clip.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    pixels: np.ndarray = scaled.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return pixels
