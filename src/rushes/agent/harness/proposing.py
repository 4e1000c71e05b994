"""The tools by which the agent reads its own harness and proposes a change of it; the gate answers in text."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

from rushes.agent import loop
from rushes.agent.harness.gate import HarnessGate
from rushes.agent.harness.inside import OFFERED
from rushes.agent.harness.policy import POLICIES, SHOWN
from rushes.agent.tool import Tool, tool

LAST = 5  # trials that are told of
RULES = """A version is JSON: policy {name, numbers} or {name, source}, system, notes {tool: advice}, tools, reading.
policy: one of <policies> with its numbers, or source with def select(slots, budget, query): slots are dicts in order of
time (<shown>); return {id: level}, 0 whole, 1 short (if costs has two), left out if not named; the tokens must not be
more than budget. What is pinned or said by the user stays without your doing.
tools: {name: {description, properties, required, steps: [{tool, arguments}]}}; an argument "$x" is the new tool's
argument x, "$1" the first step's answer, "$1:clip" the first clip id in it. Or source with def run(arguments), and
uses: [tools]; call(tool, **arguments) returns the answer's text.
Source runs alone in a sandbox: no files, no network, only these modules: <modules>.
Limits, keys, the archive of versions and the evaluator are not yours: what names them is refused.
Judged are <judged>.
A change is adopted if it is better by more than noise, on tasks that nobody has seen, and worse at nothing."""


def propose_tools(gate: HarnessGate, *, by: str) -> list[Tool]:
    """`by`: the language model's name, for the archive."""

    def read(arguments: dict[str, Any]) -> str:
        part = arguments.get("part", "version")
        if part == "loop":
            return inspect.getsource(loop)
        if part == "tries":
            lines = [line for line in gate.archive.history() if line.action != "adopt" or line.figures][-LAST:]
            return "\n".join(f"{line.action} {line.version[:12]}: {line.why}" for line in lines) or "nothing was tried"
        if part == "rules":
            named = {"policies": sorted(POLICIES), "shown": SHOWN, "modules": [one.__name__ for one in OFFERED]}
            named["judged"] = [gate.judged]
            return re.sub(r"<(\w+)>", lambda found: ", ".join(named[found[1]]), RULES)
        version = gate.archive.current()
        return f"version {version.short}: {json.dumps(version.model_dump(mode='json'), ensure_ascii=False)}"

    def propose(arguments: dict[str, Any]) -> str:
        return gate.propose(arguments["changes"], by=by, why=arguments["why"]).text

    return [
        tool(
            "harness_read",
            "Read how you are run: the version in use (policy, prompts, own tools), the rules of a proposal, the "
            "loop's source, or what was tried last.",
            {"part": {"type": "string", "enum": ["version", "rules", "loop", "tries"]}},
            (),
            read,
        ),
        tool(
            "harness_propose",
            "Propose a change of how you are run; read the rules first. It is tried against the version in use and "
            "adopted only if it is better. changes: the fields that change.",
            {"changes": {"type": "object"}, "why": {"type": "string"}},
            ("changes", "why"),
            propose,
        ),
    ]
