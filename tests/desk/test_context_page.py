"""The page of the context bench: whole, escaped, and drawn with what policies really keep of a log."""

import re
from html.parser import HTMLParser
from pathlib import Path

from rushes.desk.context_bench import LEAN, Gain, Report, Row, Trial
from rushes.desk.context_page import COLOURS, write_page
from rushes.desk.film_logs import make_log
from rushes.desk.film_questions import draw_questions
from rushes.desk.intervals import Interval

VOID = {"meta", "br"}


class Balanced(HTMLParser):
    """Complains of a tag that is closed without being open; `open` is what was never closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"


def small_report() -> Report:
    log = make_log(3, split="test")
    question = min(draw_questions(log), key=lambda each: each.at)
    about = {"log": log.seed, "share": 0.25, "question": question, "answered": "right", "tokens": 10, "whole": 40}
    trials = [Trial(policy=name, held="right" if name == "learned" else "missing", **about) for name in LEAN]
    half = Interval(0.5, 0.25, 0.75)
    figures = {"recall": half, "answered": half, "stale": half, "instructions": half, "tokens": 0.2}
    rows = [Row(policy=name, share=0.25, kinds={"fact": 0.5}, sources={}, **figures) for name in COLOURS]
    points = Interval(-1.5, -3.0, 2.0)
    missed = Gain(what="a < b", points=points, target=0.0, met=False)
    control = Gain(what="c", points=points, target=None, met=None)
    return Report(
        logs=2, questions=3, reader="<reader>", search="words", rows=rows, gains=[missed, control],
        billed={"learned": 1234.0}, cached={}, trials=trials,
    )  # fmt: skip


def test_the_page_is_whole_and_shows_what_was_found(tmp_path: Path) -> None:
    out = tmp_path / "new" / "context.html"
    report = small_report()
    write_page(report, out)
    assert [path.name for path in out.parent.iterdir()] == ["context.html"]
    html = out.read_text(encoding="utf-8")
    tags = Balanced()
    tags.feed(html)
    assert tags.open == []
    assert "&lt;reader&gt;" in html and "a &lt; b" in html and "<reader>" not in html
    assert "prefers-color-scheme: dark" in html and "1,234" in html
    assert '<td class="missed">missed</td>' in html and '<td class="control">control</td>' in html
    strip = html[html.index("What each policy kept") :]
    question = report.trials[0].question
    shown = {name: strip.count(f'fill="{COLOURS[name]}"') for name in LEAN}
    assert strip.count('class="entry"') == question.at  # the whole log so far
    assert all(0 < count <= question.at for count in shown.values()) and shown["window"] < question.at
    assert 'class="said"' in strip and re.search(r"Dashed: entries that say it: e\d+: ", strip)
