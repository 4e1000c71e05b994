"""What an audit of the working cut goes by, and what it says: one line a finding, which a machine can read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.agent.cut.document import ClipPiece, WorkingCut
from rushes.agent.production import Production
from rushes.board.jobs import Job
from rushes.media.audit import VERSION, Audit, audit, audit_from_dict


@dataclass(frozen=True, kw_only=True)
class Finding:
    kind: str  # black, frozen, silent, clipped, loudness, late, spelling, identity, order, ...
    what: str  # where, which piece, how much
    mend: str = ""  # the tool call that mends it, where that is plain

    def __str__(self) -> str:
        return f"{self.kind} {self.what}" + (f" -> {self.mend}" if self.mend else "")


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The cut, and what was measured of its sources."""

    production: Production
    cut: WorkingCut
    audits: dict[str, Audit]  # by blob
    words: tuple[str, ...] = ()  # that are spelt right, beside those of the brief

    def audit(self, clip: ClipPiece) -> Audit:
        return self.audits[clip.blob]

    def on_film(self, clip: ClipPiece, start: float, end: float) -> tuple[float, float] | None:
        """A span of a clip's source as seconds of the film; None where the clip doesn't show it."""
        first, last = max(start, clip.start), min(end, clip.source_end)
        if last - first < 0.5 * self.cut.frame * clip.speed:
            return None
        return self.film_time(clip, first), self.film_time(clip, last)

    def film_time(self, clip: ClipPiece, at: float) -> float:
        return self.cut.on_grid(clip.at + (at - clip.start) / clip.speed)


def looked_at(production: Production, cut: WorkingCut, words: Sequence[str] = ()) -> Looked:
    """What is measured of every source of the cut. Raises MediaError."""
    blobs = dict.fromkeys([c.blob for c in cut.clips] + [s.blob for s in cut.sounds])
    audits = {blob: audit_of(production, blob) for blob in blobs}
    return Looked(production=production, cut=cut, audits=audits, words=tuple(words))


def audit_of(production: Production, blob: str) -> Audit:
    """A durable step: every source is decoded once in a project's life."""

    def work(job: Job) -> dict[str, object]:
        return audit(production.board.blob_path(blob)).to_dict()

    return audit_from_dict(production.step("audit", {"source": blob, "version": VERSION}, work).value)


def span(start: float, end: float) -> str:
    return f"{start:.3f}-{end:.3f}"
