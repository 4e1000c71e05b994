"""Durable steps on DBOS with a real PostgreSQL, started by the test as an unprivileged user in a temporary folder."""

from __future__ import annotations

import getpass
import importlib.util
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rushes.agent.steps import open_steps
from rushes.board.board import Board

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
needs_postgres = pytest.mark.skipif(
    not POSTGRES or importlib.util.find_spec("dbos") is None,
    reason="needs PostgreSQL (Debian: apt install postgresql) and dbos (pip install 'rushes[postgres]')",
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A fresh cluster that listens on the loopback interface only. PostgreSQL refuses to run as root."""
    bin = POSTGRES[-1].parent
    user = "nobody" if os.geteuid() == 0 else getpass.getuser()
    account = pwd.getpwnam(user)
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    folder = Path(tempfile.mkdtemp(prefix="rushes-pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    made = subprocess.run(
        [bin / "initdb", "-D", data, "-U", "rushes", "--auth=trust", "--no-sync"],
        capture_output=True,
        cwd=folder,
        **who,
    )
    assert made.returncode == 0, made.stderr.decode()
    options = ["-p", str(port), "-h", "127.0.0.1", "-k", str(folder), "-F"]
    server = subprocess.Popen(
        [bin / "postgres", "-D", data, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        **who,
    )
    try:
        for _ in range(600):
            ready = subprocess.run([bin / "pg_isready", "-h", "127.0.0.1", "-p", str(port)], capture_output=True)
            if ready.returncode == 0:
                break
            server.poll()
            assert server.returncode is None, "PostgreSQL ended at once"

            time.sleep(0.1)
        yield f"postgresql://rushes@127.0.0.1:{port}/rushes"
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


PROGRAM = """
import json, os, signal, sys
from pathlib import Path
from rushes.agent.steps import open_steps
from rushes.board.board import Board
from rushes.board.jobs import AmbiguousJob
from rushes.board.spend import Estimate

folder, url, what = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
done = []
with Board.open(folder / "project") as board:
    steps = open_steps(board, url)

    def once(job):
        done.append("once")
        return {"inner": steps.step("inner", {"n": 1}, inner).value, "blob": job.attach("text", b"hello", ".txt")}

    def inner(job):
        done.append("inner")
        return [1, 2, "drei"]

    def order(job):
        if job.provider_id is None:
            done.append("order")
            with open(folder / "orders.txt", "a") as orders:
                orders.write("order-1\\n")
            if what == "die before":
                os.kill(os.getpid(), signal.SIGKILL)
            job.remember("order-1")
            if what == "die behind":
                os.kill(os.getpid(), signal.SIGKILL)
        return job.provider_id

    def fails(job):
        done.append("fails")
        if what == "fail":
            raise ValueError("not today")
        return "well"

    said = {}
    if what in ("fail", "well"):
        try:
            said["value"] = steps.step("fails", {}, fails).value
        except ValueError as error:
            said["error"] = str(error)
    elif what == "once":
        found = steps.step("once", {"a": 1}, once)
        said = {"value": found.value, "ran": found.ran, "blobs": found.blobs}
    else:
        try:
            found = steps.step(f"buy {sys.argv[4]}", {}, order, paid=True, estimate=Estimate(micro_usd=7))
            said["value"], said["money"] = found.value, found.micro_usd
        except AmbiguousJob as error:
            said["error"] = str(error)
            steps.resolve(str(error).split()[0], "poll", "order-1")
    totals = board.spend.totals()
    steps.close()
print(json.dumps({"done": done, "spent": totals.micro_usd, "held": totals.reserved_micro_usd, **said}))
"""


def run(folder: Path, url: str, *what: str) -> dict[str, Any]:
    """A process of its own. An empty answer: it was killed."""
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), url, *what], capture_output=True, text=True, timeout=300
    )
    assert made.returncode in (0, -9), made.stderr
    return json.loads(made.stdout) if made.returncode == 0 else {}


@needs_postgres
def test_a_step_done_once_is_found_by_a_new_process(tmp_path: Path, url: str):
    first = run(tmp_path, url, "once")
    assert first["done"] == ["once", "inner"] and first["ran"] is True
    again = run(tmp_path, url, "once")
    assert again["done"] == [] and again["ran"] is False
    assert (again["value"], again["blobs"]) == (first["value"], first["blobs"])
    with Board.open(tmp_path / "project") as board:
        assert board.jobs.all() == []  # the results are in PostgreSQL, not in the project's file
        board.blob_path(first["blobs"]["text"]).unlink()
    assert run(tmp_path, url, "once")["done"] == ["once"]  # its file was lost; the step inside it had none


@needs_postgres
def test_what_failed_runs_again(tmp_path: Path, url: str):
    assert run(tmp_path, url, "fail")["error"] == "not today"
    assert run(tmp_path, url, "well")["done"] == ["fails"]
    assert run(tmp_path, url, "well")["done"] == []


@needs_postgres
def test_killed_around_an_order_it_is_bought_once(tmp_path: Path, url: str):
    assert run(tmp_path, url, "die behind", "a") == {}
    assert run(tmp_path, url, "go on", "a") == {"done": [], "value": "order-1", "money": 7, "spent": 7, "held": 0}
    assert run(tmp_path, url, "die before", "b") == {}
    ambiguous = run(tmp_path, url, "go on", "b")
    assert "may have ordered paid work" in str(ambiguous["error"]) and ambiguous["held"] == 7
    assert run(tmp_path, url, "go on", "b") == {"done": [], "value": "order-1", "money": 7, "spent": 14, "held": 0}
    assert (tmp_path / "orders.txt").read_text() == "order-1\n" * 2


def test_other_urls_are_refused(tmp_path: Path):
    with Board.open(tmp_path) as board:
        assert open_steps(board) is board
        with pytest.raises(ValueError, match="'mysql'"):
            open_steps(board, "mysql://x/y")
        if importlib.util.find_spec("dbos") is None:
            with pytest.raises(ValueError, match=r"rushes\[postgres\]"):
                open_steps(board, "postgresql://x/y")
