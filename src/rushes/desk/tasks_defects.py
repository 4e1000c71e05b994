"""Tasks of mending: a cut with one thing wrong or several; find them all and change nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from rushes.desk import defects
from rushes.desk.defects import Planted
from rushes.desk.footage import NAMES, draw_footage, tone_file
from rushes.desk.laid import Heard, Laid, Words, whole
from rushes.desk.said import Listed
from rushes.desk.scorers import NO_FILM, watched
from rushes.desk.task import Call, Part, Result, Score, Task

VOICE = 220.0  # Hz of the voice that reads
FPS = 12.0
FESTIVALS = (
    ("LANTERN FESTIVAL", "LANTREN FESTIVAL"),
    ("WINTER MARKET", "WINTER MRAKET"),
    ("RIVER PARADE", "RIVER PRAADE"),
)
LINES = ("We leave at nine.", "Bring the red umbrella.", "Nobody saw the boat.")
LENGTHS = (30, 24, 36, 24, 30, 24)
Plant = Callable[[tuple[str, ...], str, str], Planted]  # names of the clips, a name that isn't there, a wrong spelling

# Clips 1 and 2 carry the texts, so what changes lengths is planted behind them.
PLANTS: dict[str, Plant] = {
    "black": lambda names, other, wrong: defects.black(names[4]),
    "frozen": lambda names, other, wrong: defects.frozen(names[2], at=18),
    "silent": lambda names, other, wrong: defects.silent(names[3]),
    "clipped": lambda names, other, wrong: defects.clipped(names[1]),
    "loudness": lambda names, other, wrong: defects.loud(names[3]),
    "late": lambda names, other, wrong: defects.late(1),
    "spelling": lambda names, other, wrong: defects.misspelt(0, wrong),
    "character": lambda names, other, wrong: defects.wrong_one(names[5], other),
    "order": lambda names, other, wrong: defects.disorder(names[3]),
}
TOGETHER = (
    ("black", "spelling"),
    ("loudness", "late", "frozen"),
    ("clipped", "character", "spelling"),
    ("silent", "late", "black", "spelling"),
    ("frozen", "clipped", "late", "spelling", "character"),
)


def defect_tasks() -> list[Task]:
    single = [mending(number, (name,)) for number, name in enumerate(PLANTS)]
    return [*single, *(mending(20 + number, names) for number, names in enumerate(TOGETHER)), late_beside_quiet()]


def mending(seed: int, kinds: tuple[str, ...]) -> Task:
    draws = random.Random(f"mending {seed} {kinds}")
    *names, other = draws.sample(NAMES, len(LENGTHS) + 1)
    title, wrong = draws.choice(FESTIVALS)
    line = draws.choice(LINES)
    clean = _clean(tuple(names), seed, title, line)
    planted = [PLANTS[kind](tuple(names), other, wrong) for kind in kinds]
    spoilt = clean
    for plant in planted:
        spoilt = plant.spoil(spoilt)
    script = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    many = "Something is wrong with it" if len(kinds) == 1 else "Several things are wrong with it"
    begin = (
        f"This is the trailer of the {title}. {many}: check the whole cut, mend what is wrong and change nothing else.",
        f"Please go over our {title} trailer before it is sent out. {many}. Put it right; touch nothing that is fine.",
        f"Quality control of the {title} trailer. {many}; find all of it, repair it, leave the rest exactly as it is.",
    )[seed % 3]
    asked = (
        f'{begin} The order of the shots: {script}. The title is "{title}". The voice says "{line}" and the subtitle '
        "stands exactly while it is heard. All the files are here, in case you need one."
    )
    by_hand = [call for plant in _latest_first(planted, spoilt) for call in plant.mend(spoilt)]

    def score(result: Result) -> Score:
        stray = replace(clean.pieces[0].footage, name=other)
        film = watched(result, (*clean.footage(), stray))
        if film is None:
            return NO_FILM
        mended = [plant.part(result, film, clean) for plant in planted]
        return Score(parts=(*mended, *defects.untouched(result, film, clean, planted)))

    return Task(
        id=f"defects-{'-'.join(kinds)}",
        kind="defects",
        seed=seed,
        turns=(asked,),
        cut=replace(spoilt, script=tuple(names)),
        given=clean.footage(),
        score=score,
        oracle=(tuple(by_hand),),
        facts={"title": title, "line": line, "names": Listed(names)},
    )


def _clean(names: tuple[str, ...], seed: int, title: str, line: str) -> Laid:
    footage = draw_footage(names, LENGTHS, seed, width=320, height=180)
    spoken = Heard(
        file=tone_file(VOICE, 1.5, "voice.wav"), hz=VOICE, at=33, frames=18, label=f"voice: {line}"
    )  # over the second clip
    texts = (Words(text=title, start=3, end=27), Words(text=line, start=33, end=51, place="subtitle"))
    return Laid(pieces=whole(*footage), texts=texts, sounds=(spoken,), width=320, height=180)


def _latest_first(planted: list[Planted], spoilt: Laid) -> list[Planted]:
    """What shortens the film comes last of all and from the back, so that the times of the others hold."""
    order = [piece.footage.name for piece in spoilt.pieces]
    return sorted(
        planted,
        key=lambda plant: -order.index(plant.clips[0]) if plant.name in ("black", "frozen") else -len(order) - 1,
    )


def late_beside_quiet() -> Task:
    """One defect beside what only looks like one: a quiet shot that was asked for."""
    made = mending(31, ("late",))
    assert made.cut is not None and isinstance(made.turns[0], str)
    quiet = made.cut.pieces[3].footage.name
    calls: tuple[Call, ...] = made.oracle[0]
    pieces = tuple(replace(p, gain_db=-9.0) if p.footage.name == quiet else p for p in made.cut.pieces)

    def score(result: Result) -> Score:
        found = made.score(result)
        volume = result.production.board.node("clip-4").fields.get("volume", 1.0)
        kept = 0.25 < volume < 0.45
        parts = [part for part in found.parts if part.name != "other sound"]
        return Score(
            parts=(*parts, Part(name="the quiet shot", value=float(kept), reason="it was made louder", kept=True))
        )

    return replace(
        made,
        id="defects-late-quiet",
        turns=(f"{made.turns[0]} The {quiet} shot is 9 dB quieter than the others on purpose.",),
        cut=replace(made.cut, pieces=pieces),
        score=score,
        oracle=(calls,),
        facts={**made.facts, "quiet": quiet},
    )
