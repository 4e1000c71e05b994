"""All tasks of the desk, in order."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rushes.desk.task import Task, Wording
from rushes.desk.tasks_defects import defect_tasks
from rushes.desk.tasks_edit import edit_tasks
from rushes.desk.tasks_hidden import hidden_tasks
from rushes.desk.tasks_length import length_tasks
from rushes.desk.tasks_make import make_tasks
from rushes.desk.tasks_talk import talk_tasks
from rushes.desk.tasks_text import text_tasks
from rushes.desk.tasks_trust import trust_tasks
from rushes.desk.wording import find_wording, worded

KINDS = ("make", "text", "edit", "defects", "talk", "trust")


def all_tasks(wording: Wording = "first") -> list[Task]:
    tasks = make_tasks() + text_tasks() + edit_tasks() + length_tasks() + defect_tasks() + talk_tasks()
    tasks += trust_tasks() + hidden_tasks()
    ids = [task.id for task in tasks]
    assert len(set(ids)) == len(ids), "two tasks have one id"
    return [worded(task, wording) for task in tasks]


def find_tasks(ids: Sequence[str] = (), kinds: Sequence[str] = (), wording: str = "first") -> list[Task]:
    """Tasks by id or the beginning of it, and by kind; all of them where nothing is named. Raises ValueError."""
    known = all_tasks(find_wording(wording))
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"no kind of task is called {kind!r}; choose among {', '.join(KINDS)}")
    for id in ids:
        if not any(task.id.startswith(id) for task in known):
            rows = dict.fromkeys(task.id.rpartition("-")[0] for task in known)
            near = get_close_matches(id.rpartition("-")[0] or id, rows, n=3) or rows
            raise ValueError(
                f"no task is called {id!r}; there are {', '.join(f'{row}-0' for row in near)} and their like"
            )
    return [
        task
        for task in known
        if (not ids or any(task.id.startswith(id) for id in ids)) and (not kinds or task.kind in kinds)
    ]
