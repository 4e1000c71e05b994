"""Files by the hash of their content: written once, never changed."""

import hashlib
import io
import os
import re
import shutil
import sqlite3
import time
import uuid
from pathlib import Path
from typing import BinaryIO

from rushes.board.store import BoardError, Store

_CHUNK = 1 << 20  # bytes


class Blobs:
    """`blobs/ab/abcdef….mp4`; the row in the database is made when the file is whole and on disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.folder = store.folder / "blobs"
        self._unfinished = self.folder / "unfinished"

    def put(self, source: Path | str | bytes, suffix: str | None = None) -> str:
        """Copies a file (or bytes) in and returns its sha256 in hex.

        `suffix` (".mp4"; default: the file's own) is what `path()` ends in; content that is already here keeps the
        suffix of its first time. Raises BoardError: no such file, disk full, folder not writable.
        """
        if isinstance(source, bytes):
            return self._copy(io.BytesIO(source), suffix or "", "bytes in memory")
        source = Path(source)
        if not source.is_file():
            raise BoardError(f"can't store {source}: not a file; give the path of an existing file")
        with self._store.errors(), source.open("rb") as reader:
            return self._copy(reader, source.suffix if suffix is None else suffix, str(source))

    def path(self, blob: str) -> Path:
        """Where the file is; its name ends in its suffix. Raises BoardError if this project has no such blob."""
        row = self._row(blob)
        if row is None:
            raise BoardError(f"no blob {blob!r} in {self._store.folder}: store it first with put()")
        return self._file(row["hash"], row["suffix"])

    def has(self, blob: str) -> bool:
        """True if the blob is known and its file is there."""
        row = self._row(blob)
        return row is not None and self._file(row["hash"], row["suffix"]).is_file()

    def bytes(self) -> int:
        """Size of all blobs together, in bytes."""
        return int(self._store.read("select coalesce(sum(bytes), 0) as total from blobs")[0]["total"])

    def sweep(self) -> None:
        """Deletes what killed processes left half written; only the one writer may call it."""
        shutil.rmtree(self._unfinished, ignore_errors=True)

    def problems(self) -> list[str]:
        """Every blob read again: one line for each that is missing or whose content is not its hash."""
        found = []
        for row in self._store.read("select hash, suffix from blobs order by hash"):
            path = self._file(row["hash"], row["suffix"])
            if not path.is_file():
                found.append(f"blob {row['hash'][:12]} is missing: {path}")
                continue
            with path.open("rb") as reader:
                if hashlib.file_digest(reader, "sha256").hexdigest() != row["hash"]:
                    found.append(f"blob {row['hash'][:12]} has changed: {path}")
        return found

    def _row(self, blob: str) -> sqlite3.Row | None:
        rows = self._store.read("select hash, suffix from blobs where hash = ?", (blob,))
        return rows[0] if rows else None

    def _file(self, blob: str, suffix: str) -> Path:
        return self.folder / blob[:2] / (blob + suffix)

    def _copy(self, reader: BinaryIO, suffix: str, what: str) -> str:
        if not self._store.writer:
            raise BoardError(f"{self._store.folder} is open for reading only: open it with writer=True to store files")
        suffix = suffix.lower()
        if suffix and not re.fullmatch(r"\.[a-z0-9]{1,10}", suffix):
            raise BoardError(f"suffix {suffix!r} of {what}: write a dot and up to 10 letters or digits, such as .mp4")
        temporary = self._unfinished / uuid.uuid4().hex
        try:
            with self._store.errors():
                self._unfinished.mkdir(parents=True, exist_ok=True)
                blob, size = _write(reader, temporary)
            with self._store.write() as db:  # the file first, then its row: a kill between leaves an unknown file only
                row = self._row(blob)
                if row is not None:
                    suffix = row["suffix"]
                target = self._file(blob, suffix)
                if not target.exists():
                    target.parent.mkdir(exist_ok=True)
                    os.rename(temporary, target)
                    _sync_folder(target.parent)
                if row is None:
                    db.execute("insert into blobs values (?, ?, ?, ?)", (blob, suffix, size, time.time()))
        finally:
            temporary.unlink(missing_ok=True)
        return blob


def _write(reader: BinaryIO, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            size += writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
        os.fchmod(writer.fileno(), 0o444)
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
