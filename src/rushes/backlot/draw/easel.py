"""The easel that a set is painted on: planes of pixels, one picture where nothing moves, else one for each frame.

Everything is in *frame heights*: x from the middle of the frame, y from the bottom edge, both where the camera stands
at x = 0 with no zoom, so that a wider picture sees more of the same world and a larger one sees it finer. A layer's
`near` says how much of the camera's travel it shows: 1 for the plane of the cast, 0 for the stars.
"""

from __future__ import annotations

import zlib

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.layers import Layer, Plane
from rushes.backlot.draw.light import RGB, light_of
from rushes.backlot.draw.view import View


class Easel:
    """Paints one View, some frames at a time: `begin`, the set's painter, `finish`, for each stretch of frames."""

    def __init__(self, view: View, *, over: Tensor | None = None):
        """over: (T, 3, H, W) to paint on in place, all frames at once; by default an empty canvas."""
        self._over = over
        self.view, self.scene = view, view.scene
        self.height, self.width = view.height, view.width
        self.half_width = 0.5 * view.width / view.height  # frame heights from the middle to an edge
        self.light = light_of(view.scene)
        self.device = view.times.device
        camera = view.camera
        self.still = bool(np.ptp(camera.x) + np.ptp(camera.y) + np.ptp(camera.zoom) < 1e-9)
        self.body: tuple[float, float] | None = None  # where the sun or moon stands
        self.stencil: Tensor | None = None  # (n, H, W): only there is anything painted
        self._planes: list[Plane] = []
        self._colors: dict[RGB, Tensor] = {}
        self.frames = slice(0, 0)  # those that are being painted
        self._current, self._first = -1, True

    # -- frames ------------------------------------------------------------------------------------------------------

    def begin(self, frames: slice) -> None:
        self._first = not self._planes or not self.still
        self.frames, self._current = frames, -1
        if not self.still:
            self._planes = []
        if self._over is not None:
            self._planes = [Plane(True, self._over[frames])]
        for plane in self._planes:
            if plane.moves and plane.rows and self._over is None:
                plane.pixels[:, :, plane.rows[0] : plane.rows[1]] = 0
        self.times = self.view.times[frames]  # (n,)
        self.count = frames.stop - frames.start

    def finish(self) -> Tensor:
        """(n, 3, H, W), what has been painted for the frames begun."""
        base = self._planes[0].pixels[:, :3]
        if len(self._planes) == 1:
            return base.expand(self.count, -1, -1, -1)
        out = base.expand(self.count, -1, -1, -1).clone()
        for plane in self._planes[1:]:
            if plane.rows:
                rows = slice(*plane.rows)
                over = plane.pixels[: self.count, :, rows]
                out[:, :, rows].mul_(1 - over[:, 3:]).add_(over[:, :3])
        return out

    def random(self, name: str) -> np.random.Generator:
        """Random numbers of one part of this scene's set: the same for every frame, size and device."""
        return np.random.default_rng([self.scene.seed & 0xFFFFFFFF, zlib.crc32(f"{self.scene.set} {name}".encode())])

    def color(self, rgb: RGB) -> Tensor:
        """(1, 3, 1, 1)."""
        if rgb not in self._colors:
            self._colors[rgb] = torch.tensor(rgb, dtype=torch.float32, device=self.device)[None, :, None, None]
        return self._colors[rgb]

    def number(self, values: np.ndarray | list[float]) -> Tensor:
        return torch.as_tensor(np.asarray(values, dtype=np.float32), device=self.device)

    # -- layers ------------------------------------------------------------------------------------------------------

    def layer(self, near: float, *, moves: bool = False) -> Layer:
        """Coordinates for painting at a distance; `moves` when what is painted changes from frame to frame."""
        per_frame = moves or not self.still
        frames = self.frames if per_frame else slice(0, 1)
        camera = self.view.camera
        zoom = 1 + (camera.zoom[frames] - 1) * (0.35 + 0.65 * near)
        return Layer(
            easel=self,
            near=near,
            moves=per_frame,
            zoom=zoom if not self.still else zoom[:1],
            x=(camera.x[frames] * near * self.half_width) if not self.still else camera.x[:1] * near * self.half_width,
            y=(camera.y[frames] * near) if not self.still else camera.y[:1] * near,
            idle=not per_frame and not self._first,
        )

    def plane(self, moves: bool) -> Plane:
        """The plane to paint on: the topmost if it moves alike, else a new one above it."""
        if self._over is not None:
            return self._planes[0]
        if self._current >= 0 and self._planes[self._current].moves == moves:
            return self._planes[self._current]
        self._current += 1
        if self._current == len(self._planes):
            n, channels = (self.count if moves else 1), (4 if self._current else 3)
            pixels = torch.zeros(n, channels, self.height, self.width, device=self.device)
            self._planes.append(Plane(moves, pixels))
        return self._planes[self._current]
