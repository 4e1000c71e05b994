"""What stands on the film's clock, when the picture under it changes: texts and sounds go where their picture goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rushes.agent.cut.pieces import ClipPiece, SoundPiece, TextPiece, WorkingCut, own_span, placed, shown
from rushes.board.operations import Operation, RemoveNode, SetFields

Change = tuple[float, float, float]  # from, to (seconds on the film's clock), and the seconds that this lasts now


def ripple(cut: WorkingCut, *changes: Change) -> tuple[list[Operation], list[str]]:
    """What becomes of texts and sounds where spans of the film, in order and apart, come to last otherwise.

    What is later moves with its picture, what straddles is shortened or lengthened, what has no frame left goes.
    Returns the operations and, in words, what was more than a move.
    """
    framed = [tuple(cut.frame_at(seconds) for seconds in change) for change in changes]
    operations: list[Operation] = []
    said: list[str] = []

    def moved(frame: int, *, ends: bool) -> int:
        for first, last, now in reversed(framed):  # an earlier change moves what a later one has left
            frame = _moved_frame(frame, first, last, now, ends)
        return frame

    for text in cut.texts:
        was = cut.frame_at(text.start), cut.frame_at(text.end)
        becomes = moved(was[0], ends=False), moved(was[1], ends=True)
        operations += _moved_text(cut, text, was, becomes, said)
    gone = [(first, last) for first, last, now in framed if now == 0]
    grown = sum(now - (last - first) for first, last, now in framed)
    for sound in cut.sounds:
        was = cut.frame_at(sound.at), cut.frame_at(sound.end)
        becomes = moved(was[0], ends=False), moved(was[1], ends=True)
        operations += _moved_sound(cut, sound, was, becomes, gone, grown, said)
    return operations, said


def follow_clips(cut: WorkingCut, clips: Iterable[ClipPiece]) -> list[Operation]:
    """What becomes of texts that belong to a clip where the clips come to stand so: those over all of it stay that."""
    after = replace(cut, clips=placed(cut, clips))
    there = {clip.id: clip for clip in after.clips}
    operations: list[Operation] = []
    for text in cut.texts:
        clip = next((clip for clip in cut.clips if clip.id == text.clip), None)
        if clip is None or clip.id not in there or (text.start, text.end) != own_span(cut, clip):
            continue
        start, end = own_span(after, there[clip.id])
        if (start, end) != (text.start, text.end) and start < end:
            operations.append(SetFields(id=text.id, fields={"start": start, "end": end}))
    return operations


def shift_after(cut: WorkingCut, at: float, by: float) -> list[Operation]:
    """Moves the texts and sounds that begin at or after `at` by so many seconds; back: what was between goes."""
    return ripple(cut, (at, at, by) if by >= 0 else (at + by, at, 0.0))[0]


def _moved_frame(frame: int, first: int, last: int, now: int, ends: bool) -> int:
    if frame < first or (ends and frame == first):
        return frame
    if frame >= last:
        return frame + now - (last - first)
    return first + (frame - first) * now // (last - first)


def _moved_text(
    cut: WorkingCut, text: TextPiece, was: tuple[int, int], becomes: tuple[int, int], said: list[str]
) -> list[Operation]:
    if becomes == was:
        return []
    if becomes[1] <= becomes[0]:
        said.append(f"{text.id} {shown(text.text)} went with it")
        return [RemoveNode(id=text.id)]
    start, end = cut.seconds_at(becomes[0]), cut.seconds_at(becomes[1])
    if becomes[1] - becomes[0] != was[1] - was[0]:
        said.append(f"{text.id} {shown(text.text)} now {start:.3f}-{end:.3f}")
    return [SetFields(id=text.id, fields={"start": start, "end": end})]


def _moved_sound(
    cut: WorkingCut,
    sound: SoundPiece,
    was: tuple[int, int],
    becomes: tuple[int, int],
    gone: list[tuple[int, int]],
    grown: int,
    said: list[str],
) -> list[Operation]:
    """gone: spans of frames that were cut away; grown: frames by which the film has become longer."""
    if becomes == was:
        return []
    if becomes[1] <= becomes[0]:
        said.append(" ".join(f"{sound.id} {sound.label} went with it".split()))
        return [RemoveNode(id=sound.id)]
    fields = {"at": cut.seconds_at(becomes[0])} if becomes[0] != was[0] else {}
    head = sum(min(was[1], last) - was[0] for first, last in gone if first <= was[0] < last)
    lost = sum(max(0, min(was[1], last) - max(was[0], first)) for first, last in gone)
    if head:  # the rest stays with the picture that it was heard under
        fields["start"] = sound.start + cut.seconds_at(head)
    if lost and sound.seconds is not None:
        fields["seconds"] = max(cut.frame, sound.seconds - cut.seconds_at(lost))
        said.append(f"{sound.id} is {cut.seconds_at(lost):.3f} s shorter")
    elif sound.seconds is not None and grown > 0 and was[1] >= cut.frames and "at" not in fields:
        fields["seconds"] = sound.seconds + cut.seconds_at(grown)  # what lasted to the film's end still does
    return [SetFields(id=sound.id, fields=fields)] if fields else []
