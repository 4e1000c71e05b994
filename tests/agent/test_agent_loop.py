"""The loop's source is short enough to stand in a prompt."""

import re
from pathlib import Path

import rushes.agent.loop

MOST = 5000  # tokens
# How the tokenizers of language models cut a text into pieces before they merge bytes; no piece is merged with another.
PIECES = re.compile(r"'(?:[sdmt]|ll|ve|re)|[^\r\n\w]?[^\W\d_]+|\d{1,3}| ?[^\s\w]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+|_")


def tokens(text: str) -> int:
    """More than any tokenizer in use makes of it: what 3.5 bytes a token give, or pieces of at most eight letters."""
    pieces = sum(-(-len(piece) // 8) for piece in PIECES.findall(text))
    return max(round(len(text.encode()) / 3.5), pieces)


def test_the_loop_fits_in_a_prompt():
    assert tokens(Path(rushes.agent.loop.__file__).read_text()) < MOST


def test_the_counter_counts_everything():
    text = 'def turn(self) -> str:\n    """Ünicode 漢字, 1234567 _private."""\n'
    assert "".join(PIECES.findall(text)) == text
    assert tokens(text) >= len(text.encode()) / 3.5 and tokens("") == 0
    assert tokens("x = 1\n" * 4000) > MOST
