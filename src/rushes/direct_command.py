"""`rushes direct`: a conversation about a film on the terminal. Parses, opens a session, prints its answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.agent.harness.gate import Evaluator

console = Console()
error_console = Console(stderr=True)


def direct(
    project: Annotated[Path, typer.Argument(help="Folder of a project: a new one, or one that make or direct left.")],
    words: Annotated[list[str] | None, typer.Argument(help="What to do, each in quotes; else line by line.")] = None,
    footage: Annotated[list[Path] | None, typer.Option(help="A clip to work with; may be repeated.")] = None,
    image: Annotated[list[Path] | None, typer.Option(help="A picture to work with; may be repeated.")] = None,
    page: Annotated[list[Path] | None, typer.Option(help="A text to look things up in; may be repeated.")] = None,
    persona: Annotated[Path | None, typer.Option(help="A context pack (JSON) whose manner it reasons in.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the film goes (.mp4); beside the project by default.")] = None,
    model: Annotated[str, typer.Option(help="What shoots: animatic or nano.")] = "animatic",
    seconds: Annotated[float, typer.Option(help="Length of a new film, if nobody says another.")] = 20.0,
    aspect: Annotated[str | None, typer.Option(help="Shape, width:height; the footage's own, else 16:9.")] = None,
    size: Annotated[int | None, typer.Option(help="Shorter side in pixels; the footage's own, else 720.")] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second; the footage's own, else 24.")] = None,
    planner: Annotated[str | None, typer.Option(help="Language model: a name, or the path of a .gguf file.")] = None,
    base_url: Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --planner.")] = None,
    budget: Annotated[float | None, typer.Option(help="Most US dollars that the project may spend.")] = None,
    tokens: Annotated[int, typer.Option(help="Tokens that the language model sees at once.")] = 24_000,
    harness: Annotated[bool, typer.Option("--harness", help="Run under your version in use: rushes harness.")] = False,
    propose: Annotated[bool, typer.Option("--propose", help="The model may propose another; implies it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON.")] = False,
) -> None:
    """Changes or makes a film by talking: "put SALE at 00:07.5 for 2 seconds", "edit this video to be one minute"."""
    from rushes.agent.choosing import choose_model
    from rushes.agent.directing import Handed, film_of, open_session
    from rushes.agent.harness.archive import Archive, default_folder
    from rushes.agent.limits import Limits
    from rushes.agent.persona import load_persona
    from rushes.opening import Shooter, frame_size, make_folder, open_model
    from rushes.terminal import Watcher
    from rushes.trial import session_judges

    width, height = frame_size(aspect, size or 720) if aspect else (None, None)
    out = out or project.with_suffix(".mp4")
    make_folder(out)
    said = iter(words) if words else _lines()
    first = next(said, None)
    if first is None:
        raise ValueError('nothing was said; give words such as "make it vertical", or type them line by line')
    shooter, reader = open_model(Shooter(model))
    handed = Handed(
        images=image or (),
        footage=footage or (),
        pages={each.name: each for each in page or ()},
        persona=None if persona is None else load_persona(persona),
    )
    limits = Limits(micro_usd=None if budget is None else round(budget * 1e6))
    shown = error_console if as_json else console
    answers: list[dict[str, Any]] = []
    language, archive = choose_model(planner, base_url), Archive(default_folder()) if harness or propose else None
    judges: Sequence[Evaluator] = ()
    if archive is not None and propose:
        judges = session_judges(language, archive, planner=planner, base_url=base_url, budget=tokens)
    with (
        Watcher(shown) as watch,
        open_session(
            project,
            language,
            shooter,
            words=first,
            handed=handed,
            read_out=reader,
            seconds=seconds,
            width=width,
            height=height,
            short_side=size,
            fps=fps,
            limits=limits,
            budget=tokens,
            harness=archive,
            proposes=propose,
            judges=judges,
            events=watch,
        ) as session,
    ):
        for line in chain([first], said):
            outcome = session.say(line)
            answers.append({"said": line, "answer": outcome.text, "why": outcome.why})
            shown.print(outcome.text or outcome.why, highlight=False)
            if outcome.why not in ("finished", "") and outcome.text:
                shown.print(f"stopped: {outcome.why}", style="yellow", highlight=False)
        film = film_of(session.production, out)
    if as_json:
        made = None if film is None else {"film": str(film.path), "seconds": film.seconds, "frames": film.frames}
        print(json.dumps({"answers": answers, **(made or {})}))
    elif film is not None:
        console.print(f"[bold green]{film.path}[/] {film.seconds:g} s, {film.frames} frames", highlight=False)
    elif out.exists():
        console.print(f"{out} is as it was before", style="dim", highlight=False)


def _lines() -> Iterator[str]:
    """Words typed line by line, until an empty line or the end."""
    asks = sys.stdin.isatty()
    while True:
        try:
            line = input("> " if asks else "")
        except EOFError:
            return
        if not line.strip():
            return
        yield line
