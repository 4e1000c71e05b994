"""What to keep of a film that has to become shorter: whole sentences, the beginning, the end, something of every shot,
and the best of what is left.

The film is cut into pieces where a cut hurts nobody: at its own cuts and in pauses of speech. First every shot gets
its best piece, or every few shots in a row where there is no room for all. More pieces are chosen until they fill the
new length at a comfortable pace, then frames are shared out so that they add up exactly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from rushes.agent.rhythm import share_frames

SHORTEST = 1.0  # seconds of a kept span, where its shot has as much
QUICK, QUICKEST = (
    0.4,
    0.8,
)  # share of a quick shot that may be kept, if that is less, and seconds that are left at least
TELLING = 0.25  # share of a shot that tells it
TOLD = (1.2, 2.0)  # seconds that tell a shot at least, and at most
CONSIDERED = 6  # pieces of a part of the film that are weighed against each other
LONGEST_PIECE = 6.0  # seconds; a longer shot is offered in parts
COMFORT = 0.75  # share of a piece that is kept where there is room for more pieces
SLIVER = 0.8  # seconds of a shot; less looks like a mistake
USED_SHOT = 0.75  # factor on the value of a second piece of one shot


@dataclass(frozen=True, kw_only=True)
class Strip:
    """A film as an editor reads it; everything is counted in its frames."""

    fps: float
    worth: np.ndarray  # (T,) 0 to 1, of each frame; 0 is black
    cuts: tuple[int, ...]  # frames that begin a new shot, 0 left out
    speech: tuple[tuple[int, int], ...] = ()  # spans that a cut would hurt
    whole: tuple[tuple[int, int], ...] = ()  # spans that have to stay, uncut

    @property
    def frames(self) -> int:
        return len(self.worth)

    def speech_in(self, start: int, end: int) -> tuple[int, int] | None:
        """From the first to the last word, or what else must not be cut, within a span.

        With so much of the shots before and behind that they don't flash up under a first or a last syllable.
        """
        inside = [(a, b) for a, b in (*self.speech, *self.whole) if a < end and b > start]
        if not inside:
            return None
        first, last, sliver = min(a for a, _ in inside), max(b for _, b in inside), round(SLIVER * self.fps)
        first = min([first, *(cut - sliver for cut in self.cuts if first < cut < first + sliver)])
        last = max([last, *(cut + sliver for cut in self.cuts if last - sliver < cut < last)])
        return max(start, first), min(end, last)

    def speaks_at(self, frame: int) -> bool:
        """Whether a cut before this frame would be heard."""
        return any(a < frame < b for a, b in (*self.speech, *self.whole))

    def flashes_at(self, frame: int) -> bool:
        """Whether a cut here would leave too little of a shot on one side."""
        sliver, place = round(SLIVER * self.fps), bisect_left(self.cuts, frame)
        return any(0 < abs(cut - frame) < sliver for cut in self.cuts[max(0, place - 1) : place + 2])

    def has_to_stay(self, start: int, end: int) -> bool:
        return any(a < end and b > start for a, b in self.whole)


@dataclass(frozen=True, kw_only=True)
class Kept:
    start: int  # frame of the old film
    end: int  # exclusive
    why: str  # for people


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A span that can be kept whole or in part."""

    start: int  # frame
    end: int  # exclusive
    least: int  # frames that have to stay if any does
    shot: int  # number of the shot that it begins in
    broken: bool = False  # its words may be cut: nothing else fits

    @property
    def most(self) -> int:
        return self.end - self.start

    @property
    def comfort(self) -> int:
        return max(self.least, round(COMFORT * self.most))


