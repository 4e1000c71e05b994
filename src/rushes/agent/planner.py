"""The built-in planner: a story becomes shots whose frames add up exactly. Needs no language model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rushes.agent.brief import Beat, Story, read_brief
from rushes.agent.casting import Player, cast_players, fit_beat
from rushes.agent.coverage import WEIGHTS, Setup, cover
from rushes.agent.plan import Material, Plan, PlanError, PlannedShot, PlannedText
from rushes.agent.rewriter import write_prompt
from rushes.agent.rhythm import PACES, NoShare, Pace, share_frames
from rushes.agent.shape import WIDE
from rushes.agent.staging import stage
from rushes.backlot.world import World

LONGEST_FILM = 1800.0  # seconds
LEAST_BEAT = 1.1  # seconds: below this nobody understands what happened
LEAST_SEEN = 0.5  # seconds: below this nobody sees what footage shows
IMAGE_SECONDS = 2.4  # usual length of a still
FOOTAGE_SECONDS = 4.0  # usual length of footage
MOST_SHOTS = 400


@dataclass(frozen=True, kw_only=True)
class Shooter:
    """What the planner has to know of the model that will shoot."""

    world: World | None = None  # what it knows; None: free text
    shortest: float = 0.1  # seconds of a clip
    longest: float = 60.0  # seconds of a clip
    take_seconds: float | None = None  # the one length that it shoots well; None: any
    free_camera: bool = True  # it draws the scene itself, so that the camera may stand anywhere


@dataclass(frozen=True, kw_only=True)
class _Slot:
    """A shot before its length is known."""

    weight: float
    least: int  # frames
    most: int  # frames
    beat: int = -1
    setup: Setup | None = None
    material: Material | None = None
    starts_place: bool = False  # place or time of day changes here


def plan(
    brief: str,
    *,
    seconds: float,
    shooter: Shooter | None = None,
    fps: float = 24,
    materials: Sequence[Material] = (),
    title: str = "",
    subtitles: bool = False,
    seed: int = 0,
    story: Story | None = None,
    aspect: float = WIDE,
) -> Plan:
    """The shots of a film of `round(seconds * fps)` frames. The same arguments give the same plan.

    `story`: what somebody else has read out of the brief; `aspect`: width over height of what is shot. Raises
    BriefError for a brief that nothing can be made of, PlanError for a length that no film has or that the materials
    can't fill.
    """
    seconds = film_length(seconds)
    frames = math.floor(seconds * fps + 0.5)
    if frames < 1:
        raise PlanError(f"{seconds:g} seconds at {fps:g} fps are less than one frame; make the film longer")
    shooter = shooter or Shooter()
    story = story or read_brief(brief)
    notes = list(story.notes)
    players, cast_notes = cast_players(story, shooter.world)
    notes += cast_notes
    notes += [
        f"{material.name} lasts only {material.seconds:.2f} s and flashes by; give it as a picture, or a longer clip"
        for material in materials
        if material.kind == "footage" and material.seconds < LEAST_SEEN
    ]
    beats = [fit_beat(beat, shooter.world, notes) for beat in _that_fit(story.beats, seconds, materials, notes)]
    beats = [_with_players(beat, players) for beat in beats]
    pace = PACES[story.mood]
    slots, lengths, fades = _shared(beats, materials, frames, fps, pace, shooter, story.listed)
    shots = tuple(
        _shot(place, slot, length, fade, beats, players, story.mood, shooter, fps, seed, aspect)
        for place, (slot, length, fade) in enumerate(zip(slots, lengths, fades, strict=True), 1)
    )
    made = Plan(
        title=title,
        fps=fps,
        frames=frames,
        shots=shots,
        mood=story.mood,
        bpm=pace.bpm,
        bed=pace.bed,
        notes=tuple(notes),
    )
    texts = _titles(made) + (_subtitles(made) if subtitles else [])
    return replace(made, texts=tuple(texts), sections=_sections(made, beats, pace))


def film_length(seconds: float) -> float:
    """Seconds that a film may last. Raises PlanError."""
    fits = isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and math.isfinite(seconds)
    if not fits or not 0 < seconds <= LONGEST_FILM:
        raise PlanError(f"a film of {seconds} seconds can't be made; give more than 0 and at most {LONGEST_FILM:g}")
    return float(seconds)


def plan_materials(
    *, seconds: float, fps: float, materials: Sequence[Material], title: str, note: str, mood: str = "gentle"
) -> Plan:
    """A film of the user's images and footage alone, for a brief that says nothing that can be filmed."""
    if not materials:
        raise PlanError("there are neither words that can be filmed nor pictures or clips; give one of them")
    story = Story(text="", cast=(), beats=(), mood=mood, notes=(note,))
    return plan("", seconds=seconds, fps=fps, materials=materials, title=title, story=story)


