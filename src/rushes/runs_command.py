"""`rushes runs`: the history of trainings on the terminal. Parses, calls one function, prints."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

if TYPE_CHECKING:
    from rushes.training.history import Day, RunHistory, Sitting
    from rushes.training.scaling_fit import Law, Prediction

app = typer.Typer(help="What was trained, when, and what the machine waited for.", pretty_exceptions_enable=False)
console = Console()

Root = Annotated[Path, typer.Option(help="Folder that holds the runs' folders.")]
Price = Annotated[float, typer.Option(help="Price of an hour, for runs that recorded none.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
RUNS = Path("runs")
WORDS = ("run", "recipe", "stages", "stage", "status", "day (UTC)", "commit", "machine", "error")  # columns of words
FOLDED = ("stages", "began (UTC)", "ended (UTC)", "machine", "error")  # columns that a narrow terminal may fold
SHARES = ("compute", "data", "eval", "other")
STATUS = {"running": " …", "stopped": " (stopped)", "failed": " (failed)", "killed": " (killed)"}


@app.callback(invoke_without_command=True)
def runs(context: typer.Context, root: Root = RUNS, price: Price = 0.0, as_json: AsJson = False) -> None:
    """Lists runs, and iterations for each day."""
    if context.invoked_subcommand is not None:
        return
    from rushes.training.history import days, read_history

    found = read_history(root, price)
    if as_json:
        print(json.dumps({"runs": [as_dict(run) for run in found], "days": [asdict(day) for day in days(found)]}))
        return
    console.print(runs_table(found))
    console.print(days_table(days(found)))


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="A run.")], root: Root = RUNS, price: Price = 0.0, as_json: AsJson = False
) -> None:
    """Says all about one run: its sittings, and what differs from the previous run of its recipe."""
    from rushes.training.history import differences, find_run, previous, read_history

    found = read_history(root, price)
    run = find_run(found, name)
    before = previous(found, run)
    changed = differences(before.config, run.config) if before is not None and before.config and run.config else []
    if as_json:
        told = {"previous": before.name if before else None, "changed": changed}
        print(json.dumps(as_dict(run) | told))
        return
    console.print(sittings_table(run))
    if before is None:
        console.print("no earlier run of the same recipe is on record", style="dim")
    elif changed:
        console.print(changes_table(f"configuration against {before.name}", (before.name, run.name), changed))
    else:
        console.print(f"the configuration is that of {before.name}", style="dim")


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="A run.")],
    b: Annotated[str, typer.Argument(help="Another one.")],
    root: Root = RUNS,
    as_json: AsJson = False,
) -> None:
    """Sets two runs side by side: results of each stage, and configuration."""
    from rushes.training.history import differences, find_run, read_history

    found = read_history(root)
    first, second = find_run(found, a), find_run(found, b)
    results = [row for row in outcomes(first, second) if row[1] is not None or row[2] is not None]
    changed = differences(first.config or {}, second.config or {})
    if as_json:
        print(json.dumps({"results": results, "configuration": changed}))
        return
    console.print(changes_table("results", (first.name, second.name), results))
    if first.config and second.config:
        console.print(changes_table("configuration", (first.name, second.name), changed))
    else:
        console.print("no configuration is on record for a run from before the ledger", style="dim")


@app.command()
def page(
    out: Annotated[Path, typer.Option(help="Where the page goes (.html).")] = Path("out/runs.html"),
    root: Root = RUNS,
    price: Price = 0.0,
) -> None:
    """Writes one HTML page: iterations for each day, what was waited for, curves of the loss."""
    from rushes.training.history import read_history
    from rushes.training.runs_page import write_page

    write_page(read_history(root, price), out)
    console.print(str(out), highlight=False)


@app.command()
def tensorboard(
    name: Annotated[str, typer.Argument(help="A run.")],
    root: Root = RUNS,
    out: Annotated[Path | None, typer.Option(help="Folder of the event files; in the run by default.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Go on while the run trains.")] = False,
    every: Annotated[float, typer.Option(help="Seconds between looks with --follow.")] = 10.0,
) -> None:
    """Writes a run's logs as TensorBoard files; again, or with --follow, only what is new."""
    from rushes.training.tensorboard_log import write_events

    folder = out or root / name / "tensorboard"
    while True:
        added = write_events(root / name, folder)
        console.print(f"{added} rows; tensorboard --logdir {folder}", highlight=False)
        if not follow:
            return
        time.sleep(every)


@app.command()
def fit(
    folder: Annotated[Path, typer.Argument(help="Folder of runs of several sizes, each with a result.json.")],
    flops: Annotated[float | None, typer.Option(help="Of the run to predict; 4 times the most by default.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where a picture goes (.png).")] = None,
    as_json: AsJson = False,
) -> None:
    """Fits a scaling law, loss against compute, to runs of at least four sizes, and predicts the next."""
    from rushes.training.scaling_fit import Point, draw_fit, fit_compute, predict, read_points

    points = read_points(folder)
    law = fit_compute(points)
    target = Point(flops=flops or 4 * max(point.flops for point in points), loss=0.0)
    said = predict(law, points, target)
    if out is not None:
        draw_fit(points, law, said, out)
    if as_json:
        numbers = {key: value for key, value in asdict(said).items() if key != "draws"}
        print(json.dumps({"law": asdict(law), "prediction": numbers}))
        return
    for line in law_lines(law, said):
        console.print(line, highlight=False)


