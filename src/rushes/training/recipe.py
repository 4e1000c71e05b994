"""A recipe: everything that says how one model is trained. The recipes themselves are in `rushes.recipes`."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rushes.backlot.world import World
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import DenoiserConfig
from rushes.model.readout_weights import READOUT, save_readout
from rushes.model.text import TextConfig, build_vocabulary
from rushes.model.tokenizer import TokenizerConfig
from rushes.model.weights import ModelInfo, TextToVideo, save_weights
from rushes.training.checkpoint import fill, finished, read_header
from rushes.training.data import ClipSource
from rushes.training.denoiser_stage import DenoiserStage
from rushes.training.distil_stage import DistilStage
from rushes.training.loop import commit
from rushes.training.readout_stage import ReadOutStage, load_readout
from rushes.training.tokenizer_stage import TokenizerStage, load_tokenizer


@dataclass(frozen=True, kw_only=True)
class Recipe:
    name: str  # of the recipe and of the weights
    source: ClipSource  # the data
    tokenizer: TokenizerConfig = field(default_factory=TokenizerConfig)
    denoiser: DenoiserConfig = field(default_factory=DenoiserConfig)
    text: TextConfig = field(default_factory=TextConfig)  # its vocabulary is built from the source
    tokenizer_stage: TokenizerStage = field(default_factory=TokenizerStage)
    decoder_stage: TokenizerStage = field(default_factory=TokenizerStage)  # optional: the decoder alone, further
    image_stage: DenoiserStage = field(default_factory=DenoiserStage)
    video_stage: DenoiserStage = field(default_factory=DenoiserStage)
    distil_stage: DistilStage | None = None  # optional: few steps instead of many
    readout_stage: ReadOutStage | None = None  # for data that is a world of the backlot
    cached: tuple[tuple[int, int], ...] = ((1, 16_384), (17, 12_288))  # (frames, clips) of the caches of latents

    @property
    def world(self) -> World | None:
        """The part of the backlot that the data shows; None for other data."""
        world: World | None = getattr(self.source, "world", None)
        return world

    def full_text(self) -> TextConfig:
        """The text encoder's configuration with every word that captions can have."""
        return replace(self.text, vocabulary=build_vocabulary(self.source.vocabulary()))


def export(recipe: Recipe, folder: Path, out: Path, *, stage: str | None = None) -> TextToVideo:
    """Write the averaged weights of a run to `out` as the model that is shipped, and return it.

    `stage`: image, video or distil; by default the last one that the recipe has. The decoder is the one of the stage
    `decoder`, if that was run; the read-out goes along, if there is one.
    """
    denoiser = ConditionedDenoiser(recipe.denoiser, recipe.full_text())
    stage = stage or ("video" if recipe.distil_stage is None else "distil")
    prefix = "ema.student." if stage == "distil" else "ema."
    fill(denoiser, finished(folder / stage), prefix)
    drawn_on = (folder / "decoder" / "checkpoint.safetensors").exists()
    drawing = finished(folder / ("decoder" if drawn_on else "tokenizer"))
    tokenizer = load_tokenizer(recipe.tokenizer, drawing.parent)
    model = TextToVideo(tokenizer, denoiser, info_of(recipe, stage))
    save_weights(out, model)
    if recipe.world is not None and (folder / "readout" / "checkpoint.safetensors").exists():
        trained = read_header(finished(folder / "readout"))["state"]
        eyes = load_readout(recipe.world, folder / "readout")
        save_readout(out / READOUT, eyes, name=f"{recipe.name}-readout", notes=trained)
    return model


def info_of(recipe: Recipe, stage: str) -> ModelInfo:
    """What the weights of a stage (image, video, distil) say of themselves: shapes, and how they are sampled."""
    few = recipe.distil_stage if stage == "distil" else None
    sample = recipe.video_stage.sample if few is None else few.sample
    return ModelInfo(
        name=recipe.name,
        frames=recipe.source.frames,
        fps=recipe.source.fps,
        height=recipe.source.height,
        width=recipe.source.width,
        steps=sample.steps,
        shift=sample.shift,
        guidance=sample.guidance.scale,
        fresh=few is not None and few.fresh,
        image_to_video=recipe.video_stage.first > 0,
        world=asdict(recipe.world) if recipe.world is not None else {},
        seed=recipe.video_stage.loop.seed,
        commit=commit(),
    )
