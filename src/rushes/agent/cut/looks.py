"""How a clip looks and sounds where it stands: its crossfade and the level of its own sound."""

from __future__ import annotations

from dataclasses import replace

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import (
    ClipPiece,
    SoundPiece,
    WorkingCut,
    cut_node,
    edit,
    follow_clips,
    need_cut,
    ripple,
    set_clip,
)
from rushes.board.board import Board
from rushes.board.operations import SetFields

LEAST_DB, MOST_DB = -60.0, 24.0


def crossfade(board: Board, id: str, seconds: float) -> str:
    """Seconds over which a clip goes over into the next; of the last one, over which the film goes to black."""
    cut = need_cut(board)
    clip = cut.clip(id)
    if cut.place(clip) + 1 == len(cut.clips):
        return _to_black(board, cut, seconds)
    following = cut.clips[cut.place(clip) + 1]
    most = min(clip.seconds, following.seconds)
    if not 0 <= seconds <= most:
        raise ValueError(f"a crossfade of {seconds:g} s from {id} into {following.id}; give 0 to {most:.3f}, 0: a cut")
    fade, begin = cut.on_grid(seconds), following.at
    earlier = fade - clip.fade  # by so much the next one begins sooner
    moved, said = ripple(cut, (begin - earlier, begin, 0.0) if earlier > 0 else (begin, begin, -earlier))
    moved += follow_clips(cut, [replace(c, fade=fade) if c.id == id else c for c in cut.clips])
    after = edit(board, set_clip(board, clip, fade=fade), *moved, note=f"cut: fade {id}")
    done = f"{id} crossfades into {following.id} for {fade:.3f} s" if fade else f"{id} cuts to {following.id}"
    return receipt(done, after, said)


def _to_black(board: Board, cut: WorkingCut, seconds: float) -> str:
    if not 0 <= seconds <= cut.seconds:
        raise ValueError(f"a fade to black of {seconds:g} s; give 0 to {cut.seconds:.3f}")
    node = cut_node(board)
    assert node is not None
    timeline = {**node.fields.get("timeline", {}), "fade_out": cut.on_grid(seconds)}
    after = edit(board, SetFields(id=cut.id, fields={"timeline": timeline}), note="cut: fade to black")
    return receipt(f"it is the last clip: the film fades to black for {after.fade_out:.3f} s", after)


def set_volume(board: Board, id: str, gain_db: float) -> str:
    """Level of a clip's own sound, or of a sound, against how it was recorded. -60 and less: mute."""
    cut = need_cut(board)
    piece = cut.piece(id)
    if gain_db > MOST_DB:
        raise ValueError(f"{gain_db:g} dB would only be noise; give up to {MOST_DB:g}, 0 is as recorded")
    if isinstance(piece, ClipPiece):
        factor = 10 ** (gain_db / 20) if gain_db > LEAST_DB else 0.0
        after = edit(board, set_clip(board, piece, volume=round(factor, 6)), note=f"cut: volume {id}")
    elif isinstance(piece, SoundPiece):
        fields = {"gain_db": max(LEAST_DB, float(gain_db))}
        after = edit(board, SetFields(id=id, fields=fields), note=f"cut: volume {id}")
    else:
        raise ValueError(f"{id} is a text and has no sound; give a clip or a sound")
    return receipt(f"{id} is mute" if gain_db <= LEAST_DB else f"{id} at {gain_db:+g} dB", after)
