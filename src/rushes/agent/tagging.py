"""Tells what each word of a clause is: somebody, a verb, a place, a colour ... by tables and by its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rushes.agent import words as tables
from rushes.agent.lexicon import find_kind, find_motions, forms, near_kind

DETERMINERS = frozenset(
    (
        "a an the his her its their my our your one two three four five several many some this that these those every "
        "each no any another other both"
    ).split()
)
PREPOSITIONS = frozenset(
    (
        "in on at into onto through across over under by near with to from of around along behind beside between "
        "above below inside outside past toward towards against within without among beneath upon wearing wears like "
        "up down"
    ).split()
)
PRONOUNS = frozenset("it he she they him her them".split())
THEN = frozenset("then afterwards afterward later finally next meanwhile suddenly eventually".split())
JOIN = frozenset("and but while when as until before after so because where who which , : - – —".split())
PASSIVE = frozenset("is are was were gets being been be".split())
FILLERS = frozenset(
    (
        "i you we me us film movie video clip scene shot story about make made show please create want wants would "
        "like there here not very really too also just only again still even once upon time one day then is are was "
        "were be been being has have had do does did will can could should may might must starts start begins begin "
        "tries try trying started began loves love likes needs need that which who whose whom what where why how if "
        "than or nor off out away back home up down together alone forth all its it's own for camera style cinematic "
        "animated animation cartoon beautiful lovely pretty cute nice good old new brave curious clever kind small- "
        "town lone first last second third happily quickly slowly quietly gently softly suddenly carefully excitedly "
        "sadly proudly loudly right left side end more most much few now ever never always soon way thing something "
        "someone nothing of ok okay s t wearing wears paper wooden metal plastic stone glass magical magic mysterious "
        "little become becomes times music soundtrack footage tiktok instagram youtube seconds place"
    ).split()
)


@dataclass(frozen=True, kw_only=True)
class Token:
    text: str  # as written, in lower case
    # kind, near, verb, set, weather, light, color, pattern, accessory, factor, camera, size, relation, pronoun,
    # another, passive, then, join, plain (says nothing to us) or unknown
    tag: str
    value: str = ""  # in the backlot's vocabulary; motions of a verb are joined by spaces
    base: str = ""  # of somebody: the word in singular

    def __str__(self) -> str:
        return f"{self.tag}:{self.value or self.text}"


_PHRASES: dict[str, tuple[str, str]] = {}
for _tag, _table in (
    ("set", tables.SETS),
    ("weather", tables.WEATHERS),
    ("light", tables.LIGHTS),
    ("camera", tables.CAMERA),
    ("size", tables.SHOT_SIZES),
):
    _PHRASES |= {phrase: (_tag, value) for phrase, value in _table.items() if " " in phrase}
_PHRASES |= {phrase: ("verb", " ".join(motions)) for phrase, motions in tables.VERBS.items() if " " in phrase}
_PHRASES |= {
    "after that": ("then", ""),
    "at last": ("then", ""),
    "in the end": ("then", ""),
    "next to": ("relation", "left_of"),
    "left of": ("relation", "left_of"),
    "to the left of": ("relation", "left_of"),
    "right of": ("relation", "right_of"),
    "to the right of": ("relation", "right_of"),
    "in front of": ("plain", ""),
    **dict.fromkeys(("sun rises", "sun comes up", "sun is rising", "sun sets", "sun goes down"), ("light", "sunset")),
    **dict.fromkeys(("night falls", "night comes", "gets dark", "moon rises"), ("light", "night")),
    **dict.fromkeys(("sun shines", "sun is shining", "day breaks", "morning comes"), ("light", "day")),
    **dict.fromkeys(("drone shot", "drone view", "aerial shot", "aerial view", "bird's eye view"), ("size", "wide")),
    **dict.fromkeys(("drone footage", "from above", "slow motion", "high quality"), ("plain", "")),
    **dict.fromkeys(("become friends", "are friends", "make friends", "friends with"), ("plain", "")),
}
_RELATIONS = {"behind": "behind", "beside": "left_of", "carrying": "carries", "holding": "carries"}
_RELATION_VERBS = {
    **dict.fromkeys(("follow", "chase", "pursue", "hunt"), "follows"),
    **dict.fromkeys(("carry", "hold", "bring", "deliver", "pull", "take"), "carries"),
}


def tag(clause: str) -> list[Token]:
    """The tokens of one sentence or clause, in order."""
    lowered = clause.lower().replace("’", "'").replace("-", " ")
    written = re.findall(r"\w+(?:'\w+)?|[,:–—]", lowered)
    tokens: list[Token] = []
    noun = False  # a noun may follow: an article, a colour or a preposition came before
    place = 0
    while place < len(written):
        found, taken = _phrase(written, place)
        if not found:
            found, taken = _word(written, place, tokens, noun), 1
        tokens += found
        place += taken
        noun = _noun_may_follow(tokens[-1], noun)
    return tokens


def _phrase(written: list[str], place: int) -> tuple[list[Token], int]:
    for length in (4, 3, 2):
        if place + length > len(written):
            continue
        rest = written[place + 1 : place + length]
        phrase = " ".join(written[place : place + length])
        known = next((found for form in forms(written[place]) if (found := " ".join([form, *rest])) in _PHRASES), "")
        if known:
            name, value = _PHRASES[known]
            return [Token(text=phrase, tag=name, value=value)], length
        kind = find_kind(phrase)
        if kind is not None:
            return [Token(text=phrase, tag="kind", value=kind, base=phrase)], length
    return [], 0


def _noun_may_follow(token: Token, noun: bool) -> bool:
    if token.text in DETERMINERS or token.text in PREPOSITIONS or token.tag in ("color", "pattern", "factor"):
        return True
    # An adjective that says nothing to us keeps the noun phrase open: "a brave fox".
    return noun and token.tag in ("plain", "unknown") and token.text not in PASSIVE


def _word(written: list[str], place: int, before: list[Token], noun: bool) -> list[Token]:
    word = written[place]
    following = written[place + 1] if place + 1 < len(written) else ""
    if word in THEN and not (word == "next" and noun):
        return [Token(text=word, tag="then")]
    if word in JOIN:
        return [Token(text=word, tag="join")]
    if word == "another" or word == "other":
        return [Token(text=word, tag="another")]
    if word in PRONOUNS and not (word == "her" and _nounish(following)):
        return [Token(text=word, tag="pronoun")]
    if word in _RELATIONS:
        return [Token(text=word, tag="relation", value=_RELATIONS[word])]
    if word in PASSIVE:
        return [_passive(word, written[place + 1 : place + 5])]
    if word in tables.SIZES:
        return [Token(text=word, tag="factor", value=str(tables.SIZES[word]))]
    if word in DETERMINERS or word in PREPOSITIONS:
        return [Token(text=word, tag="plain")]
    return _content(word, following, before, noun)


def _content(word: str, following: str, before: list[Token], noun: bool) -> list[Token]:
    motions = find_motions(word)
    after_to = bool(before) and before[-1].text == "to"
    somebody = any(token.tag in ("kind", "near", "pronoun") for token in before)
    starts = not before or before[-1].tag in ("then", "join", "camera", "size")
    # Behind a noun that nobody knows stands a verb, or one more noun: "our logo rises", "a wombat tree".
    ends = bool(before) and before[-1].tag == "unknown" and not _nounish(word) and near_kind(word) is None
    verb = motions is not None and (
        (after_to and find_kind(word) is None and word not in tables.SETS)
        or (not noun and (somebody or starts))
        or (noun and ends)
    )
    kind = find_kind(word)
    weak = not tables.WEAK_NOUNS.isdisjoint(forms(word))
    if kind is not None and (noun or not weak) and not _adjective(word, following, noun):
        if not (verb and weak):
            return [Token(text=word, tag="kind", value=kind, base=_base(word))]
    if kind is not None and starts and find_motions(following) is not None:  # "ducks swim"
        return [Token(text=word, tag="kind", value=kind, base=_base(word))]
    if word in tables.COLORS and not verb:
        return [Token(text=word, tag="color", value=tables.COLORS[word])]
    if verb:
        assert motions is not None
        found = [Token(text=word, tag="verb", value=" ".join(motions))]
        relation = next((_RELATION_VERBS[form] for form in forms(word) if form in _RELATION_VERBS), "")
        return [*found, Token(text="", tag="relation", value=relation)] if relation else found
    found_context = _context(word, following, before)
    if found_context is not None:
        return [found_context]
    for name, table in (("pattern", tables.PATTERNS), ("accessory", tables.ACCESSORIES)):
        if word in table:
            return [Token(text=word, tag=name, value=table[word])]
    near = near_kind(word) if word not in FILLERS else None
    if near is not None and not _adjective(word, following, noun):
        return [Token(text=word, tag="near", value=near, base=_base(word))]
    if motions is not None and not noun:
        return [Token(text=word, tag="verb", value=" ".join(motions))]
    if motions is not None or word in FILLERS or word in tables.MOODS or len(word) < 3 or word.isdigit():
        return [Token(text=word, tag="plain")]
    return [Token(text=word, tag="unknown")]


def _context(word: str, following: str, before: list[Token]) -> Token | None:
    """Place, weather or light: "in the snow" and "on the moon" are places, "snow" is weather, "the moon" night."""
    preposition = next((token.text for token in reversed(before) if token.text not in DETERMINERS), "")
    if word == "dark" and following in tables.COLORS:
        return Token(text=word, tag="plain")
    if word == "snow" and preposition not in PREPOSITIONS:
        return Token(text=word, tag="weather", value="snow")
    if word == "moon" and preposition not in ("on", "to", "onto", "around"):
        return Token(text=word, tag="light", value="night")
    if word == "fall" and preposition in ("in", "of"):
        return Token(text=word, tag="weather", value="leaves")
    for name, table in (("set", tables.SETS), ("weather", tables.WEATHERS), ("light", tables.LIGHTS)):
        if word in table:
            return Token(text=word, tag=name, value=table[word])
    return None


def _adjective(word: str, following: str, noun: bool) -> bool:
    """Whether a noun only describes the noun behind it: "toy robot", "fire truck"."""
    return (
        noun
        and (find_kind(following) is not None or near_kind(following) is not None)
        and (find_motions(following) is None)
    )


def _nounish(word: str) -> bool:
    return find_kind(word) is not None or word in tables.COLORS or word in tables.ACCESSORIES or word in tables.SETS


def _passive(word: str, following: list[str]) -> Token:
    for place, other in enumerate(following[:-1]):
        if (
            find_motions(other) is not None
            and other.endswith(("ed", "en", "ght", "und"))
            and following[place + 1] == "by"
        ):
            return Token(text=word, tag="passive")
    return Token(text=word, tag="plain")


def _base(word: str) -> str:
    from rushes.agent.lexicon import kind_words

    known = kind_words()
    return next((form for form in forms(word) if form in known or form in tables.NEAR_KINDS), word)
