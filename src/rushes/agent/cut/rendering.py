"""The working cut as a film: rendered once for the same pieces, measured, put on the board."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rushes.agent import events as happened
from rushes.agent.cut.clear_titles import clear_titles
from rushes.agent.cut.document import WorkingCut, document_of, need_cut, timeline_of
from rushes.agent.cut.standing_in import marks
from rushes.agent.finishing import RENDER_VERSION, Film, measurements, put_film
from rushes.agent.production import Production
from rushes.board.jobs import Job
from rushes.media.loudness import loudness
from rushes.media.probe import probe
from rushes.media.render import render

PEAK = -1.0  # dBTP, the film's ceiling
MEASURABLE = 3.0  # seconds; the loudness of shorter films can't be measured well
SILENT = -70.0  # LUFS; a film under this has no sound that could be made louder


def render_cut(production: Production, out: Path | None = None) -> Film:
    """Renders the working cut and measures it; the same pieces are rendered once. Raises ValueError, MediaError."""
    cut, rendered, short = _rendered(production)
    return put_film(
        production,
        (cut.width, cut.height, cut.fps),
        rendered,
        short,
        out,
        label="film",
        made_from=(cut.id, production.brief_id),
        once=f"cut-{cut.id}",
    )


def measure_cut(production: Production) -> tuple[dict[str, Any], list[str]]:
    """What is measured of the rendered cut, and what it falls short of. The board stays as it is."""
    _, rendered, short = _rendered(production)
    return rendered["measurements"], short


def _rendered(production: Production) -> tuple[WorkingCut, dict[str, Any], list[str]]:
    """The cut, its render, and what that falls short of."""
    cut = need_cut(production.board)
    if not cut.clips:
        raise ValueError("the cut has no clips; open(material) or insert(material) one")
    rendered = _render(production, cut)
    return cut, rendered, [*rendered["notes"], *problems(rendered["measurements"], cut)]


def _render(production: Production, cut: WorkingCut) -> dict[str, Any]:
    inputs = {"cut": document_of(cut), "loudness": cut.loudness, "peak": PEAK, "version": RENDER_VERSION}

    def work(job: Job) -> dict[str, Any]:
        def progress(done: float) -> None:
            production.events.send(happened.Progress(stage="render", done=done, what="film"))

        path = job.scratch() / "film.mp4"
        timeline = clear_titles(production.board, timeline_of(production.board, cut))
        made = render(
            timeline, path, loudness=cut.loudness, peak=PEAK, progress=progress, cancelled=production.cancelled
        )
        measured = measurements(path)
        silences = loudness(path).silences if probe(path).has_sound else ()
        measured["silent"] = [[round(start, 3), round(end, 3)] for start, end in silences]
        job.attach("film", path)
        return {"frames": made.frames, "seconds": made.seconds, "measurements": measured, "notes": list(made.notes)}

    found = production.step("render", inputs, work, node=cut.id)
    return found.value | {"blob": found.blobs["film"], "job": found.job, "work_seconds": found.seconds}


def problems(measured: dict[str, Any], cut: WorkingCut) -> tuple[str, ...]:
    """What the film falls short of as a file; what is wrong in it is for inspect() to find."""
    found = []
    unshot = [clip.id for clip in cut.clips if marks(cut, clip)]
    if unshot:
        found.append(f"{', '.join(unshot)} stand in for shots that are not shot yet")
    if measured["frames"] != cut.frames:
        found.append(f"it has {measured['frames']} frames, the cut {cut.frames}")
    level = measured["loudness"]
    if level is not None and level > SILENT and cut.seconds >= MEASURABLE and abs(level - cut.loudness) > 2.0:
        found.append(f"its loudness is {level:.1f} LUFS, {cut.loudness:g} was asked for")
    if measured["true_peak"] is not None and measured["true_peak"] > PEAK + 0.1:
        found.append(f"its peak is {measured['true_peak']:.1f} dBTP, over {PEAK:g}")
    return tuple(found)
