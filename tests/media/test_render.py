import hashlib
import threading
from dataclasses import replace

import av
import numpy as np
import pytest
from film_making import FAST, HEIGHT, WIDTH, ffmpeg, frames_of, lumas_of, plain, samples_of, shot
from PIL import Image

from rushes.media.render import RenderCancelled, RenderError, render
from rushes.media.timeline import Clip, Sound, Text, Timeline

SIZE = {"width": WIDTH, "height": HEIGHT}


def film(timeline: Timeline, out, **more):
    return render(timeline, out, quality=FAST, **more)


def of(*clips: Clip, **more) -> Timeline:
    return Timeline(clips=clips, **{**SIZE, **more})


@pytest.mark.parametrize("fps", [24, 25, 30, 29.97])
def test_duration_is_exact_to_a_frame(tmp_path, fps):
    source = shot(tmp_path / "a.mp4", seconds=2, fps="24", tone=440)
    timeline = of(
        Clip(source=source, seconds=1.03, fade=0.2),
        Clip(source=source, start=0.5, seconds=0.77),
        Clip(source=source, seconds=0.5),
        fps=fps,
    )
    rendered = film(timeline, tmp_path / "film.mp4", copy=False)
    with av.open(str(rendered.path)) as container:
        stream = container.streams.video[0]
        times = [frame.pts * stream.time_base * timeline.rate for frame in container.decode(stream)]
        assert times == list(range(timeline.frames)) and rendered.frames == timeline.frames
        assert stream.average_rate == timeline.rate
        context = stream.codec_context
        assert (context.profile, context.pix_fmt, context.width, context.height) == ("High", "yuv420p", WIDTH, HEIGHT)
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
    assert len(samples_of(rendered.path)) == pytest.approx(timeline.seconds * 48000, abs=1024)
    head = rendered.path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_cuts_and_starts_show_the_frames_asked_for(tmp_path):
    """Each source frame has a brightness of its own, so the film's brightness names the frames that it shows."""
    ramp = f"nullsrc=s={WIDTH}x{HEIGHT}:r=24,geq=lum='20+4*N':cb=128:cr=128"
    source = shot(tmp_path / "ramp.mp4", ramp, seconds=2)
    timeline = of(
        Clip(source=source, start=10 / 24, seconds=5 / 24),
        Clip(source=source, start=25 / 24, seconds=1 / 24),
        Clip(source=source, seconds=3 / 24),
        Clip(source=source, start=40 / 24, seconds=8 / 24),
    )
    shown = lumas_of(film(timeline, tmp_path / "film.mp4", copy=False).path).mean(axis=(1, 2))
    source_shown = lumas_of(source).mean(axis=(1, 2))
    expected = source_shown[[*range(10, 15), 25, *range(3), *range(40, 48)]]
    assert np.abs(shown - expected).max() < 1.5  # of 4 to 5 between neighbours


def test_crossfade_goes_evenly_from_one_to_the_other(tmp_path):
    dark, light = plain(tmp_path / "d.mp4", "black"), plain(tmp_path / "l.mp4", "white")
    timeline = of(Clip(source=dark, seconds=1, fade=0.5), Clip(source=light, seconds=1))
    shown = lumas_of(film(timeline, tmp_path / "film.mp4").path).mean(axis=(1, 2))
    assert len(shown) == 36
    low, high = shown[0], shown[-1]
    assert high - low > 200
    expected = np.concatenate([np.zeros(12), np.arange(12) / 12, np.ones(12)])
    assert np.abs((shown - low) / (high - low) - expected).max() < 0.02


def test_film_fades_from_and_to_black(tmp_path):
    light = plain(tmp_path / "l.mp4", "white")
    shown = lumas_of(film(of(Clip(source=light, seconds=2), fade_in=0.5, fade_out=0.5), tmp_path / "film.mp4").path)
    means = shown.mean(axis=(1, 2))
    assert means[0] < 20 and means[-1] < 45 and means[13:35].min() > 230
    assert (np.diff(means[:12]) > 5).all() and (np.diff(means[-12:]) < -5).all()


def test_short_footage_holds_its_last_frame_and_says_so(tmp_path):
    source = shot(tmp_path / "a.mp4", seconds=1)
    rendered = film(of(Clip(source=source, seconds=2)), tmp_path / "film.mp4")
    shown = lumas_of(rendered.path)
    assert len(shown) == 48
    assert np.abs(shown[24:] - shown[24]).max() < 24 and np.abs(shown[:23] - shown[24]).max() > 60
    assert "1.00 of the 2.00 seconds" in rendered.notes[0]


