import numpy as np
import pytest
from film_making import FAST, HEIGHT, WIDTH, ffmpeg, loudness_of, plain, samples_of, shot

from rushes.media.render import render
from rushes.media.timeline import Clip, Sound, Timeline


def film(tmp_path, *clips: Clip, sounds=(), name: str = "film", **more):
    timeline = Timeline(clips=clips, sounds=sounds, width=WIDTH, height=HEIGHT, fps=24, **more)
    return render(timeline, tmp_path / f"{name}.mp4", quality=FAST, copy=False)


def noise(path, seconds: float, *, gain: float = 0.1, seed: int = 1, more: str = ""):
    ffmpeg(
        "-f", "lavfi", "-i", f"anoisesrc=d={seconds}:a={gain}:seed={seed}:r=48000:c=pink{more}", "-ac", "2", str(path)
    )
    return path


def level(samples: np.ndarray, begin: float, end: float) -> float:
    """dB of a span of seconds."""
    part = samples[int(begin * 48000) : int(end * 48000)]
    return float(20 * np.log10(np.sqrt((part**2).mean()) + 1e-9))


@pytest.mark.parametrize("gain", [0.05, 0.3, 1.0])
def test_loudness_and_true_peak_of_the_finished_file(tmp_path, gain):
    source = plain(tmp_path / "p.mp4", "gray", seconds=5)
    track = noise(tmp_path / "n.wav", 5, gain=gain)
    rendered = film(tmp_path, Clip(source=source, seconds=5), sounds=[Sound(source=track)])
    loudness, peak = loudness_of(rendered.path)
    assert loudness == pytest.approx(-14, abs=0.5) and rendered.loudness == pytest.approx(loudness, abs=0.1)
    assert peak < -1 and rendered.peak == pytest.approx(peak, abs=0.2)


def test_sharp_peaks_stay_under_the_ceiling(tmp_path):
    source = plain(tmp_path / "p.mp4", "gray", seconds=4)
    ffmpeg(
        "-f",
        "lavfi",
        "-i",
        "aevalsrc='0.9*sin(2*PI*11999*t+0.7)*lt(mod(t\\,0.5)\\,0.02)+0.02*sin(700*t)':s=48000:d=4",
        str(tmp_path / "c.wav"),
    )
    rendered = film(tmp_path, Clip(source=source, seconds=4), sounds=[Sound(source=tmp_path / "c.wav")])
    assert loudness_of(rendered.path)[1] < -1


def test_almost_silent_film_is_raised_within_bounds_and_says_so(tmp_path):
    source = plain(tmp_path / "p.mp4", "gray", seconds=3)
    track = noise(tmp_path / "n.wav", 3, gain=0.01)
    rendered = film(tmp_path, Clip(source=source, seconds=3), sounds=[Sound(source=track)])
    assert -30 < loudness_of(rendered.path)[0] < -15
    assert "almost silent" in rendered.notes[0]


def test_silence_stays_silence(tmp_path):
    source = plain(tmp_path / "p.mp4", "gray", seconds=2)
    ffmpeg("-f", "lavfi", "-i", "anoisesrc=d=2:a=0.00001:seed=4:r=48000", str(tmp_path / "hiss.wav"))
    for name, sounds in (("none", []), ("hiss", [Sound(source=tmp_path / "hiss.wav")])):
        rendered = film(tmp_path, Clip(source=source, seconds=2), sounds=sounds, name=name)
        samples = samples_of(rendered.path)
        assert rendered.loudness is None and len(samples) >= 2 * 48000
        assert np.abs(samples).max() < 1e-3


def test_clips_sound_is_where_its_picture_is(tmp_path):
    tone, mute = plain(tmp_path / "t.mp4", "gray", tone=440), plain(tmp_path / "m.mp4", "gray")
    rendered = film(
        tmp_path, Clip(source=mute, seconds=1), Clip(source=tone, seconds=1), Clip(source=tone, seconds=1, volume=0)
    )
    samples = samples_of(rendered.path)
    assert level(samples, 0.1, 0.95) < -70 and level(samples, 2.05, 2.9) < -70
    assert level(samples, 1.05, 1.95) > -30
    loud = np.where(np.abs(samples).max(axis=1) > 0.01)[0] / 48000
    assert loud[0] == pytest.approx(1, abs=0.03) and loud[-1] == pytest.approx(2, abs=0.03)


def test_sound_is_faded_at_cuts(tmp_path):
    tone = plain(tmp_path / "t.mp4", "gray", tone=440)
    samples = samples_of(film(tmp_path, Clip(source=tone, seconds=1), Clip(source=tone, start=0.3, seconds=1)).path)
    assert level(samples, 0.998, 1.002) < level(samples, 0.5, 0.9) - 12
    assert level(samples, 1.05, 1.9) == pytest.approx(level(samples, 0.1, 0.9), abs=1)


