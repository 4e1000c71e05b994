"""`rushes harness`: versions of the agent's harness on the terminal. Parses, calls one function, prints."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

if TYPE_CHECKING:
    from rushes.agent.harness.archive import Archive

app = typer.Typer(
    help="How the agent is run: versions that were proposed, which one is in use, and the way back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
console = Console()
error_console = Console(stderr=True)

Folder = Annotated[Path | None, typer.Option("--archive", help="Folder of the archive; yours, not a project's.")]
Planner = Annotated[
    str | None, typer.Option(help="Language model that it is for, as in direct; else the built-in director.")
]
BaseUrl = Annotated[str | None, typer.Option(help="OpenAI-compatible endpoint of --planner.")]
Money = Annotated[str | None, typer.Option(help="US dollars for a million tokens in and out, as 3,15.")]
Cap = Annotated[float | None, typer.Option(help="Most US dollars that it may cost, interrupted runs of it included.")]
HeldOut = Annotated[int, typer.Option(min=6, help="Tasks that nobody has seen.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def open_archive(folder: Path | None) -> Archive:
    from rushes.agent.harness.archive import Archive, default_folder

    return Archive(folder or default_folder())


@app.command("list")
def list_versions(archive: Folder = None, as_json: AsJson = False) -> None:
    """Lists what was tried, adopted, refused and taken back, with the gain on held-out tasks and its interval."""
    from dataclasses import asdict

    from rushes.harness_tables import history_table

    opened = open_archive(archive)
    lines, current = opened.history(), opened.current().hash
    if as_json:
        print(json.dumps({"current": current, "history": [asdict(line) for line in lines]}))
        return
    console.print(history_table(opened))


@app.command()
def show(
    version: Annotated[str, typer.Argument(help="Beginning of its hash; the one in use if left out.")] = "",
    archive: Folder = None,
) -> None:
    """Prints a version as JSON, and where it came from."""
    opened = open_archive(archive)
    found = opened.proposed(version or opened.current().hash)
    about = {"hash": found.version.hash, "parent": found.parent, "by": found.by, "why": found.why, "at": found.at}
    print(json.dumps(about | {"version": found.version.model_dump(mode="json")}, indent=2, ensure_ascii=False))


@app.command()
def verdict(
    version: Annotated[str, typer.Argument(help="Beginning of its hash; what was tried last if left out.")] = "",
    archive: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Says what a proposal changed, how it scored against the version that was in use, and what became of it."""
    from dataclasses import asdict

    from rushes.harness_tables import canary_table, figures_table, what_changed

    opened = open_archive(archive)
    tried = [line for line in opened.history() if line.action in ("adopt", "refuse") and line.judges]
    if version:
        tried = [line for line in tried if line.version == opened.proposed(version).version.hash]
    if not tried:
        raise ValueError(
            f"nothing{f' that begins with {version!r}' if version else ''} was tried yet; propose a change"
        )
    line = tried[-1]
    if as_json:
        print(json.dumps(asdict(line)))
        return
    proposed = opened.proposed(line.version)
    console.print(f"{line.version[:12]} by {proposed.by}: {proposed.why}", markup=False)
    for name, before, after in what_changed(opened.proposed(line.against).version, proposed.version):
        console.print(f"  {name}: {before} -> {after}", markup=False, highlight=False)
    if (figures := figures_table(line)).row_count:
        console.print(figures)
    if (table := canary_table(opened, line)) is not None:
        console.print(table)
    console.print(escape(line.why), style="green" if line.action == "adopt" else "yellow")


@app.command()
def propose(
    changes: Annotated[
        Path, typer.Argument(help="JSON file with the fields that change.", exists=True, dir_okay=False)
    ],
    why: Annotated[str, typer.Option(help="Why it should be better.")],
    planner: Planner = None,
    base_url: BaseUrl = None,
    prices: Money = None,
    cap: Cap = None,
    canary: Annotated[int, typer.Option(min=2, help="Tasks that are tried first, the same for all proposals.")] = 12,
    held_out: HeldOut = 40,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only say what it would take.")] = False,
    archive: Folder = None,
) -> None:
    """Tries a change on film jobs, film logs or scripts, whatever judges it, and adopts it if it is better by more than
    noise. Interrupted, it goes on when the same change is proposed again."""
    from rushes.agent.harness.gate import GateSettings
    from rushes.agent.harness.metered import read_prices
    from rushes.trial import Trying, needs_cap

    try:
        wanted = json.loads(changes.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{changes} is no JSON ({error}); write the fields that change as one object") from error
    needs_cap(planner, base_url, prices, cap)
    trying = Trying(
        open_archive(archive),
        planner=planner,
        base_url=base_url,
        prices=read_prices(prices) if prices else None,
        cap=cap,
        settings=GateSettings(canary=tuple(range(canary)), held_out=held_out),
        console=error_console,
        only_estimate=estimate,
    )
    verdict = trying.propose(wanted, by="user", why=why)
    if verdict is None:
        return
    console.print(escape(verdict.text), style="green" if verdict.adopted else "yellow")
    if verdict.version is not None and verdict.canary is not None:
        console.print(f"figures: rushes harness verdict {verdict.version.short}", style="dim", highlight=False)
    if not verdict.adopted:
        raise typer.Exit(1)


@app.command()
def audit(
    planner: Planner = None,
    base_url: BaseUrl = None,
    prices: Money = None,
    cap: Cap = None,
    held_out: HeldOut = 40,
    archive: Folder = None,
) -> None:
    """Tries the version in use on fresh tasks against the one before it, and goes back if it is worse."""
    from rushes.agent.harness.gate import GateSettings
    from rushes.agent.harness.metered import read_prices
    from rushes.trial import Trying, needs_cap

    needs_cap(planner, base_url, prices, cap)
    trying = Trying(
        open_archive(archive),
        planner=planner,
        base_url=base_url,
        prices=read_prices(prices) if prices else None,
        cap=cap,
        settings=GateSettings(held_out=held_out),
        console=error_console,
    )
    console.print(escape(trying.audit()), highlight=False)


@app.command("adopt-status")
def adopt_status(archive: Folder = None, as_json: AsJson = False) -> None:
    """Says which version is in use, what it was adopted for, and which one a rollback would bring back."""
    opened = open_archive(archive)
    current, before = opened.current(), opened.last_good()
    adopted = [line for line in opened.history() if line.action == "adopt" and line.version == current.hash][-1]
    refused = sum(line.action == "refuse" and line.against == current.hash for line in opened.history())
    if as_json:
        told = {"current": current.hash, "why": adopted.why, "figures": adopted.figures, "refused_since": refused}
        print(json.dumps(told | {"last_good": before.hash if before else None}))
        return
    console.print(f"in use: {current.short}, {escape(adopted.why)}")
    console.print(f"refused against it: {refused}")
    console.print(
        f"a rollback brings back {before.short}" if before else "it is the first; there is nothing to go back to"
    )


@app.command()
def rollback(archive: Folder = None, why: Annotated[str, typer.Option(help="For the history.")] = "asked for") -> None:
    """Goes back to the last good version."""
    opened = open_archive(archive)
    left = opened.current()
    back = opened.rollback(why=why)
    console.print(f"{back.short} is in use again; {left.short} stays in the archive")
