"""Durable steps: what was done for these inputs is found, never done again. One seam, two places to keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from rushes.board.board import Board
    from rushes.board.jobs import StepResult
    from rushes.board.spend import Estimate


class Steps(Protocol):
    """A `Board` is one: it keeps its steps in the project's SQLite file."""

    def step(
        self,
        name: str,
        inputs: dict[str, Any],
        fn: Callable[[Any], Any],
        *,
        node: str = "",
        model: str = "",
        paid: bool = False,
        estimate: Estimate | None = None,
    ) -> StepResult:
        """Calls fn(job) unless these inputs were done before; see `Board.step`."""
        ...


def open_steps(board: Board, url: str = "") -> Steps:
    """Where steps are kept: by the board, or in the PostgreSQL at `url`. Raises ValueError for any other URL."""
    if not url:
        return board
    if not url.startswith(("postgresql://", "postgres://")):
        raise ValueError(f"durable steps can't be kept at {url.partition(':')[0]!r}; give postgresql://user@host/name")
    from rushes.agent.dbos_steps import DbosSteps

    return DbosSteps(board, url)
