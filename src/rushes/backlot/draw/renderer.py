"""From scenes to pictures: `(B, T, C, H, W)` in [-1, 1], the same on CPU and GPU to within rounding, at any size.

Each scene's background is painted by `stages.py`; its actors, grouped over the whole batch by what is drawn the same
way, are painted on small canvases by their rigs and laid over the background from back to front.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw import stages
from rushes.backlot.draw.brush import Brush, Canvas, Pattern, Pose
from rushes.backlot.draw.palette import palette, pattern_color
from rushes.backlot.draw.rigs import RIGS
from rushes.backlot.draw.stages import GROUND, View
from rushes.backlot.motion import Track, camera_track, frame_times, scene_tracks
from rushes.backlot.scene import Actor, Scene
from rushes.backlot.where import DEPTH_RISE, DEPTH_SHRINK, MIDDLE, PIVOT

REACH = 1.2  # an actor's drawing stays within this many of its heights around its middle
CHUNK_PIXELS = 12_000_000  # pixels of canvas painted at once: bounds memory


@dataclass(frozen=True, kw_only=True)
class Placed:
    """One actor on T frames, in pixels of the picture; arrays (T,)."""

    scene: int  # index into the batch
    order: tuple[float, int]  # painted in this order
    actor: Actor
    track: Track
    x: np.ndarray  # column of the standing point
    y: np.ndarray  # row of the standing point
    height: np.ndarray  # pixels of an actor's unit
    ground: np.ndarray  # row of the ground below it
    times: np.ndarray  # seconds
    glow: float  # 1 at night


def place(index: int, scene: Scene, times: np.ndarray, height: int, width: int) -> list[Placed]:
    """Where the cast of a scene stands in the picture."""
    camera = camera_track(scene, times)
    placed = []
    for number, (actor, track) in enumerate(zip(scene.cast, scene_tracks(scene, times), strict=True)):
        size = actor.size * (1 - DEPTH_SHRINK * actor.depth)
        center_x = (track.x - camera.x) * camera.zoom
        stand = GROUND + DEPTH_RISE * actor.depth
        raise_to = (stand + track.y - camera.y - PIVOT) * camera.zoom + PIVOT
        floor = (stand - camera.y - PIVOT) * camera.zoom + PIVOT
        placed.append(
            Placed(
                scene=index,
                order=(-actor.depth, number),
                actor=actor,
                track=track,
                x=(center_x * 0.5 + 0.5) * width,
                y=(1 - raise_to) * height,
                height=size * height * camera.zoom * track.scale,
                ground=(1 - floor) * height,
                times=times,
                glow=1.0 if scene.light == "night" else 0.0,
            )
        )
    behind = {r.subject for r in scene.relations if r.kind == "behind"}
    return sorted(placed, key=lambda p: (p.order[0] - (1 if p.order[1] in behind else 0), p.order[1]))


def render(
    scenes: Sequence[Scene],
    *,
    fps: float,
    width: int,
    height: int,
    device: torch.device | str = "cpu",
    times: np.ndarray | None = None,
) -> Tensor:
    """Pictures of scenes of equal length: (B, T, 3, height, width) in [-1, 1], T = round(seconds x fps).

    `times` (T,) in seconds replaces the regular grid. Raises ValueError when the scenes differ in length.
    """
    grids = [frame_times(scene, fps) if times is None else np.asarray(times, dtype=np.float64) for scene in scenes]
    if len({len(grid) for grid in grids}) > 1:
        raise ValueError(
            f"scenes of {sorted({s.seconds for s in scenes})} s in one batch; render equal lengths together"
        )
    views = [
        View(
            scene=scene,
            times=torch.as_tensor(grid, dtype=torch.float32, device=device),
            camera=camera_track(scene, grid),
            height=height,
            width=width,
        )
        for scene, grid in zip(scenes, grids, strict=True)
    ]
    frames = [stages.background(view).to(device).contiguous() for view in views]
    actors = [place(i, scene, grid, height, width) for i, (scene, grid) in enumerate(zip(scenes, grids, strict=True))]
    for layer in range(max((len(cast) for cast in actors), default=0)):
        groups: dict[tuple[str, str, str], list[Placed]] = defaultdict(list)
        for cast in actors:
            if layer < len(cast):
                one = cast[layer].actor
                groups[one.kind, one.accessory, one.pattern].append(cast[layer])
        for group in groups.values():
            _paint_group(group, frames, height, width, device)
    return torch.stack([stages.foreground(frame, view) for frame, view in zip(frames, views, strict=True)]) * 2 - 1


def _paint_group(
    group: list[Placed], frames: list[Tensor], height: int, width: int, device: torch.device | str
) -> None:
    """Paints actors of one kind, accessory and pattern on all their frames, a bounded number of canvases at a time."""
    jobs = [(placed, t) for placed in group for t in range(len(placed.x)) if placed.height[t] > 0.5]
    half = [REACH * max(1.0, float(p.track.stretch[t])) * float(p.height[t]) for p, t in jobs]
    start = 0
    while start < len(jobs):
        count = max(1, int(CHUNK_PIXELS // (4 * max(half[start : start + 256]) ** 2 + 1)))
        count = min(count, 256)
        _paint_chunk(jobs[start : start + count], max(half[start : start + count]), frames, height, width, device)
        start += count


def _paint_chunk(
    jobs: list[tuple[Placed, int]],
    half: float,
    frames: list[Tensor],
    height: int,
    width: int,
    device: torch.device | str,
) -> None:
    """Paints N jobs, an actor and one of its frames each, on canvases of twice `half` pixels, and lays them over the
    frames.
    """
    side = 2 * math.ceil(half) + 2
    canvas = Canvas(
        color=torch.zeros(len(jobs), 3, side, side, device=device),
        alpha=torch.zeros(len(jobs), 1, side, side, device=device),
    )
    left = [math.floor(float(p.x[t]) - side / 2) for p, t in jobs]
    top = [math.floor(float(p.y[t]) - MIDDLE * float(p.height[t]) - side / 2) for p, t in jobs]
    RIGS[jobs[0][0].actor.kind](_brush(jobs, canvas, left, top, device), _pose(jobs, device))
    for n, (placed, t) in enumerate(jobs):
        sunk = float(placed.track.sink[t]) * float(placed.height[t])
        floor = float(placed.ground[t]) if sunk > 0 else math.inf
        _shadow(frames[placed.scene][t], placed, t)
        _lay(frames[placed.scene][t], canvas.color[n], canvas.alpha[n], left[n], top[n] + round(sunk), floor)


def _brush(
    jobs: list[tuple[Placed, int]], canvas: Canvas, left: list[int], top: list[int], device: torch.device | str
) -> Brush:
    """A brush in actor units on canvases whose corners lie at columns `left` and rows `top` of the picture."""
    x, y = _column([float(p.x[t]) for p, t in jobs], device), _column([float(p.y[t]) for p, t in jobs], device)
    scale = _column([float(p.height[t]) for p, t in jobs], device)
    facing, stretch, angle = (
        _column([float(getattr(p.track, name)[t]) for p, t in jobs], device) for name in ("facing", "stretch", "angle")
    )
    colors = [p.actor.color for p, _ in jobs]
    first = jobs[0][0].actor
    look = palette(colors, dtype=torch.float32, device=x.device)
    pattern = Pattern(first.pattern, pattern_color(colors, dtype=torch.float32, device=x.device))
    # Pixel of the canvas -> actor units: up is minus rows; turned about the middle, then squashed, then to its side.
    flip = torch.diag_embed(torch.stack([1 / scale, -1 / scale], -1))  # (N, 2, 2)
    shift = torch.stack([_column(left, device) - x, _column(top, device) - y], -1)  # (N, 2)
    upright = Brush(canvas, flip, (flip @ shift[:, :, None])[:, :, 0], look, pattern, first.accessory)
    turned = upright.joint((0.0, MIDDLE), angle).joint((0.0, -MIDDLE))
    mirror = torch.diag_embed(torch.stack([facing * stretch.sqrt(), 1 / stretch], -1))
    offset = (mirror @ turned.offset[:, :, None])[:, :, 0]
    return Brush(canvas, mirror @ turned.matrix, offset, look, pattern, first.accessory)


def _pose(jobs: list[tuple[Placed, int]], device: torch.device | str) -> Pose:
    return Pose(
        stride=_column([float(p.track.stride[t]) for p, t in jobs], device),
        gait=_column([float(p.track.gait[t]) for p, t in jobs], device),
        flap=_column([float(p.track.flap[t]) for p, t in jobs], device),
        wave=_column([float(p.track.wave[t]) for p, t in jobs], device),
        time=_column([float(p.times[t]) for p, t in jobs], device),
        glow=_column([p.glow for p, _ in jobs], device),
    )


def _column(values: Sequence[float], device: torch.device | str) -> Tensor:
    """(N,) float32."""
    return torch.tensor(values, dtype=torch.float32, device=device)


def _lay(frame: Tensor, color: Tensor, alpha: Tensor, left: int, top: int, floor: float) -> None:
    """Lays a canvas over a frame (3, H, W) in place, clipped to the picture and to rows above `floor`."""
    height, width = frame.shape[-2:]
    bottom = min(height, top + alpha.shape[-2], height if math.isinf(floor) else max(0, round(floor)))
    y0, x0, x1 = max(0, top), max(0, left), min(width, left + alpha.shape[-1])
    if bottom <= y0 or x1 <= x0:
        return
    rows, columns = slice(y0 - top, bottom - top), slice(x0 - left, x1 - left)
    frame[:, y0:bottom, x0:x1].mul_(1 - alpha[:, rows, columns]).add_(color[:, rows, columns])


def _shadow(frame: Tensor, placed: Placed, t: int) -> None:
    """A soft shadow on the ground that shrinks and pales as the actor rises."""
    height, width = frame.shape[-2:]
    unit = float(placed.height[t])
    rise = max(0.0, (float(placed.ground[t]) - float(placed.y[t])) / height)
    strength = 0.30 * max(0.0, 1 - rise / 0.5) * (1 - float(placed.track.sink[t]))
    if strength <= 0.01:
        return
    rx, ry = 0.42 * unit * (1 - 0.5 * min(1.0, rise)), max(0.06 * unit, 0.8)
    cx, cy = float(placed.x[t]), float(placed.ground[t])
    y0, y1 = max(0, math.floor(cy - ry)), min(height, math.ceil(cy + ry))
    x0, x1 = max(0, math.floor(cx - rx)), min(width, math.ceil(cx + rx))
    if y1 <= y0 or x1 <= x0:
        return
    y = (torch.arange(y0, y1, device=frame.device) + 0.5 - cy) / ry
    x = (torch.arange(x0, x1, device=frame.device) + 0.5 - cx) / rx
    shade = (1 - (x[None, :] ** 2 + y[:, None] ** 2)).clamp(0, 1) * strength
    frame[:, y0:y1, x0:x1].mul_(1 - shade)
