"""Exact evaluation: what a model drew against what was asked, on scenes whose combinations it never saw.

The read-out names what each clip shows. Its own accuracy on the true clips of the same scenes stands beside every
score, and so does its accuracy on those clips sent through the model's tokenizer: no denoiser could do better. Every
share comes with a 95% Wilson interval.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from rushes.backlot.captions import dense_caption
from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.world import TRAVELS, World, draw_scene
from rushes.model.readout import ReadOut
from rushes.training.readout_stage import TEST_SEEDS, answer_indices, truth
from rushes.training.samples import draw_sheet

Shoot = Callable[[list[str], int], Tensor]  # prompts and a seed to clips (B, T, 3, H, W) in [-1, 1]


@dataclass(frozen=True, kw_only=True)
class Share:
    """How often an answer was right."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else math.nan

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson score interval, 95% by default (doi:10.1080/01621459.1927.10502953)."""
        if not self.of:
            return (0.0, 1.0)
        p, n = self.value, self.of
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, kw_only=True)
class Scores:
    drawn: dict[str, Share]  # question -> what the model drew, as the read-out names it
    true: dict[str, Share]  # the same read-out on the true clips of the same scenes
    redrawn: dict[str, Share]  # the same on the true clips through the tokenizer and back
    prompts: list[str] = field(default_factory=list)

    def to_json(self) -> str:
        rows = {
            name: {
                "drawn": round(share.value, 4),
                "interval_95": [round(end, 4) for end in share.interval()],
                "read_out_on_true_clips": round(self.true[name].value, 4),
                "read_out_through_the_tokenizer": round(self.redrawn[name].value, 4),
                **asdict(share),
            }
            for name, share in self.drawn.items()
            if share.of  # a question that no scene asks has no score
        }
        return json.dumps(rows, indent=1)


def held_out_scenes(world: World, count: int) -> list[Scene]:
    """The first `count` scenes of the evaluation: held-out combinations, the same on every machine."""
    return [draw_scene(world, TEST_SEEDS + number, held=True) for number in range(count)]


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

    `redraw` sends clips (B, T, 3, H, W) through the model's tokenizer and back.
    """
    scenes = held_out_scenes(world, count)
    prompts = [dense_caption(scene) for scene in scenes]
    tallies: dict[str, dict[str, list[int]]] = {which: {} for which in ("drawn", "true", "redrawn")}
    rows: list[tuple[str, Tensor]] = []
    for start in range(0, count, batch):
        part = scenes[start : start + batch]
        drawn = shoot(prompts[start : start + batch], seed + start)
        true = render(part, fps=fps, width=drawn.shape[-1], height=drawn.shape[-2])
        for which, video in (("drawn", drawn), ("true", true), ("redrawn", redraw(true))):
            _tally(tallies[which], readout, video, part)
        if progress is not None:
            progress(start + len(part))
        if start == 0:
            for index in range(min(12, len(part))):
                rows += [(prompts[index], drawn[index]), ("true", true[index])]
    if sheet is not None:
        draw_sheet(rows, sheet, columns=6)
    shares = {which: {name: Share(right=r, of=n) for name, (r, n) in tally.items()} for which, tally in tallies.items()}
    return Scores(drawn=shares["drawn"], true=shares["true"], redrawn=shares["redrawn"], prompts=prompts)


def _tally(tally: dict[str, list[int]], readout: ReadOut, video: Tensor, scenes: list[Scene]) -> None:
    logits = readout(readout.prepare(video))
    answers = answer_indices(scenes, readout.config)
    for column, (name, _) in enumerate(readout.config.answers):
        right = logits[name].argmax(-1) == answers[:, column]
        asked = torch.tensor([name != "heading" or truth(scene)["motion"] in TRAVELS for scene in scenes])
        counts = tally.setdefault(name, [0, 0])
        counts[0] += int((right & asked).sum())
        counts[1] += int(asked.sum())
