"""SIGKILL at random moments, in a real process: what was finished stays, and is not done again."""

import random
import subprocess
import sys
import time
from collections import Counter

from rushes.board import Board, BoardError, replay

KILLS = 20

# Every fifth step is a paid one. The side file is what the outside world saw: work that was really done, orders that a
# provider really took, and what the program was told is finished.
CHILD = """
import itertools, os, sys
from concurrent.futures import ThreadPoolExecutor
from rushes.board import AmbiguousJob, Board, CreateNode, Estimate, SetFields

seen = os.open(sys.argv[2], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
say = lambda *words: os.write(seen, (" ".join(map(str, words)) + "\\n").encode())
say("start")
board = Board.open(sys.argv[1])
say("open")

def work(number):
    def fn(job):
        say("run", number)
        if number % 5 == 0 and job.provider_id is None:
            say("order", number)
            job.remember(f"order-{number}")
        job.attach("video", f"frames of {number} ".encode() * 5000, ".mp4")
        return {"number": number}

    step = lambda: board.step(
        "take", {"number": number}, fn, paid=number % 5 == 0, estimate=Estimate(micro_usd=10 * (number % 5 == 0))
    )
    try:
        result = step()
    except AmbiguousJob:  # the person looks at the provider's list
        job = next(job for job in board.jobs.all("ambiguous") if job.inputs["number"] == number)
        ordered = f"order {number}\\n" in open(sys.argv[2]).read()
        board.resolve_job(job.id, "poll" if ordered else "retry", f"order-{number}" if ordered else None)
        say("person", number)
        result = step()
    say("done", number)
    take = CreateNode(kind="take", fields={"job": result.job, "seed": number}, blobs=result.blobs)
    receipt = board.apply(take, by="agent", once=f"take {number}")
    say("entry", receipt.entry)
    score = SetFields(id=receipt.created[0], fields={"score": 0.5})
    say("entry", board.apply(score, once=f"score {number}").entry)

with ThreadPoolExecutor(2) as pool:
    numbers = itertools.count()
    def worker(_):
        while (number := next(numbers)) < int(sys.argv[3]):
            work(number)
    list(pool.map(worker, range(2)))
say("finished")
"""


def test_kill_at_random_moments(tmp_path):
    folder, seen = tmp_path / "film", tmp_path / "seen"
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    log, where = [], Counter()
    for _ in range(KILLS):
        done_before, lines_before = finished(folder), len(read(seen))
        child = start(folder, seen, 10**9)  # it never ends by itself
        # New work comes behind all that is done before; a kill at once hits the opening.
        wanted = chance.choice(["start", "open", *["run"] * 6])
        count = chance.randint(1, 12) if wanted == "run" else 1
        while sum(line.startswith(wanted) for line in read(seen)[lines_before:]) < count and child.poll() is None:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.01))
        child.kill()
        errors = child.communicate()[1]
        assert child.returncode == -9, f"seed {seed}: {errors}"
        where[check(folder, seen, lines_before, done_before, log, seed)] += 1
    print(f"killed behind: {dict(where)}")

    with Board.open(folder, writer=False) as board:
        steps = 1 + max(job.inputs["number"] for job in board.jobs.all())
    child = start(folder, seen, steps)
    errors = child.communicate()[1]
    assert child.returncode == 0 and "finished" in read(seen), f"seed {seed}: {errors}"
    with Board.open(folder) as board:
        assert sorted(take.fields["seed"] for take in board.nodes("take")) == list(range(steps))
        assert all(take.fields["score"] == 0.5 for take in board.nodes("take"))
        assert len(board.jobs.all("done")) == steps == len(board.jobs.all())
        orders = Counter(line for line in read(seen) if line.startswith("order "))
        assert len(orders) == len(range(0, steps, 5)) and set(orders.values()) == {1}  # nothing was bought twice
        assert board.spend.totals().micro_usd == 10 * len(orders) and board.spend.totals().reserved_micro_usd == 0
        assert not list((folder / "blobs").glob("unfinished/*"))


def start(folder, seen, steps):
    command = [sys.executable, "-c", CHILD, folder, seen, str(steps)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def check(folder, seen, lines_before, done_before, log, seed):
    """Looks at what a dead child left; returns what it was doing when it died."""
    lines = read(seen)
    ran = {int(line.split()[1]) for line in lines[lines_before:] if line.startswith("run ")}
    assert not ran & done_before, f"seed {seed}: finished steps {sorted(ran & done_before)} ran again"
    try:
        board = Board.open(folder, writer=False)  # a reader: what was under way is left for the next child to recover
    except BoardError as error:
        assert "no project" in str(error) and not log, f"seed {seed}: {error}"
        return "before the board"
    with board:
        entries = board.changes()
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1)), f"seed {seed}"
        assert entries[: len(log)] == log, f"seed {seed}: the log's past has changed"
        log[:] = entries
        assert board.problems() == [], f"seed {seed}"  # integrity_check, every blob whole, memory as the log
        assert replay(entries) == board.document()
        told = {int(line.split()[1]) for line in lines if line.startswith("entry ")}
        assert told <= {entry.number for entry in entries}, f"seed {seed}: an acknowledged entry is lost"
        done = {job.inputs["number"] for job in board.jobs.all("done")}
        assert {int(line.split()[1]) for line in lines if line.startswith("done ")} <= done, f"seed {seed}"
        for job in board.jobs.all("done"):
            assert job.result == {"number": job.inputs["number"]}
    return lines[-1].split()[0]


def finished(folder):
    try:
        with Board.open(folder, writer=False) as board:
            return {job.inputs["number"] for job in board.jobs.all("done")}
    except BoardError:
        return set()


def read(seen):
    return seen.read_text().splitlines() if seen.exists() else []
