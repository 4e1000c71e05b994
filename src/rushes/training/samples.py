"""Sheets of samples as pictures."""

from __future__ import annotations

from pathlib import Path

import torch
from PIL import Image, ImageDraw
from torch import Tensor


def to_image(frame: Tensor) -> Image.Image:
    """A picture of a frame (3, H, W) in [-1, 1]."""
    pixels = ((frame.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8)
    return Image.fromarray(pixels.permute(1, 2, 0).contiguous().cpu().numpy())


def draw_sheet(rows: list[tuple[str, Tensor]], path: Path, *, columns: int = 6) -> None:
    """One row for each label and clip (T, 3, H, W): up to `columns` frames, from the first to the last."""
    height, width = rows[0][1].shape[-2:]
    gap, line = 4, 14
    sheet = Image.new("RGB", (columns * (width + gap) + gap, len(rows) * (height + line + gap) + gap), "white")
    draw = ImageDraw.Draw(sheet)
    for r, (label, clip) in enumerate(rows):
        top = gap + r * (height + line + gap)
        draw.text((gap, top), label[: columns * width // 6], fill="black")
        picks = torch.linspace(0, len(clip) - 1, min(columns, len(clip))).round().long().tolist()
        for c, index in enumerate(picks):
            sheet.paste(to_image(clip[index]), (gap + c * (width + gap), top + line))
    partial = path.with_name(path.name + ".partial")
    sheet.save(partial, format="PNG")
    partial.replace(path)
