"""The command line: parses, calls one function, prints.

From here to the formulas, one hop a comma:
  make    rushes.agent.film.make_film, rushes.agent.director.direct, then shooting and finishing:
          rushes.agent.shooting.shoot, rushes.generate.native.draw, rushes.diffusion.sample.sample_latents
          rushes.agent.finishing.render_film, rushes.media.render.render, rushes.media.graph.picture_graph
  direct  rushes.agent.session.Session, rushes.agent.loop.Loop, rushes.agent.cut.rendering.render_cut
  train   rushes.training.run.run_stage, rushes.training.denoiser_stage.train_denoiser, rushes.diffusion.flow.flow_loss
  eval    rushes.scoring.score, rushes.training.evaluate.evaluate, rushes.training.paths.measure
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from rushes import bench_command, direct_command, harness_command, runs_command
from rushes.opening import Shooter, frame_size, make_folder, open_model

app = typer.Typer(
    name="rushes",
    help="Say what film you want: it is planned, shot, cut, measured, and shot again where it fell short.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(runs_command.app, name="runs")
app.add_typer(harness_command.app, name="harness")
app.add_typer(bench_command.app, name="bench")
out_console = Console()
error_console = Console(stderr=True)


def number(text: str) -> float:
    """A number typed by a user. ValueError says what was typed instead."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