def _that_fit(
    beats: tuple[Beat, ...], seconds: float, materials: Sequence[Material], notes: list[str]
) -> tuple[Beat, ...]:
    """As many beats as can be understood in the time, the first and the last among them."""
    room = max(1, math.floor(seconds / LEAST_BEAT) - len(materials))
    if len(beats) <= room:
        return beats
    kept = sorted({round(n * (len(beats) - 1) / max(1, room - 1)) for n in range(room)})
    left_out = [beats[n].text for n in range(len(beats)) if n not in kept]
    shown = "; ".join(left_out[:5]) + (" ..." if len(left_out) > 5 else "")
    notes.append(f"{seconds:g} s have room for {room} of {len(beats)} things that happen; left out: {shown}")
    return tuple(beats[n] for n in kept)


def _with_players(beat: Beat, players: list[Player | None]) -> Beat:
    """The beat without the roles that nobody plays; the next one leads where the lead is missing."""
    roles = [role for role in beat.roles if players[role] is not None]
    subject, object_, third = [*roles, None, None, None][:3]
    return replace(beat, subject=subject, object=object_, third=third)


def _shared(
    beats: list[Beat],
    materials: Sequence[Material],
    frames: int,
    fps: float,
    pace: Pace,
    shooter: Shooter,
    listed: bool,
) -> tuple[list[_Slot], list[int], list[int]]:
    """Slots, their frames and their fades; more shots where the model's clips are too short for so few.

    `listed`: each beat is one shot that begins where the one before has lasted as long as its weight says.
    """
    most = max(1, math.floor(shooter.longest * fps + 1e-6))
    counts = [1] * len(beats) if listed else _counts(beats, materials, frames, fps, pace, most, shooter)
    for _ in range(MOST_SHOTS):
        slots = _slots(beats, materials, counts, fps, most, shooter)
        for with_fades in (True, False):
            fades = _fades(slots, pace, fps) if with_fades else [0] * len(slots)
            least = [
                max(slot.least if with_fades else 1, fade + before + 1)
                for slot, fade, before in zip(slots, fades, [0, *fades[:-1]], strict=True)
            ]
            try:
                if listed and max(counts, default=0) == 1:
                    lengths = _as_told(slots, beats, frames, fades)
                else:
                    lengths = share_frames(
                        frames + sum(fades),
                        [slot.weight for slot in slots],
                        [min(low, slot.most) for low, slot in zip(least, slots, strict=True)],
                        [slot.most for slot in slots],
                    )
            except NoShare:
                continue
            if all(length >= low for length, low in zip(lengths, least, strict=True)):
                return slots, lengths, fades
        if sum(slot.most for slot in slots) < frames:
            if not beats:
                total = sum(slot.most for slot in slots) / fps
                raise PlanError(
                    f"the footage fills only {total:.1f} s of {frames / fps:.1f}; give more or a shorter film"
                )
            counts[counts.index(min(counts))] += 1
        elif max(counts, default=0) > 1:
            counts[counts.index(max(counts))] -= 1
        elif materials:
            raise PlanError(
                f"{frames / fps:g} s are too short for {len(beats)} things that happen and {len(materials)} images and "
                "clips; make the film longer or give fewer"
            )
        else:
            raise PlanError(f"{frames / fps:g} s are too short for {len(beats)} shots; make the film longer")
        if sum(counts) > MOST_SHOTS:
            break
    raise PlanError(
        f"{frames / fps:g} s would take over {MOST_SHOTS} shots of {shooter.longest:g} s; make the film shorter"
    )


