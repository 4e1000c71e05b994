"""`rushes direct`: a conversation about a film on the terminal. Parses, opens a session, prints its answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from rushes.opening import Shooter, dollars, frame_size, make_folder, open_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.agent.harness.gate import Evaluator
    from rushes.agent.session import Session

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
    model: Annotated[Shooter, typer.Option(help="What shoots: the animatic draws the plan itself.")] = Shooter.animatic,
    seconds: Annotated[float, typer.Option(help="Length of a new film, if nobody says another.")] = 20.0,
    aspect: Annotated[str | None, typer.Option(help="Shape, width:height; the footage's own, else 16:9.")] = None,
    size: Annotated[int | None, typer.Option(help="Shorter side in pixels; the footage's own, else 720.")] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second; the footage's own, else 24.")] = None,
    planner: Annotated[str | None, typer.Option(help="Language model: a name, or the path of a .gguf file.")] = None,
    base_url: Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --planner.")] = None,
    sees: Annotated[bool, typer.Option("--sees", help="Show --planner the pictures that it looks at.")] = False,
    budget: Annotated[float | None, typer.Option(parser=dollars, help="Most US dollars the project may spend.")] = None,
    most_takes: Annotated[int | None, typer.Option(help="Most takes that the project may hold.")] = None,
    most_tokens: Annotated[
        int | None, typer.Option(help="Most tokens of --planner, a quarter of them in sub-runs.")
    ] = None,
    most_seconds: Annotated[float | None, typer.Option(help="Most seconds of work, 1/4 of them in sub-runs.")] = None,
    tokens: Annotated[int, typer.Option(help="Tokens that the language model sees at once, tools included.")] = 28_000,
    context: Annotated[
        str | None,
        typer.Option(help="What it sees of its history: masking, self-managed (by itself), learned, window or full."),
    ] = None,
    harness: Annotated[bool, typer.Option("--harness", help="Run under your version in use: rushes harness.")] = False,
    propose: Annotated[bool, typer.Option("--propose", help="The model may propose another; implies it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answers as JSON.")] = False,
) -> None:
    """Changes or makes a film by talking: "put SALE at 00:07.5 for 2 seconds", "edit this video to be one minute"."""
    from rushes.agent.builtin.telling import film_on, film_told
    from rushes.agent.choosing import choose_model, local_file
    from rushes.agent.directing import Handed, film_of, open_session
    from rushes.agent.film import check_out
    from rushes.agent.harness.archive import Archive, default_folder
    from rushes.agent.limits import Limits
    from rushes.agent.persona import load_persona
    from rushes.agent.saying import all_said, is_over, left_to_say
    from rushes.terminal import Watcher
    from rushes.trial import session_judges

    asked_size = frame_size(aspect or "16:9", 720 if size is None else size)
    width, height = asked_size if aspect else (None, None)
    out = out or project.with_suffix(".mp4")
    make_folder(out)
    check_out(out)
    said = iter(words) if words else _lines()
    first = next(said, None)
    if first is None:
        raise ValueError('nothing was said; give words such as "make it vertical", or type them line by line')
    shooter, reader = open_model(model)
    handed = Handed(
        images=image or (),
        footage=footage or (),
        pages={each.name: each for each in page or ()},
        persona=None if persona is None else load_persona(persona),
    )
    usual = Limits()
    limits = Limits(
        takes=most_takes,
        tokens=usual.tokens if most_tokens is None else most_tokens,
        seconds=usual.seconds if most_seconds is None else most_seconds,
        micro_usd=None if budget is None else round(budget * 1e6),
    )
    shown = error_console if as_json else console
    watch = Watcher(shown)
    language = choose_model(planner, base_url, sees=sees, on_piece=watch.ear)
    if persona is not None and planner is None:
        shown.print("the built-in director has one manner; --persona is for a --planner", style="yellow")
    if context is None and not (harness or propose) and planner is not None and local_file(planner)[0] is None:
        context = "self-managed"  # a model of this size keeps its own house; masking is there where it does not
    archive = Archive(default_folder()) if harness or propose else None
    judges: Sequence[Evaluator] = ()
    if archive is not None and propose:
        judges = session_judges(language, archive, planner=planner, base_url=base_url, budget=tokens)
    with (
        watch,
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
            context=context,
            harness=archive,
            proposes=propose,
            judges=judges,
            events=watch,
        ) as session,
    ):
        lines = left_to_say(session, words) if words else chain([first], said)
        answers = _talk(session, lines, shown, goes_on=bool(words))
        film = film_of(session.production, out)
        told = film_told(film_on(session.production.board))
        if words and all(is_over(each["why"]) for each in answers):
            all_said(session, words)
    if as_json:
        made = None if film is None else {"film": str(film.path), "seconds": film.seconds, "frames": film.frames}
        print(json.dumps({"answers": answers, **(made or {})}))
    elif film is not None:
        now = "" if answers and told in answers[-1]["answer"] else f" {told}"
        console.print(Text(str(film.path), style="bold green") + Text(now), highlight=False)
    elif out.exists():
        console.print(f"{out} is as it was before", style="dim", highlight=False)
    if words and answers and not is_over(answers[-1]["why"]):
        raise typer.Exit(1)


def _talk(session: Session, lines: Iterable[str], shown: Console, *, goes_on: bool) -> list[dict[str, Any]]:
    """Says the lines and shows the answers; where the command can be given again, what is not done ends it."""
    from rushes.agent.saying import is_over, say_on

    answers: list[dict[str, Any]] = []
    for line in lines:
        outcome = say_on(session, line)
        answers.append({"said": line, "answer": outcome.text, "why": outcome.why})
        shown.print(outcome.text or outcome.why, markup=False, highlight=False)
        if outcome.why not in ("finished", "") and outcome.text:
            shown.print(f"stopped: {outcome.why}", style="yellow", markup=False, highlight=False)
        if goes_on and not is_over(outcome.why):
            shown.print("the same command, with more where a limit was reached, goes on from here", style="yellow")
            break
    return answers


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
