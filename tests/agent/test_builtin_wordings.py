"""The same wishes in many people's words: what the built-in director calls for each of them, small talk included.

The sentences stand in `builtin_wordings.txt`, by what they should come to.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from test_builtin import LIST, NUMBER, TEXT, Call, Shop

from rushes.agent.builtin.answers import names_there
from rushes.agent.builtin.plainly import plainly
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.rest import rest_is
from rushes.agent.tool import Tool, tool

CUT = """cut-1 640x360 12 fps, 12.000 s, 144 frames, -14 LUFS
clip-1 0.000-3.000 harbour.mp4
clip-2 3.000-6.000 garden.mp4
clip-3 6.000-9.000 bridge.mp4
clip-4 9.000-12.000 market.mp4
title-1 1.000-2.500 title "LAST FERRY"
title-2 7.000-8.500 lower "Anna Holm"
sound-1 0.000-12.000 music -9 dB, ducks"""
GIVEN = ("station.mp4", "beach.mp4")
MORE = {
    "insert": {"material": TEXT, "start": NUMBER, "seconds": NUMBER, "after": TEXT},
    "extend": {"id": TEXT, "seconds": NUMBER},
    "speed": {"clip": TEXT, "factor": NUMBER},
    "push": {"clip": TEXT, "way": TEXT, "scale": NUMBER, "on": TEXT, "x": NUMBER, "y": NUMBER},
    "mix": {"id": TEXT, "gain_db": NUMBER},
    "fit_length": {"seconds": NUMBER, "keep": LIST},
}
LOOKS_ONLY = ("look", "measure")


@dataclass
class Cutting(Shop):
    """Four shots, a title, a name, music, and two files that are not in the film yet."""

    def __post_init__(self) -> None:
        self.answers = {"timeline": CUT, "inspect": "nothing found", "open": _open}

    def tools(self) -> list[Tool]:
        wider = [
            tool(name, name, given, (), lambda call, name=name: self.answer(name, call))  # type: ignore[misc]
            for name, given in MORE.items()
        ]
        return [*(each for each in super().tools() if each.spec.name not in MORE), *wider]


def _open(given: dict[str, str]) -> str:
    there = given["material"] in GIVEN
    return "done" if there else f"error: nothing is called {given['material']!r}; there are {', '.join(GIVEN)}"


def families() -> list[tuple[str, list[str]]]:
    found: list[tuple[str, list[str]]] = []
    for line in (Path(__file__).parent / "builtin_wordings.txt").read_text().splitlines():
        if line.startswith("="):
            found.append((line[1:].strip(), []))
        elif line and not line.startswith("#"):
            found[-1][1].append(line)
    return found


def told(calls: list[Call]) -> str:
    """Calls as the file has them: trim(clip=clip-2, seconds=1.5)."""
    shown = []
    for name, given in calls:
        if name in LOOKS_ONLY or given.get("material") == "?":
            continue
        order = list(
            MORE.get(name) or {spec.spec.name: spec.spec.parameters["properties"] for spec in Shop().tools()}[name]
        )
        values = [f"{key}={_value(given[key])}" for key in sorted(given, key=order.index)]
        shown.append(f"{name}({', '.join(values)})")
    return " ".join(shown)


def _value(value: object) -> str:
    return f"[{','.join(map(str, value))}]" if isinstance(value, list) else str(value)


@pytest.mark.parametrize(("wanted", "sentences"), families(), ids=lambda value: value if isinstance(value, str) else "")
def test_wordings(wanted: str, sentences: list[str]) -> None:
    wrong = []
    for sentence in sentences:
        shop = Cutting()
        for turn in sentence.split(" || "):
            calls = shop.say(turn)
        if (got := told(calls)) != wanted:
            wrong.append(f"{sentence}: {got}")
    assert not wrong, "\n".join(wrong)


def test_there_are_many() -> None:
    assert sum(len(sentences) for _, sentences in families()) > 500


ANYTHING = (
    "the shot title and remove put 3 s second first 'SALE' garden.mp4 not should be in at from to of it that we i want "
    "beach , . : without instead change start end longer no swap whole don't % { } 00:07.5 always take back"
).split()


def test_no_words_break_the_reader() -> None:
    draws = random.Random(7)
    for length in (1, 2, 5, 12, 40) * 60:
        said = " ".join(draws.choice(ANYTHING) for _ in range(length))
        for wish in read_wishes(said):
            assert not re.search(r"\{[a-z]\d", wish.text), said  # marks never leave the reader


def test_a_name_with_a_comma_is_one_name() -> None:
    assert names_there("error: nothing is called '?'; there are a, b and c.mp4, d.mp4") == ["a, b and c.mp4", "d.mp4"]
    assert names_there("error: nothing is called '?'; there are take-1, d.mp4") == ["take-1", "d.mp4"]


def test_what_is_not_known_is_left_as_it_is() -> None:
    assert plainly("sing a song to me") == "sing a song to me"
    assert plainly("the boat shot has to go") == "remove the boat shot"
    assert rest_is("the others stay as they are") and not rest_is("remove the others too")
