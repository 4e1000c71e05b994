"""Several files at once: one after the other, or cut to a music of known tempo, "each shot lasts 2 beats"."""

from __future__ import annotations

import re

from rushes.agent.builtin.marks import mark
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.wishes import Wish

SOUNDS = (".wav", ".mp3", ".ogg", ".opus", ".flac", ".m4a", ".aac")
FILMS = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v", ".png", ".jpg", ".jpeg", ".webp")
_COUNT = r"(?:\{[no]([\d.]+)\}|\b(one|an?|half an?|every|each)) beats?\b"
_BESIDE = (
    r"\bbeats?\b|\{b|\{m|\border\b|\bmusic\b|\btrack\b|\bsong\b|\b(?:film|video|it) (?:ends|stops|is over|"
    r"lasts)|(?:stop|end)s? (?:after|with|behind)|"
    r"tempo|\bbpm"
)


_IN_A_ROW = (
    r"assemble|join|string|stitch|splice|glue|edit|cut|put|build|make|combine|line up|lay|arrange|order|"
    r"sequence|film|together|"
    r"one after (?:the other|another)|consists?|in a row|concatenate|chain|create|produce"
)
_PLACED = (
    r"\{[tqob]|\b(?:instead|replac\w+|swap|exchange|between|substitut\w+|remove|delete|check|beats?|behind|before)\b"
)


def read_row(words: str) -> Wish | None:
    """Files that make one film in the order in which they are named: "join a.mp4, b.mp4 and c.mp4, uncut"."""
    marked = mark(words)
    names = [n for n in dict.fromkeys(marked.names) if n.lower().endswith(FILMS)]
    text = re.sub(r"\{o-?1\}", "", marked.text)  # "first a.mp4, and c.mp4 last"
    if len(names) < 2 or len(names) < len(set(marked.names)) or re.search(_PLACED, text):
        return None
    if not re.search(rf"\b(?:{_IN_A_ROW})\b", text) or re.match(r"(?:add|append)\b", text):
        return None
    pieces = tuple(Which(kind="clip", name=name) for name in names)
    return Wish(act="reorder", words=" ".join(words.split())[:80], pieces=pieces)


def read_beats(words: str) -> tuple[Wish, str] | None:
    """The wish, and the sentences of the message that say other things. None where it names no tempo and no files."""
    marked = mark(words)
    files = [name for name in dict.fromkeys(marked.names) if not name.lower().endswith(SOUNDS)]
    music = next((name for name in marked.names if name.lower().endswith(SOUNDS)), "")
    bpm = re.search(r"\{b([\d.]+)\}|\{n([\d.]+)\} beats (?:per|a|in a|every) (?:minute|min)", marked.text)
    text = re.sub(r"\bbeats (?:per|a|in a|every) (?:minute|min)\b", "", marked.text)
    counts = [
        float(number) if number else {"half a": 0.5, "half an": 0.5}.get(word, 1.0)
        for number, word in re.findall(_COUNT, text)
    ]
    if bpm is None or not counts or not files:
        return None
    wish = Wish(
        act="beats",
        words=" ".join(words.split())[:80],
        pieces=tuple(Which(kind="clip", name=name) for name in files),
        name=music,
        value=float(bpm[1] or bpm[2]),
        shares=tuple(counts if len(counts) == len(files) else counts[:1] * len(files)),
    )
    rest = [s for s in re.split(r"(?<=[.!?;])\s+|\n", words) if not re.search(_BESIDE, mark(s).text)]
    return wish, " ".join(rest)
