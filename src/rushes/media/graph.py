"""The one FFmpeg filter graph that turns a timeline's clips into the film's picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.media.canvas import lay_out
from rushes.media.ffmpeg import RenderError
from rushes.media.footage import Footage
from rushes.media.grade import write_cube
from rushes.media.push import AT_REST, EVEN, corner
from rushes.media.timeline import Clip, Timeline

# What every picture of the film is said to be, so that filters that join two of them convert nothing.
PARAMETERS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv:field_mode=prog"

MOST_STILL_PIXELS = 24_000_000  # of a still laid out larger than the film, for a push-in without jitter
WORTH_MORE = 1.1  # a push keeps pixels of its source beyond the film's where it has so many times as many in a row


@dataclass(frozen=True, kw_only=True)
class Graph:
    inputs: tuple[str, ...]  # FFmpeg's arguments up to the last -i
    text: str  # the filter graph, ending in [film]
    notes: tuple[str, ...]  # for people: what was done to footage that falls short


def picture_graph(timeline: Timeline, footage: Sequence[Footage], folder: Path, *, ass: str | None = None) -> Graph:
    """The graph of all clips, crossfades, fades and texts. Stills are laid out as files in `folder`.

    footage: one per clip. ass: name of a subtitle file in `folder`, its fonts in `folder`/fonts.
    Raises MediaError for sources that cannot be shown.
    """
    inputs: list[str] = []
    chains: list[str] = []
    notes: list[str] = []
    for i, (clip, source, frames) in enumerate(zip(timeline.clips, footage, timeline.clip_frames, strict=True)):
        if source.is_still:
            taken, chain = _still(timeline, clip, source, i, frames, folder)
        else:
            taken, chain = _moving(timeline, clip, source, i, frames, notes)
        inputs += taken
        if clip.push != AT_REST:
            chain = _chained(chain, _pushed(timeline, clip, source, frames))
        chains.append(f"{chain},setsar=1,format=yuv420p,{PARAMETERS}{_graded(clip, i, folder)}[v{i}]")
    last = _join(timeline, chains)
    finish = [f"trim=end_frame={timeline.frames}"]
    if ass is not None:
        # Names without metacharacters in the working folder: nothing to escape.
        finish.insert(0, f"ass=filename={ass}:fontsdir=fonts:shaping=complex")
    for way, seconds in (("in", timeline.fade_in), ("out", timeline.fade_out)):
        length = timeline.frame_at(seconds)
        if length:
            first = 0 if way == "in" else timeline.frames - length
            finish.append(f"fade=t={way}:start_frame={first}:nb_frames={length}")
    chains.append(f"[{last}]{','.join(finish)},format=yuv420p[film]")
    return Graph(inputs=tuple(inputs), text=";\n".join(chains), notes=tuple(notes))


def _join(timeline: Timeline, chains: list[str]) -> str:
    """Appends the filters that cut and crossfade [v0], [v1] ... together; returns the label of the whole."""
    rate, starts, fades = timeline.rate, timeline.clip_starts, timeline.fade_frames
    runs: list[list[int]] = [[0]]  # clips between crossfades
    for i in range(1, len(timeline.clips)):
        if fades[i - 1]:
            runs.append([i])
        else:
            runs[-1].append(i)
    labels = []
    for run in runs:
        label = f"v{run[0]}"
        if len(run) > 1:
            parts = "".join(f"[v{i}]" for i in run)
            label = f"r{run[0]}"
            # Counted anew, since concat takes a clip of a single frame for one of no length.
            counted = f"setpts=N/({rate})/TB,fps={rate}:start_time=0"
            chains.append(f"{parts}concat=n={len(run)}:v=1:a=0,{counted}[{label}]")
        labels.append(label)
    joined = labels[0]
    for run, label in zip(runs[1:], labels[1:], strict=True):
        first = run[0]
        seconds, offset = float(fades[first - 1] / rate), float(starts[first] / rate)
        chains.append(f"[{joined}][{label}]xfade=transition=fade:duration={seconds:.6f}:offset={offset:.6f}[x{first}]")
        joined = f"x{first}"
    return joined


def _still(
    timeline: Timeline, clip: Clip, source: Footage, index: int, frames: int, folder: Path
) -> tuple[list[str], str]:
    zoom = clip.zoom if clip.fit == "cover" and frames > 1 and clip.push == AT_REST else 0.0
    width, height = _laid_out(timeline, clip, source)
    pixels = width * height
    # The filter crops at whole pixels: with more of them its steps are smaller than the film's pixels.
    scale = max(s for s in (1, 2, 3, 4) if s == 1 or (zoom and pixels * s * s <= MOST_STILL_PIXELS))
    name = f"still{index}.png"
    lay_out(clip, width, height, folder / name, scale=scale)
    taken = ["-f", "image2", "-pattern_type", "none", "-i", f"file:{name}"]
    size = f"{timeline.width}x{timeline.height}"
    if zoom:
        moved = (
            f"zoompan=z='1+{zoom}*on/{frames - 1}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
            f":d={frames}:s={size}:fps={timeline.rate}"
        )
        picture = f"[{index}:v]format=gbrp,{moved},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
    else:
        picture = f"[{index}:v]scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,loop=loop={frames - 1}:size=1"
        picture += f",setpts=N/({timeline.rate})/TB"
    return taken, f"{picture},fps={timeline.rate}:start_time=0,{_held(frames)}"


def _moving(
    timeline: Timeline, clip: Clip, source: Footage, index: int, frames: int, notes: list[str]
) -> tuple[list[str], str]:
    found = source.probe
    asked = float(frames / timeline.rate) * clip.speed  # seconds of the source
    have = found.seconds + source.offset - clip.start
    name = f"clip {index + 1} ({clip.label or found.path.name})"
    if have <= 0:
        raise RenderError(f"{name} starts at {clip.start:g} s, but its source lasts {found.seconds:g} s; start earlier")
    if have < asked - 0.5 * clip.speed / float(timeline.rate):
        notes.append(f"{name} has {have:.2f} of the {asked:.2f} seconds; its last frame is held")
    point, early = source.seek(clip.start)
    # Two more frames of the source, since interpolation and rounding look ahead.
    taken = source.input(start=point, seconds=early + asked + 2 / max(found.fps, 1.0) + 0.1)
    faster = f",setpts=PTS/{clip.speed:.6f}" if clip.speed != 1 else ""
    head = [f"[{index}:v]setpts=PTS-{early:.6f}/TB{faster}"]
    scaling = _scaling(timeline, clip, source, index)
    on_grid = f"fps={timeline.rate}:start_time=0"
    slower = found.fps * clip.speed < float(timeline.rate) - 0.01
    if clip.smooth and slower:
        block = 8 if min(source.stored) < 256 else 16
        motion = f"minterpolate=fps={timeline.rate}:mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:mb_size={block}"
        steps = [motion, scaling, on_grid]
    elif slower:
        steps = [scaling, on_grid]
    else:
        steps = [on_grid, scaling]
    return taken, ",".join([*head, *(s for s in steps if s), _held(frames)])


def _graded(clip: Clip, index: int, folder: Path) -> str:
    """Filters that grade a picture of the film's size and colours, "" where nothing is to do."""
    if not clip.grade.changes():
        return ""
    name = f"grade{index}.cube"
    write_cube(clip.grade, folder / name)
    # In floats, so that what is grey comes out as grey, and smooth grounds without steps.
    exact = "flags=accurate_rnd+full_chroma_int"
    return (
        f",scale=in_color_matrix=bt709:in_range=tv:{exact},format=gbrpf32le,lut3d=file={name}:interp=tetrahedral,"
        f"scale=out_color_matrix=bt709:out_range=tv:{exact},format=yuv420p,{PARAMETERS}"
    )


