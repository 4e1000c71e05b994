from fractions import Fraction
from pathlib import Path

import pytest

from rushes.media.timeline import Clip, Sound, Text, Timeline, exact_rate


def clip(seconds: float = 2.0, **more) -> Clip:
    return Clip(source=Path("a.mp4"), seconds=seconds, **more)


@pytest.mark.parametrize("fps", [24, 25, 30, 23.976, 29.97, 12.5])
def test_film_length_is_the_sum_of_rounded_parts(fps):
    timeline = Timeline(clips=[clip(2.51, fade=0.33), clip(1.27, fade=0.5), clip(3.0)], fps=fps)
    rate = exact_rate(fps)
    rounded = [int(Fraction(s) * rate + Fraction(1, 2)) for s in (2.51, 1.27, 3.0, 0.33, 0.5)]
    assert timeline.frames == sum(rounded[:3]) - sum(rounded[3:])
    assert timeline.clip_starts[1] == rounded[0] - rounded[3]
    assert timeline.seconds == pytest.approx(timeline.frames / float(rate), abs=1e-12)


def test_ntsc_rates_are_exact():
    assert exact_rate(23.976) == exact_rate(23.98) == Fraction(24000, 1001)
    assert exact_rate(29.97) == Fraction(30000, 1001)
    assert exact_rate(59.94) == Fraction(60000, 1001)
    assert exact_rate(24) == 24


def test_last_clips_fade_has_no_effect():
    assert Timeline(clips=[clip(2, fade=1)]).frames == 48


@pytest.mark.parametrize("fps", [24, 25, 30, 60])
def test_every_frame_boundary_survives_a_round_trip_through_seconds(fps):
    timeline = Timeline(clips=[clip(200)], fps=fps)
    assert all(timeline.frame_at(timeline.seconds_at(n)) == n for n in range(200 * fps))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: clip(0), "length of clip 'a.mp4' is 0"),
        (lambda: clip(-3), "is -3"),
        (lambda: clip(float("nan")), "is nan"),
        (lambda: clip(2, fade=3), "fade of clip"),
        (lambda: clip(2, fit="stretch"), "'stretch'; give one of cover, contain"),
        (lambda: Text(text="  ", start=0, end=1), "1 to 2000"),
        (lambda: Text(text="x", start=2, end=2), "not after its start"),
        (lambda: Text(text="x", start=0, end=1, place="middle"), "title, lower, subtitle"),
        (lambda: Sound(source=Path("m.ogg"), gain_db=99), "gain of sound"),
        (lambda: Timeline(clips=[]), "no clips"),
        (lambda: Timeline(clips=[clip()], fps=0), "frame rate is 0"),
        (lambda: Timeline(clips=[clip()], width=321), "width of the film is 321"),
        (lambda: Timeline(clips=[clip(1, fade=0.7), clip(1, fade=0.7), clip(1)]), "fewer than the 17 \\+ 17"),
        (lambda: Timeline(clips=[clip(0.01)]), "under one frame"),
        (lambda: Timeline(clips=[clip()], texts=[Text(text="late", start=5, end=6)]), "covers no frame"),
        (lambda: Timeline(clips=[clip()], sounds=[Sound(source=Path("m.ogg"), at=9)]), "after the film's 2 s"),
    ],
)
def test_faults_say_the_value_and_the_way_out(make, said):
    with pytest.raises(ValueError, match=said) as caught:
        make()
    assert "\n" not in str(caught.value)
