"""Colour grading: one function of a colour, which FFmpeg looks up in a table (.cube) that is written for each film."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rushes.media.errors import said_short

LUMA = np.array([0.2126, 0.7152, 0.0722])  # ITU-R BT.709
WARM, COOL = np.array([1.0, 0.77, 0.54]), np.array([0.63, 0.74, 1.0])  # white as 3500 K and a deep blue sky light it
SEPIA, PAPER = np.array([1.55, 1.0, 0.6]), np.array([1.0, 0.965, 0.88])  # brightness of a grey by channel; white's tone
CUBE = 33  # colours to a side of the table; between them FFmpeg interpolates
RANGES = {"brightness": (0.25, 4.0), "contrast": (0.5, 2.0), "saturation": (0.0, 2.0), "warmth": (-1.0, 1.0)}
RANGES |= {"sepia": (0.0, 1.0)}


@dataclass(frozen=True, kw_only=True)
class Grade:
    """What is done to a clip's colours, in this order; as it stands here, nothing.

    Black stays black and, untoned, white stays white: tones are bent between them, and none of them is clipped.
    """

    warmth: float = 0.0  # -1 (blue) to 1 (orange); middle grey stays as bright as it is
    brightness: float = 1.0  # factor on dark tones, ever less on light ones: 0.25 to 4
    contrast: float = 1.0  # factor on the differences between middle tones: 0.5 to 2
    saturation: float = 1.0  # factor on the distance from grey: 0 (black and white) to 2
    sepia: float = 0.0  # share of the picture toned brown: 0 to 1

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            right = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
            if not right or not low <= value <= high:
                usual = getattr(type(self), name)
                raise ValueError(
                    f"{name} is {said_short(value, 40)}; give a number from {low:g} to {high:g}, {usual:g} is as shot"
                )

    def changes(self) -> dict[str, float]:
        """The fields that change anything: JSON-able, and empty where colours stay as they were shot."""
        return {name: float(value) for name, value in asdict(self).items() if value != getattr(type(self), name)}

    def graded(self, colours: np.ndarray) -> np.ndarray:
        """(..., 3) red, green, blue from 0 to 1 -> the same, graded."""
        gains = 1 + abs(self.warmth) * ((WARM if self.warmth > 0 else COOL) - 1)
        balance = float(gains @ LUMA)
        toned = _brighter(colours * gains, (2 - balance) / balance * self.brightness)
        toned = _steeper(toned, self.contrast)
        grey = (toned @ LUMA)[..., None]
        toned = np.clip(grey + self.saturation * (toned - grey), 0, 1)
        return toned + self.sepia * (_brighter(grey, SEPIA) * PAPER - toned)


AS_SHOT = Grade()


def grade_of(given: Grade | Mapping[str, Any]) -> Grade:
    """A grade from the fields that change anything. Raises ValueError for a field that there is not."""
    if isinstance(given, Grade):
        return given
    unknown = [name for name in given if name not in RANGES]
    if unknown:
        raise ValueError(f"a grade has no {said_short(unknown[0])!r}; it has {', '.join(RANGES)}")
    return Grade(**given)


def write_cube(grade: Grade, path: Path) -> None:
    """The grade as a table of colours, as editing programs read it too."""
    steps = np.linspace(0, 1, CUBE)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red is counted first
    table = grade.graded(np.stack([red, green, blue], axis=-1)).reshape(-1, 3)
    rows = "\n".join(f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in table)
    path.write_text(f"LUT_3D_SIZE {CUBE}\n{rows}\n", encoding="ascii")


def _brighter(tones: np.ndarray, factor: float | np.ndarray) -> np.ndarray:
    """Dark tones times the factor, light ones ever less: 0 and 1 stay, and 1 / factor takes it back."""
    return factor * tones / (1 + (factor - 1) * tones)


def _steeper(tones: np.ndarray, factor: float) -> np.ndarray:
    """Middle tones apart by the factor: 0, 0.5 and 1 stay, and 1 / factor takes it back."""
    if factor == 1:
        return tones
    powers, rest = tones**factor, (1 - tones) ** factor
    return powers / (powers + rest)