def _held(frames: int) -> str:
    """Exactly so many frames: cut, or the last one held."""
    return f"tpad=stop=-1:stop_mode=clone,trim=end_frame={frames}"


def _laid_out(timeline: Timeline, clip: Clip, source: Footage) -> tuple[int, int]:
    """Pixels of the frame before a push: more than the film's where the source has them and they come to be seen."""
    size = (timeline.width, timeline.height)
    closest = max(view.scale for view in clip.push)
    more = min(closest, 1 / _enlarged(clip, source, size))
    most = math.sqrt(MOST_STILL_PIXELS / (size[0] * size[1])) if source.is_still else closest
    more = min(more, most)
    return (_even(size[0] * more), _even(size[1] * more)) if more >= WORTH_MORE else size


def _enlarged(clip: Clip, source: Footage, size: tuple[int, int]) -> float:
    """Pixels of a frame of this size for a pixel of the source, in a row."""
    grown = min if clip.fit == "contain" else max
    return grown(size[0] / source.probe.width, size[1] / source.probe.height)


def _pushed(timeline: Timeline, clip: Clip, source: Footage, frames: int) -> str:
    """Filters that show the views of a push, one after the other, with parts of pixels: nothing jitters."""
    first, last = clip.push
    factor = first.scale / last.scale  # by which the view's size changes
    moving = first != last
    share = f"((on-1)/{frames})" if moving else "0"  # `on` counts from 1
    size = f"({1 / first.scale:.12f}*pow({factor:.12f},{share}))"
    gone = f"((pow({factor:.12f},{share})-1)/{factor - 1:.12f})" if abs(math.log(factor)) > EVEN else share
    corners = []
    for begin, end, length in zip(corner(first), corner(last), ("W", "H"), strict=True):
        # The filter's coordinates are those of pixels' middles, half a pixel off from the view's edges.
        low = f"{length}*({begin:.12f}+{end - begin:.12f}*{gone})+({size}-1)/2"
        corners.append((low, f"{low}+{length}*{size}"))
    (left, right), (top, bottom) = corners
    places = f"x0='{left}':y0='{top}':x1='{right}':y1='{top}':x2='{left}':y2='{bottom}':x3='{right}':y3='{bottom}'"
    moved = f"format=yuv420p,perspective={places}:interpolation=cubic:eval={'frame' if moving else 'init'}"
    width, height = timeline.width, timeline.height
    if _laid_out(timeline, clip, source) == (width, height):
        return moved
    return f"{moved},scale={width}:{height}:flags=bicubic+accurate_rnd"


