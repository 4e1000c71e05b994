"""Durable steps, keyed by their inputs: what is done is never done again, and nothing paid for is bought twice."""

import json
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from rushes.board.blobs import Blobs
from rushes.board.canonical import canonical, digest
from rushes.board.spend import Estimate, Spend
from rushes.board.store import BoardError, Store


class NotSubmitted(Exception):
    """A paid step's fn raises this (or a subclass) where it is certain that the provider took no order."""


class OrderFailed(Exception):
    """The provider took the order and said that it failed for good; raised by `Job.order_failed`."""


class AmbiguousJob(BoardError):
    """A paid order may be out and its id is unknown; only a person can say what to do."""


class JobFailed(BoardError):
    """A person has said that this job stays failed."""


@dataclass(frozen=True, kw_only=True)
class StepResult:
    """What a step came to."""

    job: str  # "job-7"
    key: str  # sha256 of name and inputs
    value: Any  # JSON that fn returned
    blobs: dict[str, str]  # name -> hash of what fn attached
    seconds: float  # of work, when it was done
    micro_usd: int  # cost of all its attempts, millionths of a US dollar
    ran: bool  # False: it had been done before and fn was not called


@dataclass(frozen=True, kw_only=True)
class JobInfo:
    """One row of the job table, for people and watchers."""

    id: str  # "job-7"
    key: str  # sha256 of name and inputs
    name: str
    inputs: Any  # as given to step()
    state: str  # queued, running, done, failed or ambiguous
    paid: bool
    provider_id: str | None
    node: str
    model: str
    error: str | None  # of the last attempt
    attempts: int
    pid: int | None  # of the process that last ran it
    queued_at: float  # seconds since 1970
    started_at: float | None  # seconds since 1970
    finished_at: float | None  # seconds since 1970
    seconds: float | None  # of work
    result: Any
    blobs: dict[str, str]


class Job:
    """What a step's fn is given."""

    def __init__(self, jobs: "Jobs", row: sqlite3.Row) -> None:
        self._jobs = jobs
        self.id = f"job-{row['id']}"
        self.key: str = row["key"]
        self.attempt: int = row["attempts"]
        self.provider_id: str | None = row["provider_id"]  # set: the order is out, poll it and don't submit again
        self.blobs: dict[str, str] = {}
        self.micro_usd: int | None = None  # as charged; None: as estimated
        self.seconds: float | None = None  # as charged; None: as measured

    def remember(self, provider_id: str) -> None:
        """Stores the provider's id of the order; on disk when this returns. Call it before the first poll."""
        try:
            self._jobs._update(self.id, submit="yes", provider_id=provider_id)
        except BoardError as error:
            raise BoardError(f"{error}; write down that {self.id} is order {provider_id} at its provider") from error
        self.provider_id = provider_id

    def order_failed(self, why: str) -> NoReturn:
        """The provider has said that the order ended without a result. Raises OrderFailed; a later run orders anew."""
        self._jobs._update(self.id, submit="no", provider_id=None)
        self.provider_id = None
        raise OrderFailed(why)

    def attach(self, name: str, source: Path | str | bytes, suffix: str | None = None) -> str:
        """Stores a file (or bytes) as part of the result and returns its hash."""
        self.blobs[name] = self._jobs.blobs.put(source, suffix)
        return self.blobs[name]

    def charge(self, *, micro_usd: int = 0, seconds: float | None = None) -> None:
        """What the work really cost. Without this the estimate's money and the measured seconds count."""
        self.micro_usd, self.seconds = micro_usd, seconds

    def scratch(self) -> Path:
        """An empty folder inside the project for files under way; it goes when the step ends."""
        folder = self._jobs.scratch / self.id
        with self._jobs.store.errors():
            folder.mkdir(parents=True, exist_ok=True)
        return folder


