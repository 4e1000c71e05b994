"""What the commands have in common: the size of the picture, the model that shoots, where the film goes."""

from __future__ import annotations

import errno
import math
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Any


class Shooter(StrEnum):
    animatic = "animatic"
    nano = "nano"


def frame_size(aspect: str, short_side: int) -> tuple[int, int]:
    """Width and height in even pixels for "16:9" and the length of the shorter side. Raises ValueError."""
    match = re.fullmatch(r"(\d{1,4}):(\d{1,4})", aspect.strip())
    across, down = (int(match[1]), int(match[2])) if match else (0, 0)
    if not across or not down or not 1 / 4 <= across / down <= 4:
        raise ValueError(
            f"aspect {aspect!r} is not a shape of a film; give width:height within 1:4 to 4:1, such as 16:9"
        )
    if not 64 <= short_side <= 2160:
        raise ValueError(f"a short side of {short_side} pixels can't be made; give 64 to 2160, such as 720")
    longer = 2 * round(short_side * max(across, down) / min(across, down) / 2)
    even = short_side // 2 * 2
    return (longer, even) if across >= down else (even, longer)


def dollars(text: str) -> float:
    """An amount of money typed by a user. Raises ValueError."""
    try:
        amount = float(text.strip().removeprefix("$"))
    except ValueError:
        amount = math.nan
    if not (math.isfinite(amount) and amount >= 0):
        raise ValueError(f"{text!r} is no amount of money; give US dollars, 0 or more, such as 2.50")
    return amount


def make_folder(out: Path) -> None:
    """The folder that `out` goes into, made if it is not there. Raises MediaError where it can't be."""
    from rushes.media.files import unwritable

    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if isinstance(error, FileExistsError):
            error = NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        raise unwritable(out, error) from error


def open_model(model: Shooter) -> tuple[Any, Any]:
    """The model that shoots, and the read-out that judges its takes (the animatic needs none)."""
    if model is Shooter.animatic:
        from rushes.generate.animatic import Animatic

        return Animatic(), None
    from rushes.generate.native import load_native
    from rushes.generate.reading import load_reader

    return load_native(model.value), load_reader(model.value)
