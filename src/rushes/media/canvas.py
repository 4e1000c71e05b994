"""A still image laid out on the film's frame: cropped to fill it, or whole on a ground."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from rushes.media.still import load_image
from rushes.media.timeline import Clip

DARK, LIGHT = (18, 18, 22), (244, 242, 238)  # grounds behind transparent pictures


def lay_out(clip: Clip, width: int, height: int, path: Path, *, scale: int = 1) -> None:
    """Writes the clip's picture as a PNG of the film's size times `scale`. Raises MediaError for unreadable images."""
    pixels = load_image(clip.source)  # (H, W, 3 | 4)
    size = (width * scale, height * scale)
    ground = None
    if pixels.shape[2] == 4:
        ground = ground_for(pixels)
        picture = Image.new("RGB", (pixels.shape[1], pixels.shape[0]), ground)
        picture.paste(Image.fromarray(pixels[..., :3]), mask=Image.fromarray(pixels[..., 3]))
    else:
        picture = Image.fromarray(pixels)
    if clip.fit == "cover":
        made = _covering(picture, size, clip.focus)
    else:
        made = _contained(picture, size, "black" if clip.fill == "black" else ground)
    made.save(path, compress_level=1)


def ground_for(pixels: np.ndarray) -> tuple[int, int, int]:
    """A ground that a transparent picture, (H, W, 4) uint8, stands out from: dark for light, light for dark."""
    weight = pixels[..., 3].astype(np.float64)
    luma = pixels[..., :3].astype(np.float64) @ (0.2126, 0.7152, 0.0722)
    mean = float((luma * weight).sum() / max(weight.sum(), 1.0))
    return DARK if mean > 110 else LIGHT


def _covering(picture: Image.Image, size: tuple[int, int], focus: tuple[float, float] = (0.5, 0.5)) -> Image.Image:
    factor = max(size[0] / picture.width, size[1] / picture.height)
    width, height = size[0] / factor, size[1] / factor  # of the part that stays, in the picture's pixels
    left, top = (picture.width - width) * focus[0], (picture.height - height) * focus[1]
    return picture.resize(size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


def _contained(picture: Image.Image, size: tuple[int, int], ground: tuple[int, int, int] | str | None) -> Image.Image:
    if ground is None:
        small = _covering(picture, (max(16, size[0] // 8), max(16, size[1] // 8)))
        blurred = small.filter(ImageFilter.GaussianBlur(small.height / 16)).resize(size, Image.Resampling.BICUBIC)
        made = ImageEnhance.Brightness(blurred).enhance(0.72)
    else:
        made = Image.new("RGB", size, ground)
    # A picture with a ground of its own, such as a logo, gets air around it.
    share = 1.0 if ground in (None, "black") else 0.8
    factor = min(size[0] / picture.width, size[1] / picture.height) * share
    inner = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
    fitted = picture.resize(inner, Image.Resampling.LANCZOS)
    made.paste(fitted, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return made
