"""Cards in the working cut: exact to the frame, edited like clips, and no fault to whoever looks for faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cut_making import FPS, Room, footage, production, run, tone

from rushes.agent.cut.document import WorkingCut, add_sound, edit, need_cut
from rushes.agent.cut.exporting import export
from rushes.agent.cut.pieces import is_card
from rushes.agent.cut.sounding import music
from rushes.media.otio import from_otio
from rushes.media.sound import RATE

BLACK, WHITE = 8.0, 247.0  # mean of a frame, of 255


def opened(folder: Path, count: int = 3, **settings) -> Room:
    files = [footage(folder, clip) for clip in range(count)]
    room = Room(production(folder, files, **settings))
    for file in files:
        room("open", material=file.name)
    return room


def cut_of(room: Room) -> WorkingCut:
    return need_cut(room.production.board)


def plain_frames(room: Room, *, white: bool = False) -> list[int]:
    """Numbers of the film's frames that are black, or white, all over but for a text in the middle."""
    corners = [frame[: frame.shape[0] // 4].mean() for frame in room.film()]
    return [number for number, mean in enumerate(corners) if (mean > WHITE if white else mean < BLACK)]


def test_a_second_of_black_is_a_second_of_black(tmp_path: Path):
    room = opened(tmp_path)
    room("fade", clip="clip-1", seconds=0.5)
    answer = room("card", seconds=1, after="clip-1")
    assert answer.startswith("clip-4 is a black card at 2.000 for 1.000 s") and is_card(cut_of(room).clips[1])
    assert plain_frames(room) == list(range(2 * FPS, 3 * FPS))  # hard cuts, and the shots are whole beside it
    shown = room.shown()
    assert shown[: 2 * FPS] == run(0, 0, 24) and shown[3 * FPS :] == [*run(1, 0, 24), *run(2, 0, 24)]


def test_cards_at_both_ends_with_a_text_for_all_their_length(tmp_path: Path):
    room = opened(tmp_path, 1)
    room("card", seconds=0.5, after="first")
    room("card", seconds=1.5, colour="white", text="Thanks")
    cut = cut_of(room)
    assert [(clip.label, clip.at, clip.seconds) for clip in cut.clips] == [
        ("black card", 0, 0.5), ("clip0.mp4", 0.5, 2), ("white title card", 2.5, 1.5),
    ]  # fmt: skip
    assert [(text.text, text.start, text.end, text.clip) for text in cut.texts] == [("Thanks", 2.5, 4, "clip-3")]
    assert cut.texts[0].colour == "#1c1c1e"  # dark on light
    assert plain_frames(room) == list(range(6)) and plain_frames(room, white=True) == list(range(30, 48))


def test_texts_move_with_their_picture_and_none_stands_over_the_card(tmp_path: Path):
    room = opened(tmp_path)
    for text, start, end in (("BEFORE", 0.5, 2.5), ("BEHIND", 1.75, 3.5), ("LATER", 4.5, 5.5)):
        room("text", text=text, start=start, end=end, place="lower")
    room("card", seconds=1, after="clip-1")
    times = {text.text: (text.start, text.end) for text in cut_of(room).texts}
    assert times == {"BEFORE": (0.5, 2), "BEHIND": (3, 4.5), "LATER": (5.5, 6.5)}


def test_music_goes_on_over_cards(tmp_path: Path):
    room = opened(tmp_path)
    (tmp_path / "more").mkdir()
    tune = footage(tmp_path / "more", 5, 48, name="tune.mp4", sound=tone(5, 4))
    blob = room.production.board.put(tune)
    bed = add_sound(cut_of(room).id, blob, label="music", at=0.0, seconds=3.0)
    later = add_sound(cut_of(room).id, blob, label="voice", at=2.5, seconds=0.5, handle="voice")
    edit(room.production.board, *bed, *later, note="sounds")
    room("card", seconds=0.5, after="first")
    sounds = {sound.label: (sound.at, sound.end) for sound in cut_of(room).sounds}
    assert sounds == {"music": (0, 3), "voice": (3, 3.5)}  # this music stops before the film does


def test_composed_music_ends_with_the_longer_film(tmp_path: Path):
    room = opened(tmp_path, 2)
    music(room.production, {"mood": "calm"})
    before = cut_of(room).sounds[0]
    room("card", seconds=1)
    sound = cut_of(room).sounds[0]
    assert (before.at, before.end) == (0, 4) and (sound.at, sound.end) == (0, 5) and sound.blob != before.blob


def test_a_card_is_edited_as_other_clips(tmp_path: Path):
    room = opened(tmp_path, 2)
    room("card", seconds=1, after="clip-1", text="PART TWO")
    room("trim", clip="clip-3", seconds=2)
    assert [(t.start, t.end) for t in cut_of(room).texts] == [(2, 4)]  # its text is as long as it is
    room("move", clip="clip-3", after="clip-2")
    assert [(t.start, t.end) for t in cut_of(room).texts] == [(4, 6)]
    room("undo")
    room("split", at=3.0)
    assert [clip.label for clip in cut_of(room).clips].count("black title card") == 2
    room("undo")
    assert "PART TWO" in room("remove", id="clip-3") and not cut_of(room).texts
    room("undo")
    assert [clip.id for clip in cut_of(room).clips] == ["clip-1", "clip-3", "clip-2"]
    room("frame", aspect="9:16")
    assert plain_frames(room) == list(range(2 * FPS, 4 * FPS))


def test_no_crop_is_told_of_a_card(tmp_path: Path):
    room = opened(tmp_path, 1)
    room("card", seconds=1)
    assert "clip-2" not in room("frame", aspect="1:1") and cut_of(room).clips[1].fit == "cover"


def test_exports_hold_the_card(tmp_path: Path):
    room = opened(tmp_path, 2)
    room("card", seconds=1, after="clip-1", colour="#102040")
    export(room.production, "edl")
    export(room.production, "otio")
    folder = room.production.board.folder / "exports"
    assert "* FROM CLIP NAME: #102040 card" in (folder / "film.edl").read_text()
    read = from_otio(folder / "film.otio")
    assert [clip.label for clip in read.clips] == ["clip0.mp4", "#102040 card", "clip1.mp4"] and read.seconds == 5


def test_an_asked_for_card_is_no_fault_and_faults_beside_it_are(tmp_path: Path):
    room = opened(tmp_path, 6)
    room("card", seconds=2, after="first")
    room("card", seconds=1, after="clip-3", text="PART TWO")
    room("card", seconds=0.083)  # a frame
    assert room("inspect") == "nothing found"
    hole = tone(6, 2)
    hole[RATE // 2 : RATE] = 0
    spoilt = footage(tmp_path, 6, order=[*range(12), *[-1] * 6, *range(12, 18)], sound=hole, name="spoilt.mp4")
    spoilt_room = Room(production(tmp_path / "spoilt", [*(footage(tmp_path, n) for n in range(6)), spoilt]))
    for name in (*(f"clip{n}.mp4" for n in range(6)), "spoilt.mp4"):
        spoilt_room("open", material=name)
    spoilt_room("card", seconds=1, after="clip-6")
    found = spoilt_room("inspect").splitlines()
    assert [line.partition(" -> ")[0] for line in found] == [
        "black 14.000-14.500 clip-7",
        "silent 13.500-14.000 clip-7",
    ]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"seconds": 0.0}, "give one frame"),
        ({"seconds": float("inf")}, "give one frame"),
        ({"seconds": 1, "colour": "sunny"}, "no colour"),
        ({"seconds": 1, "after": "clip-9"}, "clip-9"),
    ],
)
def test_what_can_be_no_card(tmp_path: Path, given: dict[str, object], why: str):
    room = opened(tmp_path, 1)
    with pytest.raises(ValueError, match=why):
        room("card", **given)
    assert len(cut_of(room).clips) == 1


def test_it_has_the_colour_that_was_asked_for(tmp_path: Path):
    room = opened(tmp_path, 1)
    room("card", seconds=0.5, colour="navy")
    assert np.abs(room.film()[-1].reshape(-1, 3).mean(axis=0) - (0, 0, 128)).max() < 6
