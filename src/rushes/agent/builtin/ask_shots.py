"""Wishes for shots as they are: what goes, what stays, how long, how fast."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, Which, counts_another
from rushes.agent.builtin.verbs import orders
from rushes.agent.builtin.wishes import Where, Wish

SECONDS = r"\{t([\d.]+)\+(\d+)\}"


_GOES = (
    r"(?:must|has to|have to|should|can|needs to|may|ought to) (?:go(?! \w)|be (?:removed|cut|deleted|dropped|"
    r"gone)|disappear|leave)|is (?:superfluous|too much|unnecessary|boring)|(?:isn't|is not|aren't) needed"
)


def read_going(clause: Clause) -> list[Wish] | None:
    """What goes out: whole shots, spans, texts."""
    for reader in (_remark, _goes):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def read_shots(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands."""
    for reader in (_speed, _fade, _split, _length, _keep):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def _remark(clause: Clause) -> Wish | None:
    """ "The second shot is too long": what would put it right."""
    found = re.search(
        r"\b(?:is|are|looks?|sounds?|feels?|runs?|was)(?: just| still| a bit| a little| much| far| way)* too "
        r"(long|short|loud|quiet|soft|fast|slow|quick)\b",
        clause.text,
    )
    if found is None:
        return None
    pieces = tuple(
        p for p in clause.pieces(clause.text[: found.start()]) if p.kind != "text" or found[1] in ("long", "short")
    )
    if not pieces:
        return None
    bare = pieces[:1]
    if found[1] in ("loud", "quiet", "soft"):
        return Wish(act="volume", pieces=bare, value=-6.0 if found[1] == "loud" else 6.0, change=True, remark=True)
    if found[1] in ("fast", "slow", "quick"):
        return Wish(act="speed", pieces=bare, value=1.25 if found[1] == "slow" else 0.8, remark=True)
    if bare[0].kind == "text":
        return Wish(
            act="retext",
            pieces=bare,
            value=0.7 if found[1] == "short" else -0.7,
            change=True,
            name="length",
            remark=True,
        )
    return Wish(act="trim", pieces=bare, value=0.75 if found[1] == "long" else 1.3, name="share", remark=True)


