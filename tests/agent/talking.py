"""Words said to the built-in director, one line after the other, in a small project."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.builtin.model import BuiltIn
from rushes.agent.cut.document import read_cut
from rushes.agent.cut.pieces import WorkingCut
from rushes.agent.directing import open_session


def told(folder: Path, *words: str, **given: Any) -> tuple[list[str], WorkingCut | None]:
    """The answers, and the film there is then. `given`: more for the session."""
    model = DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)))
    with open_session(folder / "p", BuiltIn(), model, words=words[0], width=64, height=36, fps=8, **given) as session:
        answers = [session.say(line).text for line in words]
        return answers, read_cut(session.production.board)
