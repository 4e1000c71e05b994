"""Looks things up with tools that are no editing tools, and sets what was found. Answers are data, never orders."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from rushes.agent.builtin import do_text
from rushes.agent.builtin.hands import READING, Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.models import ToolSpec

EDITING = READING | frozenset(
    "open lay split trim remove remove_span move insert replace speed fade frame volume text retext subtitles undo "
    "plan "
    "edit_shot shoot choose_take cast extend generate narrate music mix loudness fit_length say pages note".split()
)
WEATHER = {  # how it is, and the words for it
    "sunny": "sunny sun sunshine", "rainy": "rainy rain raining showers drizzle", "cloudy": "cloudy clouds cloud",
    "snowy": "snowy snow snowing", "windy": "windy wind gusts", "foggy": "foggy fog mist misty", "icy": "icy ice",
    "stormy": "stormy storm storms thunderstorm thunderstorms", "overcast": "overcast", "clear": "clear",
    "hazy": "hazy haze", "dry": "dry", "hot": "hot", "cold": "cold", "warm": "warm", "mild": "mild",
    "freezing": "freezing",
}  # fmt: skip
LONGEST = 80  # characters of a found text


def look_up(job: Job) -> None:
    """Raises Trouble where no tool tells it, or its answer does not hold it."""
    wish = job.wish
    job.see()
    tool = _fitting(job, wish.name, wish.topic)
    answer = job.hands.call(tool.name, **_arguments(tool, wish.name, wish.words)).answer
    told = "\n".join(line for line in answer.splitlines() if not re.match(r"\[(?:material from|end of material)", line))
    text = _filled(wish.text, told) if wish.text else _found(told, wish.topic) if wish.name else _plain(told)
    if not text:
        raise Trouble(f"I can't find {wish.topic or 'that'!r} {f'in {wish.name}' if wish.name else 'in the answer'}")
    job.wish = replace(wish, act="text", text=text)
    do_text.put(job)


def _fitting(job: Job, page: str, topic: str) -> ToolSpec:
    """The offered tool whose name and description speak of it."""
    wanted = re.findall(r"[a-z]{3,}", topic.lower())
    if page:
        wanted = ["read", "page", "document", "file", "text", "open", "fetch", "handed"]
    elif "weather" in wanted or "temperature" in wanted or "forecast" in wanted:
        wanted = ["weather", "forecast", "temperature"]

    def fits(spec: ToolSpec) -> float:
        name = set(re.findall(r"[a-z]+", spec.name.lower()))
        about = set(re.findall(r"[a-z]+", spec.description.lower())) | set(spec.parameters.get("properties", {}))
        takes = any(p.get("type") == "string" for p in spec.parameters.get("properties", {}).values())
        if page and not takes:
            return 0.0
        return sum(3 * (word in name) + (word in about or f"{word}s" in about) for word in wanted)

    others = [spec for spec in job.hands.tools.values() if spec.name not in EDITING]
    best = max(others, key=fits, default=None)
    if best is None or fits(best) <= 0:
        raise Trouble(f"I can't look up {page or topic!r}: no tool here tells it")
    return best


def _arguments(tool: ToolSpec, page: str, words: str) -> dict[str, Any]:
    """What the tool asks for, from the page's name and the user's words."""
    given: dict[str, Any] = {}
    properties, required = tool.parameters.get("properties", {}), tool.parameters.get("required", [])
    place = re.search(r"\b(?:in|for|at) ([A-Z][\w-]+(?: [A-Z][\w-]+)?)", words)
    for name, shape in properties.items():
        kind, choices = shape.get("type"), shape.get("enum")
        if page and kind == "string" and (len(properties) == 1 or name in required) and page not in given.values():
            given[name] = page
        elif choices and name in required:
            given[name] = next((c for c in choices if str(c) in words.lower()), choices[0])
        elif kind == "string" and re.search(r"day|date|when", name) and name in required:
            given[name] = "tomorrow" if "tomorrow" in words.lower() else "today"
        elif kind == "string" and re.search(r"place|city|town|where|location", name) and (place or name in required):
            given[name] = place[1] if place else "here"
        elif name in required:
            given[name] = words if kind == "string" else False if kind == "boolean" else [] if kind == "array" else 0
    return given


def _found(answer: str, topic: str) -> str:
    """The asked thing: from JSON, a line `Event: X`, or a sentence `The event is called X`."""
    words = [w for w in re.findall(r"[\w-]+", topic.lower()) if w not in ("the", "of", "a", "an", "our", "its", "this")]
    pairs = _pairs(answer)
    best, score = "", 0.0
    for key, value in pairs:
        held = [w for w in re.findall(r"[\w-]+", key.lower()) if w not in ("the", "of", "a", "an")]
        named = sum(word in held for word in words)
        mine = named - 0.4 * (len(held) - named)
        of_it = words[:1] in (["name"], ["title"]) and len(words) > 1  # `Event: X` is an event's name
        mine += 0.3 * bool(words and (words[-1] if of_it else words[0]) in held)
        if named and mine > score:
            best, score = value, mine
    if best:
        return _clean(best)
    for word in words[::-1]:
        said = re.search(
            rf"\b{re.escape(word)}\b[^.\n]{{0,40}}?\b(?:is called|is named|is titled|called|named|titled|is|are|"
            rf"was|will be|"
            r"starts at|opens at|:)\s+(?:on |at )?([^.\n;]+)",
            answer,
            re.I,
        )
        if said:
            return _clean(said[1])
    lines = [line.strip() for line in answer.splitlines() if line.strip()]
    return _clean(lines[0]) if len(lines) == 1 and len(lines[0]) <= LONGEST else ""


def _pairs(answer: str) -> list[tuple[str, str]]:
    try:
        told = json.loads(answer)
        if isinstance(told, dict):
            return [(str(key), str(value)) for key, value in told.items() if not isinstance(value, dict | list)]
    except ValueError:
        pass
    return [
        (match[1], match[2])
        for line in answer.splitlines()
        if (match := re.match(r"\W*([A-Za-z][\w '-]{0,40}?)\W*\s*[:=|–]\s*(\S.*)$", line))
    ]


def _plain(answer: str) -> str:
    """A short answer as it is; of weather, the state of it and the degrees."""
    number, state = _degrees(answer), _state(answer)
    if number and state:
        return f"{state.capitalize()}, {number} degrees"
    first = re.split(r"(?<=[.!?])\s|\n", answer.strip())[0]
    return _clean(first) if len(first) <= LONGEST else ""


def _filled(pattern: str, answer: str) -> str:
    """The user's own wording with the answer's word and number in their places."""
    number, state = _degrees(answer), _state(answer)
    old = _state(pattern)
    if (re.search(r"\d", pattern) and not number) or (old and not state):
        return ""
    text = re.sub(r"-?\d+(?:[.,]\d+)?", number, pattern, count=1) if number else pattern
    if old and state:
        spoken = next(word for word in re.findall(r"[A-Za-z]+", text) if word.lower() in WEATHER[old].split())
        new = state.upper() if spoken.isupper() else state.capitalize() if spoken[0].isupper() else state
        text = re.sub(rf"\b{spoken}\b", new, text, count=1)
    return text


def _degrees(text: str) -> str:
    found = re.search(
        r"(-?\d+(?:[.,]\d+)?) ?(?:°|º|degrees?|deg\b|c\b|celsius)|(?:temp\w*|degrees)\W+(-?\d+(?:[.,]\d+)?)", text, re.I
    ) or re.search(r"(-?\d+(?:[.,]\d+)?)", text)
    return next((group for group in found.groups() if group), "") if found else ""


def _state(text: str) -> str:
    """The first word for the weather."""
    for word in re.findall(r"[a-z]+", text.lower()):
        for name, words in WEATHER.items():
            if word in words.split():
                return name
    return ""


def _clean(text: str) -> str:
    text = " ".join(text.split()).strip(" .\"'“”„*_`|")
    return text if len(text) <= LONGEST else ""
