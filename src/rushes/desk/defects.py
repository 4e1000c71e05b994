"""What goes wrong in a cut, planted one by one: each plant spoils a clean cut and knows when it is mended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rushes.desk.footage import NAMES, Footage
from rushes.desk.laid import BLACK, Laid, Piece
from rushes.desk.scorers import LOUDER, Frame, shot_order, text_part
from rushes.desk.task import Call, Part, Result
from rushes.desk.watched import Watched

LOUD_DB, CLIPPED_DB = 9.0, 23.0  # a jump in loudness; and one that takes a clip's own sound over full scale
LATE = 9  # frames that a subtitle comes after its words
STILL = 9  # frames that are black, or stand still


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One defect. `clean` is the cut as it should be, which all plants of a task share."""

    name: str
    spoil: Callable[[Laid], Laid]
    mended: Callable[[Result, Watched, Laid], tuple[float, str]]  # with the clean cut: 0 to 1, and what is still wrong
    mend: Callable[[Laid], list[Call]]  # the calls that mend it, given the spoilt cut
    clips: tuple[str, ...] = ()  # names of the clips that it touches
    texts: tuple[int, ...] = ()  # numbers of the texts that it touches, from 0
    given: tuple[Footage, ...] = ()  # files handed in with which it can be mended

    def part(self, result: Result, film: Watched, clean: Laid) -> Part:
        value, reason = self.mended(result, film, clean)
        return Part(name=f"{self.name} mended", value=value, reason=reason)


def _replaced(laid: Laid, place: int, *pieces: Piece) -> Laid:
    return laid.with_pieces(*laid.pieces[:place], *pieces, *laid.pieces[place + 1 :])


def _place(laid: Laid, name: str) -> int:
    return next(i for i, piece in enumerate(laid.pieces) if piece.footage.name == name)


def _damaged(clip: Footage, at: int, shown: Sequence[int]) -> Footage:
    """The clip with these frames put in before frame `at`."""
    order = (*range(at), *shown, *range(at, clip.frames))
    return replace(clip, frames=len(order), shown=tuple(order), file=f"{clip.name}_edit.mp4")


def black(name: str, at: int = 12) -> Planted:
    """Frames of black within a clip. Cutting them out makes the cut whole again."""

    def spoil(laid: Laid) -> Laid:
        place = _place(laid, name)
        clip = _damaged(laid.pieces[place].footage, at, (-1,) * STILL)
        return _replaced(laid, place, replace(laid.pieces[place], footage=clip, frames=clip.frames))

    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        count = sum(shown == BLACK for shown in film.located())
        return float(count == 0 and _run(film, clean, name) > 0.9), f"{count} frames are black"

    def mend(spoilt: Laid) -> list[Call]:
        first = _first(spoilt, name) + at
        return [("remove_span", {"start": first / spoilt.fps, "end": (first + STILL) / spoilt.fps})]

    return Planted(name="black", spoil=spoil, mended=mended, mend=mend, clips=(name,))


def frozen(name: str, at: int = 12) -> Planted:
    """A picture that stands still for a while and then goes on."""

    def spoil(laid: Laid) -> Laid:
        place = _place(laid, name)
        clip = _damaged(laid.pieces[place].footage, at, (at - 1,) * STILL)
        return _replaced(laid, place, replace(laid.pieces[place], footage=clip, frames=clip.frames))

    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        shown = film.located()
        still = sum(a is not None and a == b for a, b in pairwise(shown))
        return float(still <= 1 and _run(film, clean, name) > 0.9), f"the picture stands still for {still} frames"

    def mend(spoilt: Laid) -> list[Call]:
        first = _first(spoilt, name) + at
        return [("remove_span", {"start": first / spoilt.fps, "end": (first + STILL) / spoilt.fps})]

    return Planted(name="frozen", spoil=spoil, mended=mended, mend=mend, clips=(name,))


def _off(name: str, gain_db: float, what: str) -> Planted:
    """A clip's own sound at a wrong level."""

    def spoil(laid: Laid) -> Laid:
        place = _place(laid, name)
        return _replaced(laid, place, replace(laid.pieces[place], gain_db=gain_db))

    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        levels = _levels(film, clean)
        away = levels.get(name, -120.0) - median(levels.values()) if levels else -120.0
        return float(abs(away) <= LOUDER), f"{name} is {away:+.0f} dB off"

    def mend(spoilt: Laid) -> list[Call]:
        return [("volume", {"clip": f"clip-{_place(spoilt, name) + 1}", "gain_db": 0.0})]

    return Planted(name=what, spoil=spoil, mended=mended, mend=mend, clips=(name,))


def silent(name: str) -> Planted:
    return _off(name, float("-inf"), "silent")


def loud(name: str) -> Planted:
    return _off(name, LOUD_DB, "loudness")


def clipped(name: str) -> Planted:
    return _off(name, CLIPPED_DB, "clipped")


def late(text: int) -> Planted:
    """A subtitle that comes after its words are spoken."""

    def spoil(laid: Laid) -> Laid:
        words = laid.texts[text]
        moved = replace(words, start=words.start + LATE, end=words.end + LATE)
        return laid.with_texts(*laid.texts[:text], moved, *laid.texts[text + 1 :])

    def mend(spoilt: Laid) -> list[Call]:
        words = spoilt.texts[text]
        times = {"start": (words.start - LATE) / spoilt.fps, "end": (words.end - LATE) / spoilt.fps}
        return [("retext", {"id": f"title-{text + 1}", **times})]

    return Planted(name="late", spoil=spoil, mended=_text_right(text), mend=mend, texts=(text,))


