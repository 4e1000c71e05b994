"""The film's sound: clips' own sound, further tracks, ducking, then one loudness and one ceiling for all of it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.media.ffmpeg import Cancelled, run
from rushes.media.footage import Footage
from rushes.media.timeline import Sound, Timeline

SAMPLE_RATE = 48000
CUT_SECONDS = 0.03  # fade of a clip's sound at a cut, against clicks

# Gain is bounded, so that the noise of an almost silent film does not become its sound.
MOST_GAIN = 30.0  # dB
SILENT = -60.0  # LUFS; quieter than this is taken as silence and left alone
ROUNDS = 4  # of encoding, measuring the encoded sound and correcting
NEAR = 0.3  # LU that count as reached

DUCKING = "sidechaincompress=threshold=0.03:ratio=8:attack=60:release=600:knee=4"
FORMAT = f"aformat=sample_fmts=fltp:sample_rates={SAMPLE_RATE}:channel_layouts=stereo"


@dataclass(frozen=True, kw_only=True)
class Mixed:
    path: Path  # AAC in mp4
    loudness: float | None  # LUFS, measured on the encoded sound; None for silence
    peak: float | None  # dBTP, likewise
    notes: tuple[str, ...] = ()


def render_mix(
    timeline: Timeline,
    footage: Sequence[Footage],
    sounds: Sequence[Footage],
    folder: Path,
    *,
    loudness: float,
    peak: float,
    cancelled: Cancelled | None = None,
) -> Mixed:
    """Mixes, measures, and brings the sound to `loudness` LUFS with true peaks under `peak` dBTP.

    footage: one per clip; sounds: one per Sound. The file is exactly as long as the film.
    """
    inputs, graph = mix_graph(timeline, footage, sounds)
    (folder / "mix.txt").write_text(graph, encoding="utf-8")
    lines = run(
        [*inputs, "-/filter_complex", "mix.txt", "-map", "[mix]", "-c:a", "pcm_f32le", "-rf64", "auto", "mix.wav"],
        folder=folder,
        cancelled=cancelled,
        level="info",
    )
    measured = _summary(lines, "I")
    gain = 0.0
    if measured is not None and measured > SILENT:
        gain = min(loudness - measured, MOST_GAIN)
    mixed = _encode(timeline, folder, gain, peak - 0.4, cancelled)
    limit = peak - 0.4
    audible = measured is not None and measured > SILENT
    for _ in range(ROUNDS - 1):
        if mixed.loudness is None or mixed.peak is None:
            return mixed
        over, short = mixed.peak - peak, loudness - mixed.loudness
        more = short if abs(short) > NEAR and gain < MOST_GAIN and audible else 0.0
        if over < 0 and not more:
            break
        limit -= over + 0.2 if over >= 0 else 0.0
        gain = min(gain + more, MOST_GAIN)
        mixed = _encode(timeline, folder, gain, limit, cancelled)
    notes = []
    if mixed.loudness is not None and abs(mixed.loudness - loudness) > 1.0:
        faint = gain >= MOST_GAIN
        why = "it is almost silent" if faint else "its peaks leave no more room, or it is too short to measure"
        notes.append(f"the sound reaches {mixed.loudness:.1f} LUFS, not {loudness:g}: {why}")
    return Mixed(path=mixed.path, loudness=mixed.loudness, peak=mixed.peak, notes=tuple(notes))


def mix_graph(timeline: Timeline, footage: Sequence[Footage], sounds: Sequence[Footage]) -> tuple[list[str], str]:
    """FFmpeg's inputs, and the graph that ends in [mix] and tells the loudness on its way."""
    inputs: list[str] = []
    chains: list[str] = []
    total = timeline.sample_at(timeline.frames, SAMPLE_RATE)
    keys: list[str] = []
    ducked: list[str] = []
    if any(f.has_sound and c.volume > 0 for c, f in zip(timeline.clips, footage, strict=True)):
        _clip_sound(timeline, footage, inputs, chains)
        keys.append("clips")
    for i, (sound, source) in enumerate(zip(timeline.sounds, sounds, strict=True)):
        number = _add_input(inputs, source, sound.start, _length(sound, source, timeline))
        chains.append(_track(timeline, sound, source, number, i))
        (ducked if sound.duck else keys).append(f"s{i}")
    # Padded without end: where two filters' inputs end together, which end comes first is a matter of luck.
    if keys and ducked:
        _sum(chains, keys, "loud")
        _sum(chains, ducked, "quiet")
        chains.append("[loud]asplit[loud1][key]")
        chains.append(f"[quiet][key]{DUCKING}[under]")
        keys, ducked = ["loud1", "under"], []
    if not keys and not ducked:
        chains.append(f"anullsrc=r={SAMPLE_RATE}:cl=stereo,{FORMAT}[all]")
    else:
        _sum(chains, keys + ducked, "all")
    ends = [f"atrim=end_sample={total}"]
    for way, seconds in (("in", timeline.fade_in), ("out", timeline.fade_out)):
        if length := timeline.sample_at(timeline.frame_at(seconds), SAMPLE_RATE):
            ends.append(f"afade=t={way}:ss={0 if way == 'in' else total - length}:ns={length}")
    chains.append(f"[all]{','.join([*ends, 'ebur128=framelog=quiet'])}[mix]")
    return inputs, ";\n".join(chains)


