"""A picture of another shape than the film's: cropped around who is in it, or shown whole, and always said.

Not every model makes every shape, and people hand in what they have. Where a scene tells where somebody is, that is
believed; else it is measured.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from rushes.agent.cut.reframing import MIDDLE
from rushes.agent.cut.standing_out import standing_out_along
from rushes.agent.generator import take_size
from rushes.agent.production import Production, shot_scene
from rushes.agent.shape import alike
from rushes.backlot.scene import Scene
from rushes.backlot.where import on_screen
from rushes.board.reads import Node
from rushes.media.probe import probe

LOOKS = 12  # moments of a scene
BODY = 0.7  # share of somebody's width that has to be in the picture
SEEN = 0.8  # share of the time, or of what stands out, that a crop has to keep


@dataclass(frozen=True, kw_only=True)
class Shown:
    fit: str  # "cover" or "contain"
    focus: tuple[float, float] = MIDDLE  # what a crop keeps
    said: str = ""  # for people; empty where nothing had to be decided


def shape_said(production: Production) -> str:
    """What the user is told before anything is shot, where the model can't make the film's shape. Else empty."""
    about, (across, down) = production.shooting_model.capabilities, production.frame()
    width, height = take_size(about, across, down)
    if alike(width / height, across / down):
        return ""
    return (
        f"{about.name} makes no takes of {across}x{down}, but {width}x{height}: each is cropped "
        "around who is in it, or shown whole with borders; the animatic model draws in any shape"
    )


def shown_take(production: Production, shot: Node, take: Node) -> Shown:
    """How the film shows a take."""
    own, scene = take.fields["width"] / take.fields["height"], shot_scene(shot)
    knows = production.shooting_model.capabilities.world is not None
    if scene is None or not scene.cast or not knows:
        path = production.board.blob_path(take.blobs["video"])
        return _shown(production, path, 0.0, float(take.fields["seconds"]), own, take.id)
    who = f"the {scene.cast[0].kind}" if len(scene.cast) == 1 else "those who are in it"
    return _decided(production, own, take.id, who, lambda across: _cast_along(scene, own, across))


def shown_material(production: Production, shot: Node) -> Shown:
    """How the film shows an image or footage of the user's."""
    path, extra = production.board.blob_path(shot.blobs["source"]), shot.fields["extra"]
    found = probe(path)
    return _shown(
        production, path, extra["start"], shot.fields["seconds"], found.width / found.height, shot.fields["text"]
    )


def _shown(production: Production, path: Path, start: float, seconds: float, own: float, name: str) -> Shown:
    """By what is measured in the picture."""
    along = partial(standing_out_along, path, start, seconds)
    return _decided(production, own, name, "what stands out", along)


def _decided(
    production: Production, own: float, name: str, who: str, along_side: Callable[[bool], np.ndarray]
) -> Shown:
    """along_side(across): how much there is to be seen in each column, or row, of the picture."""
    width, height = production.frame()
    wanted = width / height
    if alike(own, wanted):
        return Shown(fit="cover")
    across = wanted < own
    kept, along = wanted / own if across else own / wanted, along_side(across)
    window = max(1, round(kept * len(along)))
    sums = np.convolve(along, np.ones(window), mode="valid") / max(float(along.sum()), 1e-9)
    likely = np.flatnonzero(sums >= sums.max() - 0.01)
    begin = int(likely[len(likely) // 2])
    if sums[begin] < SEEN:
        said = f"{name} is shown whole, with borders: cropped to the film's shape it would lose {who}"
        return Shown(fit="contain", said=said)
    share = round(begin / max(1, len(along) - window), 4)
    said = f"{name} is cropped around {who} and loses {1 - kept:.0%} of its {'width' if across else 'height'}"
    return Shown(fit="cover", focus=(share, 0.5) if across else (0.5, share), said=said)


def _cast_along(scene: Scene, aspect: float, across: bool) -> np.ndarray:
    """(100,) how much of the time each hundredth of the picture's width, or height, shows somebody."""
    at, total = (np.arange(100) + 0.5) / 100, np.zeros(100)
    for actor in on_screen(scene, np.linspace(0, scene.seconds, LOOKS), aspect):
        middle, half = (actor.x, actor.height / aspect / 2) if across else (actor.y, actor.height / 2)
        total += (np.abs(at[None] - middle[:, None]) <= BODY * half[:, None]).sum(axis=0)  # (LOOKS, 100) -> (100,)
    return total
