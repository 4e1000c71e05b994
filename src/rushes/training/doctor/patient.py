"""What the doctor examines: a recipe and the folder of its run, with every access in a field that a test may replace.

The fields that hold functions are the ones that training and sampling call themselves: a bug in them is a bug in here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import SafetensorError
from torch import Tensor

from rushes.backlot.scene import Scene
from rushes.diffusion.sample import SampleConfig, sample_latents
from rushes.diffusion.sampler import SAMPLERS
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.text import TextConfig
from rushes.model.tokenizer import Tokenizer
from rushes.model.weights import ModelInfo, load_weights
from rushes.training.checkpoint import CheckpointError, load_tensors, read_header
from rushes.training.curves import read_log
from rushes.training.data import Batch, ClipSource
from rushes.training.denoiser_stage import DenoiserStage, denoiser_objective
from rushes.training.doctor.finding import need
from rushes.training.ema import Ema
from rushes.training.encoding import ChunkMaker, encoding_of
from rushes.training.latents import LatentBatch, Latents
from rushes.training.loop import LoopConfig, Objective, Run, open_run, train
from rushes.training.optimiser import learning_rate, make_optimiser
from rushes.training.readout_stage import training_scenes
from rushes.training.recipe import Recipe
from rushes.training.tokenizer_stage import load_tokenizer

CLIPS = 192  # of the data that statistical checks look at
STAGES = ("tokenizer", "image", "video", "decoder")


@dataclass
class Patient:
    recipe: Recipe
    folder: Path
    stage: str | None = None  # "image" or "video": the last one that was trained
    tokenizers: dict[str, Tokenizer] = field(default_factory=dict)  # averaged ones, by the folder they came from
    caches: dict[int, Latents] = field(default_factory=dict)  # of latents, by frames
    models: dict[str, ConditionedDenoiser] = field(
        default_factory=dict
    )  # "raw", "average", "begun", "fresh", "shipped"
    info: ModelInfo | None = None  # what the exported model says of itself
    states: dict[str, dict[str, Any]] = field(default_factory=dict)  # headers of checkpoints, by stage
    logs: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # rows, by folder
    # What training and sampling call:
    make_objective: Callable[[DenoiserStage, float], Objective] = denoiser_objective
    make_optimiser: Callable[..., torch.optim.Optimizer] = make_optimiser
    make_average: Callable[..., Ema] = Ema
    learning_rate: Callable[..., float] = learning_rate
    sample: Callable[..., Tensor] = sample_latents
    samplers: dict[str, Callable[..., Tensor]] = field(default_factory=lambda: dict(SAMPLERS))
    open_run: Callable[..., Run] = open_run
    train: Callable[..., bool] = train
    readout_scenes: Callable[..., list[Scene]] = training_scenes
    memo: dict[Any, Any] = field(default_factory=dict, repr=False)  # what several checks look at, made once

    @property
    def source(self) -> ClipSource:
        return self.recipe.source

    @property
    def settings(self) -> DenoiserStage:
        """Configuration of the stage that is examined."""
        return self.recipe.image_stage if self.stage == "image" else self.recipe.video_stage

    @property
    def objective(self) -> Objective:
        return self.make_objective(self.settings, self.seconds())

    @property
    def tokenizer(self) -> Tokenizer:
        need("tokenizer" in self.tokenizers, "no tokenizer is trained yet")
        return self.tokenizers["tokenizer"]

    def model(self, which: str) -> ConditionedDenoiser:
        """One of `models`, or Skip."""
        need(which in self.models, f"there is no denoiser {which!r} in this run")
        return self.models[which]

    @property
    def steps(self) -> int:
        """Steps that the examined stage has done."""
        return int(self.states[self.stage]["state"]["step"]) if self.stage else 0

    @property
    def loop(self) -> LoopConfig:
        return self.settings.loop

    def clips(self, part: str, count: int = CLIPS, frames: int | None = None) -> Batch:
        """`count` clips of the data, in steps of eight; large pictures are averaged to about 56 rows."""
        frames = frames or self.source.frames
        key = (part, count, frames)
        if key not in self.memo:
            make = self.source.clips(part)
            several = [make(step, min(8, count), frames) for step in range(-(-count // 8))]
            self.memo[key] = Batch(
                video=torch.cat([_shrunk(batch.video) for batch in several])[:count],
                captions=[c for batch in several for c in batch.captions][:count],
                variants=[v for batch in several for v in batch.variants][:count],
            )
        return self.memo[key]

    def cache(self, frames: int | None = None) -> Latents:
        """The cache of clips of `frames` frames; of the longest ones if not said."""
        need(self.caches, "no latents are cached yet")
        return self.caches[max(self.caches) if frames is None else frames]

    def batch(self, count: int, step: int = 0) -> LatentBatch:
        """Clips out of the longest cache that the stage trains on, as training draws them."""
        wanted = [frames for frames, _ in self.settings.shapes if frames in self.caches]
        need(wanted, "the stage's latents are not cached yet")
        return self.caches[max(wanted)].batch(step, count)

    def encoded(self, part: str, count: int) -> Tensor:
        """Normalised latents of fresh clips, made and encoded now as caches are."""
        upscale = self.tokenizer.config.upscale
        size = {"height": self.source.height // upscale, "width": self.source.width // upscale}
        make = replace(self.source, **size).clips(part)  # type: ignore[type-var]
        batches = [make(step, 8, self.source.frames) for step in range(-(-count // 8))]
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            return torch.cat([self.tokenizer.encode(batch.video).half().float() for batch in batches])[:count]

    def seconds(self) -> float:
        """Seconds between latent frames."""
        return self.tokenizer.config.time / self.source.fps

    def network(self, which: str = "average") -> Callable[[Tensor, Tensor, Any], Tensor]:
        model = self.model(which)
        return lambda x, sigma, text: model(x, sigma, text, seconds=self.seconds())

    def draw(self, captions: list[str], config: SampleConfig, noise: Tensor) -> Tensor:
        """Latents that the averaged model draws."""
        model = self.model("average")
        with torch.no_grad():
            text, none = model.encode(captions), model.encode([""] * len(captions))
            return self.sample(self.network(), text, none, noise, config)

    def recached(self, frames: int, chunk: int) -> tuple[Tensor, list[list[str]]]:
        """Latents and sentences of a chunk of a cache's clips, made again with the code and the tokenizer of today."""
        make = ChunkMaker(encoding_of(self.tokenizer, self.source, frames))
        latents, sentences = make(chunk)
        return torch.from_numpy(latents).float(), sentences


