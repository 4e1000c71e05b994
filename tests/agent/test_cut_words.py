"""Texts and the frame of the working cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cut_making import Room, footage, production, read_frame, run

from rushes.agent.cut.document import need_cut
from rushes.media.decode import frames


def lit(frame: np.ndarray, without: np.ndarray) -> bool:
    """Whether a text stands on a frame."""
    return bool((np.abs(frame.astype(int) - without).max(axis=2) > 24).mean() > 0.0025)


def test_a_text_stands_on_exactly_its_frames(tmp_path: Path):
    room = Room(production(tmp_path, [footage(tmp_path, 0, 36)]))
    room("open", material="clip0")
    bare = room.film()
    assert "12 frames" in room("text", text="SALE SALE SALE", start=0.5, end=1.5, place="subtitle")
    shown = room.film()
    assert [i for i in range(36) if lit(shown[i], bare[i])] == list(range(6, 18))
    assert [read_frame(frame) for frame in shown] == run(0, 0, 36)
    room("retext", id="title-1", text="SOLD SOLD SOLD", start=2.0, end=2.25)
    shown = room.film()
    assert [i for i in range(36) if lit(shown[i], bare[i])] == list(range(24, 27))
    text = need_cut(room.production.board).texts[0]
    assert (text.text, text.start, text.end, text.place) == ("SOLD SOLD SOLD", 2.0, 2.25, "subtitle")
    room.production.board.close()


def test_a_text_knows_its_frames_at_odd_rates(tmp_path: Path):
    room = Room(production(tmp_path, [footage(tmp_path, 0, 36)], fps=29.97))
    room("open", material="clip0")
    room("text", text="SALE", start=1.0, end=2.0)
    cut = need_cut(room.production.board)
    assert [cut.frame_at(t) for t in (cut.texts[0].start, cut.texts[0].end)] == [30, 60]
    assert cut.seconds_at(30) == cut.texts[0].start
    room.production.board.close()


def test_subtitles_replace_those_there_are(tmp_path: Path):
    room = Room(production(tmp_path, [footage(tmp_path, 0, 36)]))
    room("open", material="clip0")
    room("text", text="A FILM", start=0, end=1)
    room("subtitles", lines=[{"text": "one", "start": 0, "end": 1}, {"text": "two", "start": 1, "end": 2}])
    answer = room("subtitles", lines=[{"text": "three", "start": 0.5, "end": 1.5}])
    assert "2 that there were are out" in answer
    assert [text.text for text in need_cut(room.production.board).texts] == ["A FILM", "three"]
    with pytest.raises(ValueError, match="subtitle 2"):
        room("subtitles", lines=[{"text": "a", "start": 0, "end": 1}, {"text": "b", "start": "x", "end": 1}])
    assert "it stands over title-4" in room("text", text="again", start=1, end=2, place="subtitle")
    room.production.board.close()


def subject_at(share: float):
    """A change that leaves a plain picture with one red thing in it."""

    def change(frame: np.ndarray) -> np.ndarray:
        plain = np.full_like(frame, 90)
        middle = round(share * (frame.shape[1] - 20))
        plain[30:55, middle : middle + 20] = (220, 40, 30)
        return plain

    return change


def test_reframing_keeps_the_middle_or_the_subject_and_says_what_is_lost(tmp_path: Path):
    files = [
        footage(tmp_path, 0, 12),
        footage(tmp_path, 1, 12, change=subject_at(0.95)),
    ]
    room = Room(production(tmp_path, files))
    for file in files:
        room("open", material=file.name)
    answer = room("frame", aspect="9:16")
    assert "72x128" in answer and "clip-1 loses 68% of its width;" in answer
    assert "clip-2 loses 68% of its width, kept where the subject is" in answer
    cut = need_cut(room.production.board)
    assert (cut.width, cut.height, cut.clips[0].focus) == (72, 128, (0.5, 0.5))
    shown = room.film()
    assert shown[0].shape == (128, 72, 3)
    red = [(frame[..., 0] > 180) & (frame[..., 1] < 90) for frame in shown[12:]]
    assert min(each.mean() for each in red) > 0.08  # of the red thing nothing is cropped away
    assert "border above and below" in room("frame", aspect="9:16", fit="contain")
    assert "100x56" in room("frame", width=100)[:60] or need_cut(room.production.board).width == 100
    room.production.board.close()


def test_measure_tells_the_films_figures(tmp_path: Path):
    files = [footage(tmp_path, 0, 24), footage(tmp_path, 1, 24, order=[*range(8), *[-1] * 8, *range(8, 16)])]
    room = Room(production(tmp_path, files))
    for file in files:
        room("open", material=file.name)
    said = room("measure")
    assert "4.000 s, 48 frames, 128x72, 12 fps" in said
    assert "black: 2.667-3.333" in said and "silent: none" in said
    film = room("render")
    assert film.startswith("film-1 ") and len(room.production.board.nodes("film")) == 1
    assert len(list(frames(room.production.board.blob_path(room.production.board.node("film-1").blobs["film"])))) == 48
    room.production.board.close()


def test_type_has_a_size_and_a_colour(tmp_path: Path):
    room = Room(production(tmp_path, [footage(tmp_path, 0, 12)]))
    room("open", material="clip0")
    bare = room.film()
    room("text", text="SALE", start=0.0, end=1.0, size=0.6)
    small = np.abs(room.film()[6].astype(int) - bare[6]).max(axis=2) > 24
    assert "1.8 times the usual size, #ff0000" in room("retext", id="title-1", size=1.8, colour="red")
    shown = room.film()[6].astype(int)
    large = np.abs(shown - bare[6]).max(axis=2) > 24
    assert large.sum() > 3 * small.sum() > 0
    reddest = shown[(shown[..., 0] - shown[..., 1:].max(axis=2)) > 120]
    assert len(reddest) > 0.05 * large.sum()  # the rest is the shadow around the letters
    assert "1.80 times" not in room("retext", id="title-1", size=1, colour="usual")
    with pytest.raises(ValueError, match=r"size is 9 times the usual; give 0.4 to 2.5"):
        room("retext", id="title-1", size=9)
    with pytest.raises(ValueError, match=r"'reddish' is no colour; give a name such as gold"):
        room("retext", id="title-1", colour="reddish")
    room.production.board.close()
