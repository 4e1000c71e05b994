"""What the working cut sounds like: a narration, music under it, levels, and the loudness of the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rushes.agent.cut.document import SoundPiece, WorkingCut, add_sound, edit, need_cut, read_cut, shown, source_probe
from rushes.agent.cut.following import follow_beats
from rushes.agent.cut.worth import is_bed
from rushes.agent.cutting import BED_GAIN, MUSIC_GAIN, compose
from rushes.agent.production import Production
from rushes.agent.tool import Tool, tool
from rushes.board.jobs import Job
from rushes.board.operations import AttachBlob, Operation, RemoveNode, SetFields
from rushes.media.beats import VERSION as BEATS_VERSION
from rushes.media.beats import find_beats, whole_beats
from rushes.media.bed import compose_bed, write_sound
from rushes.media.loudness import loudness as measured_loudness
from rushes.media.moods import MOODS
from rushes.media.voice import find_voice, speak

VOICE_LOUDNESS = -16.0  # LUFS of a narration, before the whole film is brought to its loudness
MUSIC = "music"  # label of the sounds that music() sets and replaces
BED = "bed"  # label of the planned film's composed music
NUMBER = {"type": "number"}
TRUTH = {"type": "boolean"}


HEARD = {"start": {**NUMBER, "description": "seconds on the film"}, "end": {**NUMBER, "description": "seconds on it"}}


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Whoever reads a text aloud."""

    name: Callable[[], str]  # part of the key of what it says; ValueError where there is none
    speak: Callable[[str, Path], Path]  # writes a WAV file


INSTALLED = Speaker(name=find_voice, speak=speak)


def sounding_tools(production: Production, *, speaker: Speaker = INSTALLED) -> list[Tool]:
    id = {"type": "string", "description": "id of a sound, such as sound-2"}
    return [
        tool(
            "narrate",
            "Have a text read aloud from this second of the film on; music gets quieter under it.",
            {"text": {"type": "string"}, "at": NUMBER},
            ("text", "at"),
            lambda arguments: narrate(production, speaker, arguments["text"], float(arguments["at"])),
        ),
        tool(
            "music",
            "Put music under the film, in place of what there is: composed in a mood, or a given track. "
            "follow: cuts move onto its beats.",
            {
                "mood": {"type": "string", "enum": list(MOODS)},
                "material": {"type": "string", "description": "name of a given file, instead of a mood"},
                "bpm": NUMBER,
                "gain_db": NUMBER,
                "duck": {**TRUTH, "description": "quieter while others sound"},
                "follow": TRUTH,
            },
            (),
            lambda arguments: music(production, arguments),
        ),
        tool(
            "mix",
            "Set a sound's level in dB, its fades in seconds, whether it gets quieter while others sound, and from "
            "when to when it is heard.",
            {"id": id, "gain_db": NUMBER, "duck": TRUTH, "fade_in": NUMBER, "fade_out": NUMBER, **HEARD},
            ("id",),
            lambda arguments: mix(production, arguments),
        ),
        tool(
            "loudness",
            "Set the loudness that the whole film is brought to, in LUFS: -14 for the web, -23 for broadcast.",
            {"lufs": NUMBER},
            ("lufs",),
            lambda arguments: set_loudness(production, float(arguments["lufs"])),
        ),
    ]


def narrate(production: Production, speaker: Speaker, text: str, at: float) -> str:
    """Raises ValueError without a voice, and for a time at which it would not fit."""
    board, cut = production.board, need_cut(production.board)
    at = cut.on_grid(at)
    if not 0 <= at < cut.seconds:
        raise ValueError(f"the narration would begin at {at:g} s; give 0 to {cut.seconds:g}")
    blob, said = _spoken(production, speaker, text)
    seconds = float(said["seconds"])
    if at + seconds > cut.seconds + cut.frame:
        raise ValueError(
            f"the narration lasts {seconds:.2f} s and the film ends at {cut.seconds:g} s; begin it by "
            f"{max(0.0, cut.seconds - seconds):.2f} s, say less, or make the film longer"
        )
    for other in cut.sounds:
        if other.label == "voice" and at < other.end and at + seconds > other.at:
            raise ValueError(
                f"{other.id} speaks from {other.at:.2f} to {other.end:.2f} s and this would be heard over it until "
                f"{at + seconds:.2f} s; begin it at {other.end:.2f} s, or remove({other.id})"
            )
    fields: dict[str, Any] = {"at": at, "seconds": seconds, "gain_db": said["gain_db"], "label": "voice"}
    made: list[Operation] = add_sound(cut.id, blob, **fields, prompt=text, model=said["voice"])
    ducked = [sound for sound in cut.sounds if is_bed(cut, sound) and not sound.duck]
    made += [SetFields(id=sound.id, fields={"duck": True}) for sound in ducked]
    after = edit(board, *made, note=f"narrate at {at:g} s")
    under = "; the music gets quieter under it" if any(is_bed(cut, sound) for sound in cut.sounds) else ""
    return f"{after.sounds[-1].id}: {shown(text)} from {at:.3f} to {at + seconds:.3f} s{under}"


