"""The project's SQLite file: held by one process at a time, read by any number, its errors in one line."""

import errno
import fcntl
import json
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

SCHEMA_VERSION = 1  # of board.sqlite; a change that old code can't read raises it
DATABASE = "board.sqlite"
LOCK = "board.lock"
LET_GO = 2.0  # seconds until the lock of a killed process is given up on

# The insert trigger is there because `insert or replace` deletes without asking the delete trigger.
_APPEND_ONLY = """
create trigger {0}_no_update before update on {0} begin select raise(abort, '{0} is append-only'); end;
create trigger {0}_no_delete before delete on {0} begin select raise(abort, '{0} is append-only'); end;
create trigger {0}_no_replace before insert on {0}
when exists (select 1 from {0} where rowid = new.rowid or {1})
begin select raise(abort, '{0} is append-only'); end;
"""

_TABLES = (
    """
create table log (
    entry integer primary key autoincrement,
    at real not null,              -- seconds since 1970
    by text not null,              -- user, agent, ...
    note text not null,
    action text not null check (action in ('apply', 'undo', 'redo')),
    target integer,                -- the entry that an undo or redo is about
    once text unique,              -- caller's key of an entry that must not be made twice
    operations text not null,      -- JSON: what was asked
    changes text not null,         -- JSON: [node, name, before, after], the truth
    needs text not null            -- JSON: [node, name, value] that the entry relied on
);
create table blobs (
    hash text primary key,         -- sha256, hex
    suffix text not null,
    bytes integer not null,
    at real not null
);
create table jobs (
    id integer primary key autoincrement,
    key text not null unique,      -- sha256 of the step's name and inputs
    name text not null,
    inputs text not null,
    state text not null check (state in ('queued', 'running', 'done', 'failed', 'ambiguous')),
    paid integer not null,
    submit text not null check (submit in ('no', 'maybe', 'yes')),  -- has the provider been asked?
    provider_id text,
    final integer not null default 0,  -- a person has said that it stays failed
    node text not null,
    model text not null,
    reservation integer,
    result text,
    blobs text not null default '{}',
    error text,
    attempts integer not null default 0,
    pid integer,
    queued_at real not null,
    started_at real,
    finished_at real,
    seconds real
);
create table spend (
    id integer primary key autoincrement,
    at real not null,
    event text not null check (event in ('cap', 'reserve', 'settle', 'release')),
    reservation integer,           -- the id of the reserve row that a settle or release closes
    micro_usd integer,             -- millionths of a US dollar; null in a cap: no cap
    seconds real,                  -- seconds of work; null in a cap: no cap
    kind text not null,
    model text not null,
    node text not null,
    job text not null,
    by text not null,
    note text not null
);
create unique index spend_closed_once on spend (reservation) where event in ('settle', 'release');
"""
    + _APPEND_ONLY.format("log", "once = new.once")
    + _APPEND_ONLY.format("spend", "event in ('settle', 'release') and reservation = new.reservation")
)


class BoardError(ValueError):
    """What a user or a full disk did to a project; one line that says what, the value and the way out."""


class BoardBusy(BoardError):
    """Another process (or another Board in this one) is writing this project."""


