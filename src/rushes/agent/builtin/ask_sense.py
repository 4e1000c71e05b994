"""Messages that no grammar reads surely: what is wanted by the sense of their sentences, who and when by their marks.

The grammar's reading stands where it is whole and nothing contradicts it. Where it is not, the message's sense says
what is to be done, `filled` finds what that needs in the words, and `grounding.py` finds out which of the things
spoken of are in the film. Without a model of meaning the grammar's reading is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rushes.agent.builtin.ask_slots import filled
from rushes.agent.builtin.ask_told import told_audit, told_film
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Marked, mark
from rushes.agent.builtin.sense import Sense, plain_orders, senses_of
from rushes.agent.builtin.wishes import Wish

Reading = tuple[Wish, ...]
QUIET = frozenset(("rest", "remark", "talk", "told"))  # sentences that order nothing
IDLE = frozenset(("thanks", "talk", "topic"))
NO_ORDER = frozenset((*QUIET, "look"))
ACTS = {  # of senses that have another name than their act
    "remove_text": "remove", "first": "move", "last": "move", "beside": "move", "reverse": "reorder",
    "frame_whole": "frame", "trim_start": "trim", "trim_end": "trim", "length": "trim", "longer": "trim",
    "faster": "speed", "slower": "speed", "reword": "retext", "retime": "retext", "text_later": "retext",
    "text_earlier": "retext", "louder": "volume", "quieter": "volume", "rule_caps": "rule", "rule_lower": "rule",
    "rule_least": "rule", "rule_ask": "rule", "assemble": "reorder",
}  # fmt: skip
KNOWN = frozenset((*ACTS.values(), "text", "insert", "replace", "swap", "remove_span", "fit", "remove", "audit",
                   "measure", "look", "frame", "recolor", "unknown"))  # fmt: skip
ORDERING = frozenset(("move", "swap", "reorder"))  # the grammar knows better which of them it is
LIKELY, SURE = 0.4, 0.7  # chance, of 1, that fills in what was not understood, and that overrules what was
LONGEST = 900  # characters of a message that is read by its sense


def by_sense(words: str, read: Reading, grammar: Callable[[str], Reading]) -> Reading:
    """The reading of a message, mended by its sense where that says more."""
    if len(words) > LONGEST or any(wish.act in ("subtitles", "beats", "lookup", "undo") for wish in read):
        return read
    marked = mark(words)
    whole = senses_of(marked.text)
    if not whole:
        return read
    parts = [part for part in re.split(r"(?<=[.!?;])\s+|\s\.\s", marked.text) if re.search(r"\w", part)]
    senses = [senses_of(part)[0] for part in parts]
    if told := _told(words, marked, read, whole[0], parts, senses, grammar):
        return told
    wanted = _wanted(whole[0], senses)
    if wanted is None:
        return _in_parts(marked, read, parts, senses, grammar)
    if wanted.name in NO_ORDER:
        return _quiet(read, wanted, words)
    return _one(words, marked, read, wanted, whole)


def _told(
    words: str,
    marked: Marked,
    read: Reading,
    whole: Sense,
    parts: list[str],
    senses: list[Sense],
    grammar: Callable[[str], Reading],
) -> Reading | None:
    """Films to be made, and audits: what tells more than an order."""
    named = {sense.name for sense in senses if sense.chance >= LIKELY} | {whole.name}
    acts = {wish.act for wish in read}
    scripted = "audit" in acts and bool(marked.quotes)
    audited = "audit" in named and (whole.name in ("audit", "told") or "audit" in acts)
    if (scripted or audited) and "make" not in acts:
        return told_audit(words, marked, parts, read)
    if "make" not in named and "make" not in acts:
        return None
    film = told_film(words, marked)
    if film is None:
        return None
    rules = [wish for wish in read if wish.act == "rule" and wish.name in ("cap", "ask first", "allowed")]
    money = [p for p, s in zip(parts, senses, strict=True) if s.name == "rule_ask"]
    spoken = Clause(text="", marked=marked)
    rules = rules or [w for part in money for w in grammar(spoken.spoken(part)) if w.act == "rule"]
    cents = re.search(r"\{n([\d.]+)\} cents", marked.text)
    if cents and not any(wish.name == "cap" for wish in rules):
        rules.append(Wish(act="rule", name="cap", value=float(cents[1]) / 100))
    return (film, *rules)


def _wanted(whole: Sense, senses: list[Sense]) -> Sense | None:
    """The one thing that a message wants; None where it wants several."""
    orders = [sense for sense in senses if sense.name not in QUIET and sense.chance >= LIKELY]
    names = {sense.name for sense in orders}
    if len(names) == 1:
        best = max(orders, key=lambda sense: sense.chance)
        return whole if whole.name == best.name and whole.chance > best.chance else best
    if not names:
        return whole
    same = {ACTS.get(name, name) for name in names} == {ACTS.get(whole.name, whole.name)}
    alike = whole.name in names and (whole.chance >= SURE or (whole.chance >= LIKELY and len(senses) <= 2))
    return whole if same or alike else None


def _orders(read: Reading) -> list[Wish]:
    return [wish for wish in read if wish.act not in IDLE]


def _unclear(read: Reading) -> bool:
    orders = _orders(read)
    return any(w.act == "unknown" or (w.act == "rule" and w.name == "said") for w in orders)


def _quiet(read: Reading, wanted: Sense, words: str) -> Reading:
    """Chatter and the like: what was not understood in it is nothing to complain of."""
    chatter = wanted.name == "talk" and wanted.chance >= SURE
    return (Wish(act="talk", words=words),) if chatter and _orders(read) else read


def _one(words: str, marked: Marked, read: Reading, wanted: Sense, whole: tuple[Sense, ...]) -> Reading:
    """A message that wants one thing."""
    orders, act = _orders(read), ACTS.get(wanted.name, wanted.name)
    acts = {wish.act for wish in orders}
    if "instead" in acts or (not orders and any(wish.act == "thanks" for wish in read)):
        return read
    clear = bool(orders) and not _unclear(read)
    wish = filled(wanted.name, marked) if wanted.chance >= LIKELY else None
    if wish is None:
        return read if clear or not orders else _asked(read, whole)
    wish = replace(wish, words=words, remark=not orders)
    sure = wanted.chance >= SURE
    same = [w for w in orders if w.act == act]
    if same and not (act == "fit" and len(orders) > 1):
        if not sure and any(w.act not in (act, "unknown") for w in orders):
            return read
        if _lacks(same, wish) or (sure and _differs(same[0], wish)):
            return (replace(wish, otherwise=same[0]),)
        kept = [w for w in read if clear or w.act == act or w.act in IDLE]
        return tuple(replace(w, otherwise=wish) if w is same[0] else w for w in kept)
    known = all(w.act in KNOWN for w in orders) and not ({act} | {w.act for w in orders} <= ORDERING)
    if not clear or (sure and known and (len(orders) == 1 or act == "fit")):
        return (wish,)
    return tuple(replace(w, otherwise=wish) if len(orders) == 1 and w is orders[0] else w for w in read)


def _lacks(same: list[Wish], wish: Wish) -> bool:
    """Whether the grammar's reading misses something that was found by the sense."""
    one = same[0]
    if wish.span is not None and (wish.span.end or wish.span.length):
        span = one.span
        if span is None or not (span.start is None or span.end or span.length or span.at_end or span.from_end):
            return True
    if wish.act in ("text", "retext") and wish.text and not one.text:
        return True
    if wish.act == "text":
        return bool(wish.place and not one.place)
    if wish.act == "fit":
        return wish.value != one.value or len(wish.pieces) > len(one.pieces) or bool(wish.among and not one.pieces)
    if wish.act == "swap":
        return len(same) > 1 or len([which for which in one.pieces if which.pointed]) < 2
    if wish.act in ("volume", "speed"):
        return all(which.it for which in one.pieces)
    if wish.act in ("trim", "move", "remove"):
        return not one.pieces
    if wish.act == "frame":
        return bool(wish.place and not one.place)
    if wish.act in ("replace", "insert"):
        return one.beside is None or (wish.act == "replace" and not one.beside.name)
    return False


