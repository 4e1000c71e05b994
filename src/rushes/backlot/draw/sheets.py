"""Labelled sheets of the backlot as PNG, and a few clips as mp4: what there is, to look at rather than to read."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rushes.backlot.captions import dense_caption, short_caption
from rushes.backlot.cast import KINDS, Kind
from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import COLORS, LIGHTS, MOTIONS, SETS, WEATHERS, Action, Actor, Camera, Scene
from rushes.backlot.world import FULL, draw_scene
from rushes.media.encode import write_video

PAPER, INK, FAINT = (250, 248, 243), (38, 36, 44), (120, 116, 126)
GAP = 10  # pixels between pictures
CLIP_SIZE, CLIP_FPS = (1280, 720), 24


def write_sheets(out: str | os.PathLike[str], *, seed: int = 0, clips: int = 3) -> list[Path]:
    """Writes cast.png, sets.png, weathers.png, motions.png, scenes.png and `clips` mp4 clips of drawn scenes to `out`.

    `seed` draws the scenes and varies hills, clouds and the like. Returns the files written. Raises ValueError when
    `out` is not a folder that can be written.
    """
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"cannot make the folder {folder}: {error.strerror}; choose another with --out") from error
    written = []
    for name, sheet in (
        ("cast.png", cast_sheet),
        ("sets.png", sets_sheet),
        ("weathers.png", weathers_sheet),
        ("motions.png", motions_sheet),
        ("scenes.png", scenes_sheet),
    ):
        sheet(seed).save(folder / name)
        written.append(folder / name)
    for number in range(clips):
        scene = draw_scene(FULL, seed + number)
        written.append(write_clip(folder / f"clip-{number + 1}.mp4", scene))
    return written


def cast_sheet(seed: int = 0) -> Image.Image:
    """Every kind once, where it is at home, in one colour each."""
    scenes = [_portrait(kind, COLORS[(i + seed) % 8], seed) for i, kind in enumerate(KINDS)]
    return _grid(
        _pictures(scenes, 200, 200), [kind.name for kind in KINDS], columns=8, title=f"Cast: {len(KINDS)} kinds"
    )


def sets_sheet(seed: int = 0) -> Image.Image:
    """Every set in every light."""
    scenes = [_staged(place, seed, light=light) for place in SETS for light in LIGHTS]
    labels = [f"{scene.set}, {scene.light}" for scene in scenes]
    return _grid(_pictures(scenes, 400, 225), labels, columns=len(LIGHTS), title="Sets and lights")


def weathers_sheet(seed: int = 0) -> Image.Image:
    """Every weather by day and by night."""
    places = ("meadow", "city", "forest", "sea", "beach", "mountains")
    scenes = [
        _staged(place, seed, weather=weather, light=light)
        for light in ("day", "night")
        for weather, place in zip(WEATHERS, places, strict=True)
    ]
    labels = [f"{scene.weather}, {scene.light} ({scene.set})" for scene in scenes]
    return _grid(_pictures(scenes, 400, 225), labels, columns=4, title="Weather")


def motions_sheet(seed: int = 0) -> Image.Image:
    """Every motion as a row of four moments."""
    scenes = [
        Scene(
            set="meadow",
            seed=seed,
            cast=(Actor(kind="fox", color="orange", x=-0.3, size=0.42, actions=(Action(motion=motion),)),),
        )
        for motion in MOTIONS
    ]
    times = np.array([0.1, 0.7, 1.3, 1.9])
    pictures = [frame for scene in scenes for frame in render_frames([scene], times, 320, 180)[0]]
    labels = [f"{motion}, {time:.1f} s" for motion in MOTIONS for time in times]
    return _grid(pictures, labels, columns=4, title="Motions")


def scenes_sheet(seed: int = 0, count: int = 12) -> Image.Image:
    """Scenes as drawn for training, each with its dense caption and one as a user would type it."""
    scenes = [draw_scene(FULL, seed + 1000 + number) for number in range(count)]
    labels = [f"{dense_caption(scene)}\n“{short_caption(scene, number)}”" for number, scene in enumerate(scenes)]
    return _grid(_pictures(scenes, 480, 270), labels, columns=3, title="Scenes and captions", lines=6)


def write_clip(path: str | os.PathLike[str], scene: Scene) -> Path:
    """The scene as an mp4 of 1280x720 at 24 frames a second, rendered some frames at a time."""
    (width, height), count = CLIP_SIZE, max(1, round(scene.seconds * CLIP_FPS))
    chunks = np.array_split(np.arange(count) / CLIP_FPS, max(1, count // 8))
    frames = (frame for times in chunks for frame in render_frames([scene], times, width, height)[0])
    return write_video(path, frames, CLIP_FPS)


def render_frames(scenes: Sequence[Scene], times: np.ndarray, width: int, height: int) -> np.ndarray:
    """(B, T, height, width, 3) uint8 RGB."""
    video = render(scenes, fps=1.0, width=width, height=height, times=times)
    return video.add_(1).mul_(127.5).round_().clamp_(0, 255).byte().permute(0, 1, 3, 4, 2).numpy()


def _pictures(scenes: Sequence[Scene], width: int, height: int, time: float = 0.6) -> list[np.ndarray]:
    return [render_frames([scene], np.array([time]), width, height)[0, 0] for scene in scenes]


def _portrait(kind: Kind, color: str, seed: int) -> Scene:
    place = {"water": "underwater", "air": "mountains"}.get(
        kind.habitat, "room" if kind.group in ("thing", "food") else "meadow"
    )
    place = "sea" if kind.name in ("boat", "duck") else place
    high = 0.16 if kind.habitat == "air" or place == "underwater" else 0.0
    actor = Actor(kind=kind.name, color=color, size=0.56, y=high, actions=(Action(motion="stand"),))
    return Scene(set=place, seed=seed, cast=(actor,))


def _staged(place: str, seed: int, *, light: str = "day", weather: str = "clear") -> Scene:
    cast = (
        Actor(kind="fox", color="orange", x=-0.25, size=0.38, actions=(Action(motion="walk"),)),
        Actor(kind="rabbit", color="blue", x=0.45, size=0.30, depth=0.8, facing=-1),
    )
    return Scene(set=place, light=light, weather=weather, seed=seed, cast=cast, camera=Camera())


def _font(size: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)  # Pillow's own face


def _grid(
    pictures: Sequence[np.ndarray], labels: Sequence[str], *, columns: int, title: str, lines: int = 1
) -> Image.Image:
    """Pictures of one size in rows, each with its label below."""
    height, width = pictures[0].shape[:2]
    text_height = 18 * lines + 6
    rows = -(-len(pictures) // columns)
    size = (columns * (width + GAP) + GAP, 56 + rows * (height + text_height + GAP))
    sheet = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((GAP + 2, 14), title, INK, font=_font(26))
    for i, (picture, label) in enumerate(zip(pictures, labels, strict=True)):
        x, y = GAP + i % columns * (width + GAP), 56 + i // columns * (height + text_height + GAP)
        sheet.paste(Image.fromarray(picture), (x, y))
        wrapped = [line for part in label.split("\n") for line in textwrap.wrap(part, max(12, int(width / 7.0)))]
        for n, line in enumerate(wrapped[:lines]):
            draw.text(
                (x + 2, y + height + 3 + 18 * n), line, INK if not line.startswith("“") else FAINT, font=_font(14)
            )
    return sheet
