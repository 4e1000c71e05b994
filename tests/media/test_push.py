"""Clips that are moved in on, or out of: where marks land in rendered frames, and that they go evenly."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from film_making import HEIGHT, WIDTH, frames_of, lumas_of, plain, shot
from PIL import Image

from rushes.media.encode import write_video
from rushes.media.picture import Quality
from rushes.media.push import AT_REST, WHOLE, View, checked_push, goes_on, stretch, view_at
from rushes.media.render import render
from rushes.media.timeline import Clip, Timeline

SIZE = {"width": WIDTH, "height": HEIGHT, "fps": 24}
CLEAN = Quality(preset="superfast", crf=4, threads=1)  # so that what is measured is the push and not the encoder
MARKS = ((0.35, 0.4), (0.5, 0.5), (0.62, 0.55), (0.45, 0.66))  # shares of the picture
RADIUS = 3.0  # of a mark, thousandths of the width
PUSHES = {
    "in": (WHOLE, View(1.4, 0.45, 0.52)),
    "slow": (WHOLE, View(1.05, 0.5, 0.5)),
    "out": (View(1.6, 0.5, 0.5), WHOLE),
    "crop": (View(1.3, 0.47, 0.5), View(1.3, 0.47, 0.5)),
    "pan": (View(1.3, 0.44, 0.5), View(1.3, 0.56, 0.52)),
    "in and over": (View(1.1, 0.46, 0.54), View(1.5, 0.5, 0.5)),
}


def marked(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """(H, W, 3): soft white marks on grey."""
    y, x = np.mgrid[:height, :width]
    picture = np.full((height, width), 30.0)
    for across, down in MARKS:
        far = (x + 0.5 - across * width) ** 2 + (y + 0.5 - down * height) ** 2
        picture += 190 * np.exp(-far / (2 * (RADIUS * width / 320) ** 2))
    return np.repeat(np.clip(picture, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("marked")
    Image.fromarray(marked()).save(folder / "still.png")
    Image.fromarray(marked(2 * WIDTH, 2 * HEIGHT)).save(folder / "large.png")
    video = write_video(folder / "video.mp4", [marked()] * 60, 24, None, crf=2, threads=1)
    large = write_video(folder / "large.mp4", [marked(2 * WIDTH, 2 * HEIGHT)] * 60, 24, None, crf=2, threads=1)
    return {"still": folder / "still.png", "large still": folder / "large.png", "video": video, "large video": large}


def film(timeline: Timeline, path: Path, **more):
    return render(timeline, path, quality=CLEAN, **more)


def landed(frame: np.ndarray, across: float, down: float, reach: int = 14) -> np.ndarray:
    """Where the mark that is about there in a frame of luma has its middle, in pixels."""
    left, top = int(across) - reach, int(down) - reach
    part = frame[top : top + 2 * reach, left : left + 2 * reach] - 45.0
    part = np.where(part > 5, part, 0)
    y, x = np.mgrid[top : top + 2 * reach, left : left + 2 * reach]
    return np.array([(part * (x + 0.5)).sum(), (part * (y + 0.5)).sum()]) / part.sum()


def off(frames: np.ndarray, push, first: int = 0, total: int | None = None) -> np.ndarray:
    """(T, marks, 2) pixels between where each mark is and where the push puts it."""
    found = []
    for number, frame in enumerate(frames):
        view = view_at(push, (first + number) / (total or len(frames)))
        places = [
            (((x - view.x) * view.scale + 0.5) * WIDTH, ((y - view.y) * view.scale + 0.5) * HEIGHT) for x, y in MARKS
        ]
        found.append([landed(frame, *place) - place for place in places])
    return np.array(found)


# The law


def test_a_push_begins_and_ends_as_said_and_stays_within_the_frame():
    for push in PUSHES.values():
        assert view_at(push, 0) == pytest.approx(push[0]) and view_at(push, 1) == pytest.approx(push[1])
        for share in np.linspace(0, 1, 21):
            checked_push((view_at(push, share), WHOLE), "a test")


def test_a_zoom_grows_by_the_same_factor_in_each_second_and_leaves_one_point_in_place():
    push = (WHOLE, View(2.0, 0.4, 0.55))
    views = [view_at(push, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert [view.scale for view in views] == pytest.approx([2**share for share in (0, 0.25, 0.5, 0.75, 1)])
    # The point that lies as far into the last view as into the frame: 0.15 of 0.5 is 0.3 of 1.
    assert [(0.3 - view.x) * view.scale + 0.5 for view in views] == pytest.approx([0.3] * 5)


@pytest.mark.parametrize("push", PUSHES.values(), ids=PUSHES)
def test_a_stretch_of_a_push_is_a_push(push):
    begin, end = 0.2, 0.7
    part = stretch(push, begin, end)
    for share in np.linspace(0, 1, 9):
        assert view_at(part, share) == pytest.approx(view_at(push, begin + share * (end - begin)), abs=1e-12)
    assert goes_on(stretch(push, 0, 0.3), 0.6, stretch(push, 0.3, 1), 1.4)
    if push[0] != push[1]:
        assert not goes_on(stretch(push, 0, 0.3), 1.0, stretch(push, 0.3, 1), 1.0)  # at another pace
        assert not goes_on(push, 1.0, push, 1.0)


@pytest.mark.parametrize(
    ("push", "said"),
    [
        (((1, 0.5, 0.5), (5, 0.5, 0.5)), "has a scale of 5; give 1 \\(all of it\\) to 4"),
        (((0.8, 0.5, 0.5), WHOLE), "has a scale of 0.8"),
        ((WHOLE, (float("nan"), 0.5, 0.5)), "has a scale of nan"),
        ((WHOLE, (2, 0.2, 0.5)), "its view at 0.2 across; at a scale of 2 give 0.250 to 0.750"),
        ((WHOLE, (2, 0.5, 0.9)), "its view at 0.9 down"),
        (((1, 0.4, 0.5), WHOLE), "0.4 across; at a scale of 1 give 0.500 to 0.500"),
        ((WHOLE,), "give two views"),
        ("in", "give two views"),
        (((1, 0.5), WHOLE, WHOLE), "give two views"),
        (None, "push of clip 'a.mp4' is None; give two views"),
    ],
)
def test_what_is_no_push_is_refused(push, said):
    with pytest.raises(ValueError, match=said):
        Clip(source=Path("a.mp4"), seconds=2, push=push)


def test_a_push_may_come_as_plain_lists():
    assert Clip(source=Path("a.mp4"), seconds=2, push=[[1, 0.5, 0.5], [1.4, 0.45, 0.52]]).push == PUSHES["in"]


# The picture


@pytest.mark.parametrize("source", ["video", "still", "large video", "large still"])
@pytest.mark.parametrize("push", PUSHES.values(), ids=PUSHES)
def test_marks_land_where_they_should_and_go_evenly(sources, tmp_path, push, source):
    rendered = film(Timeline(clips=[Clip(source=sources[source], seconds=1.5, push=push)], **SIZE), tmp_path / "f.mp4")
    frames = lumas_of(rendered.path)
    assert rendered.frames == len(frames) == 36
    away = off(frames, push)
    assert np.abs(away).max() < 0.2
    assert np.abs(np.diff(away, axis=0)).max() < 0.2  # crops at whole pixels jump by up to one


def test_it_is_there_at_other_speeds_and_rates_and_where_the_source_is_held(sources, tmp_path):
    push, folder = PUSHES["in"], tmp_path
    slow = write_video(folder / "slow.mp4", [marked()] * 10, 8, None, crf=2, threads=1)
    for number, clip in enumerate(
        (
            Clip(source=sources["video"], seconds=1, speed=2.0, push=push),
            Clip(source=slow, seconds=1, smooth=True, push=push),
            Clip(source=slow, seconds=1.5, push=push),  # a quarter of a second longer than the source
        )
    ):
        frames = lumas_of(film(Timeline(clips=[clip], **SIZE), folder / f"{number}.mp4").path)
        assert len(frames) == round(clip.seconds * 24) and np.abs(off(frames, push)).max() < 0.3


def test_it_goes_on_under_a_crossfade(sources, tmp_path):
    push = PUSHES["in"]
    clips = [Clip(source=sources["video"], seconds=1, fade=0.5, push=push)]
    clips.append(Clip(source=plain(tmp_path / "d.mp4", "0x1e1e1e"), seconds=1))
    frames = lumas_of(film(Timeline(clips=clips, **SIZE), tmp_path / "f.mp4").path)
    assert np.abs(off(frames[:20], push, total=24)).max() < 0.3  # eight of them are half gone


def test_a_picture_shown_whole_is_pushed_with_its_borders(sources, tmp_path):
    tall = {"width": 180, "height": 320, "fps": 24}
    clip = Clip(source=sources["video"], seconds=0.5, fit="contain", fill="black", push=(View(2.0, 0.5, 0.5),) * 2)
    frame = lumas_of(film(Timeline(clips=[clip], **tall), tmp_path / "f.mp4").path)[6]
    rows = np.flatnonzero(frame.mean(axis=1) > 15)
    assert (rows[0], rows[-1]) == pytest.approx((58, 260), abs=2)  # 101 pixels high, twice as large


def test_halves_of_a_split_film_are_the_whole(sources, tmp_path):
    push, source = PUSHES["in and over"], sources["video"]
    whole = Timeline(clips=[Clip(source=source, seconds=1.5, push=push)], **SIZE)
    halves = [
        Clip(source=source, seconds=0.5, push=stretch(push, 0, 1 / 3)),
        Clip(source=source, start=0.5, seconds=1.0, push=stretch(push, 1 / 3, 1)),
    ]
    one = lumas_of(film(whole, tmp_path / "w.mp4").path)
    other = lumas_of(film(replace(whole, clips=halves), tmp_path / "h.mp4").path)
    assert np.abs(one - other).max() < 12 and np.abs(one - other).mean() < 0.5  # the encoder's, of 255
    assert np.abs(off(other, push)).max() < 0.2


def test_a_source_with_more_pixels_stays_sharp(tmp_path):
    """Stripes a pixel wide are lost in a film of half its size, and are seen when that shows a half of it."""
    stripes = np.repeat((np.arange(2 * WIDTH) % 2 * 200 + 20)[None, :, None], 2 * HEIGHT, 0).repeat(3, 2)
    large = write_video(tmp_path / "l.mp4", [stripes.astype(np.uint8)] * 12, 24, None, crf=2, threads=1)
    small = [Clip(source=large, seconds=0.25), Clip(source=large, seconds=0.25, push=(View(2, 0.5, 0.5),) * 2)]
    far, near = (lumas_of(film(Timeline(clips=[clip], **SIZE), tmp_path / "f.mp4").path)[2] for clip in small)
    assert far[90].std() < 10 and near[90].std() > 30


# What stays as it was


def test_without_a_push_nothing_changes(sources, tmp_path):
    clip = Clip(source=sources["still"], seconds=0.5, zoom=0.2)
    neutral = replace(clip, push=[[1, 0.5, 0.5], [1, 0.5, 0.5]])
    pushed = replace(clip, push=(WHOLE, View(1.2, 0.5, 0.5)))
    assert neutral.push == AT_REST

    def made(clip: Clip) -> bytes:
        return film(Timeline(clips=[clip], **SIZE), tmp_path / "film.mp4").path.read_bytes()

    assert made(clip) == made(neutral) != made(pushed)
    assert made(pushed) == made(replace(pushed, zoom=0.0))  # a still is moved by one of them


def test_only_the_pushed_clip_is_encoded_anew(tmp_path):
    source = shot(tmp_path / "a.mp4", seconds=4, quality=CLEAN)
    clips = [Clip(source=source, seconds=2), Clip(source=source, start=2, seconds=1, push=(WHOLE, View(1.5, 0.5, 0.5)))]
    timeline = Timeline(clips=[*clips, Clip(source=source, start=3, seconds=1)], **SIZE)
    copied, whole = film(timeline, tmp_path / "c.mp4"), film(timeline, tmp_path / "w.mp4", copy=False)
    assert copied.copied == 72 and whole.copied == 0
    one, other = frames_of(copied.path).astype(int), frames_of(whole.path).astype(int)
    assert one.shape == other.shape and max(abs(a - b).mean() for a, b in zip(one, other, strict=True)) < 3
