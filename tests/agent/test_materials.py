"""What is handed in is what it is: a picture is held and pushed in, by whichever option it was given."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from drawn_model import DrawnModel
from PIL import Image

from rushes.agent.directing import Handed, open_session
from rushes.agent.materials import probed
from rushes.agent.production import plan_film
from rushes.agent.scripted import ScriptedModel, calls
from rushes.media.decode import frames
from rushes.media.encode import write_video
from rushes.media.errors import MediaError
from rushes.media.sound import RATE, write_sound


def picture(path: Path) -> Path:
    """Rings, so that a push moves every edge."""
    y, x = np.mgrid[:72, :128]
    rings = ((np.hypot(y - 36, x - 64) // 6) % 2 * 200).astype(np.uint8)
    Image.fromarray(np.repeat(rings[..., None], 3, axis=2)).save(path)
    return path


@pytest.mark.parametrize("option", ["images", "footage"])
def test_a_picture_is_held_with_a_slow_push_whichever_way_it_was_given(tmp_path: Path, option: str):
    handed = Handed(**{option: (picture(tmp_path / "rings.png"),)})
    lines = calls(("open", {"material": "rings.png"})), calls(("render", {}), ("finish", {"text": "ok"}))
    model = ScriptedModel(lines)
    with open_session(
        tmp_path / "p", model, DrawnModel(), words="show it", handed=handed, width=128, height=72, fps=6
    ) as session:
        (material,) = session.production.materials
        assert material.kind == "image" and session.say("show it").why == "finished"
        film = session.production.board.nodes("film")[-1]
        shown = list(frames(session.production.board.blob_path(film.blobs["film"])))
        steps = [np.abs(one.astype(int) - two).mean() for one, two in pairwise(shown)]
        assert len(shown) == 18 and min(steps[2:-2]) > 0.2  # every frame moves on, and none jumps
        assert max(steps[2:-2]) < 40


def test_a_film_of_a_picture_alone_never_calls_it_footage(tmp_path: Path):
    handed = Handed(footage=(picture(tmp_path / "rings.png"),))
    with open_session(tmp_path / "p", ScriptedModel([]), DrawnModel(), words="你好世界", handed=handed) as session:
        made = plan_film(session.production)
        assert {shot.source for shot in made.shots} == {"image"}
        told = [node.fields["text"] for node in session.production.board.nodes("note")]
        assert any("only the given pictures are shown" in text for text in told)
        shots = session.production.shots()
        assert "footage" not in " ".join([*told, *(shot.fields["title"] for shot in shots)])


def test_a_clip_given_as_a_picture_is_footage_and_sound_is_neither(tmp_path: Path):
    clip = write_video(tmp_path / "clip.mp4", np.full((6, 36, 64, 3), 90, np.uint8), 6, threads=1)
    still = picture(tmp_path / "rings.png")
    assert [about.kind for _, about in probed([clip], [still])] == ["image", "video"]
    write_sound(tmp_path / "a.wav", np.zeros((RATE // 4, 2), np.float32))
    with pytest.raises(MediaError, match="sound without a video stream"):
        probed([], [tmp_path / "a.wav"])
