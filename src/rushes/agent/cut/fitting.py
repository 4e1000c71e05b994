"""The film at another length: "edit this to be one minute", planned before anything is touched, exact to the frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from rushes.agent.cut.document import ClipPiece, TextPiece, WorkingCut, edit, need_cut, source_probe
from rushes.agent.cut.keeping import Kept, choose_spans
from rushes.agent.cut.retime import Segment, clip_operations, kept_segments, sound_operations, text_operations
from rushes.agent.cut.sounding import bed_operations
from rushes.agent.cut.worth import own_frames, says_something, strip_of
from rushes.agent.production import Production
from rushes.agent.rhythm import share_frames
from rushes.agent.tool import Tool, tool
from rushes.board.operations import CreateNode

SLOWEST = 1.25  # times as long as it was shot; slower looks like slow motion
USUAL_SHOT = 3.0  # seconds of a new shot, where the film has no pace of its own
LONGEST_NEW = 8.0  # seconds of a new shot
MOST_SPANS = 12  # listed in an answer
MOST_WORDS = 80  # characters of what a new shot is to show
MOST_NEW = 4  # new shots that are spelt out


@dataclass(frozen=True, kw_only=True)
class Longer:
    """How a clip comes to last longer."""

    clip: ClipPiece
    opened: int = 0  # frames of its source that were cut off and come back
    slowed: int = 0  # frames won by slowing it down


def fitting_tools(production: Production) -> list[Tool]:
    def fit(arguments: dict[str, Any]) -> str:
        keep, apply = arguments.get("keep", []), bool(arguments.get("apply", True))
        return fit_length(production, float(arguments["seconds"]), [str(id) for id in keep], apply)

    return [
        tool(
            "fit_length",
            "Bring the working cut to exactly this length: keeps beginning, end, whole sentences and the best between, "
            "or opens and slows clips a little. Says what it kept and why, or what has to be shot anew first.",
            {
                "seconds": {"type": "number", "description": "length of the film"},
                "keep": {"type": "array", "items": {"type": "string"}, "description": "ids that have to stay whole"},
                "apply": {"type": "boolean", "description": "false: only say the plan"},
            },
            ("seconds",),
            fit,
        )
    ]


def fit_length(production: Production, seconds: float, keep: Sequence[str] = (), apply: bool = True) -> str:
    """Plans, does it as one change of the board, and answers with the plan. `keep`: ids of clips, texts and sounds that
    have to stay whole. Raises ValueError.
    """
    cut = need_cut(production.board)
    if not cut.clips:
        raise ValueError("the working cut has no clips; open(material) a video first")
    if not (math.isfinite(seconds) and cut.frame <= seconds <= 86400):
        raise ValueError(f"{seconds:g} s is no length for a film; give more than one frame and at most a day")
    frames = cut.frame_at(seconds)
    if frames == cut.frames:
        return f"the film lasts {cut.seconds:g} s already; nothing was changed"
    if frames > cut.frames:
        return _lengthen(production, cut, frames, apply)
    return _shorten(production, cut, frames, [_span(cut, id) for id in keep], apply)


def _span(cut: WorkingCut, id: str) -> tuple[int, int]:
    """Frames of the film at which a piece is there."""
    piece = cut.piece(id)
    begin, end = (piece.start, piece.end) if isinstance(piece, TextPiece) else (piece.at, piece.end)
    return cut.frame_at(begin), cut.frame_at(end)


def _shorten(
    production: Production, cut: WorkingCut, frames: int, whole: Sequence[tuple[int, int]], apply: bool
) -> str:
    kept = choose_spans(replace(strip_of(production, cut), whole=tuple(whole)), frames)
    segments = kept_segments([(span.start, span.end) for span in kept])
    lines = [f"keeps {len(kept)} spans of {cut.seconds:g} s, {cut.seconds_at(frames):g} s in all:", *_told(cut, kept)]
    if not apply:
        return "\n".join(["plan, nothing was changed", *lines])
    after, said = _apply(production, cut, segments, "; ".join(_told(cut, kept)))
    return "\n".join([f"the film lasts {after.seconds:g} s, {after.frames} frames", *lines, *said[:4]])


def _lengthen(production: Production, cut: WorkingCut, frames: int, apply: bool) -> str:
    short = frames - cut.frames
    opened = _unused(production, cut)
    slowed = [
        0 if says_something(production, clip) else math.floor((end - begin) * (SLOWEST - 1))
        for clip, begin, end in own_frames(cut)
    ]
    have = sum(opened) + sum(slowed)
    if have < short:
        return _needs(production, cut, short, sum(opened), sum(slowed))
    ways = _ways(cut, short, opened, slowed)
    lines = [_way_told(cut, way) for way in ways if way.opened or way.slowed]
    if not apply:
        return "\n".join(["plan, nothing was changed", *lines])
    segments, at = [], 0
    for way, (_, begin, end) in zip(ways, own_frames(cut), strict=True):
        length = end - begin + way.opened + way.slowed
        segments.append(Segment(old=(begin, end), new=(at, at + length)))
        at += length
    after, said = _apply(production, cut, segments, "; ".join(lines), ways)
    return "\n".join([f"the film lasts {after.seconds:g} s, {after.frames} frames", *lines, *said[:4]])


def _apply(
    production: Production, cut: WorkingCut, segments: Sequence[Segment], why: str, ways: Sequence[Longer] = ()
) -> tuple[WorkingCut, list[str]]:
    """One entry of the board, with the decision as a note in it, so that one undo takes all of it back."""
    opened = {way.clip.id: way.opened for way in ways}
    clips = clip_operations(production.board, cut, segments, opened)
    texts, said = text_operations(cut, segments)
    sounds, more = sound_operations(cut, segments)
    length = cut.seconds_at(segments[-1].new[1])
    text = f"the cut of {cut.seconds:g} s was brought to {length:g} s: {why}"
    fields = {"text": text, "role": "decision", "author": "agent"}
    note = CreateNode(kind="note", fields=fields, links=(("about", cut.id),), literal=True)
    beds = bed_operations(production, cut, length)
    after = edit(production.board, *clips, *texts, *sounds, *beds, note, note=f"fit to {length:g} s")
    return after, said + more


def _unused(production: Production, cut: WorkingCut) -> list[int]:
    """Frames that each clip could go on in its source without showing what another clip shows."""
    found = []
    for place, clip in enumerate(cut.clips):
        source = source_probe(production.board, clip.blob)
        if source.kind == "image" or (place + 1 < len(cut.clips) and clip.fade):
            found.append(0)
            continue
        later = [other.start for other in cut.clips if other.blob == clip.blob]
        stop = min([source.seconds, *(at for at in later if at >= clip.source_end - 1e-6)])
        left = stop - clip.source_end
        found.append(max(0, math.floor(left / clip.speed * float(cut.rate) + 1e-6)))
    return found


def _ways(cut: WorkingCut, short: int, opened: list[int], slowed: list[int]) -> list[Longer]:
    """Sources first, since they change nothing that is seen; then every clip a little slower."""
    lengths = [float(end - begin) for _, begin, end in own_frames(cut)]
    none = [0] * len(lengths)
    from_sources = min(short, sum(opened))
    opening = share_frames(from_sources, lengths, none, opened)
    slowing = share_frames(short - from_sources, lengths, none, slowed)
    return [Longer(clip=clip, opened=o, slowed=s) for clip, o, s in zip(cut.clips, opening, slowing, strict=True)]


def _needs(production: Production, cut: WorkingCut, short: int, opened: int, slowed: int) -> str:
    """What a film that is too short for its length needs. Nothing is looped, held or frozen to fill it."""
    missing = cut.seconds_at(short - opened - slowed)
    pace = min(6.0, max(1.5, cut.seconds / len(cut.clips))) if len(cut.clips) > 1 else USUAL_SHOT
    others = other_shots(production, cut)
    count = max(1, round(missing / pace))
    if others and count > len(others):  # the same shot again would be a loop: fewer and longer ones
        count = max(len(others), math.ceil(missing / LONGEST_NEW))
    each = math.ceil(missing / count * 10) / 10
    last = cut.clips[-1].id
    lines = [
        f"the film lacks {cut.seconds_at(short):.2f} s; nothing was changed",
        f"unused in its sources: {cut.seconds_at(opened):.2f} s; by slowing to {SLOWEST:g} x at most: "
        f"{cut.seconds_at(slowed):.2f} s",
        f"still missing: {missing:.2f} s, about {count} new shots of {each:g} s",
        f"make them: generate(what, {each:g}, after), extend({last}, seconds), or a given video; then fit_length again",
    ]
    step = max(1.0, len(others) / count)
    chosen = sorted({int(number * step) for number in range(min(count, len(others)))})
    for number in chosen[:MOST_NEW]:
        after, what, size = others[number]
        lines.append(f"generate({what!r}, {each:g}, after={after!r}, size={size!r})")
    if others and count > len(others):
        lines.append(f"{count - len(others)} more need something else to happen: ask what")
    elif len(chosen) > MOST_NEW:
        lines.append(f"and {len(chosen) - MOST_NEW} more like these, behind the other clips")
    return "\n".join(lines)


def other_shots(production: Production, cut: WorkingCut) -> list[tuple[str, str, str]]:
    """(clip, what happens, size): what the film shows already, from where it has not been seen, in the film's order."""
    shots = [(clip.id, production.board.node(clip.shot).fields) for clip in cut.clips if clip.shot]
    staged = [(id, fields["text"][:MOST_WORDS], fields["extra"]["size"]) for id, fields in shots if fields.get("scene")]
    seen = {(what, size) for _, what, size in staged}
    found: list[tuple[str, str, str]] = []
    for id, what, _ in staged:
        for size in ("close", "medium", "wide"):
            if (what, size) not in seen:
                seen.add((what, size))
                found.append((id, what, size))
    return found


def _told(cut: WorkingCut, kept: Sequence[Kept]) -> list[str]:
    lines = [f"{cut.seconds_at(span.start):.2f}-{cut.seconds_at(span.end):.2f} {span.why}" for span in kept]
    if len(lines) > MOST_SPANS:
        lines = [*lines[: MOST_SPANS - 1], f"... {len(lines) - MOST_SPANS} more", lines[-1]]
    return lines


def _way_told(cut: WorkingCut, way: Longer) -> str:
    told = []
    if way.opened:
        told.append(f"{cut.seconds_at(way.opened):.2f} s more of its source")
    if way.slowed:
        told.append(f"slowed by {cut.seconds_at(way.slowed):.2f} s")
    return f"{way.clip.id}: {', '.join(told)}"
