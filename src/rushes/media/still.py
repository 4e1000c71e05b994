"""Still images through pillow, with a cap on their pixels before they are unpacked."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from PIL import Image, ImageOps

from rushes.media.errors import MediaError, said_short
from rushes.media.sniff import Sniffed, sniff

IMAGE_PIXELS = 80_000_000

# What pillow raises for damaged files, by format.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError, OverflowError)


@contextmanager
def open_still(found: Sniffed, pixels: int) -> Iterator[Image.Image]:
    """The opened, not yet decoded image. Raises MediaError for more pixels than allowed and for what pillow cannot
    read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs: the check below is stricter; of odd EXIF: it is passed over
            image = Image.open(found.path, formats=[found.format])
    except Image.DecompressionBombError as error:
        raise MediaError(f"{said_short(found.path)} is too large: {said_short(error)}; scale it down first") from error
    except DAMAGE as error:
        raise damaged_still(found, error) from error
    with image:
        width, height = image.size
        if width * height > pixels:
            raise MediaError(
                f"{said_short(found.path)} has {width}x{height} pixels, over the limit of {pixels}; scale it down first"
            )
        yield image


def load_image(path: str | os.PathLike[str], *, pixels: int = IMAGE_PIXELS) -> np.ndarray:
    """(H, W, 3) uint8, or (H, W, 4) with transparency; upright, an animation's first frame. Raises MediaError."""
    found = sniff(path)
    if found.family != "still":
        raise MediaError(f"{said_short(found.path)} is no still image ({found.format}); give a PNG, JPEG or WebP")
    with open_still(found, pixels) as image:
        try:
            image.seek(0)
            upright = ImageOps.exif_transpose(image)
            if upright.mode.startswith("I;16") or upright.mode in ("I", "F"):
                upright = _to_eight_bits(upright)
            see_through = upright.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in upright.info
            return np.array(upright.convert("RGBA" if see_through else "RGB"))
        except DAMAGE as error:
            raise damaged_still(found, error) from error


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """pillow clips 16-bit grey to 255 instead of scaling it."""
    values = np.asarray(image, dtype=np.float64)
    top = 65535.0 if values.max() > 255 else 255.0 if values.max() > 1 else 1.0
    return Image.fromarray((np.clip(values / top, 0, 1) * 255).round().astype(np.uint8))


def damaged_still(found: Sniffed, error: object) -> MediaError:
    return MediaError(
        f"{said_short(found.path)} cannot be decoded ({found.format}: {said_short(error)}); "
        "it is damaged or cut off, save it again"
    )
