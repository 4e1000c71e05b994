"""A project as `rushes show` prints it: brief, shots with their takes, where money and seconds went, the log's tail."""

from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from rushes.board.board import Board
from rushes.board.reads import Node
from rushes.board.spend import Totals, usd
from rushes.board.state import Entry

_TAIL = 8  # entries of the log


def describe(board: Board) -> RenderableType:
    """The whole project for a person; print it with a rich Console. A board open for reading only will do."""
    parts: list[RenderableType] = [_brief(board), _shots(board)]
    for kind, title in (("note", "Notes"), ("film", "Films")):
        nodes = board.nodes(kind)
        if nodes:
            parts.append(_others(board, title, nodes))
    parts += [_spend(board), _jobs(board), _log(board)]
    return Group(*parts)


def _brief(board: Board) -> RenderableType:
    lines = []
    for brief in board.nodes("brief"):
        fields = brief.fields
        facts = [
            f"{fields['seconds']:g} s" if "seconds" in fields else "",
            fields.get("aspect", ""),
            fields.get("mood", ""),
        ]
        title = fields.get("title", "")
        lines.append(Text((_cut(title, 80) + ": " if title else "") + _cut(fields.get("text", ""), 600)))
        lines.append(Text(", ".join(fact for fact in facts if fact), style="dim"))
    return Panel(Group(*lines) if lines else Text("no brief yet"), title=f"{board.folder.name}", title_align="left")


def _shots(board: Board) -> RenderableType:
    table = Table(title="Shots", title_justify="left", expand=True, box=box.SIMPLE_HEAD, pad_edge=False)
    for name, justify in (("", "left"), ("shot and takes", "left"), ("s", "right"), ("score", "right")):
        table.add_column(name, justify=justify, ratio=3 if name == "shot and takes" else None)  # type: ignore[arg-type]
    table.add_column("why", ratio=3)
    takes = {take.id: take for take in board.nodes("take")}
    for shot in board.nodes("shot"):
        fields = shot.fields
        words = fields.get("title") or fields.get("text") or fields.get("prompt", "")
        status = fields.get("status", "planned").replace("_", " ")
        seconds = f"{fields['seconds']:g}" if "seconds" in fields else ""
        source = fields.get("source", "generated")
        what = f"[bold]{shot.id}[/] {escape(_cut(words, 120))} [dim]{source}, {status}[/]"
        table.add_row("", what, seconds, "", escape(_cut("; ".join(fields.get("reasons", [])), 200)))
        for id in shot.linked_from("made_from", "take"):
            _take(table, takes[id], chosen=fields.get("chosen") == id)
    return table if table.row_count else Text("no shots yet")


def _take(table: Table, take: Node, *, chosen: bool) -> None:
    fields = take.fields
    parts = " ".join(f"{name} {score:.2f}" for name, score in fields.get("scores", {}).items())
    why = "; ".join(fields.get("reasons", []))
    score = f"{fields['score']:.2f}" if "score" in fields else ""
    style = "green" if chosen else ("red" if fields.get("verdict") == "rejected" else "")
    table.add_row(
        "[green]✓[/]" if chosen else "",
        f"  {take.id} [dim]{escape(_cut(fields.get('model', ''), 40))}, seed {fields.get('seed', 0)}[/]",
        f"{fields['seconds']:g}" if "seconds" in fields else "",
        score,
        escape(_cut("; ".join(part for part in (parts, why) if part), 200)),
        style=style,
    )


def _others(board: Board, title: str, nodes: list[Node]) -> RenderableType:
    table = Table(title=title, title_justify="left", expand=True, show_header=False, box=None, pad_edge=False)
    for node in nodes:
        about = ", ".join(node.linked("about") + node.linked("made_from"))
        path = str(board.blob_path(next(iter(node.blobs.values())))) if node.blobs else ""
        words = [node.fields.get("role", ""), node.fields.get("text", ""), node.fields.get("title", "")]
        words += [
            f"{node.fields['seconds']:g} s" if "seconds" in node.fields else "",
            node.fields.get("path", "") or path,
        ]
        table.add_row(node.id, about, escape(_cut(" ".join(word for word in words if word), 300)))
    return table


def _spend(board: Board) -> RenderableType:
    cap, total = board.spend.cap(), board.spend.totals()
    table = Table(title="Money and seconds", title_justify="left", expand=True, box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("", "pieces", "spent", "seconds", "held"):
        table.add_column(name, justify="right" if name else "left", ratio=1 if not name else None)
    for what in ("kind", "model"):
        for name, totals in board.spend.by(what).items():
            if name:
                _spend_row(table, f"{what} {escape(name)}", totals)
    _spend_row(table, "[bold]all[/]", total)
    limits = [
        usd(cap.micro_usd) if cap.micro_usd is not None else "",
        f"{cap.seconds:g} s" if cap.seconds is not None else "",
    ]
    table.caption = f"budget: {' and '.join(limit for limit in limits if limit) or 'no cap'}"
    return table


def _spend_row(table: Table, name: str, totals: Totals) -> None:
    held = f"{usd(totals.reserved_micro_usd)}, {totals.reserved_seconds:.1f} s" if _held(totals) else ""
    table.add_row(name, str(totals.pieces), usd(totals.micro_usd), f"{totals.seconds:.1f}", held)


def _held(totals: Totals) -> bool:
    return bool(totals.reserved_micro_usd or totals.reserved_seconds)


def _jobs(board: Board) -> RenderableType:
    jobs = board.jobs.all()
    counts = {
        state: sum(job.state == state for job in jobs) for state in ("done", "running", "queued", "failed", "ambiguous")
    }
    lines = [Text("Jobs: " + (", ".join(f"{count} {state}" for state, count in counts.items() if count) or "none"))]
    for job in jobs:
        if job.state in ("failed", "ambiguous"):
            lines.append(Text(f"  {job.id} {job.name} {job.state}: {_cut(job.error or 'given up', 160)}", style="red"))
        elif job.state == "running":
            since = datetime.fromtimestamp(job.started_at or 0).strftime("%H:%M:%S")
            lines.append(Text(f"  {job.id} {job.name} running since {since} in process {job.pid}", style="yellow"))
    return Group(*lines[:20])


def _log(board: Board) -> RenderableType:
    table = Table(title="Log", title_justify="left", expand=True, show_header=False, box=None, pad_edge=False)
    for ratio in (None, None, 2, 1):
        table.add_column(ratio=ratio)
    for entry, said in board.told(max(0, board.last_entry - _TAIL)):
        when = datetime.fromtimestamp(entry.at).strftime("%H:%M:%S")
        table.add_row(
            when, escape(_cut(entry.by, 20)), escape(_cut(_numbered(entry, said), 400)), escape(_cut(entry.note, 120))
        )
    return table


def _numbered(entry: Entry, said: str) -> str:
    took = "" if entry.target is None else f"{entry.action} of {entry.target}: "
    return f"{entry.number}  {took}{said}"


def _cut(text: str, limit: int) -> str:
    # A text of the user's must not steer the terminal: escape codes and direction overrides are shown as a mark.
    text = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(text.split()))
    return text if len(text) <= limit else text[: limit - 1] + "…"