@app.command()
def make(
    brief: Annotated[str, typer.Argument(help="What film you want, in plain words.")],
    seconds: Annotated[float | None, typer.Option(parser=number, help="Length; else as told, or 20.")] = None,
    aspect: Annotated[str | None, typer.Option(help="Shape, width:height; else as told, or 16:9.")] = None,
    size: Annotated[int, typer.Option(help="Shorter side of the picture in pixels.")] = 720,
    fps: Annotated[float, typer.Option(parser=number, help="Frames a second of the film.")] = 24.0,
    title: Annotated[str | None, typer.Option(help="Title set over the beginning.")] = None,
    image: Annotated[list[Path] | None, typer.Option(help="A picture that becomes a shot; may be repeated.")] = None,
    footage: Annotated[list[Path] | None, typer.Option(help="A clip that becomes a shot; may be repeated.")] = None,
    music: Annotated[Path | None, typer.Option(help="Your own track; without it a bed is composed.")] = None,
    subtitles: Annotated[bool, typer.Option("--subtitles", help="Tell the story in subtitles.")] = False,
    model: Annotated[Shooter, typer.Option(help="What shoots: the animatic draws the plan itself.")] = Shooter.nano,
    out: Annotated[Path, typer.Option(help="Where the film goes (.mp4).")] = Path("out/film.mp4"),
    animatic: Annotated[Path | None, typer.Option(help="Also keep the animatic here (.mp4).")] = None,
    project: Annotated[Path | None, typer.Option(help="Folder of the board; by default beside the film.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same film.")] = 0,
    takes: Annotated[int, typer.Option(help="Most takes of one shot.")] = 3,
    budget: Annotated[float | None, typer.Option(parser=number, help="Most seconds of work on takes.")] = None,
    planner: Annotated[str | None, typer.Option(help="Language model that plans: a name, or a .gguf file.")] = None,
    base_url: Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --planner.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Makes a film. The same command again goes on where a killed one stopped."""
    from rushes.agent.asked import read_asked
    from rushes.agent.choosing import choose_model
    from rushes.agent.film import make_film
    from rushes.generate.animatic import Animatic
    from rushes.terminal import Watcher

    asked = read_asked(brief)  # "a vertical 12 second film about ..."
    seconds = seconds if seconds is not None else asked.seconds or 20.0
    width, height = frame_size(aspect or asked.aspect or "16:9", size)
    if takes < 1:
        raise ValueError(f"{takes} takes a shot can't make a film; give 1 or more")
    make_folder(out)
    shooter, reader = open_model(model)
    console = error_console if as_json else out_console
    watch = Watcher(console)
    language_model = choose_model(planner, base_url, tools=False, on_piece=watch.ear) if planner else None
    with watch:
        result = make_film(
            brief,
            project_folder=project or out.with_suffix(".rushes"),
            out=out,
            seconds=seconds,
            width=width,
            height=height,
            fps=fps,
            shooting_model=shooter,
            animatic_model=Animatic() if animatic else None,
            animatic_out=animatic,
            read_out=reader,
            language_model=language_model,
            title=title,
            images=image or (),
            footage=footage or (),
            music=music,
            subtitles=subtitles,
            seed=seed,
            takes_per_shot=takes,
            max_work_seconds=budget,
            events=watch,
        )
    if as_json:
        print(
            json.dumps(
                {"film": str(result.path), "seconds": result.seconds, "frames": result.frames, **result.measurements}
            )
        )
        return
    out_console.print(
        f"[bold green]{result.path}[/] {result.seconds:g} s, {result.frames} frames, {result.shots} shots, "
        f"{result.takes} takes ({result.made_now} made now), {result.work_seconds:.0f} s of work",
        highlight=False,
    )
    out_console.print(f"see the board: rushes show {result.project}", style="dim", highlight=False)


app.command()(direct_command.direct)


@app.command()
def show(project: Annotated[Path, typer.Argument(help="Folder of a project, such as out/film.rushes.")]) -> None:
    """Prints what is in a project's film, its board, and where its money and seconds went."""
    from rushes.agent.builtin.telling import film_on, film_told
    from rushes.board import Board, describe

    with Board.open(project, create=False, writer=False) as board:
        out_console.print(film_told(film_on(board)), markup=False, highlight=False)
        out_console.print(describe(board))


@app.command()
def undo(
    project: Annotated[Path, typer.Argument(help="Folder of a project.")],
    entry: Annotated[int | None, typer.Argument(help="Number in the log; the last change by default.")] = None,
) -> None:
    """Takes the last change of the film back, the agent's too, or any entry of the board's log by its number."""
    from rushes.agent.cut.document import read_cut
    from rushes.agent.cut.undoing import last_edit
    from rushes.board import Board

    with Board.open(project, create=False, beside=True) as board:
        number = last_edit(board).number if entry is None else entry
        said, laid = board.undo(number).said, read_cut(board) is not None
    out_console.print(f"taken back (entry {number}): {said}", markup=False, highlight=False)
    if laid:
        hint = f'the film file stays as it is until it is rendered: rushes direct {project} "render it"'
        out_console.print(hint, style="dim", markup=False, highlight=False)


@app.command()
def redo(
    project: Annotated[Path, typer.Argument(help="Folder of a project.")],
    entry: Annotated[int | None, typer.Argument(help="Number in the log; the last undone one by default.")] = None,
) -> None:
    """Does again what was undone."""
    from rushes.board import Board

    with Board.open(project, create=False, beside=True) as board:
        out_console.print(f"done again: {board.redo(entry).said}", markup=False, highlight=False)


@app.command()
def backlot(
    out: Annotated[Path, typer.Option(help="Folder for the sheets and clips.")] = Path("out/backlot"),
    seed: Annotated[int, typer.Option(help="Another seed, other scenes.")] = 0,
) -> None:
    """Writes labelled sheets of the cast, the sets and scenes, and some clips."""
    from rushes.backlot.draw.sheets import write_sheets

    for path in write_sheets(out, seed=seed):
        out_console.print(str(path), highlight=False)


@app.command()
def sheet(
    film: Annotated[Path, typer.Argument(help="A film.")],
    out: Annotated[Path, typer.Option(help="Where the contact sheet goes (.png or .jpg).")],
    columns: Annotated[int, typer.Option(help="Pictures in a row.")] = 5,
) -> None:
    """Writes the contact sheet of a film."""
    from rushes.media.sheet import contact_sheet

    contact_sheet(film, out, columns=columns)
    out_console.print(str(out), highlight=False)


@app.command("eval")
def evaluate_model(
    model: Annotated[str, typer.Argument(help="A shipped model, such as nano.")] = "nano",
    weights: Annotated[Path | None, typer.Option(help="Folder of other weights, such as runs/nano/weights.")] = None,
    count: Annotated[int, typer.Option(help="Held-out prompts.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the first clip.")] = 0,
    steps: Annotated[int | None, typer.Option(help="Steps of the sampler; the model's own by default.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for scores.json, sheet.png and the page.")] = Path("out/eval"),
    page: Annotated[Path | None, typer.Option(help="Where the page goes (.html); in the folder by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scores as JSON.")] = False,
) -> None:
    """Scores a trained model on prompts that it never saw: what a read-out sees in its clips against what was asked."""
    from rushes.scoring import score
    from rushes.terminal import scores_table

    page = page or out / "page.html"
    make_folder(page)
    native, scores = score(model, weights, out, count=count, seed=seed, steps=steps, page=page, console=error_console)
    if as_json:
        print(scores.to_json())
        return
    out_console.print(scores_table(native.capabilities.name, scores))
    out_console.print(f"{page} {out / 'scores.json'} {out / 'sheet.png'}", style="dim", highlight=False)


@app.command()
def train(
    recipe: Annotated[
        str, typer.Argument(help="nano, mini, base, rehearsal, tiny, or a module of your own, such as mine.recipe.")
    ],
    stage: Annotated[
        str | None,
        typer.Option(
            help="tokenizer, latents, image, video, distil, decoder, readout or export; all in order by default."
        ),
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Length of the stage by the clock.")] = None,
    steps: Annotated[int | None, typer.Option(help="Length of the stage in steps.")] = None,
    clips: Annotated[int | None, typer.Option(help="Clips in each cache of latents.")] = None,
    count: Annotated[int, typer.Option(help="Held-out prompts that score the result.")] = 200,
    out: Annotated[Path | None, typer.Option(help="Folder of the run; what is in it is taken up.")] = None,
    threads: Annotated[int, typer.Option(help="CPU threads.")] = 2,
) -> None:
    """Trains a model from nothing, stage by stage, each of which resumes where it stopped; then scores it."""
    # Before torch is loaded: threads that spin instead of sleeping between small operations train 1.5 times as fast.
    os.environ.setdefault("OMP_WAIT_POLICY", "active")
    os.environ.setdefault("GOMP_SPINCOUNT", "infinite")
    import torch

    from rushes.training.run import find_recipe, run_recipe, run_stage

    torch.set_num_threads(max(1, threads // int(os.environ.get("LOCAL_WORLD_SIZE", "1"))))
    found = find_recipe(recipe)
    folder = out or Path("runs") / found.name
    if stage is None:
        finished = run_recipe(recipe, folder, threads=threads, minutes=minutes, steps=steps, clips=clips)
    else:
        finished = run_stage(found, stage, folder, minutes, steps, clips)
    if not finished:
        raise typer.Exit(130)
    if stage is None and found.readout_stage is not None:
        from rushes.scoring import score
        from rushes.terminal import scores_table
        from rushes.training.card import SCORES, write_card

        weights = folder / "weights"
        native, scores = score(found.name, weights, folder / "eval", count=count, console=error_console)
        (weights / SCORES).write_text(scores.to_json())
        out_console.print(scores_table(native.capabilities.name, scores))
        out_console.print(f"{write_card(found, folder, weights)} {folder / 'eval' / 'page.html'}", style="dim")
    elif stage is None:
        out_console.print(str(folder / "weights"), highlight=False)


@app.command()
def plan(
    recipe: Annotated[str, typer.Argument(help="base, mini, nano, or the module of a recipe of your own.")],
    gpus: Annotated[int, typer.Option(help="GPUs that train.")] = 8,
    videos: Annotated[float, typer.Option(parser=number, help="Raw videos, such as 1e9.")] = 1e6,
    settings: Annotated[list[str] | None, typer.Option("--set", help="An assumption, name=value; repeatable.")] = None,
    dry: Annotated[bool, typer.Option("--dry-run", help="Shapes, memory and FLOPs of the recipe instead.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Says what a recipe needs on many GPUs: bytes, GPU hours, days, money, and what the days hang on."""
    from rushes.training.dry_run import describe_dry_run, dry_run, workload
    from rushes.training.plan import describe, make_plan
    from rushes.training.prices import Assumptions
    from rushes.training.run import find_recipe

    assumed, found = Assumptions(settings or ()), find_recipe(recipe)
    if dry:
        run = dry_run(found, gpus, assumed)
        print(json.dumps(run.as_dict()) if as_json else describe_dry_run(run))
    else:
        made = make_plan(workload(found), gpus=gpus, videos=videos, assumed=assumed)
        print(json.dumps(made.as_dict()) if as_json else describe(made))


@app.command()
def doctor(
    recipe: Annotated[str, typer.Argument(help="nano, tiny, or the module of a recipe of your own.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the run (default: runs/<name>).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
    planted: Annotated[str | None, typer.Option("--plant", hidden=True, help="A bug to plant first.")] = None,
) -> None:
    """Examines data, model and log of a run for bugs that cost the most; status 1 if something was found."""
    from rushes.training.doctor import diagnose, open_patient
    from rushes.training.doctor.planted import plant
    from rushes.training.doctor.report import found_of, table, to_json
    from rushes.training.run import find_recipe

    wanted = find_recipe(recipe)
    patient = open_patient(wanted, out or Path("runs") / wanted.name)
    if planted:
        plant(patient, planted)
    findings = diagnose(patient)
    out_console.print_json(json.dumps(to_json(findings))) if as_json else out_console.print(table(findings))
    if found_of(findings):
        raise typer.Exit(1)


def main() -> None:
    """Every fault of the user's is one clear line on standard error and an exit status that is not 0."""
    try:
        status = app(standalone_mode=False)
        if status == 130:  # the parser has caught Ctrl-C itself
            raise KeyboardInterrupt
        sys.exit(status)
    except typer.TyperException as error:
        if not error.format_message():  # no arguments: the help was printed
            sys.exit(error.exit_code)
        fail(f"{error.format_message()} (see --help)", error.exit_code)
    except (ValueError, OSError, FloatingPointError) as error:
        fail(str(error), 2)
    except (KeyboardInterrupt, typer.Abort):
        error_console.print("interrupted; the same command goes on from here", style="yellow")
        sys.exit(130)


def fail(text: str, status: int) -> NoReturn:
    """Says one line on standard error and ends."""
    line = "error: " + " ".join(text.split())
    error_console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
