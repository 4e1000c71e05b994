"""A version of the harness: everything about how the agent works that it may change itself, as data.

What it may not change is not here: limits, keys, the archive of versions and the evaluator live in the parent process.
A version that names one of them is refused when it is read; that is a courtesy to its author, the wall is that code
of a version runs in a sandbox that holds none of them.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rushes.agent.limits import Limits
from rushes.agent.tool import TYPES

MOST_BYTES = 60_000  # of a whole version as JSON
NAME = r"^[a-z][a-z0-9_-]{0,39}$"


class VersionError(ValueError):
    """No version of a harness, or one that reaches for what is not its own."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Step(_Part):
    """A tool call of a recipe. An argument "$name" stands for an argument of the new tool, "$1" for the first step's
    answer, "$1:clip" for the first id of a clip in that answer, "$1:number" for its first number."""

    tool: str = Field(pattern=NAME)
    arguments: dict[str, Any] = {}


class NewTool(_Part):
    """A tool built from existing ones: either steps, or Python with `def run(arguments)`, where
    `call(tool, **arguments)` runs a tool and returns the text of its answer."""

    name: str = Field(pattern=NAME)
    description: str = Field(min_length=1, max_length=600)
    properties: dict[str, dict[str, Any]] = {}  # JSON schemas of the arguments by name
    required: tuple[str, ...] = ()
    steps: tuple[Step, ...] = Field(default=(), max_length=20)
    source: str = ""
    uses: tuple[str, ...] = ()  # tools that the source may call


class Reading(_Part):
    """How a document that is too long for the context is read: in chunks, each asked, the answers merged."""

    chunk: int = Field(default=1500, ge=100, le=20_000)  # tokens
    overlap: int = Field(default=150, ge=0, le=5_000)  # tokens of the chunk before that are shown again
    extract: str = Field(default="Write down what bears on the question, shortly, with the names as they are spelt.")
    merge: Literal["join", "unique", "ask"] = "unique"  # all answers; each line once; one more question over all


class PolicyChoice(_Part):
    """What stays in the context: a policy of ours by name with its numbers, or Python with
    `def select(slots, budget, query)` that returns levels by id."""

    name: str = Field(default="masking", pattern=NAME)
    numbers: dict[str, float] = {}  # keywords of the policy of that name
    source: str = ""  # non-empty: the policy is this, and `name` is what it is called