def law_lines(law: Law, said: Prediction) -> list[str]:
    """A law and its prediction in words, with 95% intervals."""
    from rushes.training.scaling_fit import interval

    terms = zip(law.of, law.scales, law.exponents, strict=True)
    formula = " + ".join([f"{law.floor:.3f}", *(f"{scale:.4g} {name}^-{power:.3f}" for name, scale, power in terms)])
    ranges = [("floor", interval([one.floor for one in said.draws]))]
    ranges += [(name, interval([one.exponents[i] for one in said.draws])) for i, name in enumerate(law.of)]
    spans = ", ".join(f"{name} {low:.3f} to {high:.3f}" for name, (low, high) in ranges)
    return [
        f"loss = {formula}; points within {law.noise:.2%} of it",
        f"floor and exponents, 95% of redraws: {spans}",
        f"predicted: {said.loss:.4f} ({said.low:.4f} to {said.high:.4f})",
    ]


def as_dict(run: RunHistory) -> dict[str, Any]:
    told = {"recipe": run.recipe, "seconds": run.seconds, "cost": run.cost, "began": run.began, "ended": run.ended}
    return {**asdict(run), "folder": str(run.folder), **told}


def shares(seconds: dict[str, float]) -> list[str]:
    """Each kind's share of the seconds, in the order of SHARES; nothing where nothing is known."""
    whole = sum(seconds.values())
    return [f"{value / whole:.1%}" if whole else "" for value in seconds.values()]


def clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if seconds < 90 else f"{minutes} min" if minutes < 90 else f"{seconds / 3600:.1f} h"


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """A table without the columns that would be empty."""
    made = Table(title=title, title_justify="left", box=None, padding=(0, 1, 0, 0))
    full = [index for index in range(len(columns)) if any(row[index] for row in rows)]
    for index in full:
        justify: Any = "left" if columns[index] in WORDS else "right"
        made.add_column(columns[index], justify=justify, no_wrap=columns[index] not in FOLDED, overflow="fold")
    for row in rows:
        made.add_row(*(row[index] for index in full))
    return made


def runs_table(found: Sequence[RunHistory]) -> Table:
    rows = []
    for run in found:
        last = [run.last(stage) for stage in run.stages]
        stages = ", ".join(s.stage + STATUS.get(s.status, "") for s in last if s is not None)
        cost = f"{run.cost:.2f}" if run.cost else ""
        told = (run.name, run.recipe or "", stages, when(run.ended), clock(sum(run.seconds.values())))
        rows.append((*told, *shares(run.timed), cost, percent(run.score)))
    return table("runs", ("run", "recipe", "stages", "ended (UTC)", "time", *SHARES, "cost", "score"), rows)


def days_table(found: Sequence[Day]) -> Table:
    rows = []
    for day in found:
        told = (day.date, str(day.iterations), str(day.runs), clock(sum(day.seconds.values())))
        rows.append((*told, *shares(day.timed), percent(day.score)))
    return table("iterations a day", ("day (UTC)", "iterations", "runs", "time", *SHARES, "best score"), rows)


def sittings_table(run: RunHistory) -> Table:
    rows = []
    for s in run.sittings:
        steps = f"{s.steps}" if s.steps == s.step else f"{s.steps} to {s.step}"
        commit = (s.commit or "")[:7] + ("*" if s.dirty else "")
        machine = f"{s.device}, {s.threads} threads" if s.device else ""
        machine += f" x {s.processes}" if s.processes > 1 else ""
        told = (s.stage, s.status, when(s.began)[5:], steps, clock(s.wall))
        waited = shares(s.seconds) if s.timed else [""] * len(SHARES)
        rows.append([*told, *waited, short(s.loss), short(s.seed), commit, machine, s.error or ""])
    columns = ("stage", "status", "began (UTC)", "steps", "time", *SHARES, "loss", "seed", "commit", "machine", "error")
    title = [run.name if run.score is None else f"{run.name}, score {run.score:.1%}"]
    for index in map(columns.index, ("seed", "commit", "machine")):
        said = {row[index] for row in rows} - {""}
        if len(said) == 1:  # of all sittings: said once, above
            title.append(f"{columns[index]} {said.pop()}")
            for row in rows:
                row[index] = ""
    return table("; ".join(title), columns, rows)


def changes_table(title: str, names: tuple[str, str], rows: Sequence[tuple[str, Any, Any]]) -> Table:
    made = Table(Column(no_wrap=True), *names, title=title, title_justify="left")
    for path, before, after in rows:
        made.add_row(path, short(before), short(after))
    return made


def percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def outcomes(first: RunHistory, second: RunHistory) -> list[tuple[str, Any, Any]]:
    """What came of two runs, stage by stage."""
    rows: list[tuple[str, Any, Any]] = [("score", first.score, second.score)]
    for stage in dict.fromkeys((*first.stages, *second.stages)):
        a, b = first.result(stage), second.result(stage)
        rows += [
            (f"{stage} {what}", value(a) if a else None, value(b) if b else None) for what, value in OUTCOMES.items()
        ]
    return rows


def _minutes(sitting: Sitting) -> float:
    return round(sitting.wall / 60, 2)


OUTCOMES: dict[str, Any] = {"step": lambda s: s.step, "loss": lambda s: s.loss, "minutes": _minutes}


def short(value: Any) -> str:
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"


def when(at: str) -> str:
    return at[:16].replace("T", " ")