def _scaling(timeline: Timeline, clip: Clip, source: Footage, index: int) -> str:
    """Filters from the stored picture to the frame's size and the film's colours, "" where nothing is to do."""
    width, height = _laid_out(timeline, clip, source)
    shown = (source.probe.width, source.probe.height)
    factor = _enlarged(clip, source, (width, height))
    inner = (_even(shown[0] * factor), _even(shown[1] * factor))
    if clip.fit == "cover":
        inner = (max(inner[0], width), max(inner[1], height))
    else:
        inner = (min(inner[0], width), min(inner[1], height))
    kernel = "lanczos" if factor > 1 else "bicubic"
    colours = f":in_color_matrix={source.matrix}:out_color_matrix=bt709:out_range=tv" if source.matrix else ""
    if inner == source.stored and not colours:
        scaled = ""
    else:
        scaled = f"scale={inner[0]}:{inner[1]}:flags={kernel}+accurate_rnd{colours}"
    if inner == (width, height):
        return scaled
    if clip.fit == "cover":
        across, down = clip.focus
        place = "" if clip.focus == (0.5, 0.5) else f":(iw-ow)*{across:.4f}:(ih-oh)*{down:.4f}"
        return _chained(scaled, f"crop={width}:{height}{place}")
    if clip.fill == "black":
        return _chained(scaled, f"setsar=1,pad={width}:{height}:-1:-1:black")
    return _chained(scaled, _on_blurred_self(width, height, index))


def _on_blurred_self(width: int, height: int, index: int) -> str:
    """The picture over its own enlarged, blurred and darkened self."""
    small = (_even(width / 8), _even(height / 8))
    ground = (
        f"scale={small[0]}:{small[1]}:force_original_aspect_ratio=increase:flags=area,crop={small[0]}:{small[1]},"
        f"gblur=sigma={small[1] / 16:.2f},format=yuv420p,lutyuv=y='16+(val-16)*0.72',"
        f"scale={width}:{height}:flags=bicubic,setsar=1"
    )
    return (
        f"setsar=1,format=yuv420p,split[f{index}][b{index}];[b{index}]{ground}[g{index}];"
        f"[g{index}][f{index}]overlay=(W-w)/2:(H-h)/2:format=yuv420"
    )


def _chained(*filters: str) -> str:
    return ",".join(f for f in filters if f)


def _even(length: float) -> int:
    return max(2, 2 * math.floor(length / 2 + 0.5))