def _as_told(slots: list[_Slot], beats: list[Beat], frames: int, fades: list[int]) -> list[int]:
    """Frames of each shot, so that they begin where they are told to: a fade's frames come on top. Raises NoShare."""
    weights = [slot.weight if slot.beat < 0 else beats[slot.beat].weight for slot in slots]
    most = [slot.most - fade for slot, fade in zip(slots, fades, strict=True)]
    return [
        span + fade for span, fade in zip(share_frames(frames, weights, [1] * len(slots), most), fades, strict=True)
    ]


def _counts(
    beats: list[Beat],
    materials: Sequence[Material],
    frames: int,
    fps: float,
    pace: Pace,
    most: int,
    shooter: Shooter,
) -> list[int]:
    """Shots a beat: by the pace, and a second one for what a model of one actor a scene can't show at once."""
    if not beats:
        return []
    taken = sum(_usual(material) for material in materials) * fps
    room = max(frames * 0.4, frames - taken)
    usual = min(most, pace.shot_seconds * fps)
    total = min(MOST_SHOTS, max(len(beats), math.ceil(room / most), round(room / usual)))
    solo = shooter.world is not None and shooter.world.max_cast == 1
    wishes = [(1.4 if len(beat.roles) > 1 else 1.0) * beat.weight for beat in beats]
    counts = [1] * len(beats)
    while sum(counts) < total:
        # The next shot goes to the beat that has the fewest for its weight; earlier beats first.
        counts[min(range(len(beats)), key=lambda i: (counts[i] / wishes[i], i))] += 1
    if solo:
        for i, beat in enumerate(beats):
            if len(beat.roles) > 1 and counts[i] == 1 and room / (sum(counts) + 1) >= 0.8 * fps:
                counts[i] = 2
    return counts


def _usual(material: Material) -> float:
    return IMAGE_SECONDS if material.kind == "image" else min(material.seconds, FOOTAGE_SECONDS)


def _slots(
    beats: list[Beat], materials: Sequence[Material], counts: list[int], fps: float, most: int, shooter: Shooter
) -> list[_Slot]:
    at_once = shooter.world.max_cast if shooter.world is not None else 3
    least = max(1, min(most, round(0.6 * fps)))
    slots: list[_Slot] = []
    behind = _places(materials, len(beats))
    slots += [_material_slot(material, fps) for material in behind.get(-1, [])]
    for place, (beat, count) in enumerate(zip(beats, counts, strict=True)):
        last = next((slot.setup.size for slot in reversed(slots) if slot.setup), "")
        new = place == 0 or (beat.set, beat.light) != (beats[place - 1].set, beats[place - 1].light)
        for number, setup in enumerate(cover(beat, count, before=last, at_once=at_once)):
            slots.append(
                _Slot(
                    weight=WEIGHTS[setup.size] * beat.weight,
                    least=least,
                    most=most,
                    beat=place,
                    setup=setup,
                    starts_place=new and number == 0,
                )
            )
        slots += [_material_slot(material, fps) for material in behind.get(place, [])]
    return slots


def _places(materials: Sequence[Material], beats: int) -> dict[int, list[Material]]:
    """Behind which beat each material stands: spread evenly, a logo at the very end."""
    found: dict[int, list[Material]] = {}
    spread = [material for material in materials if not material.logo]
    for number, material in enumerate(spread):
        place = min(beats - 1, math.floor((number + 1) * beats / (len(spread) + 1) - 1e-9)) if beats else -1
        found.setdefault(place, []).append(material)
    for material in materials:
        if material.logo:
            found.setdefault(beats - 1, []).append(material)
    return found


def _material_slot(material: Material, fps: float) -> _Slot:
    usual = _usual(material)
    most = 10**9 if material.kind == "image" else max(1, math.floor(material.seconds * fps + 1e-6))
    return _Slot(
        weight=usual / 2.7,
        least=max(1, min(most, round(0.8 * fps))),
        most=most,
        material=material,
        starts_place=True,
    )


