"""The animatic: the planned scene itself, rendered by the backlot at full resolution. Needs no weights and no GPU."""

from __future__ import annotations

import time

import numpy as np
import torch

from rushes.backlot.draw.renderer import render
from rushes.backlot.motion import frame_times
from rushes.backlot.world import FULL
from rushes.generate.protocol import Cancelled, Capabilities, Progress, Request, Stopped, Take, check_request

CHUNK = 12  # frames rendered between two looks at progress and cancellation


class Animatic:
    """A `VideoModel` that draws scenes exactly as planned, any size, length and frame rate."""

    capabilities = Capabilities(
        name="animatic-1",
        tasks=("text_to_image", "text_to_video"),
        sizes=None,
        seconds=(0.1, 60.0),
        fps=None,
        world=FULL,
        needs_scene=True,
    )

    def __init__(self, device: str = "cpu"):
        self.device = device

    def check(self, request: Request) -> None:
        check_request(self.capabilities, request)

    def generate(self, request: Request, *, progress: Progress | None = None, cancelled: Stopped | None = None) -> Take:
        self.check(request)
        assert request.scene is not None
        began = time.perf_counter()
        count = max(1, round(request.seconds * request.fps))
        times = frame_times(request.scene, request.fps)[:count]
        if len(times) < count:  # a shot a frame longer than its scene holds the last moment
            times = np.arange(count) / request.fps
        parts = []
        for start in range(0, count, CHUNK):
            if cancelled is not None and cancelled():
                raise Cancelled("the animatic was cancelled")
            video = render(
                [request.scene],
                fps=request.fps,
                width=request.width,
                height=request.height,
                device=self.device,
                times=times[start : start + CHUNK],
            )[0]
            parts.append(((video + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy())
            if progress is not None:
                progress(min(1.0, (start + CHUNK) / count))
        return Take(
            frames=np.concatenate(parts),
            fps=request.fps,
            model=self.capabilities.name,
            seed=request.seed,
            work_seconds=time.perf_counter() - began,
        )
