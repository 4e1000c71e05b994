"""What came out against what was asked: each scorer looks at one thing and says in words what was lost."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher

import numpy as np

from rushes.agent.cut.document import WorkingCut, read_cut
from rushes.desk.footage import Footage
from rushes.desk.laid import BLACK, Heard, Laid, Piece, Words
from rushes.desk.task import Part, Result, Score
from rushes.desk.watched import LEAST_LIT, PLACES, Watched, plain

READ_LEAST = 0.75  # likeness of what is read to what was set, where the letters are too small to be read exactly
LOUDER = 2.0  # dB that a sound may be off
Scorer = Callable[[Result], Score]
Frame = tuple[str, int]

NO_FILM = Score(parts=(Part(name="film", value=0.0, reason="there is no film"),))


def watched(result: Result, footage: Iterable[Footage] = ()) -> Watched | None:
    return None if result.film is None else Watched(result.film, footage)


# Picture


def frame_share(film: Watched, wanted: Sequence[Frame]) -> float:
    """Share of the frames that show what they should; too many or too few count as wrong."""
    right = sum(shown == due for shown, due in zip(film.located(), wanted, strict=False))
    return right / max(len(wanted), film.count)


def changed_picture(film: Watched, wanted: Laid, before: Laid | None = None, name: str = "picture") -> Part:
    """Frame by frame as asked, where the untouched cut counts as nothing."""
    due = wanted.shown()
    worth = 0.0
    if before is not None:
        was = before.shown()
        worth = sum(a == b for a, b in zip(was, due, strict=False)) / max(len(was), len(due))
    assert worth < 1, "the wanted picture is the untouched one"
    share = frame_share(film, due)
    reason = f"{share:.0%} of {len(due)} frames show what was asked"
    if film.count != len(due):
        reason += f"; the film has {film.count}"
    return Part(name=name, value=max(0.0, (share - worth) / (1 - worth)), reason=reason)


def same_picture(film: Watched, wanted: Laid, name: str = "the rest of the picture") -> Part:
    share = frame_share(film, wanted.shown())
    return Part(name=name, value=share, reason=f"{share:.0%} of the frames are as they were", kept=True)


def exact_length(film: Watched, frames: int) -> Part:
    return Part(name="length", value=float(film.count == frames), reason=f"{film.count} frames, not {frames}")


def has_size(film: Watched, width: int, height: int) -> Part:
    """Of this shape."""
    right = abs(film.size[0] / film.size[1] / (width / height) - 1) < 0.02
    return Part(name="shape", value=float(right), reason=f"{film.size[0]}x{film.size[1]}, not {width}:{height}")


# Texts


def text_part(result: Result, film: Watched, words: Words, shown: Sequence[Frame], *, kept: bool = False) -> Part:
    """Exact text at exact frames, in its place: set so on the cut, and seen in the film."""
    missing = _text_on_cut(result, words) or _text_in_film(film, words, shown)
    return Part(name=f"text {words.text!r}", value=float(not missing), reason=missing, kept=kept)


def _text_on_cut(result: Result, words: Words) -> str:
    """What is wrong with it on the cut; empty where nothing is."""
    cut = read_cut(result.production.board)
    same = [text for text in cut.texts if text.text.strip() == words.text] if cut is not None else []
    if cut is None or not same:
        return "no such words are on the cut"
    spans = [(cut.frame_at(text.start), cut.frame_at(text.end)) for text in same]
    if (words.start, words.end) not in spans:
        return f"it stands at frames {spans[0][0]}-{spans[0][1]}, not {words.start}-{words.end}"
    return "" if any(text.place == words.place for text in same) else f"it is a {same[0].place}, not a {words.place}"


def _text_in_film(film: Watched, words: Words, shown: Sequence[Frame]) -> str:
    """What is wrong with it in the film. Titles fade in and out, so they are looked for inside of their span."""
    inside = min(1 if words.place == "subtitle" else 2, (words.end - words.start) // 4)
    looked = {
        "before": (words.start - 1, False),
        "at its begin": (words.start + inside, True),
        "at its end": (words.end - 1 - inside, True),
        "after": (words.end, False),
    }
    for where, (frame, there) in looked.items():
        if 0 <= frame < min(film.count, len(shown)):
            lit = film.lit(frame, shown[frame], words.place) >= LEAST_LIT
            if lit != there:
                return f"{'no text' if there else 'a text'} is seen {where}, frame {frame}"
        elif there:
            return f"the film ends before it, at frame {film.count}"
    read = film.read((words.start + words.end) // 2)
    wanted = plain(words.text)
    likeness = SequenceMatcher(None, read.replace(" ", ""), wanted.replace(" ", "")).ratio()
    return "" if wanted in read or likeness >= READ_LEAST else f"{read!r} is read"


def no_text(film: Watched, shown: Sequence[Frame], texts: Sequence[Words], *, kept: bool = True) -> Part:
    """Nothing stands where and when nothing was set."""
    wrong = []
    for frame in range(min(film.count, len(shown))):
        for place in PLACES:
            set_here = any(text.place == place and text.start <= frame < text.end for text in texts)
            if not set_here and film.lit(frame, shown[frame], place) >= 2 * LEAST_LIT:
                wrong.append(frame)
                break
    share = 1 - min(1.0, 4 * len(wrong) / max(1, film.count))
    where = f"{wrong[0]}-{wrong[-1]}" if wrong else ""
    return Part(name="no other text", value=share, reason=f"a text at frames {where} that nobody asked for", kept=kept)


# Sound


def levels(film: Watched, pieces: Sequence[tuple[Piece, int, int]], sounds: Sequence[Heard]) -> list[float]:
    """dB of each clip's tone and of each sound's, in its span."""
    found = [film.level(piece.footage.tone, first, end) for piece, first, end in pieces]
    return found + [film.level(heard.hz, heard.at, heard.at + heard.frames) for heard in sounds]


def sound_faults(film: Watched, wanted: Laid) -> list[str]:
    """The clips and sounds that are not as loud, against the film's other ones, as they should be."""
    spans = wanted.spans()
    due = [piece.gain_db if piece.footage.sounding else -np.inf for piece, *_ in spans]
    due += [heard.gain_db for heard in wanted.sounds]
    names = [f"{piece.footage.name} at {first / wanted.fps:.2f} s" for piece, first, _ in spans]
    names += [heard.label or "the sound" for heard in wanted.sounds]
    heard = levels(film, spans, wanted.sounds)
    loud = [a - b for a, b in zip(heard, due, strict=True) if b > -np.inf and a > -80]
    usual = float(np.median(loud)) if loud else 0.0  # the film's own loudness: the render sets it
    faults = []
    for name, level, wish in zip(names, heard, due, strict=True):
        if wish == -np.inf:
            if level > usual - 30:
                faults.append(f"{name} sounds")
        elif abs(level - wish - usual) > LOUDER:
            faults.append(f"{name} is {level - wish - usual:+.0f} dB off")
    return faults