class HarnessVersion(_Part):
    policy: PolicyChoice = PolicyChoice()
    system: str = Field(default="", max_length=12_000)  # system text; empty: the loop's own
    notes: dict[str, str] = {}  # tool name -> advice, set behind the tool's description
    tools: tuple[NewTool, ...] = Field(default=(), max_length=20)
    reading: Reading = Reading()

    @property
    def hash(self) -> str:
        """Of the content alone: the same version proposed twice is one."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def short(self) -> str:
        return self.hash[:12]


# What a version may not even name, and what it is then said to reach for.
_OUT_OF_REACH = (
    (r"\b(os\s*\.\s*environ|environ|getenv|putenv)\b|/environ\b", "the environment"),
    (r"\b[A-Z][A-Z0-9_]*_(KEY|TOKEN|SECRET|PASSWORD)\b|\bapi_key\b", "a key"),
    (r"\b\w*rlimit\w*\b|\b(Sandbox)?Limits\(|\b(max|raise|set)_(limits?|budget|cost|money|turns)\b", "a limit"),
    (r"\brushes[./]agent\b|\bharness\.sqlite\b", "the gate, its archive or its evaluator"),
    (r"/proc/|/sys/|/dev/", "the machine"),
)
# Keys that a person means as limits; they are no fields of a version, and no number of a policy.
_LIMITS = {each.name for each in fields(Limits)} | {"limit", "limits", "budget", "money", "cost", "cap", "depth"}
OWN_TOOLS = ("harness_read", "harness_propose", "delegate")  # that a version's own tools may not call
# Names that tools of some sessions have, so that no version takes them.
TAKEN = (*OWN_TOOLS, "drop", "shrink", "pin", "recall", "note", "pages", "read", "find", "date", "read_document")


def read_version(data: Any, *, tools: Sequence[str] = (), protected: Sequence[str] = ()) -> HarnessVersion:
    """A checked version from JSON. `tools`: names of the tools that there are; empty: not checked. `protected`: paths
    and names that no version may contain. Raises VersionError (what, where, the way out)."""
    try:
        if len(json.dumps(data)) > MOST_BYTES:
            raise VersionError(f"a version may have {MOST_BYTES} bytes; write a shorter one")
    except (TypeError, RecursionError) as error:
        raise VersionError(f"a version must be plain JSON: {error}") from None
    _refuse_out_of_reach(data, "", protected)
    try:
        version = HarnessVersion.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise VersionError(f"{'.'.join(map(str, first['loc'])) or 'a version'}: {first['msg']}") from None
    if version.reading.overlap * 4 > version.reading.chunk:
        raise VersionError(f"reading.overlap {version.reading.overlap} is over a quarter of a chunk; make it smaller")
    if version.policy.source:
        _check_source(version.policy.source, "select", "policy.source")
    names = [new.name for new in version.tools]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise VersionError(f"two tools are called {twice}; give each its own name")
    for new in version.tools:
        _check_tool(new, tools)
    return version


def changed(version: HarnessVersion, changes: Any, **checks: Sequence[str]) -> HarnessVersion:
    """The version with `changes`, a part of a version as JSON: named fields are replaced, `policy` and `reading` field
    by field, `notes` and `tools` by name (null takes one away). Raises VersionError."""
    if not isinstance(changes, dict) or not changes:
        raise VersionError(f"changes must be an object with some of {', '.join(HarnessVersion.model_fields)}")
    data = version.model_dump(mode="json")
    for name, value in changes.items():
        if name == "policy" and isinstance(value, dict) and "name" in value:
            data[name] = value  # another policy's numbers mean nothing to this one
        elif name in ("policy", "reading", "notes") and isinstance(value, dict):
            data[name] = {key: new for key, new in (data[name] | value).items() if new is not None}
        elif name == "tools" and isinstance(value, dict):
            tools = {tool["name"]: tool for tool in data["tools"]}
            tools |= {key: new if new is None else {"name": key, **new} for key, new in value.items()}
            data["tools"] = [new for new in tools.values() if new is not None]
        else:
            data[name] = value
    return read_version(data, **checks)


def _refuse_out_of_reach(data: Any, where: str, protected: Sequence[str]) -> None:
    """Walks through keys and texts. Raises VersionError at the first that names what is the parent's."""
    if isinstance(data, dict):
        for key, value in data.items():
            here = f"{where}.{key}".lstrip(".")
            if str(key).lower() in _LIMITS and where.split(".")[0] not in ("tools", "notes"):
                raise VersionError(f"{here} names a limit; limits are held by the parent and no version can set them")
            _refuse_out_of_reach(str(key), where, protected)
            _refuse_out_of_reach(value, here, protected)
    elif isinstance(data, (list, tuple)):
        for place, value in enumerate(data):
            _refuse_out_of_reach(value, f"{where}.{place}", protected)
    elif isinstance(data, str):
        for pattern, what in _OUT_OF_REACH:
            if found := re.search(pattern, data):
                raise VersionError(f"{where or 'it'} names {found[0]!r}, which is {what}: out of a version's reach")
        for path in protected:
            if path and path in data:
                raise VersionError(f"{where or 'it'} names {path!r}, which is the parent's: out of a version's reach")


def _check_source(source: str, function: str, where: str) -> None:
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise VersionError(f"{where} is no Python: {error}") from None
    if not any(isinstance(node, ast.FunctionDef) and node.name == function for node in tree.body):
        raise VersionError(f"{where} must define a function {function}(...) at its top level")


def _check_tool(new: NewTool, tools: Sequence[str]) -> None:
    if bool(new.steps) == bool(new.source):
        raise VersionError(f"tool {new.name} needs either steps or source, and only one of them")
    if new.name in tools or new.name in TAKEN:
        raise VersionError(f"there is a tool {new.name} already; choose another name, or write a note for it")
    if new.source:
        _check_source(new.source, "run", f"source of tool {new.name}")
    for name, schema in new.properties.items():
        if schema.get("type") not in TYPES:
            raise VersionError(f"argument {name} of tool {new.name} needs a type: {', '.join(TYPES)}")
    if unknown := [name for name in new.required if name not in new.properties]:
        raise VersionError(f"tool {new.name} requires {unknown[0]!r}, which is not among its properties")
    for used in (*new.uses, *(step.tool for step in new.steps)):
        if used in OWN_TOOLS or used == new.name or (tools and used not in tools):
            raise VersionError(f"tool {new.name} can't use {used!r}; it may use {', '.join(tools) or 'existing tools'}")
    for place, step in enumerate(new.steps, 1):
        for value in step.arguments.values():
            _check_reference(value, new, place)


def _check_reference(value: Any, new: NewTool, place: int) -> None:
    if not isinstance(value, str) or not value.startswith("$"):
        return
    name = value[1:].partition(":")[0]
    if name.isdecimal() and not 1 <= int(name) < place:
        raise VersionError(f"step {place} of tool {new.name} refers to {value!r}; only earlier steps have answered")
    if not name.isdecimal() and name not in new.properties:
        raise VersionError(
            f"step {place} of tool {new.name} refers to {value!r}; its properties are {list(new.properties)}"
        )