class Store:
    """One connection behind a lock; `write()` is one atomic transaction, on disk when it returns.

    `beside`: it writes beside the one process that holds the project, if there is one, and holds it not itself.
    """

    def __init__(self, folder: Path, *, create: bool, writer: bool, beside: bool = False) -> None:
        self.folder = folder
        self.path = folder / DATABASE
        self.writer = writer
        self.beside = beside
        self.lock = threading.RLock()
        self._lock_fd: int | None = None
        self._depth = 0
        fresh = not self.path.exists()
        if fresh and (beside or not (create and writer)):
            raise BoardError(f"no project at {folder}: there is no {DATABASE}; make one with `rushes make`")
        if writer and not beside:
            self._take_writer_lock()
        try:
            self._connection = self._connect()
            with self.errors():
                self._prepare()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Closes the file and lets the next writer in; closing twice is harmless."""
        with self.lock:
            connection = self.__dict__.pop("_connection", None)
            if connection is not None:
                connection.close()
            if self._lock_fd is not None:
                os.close(self._lock_fd)  # the lock goes with its file descriptor
                self._lock_fd = None

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One transaction, whole or not at all; inside another one of the same thread it joins that one."""
        if not self.writer:
            raise BoardError(f"{self.folder} is open for reading only: open it with writer=True to change it")
        with self.lock, self.errors():
            connection = self._open_connection()
            if self._depth:
                yield connection
                return
            connection.execute("begin immediate")
            self._depth += 1
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # SQLite rolls back by itself on a full disk
                    connection.execute("rollback")
                raise
            finally:
                self._depth -= 1

    def read(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        with self.lock, self.errors():
            return self._open_connection().execute(sql, parameters).fetchall()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """SQLite's and the system's errors as a BoardError of one line."""
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeEncodeError) as error:
            raise BoardError(_explain(error, self.path)) from error

    def _open_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = self.__dict__.get("_connection")
        if connection is None:
            raise BoardError(f"{self.folder} has been closed: open it again")
        return connection

    def _take_writer_lock(self) -> None:
        path = self.folder / LOCK
        with self.errors():
            self.folder.mkdir(parents=True, exist_ok=True)
            fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        # flock belongs to the open file, so it ends with the process however that dies; O_CLOEXEC keeps it out of the
        # ffmpeg processes that we start. One that was begun when its parent was killed has it for a moment longer.
        patience = time.monotonic() + LET_GO
        while True:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError as error:
                holder = os.pread(fd, 4096, 0)
                if _is_alive(holder) or time.monotonic() > patience:
                    os.close(fd)
                    raise BoardBusy(_who_holds(self.folder, holder)) from error
                time.sleep(0.01)
        self._lock_fd = fd
        about = {"pid": os.getpid(), "since": time.time(), "command": " ".join(sys.argv)[:200]}
        try:
            os.ftruncate(fd, 0)
            os.pwrite(fd, json.dumps(about).encode(), 0)
        except OSError:
            pass  # a full disk: the lock holds all the same, only its label is missing

    def _connect(self) -> sqlite3.Connection:
        uri = self.path.absolute().as_uri()
        if self.writer:
            mode = "?mode=rwc"
        elif os.access(self.folder, os.W_OK) or self.path.with_name(DATABASE + "-wal").exists():
            mode = "?mode=ro"
        else:
            mode = "?immutable=1"  # a reader of a read-only folder can't make the shared memory file that WAL wants
        with self.errors():
            connection = sqlite3.connect(
                uri + mode, uri=True, timeout=30, isolation_level=None, check_same_thread=False
            )
        connection.row_factory = sqlite3.Row
        return connection

    def _prepare(self) -> None:
        connection = self._connection
        try:
            (version,) = connection.execute("pragma user_version").fetchone()
            (tables,) = connection.execute("select count(*) from sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            # Only a maker that died before it had switched to WAL leaves a rollback journal, and no entry comes
            # before that switch. A reader can't roll it back; the next writer does.
            if self.writer or error.sqlite_errorcode != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
            version, tables = 0, 0
        if version == 0 and tables == 0:
            if not self.writer:
                raise BoardError(f"no project at {self.folder} yet: {DATABASE} is empty; its maker may be starting up")
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")
            # executescript would commit by itself; one statement at a time keeps a killed start from halves
            with self.write() as db:
                for statement in _statements(_TABLES):
                    db.execute(statement)
                db.execute(f"pragma user_version={SCHEMA_VERSION}")
            return
        if version != SCHEMA_VERSION:
            hint = (
                "update rushes"
                if version > SCHEMA_VERSION
                else "it is not one of ours, or from before the first release"
            )
            raise BoardError(f"{self.path} has schema version {version}, this rushes reads {SCHEMA_VERSION}: {hint}")
        if self.writer:
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")  # on disk at commit: a paid job's id survives a power cut


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines():
        statement += line + "\n"
        if statement.strip() and sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _explain(error: Exception, path: Path) -> str:
    text = str(error)
    if isinstance(error, UnicodeEncodeError):
        return f"text with half a character (lone surrogate) at position {error.start} can't be stored: clean the text"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"can't write {error.filename or path}: {error.strerror}; nothing was changed: free some space and retry"
    if isinstance(error, OSError):
        return f"can't write {error.filename or path}: {error.strerror or text}; choose a folder that you may write to"
    if "disk is full" in text or "disk I/O error" in text:
        return f"can't write {path}: {text}; nothing was changed: free some space and run the same command again"
    if "readonly" in text or "unable to open" in text or "access permission" in text:
        return f"can't open {path}: {text}; check the permissions of its folder"
    if "not a database" in text or "malformed" in text:
        return f"{path} is damaged or not a project: {text}; restore it from a copy or choose another folder"
    return f"{path}: {text}"


def _is_alive(label: bytes) -> bool:
    """Whether the process that took the lock is still there, as far as its label tells."""
    try:
        os.kill(int(json.loads(label)["pid"]), 0)
    except ProcessLookupError:
        return False
    except (ValueError, KeyError, TypeError, OverflowError, PermissionError):
        pass
    return True


def _who_holds(folder: Path, label: bytes) -> str:
    try:
        about = json.loads(label)
        since = datetime.fromtimestamp(about["since"]).strftime("%Y-%m-%d %H:%M:%S")
        pid = int(about["pid"])
    except (ValueError, KeyError, TypeError):
        return f"{folder} is being written by another process; wait for it, or choose another folder"
    if pid == os.getpid():
        return f"{folder} is already open for writing in this process (pid {pid}) since {since}: use that Board"
    return (
        f"{folder} is being written by process {pid} since {since}: "
        f"wait for it to end, stop it with `kill {pid}`, or choose another folder; "
        "`rushes show`, `undo` and `redo` work meanwhile"
    )
