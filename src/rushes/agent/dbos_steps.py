"""Durable steps on DBOS with PostgreSQL: for projects that outgrow one machine. The same promises as the board's own.

Every attempt at a step is a workflow of DBOS, named by the step's key and a number, and nothing that DBOS keeps is a
pickle. What ended well is found by its key; an attempt that a kill cut short stays where it is, and the next one learns
from it whether an order is out. Money is counted on the board, as everywhere.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from rushes.board.board import Board
from rushes.board.canonical import canonical, digest
from rushes.board.jobs import AmbiguousJob, NotSubmitted, OrderFailed, StepResult
from rushes.board.spend import Estimate
from rushes.board.store import BoardError

VERSION = "rushes-steps-1"  # of what is kept; it stays when other sources change, so that all is found again


@dataclass(frozen=True, kw_only=True)
class _State:
    """Where an attempt stands, kept by DBOS as its event."""

    submit: str = "no"  # "maybe": a paid order may go out from now on; "yes": it is out
    order: str | None = None  # the provider's id
    reservation: int | None = None  # on the board


class DbosJob:
    """What a step's fn is given: as `board.jobs.Job`."""

    def __init__(self, id: str, key: str, attempt: int, state: _State, board: Board, set_event: Callable[..., None]):
        self.id, self.key, self.attempt = id, key, attempt
        self.state = state
        self.blobs: dict[str, str] = {}
        self.micro_usd: int | None = None  # as charged; None: as estimated
        self.seconds: float | None = None  # as charged; None: as measured
        self._board = board
        self._set_event = set_event

    @property
    def provider_id(self) -> str | None:
        return self.state.order

    def keep(self, state: _State) -> None:
        self._set_event("state", asdict(state))
        self.state = state

    def remember(self, provider_id: str) -> None:
        """Stores the provider's id of the order; in the database when this returns."""
        self.keep(replace(self.state, submit="yes", order=provider_id))

    def order_failed(self, why: str) -> NoReturn:
        """The provider has said that the order ended without a result. Raises OrderFailed; a later run orders anew."""
        self.keep(replace(self.state, submit="no", order=None))
        raise OrderFailed(why)

    def attach(self, name: str, source: Path | str | bytes, suffix: str | None = None) -> str:
        self.blobs[name] = self._board.put(source, suffix)
        return self.blobs[name]

    def charge(self, *, micro_usd: int = 0, seconds: float | None = None) -> None:
        self.micro_usd, self.seconds = micro_usd, seconds

    def scratch(self) -> Path:
        folder = self._board.folder / "scratch" / self.key
        folder.mkdir(parents=True, exist_ok=True)
        return folder


