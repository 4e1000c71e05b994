"""The working cut on another clock: which spans of it go where, and what that makes of clips, texts and sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rushes.agent.cut.document import (
    ClipPiece,
    SoundPiece,
    TextPiece,
    WorkingCut,
    add_clip,
    same_looks,
    set_clip,
    shown,
)
from rushes.agent.cut.worth import is_bed, own_frames
from rushes.board.board import Board
from rushes.board.operations import Operation, RemoveNode, SetFields

BED_FADE = 1.5  # seconds over which a bed that is cut off fades


@dataclass(frozen=True, kw_only=True)
class Segment:
    """Frames of the old film that become frames of the new one, as many or more."""

    old: tuple[int, int]  # first, and behind the last
    new: tuple[int, int]

    def to_new(self, frame: int) -> int:
        begin, end = self.old
        return self.new[0] + (frame - begin) * (self.new[1] - self.new[0]) // max(1, end - begin)


def kept_segments(spans: Sequence[tuple[int, int]]) -> list[Segment]:
    """Spans of the old film, in order, one behind the other."""
    found, at = [], 0
    for begin, end in spans:
        found.append(Segment(old=(begin, end), new=(at, at + end - begin)))
        at += end - begin
    return found


def clip_operations(
    board: Board, cut: WorkingCut, segments: Sequence[Segment], opened: Mapping[str, int] | None = None
) -> list[Operation]:
    """Each clip comes to show what the segments leave of it; what they leave in several parts becomes several clips.

    A segment that is longer than before slows its clip down. opened: frames by which a clip goes on in its source.
    """
    clips = own_frames(cut)
    runs = [_runs(segments, begin, end) for _, begin, end in clips]
    operations: list[Operation] = []
    before = ""  # id of the clip that the next one follows
    for place, (clip, begin, end) in enumerate(clips):
        if not runs[place]:
            operations.append(RemoveNode(id=clip.id))
            continue
        behind = runs[place + 1][0] if place + 1 < len(clips) and runs[place + 1] else None
        goes_on = behind is not None and runs[place][-1].old[1] == end == behind.old[0] and _kept(segments, end)
        for number, run in enumerate(runs[place]):
            fade = 0
            if goes_on and behind is not None and number == len(runs[place]) - 1:
                room = min(run.new[1] - run.new[0], behind.new[1] - behind.new[0]) // 2
                fade = min(cut.frame_at(clip.fade), room)
            more = (opened or {}).get(clip.id, 0) if number == len(runs[place]) - 1 else 0
            fields = _clip_fields(cut, clip, run, begin, fade, more)
            if number == 0:
                operations.append(set_clip(board, clip, **fields))
                before = clip.id
                continue
            handle = f"{clip.id.replace('-', '')}part{number}"
            operations += _copy(cut, clip, before, handle, fields)
            before = f"@{handle}"
    return operations


def text_operations(cut: WorkingCut, segments: Sequence[Segment]) -> tuple[list[Operation], list[str]]:
    """Texts stay over the picture that they stood over; those without a frame left go. And that in words."""
    operations: list[Operation] = []
    said: list[str] = []
    for text in cut.texts:
        begin, end = cut.frame_at(text.start), cut.frame_at(text.end)
        seen = [part for segment in segments if (part := _within(segment, begin, end)) is not None]
        if not seen:
            operations.append(RemoveNode(id=text.id))
            said.append(f"{text.id} {shown(text.text)} goes with its picture")
            continue
        operations += _moved_text(cut, text, seen[0].new[0], seen[-1].new[1])
    return operations, said


def sound_operations(cut: WorkingCut, segments: Sequence[Segment]) -> tuple[list[Operation], list[str]]:
    """A bed plays on under the new film; other sounds stay with their picture and go where it goes. And what is cut."""
    operations: list[Operation] = []
    said: list[str] = []
    length = segments[-1].new[1]
    for sound in cut.sounds:
        begin, end = cut.frame_at(sound.at), cut.frame_at(sound.end)
        if is_bed(cut, sound):
            operations.append(_shorter_bed(cut, sound, length))
            continue
        heard = _longest(segments, begin, end)
        if heard is None:
            operations.append(RemoveNode(id=sound.id))
            said.append(f"{sound.id} {sound.label} goes with its picture")
            continue
        fields: dict[str, float] = {"at": cut.seconds_at(heard.new[0])}
        if heard.old != (begin, end):
            fields |= {
                "start": sound.start + cut.seconds_at(heard.old[0] - begin),
                "seconds": cut.seconds_at(heard.old[1] - heard.old[0]),
            }
            said.append(f"{sound.id} {sound.label} is cut to {fields['seconds']:.2f} s")
        operations.append(SetFields(id=sound.id, fields=fields))
    return operations, said


def _runs(segments: Sequence[Segment], begin: int, end: int) -> list[Segment]:
    """What the segments leave of [begin, end), stretches that go on at the same speed as one."""
    runs: list[Segment] = []
    for segment in segments:
        part = _within(segment, begin, end)
        if part is None:
            continue
        last = runs[-1] if runs else None
        if last is not None and last.old[1] == part.old[0] and _speed(last) == _speed(part):
            runs[-1] = Segment(old=(last.old[0], part.old[1]), new=(last.new[0], part.new[1]))
        else:
            runs.append(part)
    return runs


def _within(segment: Segment, begin: int, end: int) -> Segment | None:
    """The part of a segment that lies in [begin, end) of the old film."""
    first, last = max(segment.old[0], begin), min(segment.old[1], end)
    if first >= last:
        return None
    stops = segment.new[1] if last == segment.old[1] else segment.to_new(last)
    return Segment(old=(first, last), new=(segment.to_new(first), stops))


def _speed(segment: Segment) -> float:
    return (segment.old[1] - segment.old[0]) / (segment.new[1] - segment.new[0])


def _kept(segments: Sequence[Segment], frame: int) -> bool:
    """Whether the frames before and behind this one of the old film stand together in the new one."""
    inside = any(segment.old[0] < frame < segment.old[1] for segment in segments)
    return inside or any(one.old[1] == frame == two.old[0] for one, two in pairwise(segments))


def _clip_fields(cut: WorkingCut, clip: ClipPiece, run: Segment, begin: int, fade: int, opened: int) -> dict[str, Any]:
    frames = run.new[1] - run.new[0]
    offset = cut.seconds_at(run.old[0] - begin)
    fields = {
        "start": clip.start + offset * clip.speed,
        "seconds": cut.seconds_at(frames + fade),
        "fade": cut.seconds_at(fade),
        **clip.push_of(offset, cut.seconds_at(run.old[1] - run.old[0] + fade)),
    }
    speed = (run.old[1] - run.old[0] + opened) / frames
    return fields | ({"speed": clip.speed * speed} if speed != 1 else {})


def _copy(cut: WorkingCut, clip: ClipPiece, after: str, handle: str, fields: dict[str, Any]) -> list[Operation]:
    looks = {**same_looks(clip), **fields}
    return add_clip(cut.id, clip.blob, after=after, take=clip.take, shot=clip.shot, handle=handle, **looks)


def _moved_text(cut: WorkingCut, text: TextPiece, begin: int, end: int) -> list[Operation]:
    start, stop = cut.seconds_at(begin), cut.seconds_at(end)
    same = cut.frame_at(text.start) == begin and cut.frame_at(text.end) == end
    return [] if same else [SetFields(id=text.id, fields={"start": start, "end": stop})]


def _shorter_bed(cut: WorkingCut, sound: SoundPiece, length: int) -> Operation:
    at = min(cut.frame_at(sound.at), length - 1)
    frames = min(cut.frame_at(sound.end) - cut.frame_at(sound.at), length - at)
    fade = max(sound.fade_out, min(BED_FADE, cut.seconds_at(frames) / 4))
    fields = {"at": cut.seconds_at(at), "seconds": cut.seconds_at(frames), "fade_out": round(fade, 3)}
    return SetFields(id=sound.id, fields=fields)


def _longest(segments: Sequence[Segment], begin: int, end: int) -> Segment | None:
    """The longest stretch of [begin, end) that stays in one piece; frames of a slowed picture count as they were."""
    runs: list[Segment] = []
    for segment in segments:
        part = _within(segment, begin, end)
        if part is None:
            continue
        if runs and runs[-1].old[1] == part.old[0]:
            runs[-1] = Segment(old=(runs[-1].old[0], part.old[1]), new=(runs[-1].new[0], part.new[1]))
        else:
            runs.append(part)
    return max(runs, key=lambda run: run.old[1] - run.old[0], default=None)
