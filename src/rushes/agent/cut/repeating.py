"""A shot shown once more: another clip of the same part of the same source, as fast and with the same looks."""

from __future__ import annotations

from dataclasses import replace

from rushes.agent.cut.clips import number_of_new, part_of, receipt
from rushes.agent.cut.document import add_text, edit, follow_clips, need_cut, ripple, set_clip
from rushes.agent.cut.pieces import AGAIN, comes_again, is_card, own_span
from rushes.agent.cut.sounding import bed_operations, music_ended
from rushes.agent.production import Production
from rushes.board.operations import Operation


def show_again(production: Production, id: str, after: str | None = None) -> str:
    """Puts what a clip shows behind a clip, before all ("first") or at the end (None), into which it goes over as the
    clip there did. The text of a card comes with it; other texts stay where they are. Raises ValueError.
    """
    board, cut = production.board, need_cut(production.board)
    clip, number = cut.clip(id), number_of_new(cut, after)
    before = cut.clips[number - 1] if number else None
    last = number == len(cut.clips)
    at = cut.seconds if last else cut.clips[number].at
    fade = 0.0 if before is None or last else min(before.fade, cut.on_grid(clip.seconds / 2))
    label = clip.label if is_card(clip) or comes_again(clip) else f"{clip.label or clip.id}{AGAIN}"
    behind = before.id if before is not None else ""
    operations: list[Operation] = [set_clip(board, before, fade=0.0)] if before is not None and last else []
    operations += part_of(cut, replace(clip, label=label), 0.0, clip.seconds, fade=fade, after=behind, handle="again")
    moved, said = ripple(cut, (at, at, clip.seconds - fade))
    new = replace(clip, id="", fade=fade)
    moved += follow_clips(cut, [*cut.clips[:number], new, *cut.clips[number:]])
    for text in cut.texts:
        if is_card(clip) and text.clip == id and (text.start, text.end) == own_span(cut, clip):
            looks = {name: getattr(text, name) for name in ("middle", "size", "colour")}
            operations += add_text(cut.id, text.text, at, at + clip.seconds, text.place, clip="@again", **looks)
    moved += bed_operations(production, cut, cut.seconds + clip.seconds - fade, opened_at=at)
    after_it = edit(board, *operations, *moved, note=f"cut: {id} again")
    made = next(each for each in after_it.clips if each.id not in cut.pieces)
    done = f"{made.id} shows again what {id} shows, at {made.at:.3f} for {made.seconds:.3f} s"
    return receipt(done, after_it, [*said, *music_ended(cut, after_it)])
