"""What a message tells of a whole film: one to be made (who, doing what, where), or one to be held against a script."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_film import aspect_of, size_of
from rushes.agent.builtin.ask_script import read_script
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Marked
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.sense import senses_of
from rushes.agent.builtin.wishes import Script, ToldText, Wish
from rushes.agent.lexicon import find_kind, find_motions
from rushes.agent.words import COLORS, NEAR_SETS, SETS

SURE = 0.7  # chance that a sentence of an audit orders something besides
TELLING = frozenset(("audit", "told", "rest", "remark", "talk", "reword", "text", "remove"))
_PLACE = re.compile(r"\b(?:on|in|at|across|along|through|over|into|under|by|inside|around) (?:an?|the|some) ([a-z]+)\b")
_TOTAL = r"\{t([\d.]+)\+(\d+)\}"
_SHOTS = r"\{n(\d+)\} (?:\w+ )?(?:shots?|scenes?|takes?|settings?|images|pictures|parts)"
_MEANT = (
    r"on purpose|intend\w*|intention\w*|deliberate\w*|wanted|by design|meant|supposed|as it should be|no mistake|"
    r"leave (?:it|that)|keep (?:it|that)|want (?:it|that)|that way|correct as it is|is right|fine"
)
_BETWEEN = r"[,;:()>→/–-]|\b(?:then|and|before|followed by|after that|next|finally|lastly|at last)\b"
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


def told_audit(words: str, marked: Marked, parts: list[str], read: tuple[Wish, ...]) -> tuple[Wish, ...] | None:
    """An audit with the order, the texts and the meant oddities that the message tells; what is ordered besides too."""
    audit = next((wish for wish in read if wish.act == "audit"), None)
    orders = [w for w in read if w.act not in ("audit", "thanks", "talk", "topic", "unknown", "rule", "instead")]
    said = [senses_of(part)[0] for part in parts]
    if orders and any(s.chance >= SURE and s.name not in TELLING for s in said):
        return None
    script = audit.script if audit is not None and audit.script is not None else Script()
    order = _listed(marked.text)
    texts = tuple(ToldText(text=quote) for quote in marked.quotes)
    known = {told.text.casefold() for told in script.texts}
    told = Script(
        order=order if len(order) > len(script.order) else (),
        texts=tuple(text for text in texts if text.text.casefold() not in known),
        meant=() if script.meant else _meant(marked, parts),
    )
    script = told.joined(script)
    report = re.search(_ONLY_TOLD, marked.text) is not None
    report = report or (audit is not None and audit.name == "report" and not marked.quotes)
    return (Wish(act="audit", words=words[:80], name="report" if report else "", script=script),)


def _listed(text: str) -> tuple[Which, ...]:
    """The longest row of bare names: "river, tower, then dog and at last forest"."""
    text = re.sub(r"\{[no]-?\d+\} ?[.):]?|\b\d+ ?[.):]?(?= |$)", " , ", text)
    best = max((_row(sentence) for sentence in re.split(r"[.!?]", text)), key=len)
    return tuple(Which(kind="clip", thing=word) for word in dict.fromkeys(best)) if len(best) > 2 else ()


def _row(sentence: str) -> list[str]:
    best: list[str] = []
    row: list[str] = []
    for part in re.split(_BETWEEN, sentence):
        words = re.sub(r"\b(?:the|shot|clip|scene|last|first|is|of|a|comes|with|at)\b", " ", part).split()
        if not words:
            continue
        if len(words) == 1 and re.fullmatch(r"[a-z]{2,}", words[0]):
            row.append(words[0])
        else:  # a sentence may lead into a row: "it should go river, then tower"
            best, row = max(best, row, key=len), words[-1:] if words[-1].isalpha() else []
    return max(best, row, key=len)


def _meant(marked: Marked, parts: list[str]) -> tuple[tuple[Which | None, str], ...]:
    """What looks like a fault and is none: "the tower is quiet on purpose"."""
    found: list[tuple[Which | None, str]] = []
    for part in parts:
        if re.search(rf"\b(?:{_MEANT})\b", part) and re.search(r"\bquiet\w*|\bsoft\w*|\blow\w*|\{d", part):
            script = read_script(Clause(text=f"{part} on purpose", marked=marked))
            named = [which for which, _ in script.meant if which is not None and (which.thing or which.number)]
            words = [w for w in re.findall(r"[a-z]+", part) if len(w) > 2]
            bare = re.search(r"\b(?:the|that) ([a-z]+)\b", part)
            which = named[0] if named else Which(kind="clip", thing=bare[1]) if bare and words else None
            found.append((which, "loudness silent clipped"))
    return tuple(found)
