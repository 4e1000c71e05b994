"""Editing the picture: splitting, trimming, taking out, moving, putting in. Each is one entry of the board's log and
answers with a receipt; the film's clock closes up behind it.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

from rushes.agent.cut.document import (
    ClipPiece,
    WorkingCut,
    add_clip,
    common_tone,
    edit,
    follow_clips,
    need_cut,
    new_cut,
    read_cut,
    ripple,
    same_looks,
    set_clip,
    source_probe,
)
from rushes.agent.cut.sources import STILL_SECONDS, Source, find_source, fitting
from rushes.agent.cut.standing_in import marks
from rushes.agent.production import Production
from rushes.board.board import Board
from rushes.board.operations import AttachBlob, Connect, Disconnect, MoveNode, Operation, RemoveNode
from rushes.media.grade import AS_SHOT, Grade
from rushes.media.looks import in_words

MOST_SAID = 8  # things that a receipt tells beside what was asked
FIRST = ("first", "start", "begin")  # words for "before all others"


def receipt(done: str, cut: WorkingCut, said: list[str] | None = None) -> str:
    """What was done, what else it did, and how long the film is now."""
    more = said or []
    lines = more[:MOST_SAID] + ([f"and {len(more) - MOST_SAID} more"] if len(more) > MOST_SAID else [])
    film = f"film {cut.seconds:.3f} s, {cut.frames} frames, {len(cut.clips)} clips"
    return "; ".join([done, *lines, film])


def open_material(production: Production, material: str) -> str:
    """Puts a given video or image at the end of the working cut, which is made where there is none."""
    source = find_source(production, material)
    cut = read_cut(production.board)
    if cut is None:
        settings = production.settings
        width, height, fps = settings.width, settings.height, settings.fps
        if min(width, height, fps) <= 0:  # nothing was asked for: as the first video is
            width, height = (max(32, 2 * round(size / 2)) for size in (source.width, source.height))
            fps = min(60.0, max(1.0, source.fps or 24.0))
        cut = edit(production.board, *new_cut(width, height, fps), note="cut: begin")
    return insert(production, material, after=None)


def split(board: Board, at: float) -> str:
    """Cuts the clip that shows at this time in two; together they show what it showed."""
    cut = need_cut(board)
    frame = _film_frame(cut, at)
    for before, after in pairwise(cut.clips):
        mixed = cut.frame_at(after.at), cut.frame_at(before.at) + cut.frame_at(before.seconds)
        if mixed[0] < frame < mixed[1]:
            span = f"{cut.seconds_at(mixed[0]):.3f} to {cut.seconds_at(mixed[1]):.3f}"
            raise ValueError(f"at {at:g} s {before.id} and {after.id} crossfade ({span} s); split before or after that")
    clip = next((c for c in cut.clips if 0 < frame - cut.frame_at(c.at) < cut.frame_at(c.seconds)), None)
    if clip is None:
        raise ValueError(f"at {at:g} s one clip ends and the next begins already; give a time inside of a clip")
    head = cut.seconds_at(frame - cut.frame_at(clip.at))
    rest = part_of(cut, clip, head, clip.seconds - head, fade=clip.fade)
    first = set_clip(board, clip, seconds=head, fade=0.0, **clip.push_of(0.0, head))
    after_it = edit(board, first, *rest, note=f"cut: split {clip.id}")
    return receipt(f"{clip.id} ends at {cut.seconds_at(frame):.3f}, {_new_clip(cut, after_it)} goes on", after_it)


def trim(board: Board, id: str, start: float | None, seconds: float | None) -> str:
    """start: seconds into its source (its end in the source stays where no length is given); seconds: on the film."""
    cut = need_cut(board)
    clip = cut.clip(id)
    if start is None and seconds is None:
        raise ValueError(f"say what of {id} to trim: start (seconds into its source), seconds (its length), or both")
    begin = clip.start if start is None else float(start)
    length = clip.seconds - (begin - clip.start) / clip.speed if seconds is None else float(seconds)
    _check_source(board, clip, begin, length)
    length = cut.on_grid(length)
    if length < cut.frame * 0.99:
        raise ValueError(f"{id} would have no frame left; it lasts {clip.seconds:.3f} s, trim less or remove({id})")
    head = cut.on_grid((begin - clip.start) / clip.speed)  # of the film, gone from its front; below 0: come to it
    changes = []
    if -clip.seconds < head < clip.seconds:
        changes.append((clip.at, clip.at + head, 0.0) if head > 0 else (clip.at, clip.at, -head))
        tail = clip.seconds - head - length
    else:  # another part of the source altogether
        tail = clip.seconds - length
    end = clip.end - (0.0 if cut.place(clip) + 1 == len(cut.clips) else clip.fade)
    changes.append((end - tail, end, 0.0) if tail > 0 else (end, end, -tail))
    moved, said = ripple(cut, *changes)
    moved += follow_clips(cut, [replace(c, seconds=length) if c.id == id else c for c in cut.clips])
    after = edit(board, set_clip(board, clip, start=begin, seconds=length), *moved, note=f"cut: trim {id}")
    return receipt(f"{id} shows its source from {begin:.3f} for {length:.3f} s", after, said)


def remove(board: Board, id: str) -> str:
    """Takes out any piece; behind a clip the film closes up."""
    cut = need_cut(board)
    piece = cut.piece(id)
    if not isinstance(piece, ClipPiece):
        return receipt(f"{id} is out", edit(board, RemoveNode(id=id), note=f"cut: remove {id}"))
    place = cut.place(piece)
    start, end = piece.at, piece.end
    operations: list[Operation] = [RemoveNode(id=id)]
    if place + 1 < len(cut.clips):
        end -= piece.fade
    elif place:  # the clip before it is the last one now and fades into nothing
        start += cut.clips[place - 1].fade
        operations.append(set_clip(board, cut.clips[place - 1], fade=0.0))
    moved, said = ripple(cut, (start, end, 0.0))
    return receipt(f"{id} is out", edit(board, *operations, *moved, note=f"cut: remove {id}"), said)


def remove_span(board: Board, start: float, end: float) -> str:
    """Takes a span of the film's clock out of picture, texts and sounds, and closes the gap."""
    cut = need_cut(board)
    first, last = _film_frame(cut, start), _film_frame(cut, end)
    if first >= last:
        raise ValueError(f"from {start:g} to {end:g} s there is no frame; give an end after the start")
    if first <= 0 and last >= cut.frames:
        raise ValueError(f"that is the whole film of {cut.seconds:.3f} s; keep some of it, or remove its clips")
    operations: list[Operation] = []
    said: list[str] = []
    for clip, begin, until in _without_crossfades(cut, first, last):
        operations += _cut_out(board, cut, clip, begin, until, first, last, said)
    moved, more = ripple(cut, (cut.seconds_at(first), cut.seconds_at(last), 0.0))
    span = f"{cut.seconds_at(first):.3f}-{cut.seconds_at(last):.3f}"
    after = edit(board, *operations, *moved, note=f"cut: remove {span}")
    return receipt(f"{span} is out", after, said + more)


