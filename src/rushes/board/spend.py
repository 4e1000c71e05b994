"""Money and seconds: estimated, reserved before the work starts, reconciled when it ends, under a hard cap."""

import sqlite3
import time
from dataclasses import dataclass
from typing import Literal

from rushes.board.store import BoardError, Store

MICRO = 1_000_000  # micro-dollars in a US dollar


class OverBudget(BoardError):
    """The work would pass the cap; it was not started."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a piece of work should take."""

    micro_usd: int = 0  # millionths of a US dollar
    seconds: float = 0.0  # of work


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Where a project (or a part of it) stands."""

    micro_usd: int  # spent, millionths of a US dollar
    seconds: float  # of work done
    reserved_micro_usd: int  # held for work under way
    reserved_seconds: float  # held for work under way
    pieces: int  # of work that ended and were settled


@dataclass(frozen=True, kw_only=True)
class Cap:
    """The most that a project may take, what is reserved included; None: no cap."""

    micro_usd: int | None = None  # millionths of a US dollar
    seconds: float | None = None  # of work


class Spend:
    """The ledger: an append-only table of caps, reservations and what became of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_cap(self, *, micro_usd: int | None = None, seconds: float | None = None, by: str = "user") -> None:
        """Replaces the cap. Raises BoardError for an agent (it would raise its own limit) and for negative numbers."""
        if by.split(":")[0] == "agent":
            raise BoardError("an agent can't change its own budget: ask the user to")
        if (micro_usd is not None and micro_usd < 0) or (seconds is not None and not 0 <= seconds < float("inf")):
            raise BoardError(
                f"a cap can't be {micro_usd} micro-dollars, {seconds} seconds: give 0 or more, or None for no cap"
            )
        self._append("cap", micro_usd=micro_usd, seconds=seconds, by=by)

    def cap(self) -> Cap:
        rows = self._store.read("select micro_usd, seconds from spend where event = 'cap' order by id desc limit 1")
        return Cap(micro_usd=rows[0]["micro_usd"], seconds=rows[0]["seconds"]) if rows else Cap()

    def reserve(
        self, estimate: Estimate, *, kind: str, model: str = "", node: str = "", job: str = "", by: str = "agent"
    ) -> int:
        """Holds the estimate and returns the number of the reservation. Raises OverBudget if it would pass the cap."""
        if estimate.micro_usd < 0 or not 0 <= estimate.seconds < float("inf"):
            raise BoardError(
                f"an estimate of {estimate.micro_usd} micro-dollars, {estimate.seconds} seconds is impossible"
            )
        with self._store.write():
            cap, now = self.cap(), self.totals()
            money = now.micro_usd + now.reserved_micro_usd + estimate.micro_usd
            if cap.micro_usd is not None and estimate.micro_usd and money > cap.micro_usd:
                raise OverBudget(
                    f"{kind} would cost {usd(estimate.micro_usd)} and take the project to {usd(money)}, over its "
                    f"budget of {usd(cap.micro_usd)}: raise the budget, or make fewer or cheaper takes"
                )
            seconds = now.seconds + now.reserved_seconds + estimate.seconds
            if cap.seconds is not None and estimate.seconds and seconds > cap.seconds:
                raise OverBudget(
                    f"{kind} would take {estimate.seconds:.1f} s and bring the project to {seconds:.1f} s of work, "
                    f"over its budget of {cap.seconds:.1f} s: raise the budget, or make fewer or faster takes"
                )
            return self._append(
                "reserve",
                micro_usd=estimate.micro_usd,
                seconds=estimate.seconds,
                kind=kind,
                model=model,
                node=node,
                job=job,
                by=by,
            )

    def settle(self, reservation: int, *, micro_usd: int, seconds: float, note: str = "") -> None:
        """What it came to in the end, also where that is more than was reserved: money spent is spent."""
        if micro_usd < 0 or not 0 <= seconds < float("inf"):
            raise BoardError(f"a cost of {micro_usd} micro-dollars, {seconds} seconds is impossible")
        self._close("settle", reservation, micro_usd, seconds, note)

    def release(self, reservation: int, *, note: str = "") -> None:
        """Gives back a reservation of work that never ran or wasn't charged."""
        self._close("release", reservation, 0, 0.0, note)

    def totals(self, *, node: str = "", job: str = "") -> Totals:
        """Of the whole project, or of the work done for one node or by one job."""
        return self._group("''", node, job).get(
            "", Totals(micro_usd=0, seconds=0.0, reserved_micro_usd=0, reserved_seconds=0.0, pieces=0)
        )

    def by(self, what: Literal["model", "kind", "node", "job"]) -> dict[str, Totals]:
        """Totals of each model, kind of work, node or job, the dearest and slowest first."""
        if what not in ("model", "kind", "node", "job"):
            raise BoardError(f"can't add up by {what!r}: choose model, kind, node or job")
        groups = self._group(f"r.{what}")
        return dict(sorted(groups.items(), key=lambda item: (-item[1].micro_usd, -item[1].seconds, item[0])))

    def _group(self, column: str, node: str = "", job: str = "") -> dict[str, Totals]:
        rows = self._store.read(
            f"""select {column} as name,
                coalesce(sum(c.micro_usd), 0) as micro_usd, coalesce(sum(c.seconds), 0) as seconds,
                coalesce(sum(case when c.id is null then r.micro_usd end), 0) as held,
                coalesce(sum(case when c.id is null then r.seconds end), 0) as held_seconds,
                coalesce(sum(c.event = 'settle'), 0) as pieces
            from spend r left join spend c on c.reservation = r.id and c.event in ('settle', 'release')
            where r.event = 'reserve' and (? = '' or r.node = ?) and (? = '' or r.job = ?) group by 1""",
            (node, node, job, job),
        )
        return {
            row["name"]: Totals(
                micro_usd=int(row["micro_usd"]),
                seconds=float(row["seconds"]),
                reserved_micro_usd=int(row["held"]),
                reserved_seconds=float(row["held_seconds"]),
                pieces=int(row["pieces"]),
            )
            for row in rows
        }

    def _close(self, event: str, reservation: int, micro_usd: int, seconds: float, note: str) -> None:
        with self._store.write():
            rows = self._store.read("select * from spend where id = ? and event = 'reserve'", (reservation,))
            if not rows:
                raise BoardError(f"no reservation has the number {reservation}: reserve() gives one")
            held = rows[0]
            closed = self._store.read("select event from spend where reservation = ?", (reservation,))
            if closed:
                raise BoardError(f"reservation {reservation} is closed already ({closed[0]['event']}): reserve anew")
            self._append(
                event,
                reservation=reservation,
                micro_usd=micro_usd,
                seconds=seconds,
                note=note,
                **{name: held[name] for name in ("kind", "model", "node", "job", "by")},
            )

    def _append(
        self,
        event: str,
        *,
        micro_usd: int | None,
        seconds: float | None,
        reservation: int | None = None,
        kind: str = "",
        model: str = "",
        node: str = "",
        job: str = "",
        by: str = "",
        note: str = "",
    ) -> int:
        with self._store.write() as db:
            cursor: sqlite3.Cursor = db.execute(
                "insert into spend (at, event, reservation, micro_usd, seconds, kind, model, node, job, by, note) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (time.time(), event, reservation, micro_usd, seconds, kind, model, node, job, by, note),
            )
            assert cursor.lastrowid is not None
            return cursor.lastrowid


def usd(micro_usd: int) -> str:
    """1_250_000 -> "$1.25"; small sums keep four decimals."""
    return f"${micro_usd / MICRO:.2f}" if micro_usd >= 1_000_000 or micro_usd == 0 else f"${micro_usd / MICRO:.4f}"
