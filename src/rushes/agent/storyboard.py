"""One small decision for a language model: what happens in the film, shot by shot. Small enough for a small model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rushes.agent.brief import BriefError, Story, checked_brief, read_brief, read_lines
from rushes.agent.json_reply import ask_json
from rushes.agent.models import LanguageModel, Message, Reply
from rushes.backlot.world import FULL, World

MOST_LINES = 24
SHORTEST = 1.5  # seconds of a shot; a model that writes more shots than asked for is cut off only here
EXTRA_KINDS = 2  # how many a storyboard may add to those that the brief names
SHOT: dict[str, Any] = {
    "type": "object",
    "properties": {"what": {"type": "string"}, "seconds": {"type": "number"}},
    "required": ["what", "seconds"],
    "additionalProperties": False,
}


def shots_schema(least: int = 1, most: int = MOST_LINES) -> dict[str, Any]:
    """JSON schema of a list of shots."""
    return {
        "type": "object",
        "properties": {"shots": {"type": "array", "minItems": least, "maxItems": most, "items": SHOT}},
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
    reply: Callable[[list[Message], dict[str, Any]], Reply] | None = None,
) -> list[tuple[str, float]]:
    """What happens and for how many seconds. Seconds are proportions: code makes them add up.

    `reply`: how to ask (messages, schema) instead of `model.reply`. Raises BadReply after bounded repair, ModelError
    where the model can't be reached.
    """
    brief = checked_brief(brief)
    draft = _draft(brief)
    wanted = sorted({role.kind for role in draft.cast}) if draft is not None else []
    most = max(1, min(8, round(seconds / 2.5)))
    schema = shots_schema(min(2, most), most)

    def check(answer: Any) -> list[tuple[str, float]]:
        lines = read_shots(answer)[: max(most, int(seconds / SHORTEST))]
        story = read_lines(brief, lines)  # raises where nothing of it can be filmed
        shown = {role.kind for role in story.cast}
        missing = [kind for kind in wanted if kind not in shown]
        if len(missing) * 2 > len(wanted):
            raise ValueError(f"the shots must show: {', '.join(wanted)}")
        if wanted and len(shown - set(wanted)) > EXTRA_KINDS:
            raise ValueError(f"the shots must be about {', '.join(wanted)} and nobody else")
        return lines

    def ask(messages: list[Message]) -> Reply:
        return reply(messages, schema) if reply is not None else model.reply(messages, schema=schema, max_tokens=700)

    question = _question(brief, seconds, most, draft, world or FULL)
    return ask_json(model, question, check, schema=schema, reply=ask)


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


def _draft(brief: str) -> Story | None:
    """What the built-in planner reads in the brief, if anything."""
    try:
        return read_brief(brief)
    except BriefError:
        return None


def _question(brief: str, seconds: float, most: int, draft: Story | None, world: World) -> list[Message]:
    # Small models copy their example and go through any list from front to end: the example is the brief's own, and
    # names are listed only where the brief has none.
    example = draft.beats[0].text if draft is not None else "a girl walks in the forest"
    words = [
        f'Film idea: "{brief[:1500]}"',
        f"Write the {most} shots that tell this idea, in order, in {seconds:g} seconds.",
    ]
    words.append("Each shot is one short sentence: who does what, where.")
    if draft is not None and draft.cast:
        words.append(f"The film is about: {', '.join(dict.fromkeys(role.kind for role in draft.cast))}.")
    else:
        words.append(f"Choose one or two of: {', '.join(world.kinds)}.")
    words.append(f"They can {', '.join(world.motions)}. Places: {', '.join(world.sets)}.")
    words.append(f'Answer with JSON only, beginning {{"shots": [{{"what": "{example[:120]}", "seconds": 3}}, ...')
    return [
        Message(role="system", content="You write storyboards of short animated films. You answer with JSON only."),
        Message(role="user", content="\n".join(words)),
    ]
