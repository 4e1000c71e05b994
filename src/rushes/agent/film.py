"""The way in: a brief goes in, a finished film comes out."""

from __future__ import annotations

import errno
import math
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rushes.agent import events as happened
from rushes.agent.asked import read_asked
from rushes.agent.brief import checked_brief
from rushes.agent.critic import THRESHOLD, ReadOut
from rushes.agent.director import direct
from rushes.agent.events import Event, EventStream
from rushes.agent.finishing import Film
from rushes.agent.generator import Generator
from rushes.agent.materials import keep_materials, probed, put_materials
from rushes.agent.models import LanguageModel
from rushes.agent.planner import PlanError, film_length
from rushes.agent.production import FilmCancelled, Music, Production, Settings, project_file
from rushes.board.board import Board
from rushes.media.files import unwritable
from rushes.media.probe import Probe, probe

MOST_MATERIALS = 50


@dataclass(frozen=True, kw_only=True)
class FilmResult:
    path: Path  # of the film
    animatic: Path | None  # of the animatic, where one was drawn
    seconds: float  # exact: frames over frame rate
    frames: int
    shots: int
    takes: int  # takes of the film's shots on the board, animatic left aside
    made_now: int  # takes that this run made; the others were found
    scores: tuple[float, ...]  # the critic's, of the chosen takes in order
    measurements: dict[str, Any]  # of the finished file
    notes: tuple[str, ...]  # for people: what was understood otherwise, what falls short
    work_seconds: float  # of this run
    project: Path  # the board's folder


