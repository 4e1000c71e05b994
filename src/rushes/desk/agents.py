"""Who sits at the desk: the oracle and one who does nothing bound the scale, the built-in planner and any language
model stand between them. All of them are language models in the same loop with the same tools.
"""

from __future__ import annotations

from collections.abc import Callable

from rushes.agent.models import LanguageModel, Reply
from rushes.agent.scripted import Line, ScriptedModel, calls
from rushes.desk.task import Task

AgentMaker = Callable[[Task], LanguageModel]  # a new one for each task
NAMES = ("oracle", "nothing", "built-in", "model")


def oracle(task: Task) -> LanguageModel:
    """Does what the task's solution says, a turn of the user's at a time."""
    return ScriptedModel([_turn(number, each) for number, each in enumerate(task.oracle, 1)], name="oracle")


def _turn(number: int, done: tuple[tuple[str, dict[str, object]], ...]) -> Reply:
    reply = calls(*done, ("finish", {}))
    named = tuple(
        call.__class__(id=f"turn-{number}-{call.id}", name=call.name, arguments=call.arguments)
        for call in reply.tool_calls
    )
    return Reply(text=reply.text, tool_calls=named, stopped=reply.stopped)


def nothing(task: Task) -> LanguageModel:
    """Only ever says that it is done."""
    lines: list[Line] = [_turn(number, ()) for number in range(1, len(task.oracle) + 1)]
    return ScriptedModel(lines, name="nothing")


def built_in(task: Task) -> LanguageModel:
    """The planner that is code."""
    from rushes.agent.builtin.model import BuiltIn

    return BuiltIn()


def named(model: str, base_url: str | None) -> AgentMaker:
    """One language model for all tasks: at an OpenAI-compatible endpoint, Claude, or a GGUF file on this machine."""
    from rushes.agent.choosing import choose_model

    chosen = choose_model(model, base_url)
    return lambda task: chosen


def find_agent(name: str, *, model: str | None = None, base_url: str | None = None) -> AgentMaker:
    """By its name; `model` and `base_url` for the agent "model". Raises ValueError."""
    if name == "model":
        if not model:
            raise ValueError("the agent 'model' needs a model's name or the path of a .gguf file; give --model")
        return named(model, base_url)
    known: dict[str, AgentMaker] = {"oracle": oracle, "nothing": nothing, "built-in": built_in}
    if name not in known:
        raise ValueError(f"no agent is called {name!r}; choose one of {', '.join(NAMES)}")
    return known[name]
