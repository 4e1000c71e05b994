"""Finishing: a cut is rendered, measured, rendered once more where it falls short, and put on the board as a film."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rushes.agent import events as happened
from rushes.agent.cut.clear_titles import clear_titles
from rushes.agent.cutting import Edit, make_edit
from rushes.agent.plan import Plan
from rushes.agent.production import Label, Production
from rushes.board.jobs import Job
from rushes.board.operations import CreateNode, Operation
from rushes.media.files import replacing
from rushes.media.measure import measure_film
from rushes.media.render import render

RENDER_VERSION = 2  # of this file's choices; part of a render's key
LOUDNESS = -14.0  # LUFS of the film
CLIP_FIELDS = ("label", "seconds", "fade", "fit")
SOUND_FIELDS = ("at", "seconds", "gain_db", "fade_in", "fade_out")


@dataclass(frozen=True, kw_only=True)
class Film:
    """A rendered film on the board."""

    node: str  # board id
    blob: str
    path: Path
    frames: int
    seconds: float
    measurements: dict[str, Any]
    problems: tuple[str, ...]  # what it still falls short of


def render_film(production: Production, label: Label, out: Path | None = None) -> Film:
    """Cuts, renders and measures; renders once more where the file falls short of the plan. Raises MediaError."""
    made, edit = production.plan(), make_edit(production, label)
    rendered = _render(production, edit, label, {"loudness": LOUDNESS, "peak": -1.0, "copy": True})
    problems = _problems(rendered["measurements"], made)
    mend = _mending(problems)
    if mend:
        again = _render(production, edit, label, {"loudness": LOUDNESS, "peak": -1.0, "copy": True} | mend)
        better = _problems(again["measurements"], made)
        if len(better) < len(problems):
            rendered, problems = again, better
            production.note(f"the {label} was rendered again: {'; '.join(mend)} changed", about=production.brief_id)
    for problem in problems:
        production.note(f"the {label} falls short: {problem}", role="warning", about=production.brief_id)
    cut, parts = _cut_operations(production, edit, label, rendered["seconds"])
    return put_film(
        production,
        (edit.width, edit.height, edit.fps),
        rendered,
        problems,
        out,
        label=label,
        made_from=("@cut", production.brief_id),
        before=(*parts, cut),
        once=f"{label}-{production.brief_id}",
    )


def put_film(
    production: Production,
    frame: tuple[int, int, float],
    rendered: dict[str, Any],
    problems: Sequence[str],
    out: Path | None,
    *,
    label: Label,
    made_from: Sequence[str],
    once: str,
    before: Sequence[Operation] = (),
) -> Film:
    """A rendered film on the board, copied to `out` where that is given, and announced.

    frame: width, height, frames a second. made_from: ids, of what is made by the operations `before` it too. The film
    of the same `once`, render and `out` is put there only once.
    """
    width, height, fps = frame
    fields = {
        "title": production.settings.title,
        "path": str(out) if out is not None else "",
        "width": width,
        "height": height,
        "fps": float(fps),
        "seconds": rendered["seconds"],
        "frames": rendered["frames"],
        "measurements": rendered["measurements"] | {"falls_short": list(problems)},
        "job": rendered["job"],
        "work_seconds": rendered["work_seconds"],
        "extra": {"label": label},
    }
    links = tuple(("made_from", node) for node in made_from if node)
    film = CreateNode(kind="film", literal=True, fields=fields, blobs={"film": rendered["blob"]}, links=links)  # type: ignore[arg-type]
    receipt = production.board.apply(
        *before, film, by="agent", note=f"render the {label}", once=f"{once}-{rendered['job']}-{out or ''}"
    )
    path = production.board.blob_path(rendered["blob"])
    if out is not None:
        with replacing(out) as temporary:
            shutil.copyfile(path, temporary)
    made = Film(
        node=receipt.created[-1],
        blob=rendered["blob"],
        path=out or path,
        frames=rendered["frames"],
        seconds=rendered["seconds"],
        measurements=rendered["measurements"],
        problems=tuple(problems),
    )
    production.events.send(
        happened.Rendered(
            label=label,
            path=str(made.path),
            seconds=made.seconds,
            frames=made.frames,
            measurements=made.measurements,
        )
    )
    return made


def _render(production: Production, edit: Edit, label: Label, options: dict[str, Any]) -> dict[str, Any]:
    inputs = {
        "edit": asdict(edit) | {"clips": _without_nodes(edit.clips)},
        "options": options,
        "version": RENDER_VERSION,
    }

    def work(job: Job) -> dict[str, Any]:
        def progress(done: float) -> None:
            production.events.send(happened.Progress(stage="render", done=done, what=label))

        path = job.scratch() / f"{label}.mp4"
        timeline = clear_titles(production.board, edit.timeline(production))
        made = render(timeline, path, progress=progress, cancelled=production.cancelled, **options)
        measured = measurements(path)
        job.attach("film", path)
        return {"frames": made.frames, "seconds": made.seconds, "measurements": measured, "notes": list(made.notes)}

    found = production.step("render", inputs, work, node=production.brief_id)
    for note in found.value["notes"]:
        production.note(note, role="warning", about=production.brief_id)
    return found.value | {"blob": found.blobs["film"], "job": found.job, "work_seconds": found.seconds}


def measurements(path: Path) -> dict[str, Any]:
    """A film in numbers, JSON-able."""
    report = measure_film(path)
    sound = report.sound
    return {
        "frames": report.frames,
        "seconds": round(report.seconds, 4),
        "width": report.width,
        "height": report.height,
        "fps": round(report.fps, 4),
        "black_share": round(report.black_share, 4),
        "black": [[round(start, 3), round(end, 3)] for start, end in report.black],
        "frozen": [[round(start, 3), round(end, 3)] for start, end in report.frozen],
        "flicker": round(report.flicker, 3),
        "sharpness": round(report.sharpness, 2),
        "cuts": [round(cut, 3) for cut in report.cuts],
        "luma": round(report.luma, 2),
        "loudness": None if sound is None else round(max(-99.0, sound.integrated), 2),
        "true_peak": None if sound is None else round(max(-99.0, sound.true_peak), 2),
    }


def _problems(measured: dict[str, Any], made: Plan) -> tuple[str, ...]:
    found = []
    if measured["frames"] != made.frames:
        found.append(f"it has {measured['frames']} frames, {made.frames} were planned")
    if measured["loudness"] is None:
        found.append("it has no sound")
    elif made.seconds >= 3 and abs(measured["loudness"] - LOUDNESS) > 2.0:  # shorter than that can't be measured well
        found.append(f"its loudness is {measured['loudness']:.1f} LUFS, {LOUDNESS:g} was asked for")
    if measured["true_peak"] is not None and measured["true_peak"] > -0.9:
        found.append(f"its peak is {measured['true_peak']:.1f} dBTP, over -1")
    inside = [(a, b) for a, b in measured["black"] if a > 0.5 and b < made.seconds - 0.7]
    if inside:
        found.append(f"it is black from {inside[0][0]:g} to {inside[0][1]:g} s")
    return tuple(found)


def _mending(problems: tuple[str, ...]) -> dict[str, Any]:
    """What to render otherwise."""
    mend: dict[str, Any] = {}
    for problem in problems:
        if "frames" in problem:
            mend["copy"] = False
        if "peak" in problem:
            mend["peak"] = -2.0
    return mend


def _cut_operations(
    production: Production, edit: Edit, label: Label, seconds: float
) -> tuple[Operation, list[Operation]]:
    """The cut that a film is made of, called "@cut", and its pieces, which come before it."""
    parts: list[CreateNode] = []
    for number, clip in enumerate(edit.clips, 1):
        fields: dict[str, Any] = {name: clip[name] for name in CLIP_FIELDS if name in clip}
        uses = (("uses", clip["node"]),) if "node" in clip else ()
        fields |= {"start": float(clip.get("start", 0.0)), "smooth": clip.get("smooth", False)}
        parts.append(
            CreateNode(
                kind="clip",
                handle=f"clip{number}",
                fields=fields,
                blobs={"source": clip["blob"]},
                links=uses,  # type: ignore[arg-type]
                literal=True,
            )
        )
    for number, text in enumerate(edit.texts, 1):
        parts.append(CreateNode(kind="title", handle=f"title{number}", fields=text, literal=True))
    for number, sound in enumerate(edit.sounds, 1):
        heard: dict[str, Any] = {name: float(sound[name]) for name in SOUND_FIELDS if name in sound}
        heard |= {"label": "music" if production.music else "bed", "duck": sound["duck"]}
        parts.append(CreateNode(kind="sound", handle=f"sound{number}", fields=heard, blobs={"sound": sound["blob"]}))
    cut = CreateNode(
        kind="cut",
        handle="cut",
        fields={
            "label": label,
            "width": edit.width,
            "height": edit.height,
            "fps": float(edit.fps),
            "seconds": seconds,
            "timeline": {"fade_in": edit.fade_in, "fade_out": edit.fade_out},
        },
        links=tuple(("uses", f"@{part.handle}") for part in parts),
    )
    return cut, list(parts)


def _without_nodes(clips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A clip's take id says nothing about the picture."""
    return [{name: value for name, value in clip.items() if name != "node"} for clip in clips]
