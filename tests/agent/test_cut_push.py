"""Clips of the working cut that are moved in on: where a mark lands in the film, through every edit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cut_making import FPS, HEIGHT, WIDTH, Room, production
from drawn_model import DrawnCapabilities, DrawnModel
from small_production import caller, production_of

from rushes.agent.context.entry import count_tokens
from rushes.agent.cut.aiming import Way, aimed, cast_subject, scene_of, subject_of
from rushes.agent.cut.clear_titles import clear_titles
from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.cut.document import add_clip, document_of, edit, need_cut, read_cut, timeline_of
from rushes.agent.cut.extending import extending_tools
from rushes.agent.making import making_tools
from rushes.agent.production import Production
from rushes.backlot.where import on_screen
from rushes.media.decode import frames
from rushes.media.encode import write_video
from rushes.media.push import AT_REST, WHOLE, View, view_at
from rushes.media.render import render
from rushes.media.titles import MIDDLE

MARK = (0.66, 0.4)  # shares of the picture
COUNT = 24  # frames of a clip


def marked(folder: Path, name: str, ground: int = 40, mark: tuple[float, float] = MARK) -> Path:
    """Two seconds of a soft white mark on grey."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    far = (x + 0.5 - mark[0] * WIDTH) ** 2 + (y + 0.5 - mark[1] * HEIGHT) ** 2
    picture = np.clip(ground + 200 * np.exp(-far / 18), 0, 255).astype(np.uint8)
    return write_video(folder / name, [picture[..., None].repeat(3, 2)] * COUNT, FPS, None, crf=6, threads=1)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Two clips of two seconds, each with the mark."""
    made = Room(production(tmp_path, [marked(tmp_path, "a.mp4"), marked(tmp_path, "b.mp4", 60)]))
    for name in ("a.mp4", "b.mp4"):
        made("open", material=name)
    yield made
    made.production.board.close()


def landed(film: list[np.ndarray]) -> np.ndarray:
    """(T, 2) where the mark is in each frame, in pixels."""
    found = []
    for frame in film:
        light = frame[..., 1].astype(float)
        light = np.where(light > np.median(light) + 40, light - np.median(light), 0)
        y, x = np.mgrid[: frame.shape[0], : frame.shape[1]]
        found.append([(light * (x + 0.5)).sum() / light.sum(), (light * (y + 0.5)).sum() / light.sum()])
    return np.array(found)


def due(push, shares) -> np.ndarray:
    """Where it should be."""
    views = [view_at(push, share) for share in shares]
    places = [((MARK[0] - v.x) * v.scale + 0.5, (MARK[1] - v.y) * v.scale + 0.5) for v in views]
    return np.array(places) * (WIDTH, HEIGHT)


def whole(push) -> np.ndarray:
    return due(push, np.arange(COUNT) / COUNT)


def rest() -> np.ndarray:
    return whole(AT_REST)


def pushes(room: Room) -> list[Any]:
    return [clip.push for clip in need_cut(room.production.board).clips]


# The tool


def test_a_clip_is_moved_in_on_what_stands_out(room: Room):
    answer = room("push", clip="clip-2", way="in", scale=1.5)
    assert "clip-2 moves in, from all of its frame to 1.5 times as close on what stands out" in answer
    (first, last) = pushes(room)[1]
    assert first == WHOLE and last.scale == 1.5 and (last.x, last.y) == pytest.approx(MARK, abs=0.02)
    assert np.abs(landed(room.film()) - np.concatenate([rest(), whole((first, last))])).max() < 0.5
    assert f"clip-2 2.000-4.000 b.mp4 push 1 to 1.5 at {last.x:.2f},{last.y:.2f}" in room("timeline")


@pytest.mark.parametrize(("way", "x", "y"), [("out", 0.6, None), ("hold", 0.7, 0.45), ("in", 1.0, 0.0)])
def test_or_on_a_point_which_stays_in_the_frame(room: Room, way: str, x: float, y: float | None):
    room("push", clip="clip-1", way=way, scale=1.4, x=x, **({"y": y} if y is not None else {}))
    push = pushes(room)[0]
    near = max(push, key=lambda view: view.scale)
    assert near.scale == pytest.approx(1.4)
    half = 0.5 / 1.4
    point = (x, 0.5 if y is None else y)
    assert (near.x, near.y) == pytest.approx(tuple(min(max(at, half), 1 - half) for at in point))
    assert push == {"out": (near, WHOLE), "hold": (near, near), "in": (WHOLE, near)}[way]
    assert np.abs(landed(room.film())[:COUNT] - whole(push)).max() < 0.5


def test_a_picture_that_will_look_soft_is_said(room: Room):
    assert "soft" not in room("push", clip="clip-1", way="in")
    assert "it looks soft: at its nearest a pixel of its 128x72 is 2.0 of the film's" in room(
        "push", clip="clip-1", way="in", scale=2.0
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"clip": "clip-1", "way": "in", "scale": 9}, "scale of 9 is no push; give 1.06 to 4"),
        ({"clip": "clip-1", "way": "in", "scale": 1}, "1 is all of the frame"),
        ({"clip": "clip-1", "way": "in", "x": 3, "y": 0.5}, "outside of the frame"),
        ({"clip": "clip-1", "way": "in", "x": 0.5, "on": "fox"}, "not both"),
        ({"clip": "clip-7", "way": "in"}, "no piece 'clip-7'"),
    ],
)
def test_mistakes_say_the_way_out_and_change_nothing(room: Room, arguments: dict, says: str):
    before = read_cut(room.production.board)
    with pytest.raises(ValueError, match=says):
        room("push", **arguments)
    assert read_cut(room.production.board) == before


def test_a_still_is_pushed_in_place_of_its_slow_zoom(tmp_path: Path):
    from PIL import Image

    Image.fromarray(next(frames(marked(tmp_path, "m.mp4")))).save(tmp_path / "m.png")
    made = Room(production(tmp_path, [tmp_path / "m.png"]))
    made("open", material="m.png")
    made("push", clip="clip-1", way="out", scale=1.4)
    push = need_cut(made.production.board).clips[0].push
    assert np.abs(landed(made.film()) - due(push, np.arange(36) / 36)).max() < 0.5
    assert "clip-1 has no zoom" in made("push", clip="clip-1", way="none")
    assert np.abs(landed(made.film()) - due(AT_REST, np.arange(36) / 36)).max() < 0.3
    assert "nothing was changed" in made("push", clip="clip-1", way="none")
    made.production.board.close()


def test_in_footage_a_name_is_what_stands_out_and_that_is_said(room: Room, tmp_path: Path):
    said = room("push", clip="clip-1", way="hold", scale=1.4, on="fox")
    assert "around what stands out in it, since nobody knows who is who in clip-1" in said
    assert np.abs(landed(room.film()[:1])[0] / (WIDTH, HEIGHT) - 0.5).max() < 0.05
    board = room.production.board
    noise = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    insert = board.put(write_video(tmp_path / "noise.mp4", [noise] * COUNT, FPS, None, threads=1))
    cut = need_cut(board)
    edit(board, *add_clip(cut.id, insert, seconds=1.0), note="noise")
    with pytest.raises(ValueError, match="nothing stands out in it; give x and y"):
        room("push", clip="clip-3", way="in", on="fox")
    assert "on the middle, since nothing stands out" in room("push", clip="clip-3", way="in")
    assert pushes(room)[2] == (WHOLE, View(1.3, 0.5, 0.5))


# On the board


def test_it_can_be_undone_in_plain_words_and_boards_without_it_are_as_they_were(room: Room):
    board = room.production.board
    before, cut = document_of(need_cut(board)), read_cut(board)
    assert all("push" not in clip for clip in before["clips"])  # the key of films that are rendered already
    room("push", clip="clip-2", way="in", scale=1.4)
    assert document_of(need_cut(board)) != before
    assert board.told()[-1][1] == 'clip-2 "b.mp4" zooms in from 1 to 1.4 times as close'
    room("undo")
    assert (read_cut(board), document_of(need_cut(board))) == (cut, before)
    assert board.told()[-1][1] == 'clip-2 "b.mp4" has no zoom as before'
    board.redo()
    assert pushes(room)[1][1].scale == 1.4
    room("push", clip="clip-2", way="none")
    assert document_of(need_cut(board)) == before
    room("push", clip="clip-2", way="hold", x=0.5, y=0.5)
    assert board.told()[-1][1] == 'clip-2 "b.mp4" is shown 1.3 times as close'


def test_a_split_film_looks_the_same_whether_its_halves_are_joined_or_not(room: Room):
    board = room.production.board
    room("push", clip="clip-1", way="in", scale=1.5)
    before, push = document_of(need_cut(board)), pushes(room)[0]
    film = room.film()
    room("split", at=0.5)
    room("split", at=1.25)
    cut = need_cut(board)
    assert len(cut.clips) == 4 and document_of(cut) == before  # the same render, found again
    assert [clip.push[0].scale for clip in cut.clips[:3]] == pytest.approx([1.0, 1.5**0.25, 1.5**0.625])
    room("volume", clip=cut.clips[1].id, gain_db=-3)  # now they are three clips for the renderer too
    assert len(document_of(need_cut(board))["clips"]) == 4
    again = room.film()
    assert np.abs(landed(again)[:COUNT] - whole(push)).max() < 0.5
    assert max(np.abs(a.astype(int) - b).mean() for a, b in zip(film, again, strict=True)) < 1.5
    room("move", clip=cut.clips[0].id, after="clip-2")
    assert np.abs(landed(room.film())[-6:] - whole(push)[:6]).max() < 0.5  # its part goes with it


def test_halves_that_are_pushed_otherwise_are_two_clips(room: Room):
    room("push", clip="clip-1", way="in", scale=1.5)
    room("split", at=1.0)
    room("push", clip="clip-3", way="out", scale=1.5)
    assert len(document_of(need_cut(room.production.board))["clips"]) == 3


def test_what_is_cut_away_takes_its_part_of_the_motion_along(room: Room):
    room("push", clip="clip-1", way="in", scale=1.5)
    push = pushes(room)[0]
    room("remove_span", start=0.5, end=1.0)
    assert np.abs(landed(room.film())[: COUNT - 6] - np.delete(whole(push), range(6, 12), axis=0)).max() < 0.5
    room("undo")
    room("remove_span", start=0.0, end=0.5)
    assert np.abs(landed(room.film())[: COUNT - 6] - whole(push)[6:]).max() < 0.5
    room("undo")
    room("remove_span", start=1.5, end=2.5)
    assert np.abs(landed(room.film())[:18] - whole(push)[:18]).max() < 0.5


def test_a_clip_of_another_length_or_speed_or_source_is_pushed_all_the_same(room: Room):
    room("push", clip="clip-1", way="in", scale=1.5)
    push = pushes(room)[0]
    room("trim", clip="clip-1", start=0.5, seconds=1.0)
    assert np.abs(landed(room.film())[:12] - due(push, np.arange(12) / 12)).max() < 0.5
    room("speed", clip="clip-1", factor=0.5)
    room("replace", clip="clip-1", by="b.mp4")
    room("move", clip="clip-1", after="clip-2")
    assert np.abs(landed(room.film())[COUNT:] - whole(push)).max() < 0.5
    assert pushes(room) == [AT_REST, push]


def test_it_goes_on_in_what_a_clip_is_extended_by(room: Room):
    room.tools |= {tool.spec.name: tool for tool in extending_tools(room.production)}
    room("push", clip="clip-1", way="in", scale=1.5)
    push = pushes(room)[0]
    room("extend", id="clip-1", seconds=2.5, how="hold")
    shown = landed(room.film())[: COUNT + 6]
    assert np.abs(shown[:COUNT] - whole(push)).max() < 0.5
    assert np.abs(shown[COUNT:] - due((push[1], push[1]), np.zeros(6))).max() < 0.5


def test_a_film_that_is_fitted_keeps_what_it_shows(room: Room):
    from rushes.agent.cut.fitting import fit_length

    room("push", clip="clip-2", way="in", scale=1.6)
    push = pushes(room)[1]
    fit_length(room.production, 3.0)
    cut = need_cut(room.production.board)
    assert cut.seconds == pytest.approx(3.0)
    for clip in cut.clips:
        shown = due(AT_REST if clip.label == "a.mp4" else push, (clip.start + np.arange(6) / FPS) / 2.0)
        first = cut.frame_at(clip.at)
        assert np.abs(landed(room.film()[first : first + 6]) - shown).max() < 0.5


def test_in_another_shape_it_goes_to_the_same_point(room: Room):
    room("push", clip="clip-1", way="hold", scale=1.4, x=MARK[0], y=MARK[1])
    push = pushes(room)
    room("frame", width=64, height=36)  # of the same shape
    assert pushes(room) == push
    room("undo")
    room("frame", aspect="9:16", fit="cover")
    cut = need_cut(room.production.board)
    assert (cut.width, cut.height) == (72, 128)
    mark = landed(room.film()[:1])[0] / (72, 128)
    assert 0.3 < mark[0] < 0.95 and mark[1] == pytest.approx(0.5, abs=0.15)
    room("frame", aspect="16:9", fit="cover")
    assert np.abs(landed(room.film()[:1])[0] / (WIDTH, HEIGHT) - 0.5).max() < 0.1


# Who was planned


class Truthful(DrawnModel):
    """Draws a square where the scene says that each of the cast is."""

    def _draw(self, frames: np.ndarray, request: Any) -> None:
        super()._draw(frames, request)
        count, height, width, _ = frames.shape
        frames[:] = (90, 110, 100)
        for number, actor in enumerate(on_screen(request.scene, np.arange(count) / request.fps, width / height)):
            for t in range(count):
                x, y, half = actor.x[t] * width, actor.y[t] * height, actor.height[t] * height / 4
                rows = slice(max(0, round(y - half)), max(0, round(y + half)))
                frames[t, rows, max(0, round(x - half)) : max(0, round(x + half))] = SQUARES[number]


SQUARES = ((230, 40, 40), (40, 60, 230), (240, 220, 40))


def planned(production: Production, *shots: str) -> Any:
    call = caller([*making_tools(production), *cut_tools(production)])
    call("plan", shots=[{"what": what, "seconds": 2} for what in shots], seconds=2 * len(shots))
    for number in range(len(shots)):
        call("shoot", shot=f"shot-{number + 1}")
        call("choose_take", shot=f"shot-{number + 1}", take=f"take-{number + 1}")
    call("lay")
    return call


def areas(production: Production, square: tuple[int, int, int]) -> np.ndarray:
    """(T, 5) of each frame: left, top, right and bottom edge of a square, shares of the frame, and its area."""
    board, found = production.board, []
    unfaded = replace(timeline_of(board, need_cut(board)), fade_in=0.0, fade_out=0.0)
    for frame in frames(render(unfaded, board.folder.parent / "film.mp4").path):
        rows, columns = np.nonzero(np.abs(frame.astype(int) - square).sum(axis=2) < 150)
        height, width = frame.shape[:2]
        assert len(rows), "it is out of the frame"
        box = (columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height)
        found.append([*box, len(rows)])
    return np.array(found)


@pytest.mark.parametrize("way", ["in", "out", "hold"])
@pytest.mark.parametrize(("who", "square"), [("fox", 0), ("the boat", 1)])
def test_who_is_planned_is_found_and_stays_in_the_frame(tmp_path: Path, way: Way, who: str, square: int):
    with production_of(tmp_path, model=Truthful(DrawnCapabilities(sizes=None))) as production:
        call = planned(production, "a red fox stands beside a blue boat in the snow")
        before = areas(production, SQUARES[square])
        said = call("push", clip="clip-1", way=way, scale=1.4, on=who)
        assert f"on the {who.split()[-1]}" in said or f"around the {who.split()[-1]}" in said
        after = areas(production, SQUARES[square])
        assert (after[:, :2] > 0.01).all() and (after[:, 2:4] < 0.99).all()  # all of it, in every frame
        scale = max(view.scale for view in need_cut(production.board).clips[0].push)
        grown = after[:, 4] / before[:, 4]
        nearest = {"in": grown[-2:], "out": grown[:2], "hold": grown}[way]
        assert nearest == pytest.approx(scale**2, rel=0.15)
        middle = (after[:, 0] + after[:, 2]) / 2
        assert abs(middle[-1 if way == "in" else 0] - 0.5) < abs((before[0, 0] + before[0, 2]) / 2 - 0.5)


def test_somebody_who_goes_through_the_frame_limits_how_near_it_gets(tmp_path: Path):
    with production_of(tmp_path, model=Truthful(DrawnCapabilities(sizes=None))) as production:
        call = planned(production, "a red fox runs through the snow")
        said = call("push", clip="clip-1", way="in", scale=3.0, on="fox")
        assert "3 was asked for, but the fox stays in the frame no nearer than" in said
        after = areas(production, SQUARES[0])
        assert (after[:, :2] > 0.01).all() and (after[:, 2:4] < 0.99).all()


def test_whoever_is_not_planned_is_said_with_those_who_are(tmp_path: Path):
    with production_of(tmp_path, model=Truthful(DrawnCapabilities(sizes=None))) as production:
        call = planned(production, "a red fox stands beside a blue boat in the snow")
        with pytest.raises(ValueError, match=r"nobody called 'owl' is planned in clip-1, only the fox and the boat"):
            call("push", clip="clip-1", way="in", on="owl")
        assert "those who are in it" in call("push", clip="clip-1", way="in")  # nobody named: all of them


def test_a_new_take_of_the_shot_keeps_it_and_a_shape_that_is_shot_anew_goes_to_the_same_one(tmp_path: Path):
    with production_of(tmp_path, model=Truthful(DrawnCapabilities(sizes=None))) as production:
        call = planned(production, "a red fox stands beside a blue boat in the snow")
        call("push", clip="clip-1", way="hold", scale=1.5, on="boat")
        push = need_cut(production.board).clips[0].push
        call("shoot", shot="shot-1")
        call("replace", clip="clip-1", by="take-2")
        assert need_cut(production.board).clips[0].push == push
        assert "composed and shot anew" in call("frame", aspect="9:16")
        clip = need_cut(production.board).clips[0]
        assert clip.push != push and clip.push[0] == clip.push[1]
        scene = scene_of(production, clip)
        assert scene is not None
        boat = cast_subject(production, need_cut(production.board), clip, scene, [1]).boxes
        view = clip.push[0]
        assert (np.abs((boat[:, 0] + boat[:, 2]) / 2 - view.x) < 0.5 / view.scale).all()
        assert len(areas(production, SQUARES[1])) == 24


def test_what_nobody_sees_can_be_no_subject(tmp_path: Path):
    with production_of(tmp_path, model=Truthful(DrawnCapabilities(sizes=None))) as production:
        planned(production, "a red fox stands in the snow")
        cut = need_cut(production.board)
        subject = subject_of(production, cut, cut.clips[0], "fox")
        assert subject.name == "the fox" and subject.boxes.shape == (13, 4)
        found = aimed(subject, "in", 1.2)
        assert found.push[0] == WHOLE and found.push[1].scale == found.scale == pytest.approx(1.2) and found.whole


# What stands over it


def test_titles_keep_off_what_the_push_brings_to_the_middle(tmp_path: Path):
    made = Room(production(tmp_path, [marked(tmp_path, "corner.mp4", mark=(0.75, 0.75))]))
    made("open", material="corner.mp4")
    made("text", text="SALE", start=0.5, end=1.5)
    board = made.production.board

    def middle() -> float:
        return clear_titles(board, timeline_of(board, need_cut(board))).texts[0].middle

    assert middle() == MIDDLE
    made("push", clip="clip-1", way="hold", scale=3.5, x=0.75, y=0.75)
    assert need_cut(board).clips[0].push[0] == View(3.5, pytest.approx(0.75), pytest.approx(0.75))
    assert abs(middle() - MIDDLE) > 0.2
    board.close()


def test_a_language_model_is_told_all_that_it_needs(room: Room):
    spec = room.tools["push"].spec
    assert count_tokens(spec.description + str(spec.parameters)) < 300
    assert spec.parameters["required"] == ["clip", "way"]
