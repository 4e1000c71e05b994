"""When the built-in director's own reading is not enough: words that it left unread, or that no plain order uses.

A grammar that finds an order in words which it knows only half of may find the wrong one: "let the market melt into the
station over half a second" is no trimming to half a second. So such a message is given to the language model as well,
and its reading is preferred if it invents nothing and leaves nothing out.
"""

from __future__ import annotations

import re

from rushes.agent.builtin.answers import FilmSeen
from rushes.agent.builtin.marks import SHOT_NOUNS, SOUND_NOUNS, TEXT_NOUNS, VALUES, mark
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.verbs import VERBS
from rushes.agent.builtin.wishes import Act
from rushes.agent.interpreter.checks import NOTHING, TELLING, numbers_in, said_names
from rushes.agent.interpreter.orders import FORMS

UNREAD = frozenset(("unknown", "instead"))
# Acts whose orders the model knows; the others come from words that say them plainly, or hold free text.
EDITS: frozenset[Act] = frozenset(
    (
        "remove", "remove_span", "keep", "trim", "split", "move", "swap", "speed", "fade", "fit", "frame", "text",
        "retext", "volume", "music",
    )
)  # fmt: skip
OF_THE_FILM = (
    "film|video|screen|frame|format|shape|width|height|wide|high|loud|quiet|noise|silence|fast|slow|start|end|ending|"
    "opening|beginning|dark|bright|mistake|fault|error|wrong|upright|"
    "vertical|square|portrait|landscape|horizontal"
)
WISHING = (
    r"want\w*|would|i'd|we'd|rather|please|need\w*|prefer\w*|should|must|ought|wish\w*|can|could|let|don't|tired|"
    r"sick of|hate|can't"
)
PLACES = ("subtitle", "lower third")
MOST_WORDS = 40  # of a sentence that is doubted
_LITTLE = (
    "the and but for from with into onto over under out off away down that this these those there then than their "
    "they them its it's his her our your who what which when where while after before behind until till are was were "
    "been has have had does did not nor too also very just only still yet again can could will would shall should may "
    "might must let lets let's please thank thanks want wants like need needs i'd i'm i've you some any each every all "
    "both other another same more less most least much many few little bit long longer short shorter now here whole "
    "exactly about through during between against right left new old get got take goes come comes instead one double "
    "half way please last first whole rest closes length time"
)
PLAIN = (
    frozenset(re.findall(r"[a-z']+", f"{_LITTLE} {' '.join(FORMS).lower()}"))
    | frozenset(word for phrases in VERBS.values() for phrase in phrases for word in phrase.split())
    | frozenset(re.findall(r"[a-z]+", f"{SHOT_NOUNS} {TEXT_NOUNS} {SOUND_NOUNS}"))
    | frozenset(VALUES)
    | frozenset(
        "seconds frames louder quieter faster slower vertical square upright silent beginning middle ends".split()
    )
)


def unread(words: str) -> bool:
    """Whether the built-in director says itself that it did not understand."""
    return any(wish.act in UNREAD for wish in read_wishes(words))


def may_be_doubted(words: str) -> bool:
    """Whether a whole message holds nothing but edits and talk: scripts, rules and the like are read by code alone."""
    wishes = read_wishes(words)
    return bool(wishes) and all(wish.act in EDITS or wish.act in NOTHING for wish in wishes)


def asks_nothing(words: str, film: FilmSeen) -> bool:
    """Whether it may be left out: talk, or what nobody could read, that names nothing of the film."""
    idle = all(wish.act in NOTHING for wish in read_wishes(words))
    return idle and not speaks_of(words, film)


def doubtful(words: str, film: FilmSeen) -> bool:
    """Whether its reading may be a wrong one: an edit in words that no plain order uses, or talk of the film."""
    wishes = read_wishes(words)
    if len(words.split()) > MOST_WORDS or not may_be_doubted(words):
        return False
    if all(wish.act in NOTHING for wish in wishes):
        return speaks_of(words, film) and not _only_tells(words)
    return bool(strange_words(words, film))


def _only_tells(words: str) -> bool:
    """Whether somebody tells of somebody, and wishes nothing: "I am back", "my sister liked the harbour"."""
    return bool(re.match(TELLING, words.lower())) and not re.search(rf"\b(?:{WISHING})\b", words.lower())


def strange_words(words: str, film: FilmSeen) -> set[str]:
    """Words that are neither an order's nor the film's."""
    text = re.sub(r"\{[^}]*\}", " ", mark(words).text)
    for name in said_names(words, film):
        text = re.sub(rf"\b{re.escape(name)}\b", " ", text)
    found = set(re.findall(r"[a-z']{3,}", text))
    return {word for word in found if word not in PLAIN and word.removesuffix("s") not in PLAIN}


def speaks_of(said: str, film: FilmSeen) -> bool:
    """Whether a message names a piece of the film, a number, or a text to be shown: then it may ask for something."""
    marked = mark(said)
    if marked.quotes or "{" in marked.text:
        return True
    if re.search(rf"\b(?:{SHOT_NOUNS}|{TEXT_NOUNS}|{SOUND_NOUNS}|{OF_THE_FILM})s?\b", marked.text):
        return True
    return bool(said_names(said, film))


def says_all(orders: list[str], said: str, film: FilmSeen) -> bool:
    """Whether every number, text, shot and place of texts in the message has found its place in the orders."""
    told = " ".join(orders)
    texts = [" ".join(quote.split()).casefold() for quote in mark(said).quotes]
    return (
        numbers_in(said) <= numbers_in(told)
        and all(text in told.casefold() for text in texts)
        and said_names(said, film) <= said_names(told, film)
        and all(place not in said.lower() or place in told.lower() for place in PLACES)
    )


def as_good(said: str, orders: str) -> bool:
    """Whether the built-in director does the same for both and knows by itself with what: then it knows best how."""
    guessed = any(which.it for wish in read_wishes(said) for which in wish.pieces)
    return _acts(said) == _acts(orders) and not guessed


def _acts(words: str) -> list[tuple[Act, bool]]:
    """What is done, and whether it is less of it: "four decibels less" is no four decibels more."""
    return sorted((w.act, (w.value or 0) < 0) for w in read_wishes(words) if w.act not in NOTHING)