def choose_spans(strip: Strip, frames: int) -> list[Kept]:
    """Spans in order that add up to exactly `frames`.

    Raises ValueError outside of 1 to the film's own length, and where what has to stay is longer.
    """
    if not 1 <= frames <= strip.frames:
        raise ValueError(f"{frames} frames can't be kept of {strip.frames}; give 1 to {strip.frames}")
    runs = _pick(strip, _pieces(strip), frames)
    shares = share_frames(
        frames, [float(run.comfort) for run in runs], [run.least for run in runs], [run.most for run in runs]
    )
    kept: list[Kept] = []
    for place, (run, share) in enumerate(zip(runs, shares, strict=True)):
        first, last = run.start == _first(strip), run.end == _last(strip)
        start = _window(strip, run, share, edge=run.start if first else run.end - share if last else None)
        first, last = first and start == run.start, last and start + share == run.end  # one run may be all of the film
        why = _why(strip, start, start + share, first=place == 0 and first, last=place == len(runs) - 1 and last)
        kept.append(Kept(start=start, end=start + share, why=why + (", cut within a sentence" if run.broken else "")))
    return _joined(kept)


def _pieces(strip: Strip) -> list[Piece]:
    black = np.flatnonzero(np.diff((strip.worth > 0).astype(int))) + 1
    edges = {0, strip.frames, *(cut for cut in (*strip.cuts, *black.tolist()) if not strip.speaks_at(cut))}
    found = []
    for start, end in pairwise(sorted(edges)):
        parts = [start, *_quiet_places(strip, start, end), end]
        found += [_piece(strip, a, b) for a, b in pairwise(parts)]
    return found


def _piece(strip: Strip, start: int, end: int) -> Piece:
    said = strip.speech_in(start, end)
    shortest = min(end - start, _shortest(strip, end - start))
    least = max(shortest, said[1] - said[0]) if said else shortest
    return Piece(start=start, end=end, least=least, shot=int(np.searchsorted(strip.cuts, start, side="right")))


def _shortest(strip: Strip, frames: int) -> int:
    """Frames of a span that has as many: a film of quick shots stays quick."""
    return round(min(SHORTEST, max(QUICKEST, QUICK * frames / strip.fps)) * strip.fps)


def _quiet_places(strip: Strip, start: int, end: int) -> list[int]:
    """Where a long shot is parted: in pauses, at the dullest moment near equal parts."""
    count = int((end - start) / (LONGEST_PIECE * strip.fps) + 0.5)
    reach, apart = round(LONGEST_PIECE / 2 * strip.fps), round(SHORTEST * strip.fps)
    found: list[int] = []
    for number in range(1, count):
        middle = start + (end - start) * number // count
        near = range(max(middle - reach, (found[-1] if found else start) + apart), min(middle + reach, end - apart))
        free = [frame for frame in near if not strip.speaks_at(frame) and not strip.flashes_at(frame)]
        if free:
            found.append(min(free, key=lambda frame: (strip.worth[frame] + 0.5 * abs(frame - middle) / reach, frame)))
    return found


def _pick(strip: Strip, pieces: list[Piece], frames: int) -> list[Piece]:
    """Pieces whose least and most lengths enclose `frames`; those that touch are one."""
    chosen: list[Piece] = []

    def fits(candidates: list[Piece]) -> bool:
        return sum(run.least for run in _runs(strip, candidates)) <= frames

    chosen += [piece for piece in pieces if strip.has_to_stay(piece.start, piece.end)]
    if not fits(chosen):
        seconds = sum(run.least for run in _runs(strip, chosen)) / strip.fps
        raise ValueError(f"what has to stay whole takes {seconds:.2f} s, {frames / strip.fps:g} s were asked for")
    ends = [piece for piece in pieces if piece.end == _last(strip) or piece.start == _first(strip)]
    for piece in (piece for piece in ends if piece not in chosen):
        if fits([*chosen, piece]):
            chosen.append(piece)
    for piece in _one_of_each(strip, pieces, chosen, frames):
        if fits([*chosen, piece]):
            chosen.append(piece)
    refused: list[Piece] = []
    while True:
        runs = _runs(strip, chosen)
        left = [piece for piece in pieces if piece not in chosen and piece not in refused]
        # Black is kept only where there is nothing else to fill the length with.
        shown = [piece for piece in left if strip.worth[piece.start : piece.end].any()]
        filled = sum(run.comfort if shown else run.most for run in runs) >= frames
        if filled or not left:
            break
        best = max(shown or left, key=lambda piece: _value(strip, piece, chosen, frames))
        (chosen if fits([*chosen, best]) else refused).append(best)
    if sum(piece.most for piece in chosen) < frames:
        chosen = _exchanged(strip, pieces, chosen, frames)
    return _runs(strip, chosen)