def _shrunk(video: Tensor) -> Tensor:
    factor = min(video.shape[-2:]) // 56
    return video if factor < 2 else F.avg_pool2d(video.float().flatten(0, 1), factor).unflatten(0, video.shape[:2])


def stored(cache: Latents, indices: Iterable[int]) -> tuple[Tensor, list[list[str]]]:
    """Clips of a cache by their number in the order in which they were made: latents and all sentences."""
    clips = [cache.clip(index) for index in indices]
    return torch.from_numpy(np.stack([latents for latents, _ in clips])).float(), [told for _, told in clips]


def open_patient(recipe: Recipe, folder: Path) -> Patient:
    """Everything of a run that is there. ValueError if nothing is; what can't be read raises as it does in training."""
    there = [stage for stage in STAGES if (folder / stage / "checkpoint.safetensors").exists()]
    if not there:
        raise ValueError(
            f"there is no run of {recipe.name!r} in {folder}; train it first, or give its folder with --out"
        )
    patient = Patient(recipe=recipe, folder=folder)
    for stage in there:
        patient.states[stage] = read_header(folder / stage / "checkpoint.safetensors")
    for path in sorted(folder.glob("*/log.jsonl")):
        patient.logs[path.parent.name] = read_log(path)
    for stage in ("tokenizer", "decoder"):
        if stage in there:
            patient.tokenizers[stage] = load_tokenizer(recipe.tokenizer, folder / stage)
    for path in sorted(folder.glob("latents/*/key.json")):
        if path.parent.name.isdecimal():
            key = json.loads(path.read_text())["key"]  # its own: whether it is the right one is a check
            patient.caches[int(path.parent.name)] = Latents(path.parent, key, seed=recipe.video_stage.loop.seed)
    patient.stage = "video" if "video" in there else "image" if "image" in there else None
    if patient.stage is not None:
        _open_models(patient)
    return patient


def _open_models(patient: Patient) -> None:
    """The denoisers of a run: as trained, averaged, as the stage began, as it would be from nothing, as shipped."""
    recipe, stage = patient.recipe, patient.stage
    assert stage is not None
    text = recipe.full_text()

    def load(folder: str, prefix: str) -> ConditionedDenoiser:
        return _filled(recipe, text, load_tensors(patient.folder / folder / "checkpoint.safetensors", prefix))

    patient.models["raw"], patient.models["average"] = load(stage, "model."), load(stage, "ema.")
    torch.manual_seed(patient.settings.loop.seed)
    fresh = ConditionedDenoiser(recipe.denoiser, text)
    if "tokenizer" in patient.tokenizers:
        fresh.denoiser.deviations.copy_(patient.tokenizer.deviations)
    patient.models["fresh"] = fresh.eval()
    patient.models["begun"] = load("image", "ema.") if stage == "video" and "image" in patient.states else fresh
    try:
        shipped = load_weights(patient.folder / "weights")
    except (ValueError, OSError):
        return
    patient.models["shipped"] = shipped.denoiser
    patient.tokenizers["shipped"] = shipped.tokenizer
    patient.info = shipped.info


def _filled(recipe: Recipe, text: TextConfig, tensors: dict[str, Tensor]) -> ConditionedDenoiser:
    module = ConditionedDenoiser(recipe.denoiser, text)
    try:
        module.load_state_dict(tensors)
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[-1].strip()
        raise CheckpointError(
            f"the run holds another model than the recipe ({reason}); give the recipe it was trained with"
        ) from error
    return module.eval()


def parameters(module: torch.nn.Module) -> Tensor:
    """All parameters in one row."""
    return torch.cat([p.detach().float().flatten() for p in module.parameters()])