def test_low_rate_is_repeated_or_interpolated(tmp_path):
    box = "nullsrc=s=64x64:r=8,geq=lum='if(between(X\\,4*N\\,4*N+16)*between(Y\\,20\\,40)\\,235\\,40)':cb=128:cr=128"
    source = shot(tmp_path / "box.mp4", box, seconds=1.5, fps="8")
    positions = {}
    for smooth in (False, True):
        rendered = film(
            of(Clip(source=source, seconds=1.5, smooth=smooth), width=256, height=256), tmp_path / f"{smooth}.mp4"
        )
        bright = (lumas_of(rendered.path) > 140).astype(float)
        columns = np.arange(256)
        positions[smooth] = np.array([(f.sum(0) * columns).sum() / f.sum() for f in bright])
        assert len(bright) == 36
    steps = {smooth: np.diff(at[3:27]) for smooth, at in positions.items()}
    assert (np.abs(steps[False]) < 1).mean() > 0.6  # two of three frames repeat
    assert (steps[True] > 1).mean() > 0.8  # nearly all move
    assert np.abs(positions[True][6:27:3] - positions[False][6:27:3]).max() < 12  # and at the same places


def test_still_covers_or_is_contained(tmp_path):
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[:, :, 0] = 200
    picture[:12], picture[-12:] = (0, 0, 255), (0, 0, 255)  # blue bands above and below
    Image.fromarray(picture).save(tmp_path / "p.png")
    clips = {
        "cover": Clip(source=tmp_path / "p.png", seconds=0.25),
        "black": Clip(source=tmp_path / "p.png", seconds=0.25, fit="contain", fill="black"),
        "blur": Clip(source=tmp_path / "p.png", seconds=0.25, fit="contain"),
    }
    shown = {name: frames_of(film(of(clip), tmp_path / f"{name}.mp4").path).astype(int) for name, clip in clips.items()}
    middle = (HEIGHT // 2, WIDTH // 2)
    for frames in shown.values():
        assert len(frames) == 6
        assert np.abs(frames[3][middle] - (200, 0, 0)).max() < 12
    assert np.abs(shown["cover"][0][2, 5] - (200, 0, 0)).max() < 14  # the bands are cropped away
    for name in ("black", "blur"):
        assert np.abs(shown[name][3][3, WIDTH // 2] - (0, 0, 255)).max() < 20  # the bands are there
    assert shown["black"][3][HEIGHT // 2, 10].max() < 12
    assert shown["blur"][3][HEIGHT // 2, 10][0] > 60


def test_still_is_pushed_in_slowly(tmp_path):
    picture = np.zeros((360, 640, 3), np.uint8)
    picture[150:210, 290:350] = 255
    Image.fromarray(picture).save(tmp_path / "p.png")
    sizes = {}
    for zoom in (0.0, 0.2):
        path = film(of(Clip(source=tmp_path / "p.png", seconds=1, zoom=zoom)), tmp_path / f"{zoom}.mp4").path
        sizes[zoom] = (lumas_of(path) / 235).sum(axis=(1, 2))
    assert sizes[0.2][-1] / sizes[0.2][0] == pytest.approx(1.2**2, rel=0.05)
    assert sizes[0.0][-1] / sizes[0.0][0] == pytest.approx(1, rel=0.02)


def test_transparent_logo_stands_on_a_ground_that_it_shows_on(tmp_path):
    for name, ink in (("light", 250), ("dark", 5)):
        logo = np.zeros((60, 60, 4), np.uint8)
        logo[20:40, 20:40] = (ink, ink, ink, 255)
        Image.fromarray(logo).save(tmp_path / f"{name}.png")
        clip = Clip(source=tmp_path / f"{name}.png", seconds=0.2, fit="contain")
        shown = lumas_of(film(of(clip), tmp_path / f"{name}.mp4").path)[2]
        assert abs(shown[HEIGHT // 2, WIDTH // 2] - shown[4, 4]) > 150


def test_any_shape_of_footage_fills_the_frame(tmp_path):
    tall = shot(tmp_path / "tall.mp4", "testsrc2", size="90x160", fps="30", seconds=0.5)
    wide = tmp_path / "wide.mkv"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=200x50:r=15:d=1", "-vf", "setsar=2/1", "-c:v", "mpeg4", str(wide))
    timeline = of(
        Clip(source=tall, seconds=0.5),
        Clip(source=wide, seconds=0.5, fit="contain"),
        Clip(source=wide, seconds=0.5, fade=0),
        width=160,
        height=160,
    )
    shown = frames_of(film(timeline, tmp_path / "film.mp4").path)
    assert shown.shape == (36, 160, 160, 3)
    assert all(frame.std() > 20 for frame in shown)
    # 400x50 as displayed, contained in 160x160: 20 rows of picture in the middle, a darker blur above
    contained = shown[15].astype(int)
    assert contained[72:88].std() > contained[10:40].std()


def test_same_timeline_gives_the_same_bytes(tmp_path):
    a, b = shot(tmp_path / "a.mp4", tone=300), shot(tmp_path / "b.mp4", "mandelbrot", tone=500)
    timeline = of(
        Clip(source=a, seconds=1.5, fade=0.5), Clip(source=b, seconds=1.5),
        texts=[Text(text="Twice", start=0.2, end=1)], sounds=[Sound(source=a, duck=True, gain_db=-6)],
    )  # fmt: skip
    for copy in (False, True):
        digests = {
            hashlib.sha256(film(timeline, tmp_path / f"{n}.mp4", copy=copy).path.read_bytes()).hexdigest()
            for n in range(3)
        }
        assert len(digests) == 1


def test_progress_rises_to_one(tmp_path):
    told = []
    source = shot(tmp_path / "a.mp4")
    film(of(Clip(source=source, seconds=2)), tmp_path / "film.mp4", progress=told.append)
    assert told[-1] == 1.0 and told == sorted(told)


def test_cancelling_leaves_nothing_behind(tmp_path, monkeypatch):
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    out.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))
    source = shot(tmp_path / "a.mp4", "mandelbrot", seconds=2, size="640x360", tone=300)
    asked = threading.Event()

    def cancelled() -> bool:
        enough = asked.is_set()
        asked.set()
        return enough

    timeline = replace(of(*[Clip(source=source, seconds=2, smooth=True)] * 8), width=1920, height=1080)
    with pytest.raises(RenderCancelled):
        render(timeline, out / "film.mp4", cancelled=cancelled, copy=False)
    assert list(out.iterdir()) == [] and list(work.iterdir()) == []


@pytest.mark.parametrize("name", ["a:b, [c]'d.mp4", "-y.mp4", "concat:x|y.mp4", "%d $HOME \\n;.mp4", "ünï 狐.mp4"])
def test_names_of_files_are_only_names(tmp_path, name):
    source = shot(tmp_path / "a.mp4", seconds=0.5, tone=300)
    odd = source.rename(tmp_path / name)
    still = tmp_path / (name.replace(".mp4", "") + "%03d.png")
    Image.new("RGB", (64, 36), (200, 30, 30)).save(still)
    timeline = of(
        Clip(source=odd, seconds=0.5, fade=0.1), Clip(source=still, seconds=0.5), sounds=[Sound(source=odd, gain_db=-6)]
    )
    rendered = film(timeline, tmp_path / f"out {name}")
    assert len(frames_of(rendered.path)) == timeline.frames


def test_faults_are_one_line_and_leave_no_file(tmp_path):
    source = shot(tmp_path / "a.mp4", seconds=0.5)
    (tmp_path / "text.mp4").write_text("not a film")
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x.ts\n")
    (tmp_path / "file").write_text("")
    good = Clip(source=source, seconds=0.5)
    out = tmp_path / "film.mp4"
    cases = [
        (of(Clip(source=tmp_path / "none.mp4", seconds=1)), out, "no file at"),
        (of(Clip(source=tmp_path / "text.mp4", seconds=1)), out, "is text"),
        (of(Clip(source=tmp_path / "list.mp4", seconds=1)), out, "playlist"),
        (of(Clip(source=source, start=9, seconds=1)), out, "starts at 9 s"),
        (of(good, sounds=[Sound(source=source)]), out, "has no sound"),
        (of(good), tmp_path / "film.avi", "ends in .mp4"),
        (of(good), tmp_path / "missing" / "film.mp4", "make its folder first"),
        (of(good), tmp_path / "file" / "film.mp4", "a part of the path is a file"),
    ]
    for timeline, path, said in cases:
        with pytest.raises(ValueError, match=said) as caught:
            film(timeline, path)
        assert "\n" not in str(caught.value)
    with pytest.raises(RenderError, match="give -40 to -5"):
        film(of(good), out, loudness=3)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "file", "list.mp4", "text.mp4"]
