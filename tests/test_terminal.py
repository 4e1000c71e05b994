"""What the terminal shows while a film is made."""

from __future__ import annotations

import io

from rich.console import Console

from rushes.agent.events import ModelReplied
from rushes.terminal import Watcher


def test_an_answer_is_shown_while_it_is_written_and_gone_when_it_is_there():
    out = io.StringIO()
    with Watcher(Console(file=out, force_terminal=True, width=100)) as watch:
        assert watch.ear is not None
        for piece in ("I plan\n", "[two] shots", ": a fox, " * 20, "a ship"):
            watch.ear(piece)
        shown = watch.progress.tasks[0].description
        assert shown.endswith("a fox, a ship") and len(shown) <= 60
        watch(ModelReplied(model="small", text="I plan", calls=[], prompt_tokens=9, completion_tokens=3))
        assert not watch.progress.tasks
        watch.ear("[bold]")
        assert watch.progress.tasks[0].description == r"\[bold]"
    assert "small: I plan" in out.getvalue()


def test_where_nobody_sees_it_nothing_is_streamed():
    assert Watcher(Console(file=io.StringIO())).ear is None
