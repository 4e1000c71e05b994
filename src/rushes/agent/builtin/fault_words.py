"""What an audit finds, in words for people: its lines are for machines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rushes.agent.builtin.answers import FilmSeen, Finding
from rushes.agent.builtin.telling import first_up, joined, span_told, without_ids

MOST = 6  # faults that are told one by one
_SPAN = r"(?P<start>\d+\.\d+)-(?P<end>\d+\.\d+)"
_ROWS = (  # as the audit writes it, with names in place of ids => as it is said
    (rf"black {_SPAN} (?P<who>.+)", "{who} is black ({span})"),
    (rf"frozen {_SPAN} (?P<who>.+?) goes on after its source has ended", "{who} goes on after its source ({span})"),
    (rf"frozen {_SPAN} (?P<who>.+)", "{who} stands still ({span})"),
    (rf"silent {_SPAN}.*", "nothing is heard from {span}"),
    (rf"clipped {_SPAN} (?P<who>.+?) (?P<by>[\d.]+ dB) over full scale", "{who} is distorted, {by} too loud"),
    (rf"clipped {_SPAN} (?P<who>.+?) as recorded", "{who} was recorded distorted ({span})"),
    (r"loudness (?P<who>.+?) \+(?P<by>[\d.]+ dB) against its neighbours", "{who} is {by} louder than its neighbours"),
    (r"loudness (?P<who>.+?) -(?P<by>[\d.]+ dB) against its neighbours", "{who} is {by} quieter than its neighbours"),
    (r"late (?P<who>.+?) (?P<by>[\d.]+ s) behind its sound", "{who} comes {by} behind its sound"),
    (r'spelling (?P<who>.+?) (?P<by>".+?") -> (?P<right>".+?")', "{who} says {by}, where {right} may be meant"),
    (r"identity (?P<who>.+?) looks like (?P<by>.+?), planned (?P<right>.+)", "{who} shows {by}, planned was {right}"),
    (r"order (?P<who>.+?) is number (?P<by>\d+) of the plan", "{who} is number {by} of the plan"),
    (rf"flash {_SPAN} (?P<who>.+?), (?P<by>.+)", "{who} lasts only {by}"),
    (r"duplicate (?P<who>.+?) shows again what (?P<by>.+?) shows", "{who} shows the same as {by}"),
    (r"unshot (?P<who>.+?) stands in for .*", "{who} is only a stand-in: it is not shot yet"),
)  # fmt: skip


_REASONS = (  # as the critic gives them => as they are said
    (r"identity [\d.]+, under [\d.]+: ", ""),
    (r"100% of the frames are black", "it is black"),
    (r"(\d+%) of the frames are black", r"\1 of its pictures are black"),
    (r"nothing moves for 100% of the time", "nothing moves"),
    (r" \(sharpness [\d.]+, [\d.]+ is good\)| \([\d.]+%\)", ""),
)


def reasons_told(reasons: str) -> str:
    """Why a take falls short: the critic's reasons, parted by semicolons, without its figures."""
    for given, said in _REASONS:
        reasons = re.sub(given, said, reasons)
    return reasons.strip(" .").replace("; ", ", ") or "by its score"


def fault_told(finding: Finding, film: FilmSeen) -> str:
    """Such as: the first shot is black (0.0 to 3.0 s)."""
    line = finding.line
    if finding.mend is not None or re.search(r" -> \w+\(", line):
        line = line.rpartition(" -> ")[0]
    line = without_ids(line, film)
    for pattern, said in _ROWS:
        if match := re.fullmatch(pattern, line):
            named = match.groupdict()
            span = span_told(float(named["start"]), float(named["end"])) if "start" in named else ""
            return said.format(**{**named, "span": span})
    return line.partition(" ")[2] or line  # the kind of fault is a word of ours


def faults_told(findings: Sequence[Finding], film: FilmSeen) -> str:
    """All of them in a sentence."""
    told = [fault_told(finding, film) for finding in findings[:MOST]]
    more = [f"{len(findings) - MOST} more"] if len(findings) > MOST else []
    return first_up(joined([*told, *more]))
