"""Pictures of a film for a person to look at: a contact sheet with labels, a thumbnail."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from rushes.media.decode import frames
from rushes.media.errors import MediaError, said_short
from rushes.media.files import replacing
from rushes.media.probe import probe
from rushes.media.still import load_image

GAP = 6  # pixels between tiles
PAPER, INK = (24, 24, 28), (225, 225, 230)
SUFFIXES = (".png", ".jpg", ".jpeg")


def contact_sheet(
    source: str | os.PathLike[str] | Iterable[np.ndarray],
    out: str | os.PathLike[str],
    *,
    columns: int = 5,
    rows: int | None = None,
    labels: Sequence[str] | None = None,
    tile_width: int = 256,
) -> Path:
    """Writes a PNG or JPEG (by the suffix of `out`) of frames in reading order, a label under each.

    source: a film, shown at `columns * rows` moments evenly spread over it (rows: 4), or (H, W, 3) uint8 frames, all of
    them (rows: as many as they need; more than fit are left out evenly).
    labels: one for each tile; without, a film's seconds, and the number of a given frame. Raises MediaError.
    """
    _check_suffix(out)
    if not (1 <= columns <= 50 and (rows is None or 1 <= rows <= 200) and 16 <= tile_width <= 4096):
        raise MediaError(
            f"a sheet of {columns} x {rows} tiles {tile_width} wide; give 1-50 columns, 1-200 rows, 16-4096"
        )
    if isinstance(source, (str, os.PathLike)):
        tiles, named = _spread(source, columns * (rows or 4), tile_width)
    else:
        given = list(source)
        count = min(len(given), columns * rows) if rows else len(given)
        kept = [given[i * len(given) // count] for i in range(count)]
        named = [str(i * len(given) // count) for i in range(count)]
        tiles = [_tile(frame, tile_width) for frame in kept]
    if not tiles:
        raise MediaError(f"no frames for {said_short(out)}; give at least one")
    if labels is not None and len(labels) != len(tiles):
        raise MediaError(f"{len(labels)} labels for {len(tiles)} tiles; give one for each")
    return _save(_laid_out(tiles, list(labels or named), columns), out)


def thumbnail(
    source: str | os.PathLike[str], out: str | os.PathLike[str], *, at: float | None = None, width: int = 320
) -> Path:
    """Writes the frame at `at` seconds (a third into the film without) or the image itself, `width` pixels wide."""
    _check_suffix(out)
    found = probe(source)
    if found.kind == "sound":
        raise MediaError(f"{said_short(source)} has no picture; give a video or an image")
    if found.kind == "image":
        return _save(_tile(_over_paper(load_image(source)), width), out)
    moment = found.seconds / 3 if at is None else at
    frame = next(frames(source, start=moment, seconds=max(1.0, 2 / found.fps), width=width), None)
    if frame is None:
        raise MediaError(f"no frame stands at {moment} s of {said_short(source)}; give an earlier moment")
    return _save(Image.fromarray(frame), out)


def _spread(source: str | os.PathLike[str], count: int, width: int) -> tuple[list[Image.Image], list[str]]:
    """Evenly spread moments, each at the middle of its share, in one pass over the film."""
    found = probe(source, want="video")
    moments = [(i + 0.5) * found.seconds / count for i in range(count)]
    height = max(1, round(found.height * width / found.width))
    tiles: list[Image.Image] = []
    last: Image.Image | None = None
    for index, frame in enumerate(frames(source, width=width, height=height)):
        shown_until = (index + 1) / found.fps
        if len(tiles) < count and moments[len(tiles)] < shown_until:
            last = Image.fromarray(frame)
            while len(tiles) < count and moments[len(tiles)] < shown_until:
                tiles.append(last)
        if len(tiles) == count:
            break
    if last is not None:
        tiles += [last] * (count - len(tiles))
    return tiles, [f"{moment:.2f} s" for moment in moments]


def _laid_out(tiles: list[Image.Image], labels: list[str], columns: int) -> Image.Image:
    columns = min(columns, len(tiles))
    width, height = max(t.width for t in tiles), max(t.height for t in tiles)
    font = ImageFont.load_default(size=max(10, min(18, width // 12)))
    strip = round(font.getbbox("Ag")[3] * 1.5) if any(labels) else 0
    rows = -(-len(tiles) // columns)
    cell = (width + GAP, height + strip + GAP)
    sheet = Image.new("RGB", (columns * cell[0] + GAP, rows * cell[1] + GAP), PAPER)
    draw = ImageDraw.Draw(sheet)
    for index, (tile, label) in enumerate(zip(tiles, labels, strict=True)):
        x, y = GAP + index % columns * cell[0], GAP + index // columns * cell[1]
        sheet.paste(tile, (x + (width - tile.width) // 2, y + (height - tile.height) // 2))
        draw.text((x + 2, y + height + 1), _fitting(label, font, width - 4), font=font, fill=INK)
    return sheet


def _fitting(label: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, width: int) -> str:
    label = " ".join(label.split())[:200]
    if font.getlength(label) <= width:
        return label
    while label and font.getlength(label + "...") > width:
        label = label[:-1]
    return label + "..."


def _tile(frame: np.ndarray, width: int) -> Image.Image:
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise MediaError(f"a frame is {frame.shape} {frame.dtype}; give (H, W, 3) uint8 RGB")
    height = max(1, round(frame.shape[0] * width / frame.shape[1]))
    image = Image.fromarray(frame)
    # Small frames, such as a model's 64x64, are enlarged with their pixels left visible.
    enlarged = width >= 2 * frame.shape[1]
    return image.resize((width, height), Image.Resampling.NEAREST if enlarged else Image.Resampling.LANCZOS)


def _over_paper(picture: np.ndarray) -> np.ndarray:
    if picture.shape[2] == 3:
        return picture
    alpha = picture[..., 3:].astype(np.float32) / 255
    return (picture[..., :3] * alpha + np.array(PAPER) * (1 - alpha)).round().astype(np.uint8)


def _check_suffix(out: str | os.PathLike[str]) -> None:
    if Path(out).suffix.lower() not in SUFFIXES:
        raise MediaError(f"{said_short(out)} ends in none of {', '.join(SUFFIXES)}; name it so")


def _save(image: Image.Image, out: str | os.PathLike[str]) -> Path:
    with replacing(out) as temporary:
        image.save(temporary, quality=88)
    return Path(out)
