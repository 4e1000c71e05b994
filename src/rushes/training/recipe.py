"""A recipe: everything that says how one model is trained. The recipes themselves are in `rushes.recipes`."""

from __future__ import annotations

from dataclasses import dataclass, field

from rushes.model.tokenizer import TokenizerConfig
from rushes.training.data import ClipSource
from rushes.training.tokenizer_stage import TokenizerStage


@dataclass(frozen=True, kw_only=True)
class Recipe:
    name: str  # of the recipe and of the weights
    source: ClipSource  # the data
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    tokenizer_stage: TokenizerStage = field(default_factory=TokenizerStage)