def move(board: Board, id: str, behind: str) -> str:
    """Puts a clip behind another, or first. Texts that belong to a clip go with it, others and sounds stay."""
    cut = need_cut(board)
    clip = cut.clip(id)
    target = "" if not behind or behind in FIRST else cut.clip(behind).id
    clips = [other for other in cut.clips if other.id != id]
    clips.insert(next((n for n, other in enumerate(clips, 1) if other.id == target), 0), clip)
    moved = follow_clips(cut, clips) if target != id else []
    after = edit(board, MoveNode(id=clip.id, after=target), *moved, note=f"cut: move {id}")
    order = " ".join(each.id for each in after.clips[:12]) + (" ..." if len(after.clips) > 12 else "")
    kept = ["texts and sounds keep their times"] if cut.texts or cut.sounds else []
    if moved:
        kept = ["texts that belong to a clip went with it, others and sounds keep their times"]
    return receipt(f"the order is {order}", after, kept)


def insert(
    production: Production,
    material: str,
    start: float = 0.0,
    seconds: float | None = None,
    after: str | None = None,
    grade: Grade | None = None,
) -> str:
    """Puts a source behind a clip, before all ("first") or at the end (None).

    grade: of its colours; None: in black and white, or sepia, where all others are.
    """
    board = production.board
    cut, source = need_cut(board), find_source(production, material)
    length = _length(source, start, seconds)
    operations: list[Operation] = []
    number = number_of_new(cut, after)
    at = cut.clips[number].at if number < len(cut.clips) else cut.seconds
    if number and number == len(cut.clips) and cut.clips[-1].fade:
        operations.append(set_clip(board, cut.clips[-1], fade=0.0))
    fit, tone = fitting(source, cut), common_tone(cut.clips) if grade is None else grade
    graded: dict[str, Any] = {"grade": tone.changes()} if tone != AS_SHOT else {}
    operations += add_clip(
        cut.id,
        source.blob,
        label=source.name,
        start=float(start),
        seconds=cut.on_grid(length),
        fit=fit,
        after=cut.clips[number - 1].id if number else "",
        take=source.take,
        shot=source.shot,
        **graded,
    )
    moved, said = ripple(cut, (at, at, cut.on_grid(length)))
    said += [f"it is shown {in_words(tone)} as the others are"] if graded and grade is None else []
    if fit == "contain":
        said.insert(0, f"shown whole, since {source.width}x{source.height} is another shape than the film's")
    then = edit(board, *operations, *moved, note=f"cut: insert {source.name}")
    return receipt(f"{_new_clip(cut, then)} is {source.name} at {at:.3f} for {cut.on_grid(length):.3f} s", then, said)


