"""Cutting: from chosen takes and materials to a timeline with titles, subtitles and sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from rushes.agent.cut.reframing import MIDDLE
from rushes.agent.other_shape import Shown, shown_material, shown_take
from rushes.agent.plan import Plan
from rushes.agent.production import Label, Production
from rushes.board.jobs import Job
from rushes.board.reads import Node
from rushes.media.bed import compose_bed, write_sound
from rushes.media.grade import AS_SHOT
from rushes.media.looks import with_look
from rushes.media.probe import probe
from rushes.media.timeline import Clip, Sound, Text, Timeline

BED_GAIN = -3.0  # dB of the composed bed
MUSIC_GAIN = -1.0  # dB of the user's track
LEAST_SMOOTH_FPS = 6.0  # below this motion interpolation invents more than it smooths


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A timeline whose sources are blobs: JSON-able, so that it can key a render."""

    clips: list[dict[str, Any]]  # blob, and the arguments of media's Clip
    texts: list[dict[str, Any]]
    sounds: list[dict[str, Any]]
    width: int
    height: int
    fps: float
    fade_in: float
    fade_out: float

    def timeline(self, production: Production) -> Timeline:
        def source(piece: dict[str, Any]) -> dict[str, Any]:
            rest = {name: value for name, value in piece.items() if name not in ("blob", "node")}
            return rest | {"source": production.board.blob_path(piece["blob"])}

        return Timeline(
            clips=[Clip(**source(clip)) for clip in self.clips],
            texts=[Text(**text) for text in self.texts],
            sounds=[Sound(**source(sound)) for sound in self.sounds],
            width=self.width,
            height=self.height,
            fps=self.fps,
            fade_in=self.fade_in,
            fade_out=self.fade_out,
        )


def make_edit(
    production: Production, label: Label, stand_ins: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
) -> Edit:
    """The timeline of the film, or of its animatic, from what stands on the board.

    stand_ins: shot -> fields of the clip that is shown until there is a take of it.
    """
    made, (width, height) = production.plan(), production.frame()
    look = {"grade": with_look(AS_SHOT, made.look).changes()} if made.look else {}
    clips = [_clip(production, shot, made.fps, label, stand_ins.get(shot.id)) | look for shot in production.shots()]
    clips[-1]["fade"] = 0.0
    set_by_hand = [
        {name: title.fields[name] for name in ("text", "start", "end", "place")}
        for title in production.board.nodes("title")
        if production.brief_id in title.linked("about", "brief")
    ]
    # A title or subtitles that somebody has set take the place of the planned ones.
    places = {text["place"] for text in set_by_hand}
    texts = [asdict(text) for text in made.texts if text.place not in places] + set_by_hand
    soft = min(0.5, made.seconds / 8)
    return Edit(
        clips=clips,
        texts=texts,
        sounds=_sounds(production, made, clips),
        width=width,
        height=height,
        fps=production.settings.fps,
        fade_in=round(soft / 2, 3),
        fade_out=round(soft, 3),
    )


def _clip(
    production: Production, shot: Node, fps: float, label: Label, stand_in: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    settings, extra = production.settings, shot.fields["extra"]
    clip: dict[str, Any] = {
        "seconds": extra["frames"] / fps,
        "fade": extra["fade_frames"] / fps,
        "fit": extra["fit"],
        "label": extra["id"],
    }
    if stand_in is not None:
        return clip | dict(stand_in)
    if shot.fields["source"] != "generated":
        still = shot.fields["source"] == "image"
        clip |= {"blob": shot.blobs["source"], "start": extra["start"], "zoom": 0.06 if still else 0.0}
        return clip if clip["fit"] == "contain" else clip | _framed(production, shot, shown_material(production, shot))
    take = _take_of(production, shot, label)
    clip |= _framed(production, shot, shown_take(production, shot, take))
    smooth = LEAST_SMOOTH_FPS <= take.fields["fps"] < settings.fps - 0.5
    return clip | {"blob": take.blobs["video"], "start": 0.0, "smooth": smooth, "node": take.id}


def _framed(production: Production, shot: Node, shown: Shown) -> dict[str, Any]:
    """Fields of the clip, with a note where something had to be decided."""
    if shown.said:
        production.note(shown.said, role="decision", about=shot.id)
    return {"fit": shown.fit} | ({"focus": list(shown.focus)} if shown.focus != MIDDLE else {})


def _take_of(production: Production, shot: Node, label: Label) -> Node:
    if label == "film" and shot.fields.get("chosen"):
        return production.board.node(shot.fields["chosen"])
    takes = production.takes(shot.id, animatic=label == "animatic")
    assert takes, f"{shot.id} has no take for the {label}"
    return takes[-1]


def _sounds(production: Production, made: Plan, clips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    sounding = any(_has_sound(production, clip) for clip in clips if "node" not in clip)
    music = production.music
    common = {"fade_in": 0.05, "fade_out": round(min(1.5, made.seconds / 4), 3), "duck": sounding}
    if music is None:
        return [{"blob": compose(production, made), "gain_db": BED_GAIN, **common}]
    sounds, at = [], 0.0
    while at < made.seconds - 0.05:  # a short track begins again
        length = min(music.seconds, made.seconds - at)
        sounds.append({"blob": music.blob, "at": at, "seconds": length, "gain_db": MUSIC_GAIN, **common})
        at += max(0.5, music.seconds)
    return sounds


def _has_sound(production: Production, clip: dict[str, Any]) -> bool:
    return probe(production.board.blob_path(clip["blob"])).has_sound


def compose(production: Production, made: Plan, seconds: float | None = None) -> str:
    """The bed of the plan's mood, as a blob. seconds: its length, where the film lasts longer than planned."""
    options = production.board.node(production.brief_id).fields["options"].get("bed", {})
    sections = [] if options else [list(section) for section in made.sections]
    if seconds is not None and sections:
        sections[-1][1] = seconds
    inputs = {
        "seconds": made.seconds if seconds is None else seconds,
        "mood": options.get("mood", made.bed),
        "bpm": options.get("bpm", None if made.sections else made.bpm),
        "sections": sections,
        "seed": production.settings.seed,
        "version": 1,
    }

    def work(job: Job) -> dict[str, Any]:
        samples = compose_bed(
            inputs["seconds"],
            mood=inputs["mood"],
            bpm=inputs["bpm"],
            sections=[tuple(section) for section in inputs["sections"]],
            seed=inputs["seed"] % 2**31,
        )
        path = job.scratch() / "bed.wav"
        write_sound(path, samples)
        job.attach("sound", path)
        return {"samples": len(samples)}

    return production.step("bed", inputs, work).blobs["sound"]
