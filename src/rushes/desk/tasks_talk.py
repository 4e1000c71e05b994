"""Tasks of long talk: a wish of turn 5 that turn 80 takes back, and a standing word that holds to the end."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from rushes.desk.footage import NAMES, draw_footage
from rushes.desk.laid import Laid, Words, whole
from rushes.desk.said import at_frame
from rushes.desk.scorers import NO_FILM, changed_picture, same_picture, same_sound, text_part, watched
from rushes.desk.task import Call, Part, Result, Score, Task
from rushes.desk.tasks_text import FPS, HEIGHT, NAMEPLATES, TITLES, WIDTH, list_facts, set_text

SMALL_TALK = (
    "Good morning.",
    "Nice, thank you.",
    "I am just getting a coffee.",
    "My sister liked the harbour pictures, by the way.",
    "It is raining here again.",
    "Did you know that this was shot in one day?",
    "We almost lost the camera on that boat.",
    "Give me a minute, the phone rings.",
    "I am back.",
    "The office is loud today.",
    "I showed it to a colleague, she smiled.",
    "There was a time when this was done with scissors.",
    "I wonder how the premiere will be.",
    "The weather was better on the day of the shoot.",
    "Our intern asked whether robots dream.",
    "Lunch was good.",
    "I had forgotten how bright that square is.",
    "The sound man sends his regards.",
    "Somebody parked in my place again.",
    "I like the second shot more every time.",
    "It is nearly evening.",
    "Let's see what the others say.",
)


def talk_tasks() -> list[Task]:
    return [taken_back(seed) for seed in range(3)] + [standing(seed) for seed in range(3)]


def chatter(draws: random.Random, count: int) -> list[str]:
    """Remarks that ask for nothing, no two alike in a row."""
    found: list[str] = []
    while len(found) < count:
        found += draws.sample(SMALL_TALK, len(SMALL_TALK))
    return found[:count]


def talk(name: str, seed: int, laid: Laid, wishes: dict[int, tuple[str, tuple[Call, ...]]], turns: int = 84) -> Task:
    """A conversation of so many turns, wishes at their turns (1, 2, ...) and chatter at all others."""
    draws = random.Random(f"{name} {seed}")
    said = chatter(draws, turns)
    done: list[tuple[Call, ...]] = [()] * turns
    for turn, (words, calls) in wishes.items():
        said[turn - 1], done[turn - 1] = words, calls
    return Task(
        id=f"talk-{name}-{seed}",
        kind="talk",
        seed=seed,
        turns=tuple(said),
        cut=laid,
        score=lambda result: NO_FILM,
        oracle=tuple(done),
        slow=True,
    )


def taken_back(seed: int) -> Task:
    """Turn 80 contradicts turn 5; the wishes between them are settled and stay."""
    draws = random.Random(f"taken back {seed}")
    footage = draw_footage(draws.sample(NAMES, 3), (30, 36, 30), seed, width=WIDTH, height=HEIGHT)
    laid = Laid(pieces=whole(*footage), width=WIDTH, height=HEIGHT)
    first, second = draws.sample(TITLES, 2)
    name = draws.choice(NAMEPLATES)
    plate = Words(text=name, start=42, end=63, place="lower")
    early = Words(text=first, start=6, end=24)
    wishes: dict[int, tuple[str, tuple[Call, ...]]] = {
        5: (f'Put the title "{first}" from 0.5 s to 2 s.', (set_text(early),)),
        33: (f'And "{name}" as a lower third from 3.5 s to 5.25 s.', (set_text(plate),)),
    }
    wanted, texts = laid, [plate]
    if seed == 0:
        final = replace(early, text=second)
        wishes[80] = (
            f'Forget what I said at the beginning about the title: it has to be "{second}", same time.',
            (("retext", {"id": "title-1", "text": second}),),
        )
        texts.append(final)
    elif seed == 1:
        final = replace(early, start=12, end=30)
        wishes[80] = (
            "I was wrong about the title's time back then. It stands from 1 s to 2.5 s.",
            (("retext", {"id": "title-1", "start": 1.0, "end": 2.5}),),
        )
        texts.append(final)
    else:
        wishes[80] = (
            "About that title from the start of our talk: no title after all, take it away.",
            (("remove", {"id": "title-1"}),),
        )
    made = talk("taken-back", seed, laid, wishes)

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        shown = wanted.shown()
        parts = [text_part(result, film, words, shown) for words in texts]
        left = [node.fields["text"] for node in result.production.board.nodes("title")]
        wrong = [text for text in left if text not in [words.text for words in texts]]
        stale = Part(name="nothing stale", value=float(not wrong), reason=f"{wrong} still stands", kept=True)
        return Score(parts=(*parts, stale, same_picture(film, wanted), same_sound(film, wanted)))

    facts = list_facts([early, plate])
    if seed == 0:
        facts |= {"new": second}
    elif seed == 1:
        facts |= {"start": at_frame(12), "end": at_frame(30)}
    return replace(made, score=score, facts=facts)


def standing(seed: int) -> Task:
    """A word given early that binds every later wish."""
    draws = random.Random(f"standing {seed}")
    footage = draw_footage(draws.sample(NAMES, 4), (24, 30, 24, 30), seed, width=WIDTH, height=HEIGHT)
    laid = Laid(pieces=whole(*footage), width=WIDTH, height=HEIGHT)
    one, two = draws.sample(TITLES, 2)
    if seed == 0:
        rule = "A standing rule for all of our work: every text you set is written in capitals, whatever I type."
        asked = [Words(text="Meet me at noon", start=6, end=27), Words(text="Bring a friend", start=42, end=66)]
        wanted = [replace(words, text=words.text.upper()) for words in asked]
    elif seed == 1:
        rule = "Remember for everything that follows: texts always go in the lower third, even if I forget to say so."
        asked = [Words(text=one, start=6, end=27), Words(text=two, start=48, end=69)]
        wanted = [replace(words, place="lower") for words in asked]
    else:
        rule = "From now on no text may stand for less than 1.5 seconds: if I ask for less, make it 1.5 from its begin."
        asked = [Words(text=one, start=6, end=15), Words(text=two, start=48, end=72)]
        wanted = [replace(asked[0], end=24), asked[1]]
    gone = 2 if seed else 3  # the clip that goes, counted from 0
    wishes: dict[int, tuple[str, tuple[Call, ...]]] = {
        3: (rule, ()),
        40: (_asking(asked[0]), (set_text(wanted[0]),)),
        61: (f"The {footage[gone].name} shot goes.", (("remove", {"id": f"clip-{gone + 1}"}),)),
        82: (_asking(asked[1]), (set_text(wanted[1]),)),
    }
    made = talk("standing", seed, laid, wishes)
    after = laid.with_pieces(*(piece for number, piece in enumerate(laid.pieces) if number != gone))

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        shown = after.shown()
        parts = [text_part(result, film, words, shown) for words in wanted]
        return Score(parts=(*parts, changed_picture(film, after, laid), *_extra_texts(result, wanted)))

    return replace(made, score=score, facts={**list_facts(asked), "gone": footage[gone].name})


def _asking(words: Words) -> str:
    return f'Please set "{words.text}" from {words.start / FPS:g} s to {words.end / FPS:g} s.'


def _extra_texts(result: Result, wanted: Sequence[Words]) -> list[Part]:
    there = [node.fields["text"] for node in result.production.board.nodes("title")]
    return [Part(name="no other text", value=float(len(there) <= len(wanted)), reason=f"{there}", kept=True)]
