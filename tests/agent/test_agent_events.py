"""Events: numbered, typed, JSON-able, replayable."""

import json
from dataclasses import fields
from pathlib import Path

import pytest

from rushes.agent import events
from rushes.agent.events import EventError, EventStream, Noted, Progress, event_from_dict, replay_events


def test_events_are_numbered_kept_and_replayed(tmp_path: Path):
    path, seen = tmp_path / "events.jsonl", []
    stream = EventStream(path, seen.append)
    stream.send(Noted(text="first"))
    stream.send(Progress(stage="shoot", done=0.5))
    stream.send(Noted(text="zweite 二", role="warning"))
    assert [event.number for event in seen] == [1, 1, 2]
    assert [event.text for event in replay_events(path)] == ["first", "zweite 二"]
    assert [event.number for event in replay_events(path, since=1)] == [2]


def test_numbers_go_on_after_a_kill_in_the_middle_of_a_line(tmp_path: Path):
    path = tmp_path / "events.jsonl"
    EventStream(path).send(Noted(text="first"))
    with path.open("a") as log:
        log.write('{"type": "noted", "te')
    stream = EventStream(path)
    assert stream.send(Noted(text="second")).number == 2
    assert [event.text for event in replay_events(path)] == ["first", "second"]


def test_every_type_survives_json():
    for kind in events.KINDS:
        filled = {}
        for field in fields(kind):
            filled[field.name] = {"str": "x", "int": 1, "float": 0.5, "bool": True}.get(str(field.type), [])
            if str(field.type).startswith("dict"):
                filled[field.name] = {"a": 1}
        event = kind(**filled)
        assert event_from_dict(json.loads(json.dumps(event.to_dict()))) == event


@pytest.mark.parametrize("data", [{}, {"type": "no such"}, {"type": "noted"}, []])
def test_what_is_no_event_is_refused(data):
    with pytest.raises(EventError):
        event_from_dict(data)


def test_names_of_a_later_version_are_left_aside():
    assert event_from_dict({"type": "noted", "text": "x", "number": 3, "new": 1}) == Noted(text="x", number=3)
