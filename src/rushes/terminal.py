"""Shows a film being made: events in, lines and one progress bar on the terminal out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from rushes.agent import events

if TYPE_CHECKING:
    from rushes.training.evaluate import Scores


MOST_LINES = 6  # of a tool's answer
MOST_HEARD = 60  # characters of an answer that is being written
TOLD_OTHERWISE = ("timeline", "plan", "shoot", "say", "finish")  # tools whose answers need no telling
TOLD_IN_WORDS = ("board", "estimate", "inspect", "look", "measure")  # by the built-in director, when it has read them


class Watcher:
    """A callback for `make_film(events=...)`; use it as a context manager so that the bar is put away."""

    def __init__(self, console: Console):
        self.console = console
        self.progress = Progress(
            TextColumn("[progress.description]{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self.task: TaskID | None = None
        self.stage = ""
        self.model = ""  # that answered last
        self.answer = ""  # the end of what a language model is writing
        self.writing: TaskID | None = None

    def __enter__(self) -> Watcher:
        self.progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.progress.stop()

    def __call__(self, event: events.Event) -> None:
        self._written()
        if isinstance(event, events.Progress):
            self._bar(f"{event.stage} {event.what}".strip(), event.done)
        elif isinstance(event, events.Planned):
            self.console.print(
                f"[bold]{event.title or 'Untitled'}[/]: {len(event.shots)} shots, planner {event.planner}"
            )
            for shot in event.shots:
                self.console.print(f"  [cyan]{shot['id']}[/] {shot['seconds']:.2f} s  {shot['text']}", highlight=False)
        elif isinstance(event, events.Noted) and event.role == "said":
            self.console.print(f"  {event.text}", style="bold", markup=False, highlight=False)
        elif isinstance(event, events.Noted):
            style = "yellow" if event.role == "warning" else "dim"
            self.console.print(
                f"  {event.about + ': ' if event.about else ''}{event.text}", style=style, highlight=False
            )
        elif isinstance(event, events.TakeJudged):
            verdict = "[green]good[/]" if event.accepted else "[red]falls short[/]"
            why = "; ".join(event.reasons[:2])
            self.console.print(f"  {event.shot} {event.take} {event.score:.2f} {verdict} {why}", highlight=False)
        elif isinstance(event, events.ModelReplied):
            self.model = event.model
            if event.model == "built-in":
                return  # it tells itself where it stands
            self.console.print(f"  {event.model}: {event.text[:160]}", style="dim", markup=False, highlight=False)
        elif isinstance(event, events.ToolCalled):
            self._answered(event)
        elif isinstance(event, events.BoardChanged):
            self.console.print(f"  changed by a person: {event.text}", style="bold", markup=False, highlight=False)

    @property
    def ear(self) -> Callable[[str], None] | None:
        """For pieces of answers; None where nobody would see them: then they need not be streamed."""
        return self.heard if self.console.is_terminal else None

    def heard(self, piece: str) -> None:
        """Shows the end of an answer while a language model writes it."""
        self.answer = (self.answer + piece.replace("\n", " "))[-MOST_HEARD:]
        said = escape(self.answer)
        if self.writing is None:
            self.writing = self.progress.add_task(said, total=None)
        self.progress.update(self.writing, description=said)

    def _answered(self, event: events.ToolCalled) -> None:
        """What came of a call; the built-in director tries its tools to learn where it stands, which is no news."""
        by_us = self.model == "built-in"
        if event.tool in TOLD_OTHERWISE or (by_us and event.tool in TOLD_IN_WORDS) if event.ok else by_us:
            return
        lines = event.result.splitlines()
        shown = (
            lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"... {len(lines) - MOST_LINES + 1} more"]
        )
        style = None if event.ok else "yellow"
        self.console.print(f"    {event.tool}: " + "\n      ".join(shown), style=style, markup=False, highlight=False)

    def _written(self) -> None:
        """Whatever happens next, the answer is there."""
        if self.writing is not None:
            self.progress.remove_task(self.writing)
        self.answer, self.writing = "", None

    def _bar(self, name: str, done: float) -> None:
        if self.task is None or name != self.stage:
            if self.task is not None:
                self.progress.remove_task(self.task)
            self.task, self.stage = self.progress.add_task(name, total=1.0), name
        self.progress.update(self.task, completed=done)
        if done >= 1:
            self.progress.remove_task(self.task)
            self.task = None


def scores_table(name: str, scores: Scores) -> Table:
    """An evaluation: for each question the model's figure, and the read-out's own on true clips."""
    from rushes.training.eval_page import said, said_number

    table = Table(title=f"{name} on {len(scores.prompts)} held-out prompts")
    for column in ("question", "drawn", "95% interval", "of", "read-out on true clips", "on redrawn ones"):
        table.add_column(column, justify="left" if column == "question" else "right")
    for question, unit, figure in scores.rows():
        low, high = figure["drawn"].interval()
        table.add_row(
            f"{question} ({unit})" if unit not in ("%", "s", "px") else question,
            said(figure["drawn"], unit),
            f"{said_number(low, unit, figure['drawn'])} to {said_number(high, unit, figure['drawn'])}",
            str(figure["drawn"].of),
            said(figure["true"], unit),
            said(figure["redrawn"], unit),
        )
    if scores.frechet:
        values = [f"{scores.frechet[which]:.2f}" for which in ("drawn", "true", "redrawn")]
        label = "Fréchet distance in read-out features (not comparable with published FVD)"
        table.add_row(label, values[0], "", str(len(scores.prompts)), *values[1:])
    return table
