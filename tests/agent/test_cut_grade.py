"""The colours of clips on the working cut: the tool, what survives which edit, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cut_making import Room, footage, production, run
from PIL import Image

from rushes.agent.cut.document import ClipPiece, continues, document_of, joined, need_cut, timeline_of
from rushes.agent.cut.exporting import export
from rushes.agent.cut.extending import extend
from rushes.agent.cut.inspect import inspect
from rushes.agent.looking import look
from rushes.media.grade import Grade
from rushes.media.otio import from_otio


@pytest.fixture
def room(tmp_path: Path):
    """Two clips of two seconds, clip-1 and clip-2, and a third file."""
    made = Room(production(tmp_path, [footage(tmp_path, number) for number in range(3)]))
    made("open", material="clip0")
    made("open", material="clip1")
    yield made
    made.production.board.close()


def grades(room: Room) -> list[dict[str, float]]:
    return [clip.grade.changes() for clip in need_cut(room.production.board).clips]


def colour(frames: list[np.ndarray]) -> np.ndarray:
    """(T,) how far the pixels of each frame are from grey."""
    return np.array([np.ptp(frame.astype(int), axis=-1).mean() for frame in frames])


def test_one_clip_is_graded_and_the_film_shows_it(room: Room) -> None:
    assert room("grade", clips=["clip-2"], look="black_and_white").startswith(
        "clip-2 is shown in black and white; film"
    )
    shown = room.film()
    assert colour(shown[:24]).min() > 25 and colour(shown[24:]).max() < 1
    assert room.shown() == run(0, 0, 24) + run(1, 0, 24)


def test_all_clips_several_and_what_they_are_already(room: Room) -> None:
    assert room("grade", look="sepia").startswith("all 2 clips are shown in sepia;")
    assert room("grade", clips=["clip-1"], look="sepia").startswith("clip-1 is shown in sepia already; nothing was")
    said = room("grade", clips=["clip-1", "clip-2"], look="warmer", brightness=1.2, sepia=0)
    assert said.startswith("all 2 clips are shown brighter (1.2) and warmer (0.4);")
    assert room("grade", clips=["clip-2"], look="colour", warmth=0).startswith("clip-2 is shown brighter (1.2);")
    assert room("grade", look="as_shot").startswith("all 2 clips are shown as shot;")
    assert grades(room) == [{}, {}]


def test_relative_looks_add_to_what_there_is_and_stop_at_the_end(room: Room) -> None:
    room("grade", clips=["clip-1"], look="brighter")
    room("grade", look="brighter", amount=0.5)
    assert [each["brightness"] for each in grades(room)] == pytest.approx([1.5**1.5, 1.5**0.5], abs=1e-3)
    room("grade", look="darker", amount=0.5)
    assert grades(room)[1] == {}
    for _ in range(5):
        said = room("grade", clips=["clip-2"], look="less_colour")
    assert "clip-2 is shown in black and white already" in said
    assert "no colours that could be seen to be warmer" in room("grade", clips=["clip-2"], look="warmer")


def test_answers_that_mend_themselves(room: Room) -> None:
    for arguments, said in (
        ({}, r"say how the colours should be: a look \(black_and_white, sepia"),
        ({"look": "vintage"}, "give one of black_and_white, sepia, warm"),
        ({"saturation": 7}, "saturation is 7; give a number from 0 to 2"),
        ({"look": "sepia", "amount": 0}, "amount is 0 times the look"),
        ({"look": "sepia", "clips": []}, "leave it out for the whole film"),
        ({"look": "sepia", "clips": ["clip-9"]}, "no piece 'clip-9'; did you mean clip-"),
    ):
        with pytest.raises(ValueError, match=said):
            room("grade", **arguments)  # type: ignore[arg-type]
    assert grades(room) == [{}, {}]


def test_every_edit_keeps_the_grade(room: Room) -> None:
    room("grade", clips=["clip-1"], look="sepia")
    sepia = {"sepia": 1.0}
    room("split", at=1.0)
    assert grades(room) == [sepia, sepia, {}]
    assert len(joined(need_cut(room.production.board).clips)) == 2  # nobody sees where it was split
    room("trim", clip="clip-1", seconds=0.5)
    room("speed", clip="clip-1", factor=0.5)
    room("move", clip="clip-1", after="clip-2")
    room("frame", aspect="1:1")
    assert grades(room) == [sepia, {}, sepia]
    room("remove_span", start=0.25, end=0.5)  # out of the middle of the first
    assert grades(room) == [sepia, sepia, {}, sepia]
    room("replace", clip="clip-1", by="clip2")
    assert grades(room) == [sepia, sepia, {}, sepia]


def test_a_picture_that_is_held_is_as_the_clip_that_it_holds(room: Room) -> None:
    room("grade", clips=["clip-2"], look="black_and_white", brightness=1.5)
    extend(room.production, "clip-2", 3.0, "hold")
    assert grades(room) == [{}, {"saturation": 0.0, "brightness": 1.5}, {"saturation": 0.0, "brightness": 1.5}]
    shown = room.film()
    assert colour(shown[24:]).max() < 1 and abs(shown[-1].mean() - shown[47].mean()) < 3


def test_clips_that_are_graded_otherwise_do_not_go_on_in_one_another(room: Room) -> None:
    room("split", at=1.0)
    one, two = need_cut(room.production.board).clips[:2]
    assert continues(one, two)
    room("grade", clips=[two.id], look="cool")
    clips = need_cut(room.production.board).clips
    assert not continues(*clips[:2]) and len(joined(clips)) == 3


def test_undo_and_redo_say_what_the_colours_are(room: Room) -> None:
    board = room.production.board
    room("grade", clips=["clip-2"], look="warmer", contrast=0.8)
    said = board.told()[-1][1]
    assert said == 'clip-2 "clip1.mp4" is shown warmer (0.4), with less contrast (0.8)'
    assert 'clip-2 "clip1.mp4" is shown as shot again' in room("undo")
    assert grades(room) == [{}, {}]
    board.redo(by="agent")
    assert grades(room)[1] == {"warmth": 0.4, "contrast": 0.8}


def test_the_listing_tells_it(room: Room) -> None:
    room("grade", clips=["clip-2"], look="black_and_white", brightness=1.5)
    lines = room("timeline").splitlines()
    assert lines[1] == "clip-1 0.000-2.000 clip0.mp4"
    assert lines[2] == "clip-2 2.000-4.000 clip1.mp4, graded in black and white and brighter (1.5)"


def test_a_neutral_grade_leaves_the_key_of_a_render_as_it_was(room: Room) -> None:
    cut = need_cut(room.production.board)
    assert all("grade" not in clip for clip in document_of(cut)["clips"])
    room("grade", look="brighter")
    room("grade", look="as_shot")
    assert document_of(need_cut(room.production.board)) == document_of(cut)
    room("grade", look="cool")
    assert [clip["grade"] for clip in document_of(need_cut(room.production.board))["clips"]] == [{"warmth": -0.5}] * 2


def test_what_comes_to_a_film_in_black_and_white_is_so_too(room: Room) -> None:
    room("grade", look="black_and_white", brightness=2.0)
    assert "it is shown in black and white as the others are" in room("insert", material="clip2", after="first")
    assert grades(room)[0] == {"saturation": 0.0}  # how bright a shot has to be is its own
    room("grade", clips=["clip-1"], look="colour")
    assert "black and white" not in room("insert", material="clip2")


def test_an_editable_timeline_carries_the_grade(room: Room) -> None:
    room("grade", clips=["clip-1"], look="cool", saturation=0.5)
    cut = need_cut(room.production.board)
    export(room.production, "otio")
    read = from_otio(room.production.board.folder / "exports" / "film.otio")
    assert [clip.grade for clip in read.clips] == [Grade(warmth=-0.5, saturation=0.5), Grade()]
    assert read.clips == timeline_of(room.production.board, cut).clips


def test_an_audit_finds_no_fault_in_it(room: Room) -> None:
    before = inspect(room.production)
    room("grade", look="black_and_white", brightness=0.25, contrast=2.0)
    assert inspect(room.production) == before


def test_who_looks_at_a_clip_sees_it_as_the_film_shows_it(room: Room) -> None:
    room("grade", clips=["clip-2"], look="black_and_white")
    board = room.production.board
    for seen, least, most in (("clip-1", 25, 255), ("clip-2", 0, 0.01), ("clip1.mp4", 25, 255)):
        answer = look(room.production, seen, describer=None)
        shown = [np.asarray(Image.open(board.blob_path(picture.blob))) for picture in answer.pictures]
        assert least <= colour(shown).max() <= most
    assert "mostly black and white" in look(room.production, "clip-2", describer=None).text


def test_a_clip_piece_is_as_shot_unless_it_is_said() -> None:
    assert ClipPiece(id="clip-1", blob="b", seconds=1).grade == Grade()
