"""Tasks of making a film from words: its length, its shape, its number of shots, and a character kept over all."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from rushes.agent.critic import color_share
from rushes.agent.cut.document import ClipPiece
from rushes.desk.said import Seconds
from rushes.desk.scorers import NO_FILM, Scorer, cut_of, exact_length, has_size, watched
from rushes.desk.task import Call, Part, Result, Score, Task
from rushes.desk.watched import Watched

FPS = 12.0
WIDTH, HEIGHT = 128, 72
LEAST_COLOUR = 0.004  # share of the picture that the lead's colour takes at least
LEADS = (("orange", "fox"), ("blue", "robot"), ("pink", "balloon"), ("purple", "umbrella"), ("green", "frog"))
PLACES = ("on the beach", "in the city", "in a room", "on a stage", "in the desert")
DOES = {"fox": ("walks", "runs"), "robot": ("walks", "waves"), "frog": ("jumps", "walks")}
DOING = {"walks": "walking", "runs": "running", "waves": "waving", "jumps": "jumping"}
DOING |= {"stands": "standing", "spins": "spinning"}


def make_tasks() -> list[Task]:
    tasks = [length(seed) for seed in range(3)] + [shape(seed) for seed in range(2)]
    return [*tasks, *(shots(seed) for seed in range(3)), *(same_lead(seed) for seed in range(3))]


def made(name: str, seed: int, asked: str, scenes: Sequence[str], seconds: float, score: Scorer, *more: Call) -> Task:
    """A task whose oracle plans these shots, shoots each once, and lays them out."""
    share = round(seconds / len(scenes), 3)
    plan: Call = ("plan", {"shots": [{"what": scene, "seconds": share} for scene in scenes]})
    shot = tuple(("shoot", {"shot": f"shot-{number}"}) for number in range(1, len(scenes) + 1))
    return Task(
        id=f"make-{name}-{seed}",
        kind="make",
        seed=seed,
        turns=(asked,),
        seconds=seconds,
        width=WIDTH,
        height=HEIGHT,
        score=score,
        oracle=((plan, *shot, ("lay", {}), *more),),
        slow=True,
        facts=_facts(scenes, seconds),
    )


def _facts(scenes: Sequence[str], seconds: float) -> dict[str, Any]:
    """The parts of scenes like "a pink balloon spins in a room", for other words."""
    told = [scene.split(" ", 4) for scene in scenes]
    article, color, kind, *_ = told[0]
    lead = {"article": article, "color": color, "kind": kind, "seconds": Seconds(seconds)}
    return lead | {"doing": [DOING[each[3]] for each in told], "places": [each[4] for each in told]}


def _lead(draws: random.Random) -> tuple[str, str, list[str]]:
    color, kind = draws.choice(LEADS)
    does = DOES.get(kind, ("stands", "spins"))
    article = "an" if color[0] in "aeiou" else "a"
    return color, kind, [f"{article} {color} {kind} {draws.choice(does)} {place}" for place in draws.sample(PLACES, 4)]


def length(seed: int) -> Task:
    draws = random.Random(f"make length {seed}")
    color, kind, scenes = _lead(draws)
    seconds = (3.25, 4.5, 5.75)[seed]
    many = (1, 2, 2)[seed]
    asked = f"Make a film of exactly {seconds:g} seconds: {'. Then '.join(scenes[:many])}."

    def score(result: Result) -> Score:
        film = watched(result)
        if film is None:
            return NO_FILM
        return Score(parts=(exact_length(film, round(seconds * FPS)), lead_part(result, film, color, kind)))

    return made("length", seed, asked, scenes[:many], seconds, score)


def shape(seed: int) -> Task:
    draws = random.Random(f"make shape {seed}")
    color, kind, scenes = _lead(draws)
    aspect, words = (("9:16", "an upright film, 9:16"), ("1:1", "a square film"))[seed]
    across, down = (int(number) for number in aspect.split(":"))
    asked = f"I need {words}, 4 seconds long: {scenes[0]}."

    def score(result: Result) -> Score:
        film = watched(result)
        if film is None:
            return NO_FILM
        parts = (has_size(film, across, down), exact_length(film, 48), lead_part(result, film, color, kind))
        return Score(parts=parts)

    task = made("shape", seed, asked, scenes[:1], 4.0, score, ("frame", {"aspect": aspect}))
    return replace(task, facts={**task.facts, "aspect": aspect})


def shots(seed: int) -> Task:
    """A number of shots, every one of them something else."""
    draws = random.Random(f"make shots {seed}")
    color, kind, scenes = _lead(draws)
    many = (2, 3, 4)[seed]
    seconds = 1.5 * many
    asked = f"A film of {seconds:g} seconds in exactly {many} shots: {'; '.join(scenes[:many])}."

    def score(result: Result) -> Score:
        film = watched(result)
        if film is None:
            return NO_FILM
        there = shot_clips(result)
        count = Part(name="shots", value=float(len(there) == many), reason=f"{len(there)} shots, not {many}")
        parts = (count, exact_length(film, round(seconds * FPS)), lead_part(result, film, color, kind))
        return Score(parts=parts)

    task = made("shots", seed, asked, scenes[:many], seconds, score)
    return replace(task, facts={**task.facts, "many": many})


def same_lead(seed: int) -> Task:
    """One character in one colour in every shot: as planned in each take, and as seen in each shot."""
    draws = random.Random(f"same lead {seed}")
    color, kind, scenes = _lead(draws)
    asked = (
        f"A film of 4.5 seconds in three shots about one {color} {kind}. It has to be the same {color} {kind} in every "
        f"shot: {scenes[0]}, then it is {scenes[1].split(kind)[1].split(' ', 2)[2]}, then "
        f"{scenes[2].split(kind)[1].split(' ', 2)[2]}."
    )

    def score(result: Result) -> Score:
        film = watched(result)
        if film is None:
            return NO_FILM
        there = shot_clips(result)
        count = Part(name="shots", value=float(len(there) == 3), reason=f"{len(there)} shots, not 3")
        return Score(parts=(count, exact_length(film, 54), lead_part(result, film, color, kind)))

    task = made("lead", seed, asked, scenes[:3], 4.5, score, ("say", {"text": "The same lead in all three shots."}))
    return replace(task, facts={**task.facts, "many": 3, "doing": task.facts["doing"][:1]})  # the rest is left open


def shot_clips(result: Result) -> list[ClipPiece]:
    """The shots of the cut: clips whose sources differ from those of the clip before."""
    cut = cut_of(result)
    clips = list(cut.clips) if cut is not None else []
    return clips[:1] + [two for one, two in pairwise(clips) if one.blob != two.blob]


def lead_part(result: Result, film: Watched, color: str, kind: str) -> Part:
    """Share of the shots in which the lead is of this kind and colour: in the scene of the take, and to be seen."""
    cut = cut_of(result)
    clips = shot_clips(result)
    if cut is None or not clips:
        return Part(name="lead", value=0.0, reason="there is no shot")
    missing = []
    for clip in clips:
        scene = result.production.board.node(clip.take).fields["parameters"].get("scene") if clip.take else None
        planned = any(actor["kind"] == kind and actor["color"] == color for actor in (scene or {}).get("cast", ()))
        first = cut.frame_at(clip.at)
        looked = film.frames[first : first + cut.frame_at(clip.seconds) : 3]
        seen = max((color_share(frame, color) for frame in looked), default=0.0) >= LEAST_COLOUR
        if not planned or not seen:
            missing.append(f"{clip.id} {'does not show' if planned else 'was shot without'} a {color} {kind}")
    return Part(name="lead", value=1 - len(missing) / len(clips), reason="; ".join(missing))
