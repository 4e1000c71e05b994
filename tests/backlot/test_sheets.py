"""Sheets and clips of the backlot are written, with every kind and set on them."""

from __future__ import annotations

from pathlib import Path

import av
import pytest
from PIL import Image

from rushes.backlot.cast import KINDS
from rushes.backlot.draw.sheets import scenes_sheet, write_clip, write_sheets
from rushes.backlot.scene import Actor, Scene


def test_sheets_are_written(tmp_path: Path) -> None:
    written = write_sheets(tmp_path / "sheets", clips=0)
    assert [path.name for path in written] == ["cast.png", "sets.png", "weathers.png", "motions.png", "scenes.png"]
    with Image.open(written[0]) as sheet:
        assert sheet.height > 200 * (len(KINDS) / 8)
        assert len(sheet.convert("RGB").resize((64, 64)).getcolors(64 * 64) or ()) > 500


def test_seed_changes_the_scenes() -> None:
    assert scenes_sheet(0, count=1).tobytes() != scenes_sheet(1, count=1).tobytes()


def test_clip_has_the_scene_s_length(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "clip.mp4", Scene(set="sea", cast=(Actor(kind="fox"),), seconds=0.25))
    with av.open(str(path)) as container:
        frames = list(container.decode(video=0))
    assert len(frames) == 6 and (frames[0].width, frames[0].height) == (1280, 720)


def test_a_file_in_the_way_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ValueError, match="taken"):
        write_sheets(tmp_path / "taken" / "sheets")
