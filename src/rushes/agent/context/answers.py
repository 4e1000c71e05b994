"""What a question asks for, and what that looks like where it stands: seconds, a level, words in quotes, a file."""

from __future__ import annotations

import re
from functools import lru_cache

LOOKS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(look))
    for asked, look in (
        (r"\b(how long|seconds?|length|duration|when|what time)\b", r"\d ?s\b|\d+:\d\d|\bseconds\b"),
        (r"\b(loud\w*|level|lufs|volume|peak)\b", r"LUFS|dB"),
        (r"\b(title|card|caption|subtitle|text|written|words|says?|read)\b", r"\"[^\"]+\"|[A-Z]{3,}"),
        (r"\b(file|recording|picture|image|logo|music|voice|script)\b", r"\w\.[a-z0-9]{2,4}\b"),
        (r"\btakes?\b", r"\btake-\d"),
        (r"\b(how (many|much)|number|figure)\b", r"\d"),
    )
)


@lru_cache(maxsize=1_000)
def asked_for(query: str) -> frozenset[int]:
    """Which of LOOKS the question asks for."""
    return frozenset(number for number, (asked, _) in enumerate(LOOKS) if asked.search(query))


@lru_cache(maxsize=50_000)
def looks_like(text: str) -> frozenset[int]:
    """Which of LOOKS the text holds."""
    return frozenset(number for number, (_, look) in enumerate(LOOKS) if look.search(text))
