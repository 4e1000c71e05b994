"""What a check says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    ok = "ok"
    found = "found"
    skipped = "skipped"


class Skip(Exception):
    """Raised by a check, or by what it asks the patient for, when there is nothing to tell yet; says why."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The answer of one check."""

    state: State
    measured: str  # with units; for a skipped check, why
    means: str = ""  # what it means, if something was found
    remedy: str = ""  # the way out
    check: str = ""  # name of the check; filled in by `diagnose`
    family: str = ""  # file of the check; filled in by `diagnose`


def ok(measured: str) -> Finding:
    return Finding(state=State.ok, measured=measured)


def found(measured: str, means: str, remedy: str) -> Finding:
    return Finding(state=State.found, measured=measured, means=means, remedy=remedy)


def verdict(bad: bool, measured: str, means: str, remedy: str) -> Finding:
    """`found` if `bad`, else `ok`."""
    return found(measured, means, remedy) if bad else ok(measured)


def first_found(cases: list[tuple[bool, str, str, str]], healthy: str) -> Finding:
    """`found` for the first case (bad, measured, means, remedy) that is bad; else `ok` with what is `healthy`."""
    for bad, *words in cases:
        if bad:
            return found(*words)
    return ok(healthy)


def need(condition: object, why: str) -> None:
    """Skip the check unless `condition`."""
    if not condition:
        raise Skip(why)


Check = Callable[..., Finding]  # of a Patient
