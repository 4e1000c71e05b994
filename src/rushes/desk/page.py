"""A run of the desk as one HTML file without a network: scores by kind, then every task with what was asked, what came
out and what was lost."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

from rushes.desk.catalogue import KINDS
from rushes.desk.runner import Run
from rushes.desk.summary import figures
from rushes.desk.task import Wording
from rushes.media.files import replacing
from rushes.media.page_style import html_page

STYLE = """
.lead { margin-bottom: 24px }
.bar { background: var(--bar); border-radius: 4px; height: 8px; min-width: 90px }
.bar i { display: block; height: 8px; border-radius: 4px; background: var(--good) }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 14px 18px; margin: 12px 0 }
article header { display: flex; gap: 12px; align-items: baseline }
article b { font-size: 15px } article header span { margin-left: auto; font-variant-numeric: tabular-nums }
article.lost header span { color: var(--warm) } article img { width: 100%; border-radius: 6px; margin-top: 8px }
.asked { color: var(--soft); margin: 4px 0; white-space: pre-line; overflow-wrap: anywhere }
ul { margin: 6px 0 0; padding-left: 20px; color: var(--warm) }
details { color: var(--soft) }
"""
MOST_ASKED = 400  # characters of what was asked that are shown at once


def write_page(path: Path, agent: str, runs: Sequence[Run], folder: Path, wording: Wording = "first") -> Path:
    """Writes the page of `runs` to `path`, whole or not at all. Raises MediaError where that can't be."""
    with replacing(path) as temporary:
        temporary.write_text(page(agent, runs, folder, wording), encoding="utf-8")
    return path


def page(agent: str, runs: Sequence[Run], folder: Path, wording: Wording = "first") -> str:
    """`folder`: where the contact sheets lie; the page holds them."""
    name = f"Film desk: {agent}, {wording} wording"
    parts = [
        f"<h1>{escape(name)}</h1>",
        "<p class=lead>Every score is measured on the finished film, the board and what was said. 0 is what doing "
        "nothing gets, 1 is all that was asked with nothing else changed.</p>",
        _table(runs),
    ]
    for kind in KINDS:
        own = [run for run in runs if run.kind == kind]
        if own:
            parts.append(f"<h2>{escape(kind)}</h2>" + "".join(_task(run, folder) for run in own))
    return html_page(name, parts, style=STYLE)


def _table(runs: Sequence[Run]) -> str:
    head = "<tr><th>kind<th>tasks<th>score<th><th>perfect<th>seconds</tr>"
    rows = [
        f"<tr><td>{escape(each.name)}<td>{each.tasks}<td>{each.mean:.3f} ± {each.spread:.3f}"
        f'<td><div class=bar><i style="width:{each.mean:.0%}"></i></div><td>{each.perfect}<td>{each.seconds:.0f}</tr>'
        for each in figures(runs)
    ]
    return f"<table>{head}{''.join(rows)}</table>"


def _task(run: Run, folder: Path) -> str:
    lost = "".join(f"<li>{escape(line)}</li>" for line in run.lost)
    did = f"{run.calls} call{'' if run.calls == 1 else 's'}, {run.seconds:.1f} s"
    said = f"<p>said: {escape(' / '.join(run.said[-3:])[:500])}</p>" if run.said else ""
    return (
        f'<article class="{"" if run.score > 0.999 else "lost"}"><header><b>{escape(run.task)}</b>'
        f"<span>{run.score:.2f}</span></header>{_asked(run.asked)}{_picture(run, folder)}"
        f"{f'<ul>{lost}</ul>' if lost else ''}<details><summary>{did}</summary>"
        f"{said}</details></article>"
    )


def _asked(asked: str) -> str:
    if len(asked) <= MOST_ASKED:
        return f"<p class=asked>{escape(asked)}</p>"
    return f"<details class=asked><summary>{escape(asked[:MOST_ASKED])} …</summary>{escape(asked)}</details>"


def _picture(run: Run, folder: Path) -> str:
    path = folder / run.sheet
    if not run.sheet or not path.exists():
        return "<p class=asked>There is no film.</p>"
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="pictures of the film" src="data:image/jpeg;base64,{data}">'
