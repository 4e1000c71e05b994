"""Cards: plain pictures of one colour between shots or at the film's ends, with a text over them where one is
wanted.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace

from PIL import Image

from rushes.agent.cut.clips import number_of_new, receipt
from rushes.agent.cut.document import (
    ClipPiece,
    WorkingCut,
    add_clip,
    add_text,
    edit,
    follow_clips,
    need_cut,
    ripple,
    set_clip,
    shown,
)
from rushes.agent.cut.pieces import CARD
from rushes.agent.cut.sounding import bed_operations, music_ended
from rushes.agent.cut.words_on_film import colour_code
from rushes.agent.production import Production
from rushes.board.operations import Operation, SetFields

SIZE = (64, 64)  # pixels of a card's picture, which fills any frame
LONGEST = 600.0  # seconds
LIGHT = 140  # of 255: luma of a ground from which on its text is dark
DARK_TEXT = "#1c1c1e"


def put_card(
    production: Production, seconds: float, colour: str = "black", after: str | None = None, text: str = ""
) -> str:
    """Puts a card behind a clip, before all ("first") or at the end (None); it is cut to and from, also where shots
    crossfade. Its text is over it for all its length. Music goes on. Raises ValueError.
    """
    board, cut = production.board, need_cut(production.board)
    length = cut.on_grid(seconds) if math.isfinite(seconds) else math.inf
    if not cut.frame * 0.99 <= length <= LONGEST:
        raise ValueError(f"a card of {seconds:g} s; give one frame ({cut.frame:.3f} s) to {LONGEST:g} s")
    ground = colour_code(colour) or "#000000"
    named = "black" if ground == "#000000" else "".join(colour.split()).lower()
    number = number_of_new(cut, after)
    before = cut.clips[number - 1] if number else None
    at = cut.seconds if number == len(cut.clips) else cut.clips[number].at
    fade = before.fade if before is not None and number < len(cut.clips) else 0.0
    operations: list[Operation] = [set_clip(board, before, fade=0.0)] if before is not None and before.fade else []
    operations += add_clip(
        cut.id,
        board.put(_picture(ground), ".png"),
        label=f"{named} title{CARD}" if text.strip() else named + CARD,
        seconds=length,
        zoom=0.0,
        after=before.id if before is not None else "",
        handle="card",
    )
    if text.strip():
        look = {"colour": DARK_TEXT} if _luma(ground) >= LIGHT else {}
        operations += add_text(cut.id, text.strip(), at + fade, at + fade + length, clip="@card", **look)
    moved, _ = ripple(cut, (at, at, fade + length))
    aside, more = _beside(cut, at, fade, length)
    moved += aside
    new = ClipPiece(id="", blob="", seconds=length)
    cut_to = [replace(clip, fade=0.0) if clip is before else clip for clip in cut.clips[:number]]
    moved += follow_clips(cut, [*cut_to, new, *cut.clips[number:]])
    moved += bed_operations(production, cut, cut.seconds + fade + length, opened_at=at)
    after_it = edit(board, *operations, *moved, note=f"cut: a {named} card")
    made = next(clip for clip in after_it.clips if clip.id not in cut.pieces)
    words = [f"{t.id} {t.text!r} stands over it" for t in after_it.texts if t.clip == made.id]
    return receipt(
        f"{made.id} is a {named} card at {made.at:.3f} for {made.seconds:.3f} s",
        after_it,
        [*words, *more, *music_ended(cut, after_it)],
    )


def _beside(cut: WorkingCut, at: float, fade: float, length: float) -> tuple[list[Operation], list[str]]:
    """Texts that stood over the cut at which a card comes in stay on the side on which they were for longer."""
    operations: list[Operation] = []
    said: list[str] = []
    for text in cut.texts:
        if not text.start < at < text.end:
            continue
        start, end = text.start, at + fade
        if text.end - at > at - text.start:
            start, end = at + fade + length, text.end + fade + length
        operations.append(SetFields(id=text.id, fields={"start": start, "end": end}))
        said.append(f"{text.id} {shown(text.text)} now {start:.3f}-{end:.3f}, beside it")
    return operations, said


def _picture(colour: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", SIZE, colour).save(buffer, format="PNG")
    return buffer.getvalue()


def _luma(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue  # ITU-R BT.709
