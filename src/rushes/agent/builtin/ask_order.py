"""Wishes for the order of shots, and for what comes in another's place."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_new import color_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, Which, shots_by_name
from rushes.agent.builtin.verbs import orders
from rushes.agent.builtin.wishes import Where, Wish
from rushes.agent.words import COLORS

SECONDS = r"\{t([\d.]+)\+(\d+)\}"


def read_exchange(clause: Clause) -> list[Wish] | None:
    """Shots that change places or are replaced."""
    for reader in (_swap, _instead_of):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def read_order(clause: Clause) -> list[Wish] | None:
    """A shot that moves, or a whole order."""
    for reader in (_order, _move):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def _swap(clause: Clause) -> Wish | None:
    text = clause.text
    if not (orders(text, "swap") or clause.has("change places|trade places|the other way (?:a)?round")) or re.search(
        r"\bswap out\b|\b(?:swap|exchange|switch)\b.*\b(?:for|by|to)\b", text
    ):
        return None
    pieces = tuple(p for p in clause.pieces(re.sub(r"\b(?:shot|clip) with (?=the )", "shot and ", text)) if p.pointed)
    if len(pieces) == 1 and clause.has("next|following|one after"):
        pieces = (pieces[0], replace(pieces[0], beside="after"))
    if len(pieces) == 1 and clause.has("previous|one before"):
        pieces = (pieces[0], replace(pieces[0], beside="before"))
    return Wish(act="swap", pieces=pieces[:2]) if len(pieces) >= 2 else Wish(act="swap", pieces=pieces)


def _instead_of(clause: Clause) -> Wish | None:
    text = clause.text
    if match := re.match(
        r"(?:use|show|take|put|i want|have|let me see) (.+?) (?:instead of|in place of|rather than) (.+)$", text
    ):
        by, old = match[1], match[2]
    elif match := re.match(
        r"(?:replace|substitute|swap(?: out)?|exchange|switch) (.+?) (?:with|by|for|through|against|to) (.+)$", text
    ):
        old, by = match[1], match[2]
        if text.startswith("substitute") and " for " in text:
            old, by = by, old
    elif match := re.match(r"instead of (.+?),? (?:use|show|take|put|i want)(.+)$", text):
        old, by = match[1], match[2]
    else:
        return None
    olds, news = clause.pieces(old) or clause.pieces(shots_by_name(f"of {old}")), clause.pieces(by)
    if not olds or "{q" in text:
        return None
    new = news[0] if news else None
    made = re.search(r"\b(?:a|an|new|another)\b", by) is not None and (
        new is None or not (new.name or new.id or new.number)
    )
    color = color_of(by)
    if color and not re.search(SHOT, by) and new is not None and new.thing in COLORS:
        return Wish(act="recolor", pieces=olds[:1], name=color)
    return Wish(
        act="replace", pieces=olds[:1], beside=new, name="new" if made or new is None else "", text=clause.spoken(by)
    )


def _order(clause: Clause) -> Wish | None:
    """A whole order: "reverse the order", "the order should be owl, fox, boat"."""
    text = clause.text
    if re.match(r"(?:reverse|turn round|turn around|flip)\b", text) and clause.has(
        "order|shots|everything|sequence|it|film"
    ):
        return Wish(act="reorder", name="reverse")
    if clause.has(
        "(?:opposite|reversed?|inverse|inverted|backwards?) (?:order|sequence)|back to front|in reverse|"
        "the other way (?:a)?round|from (?:the )?(?:last|\\{o-1\\})(?: \\w+)? to (?:the )?(?:first|\\{o1\\})(?: \\w+)?"
    ) and not re.search(r"\{[tq]", text):
        return Wish(act="reorder", name="reverse")
    match = re.search(
        r"\b(?:order|sequence)(?: of the shots| of shots)?(?: should be| must be| is| to|:| shall be|,| as| "
        r"like this:?)* (?:this:? )?(.+)$|^(?:order|arrange|reorder|rearrange|sort)(?: the)?(?: shots| "
        r"clips)?(?: as|:| like this:?| so that it is| by| in)* (.+)$",
        text,
    )
    if match is None:
        return None
    listed = (match[1] or match[2]).replace(" then ", ", ").replace(" and ", ", ")
    parts = [part.strip(" ,") for part in re.split(r",|->|→|>|\b-\b", listed) if part.strip(" ,")]
    pieces: list[Which] = []
    for part in parts:
        if number := re.fullmatch(r"(?:shot |clip )?\{[on](-?\d+)\}", part):
            pieces.append(Which(number=int(number[1])))
        else:
            part = (
                part
                if re.search(r"\b(?:the|a)\b|\{", part)
                else f"the {part} shot"
                if not re.search(SHOT, part)
                else part
            )
            found = [p for p in clause.pieces(part) if p.pointed]
            pieces += found[:1]
    return Wish(act="reorder", pieces=tuple(pieces)) if len(pieces) > 1 else None


def _move(clause: Clause) -> Wish | None:
    text = clause.text
    if first := re.match(
        r"(?:start|begin|open|kick off)(?: the (?:film|video|movie|edit))? with (.+)$|(?:end|close|finish)(?: "
        r"the (?:film|video|movie|edit))? (?:with|on) (.+)$",
        text,
    ):
        pieces = tuple(p for p in clause.pieces(first[1] or first[2]) if p.pointed)
        return Wish(act="move", pieces=pieces[:1], where="first" if first[1] else "last") if pieces else None
    verb = re.match(
        r"(?:move|put|bring|shift|place|push|relocate|set|slide|take|show|let|have|play|(?:add|insert|"
        r"slot)(?= (?:it|that|this|them)\b))\b",
        text,
    )
    said = re.search(
        r"\b(?:should|must|has to|needs to|belongs?|goes|comes?|shall) ?(?:come |be |go |stand |play )?\b(.*)", text
    )
    if not (verb or said):
        return None
    end = re.search(
        r"\b(?:to|at|as|be|come|comes|goes|go|into|in) (?:the )?(?:very )?(front|start|beginning|first(?: "
        r"place| position| shot)?|top|end|back|last(?: place| position| shot)?|\{o1\}(?: place| position| "
        r"shot| one)?|\{o-1\}(?: place| position| shot| one)?)(?: of the (?:film|video|edit|timeline|cut))?$|"
        r"(?<!\S)(?<!shot )(?<!clip )(?<!scene )(\{o1\}|\{o-1\}|first|last)$",
        text,
    )
    end = end or re.search(r"\bthe [a-z][\w-]* (?:shot|clip|scene) ()(\{o-?1\})$", text)
    if end:
        word = end[1] or end[2]
        head = clause.pieces(text[: end.start(2) if end[2] else end.start()])
        pieces = tuple(p for p in head if p.pointed and p.kind != "text" and p.kind != "sound")
        if not pieces:
            return None
        return Wish(
            act="move",
            pieces=pieces[:1],
            where="first" if word.startswith(("front", "start", "begin", "first", "top", "{o1")) else "last",
        )
    if at := re.search(
        r"\bto (?:position|place|number|slot) (?:number )?\{[no](-?\d+)\}$|\bto (?:the )?\{o(-?\d+)\}(?: "
        r"position| place)$",
        text,
    ):
        pieces = tuple(p for p in clause.pieces(text[: at.start()]) if p.pointed)
        return Wish(act="move", pieces=pieces[:1], value=float(at[1] or at[2])) if pieces else None
    near = re.search(
        r"\b(directly |right |just |immediately )?(before|in front of|ahead of|after|behind|following|between)\b (.+)$",
        text,
    )
    if near and not re.search(r"\{[tq]", text):
        moved, target = clause.pieces(text[: near.start()]), clause.pieces(near[3])
        moved = tuple(p for p in moved if p.pointed and not p.name)
        target = tuple(p for p in target if p.pointed)
        if moved and target and not re.search(r"\b(?:a|an|new|another) ", text[: near.start()]):
            where: Where = "after" if near[2] in ("after", "behind", "following", "between") else "before"
            return Wish(act="move", pieces=moved[:1], where=where, beside=target[0])
    if clause.has("one (?:place|position|step|slot) (?:earlier|later|up|down|forward|back)"):
        pieces = tuple(p for p in clause.pieces() if p.pointed)
        earlier = clause.has("earlier|up|forward")
        return Wish(act="move", pieces=pieces[:1], value=-1.0 if earlier else 1.0, change=True) if pieces else None
    return None
