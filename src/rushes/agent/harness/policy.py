"""The context policy of a version: one of ours by its name, or Python that runs in the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rushes.agent.context.entry import Entry
from rushes.agent.context.learned import LearnedPolicy
from rushes.agent.context.packing import cost_of, mended
from rushes.agent.context.rules import Full, Masking, SelfManaged, Window
from rushes.agent.context.select import Policy
from rushes.agent.harness.sandbox import RaisedValueError, Sandbox, SandboxError, SandboxLimits
from rushes.agent.harness.version import HarnessVersion, VersionError

Policies = Mapping[str, Callable[..., Policy[Entry]]]  # name -> what makes it from a version's numbers
POLICIES: Policies = {each.name: each for each in (Full, Window, Masking, SelfManaged)} | {
    LearnedPolicy.name: LearnedPolicy.load
}

# What `select` in a version's source is given of each entry, as a dict; `costs` are tokens at each level.
SHOWN = ("id", "costs", "pinned", "group", "number", "turn", "kind", "text", "short", "tool")


class SandboxedPolicy:
    """A policy as Python source: `select(slots, budget, query)` returns {id: level}. Raises SandboxError."""

    by_query = True  # another question, another choice

    def __init__(self, name: str, source: str, limits: SandboxLimits | None = None) -> None:
        self.name = name
        self._sandbox = Sandbox(source, limits=limits)

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any) -> Mapping[str, int]:
        shown = [{name: getattr(slot, name) for name in SHOWN} for slot in slots]
        try:
            levels = self._sandbox.call("select", shown, budget, str(query))
        except RaisedValueError as error:  # which nobody is there to mend
            raise SandboxError(f"select raised ValueError: {error}") from error
        return checked(levels, slots, budget)

    def close(self) -> None:
        self._sandbox.close()


def checked(levels: Any, slots: Sequence[Entry], budget: int) -> dict[str, int]:
    """What was chosen, with pinned entries whole and groups together. Raises SandboxError where it is no choice of
    these slots, or is dearer than the budget allows."""
    if not isinstance(levels, dict):
        raise SandboxError(f"select returned {str(levels)[:60]!r}; it must return levels by id, such as {{'e1': 0}}")
    known = {slot.id: slot for slot in slots}
    for id, level in levels.items():
        if id not in known:
            raise SandboxError(f"select named {str(id)[:40]!r}, which is none of the slots")
        if type(level) is not int or not 0 <= level < len(known[id].costs):
            raise SandboxError(f"select gave {id} the level {str(level)[:40]}; it has {len(known[id].costs)}, from 0")
    right = mended(slots, levels)
    cost, least = cost_of(slots, right), cost_of(slots, mended(slots, {}))
    if cost > max(budget, least):
        raise SandboxError(f"select chose {cost} tokens where {budget} are allowed")
    return right


def find_policy(name: str) -> Policy[Entry]:
    """One of ours, with its usual numbers. Raises ValueError."""
    if name not in POLICIES:
        raise ValueError(f"there is no policy {name!r}; there are {', '.join(sorted(POLICIES))}")
    return POLICIES[name]()


def make_policy(
    version: HarnessVersion, policies: Policies = POLICIES, limits: SandboxLimits | None = None
) -> Policy[Entry]:
    """Raises VersionError for an unknown name or number, SandboxError where its source does not even load."""
    choice = version.policy
    if choice.source:
        return SandboxedPolicy(choice.name, choice.source, limits)
    if choice.name not in policies:
        raise VersionError(f"there is no policy {choice.name!r}; there are {', '.join(sorted(policies))}")
    numbers = {name: int(value) if value.is_integer() else value for name, value in choice.numbers.items()}
    try:
        return policies[choice.name](**numbers)
    except (TypeError, ValueError) as error:
        raise VersionError(f"policy {choice.name} can't be made with {numbers}: {error}") from None
