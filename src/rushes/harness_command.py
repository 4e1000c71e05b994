"""`rushes harness`: versions of the agent's harness on the terminal. Parses, calls one function, prints."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from rushes.agent.harness.archive import Archive

app = typer.Typer(
    help="How the agent is run: versions that it proposed, which one is in use, and the way back.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
console = Console()

Folder = Annotated[Path | None, typer.Option("--archive", help="Folder of the archive; yours, not a project's.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


def open_archive(folder: Path | None) -> Archive:
    from rushes.agent.harness.archive import Archive, default_folder

    return Archive(folder or default_folder())


@app.command("list")
def list_versions(archive: Folder = None, as_json: AsJson = False) -> None:
    """Lists what was tried, adopted, refused and taken back."""
    from dataclasses import asdict

    opened = open_archive(archive)
    lines, current = opened.history(), opened.current().hash
    if as_json:
        print(json.dumps({"current": current, "history": [asdict(line) for line in lines]}))
        return
    table = Table("", "when (UTC)", "what", "version", "why")
    for line in lines:
        mark = "*" if line.version == current and line.action == "adopt" else ""
        at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(line.at))
        table.add_row(mark, at, line.action, line.version[:12], escape(line.why))
    console.print(table)


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
def propose(
    changes: Annotated[
        Path, typer.Argument(help="JSON file with the fields that change.", exists=True, dir_okay=False)
    ],
    why: Annotated[str, typer.Option(help="Why it should be better.")],
    archive: Folder = None,
) -> None:
    """Tries a change on questions about film logs, and adopts it if it is better by more than noise."""
    from rushes.agent.harness.gate import HarnessGate
    from rushes.agent.harness.log_questions import RecallEvaluator

    try:
        wanted = json.loads(changes.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{changes} is no JSON ({error}); write the fields that change as one object") from error
    verdict = HarnessGate(open_archive(archive), RecallEvaluator()).propose(wanted, by="user", why=why)
    console.print(escape(verdict.text), style="green" if verdict.adopted else "yellow")
    if not verdict.adopted:
        raise typer.Exit(1)


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
