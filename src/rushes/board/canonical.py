"""One spelling for every JSON value, so that equal inputs have equal keys."""

import hashlib
import json
from typing import Any

from rushes.board.store import BoardError


def canonical(value: Any, *, what: str) -> str:
    """JSON with sorted keys and no spaces. Raises BoardError, naming `what`, for NaN, bytes, paths and the like."""
    try:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError as error:
        raise BoardError(f"{what} holds half a character (lone surrogate): clean the text") from error
    except (TypeError, ValueError, RecursionError) as error:
        raise BoardError(f"{what} must be plain JSON (text, numbers, lists, dicts with text keys): {error}") from error
    return text


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
