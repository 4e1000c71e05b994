"""The result of `rushes bench context` as a page: bars with intervals, recall against tokens, a strip of a log."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from rushes.desk.context_bench import LEAN, Report, Row, Trial, see_for
from rushes.desk.context_table import budget, percent, verdict
from rushes.desk.film_draft import Statement
from rushes.desk.film_logs import make_log
from rushes.desk.film_questions import Question
from rushes.desk.intervals import Interval
from rushes.media.files import replacing
from rushes.media.page_style import html_page

# Of the policies in the order of the rows, to be told apart on a light page and on a dark one.
COLOURS = {
    **{"nothing": "#9aa0a6", "window": "#c58b2a", "masking": "#b5533c", "summary": "#8d6cab"},
    **{"self-managed": "#2f8f88", "learned": "#3f78d0"},
    **{"masking+excerpts": "#d99a88", "excerpts alone": "#8fb0de", "learned, no excerpts": "#5a5fc0"},
    **{"full": "#6d747d", "oracle": "#7aa05a"},
}
STYLE = """
main { max-width: 1120px }
p { max-width: 72ch }
small, .faint { color: var(--soft) }
table { font-size: 13.5px }
th, td { padding: 4px 8px; white-space: nowrap }
.scroll { overflow-x: auto }
.met { color: var(--good) }
.missed { color: var(--warm) }
svg text { font-size: 12px; fill: var(--ink) }
.ground { fill: var(--bar) }
.mark { stroke: var(--ink); fill: none }
.said { stroke: var(--warm); stroke-width: 1.2; stroke-dasharray: 3 2 }
.entry { fill: var(--soft); opacity: .5 }
"""


def write_page(report: Report, path: Path) -> None:
    """Writes the page of `report` to `path`, whole or not at all. Raises MediaError where that can't be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        temporary.write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    quarter = [row for row in report.rows if row.share in (0.0, 0.25, 1.0)]
    parts = [
        f"""<h1>What stays in the context</h1>
<p>{report.questions} questions on {report.logs} film logs of 300 entries, asked at three points of each log. A policy
sees the entries and the question, and keeps what fits into its budget, a share of what the whole history weighs then.
<b>Recall</b>: the entries that state what is needed are shown, with what corrects them. <b>Answered</b>: the
{escape(report.reader)} reader picks the right answer out of what is shown.
Policies that search go by {escape(report.search)}.
The controls part what the learned policy owes to excerpts and reminders from what it owes to its scorer.
Bars and brackets: mean and 95% interval over logs.</p>""",
        f'<h2>At a quarter of the history</h2><div class="scroll">{_bars(quarter)}</div>',
        f'<h2>Recall against tokens shown</h2><div class="scroll">{_curve(report.rows)}</div>',
        f'<h2>Targets</h2><div class="scroll">{_targets(report)}</div>',
        f'<h2>All figures</h2><div class="scroll">{_table(report)}</div>',
        f'<h2>What each policy kept for one question</h2><div class="scroll">{_strip(report)}</div>',
    ]
    return html_page("What stays in the context", parts, style=STYLE)


def _bars(rows: list[Row]) -> str:
    left, width, step = 150, 380, 44
    parts = [f'<text x="{left}" y="14">recall</text><text x="{left + width + 60}" y="14">answered</text>']
    for place, row in enumerate(rows):
        y = 26 + place * step
        parts.append(f'<text x="{left - 8}" y="{y + 18}" text-anchor="end">{row.policy}</text>')
        for x, one in ((left, row.recall), (left + width + 60, row.answered)):
            parts.append(_bar(x, y, width, one, COLOURS[row.policy]))
    return _svg(left + 2 * width + 130, 34 + len(rows) * step, parts)


def _bar(x: float, y: float, width: float, one: Interval, colour: str) -> str:
    low, mean, high = (x + width * value for value in (one.low, one.mean, one.high))
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="26" class="ground"/>'
        f'<rect x="{x}" y="{y}" width="{mean - x:.1f}" height="26" fill="{colour}"/>'
        f'<path d="M{low:.1f} {y + 13}H{high:.1f}M{low:.1f} {y + 8}v10M{high:.1f} {y + 8}v10" class="mark"/>'
        f'<text x="{x + width + 6}" y="{y + 18}">{one.mean:.0%}</text>'
    )


