"""What people say, put as a plain order: "the boat shot has to go" -> "remove the boat shot".

There are many ways to ask for one thing. Here they become the one that the readers know, before a message is cut into
clauses and again for each clause. The rows stand in `sayings.py`: words like these, put like this. <X> and <Y> are
whatever is spoken of, <T> is a length of time, <W> a word that stays.
"""

from __future__ import annotations

import re

from rushes.agent.builtin.marks import SHOT_NOUNS, TEXT_NOUNS
from rushes.agent.builtin.sayings import TABLE

_WORD = r"(?!and\b)[\w'{}:.+\-]+"
_NO_THING = (  # nothing that is spoken of begins so
    "move|put|take|make|let|show|remove|delete|replace|swap|trim|cut|play|set|add|insert|use|keep|start|begin|bring|"
    "change|give|don't|please|about|as for|regarding|forget|for|at|in|by|on|after|until|generate|shoot|"
    "create|film|watch|listen|view|look|no|none|nothing|nobody|we|you|i|and|if|not|it is|it was|that is|"
    "that was|there|what|who|why|how|somebody|someone"
)
_HOLES = {
    "WORD": _WORD,
    "X": rf"(?P<x>(?!(?:{_NO_THING})\b)(?:{_WORD} (?:and (?=(?:the )?\{{o))?){{0,6}}?{_WORD})",
    "Y": rf"(?P<y>(?:{_WORD} ){{0,6}}?{_WORD})",
    "T": r"(?P<t>\{[tn][\d.]+(?:\+\d+)?\})",
    "FIRST": r"(?:first|\{o1\})",
    "LAST": r"(?:last|\{o-1\})",
    "MODAL": r"(?:should|must|shall|can|could|may|might|(?:has|have|had|needs?|ought|is|are|wants?)(?: got)? to|better)"
    r"(?: now| only| just| rather| better| also| then| please)*",
    "FILM": r"(?:the |this |my |our |that )?(?:whole |entire )?(?:film|video|movie|cut|edit|thing|sequence|"
    r"trailer|ad|clip)",
    "GONE": r"(?:go(?: away| out)?|be (?:removed|cut(?: out)?|deleted|dropped|taken (?:out|away|off)|gone|left out|"
    r"thrown (?:out|away)|skipped|out|erased|omitted|scrapped|binned|ditched)|disappear|vanish|leave|come (?:out|off)|"
    r"fall away|get lost)",
    "AGAIN": r"(?:,? (?:again|please|any ?more|any longer|completely|entirely|altogether|now|at all|after all|for good|"
    r"(?:of|from|in) (?:<FILM>|it|there|the picture)|from (?:now|here) on|once and for all|as well|too))*",
    "WE": r"(?:i|we|you)",
    "SHOT": rf"(?:{SHOT_NOUNS})",
    "TEXT": rf"(?:{TEXT_NOUNS}|name|words?|\{{q\d+\}})",
    "PART": r"(?:part|bit|section|passage|stretch|moment|segment|portion|piece|span|footage|time|seconds|frames|stuff)",
}  # fmt: skip


def _compiled() -> list[tuple[re.Pattern[str], str]]:
    rows = []
    for line in re.sub(r"\n {4}", "", TABLE).splitlines():
        pattern, arrow, plain = line.partition(" =>")
        while arrow and (hole := re.search(r"<([A-Z]+)>", pattern)):
            pattern = pattern.replace(hole[0], _HOLES[hole[1]])
        if arrow:
            rows.append((re.compile(pattern), plain.strip()))
    return rows


_ROWS = _compiled()


def plainly(text: str) -> str:
    """Marked words in their plain form; what no row knows stays as it is."""
    for pattern, plain in _ROWS:
        text = pattern.sub(lambda said, plain=plain: f" {_filled(plain, said)} ", text)  # type: ignore[misc]
        text = " ".join(text.split()).replace(" ,", ",").replace(" :", ":")
    return text


def _filled(plain: str, said: re.Match[str]) -> str:
    return re.sub(r"<([XYTW])>", lambda hole: said[hole[1].lower()] or "", plain)
