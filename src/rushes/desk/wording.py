"""The tasks in other words: the same films, solutions and scores, but somebody else says what the user says.

The first wording was read by who wrote the built-in director; the second (`second/`) was not, so it measures whether
the director understands people or has learned sentences.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

from rushes.desk.second.defects import DEFECTS
from rushes.desk.second.edit import EDIT
from rushes.desk.second.make import MAKE
from rushes.desk.second.talk import REMARKS, TALK
from rushes.desk.second.text import TEXT
from rushes.desk.second.trust import TRUST
from rushes.desk.task import Hand, Task, Wording
from rushes.desk.tasks_talk import SMALL_TALK

WORDINGS: tuple[Wording, ...] = get_args(Wording)
SECOND = MAKE | TEXT | EDIT | DEFECTS | TALK | TRUST


def find_wording(name: str) -> Wording:
    """Raises ValueError."""
    for wording in WORDINGS:
        if wording == name:
            return wording
    raise ValueError(f"no wording is called {name!r}; choose {' or '.join(WORDINGS)}")


def worded(task: Task, wording: Wording) -> Task:
    """The same task, said so."""
    return task if wording == "first" else replace(task, turns=_second(task))


def _second(task: Task) -> tuple[str | Hand, ...]:
    """Remarks become other remarks, wishes the second words of the task in order; a person's hand stays a hand."""
    remarks = dict(zip(SMALL_TALK, REMARKS, strict=True))
    wishes = iter(SECOND[task.id])
    turns = tuple(
        turn if not isinstance(turn, str) else remarks.get(turn) or next(wishes).format(**task.facts)
        for turn in task.turns
    )
    assert next(wishes, None) is None, f"{task.id} says less than its second wording"
    return turns
