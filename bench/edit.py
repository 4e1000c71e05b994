"""Rendering a film of 12 clips, side by side: the floor, our full render, our copying render, MoviePy 2.

python bench/edit.py [--json FILE] [--repeats N]

The floor decodes and encodes the film's frames and sound, and does nothing else: one FFmpeg process, the same encoder
settings. Rounds are interleaved, and a ratio is taken within its round, so that a busy machine slows both sides of it.
"""

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import imageio_ffmpeg
from rich.console import Console
from rich.table import Table

from rushes.media.picture import Quality, encoder_arguments
from rushes.media.render import Rendered, render
from rushes.media.segments import frame_checksums
from rushes.media.timeline import Clip, Sound, Text, Timeline

WIDTH, HEIGHT, FPS, SECONDS, FADE, CLIPS = 640, 360, 24, 5.0, 0.5, 12
QUALITY = Quality(preset="veryfast", crf=20)
FLOOR = "decode + encode alone"
TARGETS = {"full render": 1.15, "unchanged GOPs copied": 0.5}

Times = dict[str, list[float]]  # seconds of each round, by way

# Moving, textured pictures, about 1 to 3 Mbit/s at this size, as footage has.
PICTURES = (
    f"testsrc2=s={WIDTH}x{HEIGHT}:r={FPS}",
    f"mandelbrot=s={WIDTH}x{HEIGHT}:r={FPS}:maxiter=400:inner=convergence",
    f"perlin=s={WIDTH}x{HEIGHT}:r={FPS}:octaves=5:xscale=3:yscale=3:tscale=0.6:random_seed=5:random_mode=seed",
    f"life=s=160x90:r={FPS}:mold=12:seed=7:life_color=#e8b04a:death_color=#1c3b57,scale={WIDTH}:{HEIGHT}",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    console = Console()
    with tempfile.TemporaryDirectory(prefix="rushes-bench-") as name:
        folder = Path(name)
        console.print(f"making {CLIPS} clips of {SECONDS:g} s at {WIDTH}x{HEIGHT} ...")
        clips = [make_clip(folder, i) for i in range(CLIPS)]
        music = make_music(folder)
        timeline = film(clips, music)
        figures = measure(folder, timeline, clips, options.repeats, console)
    show(figures, console)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def film(clips: list[Path], music: Path) -> Timeline:
    return Timeline(
        clips=[Clip(source=path, seconds=SECONDS, fade=FADE) for path in clips],
        texts=[
            Text(text="The Lantern", start=1.0, end=3.5),
            Text(text="Twelve clips\neleven crossfades", start=21.0, end=23.5, place="lower"),
        ],
        sounds=[Sound(source=music, gain_db=-8, fade_in=1, fade_out=2, duck=True)],
        width=WIDTH, height=HEIGHT, fps=FPS,
    )  # fmt: skip


def make_clip(folder: Path, index: int) -> Path:
    """One take, encoded as ours are, with key frames at the edges of its fades; a tone that swells."""
    path = folder / f"clip{index:02d}.mp4"
    picture = PICTURES[index % len(PICTURES)]
    tags = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"
    chain = f"{picture},trim=start_frame={7 * index}:end_frame={7 * index + SECONDS * FPS:.0f},setpts=N/{FPS}/TB"
    left, right = (f"0.2*sin(2*PI*{hertz + 40 * index}*t)" for hertz in (180, 181))
    tone = f"aevalsrc={left}*(0.6+0.4*sin(3*t))|{right}:s=48000:d={SECONDS}"
    colours = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    fades = f"-force_key_frames {FADE:g},{SECONDS - FADE:g}"
    sound = "-c:a aac -b:a 128k -movflags +faststart"
    run(
        [
            *("-f", "lavfi", "-i", f"{chain},{colours},{tags}", "-f", "lavfi", "-i", tone),
            *encoder_arguments(Fraction(FPS), QUALITY),
            *f"{fades} {sound}".split(),
            str(path),
        ]
    )
    return path


def make_music(folder: Path) -> Path:
    path = folder / "music.flac"
    left, right = (f"0.3*sin(2*PI*{hertz}*t)*exp(-3*mod(t\\,0.5))" for hertz in (110, 165))
    run(["-f", "lavfi", "-i", f"aevalsrc={left}|{right}:s=48000:d=60", str(path)])
    return path


def floor(clips: list[Path], out: Path) -> None:
    """Decodes and encodes as many frames and samples as the film has."""
    inputs = []
    for i, path in enumerate(clips):
        inputs += ["-t", f"{SECONDS - (FADE if i < len(clips) - 1 else 0):g}", "-i", str(path)]
    pads = "".join(f"[{i}:v][{i}:a]" for i in range(len(clips)))
    graph = f"{pads}concat=n={len(clips)}:v=1:a=1[v0][a];[v0]fps={FPS}[v]"
    picture = encoder_arguments(Fraction(FPS), QUALITY)
    sound = ["-c:a", "aac", "-b:a", "192k"]
    mapped = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]"]
    run([*inputs, *mapped, *picture, *sound, "-movflags", "+faststart", str(out)])