class Jobs:
    """The job table and the steps running in this process."""

    def __init__(self, store: Store, blobs: Blobs, spend: Spend) -> None:
        self.store = store
        self.blobs = blobs
        self.spend = spend
        self.scratch = store.folder / "scratch"
        self._running: dict[str, tuple[threading.Lock, int]] = {}
        self._guard = threading.Lock()

    def recover(self) -> None:
        """Called by the one writer when it opens: whatever is 'running' was left by a process that died."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        with self.store.write():
            for row in self.store.read("select * from jobs where state = 'running'"):
                self._interrupted(row)

    def step(
        self,
        name: str,
        inputs: dict[str, Any],
        fn: Callable[[Job], Any],
        *,
        node: str = "",
        model: str = "",
        paid: bool = False,
        estimate: Estimate | None = None,
    ) -> StepResult:
        """See `Board.step`."""
        text = canonical({"step": name, "inputs": inputs}, what=f"the inputs of step {name!r}")
        key = digest(text)
        with self._alone(name, key):
            begun = self._begin(name, key, canonical(inputs, what="inputs"), node, model, paid, estimate or Estimate())
            if isinstance(begun, StepResult):
                return begun
            started = time.monotonic()
            try:
                value = fn(begun)
                result = canonical(value, what=f"the result of step {name!r}")
            except BaseException as error:
                try:
                    self._failed(begun, error, time.monotonic() - started)
                except BoardError as second:  # a full disk: the row stays 'running' and is recovered by the next call
                    error.add_note(f"and its failure could not be stored: {second}")
                raise
            finally:
                shutil.rmtree(self.scratch / begun.id, ignore_errors=True)
            return self._done(begun, result, time.monotonic() - started)

    def resolve(self, id: str, how: str, provider_id: str | None = None) -> None:
        """See `Board.resolve_job`."""
        with self.store.write():
            row = self._row(id)
            if row["state"] not in ("ambiguous", "failed"):
                raise BoardError(f"{id} is {row['state']}: only an ambiguous or failed job needs a person's word")
            if how == "poll" and provider_id:
                self._update(id, state="queued", final=0, submit="yes", provider_id=provider_id, error=None)
                return
            if how not in ("retry", "failed"):
                raise BoardError(f"can't resolve {id} by {how!r}: say 'retry', 'failed', or 'poll' with a provider_id")
            self._release(row, f"resolved: {how}")
            state = "queued" if how == "retry" else "failed"
            self._update(id, state=state, final=int(how == "failed"), submit="no", provider_id=None)

    def info(self, id: str) -> JobInfo:
        return _info(self._row(id))

    def all(self, state: str = "") -> list[JobInfo]:
        """All jobs in the order of their making, or those in one state."""
        rows = self.store.read("select * from jobs where ? = '' or state = ? order by id", (state, state))
        return [_info(row) for row in rows]

    @contextmanager
    def _alone(self, name: str, key: str) -> Iterator[None]:
        """Equal steps of several threads run one behind the other, so that the second finds the first's result."""
        me = threading.get_ident()
        with self._guard:
            lock, owner = self._running.get(key, (threading.Lock(), 0))
            if owner == me:
                raise BoardError(f"step {name!r} asks for itself with the same inputs: it would wait for ever")
            self._running.setdefault(key, (lock, 0))
        with lock:
            with self._guard:
                self._running[key] = (lock, me)
            try:
                yield
            finally:
                with self._guard:
                    self._running[key] = (lock, 0)

    def _begin(
        self, name: str, key: str, inputs: str, node: str, model: str, paid: bool, estimate: Estimate
    ) -> StepResult | Job:
        """The stored result, or the job marked as running with its money reserved, in one transaction."""
        if self._find(key) is None and not self.store.writer:
            raise BoardError(f"{self.store.folder} is open for reading only, and step {name!r} has not been done yet")
        found = self._find(key)
        if found is not None and found["state"] == "done" and self._whole(found):
            return self._result(found, ran=False)
        with self.store.write() as db:
            now = time.time()
            if found is None:
                db.execute(
                    "insert into jobs (key, name, inputs, state, paid, submit, node, model, queued_at) "
                    "values (?, ?, ?, 'queued', ?, 'no', ?, ?, ?)",
                    (key, name, inputs, int(paid), node, model, now),
                )
            elif found["state"] == "running":  # not by a thread of ours, since we hold its lock: left behind
                self._interrupted(found)
        found = self._find(key)
        assert found is not None
        id = f"job-{found['id']}"
        if found["state"] == "ambiguous":
            raise AmbiguousJob(
                f"{id} ({name}) may have ordered paid work and its provider id is unknown: look at the "
                f"provider's list of jobs, then resolve {id} as 'retry', 'failed', or 'poll' with that id"
            )
        if found["final"]:
            raise JobFailed(f"{id} ({name}) was given up by a person: use other inputs, or resolve {id} as 'retry'")
        with self.store.write():
            reservation = found["reservation"]
            if reservation is None:
                reservation = self.spend.reserve(estimate, kind=name, model=model, node=node, job=id)
            submit = found["submit"] if found["submit"] == "yes" else ("maybe" if paid else "no")
            self._update(
                id,
                state="running",
                paid=int(paid or found["submit"] == "yes"),
                submit=submit,
                reservation=reservation,
                attempts=found["attempts"] + 1,
                pid=os.getpid(),
                started_at=now,
                finished_at=None,
                error=None,
            )
        shutil.rmtree(self.scratch / id, ignore_errors=True)
        return Job(self, self._row(id))

    def _done(self, job: Job, result: str, seconds: float) -> StepResult:
        with self.store.write():
            row = self._row(job.id)
            held = self.store.read("select micro_usd from spend where id = ?", (row["reservation"],))[0]
            money = held["micro_usd"] if job.micro_usd is None else job.micro_usd
            seconds = seconds if job.seconds is None else job.seconds
            self.spend.settle(row["reservation"], micro_usd=money, seconds=seconds)
            self._update(
                job.id,
                state="done",
                result=result,
                blobs=json.dumps(job.blobs),
                error=None,
                finished_at=time.time(),
                seconds=seconds,
                submit="no",
                reservation=None,
            )
            return self._result(self._row(job.id), ran=True)

    def _failed(self, job: Job, error: BaseException, seconds: float) -> None:
        with self.store.write():
            row = self._row(job.id)
            text = f"{type(error).__name__}: {error}"[:2000].encode(errors="replace").decode()
            if row["submit"] == "maybe" and not isinstance(error, NotSubmitted):
                error.add_note(f"{job.id} may have ordered paid work: resolve it as 'retry', 'failed' or 'poll'")
                self._update(job.id, state="ambiguous", error=text, finished_at=time.time(), seconds=seconds)
                return
            if row["submit"] == "yes":  # the order is out and may still be charged: the reservation stays
                self._update(job.id, state="failed", error=text, finished_at=time.time(), seconds=seconds)
                return
            self.spend.settle(row["reservation"], micro_usd=job.micro_usd or 0, seconds=seconds, note="failed")
            self._update(
                job.id,
                state="failed",
                submit="no",
                error=text,
                finished_at=time.time(),
                seconds=seconds,
                reservation=None,
            )

    def _interrupted(self, row: sqlite3.Row) -> None:
        id = f"job-{row['id']}"
        if row["submit"] == "maybe":
            error = f"process {row['pid']} ended after a paid order may have gone out"
            self._update(id, state="ambiguous", error=error, finished_at=time.time())
            return
        if row["submit"] == "no":
            self._release(row, "interrupted")
        self._update(id, state="queued", error=f"process {row['pid']} ended while it ran")

    def _release(self, row: sqlite3.Row, note: str) -> None:
        if row["reservation"] is not None:
            self.spend.release(row["reservation"], note=note)
            self._update(f"job-{row['id']}", reservation=None)

    def _whole(self, row: sqlite3.Row) -> bool:
        lost = [name for name, blob in json.loads(row["blobs"]).items() if not self.blobs.has(blob)]
        if lost and row["paid"]:
            raise BoardError(
                f"job-{row['id']} ({row['name']}) was paid for and its file {lost[0]!r} is gone from "
                f"{self.blobs.folder}: restore the folder from a copy, or use other inputs"
            )
        return not lost

    def _result(self, row: sqlite3.Row, *, ran: bool) -> StepResult:
        id = f"job-{row['id']}"
        return StepResult(
            job=id,
            key=row["key"],
            value=json.loads(row["result"]),
            blobs=json.loads(row["blobs"]),
            seconds=row["seconds"],
            micro_usd=self.spend.totals(job=id).micro_usd,
            ran=ran,
        )

    def _find(self, key: str) -> sqlite3.Row | None:
        rows = self.store.read("select * from jobs where key = ?", (key,))
        return rows[0] if rows else None

    def _row(self, id: str) -> sqlite3.Row:
        number = id.removeprefix("job-")
        rows = self.store.read("select * from jobs where id = ?", (int(number),)) if number.isdecimal() else []
        if not rows:
            raise BoardError(f"no job is called {id!r}: jobs.all() gives those there are")
        return rows[0]

    def _update(self, id: str, **columns: Any) -> None:
        names = ", ".join(f"{name} = ?" for name in columns)
        with self.store.write() as db:
            db.execute(f"update jobs set {names} where id = ?", (*columns.values(), int(id.removeprefix("job-"))))


def _info(row: sqlite3.Row) -> JobInfo:
    plain = {name: row[name] for name in ("key", "name", "state", "provider_id", "node", "model", "error", "attempts")}
    times = {name: row[name] for name in ("pid", "queued_at", "started_at", "finished_at", "seconds")}
    return JobInfo(
        id=f"job-{row['id']}",
        inputs=json.loads(row["inputs"]),
        paid=bool(row["paid"]),
        result=None if row["result"] is None else json.loads(row["result"]),
        blobs=json.loads(row["blobs"]),
        **plain,
        **times,
    )
