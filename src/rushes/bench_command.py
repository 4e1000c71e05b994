"""`rushes bench`: benchmarks of the agent that run offline."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rushes.opening import make_folder

app = typer.Typer(help="Benchmarks that run offline, with a table and a page.", no_args_is_help=True)


@app.command()
def context(
    logs: Annotated[int, typer.Option(help="Test logs of 300 entries, 57 questions each; half a minute a log.")] = 8,
    page: Annotated[Path | None, typer.Option(help="Also write a page here (.html).")] = None,
    model: Annotated[str | None, typer.Option(help="Language model that reads, at --base-url; takes hours.")] = None,
    base_url: Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --model.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """What policies keep of a long film log: recall, stale facts, instructions, tokens shown and billed."""
    from rushes.agent.openai_model import OpenAIConfig, OpenAIModel
    from rushes.desk.context_bench import run_bench
    from rushes.desk.context_page import write_page
    from rushes.desk.context_table import as_data, table, targets

    if page is not None:  # not after minutes of work
        make_folder(page)
        if page.is_dir():
            raise ValueError(f"{page} is a folder; name a file for the page, such as {page / 'context.html'}")
    reader = OpenAIModel(OpenAIConfig(model=model, base_url=base_url)) if model else None
    with Console(stderr=True).status("making logs") as status:
        report = run_bench(logs, model=reader, progress=lambda text: status.update(text))
    if page is not None:
        write_page(report, page)
    if as_json:
        print(json.dumps(as_data(report)))
        return
    console = Console()
    console.print(table(report))
    console.print(targets(report))
    if page is not None:
        console.print(f"page: {page}")


@app.command()
def desk(
    agent: Annotated[
        str | None, typer.Option(help="oracle, nothing, built-in, or model (with --model); built-in by default.")
    ] = None,
    tasks: Annotated[list[str] | None, typer.Option(help="Ids of tasks, or how they begin; repeatable.")] = None,
    kinds: Annotated[list[str] | None, typer.Option(help="make, text, edit, defects, talk, trust; repeatable.")] = None,
    out: Annotated[
        Path,
        typer.Option(
            help="Folder of results and pages; what a model, or this version of the code, did there stays done."
        ),
    ] = Path("out/desk"),
    model: Annotated[
        str | None, typer.Option(help="Of the agent 'model': a name at --base-url, or a .gguf file.")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --model.")] = None,
    wording: Annotated[
        str, typer.Option(help="first; second or third: all that the user says in other words.")
    ] = "first",
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Film work with exact scores: every task in a project of its own, judged by the film that came out."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from rushes.desk.agents import find_agent
    from rushes.desk.catalogue import find_tasks
    from rushes.desk.page import write_page
    from rushes.desk.runner import Run, run_desk, version_of_code
    from rushes.desk.summary import as_dict, table
    from rushes.desk.wording import find_wording

    agent = agent or ("model" if model else "built-in")
    if model and agent != "model":  # else another's results would bear the model's name
        raise ValueError(f"--model {model} does not sit at the desk as {agent!r}; leave one of --agent and --model out")
    said = find_wording(wording)
    chosen = find_tasks(tasks or (), kinds or (), said)
    maker = find_agent(agent, model=model, base_url=base_url)
    if said != "first":
        out = out / said  # the results of one wording don't replace those of another
    # A file is called by its name, not by where it lies on this machine.
    called = Path(model).name if model and model.endswith(".gguf") else model
    name = f"model-{called}".replace("/", "-") if called else agent
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(name, total=len(chosen))

        def done(run: Run) -> None:
            progress.console.print(f"{run.score:.2f} {run.task} {'; '.join(run.lost)[:160]}", markup=False)
            progress.advance(bar)

        version = "" if agent == "model" else version_of_code()  # a model's hours are not thrown away
        runs = run_desk(chosen, maker, out, name=name, version=version, done=done)
    page = write_page(out / f"{name}.html", name, runs, out / name, said)
    if as_json:
        print(json.dumps(as_dict(name, runs, said)))
        return
    console = Console()
    console.print(table(name, runs, said))
    console.print(f"page: {page}")
