from dataclasses import fields, replace
from pathlib import Path

import opentimelineio as oti
import pytest

from rushes.media.grade import Grade
from rushes.media.otio import CLIP_EXTRAS, SOUND_EXTRAS, from_otio, to_otio
from rushes.media.timeline import Clip, Sound, Text, Timeline

FILM = Timeline(
    clips=[
        Clip(source=Path("/takes/a one.mp4"), seconds=2.51, fade=0.37, label="the fox", start=0.3),
        Clip(source=Path("relative/ü.png"), seconds=3, fit="contain", fill="black", zoom=0.0),
        Clip(source=Path("/takes/c.mp4"), seconds=1.9, fade=0.5, smooth=True, volume=0.25, grade=Grade(warmth=0.3)),
        Clip(source=Path("/takes/d.mp4"), seconds=2, fade=0.1, start=7.123456, push=((1, 0.5, 0.5), (1.4, 0.45, 0.5))),
    ],
    texts=[
        Text(text='Braces {and} "quotes"\nsecond: line', start=0.1, end=1.77),
        Text(text="to the end", start=5, end=60, place="subtitle"),
    ],
    sounds=[
        Sound(source=Path("/music.flac"), gain_db=-7, duck=True, fade_out=1.5),
        Sound(source=Path("/bell.wav"), at=3.33, start=0.2, seconds=1.1, fade_in=0.05),
    ],
    width=640, height=360, fps=23.976, fade_in=0.2, fade_out=0.4,
)  # fmt: skip


def test_round_trip_is_equal(tmp_path):
    assert from_otio(to_otio(FILM, tmp_path / "film.otio")) == FILM


@pytest.mark.parametrize("fps", [24, 25, 29.97, 60])
def test_round_trip_is_equal_at_other_rates(tmp_path, fps):
    film = replace(FILM, fps=fps)
    assert from_otio(to_otio(film, tmp_path / "film.otio")) == film


def test_every_field_is_carried():
    assert {f.name for f in fields(Clip)} == {"source", "label", "start", "seconds", "fade", *CLIP_EXTRAS}
    assert {f.name for f in fields(Sound)} == {"source", "at", "start", "seconds", *SOUND_EXTRAS}


def test_structure_says_the_same_to_other_programs(tmp_path):
    read = oti.adapters.read_from_file(str(to_otio(FILM, tmp_path / "film.otio")))
    picture = read.tracks[0]
    assert round(picture.duration().value) == FILM.frames
    assert [type(item).__name__ for item in picture] == ["Clip", "Transition", "Clip", "Clip", "Transition", "Clip"]
    assert [t.kind for t in read.tracks] == ["Video", "Audio", "Audio"]
    assert [m.name for m in picture.markers] == ['Braces {and} "quotes"', "to the end"]


def test_edit_in_another_program_wins_over_our_figures(tmp_path):
    path = to_otio(FILM, tmp_path / "film.otio")
    read = oti.adapters.read_from_file(str(path))
    last = read.tracks[0][-1]
    longer = last.source_range.duration + oti.opentime.RationalTime(12, last.source_range.duration.rate)
    last.source_range = oti.opentime.TimeRange(last.source_range.start_time, longer)
    oti.adapters.write_to_file(read, str(path))
    assert from_otio(path).frames == FILM.frames + 12


def test_timeline_of_another_program(tmp_path):
    track = oti.schema.Track(kind="Video")
    span = oti.opentime.TimeRange(oti.opentime.RationalTime(25, 25), oti.opentime.RationalTime(50, 25))
    track.append(oti.schema.Clip("x", oti.schema.ExternalReference("file:///x%20y.mov"), span))
    other = oti.schema.Timeline("other")
    other.tracks.append(track)
    oti.adapters.write_to_file(other, str(tmp_path / "other.otio"))
    film = from_otio(tmp_path / "other.otio")
    assert (film.fps, film.frames) == (25, 50)
    assert film.clips[0] == Clip(source=Path("/x y.mov"), start=1.0, seconds=2.0, label="x")


def test_faults(tmp_path):
    (tmp_path / "a.otio").write_text("no json")
    (tmp_path / "b.otio").write_bytes(b"\xff\xfe\x00")
    track = oti.schema.Track(kind="Video")
    span = oti.opentime.TimeRange(oti.opentime.RationalTime(0, 25), oti.opentime.RationalTime(50, 25))
    track.append(oti.schema.Clip("x", oti.schema.ExternalReference("http://10.0.0.1/x.mov"), span))
    far = oti.schema.Timeline("far")
    far.tracks.append(track)
    oti.adapters.write_to_file(far, str(tmp_path / "c.otio"))
    for name, said in (
        ("a", "no OpenTimelineIO"),
        ("b", "it is no text"),
        ("c", "only local files"),
        ("d", "cannot read"),
    ):
        with pytest.raises(ValueError, match=said) as caught:
            from_otio(tmp_path / f"{name}.otio")
        assert "\n" not in str(caught.value)