def number_of_new(cut: WorkingCut, after: str | None) -> int:
    """Number, from 0, of what comes in behind a clip, before all ("first") or at the end (None)."""
    if after is None:
        return len(cut.clips)
    return 0 if after in FIRST else cut.place(cut.clip(after)) + 1


def replace_clip(production: Production, id: str, by: str) -> str:
    """Another source in a clip's place, from its beginning, for as long as the clip lasts."""
    board = production.board
    cut = need_cut(board)
    clip, source = cut.clip(id), find_source(production, by)
    needs = clip.seconds * clip.speed
    if source.seconds and source.seconds < needs - cut.frame / 2:
        slower = source.seconds / clip.seconds
        raise ValueError(
            f"{source.name} lasts {source.seconds:.3f} s, {id} shows {needs:.3f} s; trim({id}, seconds="
            f"{source.seconds:.2f}) first, or speed({id}, {slower:.2f}), or take a longer one"
        )
    operations: list[Operation] = [AttachBlob(id=id, name="source", blob=source.blob)]
    operations.append(set_clip(board, clip, start=0.0, label=source.name, fit=fitting(source, cut), focus=[0.5, 0.5]))
    if clip.take and clip.take != source.take:
        operations.append(Disconnect(source=id, relation="uses", target=clip.take))
    if source.take and source.take != clip.take:
        operations.append(Connect(source=id, relation="uses", target=source.take))
    if clip.shot:  # what it was planned to show stays known
        operations.append(Connect(source=id, relation="about", target=clip.shot))
    gone = marks(cut, clip)
    operations += [RemoveNode(id=text.id) for text in gone]
    said = [f"{text.id} is gone with the stand-in" for text in gone]
    return receipt(f"{id} shows {source.name}", edit(board, *operations, note=f"cut: replace {id}"), said)


def set_speed(board: Board, id: str, factor: float) -> str:
    """The same part of its source, faster (over 1) or slower than it was shot."""
    cut = need_cut(board)
    clip = cut.clip(id)
    if not 0.1 <= factor <= 10:
        raise ValueError(f"a speed of {factor:g} can't be shown; give 0.1 to 10, 1 is as it was shot")
    length = max(cut.frame, cut.on_grid(clip.seconds * clip.speed / factor))
    fade = 0.0 if cut.place(clip) + 1 == len(cut.clips) else clip.fade
    moved, said = ripple(cut, (clip.at, clip.end - fade, max(0.0, length - fade)))
    after = edit(board, set_clip(board, clip, speed=float(factor), seconds=length), *moved, note=f"cut: speed {id}")
    return receipt(f"{id} runs at {factor:g} and lasts {length:.3f} s", after, said)