def _spoken(production: Production, speaker: Speaker, text: str) -> tuple[str, dict[str, Any]]:
    """(blob, seconds, gain and voice) of a text read aloud: a durable step."""
    voice = speaker.name()

    def work(job: Job) -> dict[str, Any]:
        path = speaker.speak(text, job.scratch() / "voice.wav")
        heard = measured_loudness(path)
        job.attach("sound", path)
        gain = VOICE_LOUDNESS - heard.integrated if heard.integrated > -60 else 0.0
        return {"seconds": round(heard.seconds, 4), "gain_db": round(min(18.0, max(-18.0, gain)), 2), "voice": voice}

    found = production.step("voice", {"text": text, "voice": voice, "version": 1}, work)
    return found.blobs["sound"], found.value


def music(production: Production, asked: dict[str, Any]) -> str:
    cut = read_cut(production.board)
    bpm = asked.get("bpm")
    if bpm is not None and not 20 <= float(bpm) <= 300:
        raise ValueError(f"bpm is {bpm}; give 20 to 300 beats a minute")
    if cut is None:
        return _planned_music(production, asked)
    sounds, beats, said = (_given_track if asked.get("material") else _composed)(production, cut, asked)
    gone: list[Operation] = [RemoveNode(id=sound.id) for sound in cut.sounds if sound.label in (MUSIC, BED)]
    moves: list[Operation] = []
    if asked.get("follow"):
        moves, followed = follow_beats(production.board, cut, beats)
        said += f"; {followed}"
    after = edit(production.board, *gone, *sounds, *moves, note="set the music")
    return f"{after.sounds[-1].id}: {said}"


def _composed(
    production: Production, cut: WorkingCut, asked: dict[str, Any]
) -> tuple[list[Operation], list[float], str]:
    """Operations, beats in seconds of the film, and what to say."""
    plan = production.plan() if production.brief_id else None
    mood = asked.get("mood") or (plan.bed if plan is not None else "calm")
    bpm = float(asked.get("bpm") or MOODS[mood].bpm)
    parameters = {"mood": mood, "bpm": bpm, "seed": production.settings.seed}
    blob = _compose(production, cut.seconds, parameters)
    fields = _bed_fields(cut, asked, BED_GAIN) | {"seconds": cut.seconds, "parameters": parameters}
    beats = whole_beats(cut.seconds, bpm)
    told = f"{mood} music, {len(beats) * 60 / cut.seconds:.1f} beats a minute, {cut.seconds:g} s"
    return add_sound(cut.id, blob, label=MUSIC, **fields), beats, told


def _compose(production: Production, seconds: float, parameters: dict[str, Any]) -> str:
    def work(job: Job) -> dict[str, Any]:
        samples = compose_bed(
            seconds, mood=parameters["mood"], bpm=parameters["bpm"], seed=int(parameters["seed"]) % 2**31
        )
        path = write_sound(job.scratch() / "bed.wav", samples)
        job.attach("sound", path)
        return {"samples": len(samples)}

    return production.step("compose", {"seconds": seconds, **parameters, "version": 1}, work).blobs["sound"]


