"""What the board knows beside the timeline, read: who is in a shot, what was said of its takes, moods, files."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rushes.agent.builtin.answers import FilmSeen, Seen
from rushes.agent.lexicon import find_kind
from rushes.agent.words import COLORS

_NO_NAME = re.compile(r"[sn]\d+|(?:clip|take|shot)(?:-\d+)?|")  # labels that say nothing to a person


@dataclass(frozen=True, kw_only=True)
class TakeKnown:
    id: str
    model: str
    score: float | None  # of 1; None: nobody judged it
    verdict: str  # accepted, rejected, unjudged
    reasons: str = ""


@dataclass(frozen=True, kw_only=True)
class ShotKnown:
    id: str
    seconds: float
    given: bool  # it is the user's own material
    text: str  # what it was planned to show
    who: tuple[str, ...] = ()  # such as: red fox with a hat
    place: str = ""  # such as: snowfield, day, clear
    takes: tuple[TakeKnown, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """The film, and the shots that there are of it."""

    film: FilmSeen
    shots: tuple[ShotKnown, ...] = ()

    def shot(self, clip: Seen) -> ShotKnown | None:
        return next((shot for shot in self.shots if shot.id == shot_of(clip)), None)

    def take(self, clip: Seen) -> TakeKnown | None:
        """The one that a clip shows."""
        shot = self.shot(clip)
        return next((take for take in shot.takes if take.id == take_of(clip)), None) if shot is not None else None

    def words(self, clip: Seen) -> str:
        """All that is known of what a clip shows, to look for somebody in."""
        shot = self.shot(clip)
        return " ".join((clip.shows, *shot.who, shot.place) if shot is not None else (clip.shows,))


@dataclass(frozen=True, kw_only=True)
class FilmFile:
    seconds: float
    path: str  # empty: it is kept in the project only
    newest: bool  # the film was not changed since
    measured: str = ""  # such as: -14.0 LUFS, peak -4.5 dBTP; black: 0.000-0.500; falls short: it has no sound


def read_shots(answer: str) -> tuple[ShotKnown, ...]:
    """The shots of `board(of=shots)`."""
    found: list[ShotKnown] = []
    for line in answer.splitlines():
        if match := re.match(r"(shot-\d+) ([\d.]+) s (\w+): (.*)$", line):
            given = match[3] != "generated"
            found.append(ShotKnown(id=match[1], seconds=float(match[2]), given=given, text=match[4]))
        elif found and (match := re.match(r"  in it: (.+); (.+)$", line)):
            who = () if match[1] == "nobody" else tuple(match[1].split(", "))
            found[-1] = replace(found[-1], who=who, place=match[2])
        elif found and (match := re.match(r"  (take-\d+) by (.+?):(?: ([\d.]+))? (\w+)(?:: (.+))?$", line)):
            score = float(match[3]) if match[3] else None
            take = TakeKnown(id=match[1], model=match[2], score=score, verdict=match[4], reasons=match[5] or "")
            found[-1] = replace(found[-1], takes=(*found[-1].takes, take))
    return tuple(found)


def read_sounds(answer: str) -> dict[str, str]:
    """Of `board(of=sounds)`, by id: the mood of music, or what a voice says."""
    rows = re.findall(r'^(sound-\d+) \w+(?:, (\w+))?(?: says "(.*)")?$', answer, re.MULTILINE)
    return {id: mood or spoken for id, mood, spoken in rows}


def read_films(answer: str) -> tuple[tuple[FilmFile, ...], str]:
    """The rendered films of `board(of=films)`, the newest last, and the project's folder."""
    state = "as the film is now|changed since"
    rows = re.findall(rf"^film-\d+ ([\d.]+) s \S+, ({state}): (.+)\n  (.*)$", answer, re.MULTILINE)
    films = tuple(
        FilmFile(
            seconds=float(seconds),
            path="" if path == "kept in the project only" else path,
            newest=state == "as the film is now",
            measured=measured,
        )
        for seconds, state, path, measured in rows
    )
    folder = re.search(r"^project: (.+)$", answer, re.MULTILINE)
    return films, folder[1] if folder else ""


def with_known(film: FilmSeen, shots: tuple[ShotKnown, ...], sounds: dict[str, str]) -> FilmSeen:
    """The film whose pieces say what they show, as far as it is known."""
    by_id = {shot.id: shot for shot in shots}

    def known(piece: Seen) -> Seen:
        if piece.kind == "sound":
            label, _, mood = piece.words.partition(", ")  # of a plan; else the board tells the mood
            return replace(piece, words=label, shows=sounds.get(piece.id, "") or mood)
        shot = by_id.get(shot_of(piece)) if piece.kind == "clip" else None
        return replace(piece, shows=_as_it_looks(shot) if shot is not None and shot.text else file_of(piece))

    return replace(film, pieces=tuple(known(piece) if piece.kind != "text" else piece for piece in film.pieces))


def _as_it_looks(shot: ShotKnown) -> str:
    """What a shot was planned to show, in the colours that its cast has got since."""
    pairs = [pair for who in shot.who for pair in re.findall(r"\b([a-z]+)(?= ([a-z]+))", who)]
    colours = {kind: colour for colour, kind in pairs if colour in COLORS}

    def coloured(match: re.Match[str]) -> str:
        now = colours.get(find_kind(match[2]) or "", "")
        return now if now and COLORS.get(match[1]) not in (None, now) else match[1]

    return re.sub(r"\b([a-z]+)(?= ([a-z]+)\b)", coloured, shot.text)


def shot_of(piece: Seen) -> str:
    """The id of the planned shot that a clip shows; empty for the user's own material."""
    found = re.search(r"\bof (shot-\d+)", piece.words)
    return found[1] if found else ""


def take_of(piece: Seen) -> str:
    found = re.search(r"\btake-\d+", piece.words)
    return found[0] if found else ""


def file_of(piece: Seen) -> str:
    """The name of the file that a clip shows, or of what else it is; empty where it has none."""
    label = re.split(r" (?:take-\d|of shot-\d|(?:from|speed|fade) [\d.]|contain\b|mute\b|[+-][\d.]+ dB)", piece.words)[
        0
    ]
    return "" if _NO_NAME.fullmatch(label.strip()) else label.strip()
