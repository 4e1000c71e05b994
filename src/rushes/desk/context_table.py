"""The result of `rushes bench context` in the terminal and for machines."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.table import Table

from rushes.desk.context_bench import Gain, Report
from rushes.desk.intervals import Interval


def table(report: Report) -> Table:
    found = Table(
        title=f"{report.questions} questions on {report.logs} film logs; "
        f"answers by the {report.reader} reader; search by {report.search}"
    )
    for name in ("policy", "budget", "tokens shown", "recall", "answered", "stale", "instructions", "billed a turn"):
        found.add_column(name, justify="left" if name == "policy" else "right")
    for row in report.rows:
        billed = report.billed.get(row.policy) if row.share in (1 / 4, 1.0) else None
        found.add_row(
            row.policy,
            budget(row.share),
            f"{row.tokens:.1%}",
            *(percent(one) for one in (row.recall, row.answered, row.stale, row.instructions)),
            f"{billed:,.0f}" if billed is not None else "",
        )
    return found


def targets(report: Report) -> Table:
    found = Table(title="targets")
    for name in ("difference", "points", "at least", ""):
        found.add_column(name, justify="left" if name == "difference" else "right")
    for gain in report.gains:
        points = f"{gain.points.mean:+.1f} ({gain.points.low:+.1f} to {gain.points.high:+.1f})"
        found.add_row(gain.what, points, *verdict(gain))
    return found


def as_data(report: Report) -> dict[str, Any]:
    """Everything but the single trials."""
    return {name: value for name, value in asdict(report).items() if name != "trials"}


def budget(share: float) -> str:
    return {0.0: "none", 1.0: "all"}.get(share) or f"1/{1 / share:.0f}"


def percent(one: Interval) -> str:
    return f"{one.mean:.1%} ({one.low:.0%}-{one.high:.0%})"


def verdict(gain: Gain) -> tuple[str, str]:
    """The target and whether it is met."""
    return ("", "control") if gain.target is None else (f"{gain.target:+.0f}", "met" if gain.met else "missed")
