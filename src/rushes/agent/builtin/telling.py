"""The film in words, as one person would tell another: whoever says how a film stands asks here.

Numbers are those of the timeline. Ids are left out; "the second shot" names a piece, and gives orders too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rushes.agent.builtin.answers import FilmSeen, Seen, read_timeline
from rushes.agent.builtin.known import file_of, read_shots, read_sounds, shot_of, with_known
from rushes.agent.builtin.marks import ONES, ORDINALS
from rushes.agent.cut.document import read_cut
from rushes.agent.cut.listing import listing
from rushes.agent.details import details
from rushes.board.board import Board

MOST = 20  # shots, or texts, that are told of one by one
PLACES = {"title": "title", "lower": "lower third", "subtitle": "subtitle"}
MUSIC = ("music", "bed")  # labels of it
NO_FILM = "there is no film yet: say what you want to see, such as 'a fox walks in the snow'"


def film_on(board: Board) -> FilmSeen:
    """The working cut, or the planned film where nothing is cut, with what is known of its pieces."""
    timeline = listing(board) if read_cut(board) is not None else details(board, "plan")
    shots, sounds = (details(board, of) for of in ("shots", "sounds"))
    return with_known(read_timeline(timeline), read_shots(shots), read_sounds(sounds))


def film_told(film: FilmSeen) -> str:
    """Such as: Two shots, 7.0 s: 1. a fox walks in the snow (3.0 s), 2. a boat sails (4.0 s); a title "Night Owl"."""
    if not film.clips:
        return first_up(NO_FILM)
    clips = film.clips[:MOST]
    head = f"{counted(len(film.clips), 'shot')}, {in_seconds(film.seconds)}"
    if len(film.clips) == 1:
        told = f"{head}: {shown(clips[0])}"
    else:
        more = f", and {len(film.clips) - MOST} more" if len(film.clips) > MOST else ""
        rows = (f"{n}. {shown(clip)} ({_about(clip)})" for n, clip in enumerate(clips, 1))
        told = f"{head}: {', '.join(rows)}{more}"
    parts = [told, fades_told(film), *texts_told(film), *(sound_told(sound) for sound in film.of("sound"))]
    said = first_up("; ".join(part for part in parts if part))
    return f"Planned, not cut yet: {said[:1].lower()}{said[1:]}" if film.planned and not film.rendered else said


def _about(clip: Seen) -> str:
    speed = f", at {clip.speed:g} times the speed" if clip.speed != 1 else ""
    return in_seconds(clip.seconds) + speed + (", mute" if clip.mute else "")


def shown(piece: Seen) -> str:
    """What a shot shows, to stand within a sentence."""
    words = piece.shows or file_of(piece) or "something of which nothing is known"
    return words[:1].lower() + words[1:] if re.match(r"(?:An?|The|Two|Three|Some|It|They) ", words) else words


def fades_told(film: FilmSeen) -> str:
    fades = [clip.fade for clip in film.clips[:-1] if clip.fade]
    if not fades:
        return ""
    long = in_seconds(fades[0]) if max(fades) - min(fades) < 0.01 else f"{min(fades):.2g} to {in_seconds(max(fades))}"
    if len(fades) == len(film.clips) - 1:
        return f"{'they crossfade' if len(fades) == 1 else 'each crossfades into the next'} for {long}"
    return f"{counted(len(fades), 'crossfade')} of {long}"


def texts_told(film: FilmSeen) -> list[str]:
    texts = film.of("text")
    lines = [text for text in texts if text.place == "subtitle"]
    if len(lines) > 3:  # they are told together
        others = [text_told(text, film) for text in texts if text.place != "subtitle"]
        return [*others, f"{counted(len(lines), 'subtitle')} ({span_told(lines[0].start, lines[-1].end)})"]
    return [text_told(text, film) for text in texts[:MOST]]


def text_told(text: Seen, film: FilmSeen) -> str:
    where = ""
    if text.end - text.start > film.seconds - 0.1:
        return f"a {PLACES[text.place]} {quoted(text)} over the whole film"
    if text.start < 0.75:
        where = " at the beginning"
    elif text.end > film.seconds - 0.25:
        where = " at the end"
    return f"a {PLACES[text.place]} {quoted(text)}{where} ({span_told(text.start, text.end)})"


def sound_told(sound: Seen) -> str:
    span = f"from {span_told(sound.start, sound.end)}"
    if sound.words.startswith(MUSIC):
        return f"music{f' ({sound.shows})' if sound.shows else ''} {span}"
    if sound.words.startswith("voice"):
        return f'a voice says "{sound.shows}" {span}' if sound.shows else f"a voice {span}"
    return f"{re.sub(r' [+-][0-9.]+ dB.*$', '', sound.words)} {span}"


# Names of pieces


def named(piece: Seen, film: FilmSeen) -> str:
    """Such as: the second shot, the title "SALE", the music."""
    if piece.kind == "text":
        return f"the {PLACES[piece.place]} {quoted(piece)}"
    if piece.kind == "sound":
        return "the music" if piece.words.startswith(MUSIC) else f"the {piece.words.split()[0]}"
    places = [clip.id for clip in film.clips]
    if piece.id not in places or len(places) == 1:
        return "the shot"
    return f"the {ordinal(places.index(piece.id) + 1)} shot"


def without_ids(text: str, film: FilmSeen) -> str:
    """Words of a tool with names that people know in place of ids: "clip-2 is locked", "the second shot is locked".

    A text named together with its words loses only its id.
    """

    def name(match: re.Match[str]) -> str:
        kind, _, number = match[1].rpartition("-")
        if kind == "take":
            return f"take {number}"
        if kind in ("film", "cut"):
            return "the film"
        clips = [clip for clip in film.clips if match[1] in (clip.id, shot_of(clip))]
        piece = clips[0] if clips else film.piece(match[1])
        if piece is not None:
            return named(piece, film)
        return {"clip": "the shot", "shot": "the shot", "title": "the text", "sound": "the sound"}.get(kind, match[1])

    text = re.sub(r"\btitle-\d+ (?:(?:title|lower|subtitle) )?(?=\")", "the text ", text)
    return re.sub(r"(?<![\w./\"'-])((?:clip|title|sound|shot|take|film|cut)-\d+)\b(?![\w./-]*\.\w)", name, text)


def quoted(text: Seen) -> str:
    return '"' + " / ".join(text.words.splitlines()) + '"'


# Numbers


def in_seconds(value: float) -> str:
    """Such as 3.0 s, 2.38 s."""
    return f"{_number(value)} s"


def span_told(start: float, end: float) -> str:
    """Such as 2.0 to 4.5 s."""
    return f"{_number(start)} to {in_seconds(end)}"


def _number(value: float) -> str:
    exact = f"{value + 1e-9:.2f}"  # halves up
    return exact[:-1] if exact.endswith("0") else exact


def counted(count: int, noun: str) -> str:
    """Such as: three shots, one title, no subtitles."""
    return f"{'no' if count == 0 else in_words(count)} {noun}{'' if count == 1 else 's'}"


def in_words(count: int) -> str:
    return ONES[count] if count < 13 else str(count)


def ordinal(number: int) -> str:
    """Such as: second, 21st."""
    if number < len(ORDINALS):
        return ORDINALS[number]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def joined(parts: Sequence[str], last: str = "and") -> str:
    """Such as: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {last} {parts[-1]}" if parts else ""


def gathered(parts: Sequence[str]) -> list[str]:
    """What is said of several shots, said once: "the first shot is black", "the second shot is black"."""
    found: dict[str, list[str]] = {}
    for part in parts:
        match = re.fullmatch(r"the (\w+) shot (.+)", part)
        found.setdefault(match[2] if match else f"\0{part}", []).append(match[1] if match else "")
    return [
        rest[1:]
        if rest.startswith("\0")
        else f"the {names[0]} shot {rest}"
        if len(names) == 1
        else f"each of the {joined(names)} shots {rest}"
        for rest, names in found.items()
    ]


def first_up(text: str) -> str:
    """As a sentence begins; the name of a file stays as it is."""
    return text if re.match(r"\S*[./_]\w", text) else text[:1].upper() + text[1:]
