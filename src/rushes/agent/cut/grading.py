"""The colours of clips: a look by its name, or numbers, for one clip, several, or the whole film."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import edit, need_cut, set_clip
from rushes.board.board import Board
from rushes.media.grade import RANGES, Grade
from rushes.media.looks import LOOKS, MOST_AMOUNT, in_words, with_look


def grade(
    board: Board, clips: Sequence[str] | None = None, look: str = "", amount: float = 1.0, **numbers: float
) -> str:
    """clips: their ids; None: all. look: one of LOOKS, `amount` times; numbers: fields of a Grade, after the look."""
    cut = need_cut(board)
    if clips is not None and not clips:
        raise ValueError("clips is empty; give ids such as clip-2, or leave it out for the whole film")
    if not look and not numbers:
        ranges = ", ".join(f"{name} {low:g} to {high:g}" for name, (low, high) in RANGES.items())
        raise ValueError(f"say how the colours should be: a look ({', '.join(LOOKS)}) or numbers ({ranges})")
    if look and look not in LOOKS:
        raise ValueError(f"there is no look {look[:40]!r}; there are {', '.join(LOOKS)}")
    if not 0 < amount <= MOST_AMOUNT:
        raise ValueError(f"amount is {amount:g} times the look; give more than 0 and up to {MOST_AMOUNT:g}")
    named = [cut.clip(str(id)) for id in dict.fromkeys(clips)] if clips is not None else list(cut.clips)
    graded = {clip: replace(with_look(clip.grade, look, amount) if look else clip.grade, **numbers) for clip in named}
    changed = {clip: new for clip, new in graded.items() if new != clip.grade}
    same = {clip.id: clip.grade for clip in graded if clip not in changed}
    said = _shown({clip.id: new for clip, new in changed.items()}, whole=len(changed) == len(cut.clips) > 1)
    said += [f"{part} already" for part in _shown(same, whole=len(same) == len(cut.clips) > 1)]
    if not changed:
        return receipt("; ".join([*said, "nothing was changed"]), cut)
    operations = [set_clip(board, clip, grade=new.changes()) for clip, new in changed.items()]
    what = next(iter(changed)).id if len(changed) == 1 else f"{len(changed)} clips"
    unseen = [clip.id for clip, new in changed.items() if _grey(new) and new.warmth != clip.grade.warmth]
    if unseen:
        said.append(f"{', '.join(unseen)} has no colours that could be seen to be warmer or cooler; sepia tones it")
    return receipt("; ".join(said), edit(board, *operations, note=f"cut: grade {what}"))


def _shown(grades: dict[str, Grade], *, whole: bool) -> list[str]:
    """Which clips are shown how, those that are shown alike together. whole: they are all that there are."""
    by_words: dict[str, list[str]] = {}
    for id, new in grades.items():
        by_words.setdefault(in_words(new), []).append(id)
    found = []
    for words, ids in by_words.items():
        names = f"all {len(ids)} clips" if whole and len(by_words) == 1 else ", ".join(ids)
        found.append(f"{names} {'is' if len(ids) == 1 else 'are'} shown {words}")
    return found


def _grey(grade: Grade) -> bool:
    return grade.saturation == 0 or grade.sepia == 1
