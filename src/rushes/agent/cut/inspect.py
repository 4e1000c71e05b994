"""The audit of the working cut: everything that is plainly wrong with it, each with the tool call that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rushes.agent.cut.document import WorkingCut, need_cut, shown
from rushes.agent.cut.finding import Finding, Looked, looked_at, span
from rushes.agent.cut.hearing import sound_faults
from rushes.agent.cut.planned import plan_faults
from rushes.agent.cut.seeing import picture_faults
from rushes.agent.cut.spelling import spelling_faults
from rushes.agent.cut.standing_in import stand_ins
from rushes.agent.production import Production
from rushes.media.titles import STYLES, line_ems, set_lines

NOTHING = "nothing found"


def inspect(production: Production, words: Sequence[str] = ()) -> list[Finding]:
    """What is wrong with the cut, in the order of the checks. words: spelt right, beside what the brief says.

    Raises ValueError without a cut, MediaError for sources that can't be read.
    """
    cut = need_cut(production.board)
    looked = looked_at(production, cut, words)
    return list(_all_faults(looked))


def report(findings: Sequence[Finding]) -> str:
    """A line a finding; what can be mended by a call ends in it."""
    return "\n".join(str(finding) for finding in findings) or NOTHING


def _all_faults(looked: Looked) -> Iterator[Finding]:
    yield from picture_faults(looked)
    yield from sound_faults(looked)
    yield from _text_faults(looked.cut)
    yield from spelling_faults(looked)
    yield from plan_faults(looked)
    yield from stand_ins(looked.cut)


def _text_faults(cut: WorkingCut) -> Iterator[Finding]:
    """Texts over the film's end, wider than its frame, over one another."""
    for number, text in enumerate(cut.texts):
        if cut.frame_at(text.start) >= cut.frames:
            yield Finding(
                kind="outside",
                what=f"{text.id} {span(text.start, text.end)} comes after the film's end at {cut.seconds:.3f}",
                mend=f"remove({text.id})",
            )
        elif cut.frame_at(text.end) > cut.frames:
            yield Finding(
                kind="outside",
                what=f"{text.id} {span(text.start, text.end)} goes over the film's end at {cut.seconds:.3f}",
                mend=f"retext({text.id}, end={cut.seconds:.3f})",
            )
        style = STYLES[text.place]
        lines, size = set_lines(text.text, style, cut.width, min(cut.height, 0.75 * cut.width))
        widest = max(line_ems(line) * (1 + style.spacing) * size * (style.second if n else 1.0) for line, n in lines)
        if widest > cut.width or len(lines) * size > cut.height:
            yield Finding(kind="outside", what=f"{text.id} {shown(text.text)} is too long for the frame")
        for other in cut.texts[number + 1 :]:
            both = max(text.start, other.start), min(text.end, other.end)
            if text.place == other.place and both[1] - both[0] > cut.frame / 2:
                yield Finding(kind="overlap", what=f"{text.id} {other.id} {span(*both)}, both {text.place}")
