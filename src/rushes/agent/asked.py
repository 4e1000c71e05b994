"""What a brief says of the film itself, before it says what is seen: "a vertical 12 second film about a fox"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rushes.agent.shape import FILM, named_shape

NUMBERS = {"half a": 0.5, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0}
NUMBERS |= {"six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0, "fifteen": 15.0, "twenty": 20.0}
NUMBERS |= {"thirty": 30.0, "forty": 40.0, "forty-five": 45.0, "sixty": 60.0, "ninety": 90.0}
UNITS = {"s": 1.0, "sec": 1.0, "second": 1.0, "m": 60.0, "min": 60.0, "minute": 60.0}
LENGTH = rf"\b(\d+(?:\.\d+)?|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})[ -]?(s|sec|second|min|minute)s?\b"
ORDER = r"(?:(?:please|kindly) )?(?:make|create|produce|shoot|animate|direct|give|i want|i need|we need|i'd like)"
WORD = (  # may stand before "film": all of these say how it is made, not what is seen
    rf"(?:(?:[\d.]+ ?[:x×/] ?\d+|{LENGTH}|an?|the|one|my|our|us|me|short|long|little|brief|quick|nice|funny|animated|"
    r"vertical|upright|tall|portrait|square|quadratic|landscape|horizontal|wide ?screen|cinemascope|exactly|about)\b)"
)
MORE = rf"(?:(?:{WORD}|for|in|of|at|lasting|that lasts|format|stories|story|reels?|tiktok|instagram|shorts)\b)"
TOLD = r"(?: ?[:,–-]| (?:about|of|on|showing|that (?:shows|tells)|which (?:shows|tells)|in which|where|with))"
HEAD = re.compile(rf"^(?:{ORDER} )?(?:{WORD},? ){{0,9}}{FILM}\b(?:,? {MORE}){{0,9}}{TOLD} +(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Asked:
    story: str  # the brief without the words that say what film it is
    aspect: str = ""  # "9:16"; empty where nobody says
    seconds: float | None = None  # None where nobody says


def read_asked(brief: str) -> Asked:
    """The film and the story told apart. A brief that begins with its story is all story."""
    head = HEAD.match(brief)
    said = head[0] if head else ""
    length = re.search(LENGTH, said.lower())
    return Asked(
        story=brief[len(said) :],
        aspect=named_shape(brief),
        seconds=None if length is None else (NUMBERS.get(length[1]) or float(length[1])) * UNITS[length[2]],
    )