def _goes(clause: Clause) -> Wish | None:
    text = clause.text
    if counts_another(text):
        return None
    verb = orders(text, "remove") or re.match(
        r"(?:no|without|don't (?:show|want|need|use)|i don't (?:want|need|like(?! .*\b(?:much|enough)\b))|do not "
        r"(?:show|use)|take .* "
        r"out|cut (?:the|its|out|away|from|everything|between|shots?|clips?|\{)|chop|trim (?:off|away|the "
        r"(?:first|last|start|end|beginning)))\b",
        text,
    )
    off = re.search(
        rf"{SECONDS} (?:off|from|at(?= (?:the |its )(?:start|beginning|front|end|back|tail)\b)) (?:the |its "
        rf")?(?:(start|beginning|front|end|back|tail)\b)?",
        text,
    )
    if (
        off
        and re.match(r"(?:take|shave|cut|trim|knock|chop|remove|drop)\b", text)
        and (off[3] or not re.search(r"\{m\d", text))
    ):
        clips = tuple(p for p in clause.pieces(text[off.end() :]) if (p.kind == "clip" or p.name) and p.pointed)
        if not clips and re.search(r"\bits\b|\b(?:of|from|off) (?:it|that)\b", text):
            clips = (Which(it=True),)
        if clips:
            front = off[3] in ("start", "beginning", "front") or re.search(r"\b(?:first|opening) \{t", text) is not None
            frames = (-int(off[2]), 0) if int(off[2]) else None
            where: Where = "first" if front else "last"
            return Wish(
                act="trim", pieces=clips[:1], value=-float(off[1]) or 0.0, change=True, where=where, size=frames
            )
    if not verb and not clause.has(_GOES):
        return None
    if but := re.search(
        r"\b(?:everything|all|all (?:the )?(?:shots|clips)|anything) (?:but|except|besides|other than|apart "
        r"from)\b (.+)$",
        text,
    ):
        kept = tuple(p for p in clause.pieces(but[1]) if p.pointed)
        return Wish(act="keep", pieces=kept) if kept else None
    span = clause.span()
    rest_has_time = re.search(r"\{t", text) or re.search(r"\b(?:from|between) \{n[^}]*\} (?:to|and|until) \{n", text)
    if orders(text, "split") and not text.startswith(("cut out", "chop out")):
        into = re.search(r"\b(?:to|into|down to|in (?:two|half|\{n2\}))\b", text)
        if (
            into
            and not re.match(rf"cut (?:from |between )?{SECONDS}", text)
            and not (span and span.end is not None and span.inside is None and re.search(r"from|between", text))
        ):
            return None
        if re.search(r"\bat \{[tn]", text) and span and span.end is None and span.length is None:
            return None
    if (
        span is not None
        and rest_has_time
        and "{q" not in text
        and not re.search(rf"(?:{SHOT}) (?:at|around) \{{[tn]", text)
    ):
        texts = [p for p in clause.pieces() if p.kind == "text"]
        if texts and not clause.has("everything"):  # the text that stands there goes, not the film
            shown = None if span.start is None else span.start.seconds + span.start.frames / 24
            last = Which(kind="text", place=texts[0].place, number=-1 if shown is None else 0, second=shown)
            return Wish(act="remove", pieces=(last,))
        if span.end is not None or span.length is not None or span.at_end:
            shaved = (
                re.match(
                    r"(?:trim|cut|chop|take|shave|remove|drop|lose) (?:off )?(?:the )?(?:first|last|opening|final) ",
                    text,
                )
                and clause.pieces()
            )
            clips = tuple(p for p in clause.pieces(re.sub(r"\{t[^}]*\}", "", text)) if p.kind == "clip" and p.pointed)
            if span.inside is None and shaved and clips:
                span = replace(span, inside=clips[0])
            elif span.inside is None and clause.has("its"):
                span = replace(span, inside=Which(it=True))
            return Wish(act="remove_span", span=span)
    if "silence" in text or ("black" in text and "shot" not in text):
        return None
    pieces = tuple(p for p in clause.pieces() if p.pointed or p.kind in ("text", "sound"))
    pieces = tuple(p for p in pieces if not (p.it and len(pieces) > 1))
    if not pieces:
        return None
    if any(p.kind == "sound" for p in pieces) and clause.has("music|score|soundtrack|song"):
        return Wish(act="music", name="none")
    if any(word in text for word in ("crossfade", " fades", "dissolve")):
        return None
    return Wish(act="remove", pieces=pieces)