def _one_of_each(strip: Strip, pieces: list[Piece], chosen: list[Piece], frames: int) -> list[Piece]:
    """The best piece of every shot of which nothing is chosen; of every few shots where each would be but a flash."""
    shots: dict[int, list[Piece]] = {}
    for piece in pieces:
        if strip.worth[piece.start : piece.end].any():
            shots.setdefault(piece.shot, []).append(piece)
    numbers, most = list(shots), frames // max(1, round(QUICKEST * strip.fps))
    count = min(len(numbers), most)
    while count > 1:
        groups = [numbers[n * len(numbers) // count : (n + 1) * len(numbers) // count] for n in range(count)]
        found = list(chosen)
        for group in groups:
            if not any(_shows(strip, piece).intersection(group) for piece in found):
                found.append(_telling(strip, [piece for shot in group for piece in shots[shot]], found))
        if _tells(strip, found) <= frames:
            return found[len(chosen) :]
        count -= max(1, count // 20)
    return []


def _telling(strip: Strip, candidates: list[Piece], found: list[Piece]) -> Piece:
    """The best of the candidates for the room that it takes beside those found: two that touch are one, and share
    their words and the pause between these.
    """
    usual, before = TOLD[1] * strip.fps, _tells(strip, found)
    worth = {piece: float(strip.worth[piece.start : piece.end].mean()) for piece in candidates}
    best = sorted(candidates, key=lambda piece: -worth[piece] / max(usual, piece.least))[:CONSIDERED]
    return max(best, key=lambda piece: worth[piece] / max(usual, _tells(strip, [*found, piece]) - before))


def _shows(strip: Strip, piece: Piece) -> set[int]:
    """Numbers of the shots that a piece surely shows."""
    spoken = strip.speech_in(piece.start, piece.end) or (piece.start, piece.start)
    inside = [cut for cut in strip.cuts if spoken[0] < cut < spoken[1]]
    return {piece.shot, *(int(np.searchsorted(strip.cuts, cut, side="right")) for cut in inside)}


def _tells(strip: Strip, chosen: Sequence[Piece]) -> int:
    """Frames that tell what was chosen: most of a quick shot, a share of a slow one, whole sentences."""
    total = 0
    for run in _runs(strip, chosen):
        begin, end = (([0, *strip.cuts, strip.frames])[run.shot + step] for step in (0, 1))
        seconds = (end - begin) / strip.fps
        quick = max(QUICKEST, min(TOLD[0], 0.6 * seconds))
        wanted = round(min(TOLD[1], max(quick, TELLING * seconds)) * strip.fps)
        total += max(run.least, min(run.most, wanted))
    return total


def _exchanged(strip: Strip, pieces: list[Piece], chosen: list[Piece], frames: int) -> list[Piece]:
    """The best neighbour of a choice that leaves too few frames: one piece for another, or one with its words cut."""
    options: list[tuple[float, list[Piece]]] = []
    outside = [piece for piece in pieces if piece not in chosen]
    free = [piece for piece in chosen if not strip.has_to_stay(piece.start, piece.end)]
    for other in outside:
        broken = replace(other, least=min(other.most, round(SHORTEST * strip.fps)), broken=True)
        exchanges = [[*(kept for kept in chosen if kept is not gone), other] for gone in free]
        for cost, candidates in [*((0.0, exchange) for exchange in exchanges), (10.0, [*chosen, broken])]:
            runs = _runs(strip, candidates)
            if sum(run.least for run in runs) <= frames <= sum(run.most for run in runs):
                worth = sum(float(strip.worth[piece.start : piece.end].sum()) for piece in candidates)
                options.append((worth / strip.frames - cost, candidates))
    if options:
        return max(options, key=lambda option: option[0])[1]
    # Nothing but one long breath: the film is one piece that may be cut anywhere.
    return [Piece(start=0, end=strip.frames, least=1, shot=0, broken=True)]


def _value(strip: Strip, piece: Piece, chosen: list[Piece], frames: int) -> float:
    """What a piece adds to those chosen: its own worth, more where nothing near it and nothing of its shot is kept."""
    worth = float(strip.worth[piece.start : piece.end].mean())
    spacing = max(1.0, strip.frames * piece.comfort / frames)
    middle = (piece.start + piece.end) / 2
    away = min((abs(middle - (other.start + other.end) / 2) / spacing for other in chosen), default=1.0)
    again = any(other.shot == piece.shot for other in chosen)
    return worth * (0.4 + 0.6 * min(1.0, away)) * (USED_SHOT if again else 1.0)


def _runs(strip: Strip, chosen: Sequence[Piece]) -> list[Piece]:
    """The pieces in order; neighbours of one shot become one, so that nothing is cut out of its middle."""
    runs: list[Piece] = []
    for piece in sorted(chosen, key=lambda piece: piece.start):
        before = runs[-1] if runs else None
        if before is None or before.end != piece.start or piece.start in strip.cuts:
            runs.append(piece)
            continue
        whole = _piece(strip, before.start, piece.end)
        broken = before.broken or piece.broken
        least = before.least + piece.least if broken else max(whole.least, before.least)
        runs[-1] = replace(whole, least=min(least, whole.most), shot=before.shot, broken=broken)
    return runs


def _window(strip: Strip, run: Piece, share: int, edge: int | None) -> int:
    """The best begin of `share` frames within a run; `edge`: where the story would have it, as near as may be."""
    starts = np.arange(run.start, run.end - share + 1)
    said = strip.speech_in(run.start, run.end)
    allowed = np.ones(len(starts), bool)
    if said is not None and share >= said[1] - said[0]:
        allowed &= (starts <= said[0]) & (starts + share >= said[1])
    sliver = round(SLIVER * strip.fps)
    for cut in strip.cuts:
        for side in (starts, starts + share):
            clear = allowed & ((abs(side - cut) >= sliver) | (side == cut))
            allowed = clear if clear.any() else allowed
    allowed = allowed if allowed.any() else np.ones(len(starts), bool)
    if edge is not None:
        return int(min(starts[allowed], key=lambda start: abs(start - edge)))
    sums = np.concatenate([[0.0], np.cumsum(strip.worth[run.start : run.end])])
    worth = np.where(allowed, sums[share:] - sums[: len(starts)], -1.0)
    best = np.flatnonzero(worth >= worth.max() - 1e-9)
    return int(starts[best[len(best) // 2]])


def _first(strip: Strip) -> int:
    """The first frame that shows something."""
    shown = np.flatnonzero(strip.worth > 0)
    return int(shown[0]) if len(shown) else 0


def _last(strip: Strip) -> int:
    """Behind the last frame that shows something."""
    shown = np.flatnonzero(strip.worth > 0)
    return int(shown[-1]) + 1 if len(shown) else strip.frames


def _why(strip: Strip, start: int, end: int, *, first: bool, last: bool) -> str:
    reasons = [word for word, true in (("the beginning", first), ("the end", last)) if true]
    if strip.has_to_stay(start, end):
        reasons.append("it stays as asked")
    if any(a < end and b > start for a, b in strip.speech):
        reasons.append("somebody speaks")
    if float(strip.worth[start:end].mean()) > float(np.quantile(strip.worth, 0.6)):
        reasons.append("more happens than elsewhere")
    return ", ".join(reasons) or "the best of its part of the film"


def _joined(kept: list[Kept]) -> list[Kept]:
    """Spans that touch are one."""
    joined: list[Kept] = []
    for span in kept:
        if joined and joined[-1].end == span.start:
            joined[-1] = replace(joined[-1], end=span.end)
        else:
            joined.append(span)
    return joined
