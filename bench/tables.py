"""The table that benchmarks print when no JSON is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table


def show(title: str, rows: Sequence[Mapping[str, Any]], *, width: int | None = None) -> None:
    """Print rows of the same keys, words on the left and numbers on the right. `width`: of the terminal, if it lies."""
    table = Table(title=title)
    for key, value in rows[0].items():
        table.add_column(key.replace("_", " "), justify="left" if isinstance(value, str) else "right")
    for row in rows:
        table.add_row(*(f"{value:.4g}" if isinstance(value, float) else str(value) for value in row.values()))
    Console(width=width).print(table)