def moviepy_render(timeline: Timeline, out: Path) -> None:
    import moviepy
    from moviepy import vfx

    parts, at = [], 0.0
    for clip in timeline.clips:
        part = moviepy.VideoFileClip(str(clip.source)).subclipped(0, clip.seconds).with_start(at)
        parts.append(part.with_effects([vfx.CrossFadeIn(clip.fade)]) if at else part)
        at += clip.seconds - clip.fade
    for text in timeline.texts:
        shown = moviepy.TextClip(text=text.text, font_size=48, color="white", size=(WIDTH, 160), text_align="center")
        parts.append(shown.with_start(text.start).with_duration(text.end - text.start).with_position("center"))
    whole = moviepy.CompositeVideoClip(parts, size=(WIDTH, HEIGHT)).with_duration(timeline.seconds)
    music = (
        moviepy.AudioFileClip(str(timeline.sounds[0].source)).subclipped(0, timeline.seconds).with_volume_scaled(0.4)
    )
    whole = whole.with_audio(moviepy.CompositeAudioClip([whole.audio, music]))
    ffmpeg = ["-crf", f"{QUALITY.crf:g}", "-pix_fmt", "yuv420p"]
    whole.write_videofile(
        str(out), fps=FPS, codec="libx264", audio_codec="aac", preset=QUALITY.preset, threads=QUALITY.threads,
        ffmpeg_params=ffmpeg, logger=None, temp_audiofile_path=str(out.parent),
    )  # fmt: skip
    whole.close()


def measure(folder: Path, timeline: Timeline, clips: list[Path], repeats: int, console: Console) -> dict[str, Any]:
    last: dict[str, Rendered] = {}
    digests: dict[str, set[str]] = {}

    def ours(name: str, copy: bool) -> Callable[[], None]:
        def work() -> None:
            out = folder / f"{name.replace(' ', '-')}.mp4"
            last[name] = render(timeline, out, copy=copy, quality=QUALITY)
            digests.setdefault(name, set()).add(hashlib.sha256(out.read_bytes()).hexdigest())

        return work

    ways: dict[str, Callable[[], None]] = {
        FLOOR: lambda: floor(clips, folder / "floor.mp4"),
        "full render": ours("full render", False),
        "unchanged GOPs copied": ours("unchanged GOPs copied", True),
    }
    try:
        import moviepy  # noqa: F401

        ways["MoviePy 2"] = lambda: moviepy_render(timeline, folder / "moviepy.mp4")
    except ImportError:
        console.print("MoviePy is not installed: its line is left out (pip install 'rushes\\[bench]')")
    seconds, cpu = timed(ways, repeats, console)
    copied = last["unchanged GOPs copied"]
    return {
        "film": {"clips": CLIPS, "frames": timeline.frames, "seconds": timeline.seconds, "size": f"{WIDTH}x{HEIGHT}"},
        "cpus": os.cpu_count(),
        "load": os.getloadavg()[0],
        "ways": {name: against_floor(name, seconds, cpu) for name in ways},
        "copied_frames": copied.copied,
        "way": copied.way,
        "reason": copied.reason,
        "frame_exact": frame_exact(folder, timeline),
        "same_bytes": {name: len(d) == 1 for name, d in digests.items()},
        "loudness": copied.loudness,
        "peak": copied.peak,
    }


