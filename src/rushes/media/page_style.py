"""The frame and the look that our HTML pages share: one file, no network, colours by day and by night, plain tables."""

from collections.abc import Iterable
from html import escape

PAGE_STYLE = """
:root { --page: #faf9f7; --card: #fff; --ink: #1c1b1a; --soft: #6f6b66; --line: #e5e1db;
  --good: #2f7d5b; --warm: #b4562f; --bar: #e9e5df }
@media (prefers-color-scheme: dark) {
  :root { --page: #141416; --card: #1d1d20; --ink: #ecebe8; --soft: #98958f; --line: #2e2e33;
    --good: #5cc79a; --warm: #e58e63; --bar: #2b2b30 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif }
main { max-width: 1000px; margin: 0 auto; padding: 40px 20px 64px }
h1 { font-size: 30px; margin: 0; letter-spacing: -.02em }
h2 { font-size: 18px; margin: 44px 0 14px }
.lead { color: var(--soft); margin: 6px 0 0; max-width: 72ch }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th { font-weight: 500; color: var(--soft); font-size: 13px }
th, td { padding: 7px 10px; border-bottom: 1px solid var(--line); text-align: right }
th:first-child, td:first-child { text-align: left }
"""


def html_page(title: str, parts: Iterable[str], *, style: str = "") -> str:
    """A whole page. title: plain text, for the window; parts: HTML, one below the other; style: CSS beside our own."""
    head = f"<title>{escape(title)}</title><style>{PAGE_STYLE}{style}</style>"
    view = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    return "\n".join(['<!doctype html><html lang="en">' + view + head + "<main>", *parts, "</main></html>"])
