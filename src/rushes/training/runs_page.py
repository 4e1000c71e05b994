"""The history of runs as one HTML page that needs nothing else: iterations a day, waiting, curves of the loss."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from html import escape
from pathlib import Path

from PIL import Image

from rushes.media.files import replacing
from rushes.media.page_style import html_page
from rushes.training.chart import COLOURS, Axes, Series, draw_chart
from rushes.training.curves import read_log, running_mean, values_of
from rushes.training.history import KINDS, Day, RunHistory, days, total

SHADES = {"compute": "#1a4f9c", "data": "#c98a14", "evaluation": "#2f8f4e", "other": "#b5b5b5"}
STYLE = """
.bar { display: flex; height: 1rem; min-width: 8rem } .bar i { display: block } img { max-width: 100% }
.days { display: flex; align-items: flex-end; gap: 4px; height: 9rem; overflow-x: auto }
.days div { text-align: center; font-size: 12px; min-width: 3rem } .days b { display: block; background: #1a4f9c }
"""


def loss_curves(runs: Sequence[RunHistory], stage: str) -> Image.Image | None:
    """The smoothed losses of a stage in every run that has it, over hours of training; None where there is none."""
    series: list[Series] = []
    for run in runs:
        rows = read_log(run.folder / stage / "log.jsonl")
        hours = {float(row["step"]): row.get("seconds", 0.0) / 3600 for row in rows}
        points = [(hours[step], loss) for step, loss in values_of(rows, "loss")]
        if len(points) > 1:
            colour = COLOURS[len(series) % len(COLOURS)]
            series.append(Series(points=running_mean(points), label=run.name, colour=colour))
    if not series:
        return None
    log_y = all(y > 0 for one in series for _, y in one.points)
    return draw_chart(series, Axes(title=f"loss of {stage}", x="hours of training", log_y=log_y))


def write_page(runs: Sequence[RunHistory], out: Path) -> None:
    """Write the page of `runs` to `out`."""
    stages = list(dict.fromkeys(stage for run in runs for stage in run.stages))
    pictures = [(stage, picture) for stage in stages if (picture := loss_curves(runs, stage)) is not None]
    parts = [
        "<h1>Runs</h1>",
        "<h2>Iterations a day</h2>" + _days(days(runs)),
        "<h2>What the machine waited for</h2>" + _waiting(runs),
        "<h2>Losses</h2>" + "".join(f'<p><img alt="loss of {escape(s)}" src="{_embedded(p)}">' for s, p in pictures),
    ]
    out.parent.mkdir(parents=True, exist_ok=True)
    with replacing(out) as temporary:
        temporary.write_text(html_page("Runs", parts, style=STYLE), encoding="utf-8")


def _days(found: Sequence[Day]) -> str:
    most = max((day.iterations for day in found), default=0) or 1
    bars = ""
    for day in found:
        height = f"height:{6 * day.iterations / most:.2f}rem"
        bars += f'<div>{day.iterations}<b style="{height}"></b>{day.date[5:]}</div>'
    return f"<p>An iteration is a stage of a run, trained to its end. Days in UTC.<div class=days>{bars}</div>"


def _waiting(runs: Sequence[RunHistory]) -> str:
    legend = " ".join(f'<span style="color:{SHADES[kind]}">■ {kind}</span>' for kind in KINDS)
    rows = [_row("all", total([s for run in runs for s in run.sittings if s.timed]), None)]
    rows += [_row(run.name, run.timed, run.score) for run in reversed(runs)]
    legend += " (of sittings whose logs say it)"
    return f"<p>{legend}<table><tr><th>run<th>hours<th>seconds by kind<th>score</tr>{''.join(rows)}</table>"


def _row(name: str, seconds: dict[str, float], score: float | None) -> str:
    whole = sum(seconds.values()) or 1.0
    bars = ""
    for kind in KINDS:
        style = f"width:{100 * seconds[kind] / whole:.1f}%;background:{SHADES[kind]}"
        bars += f'<i style="{style}" title="{kind} {seconds[kind]:.0f} s"></i>'
    said = "" if score is None else f"{score:.1%}"
    hours = f"{sum(seconds.values()) / 3600:.2f}"
    return f"<tr><td>{escape(name)}<td>{hours}<td><div class=bar>{bars}</div><td>{said}</tr>"


def _embedded(picture: Image.Image) -> str:
    data = io.BytesIO()
    picture.save(data, format="PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"
