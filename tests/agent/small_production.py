"""A production on a real board with small drawn footage; imported by the tests of the tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from drawn_model import DrawnModel

from rushes.agent.context.entry import count_tokens
from rushes.agent.cut.clips import open_material
from rushes.agent.events import EventStream
from rushes.agent.generator import Generator
from rushes.agent.plan import Material
from rushes.agent.production import Production, Settings, project_file
from rushes.agent.tool import Answer, Tool, check_arguments
from rushes.board.board import Board
from rushes.media.encode import write_video
from rushes.media.probe import probe

WIDTH, HEIGHT, FPS = 128, 72, 12
COLORS = {"red": (210, 40, 40), "green": (50, 160, 70), "blue": (40, 90, 210), "yellow": (230, 200, 40)}
RATE = 48000


def shot(color: str, seconds: float, *, moving: float = 1.0, seed: int = 0) -> np.ndarray:
    """(T, H, W, 3): a square that crosses a textured ground; `moving` 0 stands still."""
    ground = np.random.default_rng(seed).integers(0, 50, (HEIGHT, WIDTH, 3)) + (60 + 50 * seed) % 190
    frames = np.repeat(ground[None], round(seconds * FPS), axis=0).astype(np.uint8)
    for number, frame in enumerate(frames):
        x = round(number * 4 * moving) % (WIDTH - 24)
        frame[20:52, x : x + 24] = COLORS[color]
    return frames


def black(seconds: float) -> np.ndarray:
    return np.zeros((round(seconds * FPS), HEIGHT, WIDTH, 3), np.uint8)


def spoken(seconds: float, words: Sequence[tuple[float, float]], seed: int = 5) -> np.ndarray:
    """(N, 2): syllables at about four a second within each span, silence between them."""
    noise = np.random.default_rng(seed).normal(0, 0.15, round(seconds * RATE))
    at = np.arange(len(noise)) / RATE
    loud = np.zeros(len(noise))
    for start, end in words:
        inside = (at >= start) & (at < end)
        loud[inside] = 0.12 + 0.88 * np.sin(np.pi * 4 * (at[inside] - start)) ** 2
    return np.repeat((noise * loud)[:, None], 2, axis=1).astype(np.float32)


def footage(path: Path, *shots: np.ndarray, sound: np.ndarray | None = None) -> Path:
    return write_video(path, np.concatenate(shots), FPS, sound, threads=1)


@contextmanager
def production_of(
    folder: Path,
    *files: Path,
    model: Generator | None = None,
    seconds: float = 4.0,
    brief: str = "a fox runs",
    **more: Any,
) -> Iterator[Production]:
    with Board.open(folder / "project") as board:
        materials = tuple(
            Material(
                blob=board.put(file),
                name=file.name,
                kind="image" if probe(file).kind == "image" else "footage",
                seconds=probe(file).seconds,
            )
            for file in files
        )
        yield Production(
            board=board,
            settings=Settings(brief=brief, seconds=seconds, width=WIDTH, height=HEIGHT, fps=FPS),
            shooting_model=model or DrawnModel(),
            events=EventStream(project_file(folder / "project")),
            materials=materials,
            **more,
        )


@contextmanager
def opened(folder: Path, *shots: np.ndarray, sound: np.ndarray | None = None, **more: Any) -> Iterator[Production]:
    """A production whose working cut is one clip of the given shots."""
    file = footage(folder / "clip.mp4", *shots, sound=sound)
    with production_of(folder, file, **more) as production:
        open_material(production, "clip.mp4")
        yield production


def caller(tools: Sequence[Tool]) -> Callable[..., Any]:
    """call("name", argument=...) -> the answer, as the loop checks and runs it."""
    by_name = {tool.spec.name: tool for tool in tools}

    def call(name: str, /, **arguments: Any) -> str | Answer:
        check_arguments(by_name[name].spec, arguments)
        answer = by_name[name].run(arguments)
        text = answer.text if isinstance(answer, Answer) else answer
        assert name == "board" or count_tokens(text) < 300, f"{name} answered {count_tokens(text)} tokens"
        return answer

    return call
