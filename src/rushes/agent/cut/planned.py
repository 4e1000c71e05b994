"""The cut against its plan: does each clip show what its shot was to show, and do they stand in the plan's order?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from rushes.agent.critic import MEASURED_WIDTH, color_share
from rushes.agent.cut.document import ClipPiece
from rushes.agent.cut.finding import Finding, Looked, audit_of
from rushes.agent.cut.pieces import comes_again, is_card
from rushes.backlot.scene import Scene, scene_from_dict
from rushes.backlot.where import from_left
from rushes.board.jobs import Job
from rushes.board.reads import Node
from rushes.media.decode import frames

OTHER_COLOURS = 14.0  # of 255: mean difference from which on two clips show other things
SURE, HARDLY = 0.5, 0.2  # chances of a read-out: of what it sees, and of what was planned
LEAST_COLOUR = 0.002  # share of the picture, of the lead's colour
SCRIPT_CLIPS = 3  # clips whose names the script must tell before its order counts


def plan_faults(looked: Looked) -> Iterator[Finding]:
    for clip in looked.cut.clips:
        if clip.shot:
            yield from _identity(looked, clip, looked.production.board.node(clip.shot))
    yield from _order(looked)


# What it shows


def _identity(looked: Looked, clip: ClipPiece, shot: Node) -> Iterator[Finding]:
    if shot.blobs.get("source"):
        if clip.blob != shot.blobs["source"] and not _same_colours(looked, clip.blob, shot.blobs["source"]):
            name = _name(looked, shot.blobs["source"])
            planned = shot.fields.get("text") or shot.fields.get("title", "another")
            mend = f"replace({clip.id}, by={name!r})" if name else ""
            yield Finding(kind="identity", what=f"{clip.id} looks like {clip.label}, planned {planned}", mend=mend)
        return
    if not shot.fields.get("scene"):
        return
    planned = scene_from_dict(shot.fields["scene"])
    seen = _seen(looked, clip, planned)
    if seen:
        mend = _right_take(looked, clip, shot, planned)
        yield Finding(kind="identity", what=f"{clip.id} looks like {seen}, planned {_who(planned)}", mend=mend)


def _seen(looked: Looked, clip: ClipPiece, planned: Scene) -> str:
    """What the clip shows instead of who was planned; "" where it shows that, or nothing can tell."""
    shot = _scene_of_take(looked, clip.take)
    if shot is not None:
        if _lead(shot) != _lead(planned):
            return f"a {_who(shot)}"
        return _read(looked, clip, planned)
    if read := _read(looked, clip, planned):
        return read
    if not planned.cast or looked.production.read_out is not None:
        return ""
    color = planned.cast[from_left(planned)[0]].color
    path = looked.production.board.blob_path(clip.blob)
    shown = list(frames(path, start=clip.start, seconds=max(0.1, clip.seconds * clip.speed), fps=2, width=120))
    share = float(np.median([color_share(frame, color) for frame in shown]))
    return f"something without {color}" if share < LEAST_COLOUR else ""


def _read(looked: Looked, clip: ClipPiece, planned: Scene) -> str:
    """What a read-out takes the lead for, where it is sure that it is another."""
    production = looked.production
    read_out = production.read_out
    if read_out is None or not planned.cast:
        return ""
    inputs = {"source": clip.blob, "start": clip.start, "seconds": clip.source_end, "read_out": read_out.name}

    def work(job: Job) -> dict[str, float]:
        path = production.board.blob_path(clip.blob)
        fps = looked.audit(clip).fps or 1.0
        length = max(0.1, clip.seconds * clip.speed)
        shown = np.stack(list(frames(path, start=clip.start, seconds=length, width=MEASURED_WIDTH)))
        return {name: float(chance) for name, chance in read_out.read(shown, fps).get("kind", {}).items()}

    chances = production.step("read", inputs, work).value
    lead = planned.cast[from_left(planned)[0]].kind
    if lead not in chances:
        return ""
    likeliest = max(chances, key=lambda name: chances[name])
    other = likeliest != lead and chances[likeliest] >= SURE and chances[lead] <= HARDLY
    return f"a {likeliest} ({chances[likeliest]:.0%})" if other else ""


def _right_take(looked: Looked, clip: ClipPiece, shot: Node, planned: Scene) -> str:
    for take in reversed(shot.linked_from("made_from", "take")):
        scene = _scene_of_take(looked, take)
        animatic = looked.production.board.node(take).fields.get("extra", {}).get("animatic", False)
        if take != clip.take and not animatic and scene is not None and _lead(scene) == _lead(planned):
            return f"replace({clip.id}, by={take!r})"
    return f"shoot({shot.id})"


def _scene_of_take(looked: Looked, take: str) -> Scene | None:
    data = looked.production.board.node(take).fields.get("parameters", {}).get("scene") if take else None
    return scene_from_dict(data) if data else None


def _lead(scene: Scene) -> tuple[str, str]:
    """Who is furthest to the left, and in which colour."""
    if not scene.cast:
        return "", ""
    actor = scene.cast[from_left(scene)[0]]
    return actor.kind, actor.color


def _who(scene: Scene) -> str:
    kind, color = _lead(scene)
    return f"{color} {kind}" if kind else "nobody"


def _same_colours(looked: Looked, one: str, other: str) -> bool:
    """Whether two sources have the same colours, wherever in the picture and whenever."""
    audits = [looked.audits.get(blob) or audit_of(looked.production, blob) for blob in (one, other)]
    if not all(audit.signs for audit in audits):
        return True  # a still: nothing to go by
    colours = []
    for audit in audits:
        cells = np.array(audit.signs, np.float32).reshape(-1, 3)
        lit = cells[cells.max(axis=1) > 30]
        values = np.sort(lit if len(lit) else cells, axis=0)
        at = np.linspace(0, len(values) - 1, 32)
        colours.append(np.stack([np.interp(at, np.arange(len(values)), values[:, c]) for c in range(3)]))
    return float(np.abs(colours[0] - colours[1]).mean()) < OTHER_COLOURS


def _name(looked: Looked, blob: str) -> str:
    return next((each.name for each in looked.production.materials if each.blob == blob), "")


# The order


def _order(looked: Looked) -> Iterator[Finding]:
    ranks = _shot_ranks(looked) or _script_ranks(looked)
    ranked = [clip for clip in looked.cut.clips if clip.id in ranks and not (is_card(clip) or comes_again(clip))]
    right = {ranked[i].id for i in _longest_rising([ranks[clip.id] for clip in ranked])}
    for clip in ranked:
        if clip.id in right:
            continue
        before = [other for other in ranked if other.id in right and ranks[other.id] <= ranks[clip.id]]
        behind = before[-1].id if before else "first"
        number = ranks[clip.id] + 1
        yield Finding(
            kind="order", what=f"{clip.id} is number {number} of the plan", mend=f"move({clip.id}, after={behind})"
        )


def _shot_ranks(looked: Looked) -> dict[str, int]:
    numbers = {shot.id: number for number, shot in enumerate(looked.production.board.nodes("shot"))}
    return {clip.id: numbers[clip.shot] for clip in looked.cut.clips if clip.shot in numbers}


def _script_ranks(looked: Looked) -> dict[str, int]:
    """By the place at which the brief names each clip, where it names enough of them, once each."""
    board = looked.production.board
    said = " ".join(node.fields.get("text", "") for node in board.nodes("brief")) or looked.production.settings.brief
    named = {}
    for clip in looked.cut.clips:
        stem = PurePath(clip.label).stem.casefold()
        found = [m.start() for m in re.finditer(rf"(?<!\w){re.escape(stem)}(?!\w)", said.casefold())] if stem else []
        if len(found) == 1:
            named[clip.id] = found[0]
    places = sorted(set(named.values()))
    if len(places) < SCRIPT_CLIPS:
        return {}
    return {id: places.index(place) for id, place in named.items()}


def _longest_rising(ranks: list[int]) -> list[int]:
    """Places of a longest run of ranks that never falls: what stands right already."""
    best: list[list[int]] = []
    for place, rank in enumerate(ranks):
        before = [run for run in best if ranks[run[-1]] <= rank]
        best.append([*max(before, key=len, default=[]), place])
    return max(best, key=len, default=[])
