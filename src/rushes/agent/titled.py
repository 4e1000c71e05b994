"""What a film is to be called, told apart from what is seen in it: "a fox in the snow. Call it Winter Walk." """

from __future__ import annotations

import re

FILM = r"(?:film|video|movie|ad|advert|commercial|spot|short|reel|story|teaser|trailer|cartoon|animation)"
QUOTED = r"[\"“„«'‘](?P<quoted>[^\"“”„«»\n]{1,80}?)[\"”»'’](?=\W|$)"
_SMALL = r"(?:of|the|and|in|a|an|to|at|on|for|with|from|by|&|or|de|la|von)"
CAPITAL = rf"(?P<name>[A-Z0-9ÄÖÜ][\w'’&-]*(?:(?: {_SMALL}){{0,2}} [A-Z0-9ÄÖÜ][\w'’&-]*){{0,7}})"
END = r"(?=\s*(?:[.!?;,\n]|$))"
ANY = r"(?P<any>[^\s,.:;!?\"“”\n][^,.:;!?\"“”\n]{0,60}?)"  # in small letters, too, where the sentence ends with it
THIS = rf"(?:it|this|(?:the|this|my|our) (?:\w+ )?{FILM}\b)"
BEFORE = r"(?P<before>^|[.!?;:\n]\s*|,? (?:and|then) |,\s*)(?:(?:and|then|please|let's|you can|just) ){0,2}"
ASIDE = r"(?! ?(?:a day|a night|a wrap|quits|off|even|done|finished|good|out|up|that|what|something|whatever|as you)\b)"
LENGTH = r"(?:,? (?:of|for|lasting|that lasts) [\w. -]{1,14} ?(?:seconds?|s|sec|minutes?|min)\b,?)?"

_ORDERS = [  # each with the title in one of its groups, and no story
    re.compile(
        rf"{BEFORE}(?:call|title|entitle|name|rename) {THIS}{ASIDE}(?: to| as)?:? (?:{QUOTED}|{ANY}){END}",
        re.IGNORECASE,
    ),
    re.compile(
        rf"{BEFORE}(?i:(?:the|this|my|our) (?:\w+ )?{FILM} (?:is|should be|must be|shall be|will be) "
        rf"(?:called|titled|entitled|named)):? (?:{QUOTED}|{CAPITAL}){END}"
    ),
]
_STATED = re.compile(
    rf"{BEFORE}(?i:(?:(?:the|its|my|our) )?(?:{FILM}(?:'s)? )?title(?: is| should be| must be| shall be| will be|:)) "
    rf"(?:{QUOTED}|{CAPITAL}){END}"
)
_BESIDE_FILM = [  # each with the words that stay in one of its groups
    re.compile(
        rf"(?i:(?P<kept>\b{FILM}\b{LENGTH}),? (?:called|titled|entitled|named|by the name of|with the title)) "
        rf"(?:{QUOTED}|{CAPITAL})"
    ),
    re.compile(rf"^(?P<kept>(?:\w+ ){{1,4}}){QUOTED}, (?=an? [^,.]{{0,30}}\b{FILM}\b)", re.IGNORECASE),
    re.compile(rf"(?P<kept>),? (?:and )?(?:titled|entitled|with the title):? {QUOTED}{END}", re.IGNORECASE),
]


_STOPS = tuple(".!?;:,")


def read_title(words: str, *, orders: bool = False) -> tuple[str, str]:
    """The words without what only says the title, and the title; the words as they are and "" where none is said.

    A title without quotes is told by its capitals or by the end of its sentence. `orders`: only what tells somebody to
    call the film so; that the title is this or that may be said of a film that is there.
    """
    for pattern in _ORDERS if orders else (*_ORDERS, _STATED):
        if (found := pattern.search(words)) is not None:
            kept = found["before"].strip()
            before, after = words[: found.start()], words[found.end() :]
            joint = kept if kept in (".", "!", "?", ";", ":") else ""
            return _joined(before + joint, after), _name(found)
    for pattern in () if orders else _BESIDE_FILM:
        if (found := pattern.search(words)) is not None:
            return words[: found.start()] + found["kept"] + words[found.end() :], _name(found)
    return words, ""


def _name(found: re.Match[str]) -> str:
    groups = found.groupdict()
    return next(groups[name] for name in ("quoted", "name", "any") if groups.get(name)).strip()


def _joined(before: str, after: str) -> str:
    """What stood around a sentence that was taken out."""
    before, after = before.rstrip(), after.lstrip()
    if after[:1] in _STOPS and (not before or before[-1] in _STOPS):
        after = after[1:].lstrip()
    return f"{before}{after}" if after[:1] in _STOPS else f"{before} {after}".strip()
