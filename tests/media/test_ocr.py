"""Text on a picture read back, where the optional package is installed; a plain word where it is not."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from rushes.media.errors import MediaError
from rushes.media.ocr import read_text


def written(*lines: tuple[str, int, int]) -> np.ndarray:
    image = Image.new("RGB", (640, 360), (20, 40, 80))
    for text, top, size in lines:
        ImageDraw.Draw(image).text((40, top), text, font=ImageFont.load_default(size=size), fill="white")
    return np.asarray(image)


def test_big_text() -> None:
    pytest.importorskip("rapidocr")
    lines = read_text(written(("The Lantern", 60, 80), ("a ship sails at night", 250, 40)))
    assert [text for text, _, _ in lines] == ["The Lantern", "a ship sails at night"]
    assert all(confidence > 0.9 for _, confidence, _ in lines)
    left, top, right, bottom = lines[0][2]
    assert 20 < left < 60 and 40 < top < bottom < 180 and right < 560


def test_nothing_to_read() -> None:
    pytest.importorskip("rapidocr")
    assert read_text(written()) == []


def test_a_wrong_frame() -> None:
    with pytest.raises(MediaError, match="give"):
        read_text(np.zeros((4, 4), np.uint8))


def test_without_the_package() -> None:
    """A process in which rapidocr cannot be imported is told what to install."""
    program = (
        "import sys; sys.modules['rapidocr'] = None\n"
        "import numpy as np\n"
        "from rushes.media.ocr import read_text\n"
        "try:\n    read_text(np.zeros((64, 64, 3), np.uint8))\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "pip install rushes[ocr]" in done.stdout and done.stdout.count("\n") == 1