def same_sound(film: Watched, wanted: Laid) -> Part:
    """Of clips and sounds that should sound as they did."""
    faults = sound_faults(film, wanted)
    count = len(wanted.pieces) + len(wanted.sounds)
    return Part(name="sound", value=1 - len(faults) / max(1, count), reason="; ".join(faults), kept=True)


# Shots


def cut_frames(shown: Sequence[Frame | None]) -> list[int]:
    """Frames at which another clip, or the same from elsewhere, begins."""
    found = []
    for i in range(1, len(shown)):
        before, now = shown[i - 1], shown[i]
        if before is None or now is None:
            continue
        if before[0] != now[0] or not -1 <= now[1] - before[1] <= 4:
            found.append(i)
    return found


def shot_order(shown: Sequence[Frame | None]) -> list[str]:
    """Names of the clips in order, as long as each shows."""
    found: list[str] = []
    for frame in shown:
        if frame is not None and frame != BLACK and (not found or found[-1] != frame[0]):
            found.append(frame[0])
    return found


def cut_of(result: Result) -> WorkingCut | None:
    return read_cut(result.production.board)


# Words


def said_part(result: Result, name: str, *patterns: str, within: Sequence[str] | None = None) -> Part:
    """Whether one thing that was said to the user meets every pattern."""
    spoken = result.said() if within is None else within
    for words in spoken:
        if all(re.search(pattern, words, re.IGNORECASE | re.DOTALL) for pattern in patterns):
            return Part(name=name, value=1.0)
    heard = f"only {spoken[-1][:80]!r}" if spoken else "nothing"
    return Part(name=name, value=0.0, reason=f"{heard} was said")


CANT = (  # that something is not to be had; a wish that was not understood was not refused
    r"^(?!.*understand).*(can('|no)?t|cannot|unable|not possible|impossible|isn't|is not|no such|not there|don't have|"
    r"do not have|has no|there is no|nothing (is|was)|was not|wasn't|not given|not handed|not done|won't|not able|"
    r"too short|runs out|behind the end|after the end|past the end)"
)
SHORT_OF = (
    r"budget|\bcap\b|cost|afford|money|\$|dollar",
    r"not enough|insufficient|exceed|over |beyond|more than|too (much|little|expensive|dear|small|low)|short|only|"
    r"can('|no)?t|cannot|won't|does not|doesn't|isn't|not cover|less than|raise",
)
