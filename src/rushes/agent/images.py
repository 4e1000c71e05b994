"""Pictures on their way to a language model that sees."""

from __future__ import annotations

import base64
from pathlib import Path

from rushes.agent.models import ModelError

MEDIA_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
MOST_BYTES = 5_000_000  # of one picture: what the strictest endpoint takes


def encoded(path: Path) -> tuple[str, str]:
    """Media type and base64 of a picture's file. ModelError for a kind or size that no endpoint takes."""
    kind = MEDIA_TYPES.get(path.suffix.lower())
    if kind is None:
        raise ModelError(f"{path.name} can't be shown to a language model; give {', '.join(sorted(MEDIA_TYPES))}")
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise ModelError(f"{path.name} has {len(data)} bytes, a picture for a model at most {MOST_BYTES}; shrink it")
    return kind, base64.b64encode(data).decode()