def _given_track(
    production: Production, cut: WorkingCut, asked: dict[str, Any]
) -> tuple[list[Operation], list[float], str]:
    blob, name = _material(production, asked["material"])
    seconds = source_probe(production.board, blob).seconds
    operations: list[Operation] = []
    beats: list[float] = []
    heard = _track_beats(production, blob, asked.get("bpm")) if asked.get("follow") else []
    at, number = 0.0, 0
    while at < cut.seconds - 0.05:  # a short track begins again
        number += 1
        length = min(seconds, cut.seconds - at)
        beats += [at + beat for beat in heard if beat < length]
        fields = _bed_fields(cut, asked, MUSIC_GAIN) | {"at": at, "seconds": length}
        operations += add_sound(cut.id, blob, label=MUSIC, handle=f"music{number}", **fields)
        at += max(0.5, seconds)
    told = f"{name}, {seconds:.1f} s" + (f", heard {number} times" if number > 1 else "")
    return operations, beats, told


def _track_beats(production: Production, blob: str, bpm: float | None) -> list[float]:
    def work(job: Job) -> list[float]:
        return find_beats(production.board.blob_path(blob), bpm=bpm)

    found: list[float] = production.step("beats", {"source": blob, "bpm": bpm, "version": BEATS_VERSION}, work).value
    return found


def _material(production: Production, name: str) -> tuple[str, str]:
    """Blob and name of a given file with sound. Raises ValueError naming those that there are."""
    given = {material.name: material.blob for material in production.materials if material.kind == "footage"}
    if production.music is not None:
        given |= {"music": production.music.blob}
    sounding = {known: blob for known, blob in given.items() if source_probe(production.board, blob).has_sound}
    if name not in sounding:
        there = ", ".join(sounding) or "none; compose music in a mood instead"
        raise ValueError(f"no given file with sound is called {name!r}; there are {there}")
    return sounding[name], name


def _bed_fields(cut: WorkingCut, asked: dict[str, Any], gain: float) -> dict[str, Any]:
    voices = any(sound.label == "voice" for sound in cut.sounds)
    return {
        "gain_db": float(asked.get("gain_db", gain)),
        "duck": bool(asked.get("duck", voices or any(clip.volume > 0 for clip in cut.clips))),
        "fade_in": 0.05,
        "fade_out": round(min(1.5, cut.seconds / 4), 3),
    }


def _planned_music(production: Production, asked: dict[str, Any]) -> str:
    """Before there is a working cut, the bed of the planned film."""
    if not production.brief_id:
        raise ValueError("there is no film yet; plan one, or open(material) a given video or picture")
    if any(asked.get(name) is not None for name in ("material", "gain_db", "duck", "follow")):
        raise ValueError("of a film that is only planned, mood and bpm can be set; lay() it out first for the rest")
    if not any(name in asked for name in ("mood", "bpm")):
        raise ValueError(f"say a mood, one of {', '.join(MOODS)}, or beats a minute")
    brief = production.board.node(production.brief_id)
    bed = {"mood": production.plan().bed, **{name: asked[name] for name in ("mood", "bpm") if name in asked}}
    fields = {"options": {**brief.fields["options"], "bed": bed}}
    production.board.apply(SetFields(id=brief.id, fields=fields), by="agent", note="choose the bed")
    return f"the bed is {bed['mood']}"


def bed_operations(
    production: Production, cut: WorkingCut, seconds: float, opened_at: float | None = None
) -> list[Operation]:
    """Music that lasts to the film's end, for a film of another length: composed music is composed anew, so that it
    ends with the film, on its first note; a given track is heard for as long as it has.

    opened_at: something comes in there; music that begins later moves, what the film begins with goes on over it.
    """
    operations: list[Operation] = []
    for sound in (sound for sound in cut.sounds if is_bed(cut, sound)):
        goes_on = any(other.blob == sound.blob and abs(other.end - sound.at) < cut.frame for other in cut.sounds)
        moves = opened_at is not None and sound.at >= max(opened_at, cut.frame) and not goes_on
        at = sound.at + (seconds - cut.seconds if moves else 0.0)
        fields: dict[str, Any] = {"at": at} if opened_at is not None else {}
        if (
            sound.end >= cut.seconds - cut.frame and seconds - at >= 1.0
        ):  # else it was told to stop before the film does
            blob = _composed_anew(production, sound, seconds - at)
            operations += [AttachBlob(id=sound.id, name="sound", blob=blob)] if blob else []
            has = seconds if blob else source_probe(production.board, sound.blob).seconds - sound.start
            if blob or opened_at is not None:
                fields |= {"at": at, "seconds": min(seconds - at, has), "fade_out": sound.fade_out}
        operations += [SetFields(id=sound.id, fields=fields)] if fields else []
    return operations


