"""A text for each clip, over its own time: who is in it, where it is, its number, what happens, or the same words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import ClipPiece, TextPiece, WorkingCut, add_text, edit, need_cut, shown
from rushes.agent.cut.pieces import is_card, own_span
from rushes.agent.cut.subjects import names_in, place_in, scene_of
from rushes.agent.cut.words_on_film import HEIGHTS
from rushes.agent.production import Production
from rushes.board.operations import Operation, RemoveNode

TELLS = ("name", "place", "number", "story", "text", "nothing")
GROUPS = ("animal", "person", "vehicle", "food", "thing", "plant")
MOST_TOLD = 8  # texts that an answer lists
LEAST = 0.3  # seconds of a clip's own in which a text can be seen


def label(
    production: Production,
    tells: str,
    clips: Sequence[str] = (),
    place: str = "lower",
    height: str = "",
    group: str = "",
    text: str = "",
) -> str:
    """Puts the texts on as one change; texts that told the same before go. tells "nothing": they only go.

    clips: ids; all but cards where none is named. group: of the cast, in names. Clips of which nobody knows what to
    write are named in the answer. Raises ValueError where no clip gets a text.
    """
    board, cut = production.board, need_cut(production.board)
    named = [cut.clip(id) for id in dict.fromkeys(clips)]
    meant = named or [clip for clip in cut.clips if not is_card(clip)]
    gone = _told_before(cut, meant, tells)
    operations: list[Operation] = [RemoveNode(id=old.id) for old in gone]
    if tells == "nothing":
        if not gone:
            raise ValueError("no clip has a label; nothing was changed")
        return receipt(f"{len(gone)} labels are out", edit(board, *operations, note="cut: no labels"))
    if tells == "text" and not text.strip():
        raise ValueError("say the text that each clip should have")
    words = {clip.id: text.strip() or _words(production, cut, clip, tells, group) for clip in meant}
    taken = [other for other in cut.texts if other not in gone and other.place == place]
    left = {clip.id: why for clip in meant if (why := _why_not(cut, clip, words[clip.id], group or tells, taken))}
    said = [f"without one: {', '.join(_called(cut, left, why))}, {why}" for why in dict.fromkeys(left.values())]
    if len(left) == len(meant):
        raise ValueError(f"no clip gets a text: {'; '.join(said).replace('without one: ', '')}")
    look: dict[str, Any] = {"middle": HEIGHTS[height]} if height and place == "title" else {}
    for number, clip in enumerate((clip for clip in meant if clip.id not in left), 1):
        more = {"handle": f"label{number}", "clip": clip.id, "tells": tells, **look}
        operations += add_text(cut.id, words[clip.id], *own_span(cut, clip), place, **more)
    after = edit(board, *operations, note=f"cut: label by {tells}")
    new = [piece for piece in after.texts if piece.id not in cut.pieces]
    told = [f"{piece.id} {shown(piece.text)} {piece.start:.3f}-{piece.end:.3f}" for piece in new]
    more_told = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    old = [f"{len(gone)} that told the same before are out"] if gone else []
    return receipt(", ".join([*told[:MOST_TOLD], *more_told]), after, [*said, *old])


def _told_before(cut: WorkingCut, clips: Sequence[ClipPiece], tells: str) -> list[TextPiece]:
    """The labels of these clips that tell the same; all of them for "nothing"."""
    ids = {clip.id for clip in clips}
    return [text for text in cut.texts if text.tells and text.clip in ids and tells in (text.tells, "nothing")]


def _called(cut: WorkingCut, left: dict[str, str], why: str) -> list[str]:
    """For people: the clips that are left out for this reason."""
    clips = [cut.clip(id) for id, other in left.items() if other == why]
    return [f"{clip.id} ({clip.label})" if clip.label else clip.id for clip in clips]


def _words(production: Production, cut: WorkingCut, clip: ClipPiece, tells: str, group: str) -> str:
    """What is to be written over a clip; "" where nobody knows."""
    if tells == "number":
        return str([other.id for other in cut.clips if not is_card(other) or other is clip].index(clip.id) + 1)
    if tells == "story":
        return str(production.board.node(clip.shot).fields.get("text", "")).strip() if clip.shot else ""
    scene = scene_of(production, clip)
    if scene is None:
        return ""
    if tells == "place":
        return place_in(production, scene, clip)
    names = names_in(production, scene, group)
    if not scene.cast and not group:
        return place_in(production, scene, clip)
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _why_not(cut: WorkingCut, clip: ClipPiece, words: str, tells: str, taken: Sequence[TextPiece]) -> str:
    """Why a clip can't have the text, in words; "" where it can. Raises ValueError where another label is there."""
    if not words:
        known = bool(clip.take or clip.shot)
        return f"of which no {tells} is known" if known else "of which nobody has said what it shows"
    start, end = own_span(cut, clip)
    if end - start < LEAST:
        return f"seen alone for less than {LEAST:g} s"
    there = next((other for other in taken if other.start < end and start < other.end), None)
    if there is None:
        return ""
    if there.tells:
        raise ValueError(
            f"{there.id} {shown(there.text)} stands over {clip.id} in that place already; give another place, such as "
            'place="title", height="top", or label(tells="nothing") first'
        )
    return f"over which {there.id} {shown(there.text)} stands in that place"
