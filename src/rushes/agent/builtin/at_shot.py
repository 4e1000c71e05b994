"""A time that is told by what is to be seen then."""

from __future__ import annotations

import re

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.spans import Span
from rushes.agent.lexicon import find_kind
from rushes.agent.words import COLORS

_LOOKS = "|".join(COLORS)
_WITH_SHOT = re.compile(
    r"\b(?P<how>when|once|as soon as|with|from|where|together with|until|till|before|while|over|during|under|"
    r"throughout|on|across)"
    rf"(?: (?:the|my|our|that|this|whole|entire|all|of|we|you|see|big|small|little|old|young|{_LOOKS}))* "
    r"(?P<what>\{o-?\d+\}|\{i:clip-\d+\}|[a-z]+)\b"
)


def at_shot(clause: Clause) -> Span | None:
    """A time told by what is to be seen: "when the boat shows up", "over the last shot", "until the train comes"."""
    for match in _WITH_SHOT.finditer(clause.text):
        if match["what"].startswith("{"):
            which = clause.pieces(f"shot {match['what']}" if match["what"].startswith("{o") else match["what"])[:1]
        else:
            which = (Which(thing=match["what"]),) if find_kind(match["what"]) else ()
        if not which:
            continue
        if match["how"] in ("until", "till", "before"):
            return Span(end=Time(), inside=which[0])
        long = match["how"] in ("while", "over", "during", "under", "throughout", "on", "across")
        return Span(whole=True, inside=which[0]) if long else Span(start=Time(), inside=which[0])
    end = clause.has("(?:at|for|to|till|until) the (?:very )?(?:end|ending|close)|(?:very|right) at the end")
    return Span(at_end=True) if end else None
