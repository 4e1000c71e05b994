"""What a brief says of the film itself, before it says what is seen: "a vertical 12 second film about a fox"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rushes.agent.film_look import read_look
from rushes.agent.shape import FILM, named_shape
from rushes.agent.shot_list import Listed, length_of, read_shot_list
from rushes.agent.titled import QUOTED, read_title

NUMBERS = {"half a": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
NUMBERS |= {"six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "fifteen": 15.0, "twenty": 20.0}
NUMBERS |= {"thirty": 30.0, "forty": 40.0, "forty-five": 45.0, "sixty": 60.0, "ninety": 90.0}
UNITS = {"s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0}
LENGTH = rf"\b(\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})[ -]?(s|sec|second|min|minute)s?\b"
ORDER = r"(?:(?:please|kindly) )?(?:make|create|produce|shoot|animate|direct|give|i want|i need|we need|i'd like)"
WORD = (  # may stand before "film": all of these say how it is made, not what is seen
    rf"(?:(?:[\d.]+ ?[:x×/] ?\d+|{LENGTH}|an?|the|one|my|our|us|me|short|long|little|brief|quick|nice|funny|animated|"
    r"silent|classic|vertical|upright|tall|portrait|square|quadratic|landscape|horizontal|wide ?screen|cinemascope|"
    r"exactly|about)\b)"
)
MORE = rf"(?:(?:{WORD}|for|in|of|at|lasting|that lasts|format|stories|story|reels?|tiktok|instagram|shorts)\b)"
TOLD = r"(?: ?[:,–-]| (?:about|of|on|showing|that (?:shows|tells)|which (?:shows|tells)|in which|where|with))"
SETTINGS = frozenset(  # words of a sentence that only says how long the film is, or of what shape
    (
        "a about aspect at be create direct duration exactly film for format hd i in instagram is it it's let's length "
        "like long make me more most movie must my need no of on orientation our over please portrait produce ratio "
        "reel reels resolution roughly seconds second short shorts should size story than the this tiktok to total "
        "under up vertical video want we with would youtube"
    ).split()
)
HEAD = re.compile(rf"^(?:{ORDER} )?(?:{WORD},? ){{0,9}}{FILM}\b(?:,? {MORE}){{0,9}}{TOLD} +(?=\S)", re.IGNORECASE)
CLOSING = re.compile(
    rf"(?:(?<=[.!?;:\n])\s*|,? (?:and|then) |^)(?:it |the film )?(?:ends?|finish(?:es)?|closes?) (?:with|on)"
    rf"(?: the)?(?: words| text| title| line| slogan| caption| claim)?:? {QUOTED}\.?",
    re.IGNORECASE,
)
BEFORE = re.compile(rf"^(?:in |about |exactly )?{LENGTH} ?[,:–-] *(?=\S)", re.IGNORECASE)  # "10 seconds: a whale"
BEHIND = re.compile(rf"(?<=\S) ?[,(–-] ?(?:in |about |exactly )?{LENGTH}(?: long| in all)?\)?[.!]?$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    story: str  # the brief without the words that say what film it is
    title: str = ""  # empty where nobody says
    closing: str = ""  # the text that it ends with
    shots: tuple[Listed, ...] = ()  # those that the brief lists, where it does
    aspect: str = ""  # "9:16"; empty where nobody says
    look: str = ""  # black_and_white or sepia, of the whole film; empty where nobody says
    seconds: float | None = None  # None where nobody says


def read_asked(brief: str) -> Asked:
    """The film and the story told apart. A brief that begins with its story is all story."""
    aspect = named_shape(brief)
    brief, title = read_title(brief)
    told, look = read_look(brief)
    brief = told or brief
    brief, settings = _without_settings(brief)
    closing = CLOSING.search(brief)
    if closing is not None:
        brief = f"{brief[: closing.start()]}{brief[closing.end() :]}".strip()
    shots = read_shot_list(brief)
    head = HEAD.match(brief) or BEFORE.match(brief)
    said = head[0] if head else ""
    if not shots and (tail := BEHIND.search(brief, len(said))) is not None:
        brief, settings = brief[: tail.start()], f"{settings} {tail[0]}"
    return Asked(
        story=brief[len(said) :],
        title=title,
        closing="" if closing is None else closing["quoted"].strip(),
        shots=shots,
        aspect=aspect,
        look=look,
        seconds=_seconds(said) or _seconds(settings) or length_of(shots),
    )


def _without_settings(brief: str) -> tuple[str, str]:
    """The brief without sentences such as "Make it 15 seconds, vertical", and these; a brief of nothing else stays."""
    kept: list[str] = []
    settings: list[str] = []
    for part in re.split(r"((?<=[.!;])\s+|\n+)", brief):
        (settings if _is_setting(part) else kept).append(part)
    story = "".join(kept).strip()
    return (story, " ".join(settings)) if story else (brief, "")


def _is_setting(sentence: str) -> bool:
    rest = re.sub(rf"{LENGTH}|[\d.]+ ?[:x×/] ?\d+", " ", sentence.lower())
    told = re.search(LENGTH, sentence.lower()) or named_shape(sentence)
    words = re.findall(r"[\w']+", rest)
    return bool(told) and all(word in SETTINGS or named_shape(f"a {word} film") for word in words)


def _seconds(said: str) -> float | None:
    length = re.search(LENGTH, said.lower())
    return None if length is None else (NUMBERS.get(length[1]) or float(length[1])) * UNITS[length[2]]
