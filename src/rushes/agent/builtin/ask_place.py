"""Where in the film something new is to come: between two shots, behind one, at an end."""

from __future__ import annotations

import re

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, Which, shots_by_name
from rushes.agent.builtin.wishes import Where

BESIDE = r"between|in between|before|in front of|ahead of|after|behind|following"
_NEAR = re.compile(rf"\b(?P<how>{BESIDE})\b (?!\{{t)(?P<what>[^,:]+)")
_FIRST = re.compile(
    r"\b(?:at|to|in|from|as) the (?:very )?(?:start|beginning|front|top|opening|opener|\{o1\} (?:shot|thing))\b|"
    r"^(?:start|begin|open|kick off)\b(?! at)|\b(?:before|ahead of) (?:everything|all else|the (?:film|video|movie))\b"
)
_LAST = re.compile(
    r"\b(?:at|to|in|for|as) the (?:very )?(?:end|ending|close|finish|back|finale|\{o-1\}(?: shot| thing| picture)?)"
    r"(?=$|[ ,])|"
    r"^(?:end|close|finish)\b|\bafter (?:everything|all else|the (?:film|video|movie))\b"
)
_EVERY = re.compile(
    rf"(?:all|each|every|any)(?: of)?(?: the| single)? (?:{SHOT})|(?:the|my|our) (?:shot|clip|scene|picture)s$"
)


def place_of_clip(clause: Clause) -> tuple[Where, tuple[Which, ...]]:
    """before or after these, first, last; empty where nothing is said. Two pieces: between them."""
    near = _NEAR.search(clause.text)
    if near is not None:
        what = near["what"]
        if _EVERY.match(what):
            return ("before" if near["how"].startswith(("before", "in front", "ahead")) else "after"), (
                Which(every=True),
            )
        found = _clips(clause, what) or _clips(clause, shots_by_name(f"{near['how']} {what}"))
        if found:
            if near["how"].endswith("between"):
                return "after", found[:2]
            return ("after" if near["how"] in ("after", "behind", "following") else "before"), found[:1]
    if _FIRST.search(clause.text):
        return "first", ()
    return ("last", ()) if _LAST.search(clause.text) else ("", ())


def _clips(clause: Clause, text: str) -> tuple[Which, ...]:
    return tuple(which for which in clause.pieces(text) if which.pointed and which.kind not in ("text", "sound"))
