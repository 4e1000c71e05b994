"""The audit finds what was planted, with the call that mends it, and nothing on clean films."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cut_making import FPS, Room, footage, production, read_frame, run, tone

from rushes.agent.cut.document import add_sound, edit, need_cut
from rushes.agent.cut.spelling import slip
from rushes.agent.events import Said
from rushes.board.operations import CreateNode
from rushes.media.sound import RATE, write_sound


def opened(folder: Path, files: list[Path], **settings) -> Room:
    room = Room(production(folder, files, **settings))
    for file in files:
        room("open", material=file.name)
    return room


def mend(room: Room, line: str) -> str:
    """Does what a finding says."""
    name, _, rest = line.split(" -> ")[1].partition("(")
    parts = [part.strip() for part in rest.rstrip(")").split(", ")]
    order = {"remove_span": ("start", "end"), "volume": ("clip", "gain_db")}.get(name, ("id",))
    if name in ("move", "replace"):
        order = ("clip",)
    arguments = {}
    for place, part in enumerate(parts):
        key, _, value = part.rpartition("=")
        value = value.strip("'")
        try:
            arguments[key or order[place]] = float(value)
        except ValueError:
            arguments[key or order[place]] = value
    return room(name, **arguments)


def test_a_clean_cut_has_nothing(tmp_path: Path):
    room = opened(tmp_path, [footage(tmp_path, clip) for clip in range(4)])
    room("fade", clip="clip-1", seconds=0.25)
    room("split", at=5.0)
    room("text", text="THE LIGHT AT NIGHT", start=0.5, end=2.0)
    room("text", text="a house by the sea", start=2.0, end=4.0, place="subtitle")
    assert room("inspect") == "nothing found"


def test_black_and_frozen_are_found_and_cut_away(tmp_path: Path):
    files = [
        footage(tmp_path, 0),
        footage(tmp_path, 1, order=[*range(12), *[-1] * 6, *range(12, 24)]),
        footage(tmp_path, 2, order=[*range(9), *[8] * 9, *range(9, 24)]),
    ]
    room = opened(tmp_path, files)
    lines = room("inspect").splitlines()
    assert lines == [
        "black 3.000-3.500 clip-2 -> remove_span(3.000, 3.500)",
        "frozen 5.167-6.000 clip-3 -> remove_span(5.250, 6.000)",
    ]
    for line in reversed(lines):
        mend(room, line)
    assert [read_frame(frame) for frame in room.film()] == [f for clip in range(3) for f in run(clip, 0, 24)]
    assert room("inspect") == "nothing found"


def test_sound_that_is_gone_too_loud_or_over_full_scale(tmp_path: Path):
    hole = tone(2, 2)
    hole[RATE // 2 : RATE] = 0
    files = [footage(tmp_path, clip, sound="tone" if clip != 2 else hole) for clip in range(6)]
    square = np.clip(tone(6, 2, 2.5), -1, 1)
    room = opened(tmp_path, [*files, footage(tmp_path, 6, sound=square)])
    room("volume", clip="clip-2", gain_db=9)
    room("volume", clip="clip-5", gain_db=-60)
    found = room("inspect")
    assert "loudness clip-2 +9.0 dB against its neighbours -> volume(clip-2, 0.0)" in found
    assert "silent 4.500-5.000 clip-3" in found
    assert "silent 8.000-10.000 clip-5 -> volume(clip-5, 0)" in found
    assert "clipped 12.000-14.000 clip-7 as recorded" in found
    assert len(found.splitlines()) == 5  # the clipped one is the loudest too
    room("remove", id="clip-7")
    for line in found.splitlines():
        if "->" in line and "clip-7" not in line:
            mend(room, line)
    assert room("inspect") == "silent 4.500-5.000 clip-3"
    room("volume", clip="clip-4", gain_db=23)
    assert "clipped 6.000-8.000 clip-4 3.0 dB over full scale -> volume(clip-4, 0)" in room("inspect")


def test_a_late_subtitle_is_told_with_its_onset(tmp_path: Path):
    room = opened(tmp_path, [footage(tmp_path, clip, sound=None) for clip in range(3)])
    board = room.production.board
    voice = np.concatenate([np.zeros(RATE // 2), tone(0, 1), np.zeros(RATE), tone(0, 1.5), np.zeros(RATE)])
    blob = board.put(write_sound(tmp_path / "voice.wav", voice))
    edit(board, *add_sound(need_cut(board).id, blob, label="voice", seconds=5.0), note="voice")
    room("subtitles", lines=[{"text": "hear", "start": 0.5, "end": 1.5}, {"text": "and see", "start": 2.5, "end": 4.0}])
    assert room("inspect") == "nothing found"
    room("retext", id="title-2", start=3.25, end=4.75)
    found = room("inspect")
    assert found == "late title-2 0.75 s behind its sound -> retext(title-2, start=2.500, end=4.000)"
    mend(room, found)
    assert room("inspect") == "nothing found"


@pytest.mark.parametrize(
    ("wrong", "right", "is_slip"),
    [
        ("lantren", "lantern", True),
        ("fesstival", "festival", True),
        ("umbrela", "umbrella", True),
        ("wonter", "winter", True),
        ("night", "light", False),
        ("sails", "sail", False),
        ("store", "stone", False),
        ("boats", "boat", False),
        ("form", "form", False),
    ],
)
def test_slips_of_the_fingers_are_told_from_other_words(wrong: str, right: str, is_slip: bool):
    assert slip(wrong, right) == is_slip


def test_spelling_goes_by_what_was_said(tmp_path: Path):
    room = opened(tmp_path, [footage(tmp_path, 0)], brief="a trailer of the Lantern Festival")
    room("text", text="LANTREN FESTIVAL", start=0, end=1)
    room("text", text="Bring the red umbrela.", start=0, end=1, place="subtitle")
    room("text", text="at night, in the snow", start=0, end=1, place="lower")
    line = 'spelling title-1 "LANTREN" -> "LANTERN" -> retext(title-1, text=\'LANTERN FESTIVAL\')'
    assert room("inspect") == line
    room.production.events.send(Said(text='the voice says "Bring the red umbrella"'))
    assert 'spelling title-2 "umbrela" -> "umbrella"' in room("inspect")
    assert 'spelling title-3 "snow" -> "snew"' in room("inspect", words=["snew"])


def test_order_duplicates_flashes_and_wrong_pictures_by_the_plan(tmp_path: Path):
    files = [footage(tmp_path, clip) for clip in range(5)]
    room = opened(tmp_path, files[:4])
    board = room.production.board
    for number, file in enumerate(files[:4], 1):
        blobs = {"source": board.put(file)}
        board.apply(CreateNode(kind="shot", fields={"text": file.stem, "source": "footage"}, blobs=blobs))
        board.apply({"op": "connect", "source": f"clip-{number}", "relation": "about", "target": f"shot-{number}"})
    assert room("inspect") == "nothing found"
    room("move", clip="clip-2", after="clip-3")
    found = room("inspect")
    assert found.startswith("order clip-") and len(found.splitlines()) == 1
    mend(room, found)
    assert room.shown() == [frame for clip in range(4) for frame in run(clip, 0, 24)]
    wrong = board.put(files[4])
    board.apply({"op": "attach", "id": "clip-3", "name": "source", "blob": wrong})
    found = room("inspect")
    assert found == "identity clip-3 looks like clip2.mp4, planned clip2 -> replace(clip-3, by='clip2.mp4')"
    mend(room, found)
    room("insert", material="clip0")
    room("insert", material="clip3", start=1.5, seconds=2 / FPS, after="clip-1")
    found = room("inspect").splitlines()
    assert found == [
        "flash 2.000-2.167 clip-6, 2 frames -> remove(clip-6)",
        "duplicate clip-5 shows again what clip-1 shows -> remove(clip-5)",
    ]


def test_bars_and_texts_that_stand_outside(tmp_path: Path):
    def with_bars(frame: np.ndarray) -> np.ndarray:
        frame = frame.copy()
        frame[:9], frame[-9:] = 0, 0
        return frame

    room = opened(tmp_path, [footage(tmp_path, 0), footage(tmp_path, 1, change=with_bars)])
    room("text", text="to the end", start=3, end=4)
    room("text", text="over it", start=3.5, end=4)
    assert room("inspect").splitlines() == [
        "letterbox clip-2 has black bars of 12% above and below in its own picture",
        "overlap title-1 title-2 3.500-4.000, both title",
    ]
    room("remove", id="title-2")
    room.production.board.apply({"op": "set", "id": "title-1", "fields": {"end": 5.0}})
    assert "outside title-1 3.000-5.000 goes over the film's end" in room("inspect")
