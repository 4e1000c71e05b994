"""Small drawn footage whose every frame says which clip it is and which frame, and a production to cut it in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from drawn_model import DrawnModel

from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.events import EventStream
from rushes.agent.plan import Material
from rushes.agent.production import Production, Settings
from rushes.agent.tool import Answer, Tool, check_arguments
from rushes.board.board import Board
from rushes.media.decode import frames
from rushes.media.encode import write_video
from rushes.media.probe import probe
from rushes.media.sound import RATE

WIDTH, HEIGHT, FPS = 128, 72, 12
CELL = 8  # pixels to a side of a bit
BITS = (3, 7)  # for the clip and for the frame
GROUNDS = ((70, 110, 160), (170, 90, 60), (80, 150, 90), (150, 140, 60), (120, 80, 150), (60, 140, 150), (140, 70, 100))


def picture(clip: int, number: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """(H, W, 3): waves that wander over the clip's own colour, a white ball, and both numbers in bits above."""
    y, x = np.mgrid[:height, :width]
    wave = 18 * np.sin((x + 2 * y) / 9 - number * 0.9 - clip)[..., None]
    shown = np.clip(np.array(GROUNDS[clip]) + wave, 0, 255)
    ball = (x - (10 + 4 * number) % width) ** 2 + (y - height * 0.6) ** 2 < 60
    shown[ball] = (235, 235, 225)
    for place, bit in enumerate([clip >> b & 1 for b in range(BITS[0])] + [number >> b & 1 for b in range(BITS[1])]):
        shown[2 : 2 + CELL, 4 + place * (CELL + 2) : 4 + place * (CELL + 2) + CELL] = 245 if bit else 40
    return shown.astype(np.uint8)


def read_frame(frame: np.ndarray) -> tuple[int, int]:
    """Which clip, which frame."""
    cells = [frame[4:8, 6 + p * (CELL + 2) : 6 + p * (CELL + 2) + CELL - 4].mean() > 140 for p in range(sum(BITS))]
    clip, number = cells[: BITS[0]], cells[BITS[0] :]
    return sum(b << i for i, b in enumerate(clip)), sum(b << i for i, b in enumerate(number))


def tone(clip: int, seconds: float, level: float = 0.1) -> np.ndarray:
    return level * np.sin(2 * np.pi * (300 + 60 * clip) * np.arange(round(seconds * RATE)) / RATE)


def footage(
    folder: Path,
    clip: int,
    count: int = 24,
    *,
    order: Sequence[int] = (),
    sound: np.ndarray | str | None = "tone",
    name: str = "",
    change: Callable[[np.ndarray], np.ndarray] = lambda frame: frame,
) -> Path:
    """order: numbers of the drawn frames, -1 black."""
    black = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    drawn = [black if n < 0 else change(picture(clip, n)) for n in (order or range(count))]
    heard = tone(clip, len(drawn) / FPS) if isinstance(sound, str) else sound
    folder.mkdir(exist_ok=True)
    return write_video(folder / (name or f"clip{clip}.mp4"), drawn, FPS, heard, crf=10, threads=1)


def production(folder: Path, files: Sequence[Path] = (), **settings: Any) -> Production:
    """On a board of its own, closed when the process ends."""
    board = Board.open(folder / "project")
    given = {"brief": "a film", "seconds": 6, "width": WIDTH, "height": HEIGHT, "fps": FPS} | settings
    materials = tuple(
        Material(blob=board.put(path), name=path.name, kind="footage" if found.kind == "video" else "image")
        for path in files
        for found in [probe(path)]
    )
    return Production(
        board=board,
        settings=Settings(**given),
        shooting_model=DrawnModel(),
        events=EventStream(),
        materials=materials,
    )


class Room:
    """The cutting room: tools called by name, as a loop does it."""

    def __init__(self, made: Production) -> None:
        self.production = made
        self.tools: dict[str, Tool] = {tool.spec.name: tool for tool in cut_tools(made)}

    def __call__(self, name: str, **arguments: Any) -> str:
        tool = self.tools[name]
        check_arguments(tool.spec, arguments)
        answer = tool.run(arguments)
        return answer.text if isinstance(answer, Answer) else answer

    def film(self) -> list[np.ndarray]:
        from rushes.agent.cut.rendering import render_cut

        return list(frames(render_cut(self.production).path))

    def shown(self) -> list[tuple[int, int]]:
        return [read_frame(frame) for frame in self.film()]


def run(clip: int, first: int, end: int) -> list[tuple[int, int]]:
    """What `shown` gives for frames first to end of a clip."""
    return [(clip, number) for number in range(first, end)]
