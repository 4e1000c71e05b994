"""Which language model directs, by the name that a user gives, and how a model of this machine is asked.

A GGUF file is asked in one of two ways. A small one only rewords: the built-in director does the work and asks it
about words that it can't read itself, and for a new film's title and shots (`Interpreted`). A bigger one chooses every
tool itself, one at a time (`OneDecision`). Files from `BIG` bytes on are big: a model of seven billion weights in four
bits is 4.4 GB. A guess: only 1.5 billion was tried, which mixes up tools and ids (`bench/wordings.py`). Whoever knows
better says so behind the name: "model.gguf:words" or "model.gguf:tools".
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from rushes.agent.models import LanguageModel

LOCAL = ".gguf"
BIG = 4_000_000_000  # bytes of a file whose model chooses tools
Way = Literal["words", "tools"]


def choose_model(
    name: str | None,
    base_url: str | None = None,
    *,
    tools: bool = True,
    sees: bool = False,
    on_piece: Callable[[str], None] | None = None,
) -> LanguageModel:
    """The built-in director for None; else a GGUF file by its path, Claude by its name, or a model at `base_url`.

    `tools`: False: a GGUF file is only asked for a storyboard. `sees`: the model at an endpoint is shown the pictures
    that it looks at; Claude always is. `on_piece` is told each piece of an endpoint's answer as it comes. Raises
    ModelError where it can't be used.
    """
    if name is None:
        from rushes.agent.builtin.model import BuiltIn

        return BuiltIn()
    path, way = local_file(name)
    if path is not None:
        from rushes.agent.local_model import LocalModel

        local = LocalModel(path)
        return _asked(local, way or usual_way(path)) if tools else local
    if name.lower().startswith("claude") and base_url is None:
        from rushes.agent.anthropic_model import AnthropicConfig, AnthropicModel

        return AnthropicModel(AnthropicConfig(model=name, on_piece=on_piece))
    from rushes.agent.openai_model import OpenAIConfig, OpenAIModel

    return OpenAIModel(OpenAIConfig(model=name, base_url=base_url, sees=sees, on_piece=on_piece))


def local_file(name: str) -> tuple[Path | None, Way | None]:
    """ "model.gguf:tools" is a file and the way to ask it; None for what is no such file."""
    ways: tuple[Way, Way] = ("words", "tools")
    for way in ways:
        if name.lower().endswith(f"{LOCAL}:{way}"):
            return Path(name[: -len(way) - 1]), way
    return (Path(name), None) if name.lower().endswith(LOCAL) else (None, None)


def usual_way(path: Path) -> Way:
    """By the size of the file. The parts of a split file ("model-00001-of-00003.gguf") count together."""
    parts = path.parent.glob(f"{path.stem[:-15]}-*{LOCAL}") if path.stem[-9:-5] == "-of-" else [path]
    return "tools" if sum(part.stat().st_size for part in parts) >= BIG else "words"


def _asked(model: LanguageModel, way: Way) -> LanguageModel:
    if way == "tools":
        from rushes.agent.one_decision import OneDecision

        return OneDecision(model)
    from rushes.agent.interpreter.model import Interpreted

    return Interpreted(model)