def _composed_anew(production: Production, sound: SoundPiece, seconds: float) -> str:
    """The blob of composed music in another length; "" for a given track, and for a planned bed that is long enough."""
    parameters = production.board.node(sound.id).fields.get("parameters", {})
    if sound.label == MUSIC and "mood" in parameters:
        return _compose(production, seconds, parameters)
    longer = seconds > source_probe(production.board, sound.blob).seconds - sound.start + 1e-3
    planned = sound.label == BED and production.brief_id
    return compose(production, production.plan(), seconds) if planned and longer else ""


def music_ended(before: WorkingCut, after: WorkingCut) -> list[str]:
    """In words: music that lasted to the film's end, and no longer does since its track has no more."""
    lasted = [s.id for s in before.sounds if is_bed(before, s) and s.end >= before.seconds - before.frame]
    short = [s for s in after.sounds if s.id in lasted and s.end < after.seconds - after.frame]
    return [f"{sound.id} ends at {sound.end:.3f}, its track has no more" for sound in short]


def mix(production: Production, asked: dict[str, Any]) -> str:
    cut = need_cut(production.board)
    sound = cut.piece(asked["id"])
    if not isinstance(sound, SoundPiece):
        sounds = ", ".join(other.id for other in cut.sounds) or "none yet"
        raise ValueError(f"{sound.id} is no sound; there are {sounds}. The sound of a clip is set by volume()")
    fields: dict[str, Any] = {name: asked[name] for name in ("gain_db", "duck", "fade_in", "fade_out") if name in asked}
    if not fields and not HEARD.keys() & asked.keys():
        raise ValueError(f"say what to change of {sound.id}: gain_db, duck, fade_in, fade_out, start or end")
    heard = _heard(production, cut, sound, asked) if HEARD.keys() & asked.keys() else {}
    length = heard["seconds"] if heard else sound.end - sound.at
    for name in ("fade_in", "fade_out") if heard else ():
        fields.setdefault(name, min(getattr(sound, name), length / 4))
    if float(fields.get("fade_in", sound.fade_in)) + float(fields.get("fade_out", sound.fade_out)) > length + 1e-6:
        raise ValueError(f"the fades of {sound.id} are longer than its {length:.2f} s; give shorter ones")
    fields = {name: value if name == "duck" else float(value) for name, value in fields.items()}
    edit(production.board, SetFields(id=sound.id, fields=fields | heard), note=f"mix {sound.id}")
    told = [f"heard from {heard['at']:.3f} to {heard['at'] + length:.3f}"] if heard else []
    told += [f"{name} {_said(value)}" for name, value in fields.items() if name in asked]
    return f"{sound.id}: {', '.join(told)}"


def _heard(production: Production, cut: WorkingCut, sound: SoundPiece, asked: dict[str, Any]) -> dict[str, float]:
    """Fields of a sound that is heard from `start` to `end` on the film's clock: the same music, cut off."""
    at = cut.on_grid(float(asked.get("start", sound.at)))
    end = cut.on_grid(float(asked.get("end", max(sound.end, at))))
    if not 0 <= at < end <= cut.seconds + 1e-6:
        raise ValueError(f"{sound.id} can't be heard from {at:g} to {end:g} s; give times within 0 to {cut.seconds:g}")
    into = max(0.0, sound.start + at - sound.at)
    left = source_probe(production.board, sound.blob).seconds - into
    if end - at > left + 0.05:
        raise ValueError(
            f"{sound.id} has only {left:.2f} s from {at:g} s on; give an earlier end, or put music() on anew"
        )
    return {"at": at, "start": into, "seconds": end - at}


def _said(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"


def set_loudness(production: Production, lufs: float) -> str:
    cut = need_cut(production.board)
    if not -40 <= lufs <= -5:
        raise ValueError(f"a loudness of {lufs:g} LUFS; give -40 to -5, such as -14 for the web or -23 for broadcast")
    timeline = production.board.node(cut.id).fields.get("timeline", {})
    fields = {"timeline": {**timeline, "loudness": float(lufs)}}
    edit(production.board, SetFields(id=cut.id, fields=fields), note=f"loudness {lufs:g} LUFS")
    return f"the film is brought to {lufs:g} LUFS"
