"""The shipped model: one folder with `model.safetensors` and `config.json`, checked when it is loaded."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import Tokenizer, TokenizerConfig

FORMAT = 1
TENSORS, CONFIG = "model.safetensors", "config.json"


class WeightsError(ValueError):
    """A folder of weights cannot be used; the message says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class ModelInfo:
    """What a model is and how it is sampled."""

    name: str  # of the recipe
    frames: int  # of a whole clip, 4k + 1
    fps: float  # frames a second
    height: int  # rows of the picture it draws
    width: int  # columns of the picture it draws
    steps: int = 24  # of the sampler
    shift: float = 2.0  # of the sampler's schedule
    guidance: float = 3.0  # scale of classifier-free guidance
    fresh: bool = False  # a distilled student: new noise at each of its few steps, and its guidance built in
    image_to_video: bool = True  # whether it was trained to take a first frame
    world: dict[str, Any] = field(default_factory=dict)  # the names it was trained on, as fields of backlot's World
    seed: int = 0  # of the training
    commit: str = "unknown"  # of the code that trained it


class TextToVideo(nn.Module):
    """Tokenizer, text encoder and denoiser of one model."""

    def __init__(self, tokenizer: Tokenizer, denoiser: ConditionedDenoiser, info: ModelInfo) -> None:
        super().__init__()
        self.tokenizer, self.denoiser, self.info = tokenizer, denoiser, info

    def noise_shape(self, frames: int, batch: int = 1) -> tuple[int, int, int, int, int]:
        """Shape (B, T', C, h, w) of the latents of `frames` frames; SizeError unless frames = 4k + 1."""
        return (batch, *self.tokenizer.latent_shape(frames, self.info.height, self.info.width))

    @property
    def latent_seconds(self) -> float:
        """Seconds between latent frames."""
        return self.tokenizer.config.time / self.info.fps


def save_weights(folder: Path, model: TextToVideo, *, dtype: torch.dtype = torch.float16) -> None:
    """Write the folder anew, tensors in `dtype`; a reader finds the old config or the new one, never half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.detach().cpu().to(dtype).contiguous() for name, value in model.state_dict().items()}
    partial = folder / (TENSORS + ".partial")
    save_file(tensors, partial)
    config = {
        "format": FORMAT,
        "sha256": _digest(partial),
        "info": asdict(model.info),
        "tokenizer": asdict(model.tokenizer.config),
        "denoiser": asdict(model.denoiser.denoiser.config),
        "text": asdict(model.denoiser.encoder.config),
    }
    os.replace(partial, folder / TENSORS)
    label = folder / (CONFIG + ".partial")
    label.write_text(json.dumps(config, indent=1))
    os.replace(label, folder / CONFIG)


def load_weights(folder: Path, device: torch.device | str = "cpu") -> TextToVideo:
    """The model of `folder` in float32, ready to sample. WeightsError says in one line what is wrong."""
    config = _read_config(folder)
    path = folder / TENSORS
    if not path.exists():
        raise WeightsError(f"{path} is missing; copy the whole folder or train the model again")
    if _digest(path) != config["sha256"]:
        raise WeightsError(f"{path} is damaged or not of this config.json (sha256 differs); copy the folder again")
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(
            f"{path} is no safetensors file ({error}); nothing else is loaded, train it again"
        ) from error
    try:
        model = TextToVideo(
            Tokenizer(TokenizerConfig(**_tuples(config["tokenizer"]))),
            ConditionedDenoiser(DenoiserConfig(**config["denoiser"]), TextConfig(**_tuples(config["text"]))),
            ModelInfo(**config["info"]),
        )
    except (TypeError, ValueError, KeyError) as error:
        raise WeightsError(f"{folder / CONFIG} describes no model ({error}); copy the folder again") from error
    expected = {name: tuple(value.shape) for name, value in model.state_dict().items()}
    for name in sorted(expected.keys() | tensors.keys()):
        found = tuple(tensors[name].shape) if name in tensors else "nothing"
        if found != expected.get(name, "nothing"):
            wanted = expected.get(name, "nothing")
            raise WeightsError(f"{path}: {name} is {found}, config.json says {wanted}; both must be of one export")
    broken = [name for name, value in tensors.items() if not torch.isfinite(value.float()).all()]
    if broken:
        raise WeightsError(f"{path}: {broken[0]} holds NaN or infinity; export the model from an earlier checkpoint")
    model.load_state_dict(tensors)
    return model.float().to(device).eval().requires_grad_(False)


def _read_config(folder: Path) -> dict[str, Any]:
    path = folder / CONFIG
    if not path.exists():
        raise WeightsError(f"{path} is missing; name a folder with {CONFIG} and {TENSORS}")
    try:
        config = json.loads(path.read_text())
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise WeightsError(f"{path} is not JSON ({error}); copy the folder again") from error
    if not isinstance(config, dict) or config.get("format") != FORMAT:
        found = config.get("format") if isinstance(config, dict) else None
        raise WeightsError(f"{path} has format {found}, this version reads {FORMAT}; install the matching version")
    missing = [key for key in ("sha256", "info", "tokenizer", "denoiser", "text") if key not in config]
    if missing:
        raise WeightsError(f"{path} lacks {', '.join(missing)}; copy the folder again")
    return config


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
