"""Wishes for a text that has to be looked up first: on a page that was handed in, or with a tool that tells it."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.wishes import Wish

PAGES = (".txt", ".md", ".html", ".htm", ".json", ".csv")
TELLS = (
    r"weather|forecast|temperature|today's date|date of today|what day it is|current time|exchange rate|score|price of"
)
_ASKS = (
    r"ask|check|look up|look|find out|find|read|get|fetch|see|query|request|use|take|open|set|put|show|write|add|place|"
    r"insert|display|make|the"
)
_SHOWS = r"set|put|show|write|add|place|insert|display|as a (?:title|text|subtitle|caption|lowerthird)|title|text|print"


def read_lookup(clause: Clause) -> list[Wish] | None:
    """What to look up, where, and how the text is to be set."""
    text = clause.text
    page = next((n for n in clause.marked.names if n.lower().endswith(PAGES) and _mark_of(clause, n) in text), "")
    tells = re.search(rf"\b(?:{TELLS})\b", text)
    if not (page or tells) or not re.match(rf"(?:{_ASKS})\b", text) or re.match(r"open .*\.(?:mp4|mov)", text):
        return None
    if not page and not re.search(rf"\b(?:{_SHOWS}|ask|look up|find out|check|get|fetch|query)\b", text):
        return None
    quotes = clause.quotes()
    return [
        Wish(
            act="lookup",
            name=page,
            words=clause.spoken(),
            text=quotes[0] if quotes else "",
            value=None,
            topic=asked_thing(text) if page else tells[0] if tells else "",
            span=clause.span(),
            place=place_of(re.sub(r"\bthe title of\b", "", text)),
        )
    ]


def asked_thing(text: str) -> str:
    """What of the page is wanted: "the name of the event"."""
    if called := re.search(r"\b(?:what|how) (?:the |our )?(\w+) is (?:called|named|titled|spel\w+)\b", text):
        return f"name of the {called[1]}"
    found = re.search(
        r"\b(?:set|put|show|write|add|place|insert|display|read|find|get|look up|take|use|find out|fetch|with|print)\b "
        r"(?:me |out |up |down |in )*(?:the |a |an )?(.+?),? (?:as (?:it|they) (?:stands?|is|are)|(?:that|"
        r"which) (?:stands?|is|"
        r"you find)|from|on|in|according to|given (?:in|on)|of (?=\{m)|found|stands?|as written|is (?:in|on))\b",
        text,
    )
    if found is None:
        found = re.search(r"\{m\d+\}.*?\b(?:for|is|has|holds|says) the (.+?)(?:$|,|;| and )", text)
    asked = found[1] if found else ""
    return re.sub(r"\{[^}]*\}|\bas a \w+\b|\b(?:as|a title|a subtitle|title with)\b(?= )", "", asked).strip(" ,")


def _mark_of(clause: Clause, name: str) -> str:
    return f"{{m{clause.marked.names.index(name)}}}"