def _speed(clause: Clause) -> Wish | None:
    text = clause.text
    if not clause.has(
        r"speed|speeds|fast|faster|slower|slow ?-?mo(?:tion)?|slow|slowed|accelerate|time ?-?lapse|half speed|"
        r"double speed|normal speed"
    ):
        return None
    if clause.has("music|song|bpm|fade|voice|beat") or "{q" in text:
        return None
    factor: float | None = None
    times, percent, half = (
        re.search(r"\{x([\d.]+)\}", text),
        re.search(r"\{p([\d.]+)\}", text),
        clause.has("half|twice as slow|halve"),
    )
    slower = clause.has("slow|slower|slow ?-?mo(?:tion)?|slowed|slow down")
    by_number = re.search(r"(?:factor|speed)(?: of| to)? ?\{n([\d.]+)\}|by \{n([\d.]+)\}", text)
    change = False
    if times or by_number:
        value = float(times[1]) if times else float(by_number[1] or by_number[2])  # type: ignore[index]
        factor = 1 / value if slower and value > 1 else value
    elif percent:
        share = float(percent[1]) / 100
        if clause.has(r"by \{p[^}]*\}") or clause.has("faster|slower"):
            factor = 1 - share if slower and share < 1 else 1 / share if slower else 1 + share
        else:
            factor = share
    elif clause.has("twice|double|doubled|two times"):
        factor = 0.5 if slower else 2.0
    elif clause.has("three times|triple|thrice"):
        factor = 1 / 3 if slower else 3.0
    elif half:
        factor = 0.5
    elif clause.has("quarter"):
        factor = 0.25
    elif clause.has("normal speed|original speed|regular speed|real time"):
        factor = 1.0
    elif slower:
        factor = 0.8 if clause.has("a (?:little|bit|touch)|slightly") else 0.5
    elif clause.has("faster|speed up|accelerate|time ?-?lapse|sped up"):
        factor = 1.25 if clause.has("a (?:little|bit|touch)|slightly") else 2.0
    if factor is None:
        return None
    pieces = tuple(
        p
        for p in clause.pieces(re.sub(r"slow motion|half speed|double speed|normal speed|original speed", "", text))
        if p.pointed and p.kind != "text" and p.thing not in ("twice", "half")
    )
    if not pieces:
        whole = clause.has(
            r"everything|all of it|(?:the|this|my|our) (?:(?:whole|entire) \w+|film|video|movie|ad|trailer)"
        )
        pieces = (Which(kind="clip", every=True) if whole else Which(kind="any", it=True),)
    return Wish(act="speed", pieces=pieces, value=round(factor, 4), change=change)


def _fade(clause: Clause) -> Wish | None:
    text = clause.text
    if (
        not clause.has(r"fades?|cross ?-?fades?|crossfad\w+|dissolves?|blend|hard cuts?|soft transitions?|transitions?")
        or "{q" in text
        or clause.has("music|sound")
    ):
        return None
    seconds = re.search(SECONDS, text)
    value = float(seconds[1]) + int(seconds[2]) / 24 if seconds else 0.5
    pieces = tuple(
        p
        for p in clause.pieces(
            re.sub(r"\b(?:cross ?-?)?fades?|transitions?|hard cuts?\b", "", re.sub(SECONDS, "", text))
        )
        if p.kind == "clip"
    )
    if re.match(r"(?:no|never|without|remove|hard|use hard|don't|delete|drop)\b", text) or clause.has(
        "hard cuts?|no (?:cross)?-?fades?|without (?:cross)?-?fades?"
    ):
        value = 0.0
    if clause.has("black|in from|out to|fade in|fade out"):
        name = (
            "in"
            if clause.has("in|from black|start|beginning") and not clause.has("out|to black|end")
            else "both"
            if clause.has("in and out|in and fade out")
            else "out"
        )
        return Wish(
            act="fade",
            name=name,
            value=value if seconds else 1.0,
            pieces=tuple(p for p in pieces if p.number or p.thing),
        )
    every = (
        not pieces
        or any(p.every for p in pieces)
        or clause.has("between (?:all|the|every|each)(?: of the)? (?:shots|clips|scenes)|everywhere|every cut|all cuts")
    )
    if every and not any(p.number or p.thing or p.id for p in pieces):
        pieces = (Which(kind="clip", every=True),)
    return Wish(act="fade", pieces=pieces[:1], value=value)


def _split(clause: Clause) -> Wish | None:
    text = clause.text
    if not orders(text, "split") or text.startswith(("cut out", "cut away")):
        return None
    span = clause.span()
    half = clause.has(r"in (?:half|two|the middle)|in \{n2\}|into (?:two|halves)|into \{n2\}|halves")
    if not half and (span is None or span.end is not None or (span.length is not None and not span.start)):
        return None
    pieces = tuple(p for p in clause.pieces() if p.kind == "clip" and p.pointed)
    if orders(text, "split") and not (
        half or re.search(r"\b(?:at|after)\b", text) or (span and span.start is not None)
    ):
        return None
    return Wish(act="split", span=span, pieces=pieces[:1])


