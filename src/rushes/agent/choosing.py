"""Which language model directs, by the name that a user gives."""

from __future__ import annotations

from pathlib import Path

from rushes.agent.models import LanguageModel

LOCAL = ".gguf"


def choose_model(name: str | None, base_url: str | None = None, *, tools: bool = True) -> LanguageModel:
    """The built-in director for None; else a GGUF file by its path, Claude by its name, or a model at `base_url`.

    `tools`: a GGUF file chooses tools, one at a time; False: it is asked for a storyboard only. Raises
    ModelError where it can't be used.
    """
    if name is None:
        from rushes.agent.builtin.model import BuiltIn

        return BuiltIn()
    if name.lower().endswith(LOCAL):
        from rushes.agent.local_model import LocalModel
        from rushes.agent.one_decision import OneDecision

        local = LocalModel(Path(name))
        return OneDecision(local) if tools else local
    if name.lower().startswith("claude") and base_url is None:
        from rushes.agent.anthropic_model import AnthropicConfig, AnthropicModel

        return AnthropicModel(AnthropicConfig(model=name))
    from rushes.agent.openai_model import OpenAIConfig, OpenAIModel

    return OpenAIModel(OpenAIConfig(model=name, base_url=base_url))
