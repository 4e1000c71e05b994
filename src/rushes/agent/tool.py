"""A tool: what a language model can do, as it is told, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Picture
from rushes.agent.models import ToolSpec

TYPES: dict[str, Any] = {"string": str, "number": (int, float), "boolean": bool, "array": list, "object": dict}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a tool says to the model. A plain string is an answer too."""

    text: str
    pictures: tuple[Picture, ...] = ()  # shown now; later the caption and the hash stand for them
    finished: bool = False  # the model has said that it is done
    edits: tuple[Edit, ...] = ()  # to what the model sees; they take effect as the answer enters the log


@dataclass(frozen=True, kw_only=True)
class Tool:
    spec: ToolSpec
    run: Callable[[dict[str, Any]], str | Answer]  # ValueError: an answer that the model can mend


def tool(
    name: str,
    description: str,
    properties: dict[str, Any],
    required: tuple[str, ...],
    run: Callable[[dict[str, Any]], str | Answer],
) -> Tool:
    """`properties`: JSON schemas of the arguments by name."""
    parameters = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return Tool(spec=ToolSpec(name=name, description=description, parameters=parameters), run=run)


def check_arguments(spec: ToolSpec, arguments: dict[str, Any]) -> None:
    """Raises ValueError naming the first argument that is missing, unknown or of a wrong type."""
    properties = spec.parameters["properties"]
    for name in spec.parameters["required"]:
        if name not in arguments:
            raise ValueError(f"{spec.name} needs {name!r}")
    for name, value in arguments.items():
        if name not in properties:
            raise ValueError(f"{spec.name} takes no {name!r}; it takes {', '.join(properties) or 'nothing'}")
        about = properties[name]
        right = isinstance(value, TYPES[about["type"]]) and (about["type"] == "boolean" or not isinstance(value, bool))
        if not right:
            raise ValueError(f"{name} of {spec.name} is {str(value)[:40]!r}; give a {about['type']}")
        if "enum" in about and value not in about["enum"]:
            raise ValueError(f"{name} of {spec.name} is {value!r}; give one of {', '.join(about['enum'])}")
