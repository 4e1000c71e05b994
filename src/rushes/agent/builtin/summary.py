"""What was done, in a person's words: tools have names, and pieces ids, that only we know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from rushes.agent.builtin.answers import FilmSeen, Seen, read_timeline
from rushes.agent.builtin.fault_words import reasons_told
from rushes.agent.builtin.hands import Done, Turn
from rushes.agent.builtin.known import shot_of
from rushes.agent.builtin.telling import PLACES, counted, in_seconds, joined, named, span_told, without_ids

MOST = 8  # deeds that are told one by one
ALL_SHOT = "shot them"  # said once, however many they are
MOST_ASIDE = 2  # things that changed along with what was asked


def film_before(turns: Sequence[Turn], turn: Turn) -> FilmSeen:
    """The film as a turn found it, else as it was seen last: its pieces are called by their places then."""
    at = next(number for number, each in enumerate(turns) if each is turn)
    seen = [read_timeline(done.answer) for each in turns[at : at + 1] for done in each.done if done.name == "timeline"]
    for each in reversed(turns[:at]):
        seen += [read_timeline(done.answer) for done in reversed(each.done) if done.name == "timeline"]
    return next((film for film in seen if film.pieces), FilmSeen())


def said_done(calls: Sequence[Done], film: FilmSeen) -> str:
    """ "made the second shot 3.0 s long (4.0 s before), took out the music", in the order of the calls."""
    told: dict[str, int] = {}
    for call in calls:
        said = _said(call, calls, film)
        if said:
            told[said] = 1 if said == ALL_SHOT else told.get(said, 0) + 1
    deeds = [deed + ("" if times == 1 else " (twice)" if times == 2 else f" ({times} times)")
             for deed, times in told.items()]  # fmt: skip
    more = [f"{len(deeds) - MOST} things more"] if len(deeds) > MOST else []
    return ", ".join([*deeds[:MOST], *more])


def length_now(calls: Sequence[Done], film: FilmSeen) -> str:
    """How long the film is after these calls, where it was of another length or there was none; else empty."""
    found = [re.search(r"\bfilm ([\d.]+) s, \d+ frames|^the film lasts ([\d.]+) s", call.answer) for call in calls]
    known = [float(match[1] or match[2]) for match in found if match is not None]
    new = any(call.name == "lay" for call in calls)
    if not known or (abs(known[-1] - film.seconds) < 1e-3 and not new):
        return ""
    return f"the film lasts {in_seconds(known[-1])}{'' if new or not film.pieces else ' now'}"


def aside(calls: Sequence[Done], film: FilmSeen) -> list[str]:
    """What moved or went along with what was asked, in words."""
    moved: list[str] = []
    gone: list[str] = []
    for call in calls:
        for part in call.answer.partition("\n")[0].split("; ")[1:]:
            piece = film.piece(part.partition(" ")[0])
            times = re.search(r"now ([\d.]+)-([\d.]+)$", part)
            if piece is not None and times:
                moved.append(f"{named(piece, film)} stands from {span_told(float(times[1]), float(times[2]))} now")
            elif piece is not None and part.endswith("went with it"):
                gone.append(named(piece, film))
    moved, gone = list(dict.fromkeys(moved)), list(dict.fromkeys(gone))
    more = [f"{counted(len(moved) - MOST_ASIDE, 'more text')} moved along"] if len(moved) > MOST_ASIDE else []
    return [*([f"{joined(gone)} went with it"] if gone else []), *moved[:MOST_ASIDE], *more]


def shots_that_fall_short(calls: Sequence[Done], film: FilmSeen) -> str:
    """Of takes that were made just now, those that the critic does not accept; empty where all are good enough."""
    told = []
    for done in calls:
        found = re.search(r"(take-\d+)(?: of (shot-\d+))?: ([\d.]+), falls short[.,]? ?(.*)", done.answer)
        if found is None or not done.ok:
            continue
        clip = next((c for c in film.clips if found[2] and shot_of(c) == found[2]), None)
        name = named(clip, film) if clip is not None else "the new shot"
        told.append(f"{name} ({reasons_told(found[4].partition('; clip')[0])})")
    return "" if not told else f"{'this take falls' if len(told) == 1 else 'these takes fall'} short: {'; '.join(told)}"


def _said(call: Done, calls: Sequence[Done], film: FilmSeen) -> str:
    """One call; empty for what belongs to another."""
    say = SAID.get(call.name, call.name)
    if isinstance(say, str):
        return say
    return say(_Call(call=call, calls=calls, film=film))


class _Call:
    """A call with names for what it is about."""

    def __init__(self, *, call: Done, calls: Sequence[Done], film: FilmSeen) -> None:
        self.name, self.given, self.answer, self.calls, self.film = call.name, call.arguments, call.answer, calls, film

    def piece(self) -> Seen | None:
        id = self.given.get("id") or self.given.get("clip") or self.given.get("shot") or ""
        return self.film.piece(str(id)) or next((c for c in self.film.clips if id and shot_of(c) == id), None)

    def who(self, otherwise: str = "the shot") -> str:
        piece = self.piece()
        return named(piece, self.film) if piece is not None else otherwise

    def number(self, key: str) -> float | None:
        value = self.given.get(key)
        return float(value) if isinstance(value, (int, float)) else None

    def behind(self) -> str:
        """Where something was put."""
        after = str(self.given.get("after") or "")
        if after == "first":
            return "at the beginning"
        clip = self.film.piece(after)
        return f"behind {named(clip, self.film)}" if clip is not None else "at the end" if not after else "behind it"

    def first_line(self) -> str:
        return without_ids(self.answer.partition("\n")[0].partition("; ")[0], self.film)

    def other(self, name: str) -> bool:
        return any(call.name == name for call in self.calls)


def _planned(call: _Call) -> str:
    count = re.search(r"planned (\d+) shots", call.answer)
    return f"planned {counted(int(count[1]), 'shot')}" if count else "planned the shots"


def _shot(call: _Call) -> str:
    if call.other("plan"):
        return ALL_SHOT
    piece = call.piece()
    return f"shot {named(piece, call.film)} again" if piece is not None else "made a take"


def _cast(call: _Call) -> str:
    return f"the {call.given.get('thing', '')} is {call.given.get('look', '')}".strip()


def _generated(call: _Call) -> str:
    long = call.number("seconds")
    return f'shot a new shot {call.behind()}, "{call.given.get("what", "")}"{f" ({in_seconds(long)})" if long else ""}'


def _trimmed(call: _Call) -> str:
    piece, seconds, start = call.piece(), call.number("seconds"), call.number("start")
    shows = re.search(r"shows its source from [\d.]+ for ([\d.]+) s", call.answer)
    seconds = float(shows[1]) if shows else seconds
    before = f" ({in_seconds(piece.seconds)} before)" if piece is not None else ""
    if piece is not None and seconds is not None and abs(seconds - piece.seconds) < 1e-3:
        return f"{call.who()} shows another part of its source, from {in_seconds(start or 0.0)} on"
    cut = piece is not None and start is not None and start > piece.source + 1e-6
    off = " by its beginning" if cut else ""
    shorter = piece is not None and seconds is not None and seconds < piece.seconds
    return f"made {call.who()} {in_seconds(seconds or 0.0)} long{before}{off if shorter else ''}"


def _removed_span(call: _Call) -> str:
    return f"took out {span_told(call.number('start') or 0.0, call.number('end') or 0.0)}"


def _replaced(call: _Call) -> str:
    by = str(call.given.get("by", ""))
    if call.other("shoot") and by.startswith(("take-", "shot-")):
        return ""  # said where it was shot
    return f"put {without_ids(by, call.film)} in the place of {call.who()}"


def _sped(call: _Call) -> str:
    lasts = re.search(r"and lasts ([\d.]+) s", call.answer)
    return f"{call.who()} runs at {call.number('factor') or 1.0:g} times its speed" + (
        f" ({in_seconds(float(lasts[1]))} now)" if lasts else ""
    )


def _framed(call: _Call) -> str:
    size = re.search(r"\bframe is (\d+x\d+)", call.answer)
    return f"the film is {size[1]} pixels now" if size else "changed the shape"


def _levelled(call: _Call) -> str:
    gain = call.number("gain_db")
    told = []
    if gain is not None:
        told.append(f"muted {call.who()}" if gain <= -60 else f"set {call.who()} to {gain:+g} dB")
    for key, word in (("fade_in", "in"), ("fade_out", "out")):
        if (fade := call.number(key)) is not None:
            told.append(f"{call.who()} fades {word} for {in_seconds(fade)}")
    if call.given.get("duck"):
        told.append(f"{call.who()} gets quieter while others sound")
    if call.number("start") is not None or call.number("end") is not None:
        told.append(f"{call.who()} is heard from {span_told(call.number('start') or 0.0, call.number('end') or 0.0)}")
    return ", ".join(told) or f"mixed {call.who('the sound')}"


def _put_text(call: _Call) -> str:
    place = PLACES.get(str(call.given.get("place", "title")), "text")
    times = re.search(r" ([\d.]+)-([\d.]+), \d+ frames", call.answer)
    start, end = (
        (float(times[1]), float(times[2])) if times else (call.number("start") or 0.0, call.number("end") or 0.0)
    )
    return f'put the {place} "{call.given.get("text", "")}" on from {span_told(start, end)}'


_TYPE: dict[str, Callable[[Any], str]] = {
    "size": lambda size: f"is {size:g} times the usual size",
    "colour": lambda colour: f"is {colour}",
    "height": lambda height: "stands where it covers nobody" if height == "free" else f"stands at the {height}",
    "place": lambda place: f"is a {PLACES.get(place, place)}",
}


def _retexted(call: _Call) -> str:
    piece, given = call.piece(), call.given
    name = named(piece, call.film) if piece is not None else "the text"
    told = [f'says "{given["text"]}"'] if "text" in given else []
    if piece is not None and {"start", "end"} & set(given):
        start, end = call.number("start"), call.number("end")
        span = span_told(piece.start if start is None else start, piece.end if end is None else end)
        told.append(f"stands from {span}")
    told += [say(given[key]) for key, say in _TYPE.items() if key in given]
    return f"{name} {joined(told)} now"


def _music(call: _Call) -> str:
    what = re.search(r"sound-\d+: (\w+ music|[^,;]+\.\w{2,4})", call.answer)
    follow = ", with the cuts on its beats" if call.given.get("follow") else ""
    return f"put {what[1] if what else 'music'} under it{follow}"


def _faded(call: _Call) -> str:
    said = call.first_line()
    seconds = re.search(r"(.* for )([\d.]+) s$", said)
    return f"{seconds[1]}{in_seconds(float(seconds[2]))}" if seconds else said


def _graded(call: _Call) -> str:
    """All that the tool says of the colours, but for how long the film is."""
    said = call.answer.partition("\n")[0].partition("; film ")[0]
    return re.sub(r"\ball (\d+) clips\b", r"all \1 shots", without_ids(said, call.film))


def _carded(call: _Call) -> str:
    text = f' that says "{call.given["text"]}"' if call.given.get("text") else ""
    card = f"a {call.given.get('colour') or 'black'} card{text}"
    return f"put {card} in {call.behind()} ({in_seconds(call.number('seconds') or 0.0)})"


def _inserted(call: _Call) -> str:
    material = str(call.given.get("material", "your material"))
    if call.film.piece(material) is not None:
        return f"showed {without_ids(material, call.film)} again {call.behind()}"
    return f"put {material} in {call.behind()}"


def _undone(call: _Call) -> str:
    # Without ordinals: nobody has looked at the film since.
    said = re.sub(r"^taken back: .*? \(entry \d+\); ", "", without_ids(call.answer.partition("\n")[0], FilmSeen()))
    return f"took back the last change: {said}"


SAID: dict[str, str | Callable[[_Call], str]] = {
    "plan": _planned,
    "edit_shot": lambda call: f"staged {call.who()} anew",
    "shoot": _shot,
    "choose_take": lambda call: (
        f"chose {without_ids(str(call.given.get('take', 'a take')), call.film)} for {call.who()}"
    ),
    "title": lambda call: f'set the title "{call.given.get("text", "")}"',
    "subtitle": lambda call: f'set the subtitle "{call.given.get("text", "")}"',
    "cast": _cast,
    "generate": _generated,
    "extend": lambda call: (
        f"made {call.who()} {in_seconds(call.number('seconds') or 0.0)} long"
        + (f" ({in_seconds(piece.seconds)} before)" if (piece := call.piece()) is not None else "")
    ),
    "fit_length": lambda call: f"fitted it to {in_seconds(call.number('seconds') or 0.0)}",
    "narrate": lambda call: f'had "{call.given.get("text", "")}" spoken from {in_seconds(call.number("at") or 0.0)} on',
    "music": _music,
    "mix": _levelled,
    "volume": _levelled,
    "loudness": lambda call: f"brought it to {call.number('lufs') or 0.0:g} LUFS",
    "open": lambda call: f"put {call.given.get('material', 'your material')} in",
    "lay": "cut it together",
    "split": lambda call: f"split the film at {in_seconds(call.number('at') or 0.0)}",
    "trim": _trimmed,
    "remove": lambda call: f"took out {call.who('a piece')}",
    "remove_span": _removed_span,
    "move": lambda call: f"put {call.who()} {call.behind()}",
    "insert": _inserted,
    "replace": _replaced,
    "speed": _sped,
    "fade": _faded,
    "push": lambda call: call.first_line(),
    "card": _carded,
    "label": "set the labels",
    "grade": _graded,
    "frame": _framed,
    "text": _put_text,
    "retext": _retexted,
    "subtitles": lambda call: f"set {counted(len(call.given.get('lines', ())), 'subtitle')}",
    "undo": _undone,
    "delegate": "had a part done",
}