def _fades(slots: list[_Slot], pace: Pace, fps: float) -> list[int]:
    """Crossfades where the place changes, hard cuts within one."""
    frames = round(pace.fade_seconds * fps)
    found = []
    for slot, after in zip(slots, [*slots[1:], None], strict=True):
        short = min(slot.most, after.most if after else 0) < 4 * frames
        found.append(frames if after is not None and after.starts_place and not short else 0)
    return found


def _shot(
    place: int,
    slot: _Slot,
    frames: int,
    fade: int,
    beats: list[Beat],
    players: list[Player | None],
    mood: str,
    shooter: Shooter,
    fps: float,
    seed: int,
    aspect: float,
) -> PlannedShot:
    identity = f"s{place:02d}"
    seconds = frames / fps
    if slot.material is not None:
        spare = slot.material.seconds - seconds if slot.material.kind == "footage" else 0.0
        return PlannedShot(
            id=identity,
            source=slot.material.kind,
            frames=frames,
            fade_frames=fade,
            text=slot.material.name,
            size="wide",
            reason="the closing image" if slot.material.logo else f"the user's {slot.material.kind}",
            blob=slot.material.blob,
            start=round(max(0.0, spare / 2), 3),
            fit="contain" if slot.material.logo else "cover",
        )
    assert slot.setup is not None
    beat = beats[slot.beat]
    take_seconds = shooter.take_seconds or min(max(seconds, shooter.shortest), shooter.longest)
    scene = stage(
        slot.setup,
        beat,
        players,
        seconds=take_seconds,
        world=shooter.world,
        mood=mood,
        seed=seed,
        free_camera=shooter.free_camera,
        aspect=aspect,
    )
    return PlannedShot(
        id=identity,
        source="generated",
        frames=frames,
        fade_frames=fade,
        beat=slot.beat,
        text=beat.text,
        size=slot.setup.size,
        reason=slot.setup.reason,
        scene=scene,
        prompt=write_prompt(
            scene,
            world=shooter.world,
            size=slot.setup.size,
            mood=mood,
            text=beat.text if slot.setup.phase == "act" else "",
        ),
        take_seconds=take_seconds,
    )


def _titles(made: Plan) -> list[PlannedText]:
    if not made.title.strip():
        return []
    start = round(min(0.4, made.seconds * 0.1) * made.fps)
    end = max(start + 1, round(min(3.4, made.seconds * 0.6) * made.fps))
    end = min(end, made.frames)
    start = min(start, end - 1)
    return [PlannedText(text=made.title, start=start / made.fps, end=end / made.fps, place="title")]


def _subtitles(made: Plan) -> list[PlannedText]:
    """The words of each beat, from its first shot's first frame to its last one's last."""
    spans: dict[int, list[int]] = {}
    starts = made.starts()
    for shot, start in zip(made.shots, starts, strict=True):
        if shot.beat >= 0:
            end = start + shot.frames - shot.fade_frames
            spans.setdefault(shot.beat, [start, end])[1] = end
    texts = {shot.beat: shot.text for shot in made.shots if shot.beat >= 0}
    return [
        PlannedText(text=texts[beat], start=start / made.fps, end=min(end, made.frames) / made.fps, place="subtitle")
        for beat, (start, end) in spans.items()
        if end > start
    ]


def _sections(made: Plan, beats: list[Beat], pace: Pace) -> tuple[tuple[float, float, str], ...]:
    """Stretches of the film for the bed: night scenes have music of their own. Each lasts four seconds or more."""
    runs: list[list[float | str]] = []
    ends = [*made.starts()[1:], made.frames]
    for shot, start, end in zip(made.shots, made.starts(), ends, strict=True):
        night = shot.beat >= 0 and beats[shot.beat].light == "night"
        mood = "night" if night else pace.bed
        if shot.beat < 0 and runs:
            mood = str(runs[-1][2])
        if runs and runs[-1][2] == mood:
            runs[-1][1] = end / made.fps
        else:
            runs.append([start / made.fps, end / made.fps, mood])
    if len(runs) < 2 or any(float(end) - float(start) < 4.0 for start, end, _ in runs):
        return ()
    return tuple((float(start), float(end), str(mood)) for start, end, mood in runs)
