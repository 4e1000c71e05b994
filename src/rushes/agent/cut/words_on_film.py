"""Texts on the film, exact to the frame."""

from __future__ import annotations

from typing import Any

from PIL import ImageColor

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import TextPiece, WorkingCut, add_text, edit, need_cut, shown
from rushes.board.board import Board
from rushes.board.operations import Operation, RemoveNode, SetFields
from rushes.media.timeline import TEXT_SIZES

PLACES = ("title", "lower", "subtitle")
HEIGHTS = {"top": 0.2, "middle": 0.49, "bottom": 0.8, "free": 0.0}  # of a title's middle, share of the frame


def put_text(board: Board, text: str, start: float, end: float, place: str = "title", **looks: Any) -> str:
    """looks: height (where somebody wants a title to stand; "free": where it covers nobody), size, colour."""
    cut = need_cut(board)
    text, start, end = _checked(cut, text, start, end)
    made = add_text(cut.id, text, start, end, place, **_looks(looks))
    after = edit(board, *made, note=f"cut: text {shown(text)}")
    new = next(piece for piece in after.texts if piece.id not in cut.pieces)
    frames = after.frame_at(end) - after.frame_at(start)
    return receipt(f"{new.id} {shown(text)} {start:.3f}-{end:.3f}, {frames} frames", after, _overlaps(after, new))


def retext(board: Board, id: str, **changes: Any) -> str:
    """changes: text, start, end, place, height, size, colour; what is not named stays."""
    cut = need_cut(board)
    piece = cut.piece(id)
    if not isinstance(piece, TextPiece):
        texts = ", ".join(text.id for text in cut.texts[:8]) or "none"
        raise ValueError(f"{id} is no text; the texts are {texts}")
    if not changes:
        raise ValueError(f"say what of {id} to change: text, start, end, place, height, size or colour")
    text, start, end = _checked(
        cut, changes.get("text", piece.text), changes.get("start", piece.start), changes.get("end", piece.end)
    )
    fields = {"text": text, "start": start, "end": end, "place": changes.get("place", piece.place), **_looks(changes)}
    after = edit(board, SetFields(id=id, fields=fields, literal=True), note=f"cut: retext {id}")
    new = after.piece(id)
    assert isinstance(new, TextPiece)
    said = f"{id} {new.place} {shown(new.text)} {new.start:.3f}-{new.end:.3f}{looked(new)}"
    return receipt(said, after, _overlaps(after, new))


def looked(text: TextPiece) -> str:
    """What is unusual about its type."""
    size = f", {text.size:.2g} times the usual size" if text.size != 1 else ""
    return size + (f", {text.colour}" if text.colour else "")


def _looks(changes: dict[str, Any]) -> dict[str, Any]:
    """Fields of a text on the board. Raises ValueError for a size or a colour that no text can have."""
    looks: dict[str, Any] = {}
    if "height" in changes:
        looks["middle"] = HEIGHTS[changes["height"]]
    if "size" in changes:
        least, most = TEXT_SIZES
        if not least <= changes["size"] <= most:
            raise ValueError(f"size is {changes['size']:g} times the usual; give {least:g} to {most:g}")
        looks["size"] = float(changes["size"])
    if "colour" in changes:
        looks["colour"] = colour_code(changes["colour"])
    return looks


def colour_code(name: str) -> str:
    """#rrggbb; empty for the usual one."""
    if name.strip().lower() in ("", "usual"):
        return ""
    try:
        red, green, blue = ImageColor.getrgb(name.strip().lower().replace(" ", ""))[:3]
    except ValueError as error:
        raise ValueError(f'{name!r} is no colour; give a name such as gold, or #rrggbb, or "usual"') from error
    return f"#{red:02x}{green:02x}{blue:02x}"


def set_subtitles(board: Board, lines: list[Any]) -> str:
    """All subtitles of the film: those there were go."""
    cut = need_cut(board)
    old = [text for text in cut.texts if text.place == "subtitle"]
    operations: list[Operation] = [RemoveNode(id=text.id) for text in old]
    for number, line in enumerate(lines, 1):
        if not isinstance(line, dict) or not {"text", "start", "end"} <= set(line):
            raise ValueError(f"subtitle {number} is {str(line)[:60]!r}; give an object with text, start and end")
        times = line["start"], line["end"]
        if any(isinstance(time, bool) or not isinstance(time, (int, float)) for time in times):
            raise ValueError(f"subtitle {number} goes from {times[0]!r} to {times[1]!r}; give seconds")
        text, start, end = _checked(cut, str(line["text"]), float(times[0]), float(times[1]))
        operations += add_text(cut.id, text, start, end, "subtitle", handle=f"text{number}")
    if not operations:
        raise ValueError("there are no lines to set; give some, each with text, start and end")
    after = edit(board, *operations, note="cut: subtitles")
    gone = [f"{len(old)} that there were are out"] if old else []
    return receipt(f"{len(lines)} subtitles are set", after, gone)


def _checked(cut: WorkingCut, text: str, start: float, end: float) -> tuple[str, float, float]:
    """The text and its times on the film's frames. Raises ValueError saying the range."""
    if not text.strip():
        raise ValueError("the text is empty; give words, or remove the text")
    first, last = cut.frame_at(start), cut.frame_at(end)
    if last == cut.frames + 1:  # a film's length, rounded up
        last = cut.frames
    if not 0 <= first < last <= cut.frames:
        raise ValueError(
            f"text {shown(text)} from {start:g} to {end:g} s is not on the film of {cut.seconds:.3f} s; "
            f"give 0 <= start < end <= {cut.seconds:.3f}"
        )
    return text.strip(), cut.seconds_at(first), cut.seconds_at(last)


def _overlaps(cut: WorkingCut, new: TextPiece) -> list[str]:
    return [
        f"it stands over {other.id} {shown(other.text)}"
        for other in cut.texts
        if other.id != new.id and other.place == new.place and other.start < new.end and new.start < other.end
    ]
