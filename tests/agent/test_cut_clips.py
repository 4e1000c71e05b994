"""Editing the picture, frame by frame, with real footage, FFmpeg and board."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cut_making import FPS, HEIGHT, WIDTH, Room, footage, production, run

from rushes.agent.context.entry import count_tokens
from rushes.agent.cut.document import add_sound, document_of, edit, need_cut, read_cut, timeline_of
from rushes.board.operations import SetFields
from rushes.media.sound import write_sound


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("footage")
    return [footage(folder, clip) for clip in range(3)]


@pytest.fixture
def room(tmp_path: Path, files: list[Path]) -> Iterator[Room]:
    """Three clips of two seconds."""
    made = Room(production(tmp_path, files))
    for file in files:
        made("open", material=file.name)
    yield made
    made.production.board.close()


def test_the_first_video_makes_the_cut(tmp_path: Path, files: list[Path]):
    made = Room(production(tmp_path, files, width=0, height=0, fps=0))
    assert "2.000 s, 24 frames, 1 clips" in made("open", material="CLIP1")
    cut = need_cut(made.production.board)
    assert (cut.width, cut.height, cut.fps) == (WIDTH, HEIGHT, FPS)
    assert made.shown() == run(1, 0, 24)
    made.production.board.close()


def test_split_keeps_every_frame_and_sample(room: Room):
    before = document_of(need_cut(room.production.board))
    answer = room("split", at=2.5)
    cut = need_cut(room.production.board)
    assert [(c.id, c.at, c.start) for c in cut.clips[1:3]] == [("clip-2", 2.0, 0.0), ("clip-4", 2.5, 0.5)]
    assert "clip-4 goes on" in answer
    assert document_of(cut) == before  # the same render, found and not made again
    room("volume", clip="clip-4", gain_db=-3)  # now the halves are two clips for the renderer too
    assert room.shown() == run(0, 0, 24) + run(1, 0, 24) + run(2, 0, 24)


def test_remove_span_closes_the_gap_for_picture_texts_and_sounds(room: Room, tmp_path: Path):
    board = room.production.board
    for number, (start, end) in enumerate([(0.5, 1.0), (1.5, 2.25), (2.25, 2.5), (4.0, 5.0)]):
        room("text", text=f"text {number}", start=start, end=end, place=("title", "lower")[number % 2])
    sound = board.put(write_sound(tmp_path / "s.wav", np.zeros(48000 * 8)))
    for at, seconds, label in ((0.0, 6.0, "bed"), (2.25, 1.0, "voice"), (4.5, 1.0, "bell")):
        edit(board, *add_sound(need_cut(board).id, sound, at=at, seconds=seconds, label=label), note="sound")
    answer = room("remove_span", start=2.0, end=2.75)
    assert room.shown() == run(0, 0, 24) + run(1, 9, 24) + run(2, 0, 24)
    cut = need_cut(board)
    assert cut.seconds == 5.25
    assert [(t.text, t.start, t.end) for t in cut.texts] == [
        ("text 0", 0.5, 1.0),
        ("text 1", 1.5, 2.0),
        ("text 3", 3.25, 4.25),
    ]
    assert 'title-3 "text 2" went with it' in answer and "title-2" in answer
    heard = {s.label: (s.at, s.start, s.seconds) for s in cut.sounds}
    assert heard == {"bed": (0.0, 0.0, 5.25), "voice": (2.0, 0.5, 0.5), "bell": (3.75, 0.0, 1.0)}
    assert count_tokens(answer) < 300


def test_remove_span_over_several_clips(room: Room):
    answer = room("remove_span", start=1.0, end=4.5)
    assert "clip-2 went with it" in answer
    assert room.shown() == run(0, 0, 12) + run(2, 6, 24)


@pytest.mark.parametrize("start, end", [(1.25, 1.75), (1.625, 1.75), (1.75, 2.5), (0.5, 3.0), (1.5, 2.0)])
def test_remove_span_at_a_crossfade_takes_exactly_its_frames(room: Room, start: float, end: float):
    room("fade", clip="clip-1", seconds=0.5)
    before = need_cut(room.production.board)
    room("remove_span", start=start, end=end)
    after = need_cut(room.production.board)
    assert before.frames - after.frames == before.frame_at(end) - before.frame_at(start)
    shown = room.shown()
    first, last = before.frame_at(start), before.frame_at(end)
    assert shown[:18] == run(0, 0, 24)[: min(first, 18)] + shown[min(first, 18) : 18]
    assert shown[first + 6 :] == (run(1, 0, 24) + run(2, 0, 24))[last - 18 + 6 :]  # behind any crossfade


def test_trim_moves_what_is_later(room: Room):
    room("text", text="late", start=4.5, end=5)
    room("trim", clip="clip-2", start=0.5)
    assert need_cut(room.production.board).texts[0].start == 4.0
    room("trim", clip="clip-2", seconds=1.0)
    cut = need_cut(room.production.board)
    assert (cut.texts[0].start, cut.texts[0].end, cut.frames) == (3.5, 4.0, 60)
    assert room.shown() == run(0, 0, 24) + run(1, 6, 18) + run(2, 0, 24)
    room("trim", clip="clip-2", start=0, seconds=2)
    assert need_cut(room.production.board).texts[0].start == 4.5
    with pytest.raises(ValueError, match="goes from 0 to"):
        room("trim", clip="clip-2", seconds=2.5)


def test_move_insert_and_replace_keep_the_rest(room: Room):
    room("text", text="here", start=2.5, end=3)
    assert "clip-3 clip-1 clip-2" in room("move", clip="clip-3")
    assert "clip-1 clip-3 clip-2" in room("move", clip="clip-3", after="clip-1")
    room("insert", material="clip2", start=1, seconds=0.5, after="first")
    assert need_cut(room.production.board).texts[0].start == 3.0
    room("replace", clip="clip-1", by="clip1.mp4")
    assert room.shown() == run(2, 12, 18) + run(1, 0, 24) + run(2, 0, 24) + run(1, 0, 24)


def test_speed_runs_the_same_part_faster_and_slower(room: Room):
    room("text", text="later", start=4.5, end=5)
    answer = room("speed", clip="clip-2", factor=2)
    assert "lasts 1.000 s" in answer
    assert need_cut(room.production.board).texts[0].start == 3.5
    shown = room.shown()
    assert shown == run(0, 0, 24) + [(1, n) for n in range(0, 24, 2)] + run(2, 0, 24)
    room("speed", clip="clip-2", factor=0.5)
    shown = room.shown()
    assert len(shown) == 96 and shown[24:72] == [(1, n // 2) for n in range(48)]
    room("split", at=3.0)  # half way into the slow clip
    assert need_cut(room.production.board).clips[2].start == 0.5


def test_remove_a_clip_between_crossfades(room: Room):
    room("fade", clip="clip-1", seconds=0.25)
    room("fade", clip="clip-2", seconds=0.25)
    room("text", text="at the end", start=5, end=5.5)
    room("remove", id="clip-2")
    cut = need_cut(room.production.board)
    assert (cut.frames, cut.texts[0].start) == (45, 3.25)
    room("remove", id="clip-3")
    cut = need_cut(room.production.board)
    assert (cut.frames, cut.texts, cut.clips[0].fade) == (24, (), 0.0)
    with pytest.raises(ValueError, match="did you mean clip-1"):
        room("remove", id="clip-9")


def test_every_change_can_be_undone(room: Room, tmp_path: Path):
    calls = [
        ("split", {"at": 1.0}),
        ("trim", {"clip": "clip-1", "start": 0.5}),
        ("remove", {"id": "clip-2"}),
        ("remove_span", {"start": 0.5, "end": 3.0}),
        ("move", {"clip": "clip-3"}),
        ("insert", {"material": "clip0", "after": "clip-1"}),
        ("replace", {"clip": "clip-1", "by": "clip2"}),
        ("speed", {"clip": "clip-2", "factor": 1.5}),
        ("fade", {"clip": "clip-1", "seconds": 0.5}),
        ("fade", {"clip": "clip-3", "seconds": 0.5}),
        ("push", {"clip": "clip-2", "way": "in"}),
        ("frame", {"aspect": "9:16"}),
        ("volume", {"clip": "clip-1", "gain_db": -6}),
        ("text", {"text": "SALE", "start": 0.5, "end": 2.0}),
        ("subtitles", {"lines": [{"text": "one", "start": 0, "end": 1}, {"text": "two", "start": 1, "end": 2}]}),
    ]
    before = read_cut(room.production.board)
    for name, arguments in calls:
        answer = room(name, **arguments)
        assert count_tokens(answer) < 300
        assert read_cut(room.production.board) != before, name
        assert timeline_of(room.production.board, need_cut(room.production.board))
        room("undo")
        assert read_cut(room.production.board) == before, name
    room("render")
    room("undo")  # the last opening, and not the render
    assert len(need_cut(room.production.board).clips) == 2


def test_a_person_edits_the_same_nodes(room: Room):
    room.production.board.apply(SetFields(id="clip-2", fields={"seconds": 1.0}), by="user")
    assert "clip-2 2.000-3.000" in room("timeline") and "60 frames" in room("timeline")
    with pytest.raises(ValueError, match="one clip ends and the next begins"):
        room("split", at=3.0)
    room("undo")  # takes back the agent's, not the person's
    assert need_cut(room.production.board).clips[1].seconds == 1.0


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("open", {"material": "clipp0"}, "clip0.mp4"),
        ("open", {"material": "clip"}, "begins 3 names"),
        ("split", {"at": 7.0}, "give 0 to 6.000"),
        ("split", {"at": 2.0}, "inside of a clip"),
        ("remove_span", {"start": 3, "end": 2}, "no frame"),
        ("remove_span", {"start": 0, "end": 6}, "whole film"),
        ("move", {"clip": "title-1"}, "clip-1"),
        ("insert", {"material": "clip0", "start": 5.0}, "lasts 2.000 s"),
        ("speed", {"clip": "clip-1", "factor": 50}, "0.1 to 10"),
        ("fade", {"clip": "clip-1", "seconds": 9}, "give 0 to 2.000"),
        ("frame", {"aspect": "wide"}, "16:9"),
        ("volume", {"clip": "clip-1", "gain_db": 60}, "up to 24"),
        ("text", {"text": "x", "start": 5, "end": 8}, "6.000"),
    ],
)
def test_mistakes_say_the_way_out_and_change_nothing(room: Room, name: str, arguments: dict, says: str):
    before = read_cut(room.production.board)
    with pytest.raises(ValueError, match=says):
        room(name, **arguments)
    assert read_cut(room.production.board) == before


def test_an_edit_that_makes_no_film_is_taken_back(room: Room):
    room("fade", clip="clip-1", seconds=1.5)
    before = read_cut(room.production.board)
    with pytest.raises(ValueError, match="crossfades around it"):
        room("fade", clip="clip-2", seconds=1.0)
    assert read_cut(room.production.board) == before