def _length(clause: Clause) -> Wish | None:
    """How long a shot is: to a length, by a length, where it starts in its source."""
    text = clause.text
    seconds = re.search(SECONDS, text)
    vague = clause.has("longer|shorter") and clause.has("shots?|clips?|scenes?|it|that|ones?")
    if (
        (seconds is None and not vague)
        or "{q" in text
        or clause.has("texts?|titles?|subtitles?|captions?|music|fade|narration")
    ):
        return None
    about = re.sub(SECONDS, "", text)
    pieces = tuple(p for p in clause.pieces(about) if (p.kind == "clip" and p.pointed) or p.it)
    if not pieces:
        return None
    source = re.search(
        r"\b(?:start|begin|starting|beginning|from)(?:s|ning)?\b(?: \w+)?? (?:at |from )?(?:second "
        rf")?{SECONDS}(?: (?:in|into|of|within)(?: its| the)? (?:source|own|original|footage|file|recording)| "
        r"in)?",
        text,
    )
    verb = re.match(
        r"(?:trim|shorten|tighten|cut|make|let|lengthen|prolong|extend|set|reduce|hold|stretch|keep|bring|"
        r"have|give|the|shots?|clips?|scenes?|\{|it|all|every|each|that|limit)\b",
        text,
    ) or text.startswith("{")
    if not verb:
        return None
    by = re.search(
        rf"(?:by|another) {SECONDS}|{SECONDS} (?:longer|shorter|more|less|off)|(?:longer|shorter) by {SECONDS}", text
    )
    shorter = clause.has("shorter|shorten|less|off|reduce|tighten|trim|cut") and not clause.has(
        "longer|lengthen|extend|prolong|more"
    )
    if by:
        amount = next(float(g) for g in (by[1], by[3], by[5]) if g is not None)
        front = clause.has(
            "from the (?:start|beginning|front)|at the (?:start|beginning|front)|off the (?:start|beginning|front)"
        )
        frames = next(int(g) for g in (by[2], by[4], by[6]) if g is not None)
        sign = -1 if shorter else 1
        return Wish(
            act="trim",
            pieces=pieces,
            value=sign * amount or 0.0,
            change=True,
            where="first" if front else "last",
            size=(sign * frames, 0) if frames else None,
        )
    if (
        source
        and not re.search(r"\b(?:to|be|is|last)\b", text[: source.start()])
        and clause.has("start|begin|starting|beginning")
    ):
        return Wish(act="trim", pieces=pieces, span=clause.span(), name="source")
    if seconds is None:
        share = 0.75 if clause.has("shorter") else 1.3
        return Wish(act="trim", pieces=pieces, value=share, name="share")
    if not re.search(
        r"\b(?:to|be|lasts?|runs?|takes?|is|at|for|only|exactly|most|than|of|just|about|maximum|max|limit|"
        r"keep|hold|have|give)\b"
        rf"[\w ]{{0,16}}{SECONDS}|{SECONDS} (?:long|each|only|max)|(?:it|that|shot|one|clip|each|"
        rf"scene|\}}) {SECONDS}$|^{SECONDS}",
        text,
    ):
        return None
    at_most = clause.has("at most|no longer than|not longer than|max|maximum|up to")
    return Wish(
        act="trim",
        pieces=pieces,
        value=float(seconds[1]),
        span=None,
        name="most" if at_most else "",
        size=(int(seconds[2]), 0) if int(seconds[2]) else None,
    )


def _keep(clause: Clause) -> Wish | None:
    text = clause.text
    only = re.match(
        r"(?:keep|leave|use|show|retain|i (?:only )?want)\b.*\b(?:only|just|nothing but)\b|(?:only|just) "
        r"(?:keep|use|show|leave|retain)\b",
        text,
    )
    if not only:
        return None
    span = clause.span()
    pieces = tuple(p for p in clause.pieces() if p.pointed and not p.it)
    if span is None and not pieces:
        return None
    return Wish(act="keep", pieces=pieces, span=span if span is not None and not (span.whole and pieces) else None)
