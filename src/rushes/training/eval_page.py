"""The scores of a model as one HTML file without a network: figures with their intervals, best and worst clips moving
beside what they should have been."""

from __future__ import annotations

import base64
import io
import math
from html import escape
from pathlib import Path

import numpy as np
from PIL import Image

from rushes.media.files import replacing
from rushes.media.page_style import html_page
from rushes.training.evaluate import Kept, Scores
from rushes.training.figures import Mean, Share

STYLE = """
main { max-width: 1120px }
.heads { display: flex; flex-wrap: wrap; gap: 12px; margin: 26px 0 0 }
.head { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px;
  min-width: 130px; flex: 1 }
.head b { display: block; font-size: 27px; letter-spacing: -.02em; font-variant-numeric: tabular-nums }
.head span { color: var(--soft); font-size: 13px }
.wide { overflow-x: auto }
th, td { white-space: nowrap }
td:nth-child(3) { width: 34%; min-width: 150px }
.bar { position: relative; height: 10px; background: var(--bar); border-radius: 5px }
.bar i { position: absolute; inset: 0 auto 0 0; background: var(--good); border-radius: 5px }
.bar em { position: absolute; top: 4px; height: 2px; background: var(--ink); opacity: .75 }
.bar u { position: absolute; top: -3px; width: 2px; height: 16px; background: var(--warm) }
.clips { display: grid; grid-template-columns: repeat(auto-fill, minmax(330px, 1fr)); gap: 16px }
.clip { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 2px }
.pair img { width: 100%; display: block }
figure { margin: 0; position: relative }
figcaption { position: absolute; left: 6px; top: 6px; font-size: 11px; background: #000a; color: #fff;
  border-radius: 4px; padding: 0 6px }
.clip p { margin: 10px 14px 4px; font-size: 14px }
.clip small { display: block; margin: 0 14px 12px; color: var(--soft) }
.clip small b { color: var(--good) }
.worst small b { color: var(--warm) }
footer { margin-top: 44px; color: var(--soft); font-size: 13px; max-width: 80ch }
"""


def write_page(path: Path, name: str, scores: Scores, *, fps: float, sampling: str = "") -> None:
    """Writes the page of `scores` to `path`; `sampling` says in words how the clips were drawn."""
    count = len(scores.prompts)
    shown = {id(clip) for clip in scores.best}
    worst = [clip for clip in scores.worst if id(clip) not in shown]
    parts = [
        f"<h1>{escape(name)}</h1>",
        f'<p class="lead">What the model drew against what was asked, on {count} prompts whose combinations of cast, '
        f"colour, set and motion it never saw. {escape(sampling)}</p>",
        _heads(scores),
        "<h2>Figures</h2>",
        _table(scores),
        "<h2>Best clips</h2>",
        _clips(scores.best, "best", fps),
    ]
    if worst:
        parts += ["<h2>Worst clips</h2>", _clips(worst, "worst", fps)]
    parts.append(_footer(scores))
    with replacing(path) as temporary:
        temporary.write_text(html_page(f"{name}: exact evaluation", parts, style=STYLE), encoding="utf-8")


def _heads(scores: Scores) -> str:
    """The figures that are quoted."""
    rows = {name: (unit, figure["drawn"]) for name, unit, figure in scores.rows()}
    picked = [name for name in ("kind", "set", "motion", "relation", "position", "detail") if name in rows]
    cards = [f'<div class="head"><b>{said(rows[n][1], rows[n][0])}</b><span>{_title(n)}</span></div>' for n in picked]
    return f'<div class="heads">{"".join(cards)}</div>'


