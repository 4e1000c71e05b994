"""JSON out of what language models write, read leniently and asked again a bounded number of times."""

import pytest

from rushes.agent.json_reply import ask_json, read_json
from rushes.agent.models import BadReply, Message, Reply
from rushes.agent.scripted import ScriptedModel
from rushes.agent.storyboard import ask_storyboard, read_shots
from rushes.backlot.world import NANO


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1}', {"a": 1}),
        ('Sure! Here it is:\n```json\n{"a": [1, 2,],}\n```\nEnjoy.', {"a": [1, 2]}),
        ("{'a': True, 'b': None}", {"a": True, "b": None}),
        ('[{"a": 1}, {"a": 2}, {"a": ', [{"a": 1}, {"a": 2}]),
        ('{"shots": [{"what": "a fox", "seconds": 3}, {"what": "a c', {"shots": [{"what": "a fox", "seconds": 3}]}),
        ('<think>{"no": 1}</think>{"a": 2}', {"a": 2}),
        ('[{"a": 1} {"a": 2}]', [{"a": 1}, {"a": 2}]),
        ('{"a": "it\'s, } fine"}', {"a": "it's, } fine"}),
    ],
)
def test_faults_that_small_models_make_are_mended(text: str, value):
    assert read_json(text) == value


@pytest.mark.parametrize("text", ["", "no", "a fox runs", "{]"])
def test_what_is_no_json_is_an_error(text: str):
    with pytest.raises(ValueError, match="JSON"):
        read_json(text)


def number(value):
    if not isinstance(value, dict) or not isinstance(value.get("n"), int):
        raise ValueError("n must be a whole number")
    return value["n"]


def test_a_wrong_answer_is_asked_again_with_the_fault():
    model = ScriptedModel(["hello", '{"n": "x"}', '{"n": 3}'])
    assert ask_json(model, [Message(role="user", content="n?")], number) == 3
    assert "whole number" in model.asked[2][-1].content
    assert len(model.asked[2]) == 3  # only the last wrong answer is shown again


def test_repair_is_bounded():
    model = ScriptedModel(["no"] * 10)
    with pytest.raises(BadReply, match="3 answers"):
        ask_json(model, [Message(role="user", content="n?")], number, repairs=2)
    assert len(model.asked) == 3


def test_a_cut_off_answer_is_asked_for_in_fewer_words():
    model = ScriptedModel([Reply(text='{"n', stopped="length"), '{"n": 1}'])
    assert ask_json(model, [Message(role="user", content="n?")], number) == 1
    assert "cut off" in model.asked[1][-1].content


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        ({"shots": [{"what": "a fox walks", "seconds": 3}]}, [("a fox walks", 3.0)]),
        ([{"action": "a fox walks", "duration": "4s"}], [("a fox walks", 4.0)]),
        (["a fox walks"], [("a fox walks", 3.0)]),
        ({"what": "a fox walks", "seconds": -2}, [("a fox walks", 0.5)]),
        ({"shots": [{"what": "null", "seconds": 1}, {"what": "a cat", "seconds": None}]}, [("a cat", 3.0)]),
    ],
)
def test_shots_in_the_shapes_that_models_give(answer, lines):
    assert read_shots(answer) == lines


def test_a_storyboard_must_show_what_the_brief_is_about():
    model = ScriptedModel(
        [
            '{"shots": [{"what": "a car drives", "seconds": 5}]}',
            '{"shots": [{"what": "a fox walks in the snow", "seconds": 5}, {"what": "a lantern", "seconds": 2}]}',
        ],
        uses_tools=False,
    )
    lines = ask_storyboard(model, "a fox finds a lantern in the snow", seconds=8, world=NANO)
    assert lines == [("a fox walks in the snow", 5.0), ("a lantern", 2.0)]
    assert "fox" in model.asked[1][-1].content
    assert len(model.asked[0][-1].content) < 1200  # small models have little room