def misspelt(text: int, wrong: str) -> Planted:
    right: list[str] = []  # what stood there, once it is spoilt

    def spoil(laid: Laid) -> Laid:
        right.append(laid.texts[text].text)
        words = replace(laid.texts[text], text=wrong)
        return laid.with_texts(*laid.texts[:text], words, *laid.texts[text + 1 :])

    def mend(spoilt: Laid) -> list[Call]:
        return [("retext", {"id": f"title-{text + 1}", "text": right[0]})]

    return Planted(name="spelling", spoil=spoil, mended=_text_right(text), mend=mend, texts=(text,))


def _text_right(text: int) -> Callable[[Result, Watched, Laid], tuple[float, str]]:
    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        part = text_part(result, film, clean.texts[text], clean.shown())
        return float(part.value == 1), part.reason

    return mended


def wrong_one(name: str, other: str) -> Planted:
    """Another clip stands where the plan has this one, which was handed in too."""

    def spoil(laid: Laid) -> Laid:
        place = _place(laid, name)
        right = laid.pieces[place].footage
        return _replaced(laid, place, replace(laid.pieces[place], footage=replace(right, name=other)))

    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        share = _run(film, clean, name)
        stray = other in shot_order(film.located())
        return 0.0 if stray else share, f"{other} is still there" if stray else f"{share:.0%} of {name} is there"

    def mend(spoilt: Laid) -> list[Call]:
        return [("replace", {"clip": f"clip-{_place(spoilt, other) + 1}", "by": f"{name}.mp4"})]

    assert other in NAMES
    return Planted(name="character", spoil=spoil, mended=mended, mend=mend, clips=(name,))


def disorder(name: str) -> Planted:
    """A clip stands behind the one that should follow it."""

    def spoil(laid: Laid) -> Laid:
        place = _place(laid, name)
        one, two = laid.pieces[place : place + 2]
        return laid.with_pieces(*laid.pieces[:place], two, one, *laid.pieces[place + 2 :])

    def mended(result: Result, film: Watched, clean: Laid) -> tuple[float, str]:
        names = [piece.footage.name for piece in clean.pieces]
        shown = [each for each in shot_order(film.located()) if each in names]
        before = names[names.index(name) + 1]
        right = name in shown and before in shown and shown.index(before) == shown.index(name) + 1
        return float(right), f"the order is {', '.join(shown)}"

    def mend(spoilt: Laid) -> list[Call]:
        # `name` is at its wrong place; the one before it goes behind it.
        place = _place(spoilt, name)
        return [("move", {"clip": f"clip-{place}", "after": f"clip-{place + 1}"})]

    return Planted(name="order", spoil=spoil, mended=mended, mend=mend)


# What nobody should touch


def untouched(result: Result, film: Watched, clean: Laid, planted: Sequence[Planted]) -> list[Part]:
    """Everything that no plant touched is as in the clean cut: frames, sound, texts."""
    spoilt = {name for plant in planted for name in plant.clips}
    pieces = [piece for piece in clean.pieces if piece.footage.name not in spoilt]
    runs = [_run(film, clean, piece.footage.name) for piece in pieces]
    picture = Part(
        name="other shots",
        value=sum(runs) / len(runs),
        reason=", ".join(p.footage.name for p, run in zip(pieces, runs, strict=True) if run < 0.999) + " changed",
        kept=True,
    )
    parts = [picture, _levels_kept(film, pieces, clean)]
    texts = {number for plant in planted for number in plant.texts}
    for number, words in enumerate(clean.texts):
        if number not in texts:
            parts.append(text_part(result, film, words, clean.shown(), kept=True))
    cut = [node.fields["text"] for node in result.production.board.nodes("title")]
    none_new = len(cut) <= len(clean.texts)
    parts.append(Part(name="no new text", value=float(none_new), reason=f"{cut}", kept=True))
    same = film.size == (clean.width, clean.height)
    return [*parts, Part(name="size", value=float(same), reason=f"{film.size}", kept=True)]


def _levels_kept(film: Watched, pieces: Sequence[Piece], clean: Laid) -> Part:
    """Their loudness against each other, and that of what sounds beside them."""
    names = [piece.footage.name for piece in pieces]
    levels = {name: level for name, level in _levels(film, clean).items() if name in names}
    levels |= {heard.label: film.level(heard.hz, heard.at, heard.at + heard.frames) for heard in clean.sounds}
    usual = median(levels.values()) if levels else 0.0
    wrong = [name for name, level in levels.items() if abs(level - usual) > LOUDER]
    value = 1 - len(wrong) / max(1, len(names) + len(clean.sounds))
    return Part(name="other sound", value=value, reason=f"{', '.join(wrong)} is louder or quieter", kept=True)


def _levels(film: Watched, clean: Laid) -> dict[str, float]:
    """dB of each clip's own tone where it stands in the film."""
    shown, found = film.located(), {}
    for piece in clean.pieces:
        own = [i for i, frame in enumerate(shown) if frame is not None and frame[0] == piece.footage.name]
        if own:
            found[piece.footage.name] = film.level(piece.footage.tone, own[0], own[-1] + 1)
    return found


def _run(film: Watched, clean: Laid, name: str) -> float:
    """Share of a clip's frames that follow one another in the film as in the clean cut; what is too much counts too."""
    due = next(piece.shown() for piece in clean.pieces if piece.footage.name == name)
    shown = film.located()
    own: list[Frame] = [frame for frame in shown if frame is not None and frame[0] == name]
    first = next((i for i, frame in enumerate(shown) if frame is not None and frame[0] == name), 0)
    right = sum(a == b for a, b in zip(shown[first:], due, strict=False))
    return right / max(len(due), len(own))


def _first(laid: Laid, name: str) -> int:
    """Frame of the film at which a clip begins."""
    return next(first for piece, first, _ in laid.spans() if piece.footage.name == name)
