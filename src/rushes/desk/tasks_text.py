"""Tasks about words on the picture: exact text at exact times, read back from the film."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from rushes.desk.footage import NAMES, draw_footage
from rushes.desk.laid import Laid, Words, whole
from rushes.desk.said import Seconds, at_frame
from rushes.desk.scorers import NO_FILM, Scorer, no_text, same_picture, same_sound, text_part, watched
from rushes.desk.task import Call, Part, Result, Score, Task
from rushes.media.timeline import Place

FPS = 12.0
WIDTH, HEIGHT = 320, 180  # large enough for words to be read
TITLES = ("SALE", "OPEN ALL NIGHT", "HARBOUR FESTIVAL", "LAST FERRY", "SUMMER MARKET", "THANK YOU")
NAMEPLATES = ("Anna Holm", "Captain Reyes", "Doctor Okoro", "Mira Sandel")
SPOKEN = ("We leave at nine.", "Bring the red umbrella.", "Nobody saw the boat.", "Is this seat taken?")
WHERE: dict[Place, str] = {
    "title": "as a title in the middle of the picture",
    "lower": "as a lower third",
    "subtitle": "as a subtitle",
}


def text_tasks() -> list[Task]:
    tasks = [text_at(seed) for seed in range(5)] + [three_texts(seed) for seed in range(2)]
    tasks += [subtitles(seed) for seed in range(2)]
    return [*tasks, other_words(0), other_words(1), other_time(0), other_time(1), text_gone(0)]


def laid_clips(draws: random.Random, seed: int, lengths: Sequence[int]) -> Laid:
    """A cut of clips one after the other, large enough for words."""
    names = draws.sample(NAMES, len(lengths))
    footage = draw_footage(names, lengths, seed, width=WIDTH, height=HEIGHT)
    return Laid(pieces=whole(*footage), width=WIDTH, height=HEIGHT)


def texts_score(laid: Laid, new: Sequence[Words], kept: Sequence[Words] = (), gone: Sequence[Words] = ()) -> Scorer:
    """New texts are there, old ones stay, taken ones are away, and nothing else has changed."""

    def score(result: Result) -> Score:
        film = watched(result, laid.footage())
        if film is None:
            return NO_FILM
        shown = laid.shown()
        parts = [text_part(result, film, words, shown) for words in new]
        for words in gone:
            middle = (words.start + words.end) // 2
            there = middle < film.count and film.lit(middle, shown[middle], words.place) >= 0.003
            parts.append(Part(name=f"{words.text!r} gone", value=float(not there), reason="it is still to be seen"))
        parts += [text_part(result, film, words, shown, kept=True) for words in kept]
        parts += [same_picture(film, laid), no_text(film, shown, [*new, *kept, *gone]), same_sound(film, laid)]
        return Score(parts=tuple(parts))

    return score


def clock(frame: int) -> str:
    """A time as people write it: 00:02.50."""
    seconds = frame / FPS
    return f"{int(seconds // 60):02d}:{seconds % 60:05.2f}"


def set_text(words: Words) -> Call:
    return (
        "text",
        {"text": words.text, "start": words.start / FPS, "end": words.end / FPS, "place": words.place},
    )


def text_at(seed: int) -> Task:
    """One text at a time given in one of the ways in which people give times."""
    draws = random.Random(f"text at {seed}")
    laid = laid_clips(draws, seed, (36, 30))
    place: Place = ("title", "lower", "subtitle", "title", "lower")[seed]
    text = draws.choice({"title": TITLES, "lower": NAMEPLATES, "subtitle": SPOKEN}[place])
    start = 3 * draws.randint(3, 8)
    length = 3 * draws.randint(5, 9)
    words = Words(text=text, start=start, end=start + length, place=place)
    begin, seconds, end = start / FPS, length / FPS, words.end / FPS
    asked = (
        f"Put {text} {WHERE[place]} at {clock(start)} for {seconds:g} seconds, exact to the frame.",
        f'I need "{text}" {WHERE[place]} from {begin:g} s to {end:g} s. Not a frame earlier or later, please.',
        f'Write "{text}" {WHERE[place]}, starting at {begin:g} seconds and gone again at {end:g} seconds.',
        f"From frame {start} on, {text} should stand {WHERE[place]}; frame {words.end} is free of it again.",
        f'At {clock(start)} bring up "{text}" {WHERE[place]}, and take it away at {clock(words.end)}.',
    )[seed]
    return Task(
        id=f"text-at-{seed}",
        kind="text",
        seed=seed,
        turns=(asked,),
        cut=laid,
        score=texts_score(laid, [words]),
        oracle=((set_text(words),),),
        facts=span_facts(words) | {"text": text, "seconds": at_frame(length)},
    )


def span_facts(words: Words) -> dict[str, Any]:
    return {"start": at_frame(words.start), "end": at_frame(words.end)}


def list_facts(texts: Sequence[Words]) -> dict[str, Any]:
    return {
        "texts": [words.text for words in texts],
        "starts": [at_frame(words.start) for words in texts],
        "ends": [at_frame(words.end) for words in texts],
    }


def three_texts(seed: int) -> Task:
    draws = random.Random(f"three texts {seed}")
    laid = laid_clips(draws, seed, (30, 30, 24))
    title, name, line = draws.choice(TITLES), draws.choice(NAMEPLATES), draws.choice(SPOKEN)
    new = [
        Words(text=title, start=6, end=24 + 3 * seed, place="title"),
        Words(text=name, start=36, end=57, place="lower"),
        Words(text=line, start=63 - 3 * seed, end=81, place="subtitle"),
    ]
    asked = (
        f'Three texts: the title "{title}" from {new[0].start / FPS:g} to {new[0].end / FPS:g} seconds; the name '
        f'"{name}" as a lower third from {new[1].start / FPS:g} to {new[1].end / FPS:g}; and the subtitle "{line}" '
        f"from {new[2].start / FPS:g} to {new[2].end / FPS:g}."
    )
    return Task(
        id=f"text-three-{seed}",
        kind="text",
        seed=seed,
        turns=(asked,),
        cut=laid,
        score=texts_score(laid, new),
        oracle=(tuple(set_text(words) for words in new),),
        facts=list_facts(new),
    )


def subtitles(seed: int) -> Task:
    """Subtitles handed in as people hand them in: with the times of a subtitle file."""
    draws = random.Random(f"subtitles {seed}")
    laid = laid_clips(draws, seed, (36, 36))
    lines, at = [], 6
    for text in draws.sample(SPOKEN, 3):
        length = 3 * draws.randint(4, 6)
        lines.append(Words(text=text, start=at, end=at + length, place="subtitle"))
        at += length + 3
    stamped = "\n".join(
        f"{number}\n{_stamp(words.start)} --> {_stamp(words.end)}\n{words.text}"
        for number, words in enumerate(lines, 1)
    )
    given = [{"text": words.text, "start": words.start / FPS, "end": words.end / FPS} for words in lines]
    return Task(
        id=f"text-subtitles-{seed}",
        kind="text",
        seed=seed,
        turns=(f"Please set these subtitles:\n{stamped}",),
        cut=laid,
        score=texts_score(laid, lines),
        oracle=((("subtitles", {"lines": given}),),),
        facts=list_facts(lines),
    )


def _stamp(frame: int) -> str:
    thousandths = round(frame / FPS * 1000)
    return f"00:{thousandths // 60000:02d}:{thousandths // 1000 % 60:02d},{thousandths % 1000:03d}"


def _two_titles(draws: random.Random, seed: int) -> tuple[Laid, Words, Words]:
    laid = laid_clips(draws, seed, (36, 36))
    first, second = draws.sample(TITLES, 2)
    old = Words(text=first, start=6, end=27, place="title")
    other = Words(text=second, start=42, end=66, place="title")
    return laid.with_texts(old, other), old, other


def other_words(seed: int) -> Task:
    """The words of a title that is there change; its times and the other title stay."""
    draws = random.Random(f"other words {seed}")
    laid, old, other = _two_titles(draws, seed)
    text = draws.choice([title for title in TITLES if title not in (old.text, other.text)])
    new = Words(text=text, start=old.start, end=old.end)
    asked = (
        f'The title "{old.text}" should read "{text}" instead, at the same time.',
        f'Change the words of the first title to "{text}". Leave the second one alone.',
    )[seed]
    return Task(
        id=f"text-reword-{seed}",
        kind="text",
        seed=seed,
        turns=(asked,),
        cut=laid,
        score=texts_score(laid, [new], kept=[other]),
        oracle=((("retext", {"id": "title-1", "text": text}),),),
        facts={"text": text} if seed else {"old": old.text, "text": text},
    )


def other_time(seed: int) -> Task:
    draws = random.Random(f"other time {seed}")
    laid, old, other = _two_titles(draws, seed)
    if seed:
        late = 6
        new = Words(text=other.text, start=other.start + late, end=other.end + late)
        asked = f'"{other.text}" comes too early. Let it come half a second later, as long as it is now.'
        score, id = texts_score(laid, [new], kept=[old]), "title-2"
        facts = {"text": other.text, "late": Seconds(late / FPS)}
    else:
        new = Words(text=old.text, start=12, end=33)
        asked = f'Let "{old.text}" stand from 1 s to 2.75 s instead.'
        score, id = texts_score(laid, [new], kept=[other]), "title-1"
        facts = {"text": old.text, **span_facts(new)}
    return Task(
        id=f"text-retime-{seed}",
        kind="text",
        seed=seed,
        turns=(asked,),
        cut=laid,
        score=score,
        oracle=((("retext", {"id": id, "start": new.start / FPS, "end": new.end / FPS}),),),
        facts=facts,
    )


def text_gone(seed: int) -> Task:
    draws = random.Random(f"text gone {seed}")
    laid, old, other = _two_titles(draws, seed)
    return Task(
        id=f"text-gone-{seed}",
        kind="text",
        seed=seed,
        turns=(f'Take "{old.text}" out again, we lost the rights to that name. Everything else stays.',),
        cut=laid,
        score=texts_score(laid, [], kept=[other], gone=[old]),
        oracle=((("remove", {"id": "title-1"}),),),
        facts={"text": old.text},
    )
