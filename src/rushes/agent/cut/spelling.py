"""Words on the film that are nearly, but not quite, words that were said: by the brief, the user, the voice, a list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from rushes.agent.cut.finding import Finding, Looked
from rushes.agent.events import Said
from rushes.agent.lexicon import forms, kind_words
from rushes.agent.words import HOMES, NEAR_KINDS, VERBS

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORTEST = 4  # letters; shorter words have too many neighbours
LONG = 6  # letters from which a single other letter is told


def spelling_faults(looked: Looked) -> Iterator[Finding]:
    given = words_of(looked.words)
    right = given | words_of(_said(looked))
    shown = Counter(word for text in looked.cut.texts for word in words_of([text.text]))
    for text in looked.cut.texts:
        mended = text.text
        for word in dict.fromkeys(WORD.findall(text.text)):
            better = _better(word.casefold(), right, given, shown)
            if better:
                mended = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", _in_case(better, word), mended)
                yield Finding(
                    kind="spelling",
                    what=f'{text.id} "{word}" -> "{_in_case(better, word)}"',
                    mend=f"retext({text.id}, text={mended!r})",
                )


def words_of(texts: Iterable[str]) -> set[str]:
    return {word.casefold() for text in texts for word in WORD.findall(text)}


def _said(looked: Looked) -> list[str]:
    """Everything on the board and in the talk that says how words are written."""
    production = looked.production
    board, settings = production.board, production.settings
    fields = [(node, name) for node in board.nodes("brief") for name in ("text", "title")]
    fields += [(node, name) for node in board.nodes("shot") for name in ("text", "title")]
    fields += [(node, "name") for node in board.nodes("cast")]
    fields += [(board.node(sound.id), name) for sound in looked.cut.sounds for name in ("label", "prompt")]
    talk = [event.text for event in production.events.kept if isinstance(event, Said) and event.by == "user"]
    return [settings.brief, settings.title, *talk, *(str(node.fields.get(name, "")) for node, name in fields)]


def _better(word: str, right: set[str], given: set[str], shown: Counter[str]) -> str:
    """The word that was meant, "" where this one is as good."""
    if len(word) < SHORTEST or word in right or any(form in right for form in forms(word)):
        return ""
    sure = [other for other in given if _distance(word, other) <= (1 if len(other) < LONG else 2)]
    if sure:
        return min(sorted(sure), key=lambda other: _distance(word, other))
    if is_known(word):
        return ""
    slipped = sorted(other for other in right if slip(word, other))
    if slipped:
        return slipped[0]
    # Nobody has said how it is written: what stands on the film more often, or is a word that we know, is right.
    others = [other for other in shown if slip(word, other) and (shown[other] > shown[word] or is_known(other))]
    return sorted(others)[0] if others else ""


@cache
def _lexicon() -> frozenset[str]:
    known = {*kind_words(), *NEAR_KINDS, *VERBS, *HOMES}
    return frozenset(part for word in known for part in word.split())


def is_known(word: str) -> bool:
    return any(form in _lexicon() for form in forms(word))


def slip(wrong: str, right: str) -> bool:
    """Whether `wrong` is what a slip of the fingers makes of `right`, and hardly another word of its own.

    Two neighbours changed round, a letter doubled, left out or put in within the word, or, in long words, another
    letter: never the first letter or the ending, which make other words (light, night; sail, sails).
    """
    if len(right) < SHORTEST or wrong == right or wrong[0] != right[0]:
        return False
    if len(wrong) == len(right):
        differ = [i for i, (a, b) in enumerate(zip(wrong, right, strict=True)) if a != b]
        if len(differ) == 2 and differ[1] == differ[0] + 1:
            i, j = differ
            return wrong[i] == right[j] and wrong[j] == right[i]
        return len(differ) == 1 and len(right) >= LONG and differ[0] < len(right) - 1
    if abs(len(wrong) - len(right)) != 1 or len(right) < SHORTEST + 1:
        return False
    longer, shorter = (wrong, right) if len(wrong) > len(right) else (right, wrong)
    at = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    return 0 < at < len(shorter) and longer[at + 1 :] == shorter[at:]


def _distance(one: str, other: str) -> int:
    """Letters put in, left out, changed, or changed round with their neighbour."""
    if abs(len(one) - len(other)) > 2:
        return 3
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        older, before, row = before, row, [i]
        for j, b in enumerate(other, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]


def _in_case(word: str, like: str) -> str:
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[:1].isupper() else word
