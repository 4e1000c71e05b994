"""Versions of the harness as tables: their history, and the figures of one trial."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from typing import Any

from rich.markup import escape
from rich.table import Table

from rushes.agent.harness.archive import Archive, Line
from rushes.agent.harness.scores import Scores
from rushes.agent.harness.version import HarnessVersion

LONGEST = 90  # characters of a field that is shown


def history_table(archive: Archive) -> Table:
    """The newest last; a star at the version in use."""
    current = archive.current().hash
    lines = archive.history()
    newest = max((line.entry for line in lines if line.action == "adopt" and line.version == current), default=0)
    table = Table("", "when (UTC)", "what", "version", "gain", "95%", "why")
    for line in lines:
        at = time.strftime("%Y-%m-%d %H:%M", time.gmtime(line.at))
        figures = line.figures.get("held_out") or line.figures.get("canary")
        gain, interval = (_gain(figures), _interval(figures)) if figures else ("", "")
        mark = "*" if line.entry == newest else ""
        table.add_row(mark, at, line.action, line.version[:12], gain, interval, escape(_reason(archive, line)))
    return table


def figures_table(line: Line) -> Table:
    """A trial, by part and by what judged it."""
    table = Table("tasks", "judged by")
    for name in ("number", "in use", "proposed", "gain", "95%", "p"):
        table.add_column(name, justify="right")
    for part in ("canary", "held_out"):
        figures = line.figures.get(part)
        if not figures:
            continue
        each = figures.get("each") or {}
        for judge, own in [*each.items(), ("all" if each else ", ".join(line.judges), figures)]:
            row = (str(own["tasks"]), f"{own['old']:.3f}", f"{own['new']:.3f}")
            table.add_row(part.replace("_", " "), judge, *row, _gain(own), _interval(own), f"{own['p']:.4f}")
    return table


def canary_table(archive: Archive, line: Line) -> Table | None:
    """The tasks that a proposal may be tuned on, one by one; none where the scores are not kept."""
    scores = Scores(archive.path)
    table = Table("canary task", "in use", "proposed", "what was lost")
    count = (line.figures.get("canary") or {}).get("tasks", 0)
    for name in line.judges:
        for key in scores.keys(name)[-1:]:
            old, new = scores.known(key, line.against), scores.known(key, line.version)
            for seed in sorted(set(old) & set(new) & set(range(count))):
                row = (f"{name} {seed}", f"{old[seed].score:.2f}", f"{new[seed].score:.2f}")
                table.add_row(*row, escape("; ".join(new[seed].lost)[:200]))
    return table if table.row_count else None


def what_changed(old: HarnessVersion, new: HarnessVersion) -> Iterator[tuple[str, str, str]]:
    """(field, before, after), cut short; one for each note and tool."""
    before, after = _flat(old), _flat(new)
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name, _short(before.get(name)), _short(after.get(name))


def _flat(version: HarnessVersion) -> dict[str, Any]:
    data = version.model_dump(mode="json")
    flat = {f"notes.{name}": note for name, note in data.pop("notes").items()}
    flat |= {f"tools.{tool['name']}": tool for tool in data.pop("tools")}
    for group in ("policy", "reading"):
        flat |= {f"{group}.{name}": value for name, value in data.pop(group).items()}
    return flat | data


def _short(value: Any) -> str:
    if value is None or value == "":
        return "none"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} ..."


def _reason(archive: Archive, line: Line) -> str:
    """What a proposal was for, and where it was not adopted, why; figures have columns of their own."""
    if not line.version or line.action in ("rollback", "restore"):
        return line.why
    wanted = archive.proposed(line.version).why
    return wanted if line.action == "adopt" else f"{wanted} ({re.split(r'[,;] (?=canary|[0-9])', line.why)[0]})"


def _gain(figures: dict[str, Any]) -> str:
    return f"{figures['new'] - figures['old']:+.3f}"


def _interval(figures: dict[str, Any]) -> str:
    return f"{figures['low']:+.3f} to {figures['high']:+.3f}"