def _film_frame(cut: WorkingCut, seconds: float) -> int:
    frame = cut.frame_at(seconds)
    if not 0 <= frame <= cut.frames:
        raise ValueError(f"{seconds:g} s is outside of the film; give 0 to {cut.seconds:.3f}")
    return frame


def _new_clip(before: WorkingCut, after: WorkingCut) -> str:
    return next(clip.id for clip in after.clips if clip.id not in before.pieces)


def part_of(
    cut: WorkingCut,
    clip: ClipPiece,
    offset: float,
    seconds: float,
    *,
    fade: float,
    after: str | None = None,
    handle: str = "clip",
) -> list[Operation]:
    """A new clip that shows this one from `offset` seconds after its begin. after: a clip, "" first; None: this one."""
    start = clip.start + offset * clip.speed
    return add_clip(
        cut.id, clip.blob, seconds=seconds, start=start, fade=fade, after=clip.id if after is None else after,
        take=clip.take, shot=clip.shot, handle=handle, **same_looks(clip), **clip.push_of(offset, seconds),
    )  # fmt: skip


def _without_crossfades(cut: WorkingCut, first: int, last: int) -> list[tuple[ClipPiece, int, int]]:
    """Each clip with its first frame and the frame after its last on the film, a crossfade that the span touches made a
    hard cut at the span's edge.
    """
    spans = [[cut.frame_at(c.at), cut.frame_at(c.at) + cut.frame_at(c.seconds)] for c in cut.clips]
    for one, two in pairwise(spans):
        mixed = two[0], one[1]
        if max(mixed[0], first) < min(mixed[1], last):
            one[1] = two[0] = first if first > mixed[0] else min(last, mixed[1])
    return [(clip, begin, until) for clip, (begin, until) in zip(cut.clips, spans, strict=True)]


def _cut_out(
    board: Board, cut: WorkingCut, clip: ClipPiece, begin: int, until: int, first: int, last: int, said: list[str]
) -> list[Operation]:
    """The clip shows from `begin` to `until`; what of it lies between first and last goes."""
    own = cut.frame_at(clip.at)
    left, right = min(until, first) - begin, until - max(begin, last)
    if left <= 0 and right <= 0:
        said.append(f"{clip.id} went with it")
        return [RemoveNode(id=clip.id)]
    if left > 0 and right > 0:
        rest = part_of(
            cut, clip, cut.seconds_at(last - own), cut.seconds_at(right), fade=clip.fade, handle=f"rest{clip.id[5:]}"
        )
        seconds = cut.seconds_at(left)
        return [set_clip(board, clip, seconds=seconds, fade=0.0, **clip.push_of(0.0, seconds)), *rest]
    length = cut.seconds_at(left if left > 0 else right)
    if begin == own and abs(length - clip.seconds) < cut.frame / 2:
        return []
    offset = cut.seconds_at((begin if left > 0 else max(begin, last)) - own)
    fields = {"start": clip.start + offset * clip.speed, "seconds": length, **clip.push_of(offset, length)}
    return [set_clip(board, clip, **fields, **({"fade": 0.0} if left > 0 else {}))]


def _length(source: Source, start: float, seconds: float | None) -> float:
    if not source.seconds:
        return STILL_SECONDS if seconds is None else seconds
    if not 0 <= start < source.seconds:
        raise ValueError(f"{source.name} lasts {source.seconds:.3f} s; start within it, not at {start:g}")
    left = source.seconds - start
    if seconds is None:
        return left
    if not 0 < seconds <= left + 0.5 / max(source.fps, 1):
        raise ValueError(f"{source.name} has {left:.3f} s from {start:g} on; {seconds:g} s can't be shown")
    return seconds


def _check_source(board: Board, clip: ClipPiece, start: float, seconds: float) -> None:
    found = source_probe(board, clip.blob)
    if found.kind != "video":
        return
    slack = 0.5 / max(found.fps, 1)
    if start < 0 or seconds <= 0 or start + seconds * clip.speed > found.seconds + slack:
        raise ValueError(
            f"the source of {clip.id} goes from 0 to {found.seconds:.3f} s; from {start:g} for {seconds:g} s "
            f"at speed {clip.speed:g} is not in it"
        )