def _differs(one: Wish, wish: Wish) -> bool:
    """Whether both readings can't be right."""
    match wish.act:
        case "rule":
            return wish.name != one.name
        case "frame":
            return wish.name != one.name or bool(wish.place and wish.place != one.place)
        case "trim":
            return bool(wish.where) and wish.where != one.where
        case "retext":
            return wish.change and wish.value != one.value
    return False


def _in_parts(
    marked: Marked, read: Reading, parts: list[str], senses: list[Sense], grammar: Callable[[str], Reading]
) -> Reading:
    """A message that wants several things, sentence by sentence, where the grammar does not read it whole."""
    if not _unclear(read):
        return read
    found: list[Wish] = []
    speaker = Clause(text="", marked=marked)
    for part, sense in zip(parts, senses, strict=True):
        said = _quoted(speaker, part)
        alone = grammar(said)
        wish = filled(sense.name, replace(marked, text=part)) if sense.chance >= LIKELY else None
        if _unclear(alone) and sense.name in QUIET:
            continue
        if wish is not None and (_unclear(alone) or not _orders(alone)):
            found.append(replace(wish, words=said))
        else:
            found += alone
    return tuple(found) if sum(w.act == "unknown" for w in found) < sum(w.act == "unknown" for w in read) else read


def _quoted(speaker: Clause, part: str) -> str:
    for number, quote in enumerate(speaker.marked.quotes):
        part = part.replace(f"{{q{number}}}", f'"{quote}"')
    return speaker.spoken(part)


def _asked(read: Reading, whole: tuple[Sense, ...]) -> Reading:
    """What was not understood, with what it may have meant."""
    likely = [plain_orders()[s.name] for s in whole if s.chance >= 0.2 and s.name not in NO_ORDER]
    if not likely:
        return read
    hint = " or ".join(repr(plain) for plain in likely[:2])
    return tuple(replace(wish, topic=hint) if wish.act == "unknown" else wish for wish in read)
