"""A text for each clip: what the board knows of it, over its own time, and nothing invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from cut_making import Room, footage, production
from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.cut.document import need_cut
from rushes.agent.cut.laying import lay
from rushes.agent.cut.subjects import given_name
from rushes.agent.making import making_tools
from rushes.agent.tool import Answer, check_arguments

BRIEF = (
    "A fox called Juno walks in the snow, then an owl and a rabbit dance in the forest, then a boat sails to a pier."
)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = production(tmp_path, brief=BRIEF, seconds=8)
    made.shooting_model = DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)))
    room = Room(made)
    room.tools |= {tool.spec.name: tool for tool in making_tools(made)}
    told = BRIEF.rstrip(".").split(", then ")
    planned = call(room, "plan", shots=[{"what": what, "seconds": 2.0} for what in told], as_listed=True)
    for line in planned.splitlines():
        if line.startswith("shot-"):
            call(room, "shoot", shot=line.split()[0])
    lay(made)
    return room


def call(room: Room, name: str, **arguments: object) -> str:
    check_arguments(room.tools[name].spec, arguments)
    answer = room.tools[name].run(arguments)
    return answer.text if isinstance(answer, Answer) else answer


def texts(room: Room) -> list[tuple[str, str]]:
    return [(text.text, text.clip) for text in need_cut(room.production.board).texts if text.tells]


def test_names_places_and_numbers(room: Room):
    room("label", tells="name")
    assert texts(room) == [("Juno", "clip-1"), ("Owl and Rabbit", "clip-2"), ("Boat", "clip-3")]
    room("label", tells="nothing")
    room("label", tells="place")
    assert texts(room) == [("Snow", "clip-1"), ("Forest", "clip-2"), ("Pier", "clip-3")]
    room("label", tells="number", place="title", height="top")
    at_top = [text for text in need_cut(room.production.board).texts if text.tells == "number"]
    assert [(text.text, text.place, text.middle) for text in at_top] == [(n, "title", 0.2) for n in "123"]
    room("undo")
    assert len(texts(room)) == 3


def test_only_animals(room: Room):
    answer = room("label", tells="name", group="animal")
    assert texts(room) == [("Juno", "clip-1"), ("Owl and Rabbit", "clip-2")]
    assert "without one: clip-3 (s03), of which no animal is known" in answer


def test_each_stands_over_its_own_clip_and_not_over_crossfades(room: Room):
    for clip in ("clip-1", "clip-2"):
        room("fade", clip=clip, seconds=0.5)
    room("label", tells="name")
    cut = need_cut(room.production.board)
    one, two, three = cut.clips
    times = [time for text in cut.texts if text.place == "lower" for time in (text.start, text.end)]
    assert times == pytest.approx([0, two.at, one.end, three.at, two.end, three.end])


def test_they_follow_their_clips(room: Room):
    for clip in ("clip-1", "clip-2"):
        room("fade", clip=clip, seconds=0)
    room("label", tells="name")
    room("move", clip="clip-1", after="clip-3")
    cut = need_cut(room.production.board)
    assert [text.text for text in cut.texts if text.tells] == ["Owl and Rabbit", "Boat", "Juno"]
    for text in (text for text in cut.texts if text.tells):
        assert (text.start, text.end) == pytest.approx((cut.clip(text.clip).at, cut.clip(text.clip).end))


def test_the_same_once_more_takes_the_place_of_the_old(room: Room):
    room("label", tells="number")
    room("move", clip="clip-1", after="clip-3")
    assert "3 that told the same before are out" in room("label", tells="number")
    assert texts(room) == [("1", "clip-2"), ("2", "clip-3"), ("3", "clip-1")]


def test_another_label_does_not_go_over_them(room: Room):
    room("label", tells="name", clips=["clip-2"])
    with pytest.raises(ValueError, match=r'title-\d+ "Owl and Rabbit" stands over clip-2'):
        room("label", tells="number")
    assert texts(room) == [("Owl and Rabbit", "clip-2")]


def test_of_footage_nothing_is_invented(room: Room, tmp_path: Path):
    other = Room(production(tmp_path / "other", [footage(tmp_path, 1)]))
    other("open", material="clip1.mp4")
    other("card", seconds=1)
    with pytest.raises(ValueError, match=r"clip-1 \(clip1.mp4\), of which nobody has said what it shows"):
        other("label", tells="name")
    assert other("label", tells="number").startswith('title-1 "1" 0.000-2.000')  # and a card is no shot
    with pytest.raises(ValueError, match="say the text"):
        other("label", tells="text")
    with pytest.raises(ValueError, match="no clip has a label"):
        Room(other.production)("label", tells="nothing", clips=["clip-2"])


@pytest.mark.parametrize(
    ("text", "word", "name"),
    [
        ("A fox called Juno runs.", "fox", "Juno"),
        ("a small red fox named 'Rusty' sleeps", "fox", "Rusty"),
        ("Juno the fox meets Otto the owl", "owl", "Otto"),
        ("Juno, a fox, runs", "fox", "Juno"),
        ("The fox Juno runs", "fox", "Juno"),
        ("Then the fox runs", "fox", ""),
        ("Perhaps the fox runs. A film called Up.", "fox", ""),
        ("The fox Runs Away", "fox", ""),
        ("A fox runs, then an owl called Otto flies", "fox", ""),
    ],
)
def test_the_name_that_a_brief_gives(text: str, word: str, name: str):
    assert given_name(text, word) == name
