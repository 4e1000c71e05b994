"""Tools that a version brings: steps of existing tools, or Python that runs in the sandbox and may only call tools."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rushes.agent.context.entry import Picture
from rushes.agent.harness.sandbox import Sandbox, SandboxError, SandboxLimits
from rushes.agent.harness.version import HarnessVersion, NewTool
from rushes.agent.tool import Answer, Tool, check_arguments, tool

LIMITS = SandboxLimits(life=3600)  # the tools that it calls may shoot and render, which its clock leaves aside


def with_version(
    version: HarnessVersion,
    tools: Sequence[Tool],
    *,
    crashed: Callable[[SandboxError], str] | None = None,
    limits: SandboxLimits = LIMITS,
) -> list[Tool]:
    """The tools with the version's notes on a line behind their descriptions, and its own tools behind them.

    `crashed` is told of a crash of a tool's source and gives the answer; without it SandboxError comes through.
    """
    noted = [
        replace(one, spec=replace(one.spec, description=f"{one.spec.description}\n{version.notes[one.spec.name]}"))
        if one.spec.name in version.notes
        else one
        for one in tools
    ]
    return noted + [build_tool(new, tools, crashed, limits) for new in version.tools]


def build_tool(
    new: NewTool,
    tools: Sequence[Tool],
    crashed: Callable[[SandboxError], str] | None = None,
    limits: SandboxLimits = LIMITS,
) -> Tool:
    known = {one.spec.name: one for one in tools}

    def run_it(arguments: dict[str, Any]) -> Answer:
        try:
            return _follow_steps(new, known, arguments) if new.steps else _run_source(new, known, arguments, limits)
        except SandboxError as error:
            if crashed is None:
                raise
            raise ValueError(crashed(error)) from error

    return tool(new.name, new.description, new.properties, new.required, run_it)


def _follow_steps(new: NewTool, known: Mapping[str, Tool], arguments: dict[str, Any]) -> Answer:
    """A failing step ends the recipe: its error says which, and what was done before."""
    answers: list[Answer] = []
    for place, step in enumerate(new.steps, 1):
        given = {name: value_of(value, arguments, answers) for name, value in step.arguments.items()}
        given = {
            name: value for name, value in given.items() if value is not None
        }  # what was not given is not passed on
        try:
            answers.append(call_tool(known, step.tool, given))
        except ValueError as error:
            done = "; ".join(answer.text.splitlines()[0][:80] for answer in answers if answer.text) or "nothing"
            raise ValueError(f"step {place} of {new.name}, {step.tool}: {error}. Done before: {done}") from error
    return _joined(answers)


def _run_source(new: NewTool, known: Mapping[str, Tool], arguments: dict[str, Any], limits: SandboxLimits) -> Answer:
    answers: list[Answer] = []

    def serve(name: str, given: dict[str, Any]) -> str:
        if name not in new.uses:
            raise ValueError(f"{new.name} may not call {name!r}; its uses are {', '.join(new.uses) or 'empty'}")
        answers.append(call_tool(known, name, given))
        return answers[-1].text

    with Sandbox(new.source, limits=limits, call_tool=serve) as sandbox:
        said = sandbox.call("run", arguments)
    return replace(_joined(answers), text=said if isinstance(said, str) else str(said))


def call_tool(known: Mapping[str, Tool], name: str, arguments: dict[str, Any]) -> Answer:
    """Raises ValueError, as the tool itself does."""
    if name not in known:
        raise ValueError(f"there is no tool {name!r}; there are {', '.join(known)}")
    check_arguments(known[name].spec, arguments)
    answer = known[name].run(arguments)
    return answer if isinstance(answer, Answer) else Answer(text=answer)


def value_of(value: Any, arguments: dict[str, Any], answers: Sequence[Answer]) -> Any:
    """What stands for an argument of a step: see `Step`. Raises ValueError where the answer has no such id."""
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    name, _, what = value[1:].partition(":")
    if not name.isdecimal():
        return arguments.get(name)
    text = answers[int(name) - 1].text
    if not what:
        return text
    found = re.search(r"(?<![\w-])-?\d+(\.\d+)?" if what == "number" else rf"\b{re.escape(what)}-\d+\b", text)
    if found is None:
        raise ValueError(f"the answer of step {name} names no {what}: {text[:80]!r}")
    return float(found[0]) if what == "number" else found[0]


def _joined(answers: Sequence[Answer]) -> Answer:
    pictures: tuple[Picture, ...] = tuple(picture for answer in answers for picture in answer.pictures)
    return Answer(
        text="\n".join(answer.text for answer in answers),
        pictures=pictures,
        finished=any(answer.finished for answer in answers),
    )
