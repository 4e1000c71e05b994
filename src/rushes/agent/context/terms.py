"""The words of an entry as search and policies see them: stemmed, numbers and board ids kept, cues of what is said."""

from __future__ import annotations

import re
from functools import lru_cache

WORD = re.compile(r"[a-z]+-\d+|\d+(?:[.:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")
COMMON = frozenset(
    "a an the this that these those it its he she they them his her their we us our you your i me my of in on at to "
    "from by for with as is are was were be been being am do does did done has have had will would can could should "
    "shall may might and or but if so then than there here what which who whom whose when where why how all any some "
    "no not yes please let just also about into out up down over again now very too only more most other one".split()
)
# A correction says that something said before holds no longer.
CORRECTION = re.compile(
    r"\b(no longer|not .{1,40}\bbut|instead|actually|rather than|after all|changed? (my|his|her|our|their) mind|"
    r"on second thought|scrap|forget|ignore what|correction|corrected|wrong|was a mistake|supersed\w+|"
    r"overrul\w+|replac\w+|scratch that|make (it|that|him|her|them)|changed?\b.{1,40}\bto|from now on|swap\w*|"
    r"switch\w*|other way (a?round))\b|^no\b",
    re.IGNORECASE,
)
# An instruction holds from where it is given to the end.
INSTRUCTION = re.compile(
    r"\b(always|never|must(n't)?|do not|don't|remember|from now on|every (shot|clip|title|time)|at all times|"
    r"under no circumstances|make sure|keep (it|the|all|every)|rule|throughout|no matter|at most|at least|only ever)\b",
    re.IGNORECASE,
)
NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][a-z]{2,}|\b[a-z]+-\d+\b|\"[^\"]{2,40}\"|\b[A-Z]{3,}\b")
NUMBER = re.compile(r"\d")
ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
# "the third shot", "the third one", "the 3rd in line": which of its kind.
ORDINAL = re.compile(rf"\b(?:({'|'.join(ORDINALS)})|(\d+)(?:st|nd|rd|th))\b(?: ([a-z]+))?", re.IGNORECASE)
COUNTED = ("shot", "clip", "take", "title", "note")  # kinds of things on the board that people count


@lru_cache(maxsize=20_000)
def terms(text: str) -> tuple[str, ...]:
    """Content words in order: "The foxes of clip-3 ran 2.5 s" -> ("fox", "clip-3", "ran", "2.5", "s")."""
    return tuple(stem(word) for word in WORD.findall(text.lower()) if word not in COMMON)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """One form for the forms of a regular English word; a word that has a digit stays as it is."""
    word = word.removesuffix("'s")
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    for ending, least in (("ing", 6), ("ed", 5)):
        if word.endswith(ending) and len(word) >= least:
            word = word[: -len(ending)]
            return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl" else _without_e(word)
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return _without_e(word[:-2])
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    return _without_e(word)


def _without_e(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


@lru_cache(maxsize=20_000)
def names(text: str) -> frozenset[str]:
    """What is called by a name: capitalised inside a sentence, in quotation marks, in capitals, or a board id."""
    return frozenset(found.strip('"').lower() for found in NAME.findall(text))


@lru_cache(maxsize=20_000)
def counted(text: str) -> frozenset[str]:
    """Board ids of what is told by its place: "the third take" -> take-3, "the third one" -> shot-3 or clip-3."""
    found = set()
    for word, digits, noun in ORDINAL.findall(text):
        place = int(digits) if digits else ORDINALS.index(word.lower()) + 1
        kinds = [kind for kind in COUNTED if stem(kind) == stem(noun.lower())]
        found |= {f"{kind}-{place}" for kind in kinds or ("shot", "clip")}
    return frozenset(found)


@lru_cache(maxsize=20_000)
def corrects(text: str) -> bool:
    return CORRECTION.search(text) is not None


@lru_cache(maxsize=20_000)
def instructs(text: str) -> bool:
    return INSTRUCTION.search(text) is not None


@lru_cache(maxsize=20_000)
def has_number(text: str) -> bool:
    return NUMBER.search(text) is not None