class DbosSteps:
    """`project`: whose steps they are; several projects may share one database. One instance a process."""

    def __init__(self, board: Board, url: str, *, project: str = "") -> None:
        try:
            from dbos import DBOS, DBOSClient, DBOSPortableJSONSerializer, SetWorkflowID
        except ImportError as error:
            raise ValueError("steps in PostgreSQL need DBOS; install it with pip install 'rushes[postgres]'") from error
        self._board, self._dbos, self._named = board, DBOS, SetWorkflowID
        self._project = project or board.folder.resolve().name
        self._work: dict[str, Callable[[], dict[str, Any]]] = {}  # attempt -> what it does, in this process
        self._alone = threading.RLock()
        DBOS(
            config={
                "name": "rushes",
                "system_database_url": url,
                "application_version": VERSION,
                "executor_id": uuid.uuid4().hex,  # DBOS itself runs nothing again: whoever asks for the step does
                "serializer": DBOSPortableJSONSerializer(),
                "log_level": "ERROR",
                "run_migrations": True,
            }
        )

        @DBOS.workflow(name="rushes-step")
        def attempt(id: str) -> dict[str, Any]:
            return self._work.pop(id)()

        self._attempt = attempt
        DBOS.launch()
        self._reads = DBOSClient(system_database_url=url, serializer=DBOSPortableJSONSerializer())

    def close(self) -> None:
        self._reads.destroy()
        self._dbos.destroy(destroy_registry=True)

    def step(
        self,
        name: str,
        inputs: dict[str, Any],
        fn: Callable[[Any], Any],
        *,
        node: str = "",
        model: str = "",
        paid: bool = False,
        estimate: Estimate | None = None,
    ) -> StepResult:
        """As `Board.step`. Steps of several threads run one behind the other."""
        key = self._key(name, inputs)
        with self._alone:
            done, state, number = self._find(key)
            if done is not None and self._whole(name, done):
                return StepResult(key=key, ran=False, **{k: v for k, v in done.items() if k not in ("ok", "paid")})
            if state.submit == "maybe":
                raise AmbiguousJob(
                    f"{key} ({name}) may have ordered paid work and its provider id is unknown: look at the provider's "
                    f"list of orders, then resolve({key!r}, ...) as 'retry' or 'poll' with that id"
                )
            if state.reservation is None:
                held = self._board.spend.reserve(estimate or Estimate(), kind=name, model=model, node=node, job=key)
                state = replace(state, reservation=held)
            if paid and state.order is None:
                state = replace(state, submit="maybe")
            return self._try(key, number + 1, state, fn, estimate or Estimate(), paid)

    def resolve(self, key: str, how: str, provider_id: str | None = None) -> None:
        """A person's word on an ambiguous step: "retry" orders anew, "poll" fetches the order with this id."""
        if how not in ("retry", "poll") or (how == "poll") != bool(provider_id):
            raise BoardError(f"can't resolve {key} by {how!r}: say 'retry', or 'poll' with a provider_id")
        with self._alone:
            _, state, number = self._find(key)
            if state.submit != "maybe":
                raise BoardError(f"{key} is not ambiguous: only such a step needs a person's word")
            state = replace(state, submit="yes" if provider_id else "no", order=provider_id)
            id = f"{self._project}/{key}/{number + 1}"
            self._work[id] = lambda: self._dbos.set_event("state", asdict(state)) or {"ok": False, "error": how}
            self._run(id)

    def _try(
        self, key: str, number: int, state: _State, fn: Callable[[Any], Any], estimate: Estimate, paid: bool
    ) -> StepResult:
        id = f"{self._project}/{key}/{number}"
        job = DbosJob(id, key, number, state, self._board, self._dbos.set_event)
        raised: list[BaseException] = []

        def work() -> dict[str, Any]:
            job.keep(state)
            started = time.monotonic()
            try:
                value = fn(job)
                canonical(value, what="the result of a step")
            except BaseException as error:
                raised.append(error)
                self._failed(job, error, time.monotonic() - started)
                return {"ok": False, "error": f"{type(error).__name__}: {error}"[:2000]}
            finally:
                shutil.rmtree(self._board.folder / "scratch" / key, ignore_errors=True)
            seconds = time.monotonic() - started if job.seconds is None else job.seconds
            money = estimate.micro_usd if job.micro_usd is None else job.micro_usd
            return {
                "ok": True,
                "paid": paid,
                "job": id,
                "value": value,
                "blobs": job.blobs,
                "seconds": seconds,
                "micro_usd": money,
            }

        self._work[id] = work
        done = self._run(id)
        if raised:
            raise raised[0]
        self._settle(state.reservation, done["micro_usd"], done["seconds"])
        return StepResult(key=key, ran=True, **{k: v for k, v in done.items() if k not in ("ok", "paid")})

    def _run(self, id: str) -> dict[str, Any]:
        with self._named(id):
            return self._attempt(id)

    def _failed(self, job: DbosJob, error: BaseException, seconds: float) -> None:
        if job.state.submit == "maybe" and not isinstance(error, NotSubmitted):
            error.add_note(f"{job.key} may have ordered paid work: resolve it as 'retry' or 'poll'")
            return
        if job.state.submit == "yes":  # the order is out and may still be charged: the reservation stays
            return
        self._settle(job.state.reservation, job.micro_usd or 0, seconds)
        job.keep(_State())

    def _settle(self, reservation: int | None, micro_usd: int, seconds: float) -> None:
        if reservation is not None:
            with contextlib.suppress(BoardError):  # closed by an attempt that was killed right behind it
                self._board.spend.settle(reservation, micro_usd=micro_usd, seconds=seconds)

    def _find(self, key: str) -> tuple[dict[str, Any] | None, _State, int]:
        """What the step came to, where its last attempt stands, and the number of that attempt."""
        ids = f"{self._project}/{key}/"
        found = self._reads.list_workflows(workflow_id_prefix=ids, load_input=False, sort_desc=True)
        if not found:
            return None, _State(), 0
        done = next((each.output for each in found if each.output and each.output["ok"]), None)
        kept = self._reads.get_event(found[0].workflow_id, "state", timeout_seconds=0)
        state = _State(**kept) if kept else _State()
        if done is not None:  # killed between its end and the board's ledger: its money is settled now
            self._settle(state.reservation, done["micro_usd"], done["seconds"])
        return done, state, max(int(each.workflow_id.rpartition("/")[2]) for each in found)

    def _whole(self, name: str, done: dict[str, Any]) -> bool:
        lost = [blob for blob in done["blobs"].values() if not self._board.blobs.has(blob)]
        if lost and done["paid"]:
            raise BoardError(f"{name} was paid for and its file {lost[0][:12]} is gone: restore it from a copy")
        return not lost

    def _key(self, name: str, inputs: dict[str, Any]) -> str:
        return digest(canonical({"step": name, "inputs": inputs}, what=f"the inputs of step {name!r}"))
