"""Messages that no grammar reads surely: what is wanted by the sense of their sentences, who and when by their marks.

Sentences that speak of one wish are put together. The grammar's reading of them stands where it is whole and the sense
finds nothing that it lacks; else the sense says what is to be done, `filled` finds what that needs in the words, and
`grounding.py` finds out which of the things spoken of are in the film. Without a model of meaning the grammar's reading
is all there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rushes.agent.builtin.answers import is_card
from rushes.agent.builtin.ask_aside import as_said
from rushes.agent.builtin.ask_slots import filled
from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.ask_told import is_audit, told_audit, told_film
from rushes.agent.builtin.marks import Marked, mark
from rushes.agent.builtin.sense import Sense, plain_orders, senses_of
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import SMALL_TALK, Wish

Reading = tuple[Wish, ...]
QUIET = frozenset(("rest", "remark", "talk", "told", "meant", "question", "look"))  # sentences that order nothing
STAYING = frozenset(("rest", "meant", "told"))  # of what is to stay as it is
CHATTER = frozenset(("talk", "question"))  # nothing in it is meant for the film
ADDING = frozenset(("timing", *QUIET))  # sentences that belong to an order beside them
ACTS = {  # of senses that have another name than their act
    "remove_text": "remove", "first": "move", "last": "move", "beside": "move", "reverse": "reorder",
    "frame_whole": "frame", "trim_start": "trim", "trim_end": "trim", "length": "trim", "longer": "trim",
    "faster": "speed", "slower": "speed", "reword": "retext", "retime": "retext", "text_later": "retext",
    "text_earlier": "retext", "louder": "volume", "quieter": "volume", "rule_caps": "rule", "rule_lower": "rule",
    "rule_least": "rule", "rule_ask": "rule", "assemble": "reorder", "order": "reorder", "timing": "retext",
}  # fmt: skip
BARE = frozenset(("look", "measure", "estimate", "export", "render", "undo"))  # acts that need nothing
TOLD = frozenset(
    ("rule", "forget", "keep", "undo")
)  # acts that say "never", "don't", "all but", "back": no sense overrules them
UNSENSED = frozenset(("beats", "lookup", "card", "repeat", "label", "ask"))  # acts that no sense stands for
OF_ALL = frozenset(("fit", "frame"))  # of the whole film: a message has but one
ORDERING = frozenset(("move", "swap", "reorder"))  # the grammar knows better which of them it is
LIKELY, CLEAR, SURE = 0.4, 0.6, 0.7  # chance, of 1, that fills in what was not understood ... and overrules what was
CERTAIN = 0.9  # chance that overrules an order for which there is no sense
LONGEST = 900  # characters of a message that is read by its sense


@dataclass(frozen=True, kw_only=True)
class Group:
    """Sentences that speak of one wish."""

    parts: tuple[str, ...]  # as marked
    senses: tuple[Sense, ...]  # of each
    message: Marked  # that they are from

    @property
    def text(self) -> str:
        return ". ".join(part.rstrip(" .") for part in self.parts)

    @property
    def orders(self) -> list[Sense]:
        return [sense for sense in self.senses if sense.name not in ADDING and sense.chance >= LIKELY]

    @property
    def wanted(self) -> Sense:
        """What it wants, by its sentences and by all of it."""
        whole = senses_of(self.text)[0]
        best = max(self.orders, key=lambda sense: sense.chance, default=whole)
        agreed = whole.name == best.name or (whole.chance >= CLEAR and whole.name not in QUIET)
        return whole if agreed and whole.chance > best.chance else best

    @property
    def complete(self) -> bool:
        """Whether it surely says what is wanted, and all that this needs."""
        return self.wanted.chance >= SURE and self.filled() is not None

    def filled(self) -> Wish | None:
        """What it wants, with all that it needs; what has to stay is not what an order is about."""
        told = [
            part
            for part, sense in zip(self.parts, self.senses, strict=True)
            if sense.name not in STAYING or re.search(r"\{[qtm]", part)
        ]
        wanted = self.wanted.name
        text = self.text if wanted == "fit" or not told else ". ".join(part.rstrip(" .") for part in told)
        return filled(wanted, replace(self.message, text=text))

    def with_(self, more: Group) -> Group:
        return replace(self, parts=(*self.parts, *more.parts), senses=(*self.senses, *more.senses))


def by_sense(words: str, read: Reading, grammar: Callable[[str], Reading]) -> Reading:
    """The reading of a message, mended by its sense where that says more."""
    if len(words) > LONGEST or any(wish.act in UNSENSED or wish.lines or _of_card(wish) for wish in read):
        return read
    marked = mark(words)
    parts = [part for part in re.split(r"(?<=[.!?;])\s+|\s\.\s", marked.text) if re.search(r"\w", part)]
    if len(parts) == 1 and any(wish.act == "push" for wish in read):
        return read
    if not parts or not senses_of(parts[0]):
        return read
    senses = [_sense_of(part, marked, grammar) for part in parts]
    if told := _told(words, marked, read, parts, senses, grammar):
        return told
    if any(wish.act == "make" for wish in read):
        return read
    announced = place_of(parts[0]) if "{q" not in parts[0] else ""  # "three subtitles, please"
    groups = _grouped(marked, parts, senses)
    if len(groups) == 1:
        return _one(words, read, groups[0])
    ordering = [group for group in groups if group.orders and not (groups.index(group) and _only_a_time(group))]
    if not _unclear(read) and [w.act for w in _orders(read)] == [_act(group.wanted) for group in ordering]:
        pairs = zip(_orders(read), ordering, strict=True)
        return _placed(tuple(wish for order, group in pairs for wish in _one(order.words, (order,), group)), announced)
    found: list[Wish] = []
    for group in groups:
        said = as_said(marked, group.text)
        found += _placed(_one(said, grammar(said), group), announced)
    if any(wish.act == "grade" for wish in read):
        return read  # a remark and the order behind it are one wish of it
    unknown = [sum(wish.act == "unknown" for wish in each) for each in (found, read)]
    return tuple(found) if unknown[0] <= unknown[1] else read


def _of_card(wish: Wish) -> bool:
    return any(
        is_card(which.thing)
        for which in (*wish.pieces, *([wish.span.inside] if wish.span and wish.span.inside else []))
    )


def _sense_of(part: str, marked: Marked, grammar: Callable[[str], Reading]) -> Sense:
    """The likeliest sense of a sentence; where that is weak, the order that the grammar reads in it."""
    if any(wish.act == "push" for wish in grammar(as_said(marked, part))):
        return Sense(name="push", chance=1.0)  # which it has no exemplars of
    sense = senses_of(part)[0]
    alone = _orders(grammar(as_said(marked, part))) if sense.chance < LIKELY else []
    named = len(alone) == 1 and alone[0].act not in ("rule", "unknown", "text", "retext") and "who" in _slots(alone[0])
    return Sense(name=alone[0].act, chance=LIKELY) if named or [w.act for w in alone] == ["fit"] else sense


def _told(
    words: str, marked: Marked, read: Reading, parts: list[str], senses: list[Sense], grammar: Callable[[str], Reading]
) -> Reading | None:
    """Films to be made, and audits: what tells more than an order."""
    acts = {wish.act for wish in read}
    whole = senses_of(marked.text)[0]
    if "make" not in acts and is_audit(marked, read, whole, senses):
        return told_audit(words, marked, parts, read)
    if "make" not in acts and all(sense.name != "make" or sense.chance < LIKELY for sense in (whole, *senses)):
        return None
    film = told_film(words, marked)
    if film is None:
        return None
    rules = [wish for wish in read if wish.act == "rule" and wish.name in ("cap", "ask first", "allowed")]
    money = [part for part, sense in zip(parts, senses, strict=True) if sense.name == "rule_ask"]
    rules = rules or [w for part in money for w in grammar(as_said(marked, part)) if w.act == "rule"]
    cents = re.search(r"\{n([\d.]+)\} cents", marked.text)
    if cents and not any(wish.name == "cap" for wish in rules):
        rules.append(Wish(act="rule", name="cap", value=float(cents[1]) / 100))
    return (film, *rules)


def _grouped(marked: Marked, parts: list[str], senses: list[Sense]) -> list[Group]:
    """Sentences in order; one begins a group of its own where it orders something else than the group before it."""
    groups: list[Group] = []
    for part, sense in zip(parts, senses, strict=True):
        mine = Group(parts=(part,), senses=(sense,), message=marked)
        if groups and _goes_on(groups[-1], mine):
            groups[-1] = groups[-1].with_(mine)
        else:
            groups.append(mine)
    return groups


def _goes_on(group: Group, more: Group) -> bool:
    """Whether a sentence speaks of the wish of those before it."""
    has, adds = (set(re.findall(r"\{([qtm])", each.text)) for each in (group, more))
    new = "q" in has & adds and "t" in has | adds
    if not more.orders or not group.orders:
        return not (new and more.senses[0].name not in QUIET)
    if new or ("t" in has & adds and not (_refers(more.text) and more.text.count("{t") == 1)):
        return False
    if "push" in (group.wanted.name, more.wanted.name):
        return False
    both = group.with_(more)
    if has and adds and not has & adds and not (group.complete and more.complete):
        return both.filled() is not None  # one has what the other lacks
    topic, other = _topic(group.wanted), _topic(more.wanted)
    if {"q", "t"} <= adds or (topic, other) == ("remove", "replace"):
        return "t" not in adds and _refers(more.text)
    if topic in ("fit", other):
        return True
    marked = adds or "{o" in more.text or "{i" in more.text
    return not marked and _topic(both.wanted) == topic and (both.wanted.chance >= SURE or _refers(more.text))


def _only_a_time(group: Group) -> bool:
    """Whether it is hardly an order of its own, and only says when: "frame 48 is free of it again"."""
    own = re.search(r"\{[qoim]", group.text)
    return group.wanted.chance < CLEAR and "{t" in group.text and _refers(group.text) and own is None


def _refers(text: str) -> bool:
    """Whether it speaks of what was named before."""
    return re.search(r"\b(?:it|its|that|this|them|they|there|those|these|one)\b", text) is not None


def _placed(read: Reading, place: str) -> Reading:
    """Texts stand where it was said of them all."""
    return tuple(replace(w, place=place) if w.act == "text" and place and not w.place else w for w in read)


def _topic(sense: Sense) -> str:
    """What an order is about: a text is taken away and changed in one breath."""
    text = sense.name in ("text", "reword", "retime", "remove_text", "text_later", "text_earlier")
    return "text" if text else _act(sense).removesuffix("_span")


def _act(sense: Sense) -> str:
    return ACTS.get(sense.name, sense.name)


def _orders(read: Reading) -> list[Wish]:
    return [wish for wish in read if wish.act not in SMALL_TALK]


def _unclear(read: Reading) -> bool:
    return any(w.act == "unknown" or (w.act == "rule" and w.name == "said") for w in read)


def _one(words: str, read: Reading, group: Group) -> Reading:
    """Sentences that want one thing, or nothing."""
    wanted, orders = group.wanted, _orders(read)
    act, sure = _act(wanted), wanted.chance >= SURE
    idle = (wanted.name in CHATTER and not any(w.act in ("look", "measure", "estimate", "lookup") for w in read)) or (
        wanted.name == "look" and not any(wish.act in ("look", "measure") for wish in read)
    )
    if any(wish.act in ("grade", "ask") for wish in read):
        return read  # no sentence that the senses were learned from speaks of colours
    if len(group.senses) == 1 and wanted.name != "look" and any(w.act == "instead" and _slots(w) for w in orders):
        return read  # it corrects what was said before
    if not group.orders and idle and (sure or (wanted.chance >= CLEAR and _unclear(read))):
        return (Wish(act="talk", words=words),)
    if wanted.name in QUIET or (not orders and any(wish.act == "thanks" for wish in read)):
        return read
    clear = bool(orders) and not _unclear(read)
    wish = group.filled() if wanted.chance >= LIKELY else None
    if wish is None:
        return read if clear or not orders else _asked(read, senses_of(group.text))
    if any(each.instead and each.act == act for each in orders):
        return read  # the message corrects itself
    gone = wish.act in ("remove", "remove_span") and not clear
    if not sure and (gone or (wish.act in ("keep", "undo") and not orders)):
        return _asked(read, senses_of(group.text))  # nothing goes that nobody surely wants gone
    wish = replace(wish, words=words, remark=not orders)
    same = next((w for w in orders if w.act == act), None)
    if same is not None and not _lacks(same, wish, sure) and len(orders) == 1:
        return tuple(replace(w, otherwise=wish) if w is same else w for w in read)
    acts = {w.act for w in orders}
    if len(group.senses) == 1 and (
        "forget" in acts or (acts & TOLD and act != "rule") or (clear and wanted.name == "assemble")
    ):
        return read
    several = len(orders) > 1 and all(_slots(each) or each.act in BARE for each in orders)
    several = several and not (act in OF_ALL and acts == {act})
    speaking = [sense for sense in group.senses if sense.name not in QUIET]
    if clear and several and (len(speaking) <= 1 or acts == {act}):
        return read  # several wishes in a breath
    if {act, *acts} <= ORDERING and same is None and clear:
        return tuple(replace(w, otherwise=wish) if w is orders[0] else w for w in read)
    named = {ACTS.get(name, name) for name in plain_orders()}
    if not clear or same is not None or (sure and (wanted.chance >= CERTAIN or named >= acts)):
        return (replace(wish, otherwise=same),)
    return read


def _lacks(one: Wish, wish: Wish, sure: bool) -> bool:
    """Whether the grammar's reading misses what the sense found, or can't be right beside it."""
    if one.act == "trim" and (one.span is not None or (one.value is not None and one.change != wish.change)):
        return False  # "at 2 s" and "to 2 s" are no "by 2 s"
    if one.act == "rule" and re.search(r"\bno more\b|\bno longer\b|\bstop\b|\bnot\b|n't\b", one.words):
        return False  # it is lifted
    if (one.act == "frame" and one.size) or (one.act == "fit" and one.name == "it"):
        return False
    if wish.name == "shift" and one.span is not None:
        return False  # "later, at 2 s" says when
    if wish.act == "retext" and wish.among and one.text != wish.text:
        return True  # of two texts the film tells which one is there
    has, finds = _slots(one), _slots(wish)
    return any(name not in has or (sure and name in _CHOICES and has[name] != value) for name, value in finds.items())


_CHOICES = ("side", "name", "place", "way")


def _slots(wish: Wish) -> dict[str, object]:
    """What is known of a wish, by what it says."""
    span = wish.span
    named = [which for which in wish.pieces if (which.pointed or which.place or which.kind == "sound") and not which.it]
    who = [*wish.among, *named]
    told: dict[str, object] = {
        "who": bool(who),
        "when": span is not None and span != Span(end=span.end, length=span.length),
        "until": span is not None and bool(span.end or span.length or span.at_end or span.from_end),
        "text": wish.text,
        "place": wish.place,
        "value": wish.value is not None,
        "side": wish.where if wish.act == "trim" else "",
        "way": _way(wish),
        "beside": wish.beside is not None,
        "name": wish.name if wish.act in ("rule", "frame", "retext") else "",
    }
    return {name: value for name, value in told.items() if value}


def _way(wish: Wish) -> str:
    """Of what can be made more or less: which of the two."""
    if wish.value is None or not (wish.act in ("volume", "speed") or wish.name == "shift"):
        return ""
    return "more" if wish.value > (1 if wish.act == "speed" else 0) else "less"


def _asked(read: Reading, whole: tuple[Sense, ...]) -> Reading:
    """What was not understood, with what it may have meant."""
    likely = [plain_orders()[s.name] for s in whole if s.chance >= 0.2 and s.name not in QUIET]
    if not likely:
        return read
    hint = " or ".join(repr(plain) for plain in likely[:2])
    return tuple(replace(wish, topic=hint) if wish.act == "unknown" else wish for wish in read)
