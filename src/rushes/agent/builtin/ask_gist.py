"""The gist of a wish that no grammar knows: which pieces, files, times and texts it names, and what kind of deed."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_new import part_of_file, place_of_new
from rushes.agent.builtin.ask_talk import declares
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import Which, counts_another, shots_by_name
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish

_T = r"\{t([\d.]+)\+(\d+)\}"
_GONE = (
    r"out|away|gone|go|delete\w*|remov\w*|cut|cuts|drop\w*|los[et]\w*|rid|without|disappear\w*|vanish\w*|erase\w*|kill|"
    r"scrap\w*|omit\w*|skip\w*|lop|excise|unwanted|superfluous|unnecessary"
)
_KEPT = r"not|no|never|nothing|none|don't|keep|keeps|stays?|remains?|leave|whole|complete"
_PLACE_OF = (
    r"place|instead|stead|over|replac\w+|substitut\w+|swap\w*|slot|spot|fill\w*|exchang\w+|rather than|"
    r"take over|cover\w*"
)
_BESIDE = r"between|after|behind|before|following|follows?|next to"
_SWAP = r"swap\w*|exchang\w+|switch\w*|places|positions|trade|the other way (?:a)?round|vice versa|flip\w*"
_FRONT = r"start\w*|begin\w*|front|head|opening|later|further in"
_BACK = r"end|ends|ending|tail|back|close|earlier|sooner|shorter|too long"
_LESS = (
    r"cut|take|trim|los[et]\w*|drop|remove|shorter|shorten\w*|too long|less|lop|shave|clip|later|earlier|"
    r"sooner|off|away|skip|without"
)
_FILM = r"this|film|video|movie|it|everything|all|whole|thing|edit|trailer|version"


def read_gist(clause: Clause) -> list[Wish] | None:
    """None where what is named does not say what to do."""
    if counts_another(clause.text):
        return None
    if declares(clause) and not clause.has(r"too long|too early|too late"):
        return None
    for reader in (_words, _file, _shorter, _length, _order, _gone):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def _named(clause: Clause) -> list[Which]:
    """Shots and texts that are pointed at, also by a bare name."""
    found = [which for which in clause.pieces() if which.pointed and not which.name]
    return found or [w for w in clause.pieces(shots_by_name(clause.text)) if w.pointed and not w.name and not w.it]


def _words(clause: Clause) -> Wish | None:
    """Other words or other times of a text."""
    quotes, span = clause.quotes(), clause.span()
    if len(quotes) == 2 and span is None:
        back = clause.has(r"instead of|where|rather than|not|for|was|now") and not clause.has(
            "to|into|with|by|becomes?|but"
        )
        old, new = quotes[::-1] if back else quotes
        return Wish(act="retext", pieces=(Which(kind="text", quote=old),), text=new)
    if len(quotes) != 1 or "{m" in clause.text:
        return None
    if span is not None and (span.start is not None or span.end is not None):
        return Wish(act="retext", pieces=(Which(kind="text", quote=quotes[0]),), span=span)
    texts = [which for which in clause.pieces() if which.kind == "text" and not which.quote]
    says = clause.has(r"says?|reads?|words?|wording|text|write|call(?:ed)?|gets|become|be|is|has")
    return Wish(act="retext", pieces=tuple(texts[:1]), text=quotes[0]) if texts and says else None


def _file(clause: Clause) -> Wish | None:
    """A given file in a shot's place, or beside one."""
    files = [which for which in clause.pieces() if which.name]
    shots = [which for which in _named(clause) if which.kind == "clip"]
    if len(files) != 1 or "{q" in clause.text:
        return None
    if shots and clause.has(_PLACE_OF):
        return Wish(act="replace", pieces=(shots[0],), beside=files[0])
    if clause.has(_BESIDE):
        where, beside = place_of_new(clause)
        if beside is not None:
            span = part_of_file(clause.text)
            return Wish(act="insert", pieces=(files[0],), where=where, beside=beside, span=span, name=files[0].name)
    return None


def _shorter(clause: Clause) -> Wish | None:
    """So much less of a shot, at its beginning or its end."""
    times = re.findall(_T, clause.text)
    shots = [which for which in _named(clause) if which.kind == "clip" or which.it]
    if len(times) != 1 or len(shots) != 1 or not clause.has(_LESS) or re.search(r"\{[qm]", clause.text):
        return None
    front = re.search(r"\{o1\} \{t", clause.text) is not None or (
        clause.has(_FRONT) and not clause.has("end|tail|last")
    )
    back = re.search(r"\{o-1\} \{t", clause.text) is not None or clause.has(_BACK)
    if front == back and not front:
        return None
    seconds, frames = float(times[0][0]), int(times[0][1])
    return Wish(
        act="trim",
        pieces=(shots[0],),
        value=-seconds or 0.0,
        change=True,
        where="first" if front else "last",
        size=(-frames, 0) if frames else None,
    )


def _length(clause: Clause) -> Wish | None:
    """The film's length."""
    times = re.findall(_T, clause.text)
    if len(times) != 1 or re.search(r"\{[qmo]", clause.text) or not clause.has(_FILM):
        return None
    told = clause.has("to|exactly|precisely|long|version|last|lasts|run|runs|be|down|up|at") and not clause.has(
        "from|between|after|before|until|shots?|clips?|titles?|texts?|fade|music|wait|hour"
    )
    return Wish(act="fit", value=float(times[0][0])) if told else None


def _order(clause: Clause) -> Wish | None:
    """Two shots that change places, or one that goes to an end of the film."""
    shots = [which for which in _named(clause) if which.kind == "clip" and not which.it]
    if re.search(r"\{[qtm]", clause.text) or clause.has("fade|music|sound|slow|fast"):
        return None
    if len(shots) == 2 and clause.has(_SWAP):
        return Wish(act="swap", pieces=tuple(shots))
    ends = [which for which in shots if which.number in (1, -1)]
    moved = [which for which in shots if which not in ends] or ends[:-1]
    first = clause.has("front|start|beginning|opens?|begin|begins") or any(
        w.number == 1 for w in ends if w not in moved
    )
    last = clause.has("end|ends|close|closes|finish") or any(w.number == -1 for w in ends if w not in moved)
    if len(moved) == 1 and first != last and not clause.has(f"{_BESIDE}|{_KEPT}"):
        return Wish(act="move", pieces=(moved[0],), where="first" if first else "last")
    return None


def _gone(clause: Clause) -> Wish | None:
    """What goes: a stretch of the film, shots, texts."""
    if not clause.has(_GONE) or clause.has(_KEPT) or re.search(r"\{m", clause.text):
        return None
    span = clause.span()
    if (
        span is not None
        and span.inside is None
        and span.start is not None
        and (span.end is not None or span.length is not None)
    ):
        return Wish(act="remove_span", span=Span(start=span.start, end=span.end, length=span.length))
    pieces = [which for which in _named(clause) if not which.every]
    return Wish(act="remove", pieces=tuple(pieces[:1])) if len(pieces) == 1 and "{t" not in clause.text else None