def _table(scores: Scores) -> str:
    head = "<tr><th>question<th>drawn<th>95% interval<th>n<th>read-out on true clips<th>through the tokenizer</tr>"
    lines = []
    for name, unit, figure in scores.rows():
        drawn = figure["drawn"]
        low, high = drawn.interval()
        interval = f"{said_number(low, unit, drawn)} to {said_number(high, unit, drawn)}" if math.isfinite(low) else "–"
        if isinstance(drawn, Share):
            interval = (
                f'<div class="bar" title="{interval}"><i style="width:{100 * drawn.value:.1f}%"></i>'
                f'<em style="left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"></em>'
                f'<u style="left:{100 * figure["true"].value:.1f}%"></u></div>'
            )
        lines.append(
            f"<tr><td>{_title(name)}<td>{said(drawn, unit)}<td>{interval}<td>{drawn.of}"
            f"<td>{said(figure['true'], unit)}<td>{said(figure['redrawn'], unit)}</tr>"
        )
    if scores.frechet:
        f = scores.frechet
        lines.append(
            f"<tr><td>Fréchet distance in the read-out’s features<td>{f['drawn']:.2f}"
            f"<td>not comparable with published FVD<td>{len(scores.prompts)}"
            f"<td>{f['true']:.2f}<td>{f['redrawn']:.2f}</tr>"
        )
    return f'<div class="wide"><table>{head}{"".join(lines)}</table></div>'


def said(figure: Share | Mean, unit: str) -> str:
    """A figure with its unit."""
    return said_number(figure.value, unit, figure)


def said_number(value: float, unit: str, figure: Share | Mean) -> str:
    if not math.isfinite(value):
        return "–"
    if isinstance(figure, Share):
        return f"{value:.1%}"
    if unit.startswith("%"):
        return f"{value:.1f}%"
    return f"{value:.2f} {unit}"


def _title(name: str) -> str:
    words = {
        "detail": "detail of the cast, of the true clip’s",
        "color": "colour",
        "color in each frame": "colour in each frame",
        "heading": "direction",
    }
    words |= {"position": "position error, of the width", "position in pixels": "position error", "size": "size error"}
    words |= {n: f"{n}: error in time" for n in ("crossing", "apex", "landing")}
    return escape(words.get(name, f"{name}, of the scene’s" if name.endswith("acceleration") else name))


def _clips(clips: list[Kept], which: str, fps: float) -> str:
    cards = []
    for clip in clips:
        wrong = "; ".join(clip.wrong) or "as asked"
        figures = "".join(
            f'<figure><img alt="" src="{_moving(pixels, fps)}"><figcaption>{label}</figcaption></figure>'
            for label, pixels in (("drawn", clip.drawn), ("true", clip.true))
        )
        cards.append(
            f'<div class="clip {which}"><div class="pair">{figures}</div><p>{escape(clip.prompt)}</p>'
            f"<small><b>{clip.score:.2f}</b> · {escape(wrong)}</small></div>"
        )
    return f'<div class="clips">{"".join(cards)}</div>'


def _moving(pixels: np.ndarray, fps: float, width: int = 224) -> str:
    """A clip (T, H, W, 3) uint8 as the data URI of an animated WebP, no wider than `width` pixels."""
    frames = [Image.fromarray(frame) for frame in pixels]
    if frames[0].width > width:
        size = (width, round(frames[0].height * width / frames[0].width))
        frames = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    out = io.BytesIO()
    frames[0].save(
        out, "WEBP", save_all=True, append_images=frames[1:], duration=round(1000 / fps), loop=0, quality=70, method=4
    )
    return "data:image/webp;base64," + base64.b64encode(out.getvalue()).decode()


def _footer(scores: Scores) -> str:
    lines = [
        "A read-out network, trained on clips with known truth, answers for each clip; its own figures on true clips "
        "(the orange mark) and on true clips sent through the model’s tokenizer stand beside every score. Lines in the "
        "bars are 95% Wilson intervals, those of means are bootstrapped. A read-out is kinder than the eye: it names a "
        "coloured cloud after what it resembles, so read its answers beside the detail that is there.",
    ]
    if "position" in scores.measures.get("true", {}):
        lines.append(
            "Times and accelerations are fitted to the read paths as to the true ones, on the same frames. An event "
            "that is not drawn counts under “event happens” and has no error in time."
        )
    if scores.frechet:
        lines.append(
            f"Fréchet distances are to {len(scores.prompts)} other true clips; the column of true clips is the floor."
        )
    return f"<footer>{' '.join(escape(line) for line in lines)}</footer>"
