"""The tasks in other words: the same films, solutions and scores, but somebody else says what the user says.

The first wording was read by who wrote the built-in director. The second (`second/`) was blind until 2026-11-22: until
then it measured whether the director understands people or has learned sentences, and since then it has been read by
who builds the director. The third (`third/`) is unread by them, and measures it now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import get_args

from rushes.desk import second, third
from rushes.desk.task import Hand, Task, Wording
from rushes.desk.tasks_talk import SMALL_TALK

WORDINGS: tuple[Wording, ...] = get_args(Wording)


@dataclass(frozen=True, kw_only=True)
class OtherWords:
    """All that the user says, said otherwise."""

    wishes: Mapping[str, tuple[str, ...]]  # by the id of the task, in order; {fields} are the task's facts
    remarks: tuple[str, ...]  # one for each of SMALL_TALK


OTHERS: dict[Wording, OtherWords] = {
    "second": OtherWords(wishes=second.WISHES, remarks=second.REMARKS),
    "third": OtherWords(wishes=third.WISHES, remarks=third.REMARKS),
}


def find_wording(name: str) -> Wording:
    """Raises ValueError."""
    for wording in WORDINGS:
        if wording == name:
            return wording
    raise ValueError(f"no wording is called {name!r}; choose {' or '.join(WORDINGS)}")


def worded(task: Task, wording: Wording) -> Task:
    """The same task, said so."""
    return task if wording == "first" else replace(task, turns=_said(task, OTHERS[wording]))


def _said(task: Task, words: OtherWords) -> tuple[str | Hand, ...]:
    """Remarks become other remarks, wishes the other words of the task in order; a person's hand stays a hand."""
    remarks = dict(zip(SMALL_TALK, words.remarks, strict=True))
    wishes = iter(words.wishes[task.id])
    turns = tuple(
        turn if not isinstance(turn, str) else remarks.get(turn) or next(wishes).format(**task.facts)
        for turn in task.turns
    )
    assert next(wishes, None) is None, f"{task.id} says less than its other wording"
    return turns