def test_crossfade_keeps_the_level(tmp_path):
    a, b = noise(tmp_path / "a.wav", 3, seed=1), noise(tmp_path / "b.wav", 3, seed=2)
    clips = []
    for path in (a, b):
        picture = plain(tmp_path / "g.mp4", "gray", seconds=3)
        made = tmp_path / f"{path.stem}.mp4"
        ffmpeg("-i", str(picture), "-i", str(path), "-c:v", "copy", "-c:a", "aac", "-b:a", "192k", str(made))
        clips.append(made)
    samples = samples_of(
        film(tmp_path, Clip(source=clips[0], seconds=3, fade=2), Clip(source=clips[1], seconds=3)).path
    )
    assert len(samples) == pytest.approx(4 * 48000, abs=1024)
    assert level(samples, 1.5, 2.5) == pytest.approx(level(samples, 0.2, 0.9), abs=1.5)


def test_track_starts_fades_and_ends_where_it_is_told(tmp_path):
    source = plain(tmp_path / "p.mp4", "gray", seconds=4)
    track = noise(tmp_path / "n.wav", 5)
    sound = Sound(source=track, at=1.0, start=0.5, seconds=2.0, fade_in=0.5, fade_out=1.0)
    samples = samples_of(film(tmp_path, Clip(source=source, seconds=4), sounds=[sound]).path)
    loud = np.where(np.abs(samples).max(axis=1) > 1e-3)[0] / 48000
    assert loud[0] == pytest.approx(1.0, abs=0.03) and loud[-1] == pytest.approx(3.0, abs=0.05)
    assert level(samples, 1.0, 1.1) < level(samples, 1.6, 1.9) - 8
    assert level(samples, 2.85, 3.0) < level(samples, 1.6, 1.9) - 12


def test_music_ducks_under_the_clips_sound(tmp_path):
    """The clip sounds from 2 to 4 s at 3 kHz, the music is a tone of 200 Hz: its own level is read in the spectrum."""
    mute, talk = plain(tmp_path / "m.mp4", "gray", seconds=2), plain(tmp_path / "t.mp4", "gray", seconds=2, tone=3000)
    ffmpeg("-f", "lavfi", "-i", "sine=200:d=7:sample_rate=48000,volume=6dB", str(tmp_path / "music.wav"))
    levels = {}
    for duck in (False, True):
        sounds = [Sound(source=tmp_path / "music.wav", gain_db=-6, duck=duck)]
        clips = [Clip(source=mute, seconds=2), Clip(source=talk, seconds=2), Clip(source=mute, seconds=2)]
        samples = samples_of(film(tmp_path, *clips, sounds=sounds, name=str(duck)).path)[:, 0]
        wave = np.exp(-2j * np.pi * 200 * np.arange(len(samples)) / 48000)
        tone = [
            20 * np.log10(abs((samples * wave)[int(a * 48000) : int(b * 48000)].mean()) + 1e-9)
            for a, b in ((0.5, 1.9), (2.5, 3.9), (5.2, 5.9))
        ]
        levels[duck] = tone
    assert levels[False][1] == pytest.approx(levels[False][0], abs=1)
    assert levels[True][1] < levels[True][0] - 6
    assert levels[True][2] == pytest.approx(levels[True][0], abs=1.5)


def test_sixteen_channels_and_odd_rates(tmp_path):
    picture = plain(tmp_path / "p.mp4", "gray")
    panned = "|".join(f"c{i}=c0" for i in range(16))
    ffmpeg("-f", "lavfi", "-i", f"sine=300:d=2:sample_rate=22050,pan=16c|{panned}", str(tmp_path / "many.wav"))
    rendered = film(tmp_path, Clip(source=picture, seconds=2), sounds=[Sound(source=tmp_path / "many.wav")])
    samples = samples_of(rendered.path)
    assert level(samples[:, :1], 0.2, 1.8) > -30 and level(samples[:, 1:], 0.2, 1.8) > -30


def test_several_tracks_add_up(tmp_path):
    source = shot(tmp_path / "a.mp4", tone=300)
    tracks = [noise(tmp_path / f"{i}.wav", 2, seed=i, gain=0.05) for i in (1, 2, 3)]
    rendered = film(
        tmp_path,
        Clip(source=source, seconds=2),
        sounds=[Sound(source=t, at=i * 0.5) for i, t in enumerate(tracks)],
        fade_out=0.5,
    )
    samples = samples_of(rendered.path)
    assert level(samples, 1.95, 2.0) < level(samples, 1.0, 1.4) - 12
    assert rendered.loudness == pytest.approx(-14, abs=0.5)
