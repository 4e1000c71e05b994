"""Every version of the harness that was ever tried, what became of it, and which one is in use.

SQLite, append-only, outside of any project: nothing that the agent's tools touch is near it. What is current follows
from the history: an adoption puts a version on top, a rollback or a restore takes the top one away.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rushes.agent.harness.version import HarnessVersion

Action = Literal["adopt", "refuse", "rollback", "restore"]  # restore: a rollback that nobody asked for

_TABLES = """
create table if not exists versions (
    hash text primary key,         -- sha256 of content
    content text not null,         -- JSON
    parent text not null,          -- hash of the version that it changes; empty for the first
    by text not null,              -- who proposed it
    why text not null,
    at real not null               -- seconds since 1970
);
create table if not exists history (
    entry integer primary key autoincrement,
    at real not null,
    action text not null check (action in ('adopt', 'refuse', 'rollback', 'restore')),
    version text not null,         -- hash, or empty: what was proposed was no version
    against text not null,         -- hash of the version that was current
    why text not null,
    figures text not null          -- JSON: scores of the trial
);
"""
APPEND_ONLY = """
create trigger if not exists {0}_no_update before update on {0} begin select raise(abort, '{0} is append-only'); end;
create trigger if not exists {0}_no_delete before delete on {0} begin select raise(abort, '{0} is append-only'); end;
"""


class ArchiveError(ValueError):
    """Nothing to go back to, no such version, or a file that can't be used."""


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A version, and where it came from."""

    version: HarnessVersion
    parent: str  # hash; empty for the first
    by: str  # who proposed it
    why: str
    at: float  # seconds since 1970


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line of the history."""

    entry: int
    at: float  # seconds since 1970
    action: Action
    version: str  # hash, or empty: what was proposed was no version
    against: str  # hash of the version that was current
    why: str
    figures: dict[str, Any]

    @property
    def judges(self) -> tuple[str, ...]:
        """Names of the evaluators that tried it; empty: nobody did."""
        return tuple(self.figures.get("judges", ()))


def default_folder() -> Path:
    """Of the user, not of a project."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "rushes"


class Archive:
    """`first`: the version that an empty archive begins with."""

    def __init__(self, folder: Path, first: HarnessVersion | None = None) -> None:
        self.path = folder / "harness.sqlite"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=30)) as db:
                db.executescript(_TABLES + APPEND_ONLY.format("versions") + APPEND_ONLY.format("history"))
        except (OSError, sqlite3.Error) as error:
            raise ArchiveError(f"{self.path} can't be used as an archive of versions: {error}") from error
        if not self.history():
            self.adopt(
                self.keep(first or HarnessVersion(), by="rushes", why="the first version"), why="it is the first"
            )

    def current(self) -> HarnessVersion:
        with self._open() as db:
            top = _top(db)
        return self.version(top)

    def last_good(self) -> HarnessVersion | None:
        """What a rollback would bring back; None below the first version."""
        with self._open() as db:
            stack = _stack(db)
        return self.version(stack[-2]) if len(stack) > 1 else None

    def version(self, hash: str) -> HarnessVersion:
        return self.proposed(hash).version

    def proposed(self, hash: str) -> Proposed:
        """By its hash, or the beginning of one. Raises ArchiveError."""
        with self._open() as db:
            rows = db.execute("select * from versions where substr(hash, 1, ?) = ?", (len(hash), hash)).fetchall()
        if len(rows) != 1 or not hash:
            raise ArchiveError(f"{len(rows)} versions begin with {hash!r}; `rushes harness list` shows all")
        row = rows[0]
        version = HarnessVersion.model_validate_json(row["content"])
        return Proposed(version=version, parent=row["parent"], by=row["by"], why=row["why"], at=row["at"])

    def history(self) -> list[Line]:
        with self._open() as db:
            rows = db.execute("select * from history order by entry").fetchall()
        return [Line(**dict(row) | {"figures": json.loads(row["figures"])}) for row in rows]

    def keep(self, version: HarnessVersion, *, by: str, why: str) -> HarnessVersion:
        """Stores a version as proposed against the current one; adopting is another matter."""
        with self._open() as db:
            row = (version.hash, version.model_dump_json(), _top(db), by, why, time.time())
            db.execute("insert or ignore into versions values (?, ?, ?, ?, ?, ?)", row)
        return version

    def adopt(
        self,
        version: HarnessVersion,
        *,
        why: str,
        figures: dict[str, Any] | None = None,
        over: HarnessVersion | None = None,
    ) -> None:
        """`over`: the version that it was found better than. Raises ArchiveError if that is no longer in use."""
        with self._open() as db:
            if over is not None and _top(db) != over.hash:
                raise ArchiveError(f"{over.short} was replaced by {_top(db)[:12]} meanwhile; propose again")
            _append(db, "adopt", version.hash, why, figures)

    def refuse(self, version: HarnessVersion | None, *, why: str, figures: dict[str, Any] | None = None) -> None:
        with self._open() as db:
            _append(db, "refuse", version.hash if version else "", why, figures)

    def rollback(self, *, why: str = "asked for") -> HarnessVersion:
        """Goes back to the last good version and returns it. Raises ArchiveError at the first version."""
        with self._open() as db:
            if len(_stack(db)) < 2:
                raise ArchiveError(f"{_top(db)[:12]} is the first version; there is none to go back to")
            _append(db, "rollback", _top(db), why)
        return self.current()

    def restore(self, failed: HarnessVersion, *, why: str) -> HarnessVersion:
        """The last good version comes back, if the failed one is in use: two sessions may meet the same crash.

        Raises ArchiveError where the first version itself has failed.
        """
        with self._open() as db:
            if _top(db) == failed.hash:
                if len(_stack(db)) < 2:
                    raise ArchiveError(f"the first version failed, and there is none to go back to: {why}")
                _append(db, "restore", failed.hash, why)
        return self.current()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A transaction that no other process writes in between."""
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            db.execute("begin immediate")
            with db:
                yield db


def _stack(db: sqlite3.Connection) -> list[str]:
    """Hashes of the versions that were adopted and not taken back; the last is in use."""
    stack: list[str] = []
    for row in db.execute("select action, version from history order by entry"):
        if row["action"] == "adopt":
            stack.append(row["version"])
        elif row["action"] != "refuse":
            stack.pop()
    return stack


def _top(db: sqlite3.Connection) -> str:
    return (_stack(db) or [""])[-1]


def _append(
    db: sqlite3.Connection, action: Action, version: str, why: str, figures: dict[str, Any] | None = None
) -> None:
    row = (time.time(), action, version, _top(db), why, json.dumps(figures or {}))
    db.execute("insert into history (at, action, version, against, why, figures) values (?, ?, ?, ?, ?, ?)", row)