def timed(ways: dict[str, Callable[[], None]], repeats: int, console: Console) -> tuple[Times, Times]:
    """Wall clock and processor seconds of each way in each round."""
    seconds: Times = {name: [] for name in ways}
    cpu: Times = {name: [] for name in ways}
    for i in range(repeats):
        for name, work in ways.items():
            if name == "MoviePy 2" and i >= max(1, repeats // 2):
                continue
            began, worked = time.perf_counter(), cpu_seconds()
            work()
            seconds[name].append(time.perf_counter() - began)
            cpu[name].append(cpu_seconds() - worked)
        console.print(f"round {i + 1} of {repeats}: " + ", ".join(f"{n} {s[-1]:.2f} s" for n, s in seconds.items()))
    return seconds, cpu


def against_floor(name: str, seconds: Times, cpu: Times) -> dict[str, Any]:
    """Medians of a way, and of its ratios to the floor within each round."""
    found: dict[str, Any] = {}
    for prefix, times in (("", seconds), ("cpu_", cpu)):
        ratios = [a / b for a, b in zip(times[name], times[FLOOR], strict=False)]
        found |= {f"{prefix}seconds": statistics.median(times[name]), f"{prefix}ratio": statistics.median(ratios)}
    return found | {"all": [round(value, 3) for value in seconds[name]]}


def cpu_seconds() -> float:
    """Processor time of this process and of all that it has waited for: what a busy machine distorts least."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def frame_exact(folder: Path, timeline: Timeline) -> bool:
    """Both films have the exact number of frames, and in each untouched span the copied frames are the sources'."""
    made = list(frame_checksums(folder / "unchanged-GOPs-copied.mp4"))
    full = sum(1 for _ in frame_checksums(folder / "full-render.mp4"))
    if len(made) != timeline.frames or full != timeline.frames:
        return False
    copied = 0
    for clip, start, length in zip(timeline.clips, timeline.clip_starts, timeline.clip_frames, strict=True):
        source = list(frame_checksums(clip.source))[:length]
        copied += sum(a == b for a, b in zip(source, made[start : start + length], strict=False))
    return copied > 0


def show(figures: dict[str, Any], console: Console) -> None:
    about = figures["film"]
    table = Table(
        title=f"{about['clips']} clips, {about['seconds']:.1f} s at {about['size']}, 11 crossfades, 2 texts, music"
    )
    columns = "way, seconds (median), of the floor, CPU seconds, of the floor's, target, frames copied, same bytes"
    for column in columns.split(", "):
        table.add_column(column, justify="left" if column == "way" else "right")
    for name, row in figures["ways"].items():
        target = TARGETS.get(name)
        met = "" if target is None else f"{'met' if row['ratio'] <= target else 'MISSED'} (<= {target:g})"
        frames = f"{figures['copied_frames']} of {about['frames']}" if name == "unchanged GOPs copied" else ""
        same = {True: "yes", False: "NO", None: ""}[figures["same_bytes"].get(name)]
        table.add_row(
            name,
            f"{row['seconds']:.2f}",
            f"{row['ratio']:.2f}x",
            f"{row['cpu_seconds']:.2f}",
            f"{row['cpu_ratio']:.2f}x",
            met,
            frames,
            same,
        )
    console.print(table)
    exact = "yes" if figures["frame_exact"] else "NO"
    console.print(
        f"frame-exact: {exact}; loudness {figures['loudness']} LUFS, true peak {figures['peak']} dBTP; "
        f"{figures['cpus']} CPUs, load {figures['load']:.1f}"
    )
    if figures["reason"]:
        console.print(f"nothing was copied: {figures['reason']}")


def run(arguments: list[str]) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y", "-loglevel", "error", *arguments]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
