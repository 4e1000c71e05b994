"""Tasks of cutting: what must go, order, shape, trims, other footage."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rushes.desk.footage import NAMES, Footage, draw_footage
from rushes.desk.laid import Laid, Piece, whole
from rushes.desk.said import Listed, Seconds, at_frame
from rushes.desk.scorers import (
    NO_FILM,
    Scorer,
    changed_picture,
    exact_length,
    has_size,
    same_picture,
    same_sound,
    text_part,
    watched,
)
from rushes.desk.task import Call, Part, Result, Score, Task

FPS = 12.0
ORDINALS = ("first", "second", "third", "fourth", "fifth")


def edit_tasks() -> list[Task]:
    tasks = [assemble(seed) for seed in range(2)] + [shot_gone(seed) for seed in range(2)]
    tasks += [span_gone(seed) for seed in range(2)] + [reorder(seed) for seed in range(3)]
    tasks += [reframe(seed) for seed in range(3)] + [trimmed(seed) for seed in range(2)]
    return [*tasks, inserted(0), swapped(0), swapped(1), faster(0)]


def clips(draws: random.Random, seed: int, lengths: tuple[int, ...]) -> tuple[Footage, ...]:
    return draw_footage(draws.sample(NAMES, len(lengths)), lengths, seed)


def edited(wanted: Laid, before: Laid | None, extra: tuple[Footage, ...] = ()) -> Scorer:
    """The film shows, frame by frame, what was asked, with the sound that belongs to it."""

    def score(result: Result) -> Score:
        film = watched(result, (*wanted.footage(), *extra))
        if film is None:
            return NO_FILM
        parts = [changed_picture(film, wanted, before)]
        if parts[0].value > 0.5:  # sound of a picture that isn't there can't be right
            parts.append(same_sound(film, wanted))
        parts += [text_part(result, film, words, wanted.shown(), kept=True) for words in wanted.texts]
        return Score(parts=tuple(parts))

    return score


def task(name: str, seed: int, asked: str, wanted: Laid, before: Laid, *calls: Call, facts: Mapping[str, Any]) -> Task:
    return Task(
        id=f"edit-{name}-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        cut=before,
        score=edited(wanted, before, before.footage()),
        oracle=(calls,),
        facts=facts,
    )


def assemble(seed: int) -> Task:
    """From files alone: whole clips in an order that is not that in which they were handed in."""
    draws = random.Random(f"assemble {seed}")
    footage = clips(draws, seed, (24, 18, 30))
    order = draws.sample(footage, 3)
    wanted = Laid(pieces=whole(*order))
    asked = f"Make one film of the clips I gave you, whole, in this order: {', '.join(c.file_name for c in order)}."
    return Task(
        id=f"edit-assemble-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        given=footage,
        score=edited(wanted, None),
        oracle=(tuple(("open", {"material": clip.file_name}) for clip in order),),
        facts={"files": Listed(clip.file_name for clip in order)},
    )


def shot_gone(seed: int) -> Task:
    draws = random.Random(f"shot gone {seed}")
    footage = clips(draws, seed, (24, 18, 30, 24))
    before = Laid(pieces=whole(*footage))
    place = draws.randrange(4)
    wanted = before.with_pieces(*(piece for i, piece in enumerate(before.pieces) if i != place))
    asked = (
        f"Take the {footage[place].name} shot out, the rest closes up.",
        f"I don't want the {ORDINALS[place]} shot any more. Remove it and change nothing else.",
    )[seed]
    facts = {"number": place + 1} if seed else {"name": footage[place].name}
    return task("shot-gone", seed, asked, wanted, before, ("remove", {"id": f"clip-{place + 1}"}), facts=facts)


def span_gone(seed: int) -> Task:
    """A span that begins in one shot and ends in another."""
    draws = random.Random(f"span gone {seed}")
    footage = clips(draws, seed, (36, 30, 24))
    before = Laid(pieces=whole(*footage))
    start, end = 36 - 3 * draws.randint(2, 5), 36 + 3 * draws.randint(1, 4)
    wanted = before.with_pieces(
        Piece(footage=footage[0], frames=start),
        Piece(footage=footage[1], start=end - 36, frames=66 - end),
        before.pieces[2],
    )
    asked = (
        f"Cut out everything from {start / FPS:g} s to {end / FPS:g} s.",
        f"Between {start / FPS:g} and {end / FPS:g} seconds somebody walks through the picture. That stretch must go.",
    )[seed]
    call: Call = ("remove_span", {"start": start / FPS, "end": end / FPS})
    facts = {"start": at_frame(start), "end": at_frame(end)}
    return task("span-gone", seed, asked, wanted, before, call, facts=facts)


def reorder(seed: int) -> Task:
    draws = random.Random(f"reorder {seed}")
    footage = clips(draws, seed, (24, 18, 30, 24))
    before = Laid(pieces=whole(*footage))
    a, b, c, d = before.pieces
    if seed == 0:
        asked = f"Put the {d.footage.name} shot at the very beginning, please."
        wanted, calls = (d, a, b, c), [("move", {"clip": "clip-4"})]
        named = [d.footage.name]
    elif seed == 1:
        asked = f"Swap {b.footage.name} and {c.footage.name}."
        wanted, calls = (a, c, b, d), [("move", {"clip": "clip-2", "after": "clip-3"})]
        named = [b.footage.name, c.footage.name]
    else:
        asked = "Play the four shots in the opposite order, each of them forwards as it is."
        wanted = (d, c, b, a)
        calls = [("move", {"clip": f"clip-{number}"}) for number in (2, 3, 4)]
        named = []
    return task("reorder", seed, asked, before.with_pieces(*wanted), before, *calls, facts={"names": named})


def reframe(seed: int) -> Task:
    """Another shape; the content stays as it is, filling the frame or shown whole."""
    draws = random.Random(f"reframe {seed}")
    footage = clips(draws, seed, (24, 24))
    before = Laid(pieces=whole(*footage))
    asked, aspect = (
        ("We need this upright for phones, 9:16.", "9:16"),
        ("Make it square.", "1:1"),
        ("Deliver it as 4:3, and show all of the picture: nothing may be cropped away.", "4:3"),
    )[seed]
    across, down = (int(number) for number in aspect.split(":"))
    arguments = {"aspect": aspect, "fit": "contain"} if seed == 2 else {"aspect": aspect}

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        parts = [has_size(film, across, down), same_picture(film, before), same_sound(film, before)]
        if seed == 2:
            whole_picture = film.fit[0] != (0.0, 0.0, 1.0, 1.0) and parts[0].value == 1
            parts.append(Part(name="nothing cropped", value=float(whole_picture), reason="the sides are cut off"))
        return Score(parts=tuple(parts))

    return Task(
        id=f"edit-reframe-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        cut=before,
        score=score,
        oracle=((("frame", arguments),),),
        facts={"aspect": aspect},
    )


def trimmed(seed: int) -> Task:
    draws = random.Random(f"trimmed {seed}")
    footage = clips(draws, seed, (36, 36, 24))
    before = Laid(pieces=whole(*footage))
    less = 3 * draws.randint(3, 5)
    if seed == 0:
        asked = f"Let the {footage[1].name} shot begin {less / FPS:g} seconds later; its end stays where it ends."
        piece = Piece(footage=footage[1], start=less, frames=36 - less)
        call: Call = ("trim", {"clip": "clip-2", "start": less / FPS, "seconds": (36 - less) / FPS})
        wanted = before.with_pieces(before.pieces[0], piece, before.pieces[2])
        facts: dict[str, Any] = {"name": footage[1].name, "less": at_frame(less)}
    else:
        asked = f"The first shot is too long: take {less / FPS:g} seconds off its end."
        wanted = before.with_pieces(Piece(footage=footage[0], frames=36 - less), *before.pieces[1:])
        call = ("trim", {"clip": "clip-1", "seconds": (36 - less) / FPS})
        facts = {"less": at_frame(less)}
    return task("trim", seed, asked, wanted, before, call, facts=facts)


def inserted(seed: int) -> Task:
    """A part of a file between two shots."""
    draws = random.Random(f"inserted {seed}")
    footage = clips(draws, seed, (24, 24, 36))
    before = Laid(pieces=whole(*footage[:2]))
    new = footage[2]
    wanted = before.with_pieces(before.pieces[0], Piece(footage=new, start=12, frames=18), before.pieces[1])
    asked = (
        f"Between {footage[0].name} and {footage[1].name} put a piece of {new.file_name}: from second 1 of that file, "
        "1.5 seconds long."
    )
    arguments = {"material": new.file_name, "start": 1.0, "seconds": 1.5, "after": "clip-1"}
    facts = {
        "one": footage[0].name,
        "two": footage[1].name,
        "file": new.file_name,
        "start": Seconds(1.0),
        "seconds": Seconds(1.5),
    }
    made = task("insert", seed, asked, wanted, before, ("insert", arguments), facts=facts)
    return replace(made, given=(new,))


def swapped(seed: int) -> Task:
    """Another clip in place of one, as long as that was."""
    draws = random.Random(f"swapped {seed}")
    footage = clips(draws, seed, (24, 30, 18, 36))
    before = Laid(pieces=whole(*footage[:3]))
    new = footage[3]
    wanted = before.with_pieces(before.pieces[0], Piece(footage=new, frames=30), before.pieces[2])
    asked = (
        f"Use {new.file_name} instead of the {footage[1].name} shot, the same length.",
        f"The second shot is out. Put the beginning of {new.file_name} in its place, so that nothing else moves.",
    )[seed]
    facts = {"file": new.file_name} if seed else {"file": new.file_name, "name": footage[1].name}
    call: Call = ("replace", {"clip": "clip-2", "by": new.file_name})
    made = task("swap", seed, asked, wanted, before, call, facts=facts)
    return replace(made, given=(new,))


def faster(seed: int) -> Task:
    """Twice as fast: every other frame, half as long."""
    draws = random.Random(f"faster {seed}")
    footage = clips(draws, seed, (24, 36, 24))
    before = Laid(pieces=whole(*footage))

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        due: list[tuple[str, int]] = before.pieces[0].shown()
        due += [(footage[1].name, number) for number in range(0, 36, 2)] + before.pieces[2].shown()
        share = _near_share(film.located(), due)
        untouched = _near_share(before.shown(), due)
        picture = Part(
            name="picture",
            value=max(0.0, (share - untouched) / (1 - untouched)),
            reason=f"{share:.0%} of the frames show what was asked",
        )
        return Score(parts=(picture, exact_length(film, 66)))

    return Task(
        id=f"edit-faster-{seed}",
        kind="edit",
        seed=seed,
        turns=(f"Play the {footage[1].name} shot at double speed.",),
        cut=before,
        score=score,
        oracle=((("speed", {"clip": "clip-2", "factor": 2.0}),),),
        facts={"name": footage[1].name},
    )


def _near_share(shown: Sequence[tuple[str, int] | None], due: Sequence[tuple[str, int]]) -> float:
    """Share of the frames that show what they should, or the frame beside it."""
    pairs = zip(shown, due, strict=False)
    return sum(a is not None and a[0] == b[0] and abs(a[1] - b[1]) <= 1 for a, b in pairs) / max(len(due), len(shown))
