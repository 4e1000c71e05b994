"""Titles stand where they cover nobody; whoever has said where they stand has them there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_model import DrawnCapabilities, DrawnModel
from small_production import caller, footage, opened, production_of

from rushes.agent.cut.clear_titles import clear_titles
from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.cut.document import need_cut, timeline_of
from rushes.agent.cut.rendering import render_cut
from rushes.agent.making import making_tools
from rushes.agent.plan import Material
from rushes.agent.production import Production, take_scene
from rushes.backlot.where import on_screen
from rushes.media.decode import frames
from rushes.media.titles import MIDDLE, text_box


def placed(production: Production) -> list[float]:
    return [
        text.middle for text in clear_titles(production.board, timeline_of(production.board, cut(production))).texts
    ]


def cut(production: Production):
    return need_cut(production.board)


def subject(top: int, bottom: int) -> np.ndarray:
    """(T, H, W, 3), two seconds: something bright across the middle of a plain picture, between two rows of 72."""
    shown = np.full((24, 72, 128, 3), 70, np.uint8)
    for number, frame in enumerate(shown):
        frame[top:bottom, 30 + number : 90 + number] = (230, 200, 40)
    return shown


@pytest.mark.parametrize("aspect", ["16:9", "9:16", "1:1"])
@pytest.mark.parametrize("what", ["a fox stands in the snow", "a boat sails on the sea", "a girl and a robot dance"])
def test_a_title_is_clear_of_everybody_who_is_drawn(tmp_path: Path, aspect: str, what: str):
    with production_of(tmp_path, model=DrawnModel(DrawnCapabilities(sizes=None))) as production:
        call = caller([*making_tools(production), *cut_tools(production)])
        call("plan", shots=[{"what": what, "seconds": 1}], seconds=1, aspect=aspect)
        call("shoot", shot="shot-1")
        call("lay")
        call("text", text="SALE", start=0.25, end=0.75)
        shown = clear_titles(production.board, timeline_of(production.board, cut(production)))
        left, top, right, bottom = text_box(shown, shown.texts[-1])
        take = production.board.node(cut(production).clips[0].take)
        scene, shape = take_scene(take), shown.width / shown.height
        assert scene is not None and 0.04 < top < bottom < 0.96
        for actor in on_screen(scene, np.linspace(0.25, 0.75, 7), shape):
            head = actor.y - actor.height / 2, actor.y  # the upper half, where the face is
            over = (np.abs(actor.x - 0.5) < (right - left) / 2 + actor.height / shape / 4) & (actor.visible > 0.1)
            assert not (over & (head[0] < bottom) & (top < head[1])).any(), (top, bottom, head)


def test_given_footage_is_measured_and_an_empty_middle_keeps_its_title(tmp_path: Path):
    cases = (("a", (24, 48), None, None), ("b", (4, 20), MIDDLE, MIDDLE), ("c", (28, 62), 0.1, 0.3))
    for name, rows, low, high in cases:
        (tmp_path / name).mkdir()
        with opened(tmp_path / name, subject(*rows)) as production:
            caller(cut_tools(production))("text", text="SALE", start=0.5, end=1.5)
            (middle,) = placed(production)
            if low is None:
                assert abs(middle - MIDDLE) > 0.2
            else:
                assert low <= middle <= high


def test_what_is_behind_it_for_long_counts_for_more(tmp_path: Path):
    # For a quarter of its time there is somebody in the lower third, for the rest in the middle.
    with opened(tmp_path, subject(52, 70)[:12]) as production:
        call = caller([*making_tools(production), *cut_tools(production)])
        footage(tmp_path / "middle.mp4", subject(24, 48))
        other = production.board.put(tmp_path / "middle.mp4")
        production.materials += (Material(blob=other, name="middle.mp4", kind="footage", seconds=2.0),)
        call("open", material="middle.mp4")
        call("text", text="SALE", start=0.5, end=2.5)
        (middle,) = placed(production)
        assert middle > 0.6 or middle < 0.3


def test_what_somebody_says_wins_and_texts_give_way_to_each_other(tmp_path: Path):
    with opened(tmp_path, subject(24, 48)) as production:
        call = caller(cut_tools(production))
        call("text", text="SALE", start=0.5, end=1.5, height="middle")
        assert placed(production) == [0.49]
        call("retext", id="title-1", height="top")
        assert placed(production) == [0.2] and cut(production).texts[0].middle == 0.2
        call("retext", id="title-1", height="free")
        (alone,) = placed(production)
        assert alone > 0.6  # beside the subject, in the lower third of a wide picture
        call("subtitles", lines=[{"text": "It is a\nlong subtitle", "start": 0.5, "end": 1.5}])
        title, subtitle = clear_titles(production.board, timeline_of(production.board, cut(production))).texts
        title, subtitle = (title, subtitle) if title.place == "title" else (subtitle, title)
        timeline = timeline_of(production.board, cut(production))
        one, other = text_box(timeline, title), text_box(timeline, subtitle)
        assert one[3] < other[1] or one[1] > other[3]
        call("text", text="NOW", start=0.5, end=1.5, place="title")
        assert len({round(middle, 2) for middle in placed(production) if middle}) == 2


def test_a_title_that_has_moved_is_there_on_its_frames_and_no_others(tmp_path: Path):
    with opened(tmp_path, subject(24, 48)) as production:
        caller(cut_tools(production))("text", text="SALE", start=0.5, end=1.5)
        timeline = clear_titles(production.board, timeline_of(production.board, cut(production)))
        _, top, _, bottom = text_box(timeline, timeline.texts[0])
        film = list(frames(render_cut(production).path))
        rows = slice(int(top * 72), int(bottom * 72) + 1)
        lit = [n for n, frame in enumerate(film) if frame[rows].max() > 90]
        assert lit == list(range(6, 18))
