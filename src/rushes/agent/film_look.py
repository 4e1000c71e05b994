"""A film that is to be in black and white, or sepia, told apart from what is seen in it."""

from __future__ import annotations

import re

from rushes.agent.lexicon import find_kind
from rushes.agent.shot_list import read_shot_list
from rushes.agent.titled import FILM, QUOTED

BLACK_AND_WHITE = (
    r"(?:black[ -](?:and|&|n|\+)[ -]white|b ?[/&+] ?w|b(?: and |n)w|bw|monochrom(?:e|atic)|gr[ae]y ?scale)"
)
SEPIA = r"(?:sepia(?:[ -](?:ton(?:e|ed|es|ing)|colou?red|tinted))?)"
LOOK = rf"(?P<look>\b{BLACK_AND_WHITE}|\b{SEPIA})(?!\w)"
PICTURE = r"(?:film|video|movie|clip|ad|advert|commercial|reel|teaser|trailer|cartoon|animation)"
KIND = (  # of a film, beside its look
    r"(?:short|silent|little|brief|quick|nice|animated|vertical|square|old|classic|"
    r"[\w.]+[ -](?:sec(?:ond)?|min(?:ute)?)s?|[\d.]+ ?s|[\d:x]+)"
)
MADE = r"(?:(?:all|entirely|completely|fully|shot|filmed|made|drawn|done|rendered|in) )*"
MAKE = r"(?:make|shoot|film|keep|do|have|render|show|want)"
WHOLE = rf"(?:it|this|everything|all of it|the whole thing|(?:the|this|my|our) (?:whole |entire )?{FILM})"
SETTING = r"(?:(?:about|exactly|in|for) )*(?:[\d.]+[ :-]?(?:s|sec|min|\d)|vertical|square|portrait|landscape|tiktok)"
STOP = rf"(?:,? and(?= {SETTING})|\s*(?=[.!?;:\n]|$|,? {SETTING}))"
BEFORE = (  # words before "black and white film" that say nothing of what is seen
    rf"(?:an?|the|one|my|our|us|me|it|this|is|as|into|to|be|please|kindly|can|could|would|will|you|make|create|produce|"
    rf"shoot|animate|direct|give|turn|have|i|we|i'd|let's|want|need|like|should|must|hi|hello|{KIND})"
)
SAID = (  # each with words that stay in `kept`
    rf"(?:^|(?<=[.!?;\n]))(?P<kept>\s*(?:{BEFORE},? )*){LOOK},? (?=(?:{KIND},? )*{PICTURE}\b)",
    rf"(?P<kept>\b{PICTURE}\b),? {MADE}(?<=in ){LOOK}(?:,(?= ))?",
    rf"(?P<kept>^|[.!?;:\n])\s*(?:(?:and|please|then|i),? )*(?:{MAKE} )?"
    rf"(?:{WHOLE}(?:'s| is| (?:should|must|shall|has to) be)? )?{MADE}{LOOK}(?:,? (?:please|too))*{STOP}",
    rf"(?P<kept>),? and (?:please )?{MAKE} {WHOLE} {MADE}{LOOK}{STOP}",
    rf"(?P<kept>(?:^|[.!?;\n])\s*(?:make|shoot|keep) it [^.!?;\n]*?),? (?:and )?{MADE}{LOOK}(?=\s*[,.!?;\n]|$)",
)
TAIL = rf"(?P<kept>\S{{1,40}}?)(?P<apart>,| [-–]|;)? \(?{MADE}(?<=in ){LOOK}\)?(?:,? please)?{STOP}"
WORN = re.compile(r"(?:dressed|clad|wearing|painted|striped|stripes?|suits?|coats?|dress|hats?|fur|feathers)$")
PART = re.compile(r"\b(?:shots?(?! in\b)|clips?|scenes?|parts?|half|beginning|ending|title|text|logo)\b[^.!?;:\n]*$")
OTHERWISE = re.compile(r"\b(?:in|to|into) (?:full )?colou?r\b|\bcolou?r(?:ed|ful)? film\b")
NOT = re.compile(r"\b(?:not|never|no|without|instead of|rather than|\w+n't)(?: (?:be|a|an|in))*$")


def read_look(words: str) -> tuple[str, str]:
    """The words without what only says the look of the whole film, and that: "black_and_white", "sepia", or "".

    A look of somebody ("a black and white cat"), or of one of the shots that are listed, is none of the film.
    """
    said = re.sub(QUOTED, lambda quote: "\0" * len(quote[0]), words).lower()
    if OTHERWISE.search(said):
        return words, ""  # one part of it is, another is not
    for pattern in SAID if read_shot_list(words) else (*SAID, TAIL):
        found = re.search(pattern, said)
        if found is None or NOT.search(said[: found.start("look")].rstrip()) or not _of_the_film(pattern, found):
            continue
        look = "sepia" if found["look"].startswith("sepia") else "black_and_white"
        return _joined(words[: found.end("kept")], words[found.end() :]), look
    return words, ""


def _of_the_film(pattern: str, found: re.Match[str]) -> bool:
    """Whether it is the film that is in black and white, and not a part of it, or who is named just before."""
    before = found["kept"].strip("(")
    worn = not found["apart"] and bool(find_kind(before) or WORN.search(before)) if pattern is TAIL else False
    return not worn and not PART.search(found.string[: found.start("look")])


def _joined(before: str, after: str) -> str:
    """What stood around the words that went."""
    gap = "\n" if "\n" in before[len(before.rstrip()) :] + after[: len(after) - len(after.lstrip())] else " "
    before, after = before.rstrip(), after.lstrip()
    if not before or before[-1] in ".!?;:":
        after = re.sub(r"^[.!?;:,]\s*", "", after)
    return (before + ("" if after[:1] in tuple(".,!?;:") else gap) + after).strip()
