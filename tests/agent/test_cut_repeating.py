"""A clip of the working cut shown once more, as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from cut_making import FPS, Room, footage, production, run

from rushes.agent.cut.document import need_cut


def opened(folder: Path, count: int = 3) -> Room:
    files = [footage(folder, clip) for clip in range(count)]
    room = Room(production(folder, files))
    for file in files:
        room("open", material=file.name)
    return room


def test_it_keeps_its_part_its_speed_and_its_looks(tmp_path: Path):
    room = opened(tmp_path)
    room("trim", clip="clip-1", start=0.5, seconds=1.5)
    room("speed", clip="clip-1", factor=2)
    room("volume", clip="clip-1", gain_db=-6)
    answer = room("insert", material="clip-1")
    assert answer.startswith("clip-4 shows again what clip-1 shows, at 4.750 for 0.750 s")
    one, *_, again = need_cut(room.production.board).clips
    same = ("blob", "start", "seconds", "speed", "volume", "fit", "zoom", "focus", "smooth", "take", "shot")
    assert all(getattr(one, name) == getattr(again, name) for name in same) and again.label == "clip0.mp4 again"
    shown = room.shown()
    assert shown[-9:] == shown[:9] and len(shown) == 66


def test_behind_a_clip_it_goes_over_as_that_did(tmp_path: Path):
    room = opened(tmp_path)
    room("fade", clip="clip-1", seconds=0.5)
    room("text", text="LATER", start=3.75, end=4.25)
    room("insert", material="clip-3", after="clip-1")
    cut = need_cut(room.production.board)
    assert [(clip.id, clip.fade, clip.at) for clip in cut.clips] == [
        ("clip-1", 0.5, 0), ("clip-4", 0.5, 1.5), ("clip-2", 0, 3), ("clip-3", 0, 5),
    ]  # fmt: skip
    assert [(text.start, text.end) for text in cut.texts] == [(5.25, 5.75)]
    assert room.shown()[-2 * FPS :] == run(2, 0, 24)
    room("undo")
    assert [clip.id for clip in need_cut(room.production.board).clips] == ["clip-1", "clip-2", "clip-3"]


def test_a_card_comes_again_with_its_text(tmp_path: Path):
    room = opened(tmp_path, 1)
    room("card", seconds=1, text="LATER", after="first")
    room("insert", material="clip-2")
    texts = need_cut(room.production.board).texts
    assert [(text.text, text.start, text.end, text.clip) for text in texts] == [
        ("LATER", 0, 1, "clip-2"), ("LATER", 3, 4, "clip-3"),
    ]  # fmt: skip


def test_what_was_repeated_on_purpose_is_no_fault(tmp_path: Path):
    room = opened(tmp_path)
    room("insert", material="clip-1")
    assert room("inspect") == "nothing found"
    room("insert", material="clip2.mp4")  # the same file once more is one, since nobody said that it is meant
    assert room("inspect") == "duplicate clip-5 shows again what clip-3 shows -> remove(clip-5)"


def test_part_of_a_clip_is_trimmed_and_not_inserted(tmp_path: Path):
    room = opened(tmp_path, 1)
    with pytest.raises(ValueError, match="then trim the new clip"):
        room("insert", material="clip-1", seconds=1)
    with pytest.raises(ValueError, match="no piece 'clip-7'"):
        room("insert", material="clip-7")
