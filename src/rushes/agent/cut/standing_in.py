"""What stands in the cut for a shot that nobody has made yet: its animatic, or a card, and a text that says so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from PIL import Image

from rushes.agent.cut.document import ClipPiece, TextPiece, WorkingCut
from rushes.agent.cut.finding import Finding
from rushes.agent.making_cast import draws
from rushes.agent.production import Production, shot_scene
from rushes.agent.shooting import shoot
from rushes.board.reads import Node

CARD = (46, 50, 58)  # red, green, blue of a card
MOST = 60  # characters of what the shot is to show


def stand_in(production: Production, shot: Node) -> dict[str, Any]:
    """Fields of a clip, as `make_edit` has them: a rough take by a model that draws for nothing, else a card."""
    models = (production.animatic_model, production.shooting_model)
    drawer = next((model for model in models if model is not None and draws(model)), None)
    if drawer is not None and shot_scene(shot) is not None:
        take = shoot(production, shot, 0, drawer, animatic=True)
        return {"blob": take.blobs["video"], "start": 0.0}
    buffer = io.BytesIO()
    Image.new("RGB", production.frame(), CARD).save(buffer, format="PNG")
    return {"blob": production.board.put(buffer.getvalue(), ".png"), "start": 0.0, "zoom": 0.0}


def mark_of(shot: Node) -> str:
    """What is written over a stand-in."""
    what = " ".join(shot.fields.get("text", "").split())
    return f"{shot.id} is not shot yet: {what[:MOST]}".rstrip(": ")


def marks(cut: WorkingCut, clip: ClipPiece) -> list[TextPiece]:
    """The texts that say that this clip stands in for its shot."""
    begins = f"{clip.shot} is not shot yet"
    return [text for text in cut.texts if clip.shot and text.text.startswith(begins) and _meet(clip, text)]


def stand_ins(cut: WorkingCut) -> Iterator[Finding]:
    for clip in cut.clips:
        if marks(cut, clip):
            way = f"shoot({clip.shot!r}), then replace({clip.id!r}, by its take)"
            yield Finding(kind="unshot", what=f"{clip.id} stands in for {clip.shot}: {way}")


def _meet(clip: ClipPiece, text: TextPiece) -> bool:
    return text.start < clip.end - 1e-6 and text.end > clip.at + 1e-6
