"""Contact sheets and thumbnails: the right moments at the right places."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rushes.media.decode import write_video
from rushes.media.errors import MediaError
from rushes.media.sheet import GAP, PAPER, contact_sheet, thumbnail


def ramp(count: int) -> np.ndarray:
    return np.stack([np.full((48, 64, 3), 10 * i, np.uint8) for i in range(count)])


def tile_levels(sheet: Path, columns: int, rows: int, width: int = 64, height: int = 48) -> list[int]:
    """Brightness in the middle of each tile."""
    picture = np.asarray(Image.open(sheet).convert("L"), dtype=float)
    cell_h = (picture.shape[0] - GAP) / rows
    spots = [
        (round(GAP + r * cell_h + height / 2), GAP + c * (width + GAP) + width // 2)
        for r in range(rows)
        for c in range(columns)
    ]
    return [round(picture[y - 4 : y + 4, x - 4 : x + 4].mean()) for y, x in spots]


def test_a_film(tmp_path: Path) -> None:
    film = write_video(tmp_path / "a.mp4", ramp(24), 12, crf=4)
    sheet = contact_sheet(film, tmp_path / "s.png", columns=4, rows=2, tile_width=64)
    assert tile_levels(sheet, 4, 2) == pytest.approx([10 * (1 + 3 * i) for i in range(8)], abs=3)


def test_given_frames_and_labels(tmp_path: Path) -> None:
    sheet = contact_sheet(
        ramp(5), tmp_path / "s.png", columns=3, labels=["fox", "", "x" * 300, "雪", "a\nb"], tile_width=64
    )
    assert tile_levels(sheet, 3, 2)[:5] == pytest.approx([0, 10, 20, 30, 40], abs=1)
    picture = np.asarray(Image.open(sheet))
    strips = picture[GAP + 48 + 1 : GAP + 48 + 14, :, :].max(axis=2)
    assert strips[:, GAP : GAP + 64].max() > 150  # the first label is written
    assert strips[:, 2 * GAP + 64 : 2 * GAP + 128].max() <= max(PAPER)  # the second is empty
    few = contact_sheet(ramp(20), tmp_path / "f.jpg", columns=2, rows=2, tile_width=64)
    assert tile_levels(few, 2, 2) == pytest.approx([0, 50, 100, 150], abs=3)


def test_thumbnail(tmp_path: Path) -> None:
    film = write_video(tmp_path / "a.mp4", ramp(24), 12, crf=4)
    assert Image.open(thumbnail(film, tmp_path / "t.png", at=1.0, width=32)).getpixel((16, 12))[0] == pytest.approx(
        120, abs=3
    )
    assert Image.open(thumbnail(film, tmp_path / "t.png", width=32)).size == (32, 24)
    assert Image.open(thumbnail(film, tmp_path / "e.png", at=1.99, width=32)).getpixel((16, 12))[0] == pytest.approx(
        230, abs=3
    )
    Image.new("RGBA", (100, 50), (255, 0, 0, 0)).save(tmp_path / "logo.png")
    assert Image.open(thumbnail(tmp_path / "logo.png", tmp_path / "l.png", width=50)).getpixel((25, 12)) == PAPER


def test_faults(tmp_path: Path) -> None:
    film = write_video(tmp_path / "a.mp4", ramp(2), 12)
    for call in (
        lambda: contact_sheet([], tmp_path / "s.png"),
        lambda: contact_sheet(ramp(2), tmp_path / "s.bmp"),
        lambda: contact_sheet(ramp(2), tmp_path / "s.png", labels=["one"]),
        lambda: contact_sheet(film, tmp_path / "s.png", columns=0),
        lambda: contact_sheet(tmp_path / "none.mp4", tmp_path / "s.png"),
        lambda: thumbnail(film, tmp_path / "t.png", at=9.0),
        lambda: contact_sheet(ramp(2), tmp_path / "no" / "s.png"),
    ):
        with pytest.raises(MediaError, match=";"):
            call()
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]
