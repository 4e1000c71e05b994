"""Clips that run faster or slower than they were shot, and crops that keep another part than the middle."""

import numpy as np
import pytest
from film_making import FAST, HEIGHT, WIDTH, frames_of, lumas_of, samples_of, shot
from PIL import Image

from rushes.media.otio import from_otio, to_otio
from rushes.media.render import render
from rushes.media.timeline import Clip, Text, Timeline

SIZE = {"width": WIDTH, "height": HEIGHT, "fps": 24}


@pytest.fixture(scope="module")
def ramp(tmp_path_factory):
    """Each frame has a brightness of its own; a tone that gets no higher when it runs faster."""
    picture = f"nullsrc=s={WIDTH}x{HEIGHT}:r=24,geq=lum='20+4*N':cb=128:cr=128"
    return shot(tmp_path_factory.mktemp("speed") / "ramp.mp4", picture, seconds=2, tone=600)


def film(timeline, path, **more):
    return render(timeline, path, quality=FAST, **more)


@pytest.mark.parametrize(("speed", "seconds"), [(2.0, 1.0), (0.5, 2.0), (4.0, 0.5)])
def test_speed_picks_the_frames_that_are_due(ramp, tmp_path, speed, seconds):
    clip = Clip(source=ramp, start=0.25, seconds=min(seconds, 1.75 / speed), speed=speed)
    timeline = Timeline(clips=[clip], **SIZE)
    rendered = film(timeline, tmp_path / "film.mp4")
    shown, source = lumas_of(rendered.path).mean(axis=(1, 2)), lumas_of(ramp).mean(axis=(1, 2))
    due = [
        source[6 + int(i * speed + 1e-6) :][: 1 + int(speed / 2 - 0.5)] for i in range(timeline.frames)
    ]  # the nearest
    assert max(np.abs(each - one).min() for one, each in zip(shown, due, strict=True)) < 1.5  # of 4 between neighbours
    assert rendered.copied == 0 and not rendered.notes


def test_sound_keeps_its_pitch(ramp, tmp_path):
    for speed in (2.0, 0.5, 0.25):
        timeline = Timeline(clips=[Clip(source=ramp, seconds=2 / speed if speed > 1 else 2.0, speed=speed)], **SIZE)
        samples = samples_of(film(timeline, tmp_path / f"{speed}.mp4").path)[:, 0]
        assert len(samples) == pytest.approx(timeline.seconds * 48000, abs=1100)
        middle = samples[len(samples) // 4 : len(samples) * 3 // 4]
        loudest = np.abs(np.fft.rfft(middle * np.hanning(len(middle)))).argmax() * 48000 / len(middle)
        assert loudest == pytest.approx(600, abs=15)


def test_only_the_clip_whose_speed_is_changed_is_encoded_anew(tmp_path):
    source = shot(tmp_path / "a.mp4", seconds=4)
    clips = [Clip(source=source, seconds=3), Clip(source=source, start=1, seconds=1, speed=2.0)]
    timeline = Timeline(clips=clips, texts=[Text(text="fast", start=3.25, end=3.5)], **SIZE)
    copied, whole = film(timeline, tmp_path / "c.mp4"), film(timeline, tmp_path / "w.mp4", copy=False)
    assert 0 < copied.copied <= 72 and whole.copied == 0
    one, other = frames_of(copied.path).astype(int), frames_of(whole.path).astype(int)
    assert one.shape == other.shape and max(abs(a - b).mean() for a, b in zip(one, other, strict=True)) < 12


def test_a_clip_whose_source_is_used_up_says_so(ramp, tmp_path):
    rendered = film(Timeline(clips=[Clip(source=ramp, seconds=1.5, speed=2.0)], **SIZE), tmp_path / "f.mp4")
    assert "2.00 of the 3.00 seconds" in rendered.notes[0]


@pytest.mark.parametrize("speed", [0.01, 20, float("nan")])
def test_speeds_that_cannot_be_shown_are_refused(ramp, speed):
    with pytest.raises(ValueError, match="speed of clip"):
        Clip(source=ramp, seconds=1, speed=speed)


@pytest.mark.parametrize("still", [False, True])
def test_a_crop_keeps_what_it_focuses_on(tmp_path, still):
    if still:
        picture = np.zeros((90, 320, 3), np.uint8)
        picture[:, 160:] = 255
        Image.fromarray(picture).save(tmp_path / "p.png")
        source = tmp_path / "p.png"
    else:
        half = "nullsrc=s=320x90:r=24,geq=lum='if(gt(X,159),235,16)':cb=128:cr=128"
        source = shot(tmp_path / "wide.mp4", half, seconds=0.5)
    for across, low, high in ((0.0, 0, 20), (0.5, 100, 155), (1.0, 235, 256)):
        clip = Clip(source=source, seconds=0.25, focus=(across, 0.5), zoom=0.0)
        shown = lumas_of(film(Timeline(clips=[clip], width=90, height=90), tmp_path / f"{across}.mp4").path)
        assert low <= shown.mean() < high


def test_speed_and_focus_survive_the_editable_timeline(ramp, tmp_path):
    clips = [
        Clip(source=ramp, start=0.25, seconds=0.5, fade=0.25, speed=2.0, focus=(0.25, 0.5)),
        Clip(source=ramp, start=0.5, seconds=1.0, speed=0.5),
    ]
    timeline = Timeline(clips=clips, **SIZE)
    assert from_otio(to_otio(timeline, tmp_path / "film.otio")) == timeline
