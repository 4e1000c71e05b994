import av
import pytest
from film_making import HEIGHT, WIDTH, ffmpeg, frames_of, lumas_of, shot

from rushes.media.assemble import Run, video_packets
from rushes.media.picture import Quality
from rushes.media.render import load_all, render
from rushes.media.segments import NotCopied, Spliced, frame_checksums, plan_copies, read_packets, verify_copies
from rushes.media.timeline import Clip, Text, Timeline

SIZE = {"width": WIDTH, "height": HEIGHT, "fps": 24}
OTHER = Quality(preset="ultrafast")  # the baseline profile
VERYFAST = Quality(preset="veryfast", crf=22, threads=2)  # with B frames, reordered and used as references


@pytest.fixture(scope="module")
def takes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("takes")
    pictures = ("testsrc2", "mandelbrot", f"life=s={WIDTH}x{HEIGHT}:r=24:seed=3:mold=10")
    return [
        shot(folder / f"{i}.mp4", p, seconds=4, tone=200 + 100 * i, quality=VERYFAST) for i, p in enumerate(pictures)
    ]


@pytest.fixture(scope="module")
def copied(takes, tmp_path_factory):
    """The film of the takes, rendered with copying; no test may change it."""
    return render(film_of(takes), tmp_path_factory.mktemp("copied") / "copied.mp4", quality=VERYFAST)


def film_of(takes) -> Timeline:
    return Timeline(
        clips=[
            Clip(source=takes[0], seconds=4, fade=0.5),
            Clip(source=takes[1], start=0.5, seconds=3.25),
            Clip(source=takes[2], seconds=3, fade=0.25),
            Clip(source=takes[0], start=1, seconds=2.5),
        ],
        texts=[Text(text="Copied", start=8.1, end=8.6), Text(text="twice", start=0.5, end=1, place="lower")],
        fade_out=0.25,
        **SIZE,
    )


def test_copied_film_is_frame_exact(takes, copied, tmp_path):
    timeline = film_of(takes)
    full = render(timeline, tmp_path / "full.mp4", quality=VERYFAST, copy=False)
    assert (copied.way, full.way, full.copied) == ("copied", "encoded", 0)
    assert copied.copied > 0.4 * timeline.frames, copied.reason
    one, other = frames_of(copied.path).astype(int), frames_of(full.path).astype(int)
    assert one.shape == other.shape and len(one) == timeline.frames
    # Encoded twice or once, the same picture; a shift by one frame would differ by far more.
    assert max(abs(a - b).mean() for a, b in zip(one, other, strict=True)) < 12


def test_copied_frames_are_the_sources_pixels(takes, copied):
    timeline = film_of(takes)
    plan = plan_copies(timeline, load_all(timeline)[0], VERYFAST)
    made = list(frame_checksums(copied.path))
    assert len(made) == timeline.frames
    for copy in plan.copies:
        source = list(frame_checksums(copy.path))
        assert made[copy.frame : copy.frame + copy.count] == source[copy.source_frame : copy.source_frame + copy.count]
    covered = [*plan.changed, *((c.frame, c.frame + c.count) for c in plan.copies)]
    assert sorted(n for a, b in covered for n in range(a, b)) == list(range(timeline.frames))


def test_presentation_times_are_even_and_decodable(takes, copied):
    timeline = film_of(takes)
    with av.open(str(copied.path)) as container:
        stream = container.streams.video[0]
        packets = [(p.pts, p.dts) for p in container.demux(stream) if p.size]
        assert all(dts <= pts for pts, dts in packets)
        assert [dts for _, dts in packets] == sorted({dts for _, dts in packets})
        step = 1 / timeline.rate / stream.time_base
        assert sorted(pts for pts, _ in packets) == [n * step for n in range(timeline.frames)]


def test_film_of_one_whole_take_is_copied_whole(takes, tmp_path):
    rendered = render(Timeline(clips=[Clip(source=takes[1], seconds=4)], **SIZE), tmp_path / "f.mp4", quality=VERYFAST)
    assert rendered.copied == rendered.frames == 96
    assert list(frame_checksums(rendered.path)) == list(frame_checksums(takes[1]))


def test_any_crf_and_threads_of_the_sources_fit(takes, tmp_path):
    other = Quality(preset="veryfast", crf=30, threads=1)
    rendered = render(film_of(takes), tmp_path / "f.mp4", quality=other)
    assert rendered.copied > 100


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda takes, tmp: (Clip(source=takes[0], seconds=3), {"width": 160, "height": 90, "fps": 24}), "its size"),
        (lambda takes, tmp: (Clip(source=takes[0], seconds=3), {**SIZE, "fps": 25}), "its frame rate"),
        (lambda takes, tmp: (Clip(source=takes[0], start=0.02, seconds=3), SIZE), "between two frames"),
        (lambda takes, tmp: (Clip(source=takes[0], start=2, seconds=3), SIZE), "ends before the clip"),
        (lambda takes, tmp: (Clip(source=shot(tmp / "o.mp4", quality=OTHER), seconds=2), SIZE), "other settings"),
    ],
)
def test_what_does_not_fit_is_encoded_whole_and_says_why(takes, tmp_path, make, why):
    clip, size = make(takes, tmp_path)
    timeline = Timeline(clips=[clip], **size)
    rendered = render(timeline, tmp_path / "film.mp4", quality=VERYFAST)
    assert rendered.way == "encoded" and why in rendered.reason
    assert len(lumas_of(rendered.path)) == timeline.frames


def test_open_gops_are_not_copied(tmp_path):
    source = shot(tmp_path / "open.mp4", quality=VERYFAST, seconds=3)
    opened = tmp_path / "opened.mp4"
    ffmpeg(
        "-i",
        str(source),
        "-c:v",
        "libx264",
        "-x264-params",
        "open-gop=1:keyint=24:scenecut=0:stitchable=1",
        "-bf",
        "3",
        str(opened),
    )
    packets = read_packets(opened, Timeline(clips=[Clip(source=opened, seconds=1)], **SIZE).rate)
    assert isinstance(packets, str) or len(packets.keys) == 1


def test_tampered_packets_are_found(takes, tmp_path):
    """Bytes of a copied packet are changed in the finished film: the check must say so."""
    timeline = Timeline(clips=[Clip(source=takes[0], seconds=2), Clip(source=takes[1], seconds=2)], **SIZE)
    rendered = render(timeline, tmp_path / "film.mp4", quality=VERYFAST)
    footage, _ = load_all(timeline)
    plan = plan_copies(timeline, footage, VERYFAST)
    runs = tuple(Run(path=c.path, first=c.first, count=c.count) for c in plan.copies)
    spliced = Spliced(runs=runs, copied=96, copies=plan.copies)
    assert verify_copies(rendered.path, spliced) == ""
    packet = bytes(list(video_packets(rendered.path))[30])
    data = rendered.path.read_bytes()
    at = data.index(packet) + len(packet) // 2
    rendered.path.write_bytes(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    assert "differ" in verify_copies(rendered.path, spliced)


def test_nothing_to_copy_is_said(takes):
    timeline = Timeline(clips=[Clip(source=takes[0], seconds=2)], texts=[Text(text="all", start=0, end=2)], **SIZE)
    with pytest.raises(NotCopied, match="only 0 of 48 frames"):
        plan_copies(timeline, load_all(timeline)[0], VERYFAST)
