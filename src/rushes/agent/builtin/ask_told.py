"""What a message tells of a whole film: one to be made (who, doing what, where), or one to be held against a script."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_film import aspect_of, size_of
from rushes.agent.builtin.ask_slots import mentioned
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Marked
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.sense import Sense, senses_of
from rushes.agent.builtin.wishes import Script, ToldText, Wish
from rushes.agent.lexicon import find_kind, find_motions
from rushes.agent.words import COLORS, NEAR_SETS, SETS

SURE = 0.7  # chance that a sentence of an audit orders something besides
LIKELY = 0.4  # chance that a sentence asks for an audit
TELLING = frozenset(  # senses of sentences that may tell how the film should be
    (
        "audit",
        "told",
        "meant",
        "rest",
        "remark",
        "talk",
        "question",
        "look",
        "timing",
        "order",
        "reword",
        "text",
        "remove",
    )
)
_PLACE = re.compile(r"\b(?:on|in|at|across|along|through|over|into|under|by|inside|around) (?:an?|the|some) ([a-z]+)\b")
_TOTAL = r"\{t([\d.]+)\+(\d+)\}"
_SHOTS = r"\{n(\d+)\} (?:\w+ )?(?:shots?|scenes?|takes?|settings?|images|pictures|parts)"
_ORDERED = r"^(?=.*\{t).*\b(?:need|want|like|please|put|set|add|show|give|make|write)\b"  # a text with its times
_ONLY_TOLD = r"\b(?:only|just) (?:tell|list|report)|\b(?:don't|do not|without) (?:fix|mend|repair|correct|chang)\w*"


def told_film(words: str, marked: Marked) -> Wish | None:
    """A film of one lead in one colour: a shot for each place, with what is done there. None where it is another."""
    text = marked.text
    leads = [
        (color, kind)
        for color, kind in re.findall(r"\b([a-z]+)(?= ([a-z]+)\b)", text)
        if color in COLORS and find_kind(kind) is not None and kind not in COLORS
    ]
    kinds = {find_kind(word) for word in re.findall(r"[a-z]+", text)} - {None}
    if len(set(leads)) != 1 or "{m" in text:
        return None
    color, kind = leads[0]
    if any(other != find_kind(kind) and re.search(rf"\b(?:an?|the) (?:\w+ )?{other}\b", text) for other in kinds):
        return None  # somebody else is in it
    lead = f"{'an' if color[0] in 'aeiou' else 'a'} {color} {kind}"
    beats = [f"{lead} {doing} {place}".strip() for doing, place in _happens(text, kind)]
    if not beats:
        return None
    count = re.search(_SHOTS, text)
    lengths = [float(seconds) for seconds, frames in re.findall(_TOTAL, text) if frames == "0"]
    size = size_of(text)
    quotes = marked.quotes
    return Wish(
        act="make",
        words=". ".join(beats),
        value=max(lengths) if lengths else None,
        shots=int(count[1]) if count else 0,
        name="" if size else aspect_of(text),
        size=size,
        text=quotes[0] if len(quotes) == 1 else "",
    )


def _happens(text: str, kind: str) -> list[tuple[str, str]]:
    """(what is done, where), in order. What is said once holds for the places behind it too."""
    said: list[tuple[int, str, str]] = []
    for match in _PLACE.finditer(text):
        if match[1] in SETS or match[1] in NEAR_SETS:
            said.append((match.start(), "place", match[0]))
    for match in re.finditer(r"[a-z]+", text):
        word = match[0]
        if word != kind and word.endswith(("s", "ing")) and find_motions(word) and find_kind(word) is None:
            said.append((match.start(), "doing", f"is {word}" if word.endswith("ing") else word))
    found: list[tuple[str, str]] = []
    doing, waiting = "", ""
    for _, what, words in sorted(said):
        if what == "doing":
            if waiting:
                found.append((words, waiting))
                waiting = ""
            doing = words
        elif doing:
            found.append((doing, words))
        else:
            if waiting:
                found.append(("", waiting))
            waiting = words
    if waiting:
        found.append((doing, waiting))
    if not found and doing:
        found = [(doing, "")]
    return found


def is_audit(marked: Marked, read: tuple[Wish, ...], whole: Sense, senses: list[Sense]) -> bool:
    """Whether a message wants faults found, and tells how the film should be."""
    sure = {sense.name for sense in senses if sense.chance >= LIKELY}
    told = bool(marked.quotes) or whole.name == "told" or (whole.name == "audit" and whole.chance >= SURE)
    if any(wish.act == "audit" for wish in read):
        return told or "audit" in sure
    return "audit" in sure and (told or bool({"told", "meant", "order"} & sure))


def told_audit(words: str, marked: Marked, parts: list[str], read: tuple[Wish, ...]) -> tuple[Wish, ...] | None:
    """An audit with the order, the texts and the meant oddities that the message tells; what is ordered besides too."""
    audit = next((wish for wish in read if wish.act == "audit"), None)
    orders = [w for w in read if w.act not in ("audit", "thanks", "talk", "topic", "unknown", "rule", "instead")]
    said = [senses_of(part)[0] for part in parts]
    sure = [(part, sense.name) for part, sense in zip(parts, said, strict=True) if sense.chance >= SURE]
    if any((name not in TELLING and orders) or (name == "text" and re.search(_ORDERED, part)) for part, name in sure):
        return None
    script = audit.script if audit is not None and audit.script is not None else Script()
    script = replace(script, texts=tuple(replace(t, span=t.span if _timed(t) else None) for t in script.texts))
    known = {told.text.casefold() for told in script.texts}
    told = Script(
        rows=_rows(marked),
        texts=tuple(ToldText(text=quote) for quote in marked.quotes if quote.casefold() not in known),
        meant=() if script.meant else _meant(marked, parts, said),
    )
    script = told.joined(script)
    report = re.search(_ONLY_TOLD, marked.text) is not None
    report = report or (audit is not None and audit.name == "report" and not marked.quotes)
    return (Wish(act="audit", words=words[:80], name="report" if report else "", script=script),)


def _timed(told: ToldText) -> bool:
    """Whether its times are told, and not only that something goes "to the end"."""
    span = told.span
    return span is not None and bool(span.start or span.end or span.length or span.inside)


def _rows(marked: Marked) -> tuple[tuple[Which, ...], ...]:
    """What each sentence names, in order: the one that names the shots tells their order. Lines of a list are one."""
    text = re.sub(r"(?:^|(?<=[.!?:])) ?([^.!?:]{1,24}?)(?= ?\.(?: |$))", r"\1,", marked.text)
    found = [mentioned(Clause(text=sentence, marked=marked)) for part in (marked.text, text)
             for sentence in re.split(r"[.!?]", part)]  # fmt: skip
    return tuple(dict.fromkeys(row for row in found if len(row) > 2))


def _meant(marked: Marked, parts: list[str], said: list[Sense]) -> tuple[tuple[Which | None, str], ...]:
    """What looks like a fault and is none: "the tower is quiet on purpose"."""
    soft = re.compile(r"\{d|\b(?:quiet\w*|soft\w*|low\w*)\b")
    spoken = [p for p, s in zip(parts, said, strict=True) if s.name == "meant" or (s.name == "told" and soft.search(p))]
    named = [which for part in spoken for which in mentioned(Clause(text=part, marked=marked))]
    return tuple((replace(which, kind="clip"), "loudness silent clipped") for which in named)