def make_film(
    brief: str,
    *,
    project_folder: Path | str,
    out: Path | str,
    seconds: float,
    width: int,
    height: int,
    fps: float = 24,
    shooting_model: Generator,
    animatic_model: Generator | None = None,
    animatic_out: Path | str | None = None,
    read_out: ReadOut | None = None,
    language_model: LanguageModel | None = None,
    title: str | None = None,
    images: Sequence[Path | str] = (),
    footage: Sequence[Path | str] = (),
    music: Path | str | None = None,
    subtitles: bool = False,
    seed: int = 0,
    max_takes: int | None = None,
    takes_per_shot: int = 3,
    max_work_seconds: float | None = None,
    threshold: float = THRESHOLD,
    events: Callable[[Event], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> FilmResult:
    """Plans, shoots, judges, shoots again, cuts, sets titles and sound, renders, measures.

    Everything finished is on the board in `project_folder`: after a kill the same call goes on where it stopped, makes
    no finished take twice and ends with the same film. `language_model` plans instead of the built-in planner, which
    takes over where its answers can't be used. `max_takes`: of the whole film (None: `takes_per_shot` for each).
    Raises ValueError (one line: what, the value, the way out) for a brief, length, size, file or folder that won't do,
    and for what the model can't make; FilmCancelled when `cancelled` says so.
    """
    began, out, folder = time.monotonic(), Path(out), Path(project_folder)
    settings = Settings(
        brief=checked_brief(brief),
        seconds=film_length(seconds),
        width=width,
        height=height,
        fps=fps,
        title=read_asked(brief).title if title is None else title.strip(),
        subtitles=subtitles,
        seed=seed,
        max_takes=max_takes,
        takes_per_shot=max(1, takes_per_shot),
        max_work_seconds=max_work_seconds,
        threshold=threshold,
    )
    check_frame(width, height, fps)
    check_out(out)
    files = _checked_files(images, footage, music)  # before a folder is made: bad files leave nothing behind
    with Board.open(folder) as board:
        materials = put_materials(board, files)
        keep_materials(board, materials)  # for sessions that go on with this film
        production = Production(
            board=board,
            settings=settings,
            shooting_model=shooting_model,
            animatic_model=animatic_model,
            read_out=read_out,
            events=EventStream(project_file(folder), events),
            materials=materials,
            music=_music(board, music),
            cancelled=cancelled,
            frame_of_cut=False,
        )
        film, animatic = _film(production, language_model, out, None if animatic_out is None else Path(animatic_out))
        result = _result(production, film, animatic, time.monotonic() - began, folder)
        production.events.send(
            happened.Finished(
                path=str(result.path),
                seconds=result.seconds,
                takes=result.takes,
                made_now=result.made_now,
                work_seconds=result.work_seconds,
            )
        )
        return result


def _film(
    production: Production, language_model: LanguageModel | None, out: Path, animatic_out: Path | None
) -> tuple[Film, Film | None]:
    """The film and its animatic, between the events that it began and that it failed."""
    settings, stream = production.settings, production.events
    stream.send(
        happened.Started(
            brief=settings.brief,
            seconds=settings.seconds,
            width=settings.width,
            height=settings.height,
            model=production.shooting_model.capabilities.name,
        )
    )
    try:
        if language_model is not None:
            from rushes.agent.model_planner import plan_with

            plan_with(language_model, production)
        return direct(production, out, animatic_out)
    except (ValueError, FilmCancelled) as error:
        stream.send(happened.Failed(error=" ".join(str(error).split())[:1000]))
        raise


def _checked_files(
    images: Sequence[Path | str], footage: Sequence[Path | str], music: Path | str | None
) -> list[tuple[Path, Probe]]:
    """Images and footage. Raises PlanError, MediaError."""
    if len(images) + len(footage) > MOST_MATERIALS:
        raise PlanError(f"{len(images) + len(footage)} images and clips were given; at most {MOST_MATERIALS}")
    files = probed(images, footage)
    if music is not None and not probe(music).has_sound:
        raise PlanError(f"{Path(music).name} has no sound; give a file with an audio stream as music")
    return files


def check_frame(width: int, height: int, fps: float) -> None:
    """Raises PlanError for a frame or a rate that no film can have."""
    for name, size in (("width", width), ("height", height)):
        if not isinstance(size, int) or isinstance(size, bool) or size % 2 or not 32 <= size <= 8192:
            raise PlanError(f"the film's {name} is {size}; give an even whole number from 32 to 8192")
    if not (isinstance(fps, (int, float)) and math.isfinite(fps) and 1 <= fps <= 60):
        raise PlanError(f"the film's frame rate is {fps}; give 1 to 60 frames per second")


def check_out(out: Path) -> None:
    """Before hours of work: can the film be written where it should go?"""
    if out.suffix.lower() != ".mp4":
        raise PlanError(f"the film would be written to {out.name!r}; give a name that ends in .mp4")
    folder = out.parent
    if not folder.is_dir():
        raise unwritable(out, NotADirectoryError(errno.ENOENT, os.strerror(errno.ENOENT)))
    if out.is_dir():
        raise unwritable(out, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unwritable(out, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))


def _music(board: Board, music: Path | str | None) -> Music | None:
    if music is None:
        return None
    about = probe(music)
    return Music(blob=board.put(Path(music)), seconds=about.seconds)


def _result(
    production: Production, film: Film, animatic: Film | None, work_seconds: float, project: Path
) -> FilmResult:
    shots = production.shots()
    chosen = [production.board.node(shot.fields["chosen"]) for shot in shots if shot.fields.get("chosen")]
    about = production.brief_id
    notes = [note.fields["text"] for note in production.board.nodes("note") if about in note.linked("about", "brief")]
    return FilmResult(
        path=film.path,
        animatic=animatic.path if animatic is not None else None,
        seconds=film.seconds,
        frames=film.frames,
        shots=len(shots),
        takes=sum(len(production.takes(shot.id)) for shot in shots),
        made_now=production.made_now,
        scores=tuple(float(take.fields.get("score", 0.0)) for take in chosen),
        measurements=film.measurements,
        notes=tuple(dict.fromkeys(notes)),
        work_seconds=work_seconds,
        project=project,
    )