def _clip_sound(timeline: Timeline, footage: Sequence[Footage], inputs: list[str], chains: list[str]) -> None:
    """Appends the chains of the clips' own sound, cut and crossfaded as the picture is, ending in [clips]."""
    starts = [timeline.sample_at(s, SAMPLE_RATE) for s in timeline.clip_starts]
    ends = [
        timeline.sample_at(s + n, SAMPLE_RATE) for s, n in zip(timeline.clip_starts, timeline.clip_frames, strict=True)
    ]
    last = len(timeline.clips) - 1
    for i, (clip, source) in enumerate(zip(timeline.clips, footage, strict=True)):
        length = ends[i] - starts[i]
        if not source.has_sound or clip.volume == 0:
            chains.append(f"anullsrc=r={SAMPLE_RATE}:cl=stereo,atrim=end_sample={length},{FORMAT}[c{i}]")
            continue
        number = _add_input(inputs, source, clip.start, length / SAMPLE_RATE * clip.speed)
        short = min(int(CUT_SECONDS * SAMPLE_RATE), length // 2)
        edges = []
        if i == 0 or not timeline.fade_frames[i - 1]:
            edges.append(f"afade=t=in:ss=0:ns={short}")
        if i == last or not timeline.fade_frames[i]:
            edges.append(f"afade=t=out:ss={length - short}:ns={short}")
        chains.append(
            f"{_opened(number, source)}{_at_speed(clip.speed)},{_exact(length)},"
            f"{','.join([f'volume={clip.volume:.6f}', *edges])}[c{i}]"
        )
    joined = "c0"
    for i in range(1, len(timeline.clips)):
        overlap = ends[i - 1] - starts[i]
        how = f"acrossfade=ns={overlap}:c1=qsin:c2=qsin" if overlap else "concat=n=2:v=0:a=1"
        chains.append(f"[{joined}][c{i}]{how}[j{i}]")
        joined = f"j{i}"
    chains.append(f"[{joined}]anull[clips]")


def _track(timeline: Timeline, sound: Sound, source: Footage, number: int, index: int) -> str:
    length = max(1, int(_length(sound, source, timeline) * SAMPLE_RATE))
    steps = [_opened(number, source), _exact(length), f"volume={sound.gain_db:.3f}dB"]
    for way, seconds in (("in", sound.fade_in), ("out", sound.fade_out)):
        if samples := min(length, int(seconds * SAMPLE_RATE)):
            steps.append(f"afade=t={way}:ss={0 if way == 'in' else length - samples}:ns={samples}")
    if delay := timeline.sample_at(timeline.frame_at(sound.at), SAMPLE_RATE):
        steps.append(f"adelay=delays={delay}S:all=1")
    return f"{','.join(steps)}[s{index}]"


def _length(sound: Sound, source: Footage, timeline: Timeline) -> float:
    """Seconds that a track sounds: as asked, within its source and the film."""
    have = [
        max(0.0, source.probe.seconds - sound.start),
        timeline.seconds - timeline.seconds_at(timeline.frame_at(sound.at)),
    ]
    return max(1 / SAMPLE_RATE, min(have if sound.seconds is None else [*have, sound.seconds]))


def _add_input(inputs: list[str], source: Footage, start: float, seconds: float) -> int:
    number = inputs.count("-i")
    inputs += source.input(start=start, seconds=seconds + 0.1)
    return number


def _opened(number: int, source: Footage) -> str:
    if source.probe.channels > 8:
        # No layout has so many: they go left and right in turn.
        count = source.probe.channels
        sides = ["+".join(f"{2 / count:.5f}*c{c}" for c in range(side, count, 2)) for side in (0, 1)]
        return (
            f"[{number}:a:0]pan=stereo|c0={sides[0]}|c1={sides[1]},aresample={SAMPLE_RATE}:async=1:first_pts=0,{FORMAT}"
        )
    return f"[{number}:a:0]aresample={SAMPLE_RATE}:async=1:first_pts=0,{FORMAT}"


def _at_speed(speed: float) -> str:
    """Faster or slower at the same pitch; one atempo goes down to a half."""
    steps = []
    while speed < 0.5:
        steps.append(0.5)
        speed /= 0.5
    if speed != 1:
        steps.append(speed)
    return "".join(f",atempo={step:.6f}" for step in steps)


def _exact(length: int) -> str:
    return f"apad,atrim=end_sample={length},asetpts=N/SR/TB"


def _sum(chains: list[str], labels: list[str], name: str) -> None:
    parts = "".join(f"[{label}]" for label in labels)
    # Sounds add up as they are: amix would divide by their number.
    added = f"amix=inputs={len(labels)}:normalize=0:duration=longest:dropout_transition=0," if len(labels) > 1 else ""
    chains.append(f"{parts}{added}apad[{name}]")


def _encode(timeline: Timeline, folder: Path, gain: float, limit: float, cancelled: Cancelled | None) -> Mixed:
    """Applies gain and limiter, encodes, and measures what a player will decode."""
    total = timeline.sample_at(timeline.frames, SAMPLE_RATE)
    ceiling = max(0.0625, 10 ** (limit / 20))
    louder = f"volume={gain:.3f}dB,alimiter=limit={ceiling:.6f}:level=0:attack=4:release=60:latency=1"
    path = folder / "sound.mp4"
    run(
        ["-i", "mix.wav", "-af", f"{louder},apad=whole_len={total},atrim=end_sample={total}", "-c:a", "aac",
         "-b:a", "192k", "-ar", str(SAMPLE_RATE), "-ac", "2", "-map_metadata", "-1", "-fflags", "+bitexact",
         "-flags:a", "+bitexact", path.name],
        folder=folder, cancelled=cancelled,
    )  # fmt: skip
    lines = run(
        ["-i", path.name, "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"],
        folder=folder, cancelled=cancelled, level="info",
    )  # fmt: skip
    measured, peak = _summary(lines, "I"), _summary(lines, "Peak")
    if measured is None or peak is None or peak < -100:
        return Mixed(path=path, loudness=None, peak=None)
    return Mixed(path=path, loudness=measured, peak=peak)


def _summary(lines: list[str], name: str) -> float | None:
    """A figure of ebur128's summary; None where it found nothing to measure."""
    for line in reversed(lines):
        found = re.match(rf"\s*{name}:\s+(-?\d+\.?\d*|-inf|nan) (?:LUFS|dBFS)", line)
        if found:
            value = float(found.group(1))
            return value if math.isfinite(value) and (value > -69.9 or name == "Peak") else None
    return None
