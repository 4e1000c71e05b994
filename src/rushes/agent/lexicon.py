"""Looks up what a word of a brief means in the backlot's vocabulary: word forms, synonyms, the nearest known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from functools import cache

from rushes.agent.words import HOMES, IRREGULAR, MOODS, NEAR_KINDS, VERBS
from rushes.backlot.cast import BY_NAME, KINDS
from rushes.backlot.world import World


@cache
def kind_words() -> dict[str, str]:
    """Every word (singular) that names a kind of the cast."""
    words = {kind.name: kind.name for kind in KINDS}
    for kind in KINDS:
        for word in kind.words:
            words.setdefault(word.replace("-", " "), kind.name)
    return words


def forms(word: str) -> list[str]:
    """Base forms that an English word may come from, likeliest first: "carries" -> carries, carry, carrie."""
    found = [word]
    if word in IRREGULAR:
        found.append(IRREGULAR[word])
    stems = []
    if word.endswith("'s"):
        stems.append(word[:-2])
    if word.endswith("ies") or word.endswith("ied"):
        stems.append(word[:-3] + "y")
    if word.endswith("es") or word.endswith("ed"):
        stems += [word[:-1], word[:-2]]
    if word.endswith("s") and not word.endswith("ss"):
        stems.append(word[:-1])
    if word.endswith("ing") and len(word) > 5:
        stems += [word[:-3], word[:-3] + "e"]
    doubled = [stem[:-1] for stem in stems if len(stem) > 3 and stem[-1] == stem[-2]]
    return list(dict.fromkeys(found + stems + doubled))


def find_kind(word: str) -> str | None:
    """The kind that a word or phrase names, in singular or plural."""
    known = kind_words()
    return next((known[form] for form in forms(word) if form in known), None)


def near_kind(word: str) -> str | None:
    """The kind that can play what the cast lacks, by meaning, or by spelling where the word is mistyped."""
    for form in forms(word):
        if form in NEAR_KINDS:
            return NEAR_KINDS[form]
    if len(word) < 5:
        return None
    close = difflib.get_close_matches(word, list(kind_words()), n=1, cutoff=0.79 if len(word) > 6 else 0.84)
    return kind_words()[close[0]] if close else None


def find_motions(word: str) -> tuple[str, ...] | None:
    """The motions that a verb in any form means."""
    return next((VERBS[form] for form in forms(word) if form in VERBS), None)


def known_kind(kind: str, world: World | None) -> str | None:
    """The kind itself, or the nearest of its group that the world has; None if there is none."""
    if world is None or kind in world.kinds:
        return kind
    about = BY_NAME[kind]
    fits = [BY_NAME[name] for name in world.kinds if name in BY_NAME and BY_NAME[name].group == about.group]
    if not fits:
        return None
    return min(
        fits,
        key=lambda other: (
            other.habitat != about.habitat,
            HOMES.get(other.name) != HOMES.get(kind),
            abs(other.size - about.size),
            other.name,
        ),
    ).name


def known_name(name: str, known: tuple[str, ...], near: Mapping[str, tuple[str, ...]]) -> str:
    """The name itself, the nearest that is known, or the first that is known."""
    if name in known:
        return name
    return next((other for other in near.get(name, ()) if other in known), known[0])


def mood_of(text: str) -> str:
    """The mood whose words a text has most of; "gentle" without any."""
    counts: dict[str, int] = {}
    for word in re.findall(r"[a-z']+", text.lower()):
        if word in MOODS:
            counts[MOODS[word]] = counts.get(MOODS[word], 0) + 1
    return max(counts, key=lambda mood: (counts[mood], -list(MOODS.values()).index(mood)), default="gentle")
