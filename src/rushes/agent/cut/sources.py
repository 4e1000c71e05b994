"""What a clip can be made of: the given materials by name, and takes by their id."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import PurePath

from rushes.agent.cut.document import WorkingCut, source_probe
from rushes.agent.plan import Material
from rushes.agent.production import Production
from rushes.agent.shape import alike

STILL_SECONDS = 3.0  # that an image shows where nothing else is said


@dataclass(frozen=True, kw_only=True)
class Source:
    blob: str  # hash on the board
    name: str  # for people
    seconds: float  # 0: a still image, which has no end
    width: int  # pixels
    height: int
    fps: float  # 0 for a still
    take: str = ""  # board id
    shot: str = ""  # board id of the shot that the take films


def find_source(production: Production, name: str) -> Source:
    """A material by its name (or its unique beginning, in any case), a take by its id, a shot by its id (its chosen
    take). Raises ValueError naming the nearest."""
    board = production.board
    kind = name.rpartition("-")[0]
    if kind in ("take", "shot") and any(node.id == name for node in board.nodes(kind)):
        node = board.node(name)
        if kind == "shot":
            takes = node.linked_from("made_from", "take")
            chosen = node.fields.get("chosen") or (takes[-1] if takes else "")
            if not chosen:
                raise ValueError(f"{name} has no take yet; shoot({name}) first")
            node = board.node(chosen)
        shots = node.linked("made_from", "shot")
        return _probed(production, node.blobs["video"], node.id, take=node.id, shot=shots[0] if shots else "")
    material = _material(production.materials, name)
    if material is None:
        names = [each.name for each in production.materials] + [take.id for take in board.nodes("take")]
        near = difflib.get_close_matches(name, names, n=3, cutoff=0.3) or names[:6]
        there = f"there are {', '.join(near)}" if near else "nothing was given and nothing is shot yet"
        raise ValueError(f"nothing is called {name!r}; {there}")
    return _probed(production, material.blob, material.name)


def fitting(source: Source, cut: WorkingCut) -> str:
    """How it fills the film's frame: cropped where little is lost, else shown whole."""
    return "cover" if alike(source.width / source.height, cut.width / cut.height) else "contain"


def _probed(production: Production, blob: str, name: str, *, take: str = "", shot: str = "") -> Source:
    found = source_probe(production.board, blob)
    if found.kind == "sound":
        raise ValueError(f"{name} holds sound only; put it under the film with music({name!r})")
    return Source(
        blob=blob,
        name=name,
        seconds=found.seconds if found.kind == "video" else 0.0,
        width=found.width,
        height=found.height,
        fps=found.fps,
        take=take,
        shot=shot,
    )


def _material(materials: tuple[Material, ...], name: str) -> Material | None:
    asked = name.strip().casefold()
    for says in (str.casefold, lambda n: PurePath(n).stem.casefold()):
        found = [each for each in materials if says(each.name) == asked]
        if found:
            return found[-1]
    begins = [each for each in materials if each.name.casefold().startswith(asked)] if asked else []
    if len(begins) > 1:
        raise ValueError(
            f"{name!r} begins {len(begins)} names: {', '.join(m.name for m in begins[:6])}; give one whole"
        )
    return begins[0] if begins else None
