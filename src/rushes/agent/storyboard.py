"""One small decision for a language model: what happens in the film, shot by shot. Small enough for a small model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rushes.agent.brief import BriefError, checked_brief, read_brief, read_lines
from rushes.agent.json_reply import ask_json
from rushes.agent.models import LanguageModel, Message, Reply
from rushes.backlot.world import FULL, World

MOST_LINES = 24
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "shots": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_LINES,
            "items": {
                "type": "object",
                "properties": {"what": {"type": "string"}, "seconds": {"type": "number"}},
                "required": ["what", "seconds"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["shots"],
    "additionalProperties": False,
}
WHAT_NAMES = ("what", "action", "description", "text", "shot", "scene", "content")


def ask_storyboard(
    model: LanguageModel,
    brief: str,
    *,
    seconds: float,
    world: World | None,
    reply: Callable[[list[Message]], Reply] | None = None,
) -> list[tuple[str, float]]:
    """What happens and for how many seconds. Seconds are proportions: code makes them add up.

    Raises BadReply after bounded repair, ModelError where the model can't be reached.
    """
    brief = checked_brief(brief)
    wanted = _wanted(brief)

    def check(answer: Any) -> list[tuple[str, float]]:
        lines = read_shots(answer)
        story = read_lines(brief, lines)  # raises where nothing of it can be filmed
        shown = {role.kind for role in story.cast}
        missing = [kind for kind in wanted if kind not in shown]
        if len(missing) * 2 > len(wanted):
            raise ValueError(f"the shots must show: {', '.join(wanted)}")
        return lines

    return ask_json(model, _question(brief, seconds, world or FULL), check, schema=SCHEMA, max_tokens=700, reply=reply)


def read_shots(answer: Any) -> list[tuple[str, float]]:
    """(what, seconds) out of the shapes in which models give a list of shots. Raises ValueError."""
    if isinstance(answer, dict):
        lists = [value for value in answer.values() if isinstance(value, list)]
        answer = lists[0] if lists else [answer]
    found = []
    for item in answer:
        if isinstance(item, str):
            item = {"what": item}
        if not isinstance(item, dict):
            continue
        what = next((item[name] for name in WHAT_NAMES if isinstance(item.get(name), str)), "")
        if what.strip() and what.strip().lower() not in ("null", "none"):
            found.append((" ".join(what.split())[:300], _seconds(item.get("seconds", item.get("duration")))))
    if not found:
        raise ValueError('write a list of shots, each {"what": "a fox walks in the snow", "seconds": 4}')
    return found[:MOST_LINES]


def _seconds(value: Any) -> float:
    """A number out of 3, "3", "3s"; else the usual."""
    if isinstance(value, str):
        value = "".join(c for c in value if c.isdigit() or c == ".") or "3"
    try:
        number = float(value)
    except (TypeError, ValueError):
        return 3.0
    return min(60.0, max(0.5, number)) if number == number else 3.0


def _wanted(brief: str) -> list[str]:
    try:
        return sorted({role.kind for role in read_brief(brief).cast})
    except BriefError:
        return []


def _question(brief: str, seconds: float, world: World) -> list[Message]:
    most = max(1, min(8, round(seconds / 2.5)))
    words = (
        f'Film: "{brief[:1500]}"\n'
        f"Length: {seconds:g} seconds. Write {min(2, most)} to {most} shots in order, telling this film and nothing "
        "else. Each shot is one short sentence (who does what, where) and its seconds.\n"
        f"Who there is: {', '.join(world.kinds)}.\n"
        f"Places: {', '.join(world.sets)}. Times: {', '.join(world.lights)}.\n"
        f"Motions: {', '.join(world.motions)}.\n"
        'Answer with JSON only: {"shots": [{"what": "a fox walks in the snow", "seconds": 4}]}'
    )
    return [
        Message(role="system", content="You plan short animated films. You answer with JSON only."),
        Message(role="user", content=words),
    ]
