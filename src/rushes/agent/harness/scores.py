"""What versions scored on tasks: kept beside the archive, so that a trial that was broken off goes on where it stopped.

The seeds of a trial's held-out tasks stand here too, drawn once; no version and no proposer is ever told of them.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rushes.agent.harness.archive import APPEND_ONLY

_TABLES = """
create table if not exists scores (
    judge text not null,           -- key of the judge: another model or other rules, other scores
    version text not null,         -- hash
    seed integer not null,
    score real not null,
    lost text not null,            -- JSON: what was lost, in words
    turns integer not null,
    prompt_tokens integer not null,
    completion_tokens integer not null,
    seconds real not null,
    at real not null,              -- seconds since 1970
    primary key (judge, version, seed)
);
create table if not exists bills (
    trial text not null,           -- what was tried against what, by which model
    prompt_tokens integer not null,
    completion_tokens integer not null,
    at real not null               -- seconds since 1970
);
create table if not exists trials (
    version text not null,         -- hash of what is tried
    against text not null,         -- hash of the version in use
    judges text not null,          -- names, joined
    seeds text not null,           -- JSON: of the held-out tasks
    primary key (version, against, judges)
);
"""


@dataclass(frozen=True, kw_only=True)
class Played:
    """A task that was played under a version."""

    seed: int
    score: float  # 0 to 1
    lost: tuple[str, ...] = ()  # in words
    turns: int = 0  # answers of the model
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0  # that it took


Heard = Callable[[str, Played], None]  # name of the judge, what was just played
Draw = Callable[[], int]  # the seed of a task that nobody has seen


def unforeseen() -> int:
    """A seed that no version and no proposer can know beforehand."""
    return secrets.randbelow(2**31)


class Scores:
    """`path`: the archive's file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(sqlite3.connect(path, timeout=30)) as db:
            db.executescript(_TABLES + "".join(map(APPEND_ONLY.format, ("scores", "trials", "bills"))))

    def known(self, judge: str, version: str = "") -> dict[int, Played]:
        """By seed; of all versions, for what a task takes, where none is named."""
        asked = ("select * from scores where judge = ? and (? = '' or version = ?)", (judge, version, version))
        with self._open() as db:
            rows = db.execute(*asked).fetchall()
        fields = ("seed", "score", "turns", "prompt_tokens", "completion_tokens", "seconds")
        return {
            row["seed"]: Played(**{name: row[name] for name in fields}, lost=tuple(json.loads(row["lost"])))
            for row in rows
        }

    def keys(self, name: str) -> list[str]:
        """Of the judges of that name, newest scores last: each set of rules and each Rushes has its own."""
        with self._open() as db:
            rows = db.execute("select judge from scores group by judge order by max(at)").fetchall()
        return [row["judge"] for row in rows if row["judge"].startswith(f"{name}, ")]

    def keep(self, judge: str, version: str, played: Played) -> None:
        """The first score stays."""
        row = (judge, version, played.seed, played.score, json.dumps(played.lost), played.turns)
        taken = (played.prompt_tokens, played.completion_tokens, played.seconds, time.time())
        with self._open() as db:
            db.execute("insert or ignore into scores values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row + taken)

    def charge(self, trial: str, prompt_tokens: int, completion_tokens: int) -> None:
        """An answer that was paid for, those of tasks that were broken off too."""
        with self._open() as db:
            db.execute("insert into bills values (?, ?, ?, ?)", (trial, prompt_tokens, completion_tokens, time.time()))

    def charged(self, trial: str) -> tuple[int, int]:
        """Tokens in and out that all runs of the trial have taken."""
        asked = "select total(prompt_tokens) as shown, total(completion_tokens) as said from bills where trial = ?"
        with self._open() as db:
            row = db.execute(asked, (trial,)).fetchone()
        return int(row["shown"]), int(row["said"])

    def held_out(self, version: str, against: str, judges: str, count: int, draw: Draw) -> tuple[int, ...]:
        """Seeds of the trial's tasks: drawn when it begins, the same when it goes on."""
        drawn = [draw() for _ in range(count)]
        with self._open() as db:
            db.execute(
                "insert or ignore into trials values (?, ?, ?, ?)", (version, against, judges, json.dumps(drawn))
            )
            found = "select seeds from trials where version = ? and against = ? and judges = ?"
            return tuple(json.loads(db.execute(found, (version, against, judges)).fetchone()["seeds"]))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=30, isolation_level=None)) as db:
            db.row_factory = sqlite3.Row
            yield db


def play_each(
    scores: Scores | None,
    key: str,
    version: str,
    seeds: Sequence[int],
    play: Callable[[int], Played],
    heard: Callable[[Played], None],
) -> list[float]:
    """A score for each seed: those that are known are found, each other one is played and kept at once."""
    known = scores.known(key, version) if scores is not None else {}
    for seed in seeds:
        if seed not in known:
            known[seed] = play(seed)
            if scores is not None:
                scores.keep(key, version, known[seed])
            heard(known[seed])
    return [known[seed].score for seed in seeds]