def _curve(rows: list[Row]) -> str:
    x0, y0, width, height = 60, 20, 640, 300

    def at(row: Row) -> tuple[float, float]:
        return x0 + width * min(row.tokens, 1.0), y0 + height * (1 - row.recall.mean)

    parts = [f'<path d="M{x0} {y0}V{y0 + height}H{x0 + width}" class="mark"/>']
    for share in (0, 0.25, 0.5, 0.75, 1):
        parts.append(f'<text x="{x0 + width * share}" y="{y0 + height + 18}" text-anchor="middle">{share:.0%}</text>')
        parts.append(f'<text x="{x0 - 8}" y="{y0 + height * (1 - share) + 4}" text-anchor="end">{share:.0%}</text>')
    parts.append(f'<text x="{x0 + width / 2}" y="{y0 + height + 38}" text-anchor="middle">tokens shown, of all</text>')
    for place, name in enumerate(COLOURS):
        points = [at(row) for row in rows if row.policy == name]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="{COLOURS[name]}"/>' for x, y in points]
        y = y0 + 20 + 24 * place
        parts.append(f'<rect x="{x0 + width + 30}" y="{y - 10}" width="12" height="12" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{x0 + width + 48}" y="{y}">{name}</text>')
    return _svg(x0 + width + 200, y0 + height + 50, parts)


def _targets(report: Report) -> str:
    rows = ""
    for gain in report.gains:
        points = f"{gain.points.mean:+.1f} ({gain.points.low:+.1f} to {gain.points.high:+.1f})"
        target, word = verdict(gain)
        cells = f"<td>{escape(gain.what)}</td><td>{points}</td><td>{target}</td>"
        rows += f'<tr>{cells}<td class="{word}">{word}</td></tr>'
    return f"<table><tr><th>difference</th><th>points</th><th>at least</th><th></th></tr>{rows}</table>"


def _table(report: Report) -> str:
    kinds = sorted({kind for row in report.rows for kind in row.kinds})
    head = "".join(
        f"<th>{name}</th>" for name in ("policy", "budget", "tokens", "recall", "answered", "stale", "instructions")
    )
    body = ""
    for row in report.rows:
        cells = [row.policy, budget(row.share), f"{row.tokens:.1%}"]
        cells += [percent(one) for one in (row.recall, row.answered, row.stale, row.instructions)]
        cells += [f"{row.kinds[kind]:.0%}" for kind in kinds]
        cells.append(
            f"{report.billed[row.policy]:,.0f}" if row.policy in report.billed and row.share in (0.25, 1.0) else ""
        )
        body += "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>"
    head += "".join(f"<th>{kind}</th>" for kind in kinds) + "<th>billed a turn</th>"
    note = "By kind: recall. Billed: tokens in prices of full ones for an answer of the model, in a whole play."
    return f"<table><tr>{head}</tr>{body}</table><small>{note}</small>"


def _strip(report: Report) -> str:
    """A question that masking misses and the learned policy holds, if there is one."""
    trial = _telling(report.trials)
    log = make_log(trial.log, split="test")
    question = trial.question
    needs = sorted({said.entry for said in log.statements if said.entry < question.at and said.fact in question.needs})
    step, row, left = 2.7, 26, 110
    parts = []
    for place, name in enumerate(("log", *LEAN)):
        y = 20 + place * row
        parts.append(f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        seen = see_for(log, question, name, 0.25).shown if name != "log" else None
        for number, entry in enumerate(log.entries[: question.at]):
            if seen is None or number in seen:
                whole = seen is None or len(seen[number]) >= 0.9 * len(entry.text)
                look = 'class="entry"' if seen is None else f'fill="{COLOURS[name]}"'
                parts.append(
                    f'<rect x="{left + number * step:.1f}" y="{y if whole else y + 10}" width="{step - 0.5:.1f}" '
                    f'height="{20 if whole else 10}" {look}><title>{entry.id} {entry.kind}</title></rect>'
                )
    for number in needs:
        x = left + (number + 0.4) * step
        parts.append(f'<path d="M{x:.1f} 6V{20 + 6 * row}" class="said"/>')
    drawn = _svg(int(left + question.at * step + 20), 30 + 6 * row, parts)
    said = "; ".join(f"e{number + 1}: {_phrase(log.statements, number, question)}" for number in needs[:4])
    return (
        f"<p>“{escape(question.text)}” <span class=faint>({escape(', '.join(question.answers))})</span><br>"
        f"<small>Dashed: entries that say it: {escape(said)}. Half a bar: shrunk.</small></p>{drawn}"
    )


def _telling(trials: list[Trial]) -> Trial:
    def verdicts(name: str) -> dict[tuple[int, Question], Trial]:
        return {(one.log, one.question): one for one in trials if one.policy == name and one.share == 0.25}

    masked, learned = verdicts("masking"), verdicts("learned")
    telling = [one for key, one in learned.items() if one.held == "right" and masked[key].held != "right"]
    at_end = [one for one in telling if one.question.at == max(other.question.at for other in telling)]
    return (at_end or list(learned.values()))[0]


def _phrase(statements: Sequence[Statement], entry: int, question: Question) -> str:
    return next(said.phrase for said in statements if said.entry == entry and said.fact in question.needs)


def _svg(width: int, height: int, parts: list[str]) -> str:
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">{"".join(parts)}</svg>'
