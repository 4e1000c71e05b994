"""Words as people type them in haste, in the form that the grammar knows: "dont", "thru", "tittle"."""

from __future__ import annotations

import re

from rushes.agent.builtin.verbs import close_to

_SHORT = {  # as typed -> as written
    **{f"{verb}nt": f"{verb}n't" for verb in "do does did is are was were ca wo would could should has have".split()},
    "dnt": "don't", "cannot": "can't", "lets": "let's", "im": "i'm", "ive": "i've", "youre": "you're",
    "thats": "that's", "whats": "what's", "theres": "there's", "thru": "through", "pls": "please", "plz": "please",
    "thx": "thanks", "u": "you", "ur": "your", "cuz": "because", "bc": "because", "tho": "though", "wanna": "want to",
    "gonna": "going to", "lemme": "let me", "gimme": "give me",
}  # fmt: skip
_KNOWN = (  # words of the trade that no other common word is one letter away from
    "title titles music should caption captions subtitle subtitles remove delete replace seconds shorten shorter "
    "longer lengthen quieter duration transition volume narration capitals between background previous beginning"
).split()
_ENDINGS = ("s", "d", "r", "ed", "er", "ly", "ing")  # of other forms of a known word


def typed(text: str) -> str:
    """A message in lower case with its marks, in the usual spelling."""
    text = re.sub(r"\bshort (?=(?:it|this|that|the|shots?|clips?|\{)(?:\W|$))", "shorten ", text)
    return re.sub(r"(?<![\w{'’:.-])[a-z]+(?![\w}'’])", lambda match: _written(match[0]), text)


def _written(word: str) -> str:
    if word in _SHORT:
        return _SHORT[word]
    if len(word) < 5 or word in _KNOWN or any(f"{known}{end}" == word for known in _KNOWN for end in _ENDINGS):
        return word
    return next((known for known in _KNOWN if close_to(word, known) and word != known.removesuffix("s")), word)
