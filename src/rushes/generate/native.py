"""Our own trained model behind the `VideoModel` protocol."""

from __future__ import annotations

import hashlib
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.world import World
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.sampler import Watch
from rushes.generate.protocol import (
    Cancelled,
    Capabilities,
    Progress,
    Request,
    Stopped,
    Take,
    Unsupported,
    check_request,
)
from rushes.model.weights import CONFIG, TextToVideo, load_weights


class Native:
    """A trained model of ours. It draws whole clips, as it was trained, and gives the frames that were asked for."""

    def __init__(self, model: TextToVideo, digest: str) -> None:
        """`digest` names the weights in every take's provenance."""
        self.model, self.digest = model, digest
        info = self.model.info
        tasks = ("text_to_image", "text_to_video", *(("image_to_video",) if info.image_to_video else ()))
        self.capabilities = Capabilities(
            name=f"{info.name}-{self.digest[:8]}",
            tasks=tasks,
            sizes=((info.width, info.height),),
            seconds=(1 / info.fps, info.frames / info.fps),
            fps=(info.fps,),
            world=_world(info.world),
        )

    def config(self, steps: int | None = None, guidance: float | None = None) -> SampleConfig:
        """How this model samples, but for what is given."""
        info = self.model.info
        scale = info.guidance if guidance is None else guidance
        return SampleConfig(steps=steps or info.steps, shift=info.shift, guidance=Guidance(scale=scale))

    def shoot(self, prompts: list[str], seed: int, steps: int | None = None) -> Tensor:
        """Whole clips (B, T, 3, H, W) in [-1, 1], clip i of prompt i and of seed `seed` + i: for evaluation.

        `steps` of the sampler, the model's own by default.
        """
        seeds = [seed + number for number in range(len(prompts))]
        return draw(self.model, prompts, seeds, self.config(steps), frames=self.model.info.frames).clamp(-1, 1)

    @torch.no_grad()
    def redraw(self, video: Tensor) -> Tensor:
        """Clips (B, T, 3, H, W) in [-1, 1] through the tokenizer and back: what it alone costs."""
        tokenizer = self.model.tokenizer
        with torch.autocast(video.device.type, torch.bfloat16):
            return tokenizer.decode(tokenizer.encode(tokenizer.shrink(video))).clamp(-1, 1)

    def check(self, request: Request) -> None:
        check_request(self.capabilities, request)
        name = self.capabilities.name
        unknown = list(dict.fromkeys(self.model.denoiser.encoder.unknown(request.prompt)))
        if unknown:
            words = ", ".join(repr(word[:40]) for word in unknown[:5])
            raise Unsupported(f"{name} was not trained on the words {words}; say it in the words of its captions")
        if not request.prompt.strip():
            raise Unsupported(f"{name} was given no prompt; say what is to be seen")
        if self.model.info.fresh and request.guidance not in (None, 1.0):
            raise Unsupported(f"{name} has its guidance built in and can't take {request.guidance}; leave it out")
        if request.image is not None and request.image.shape != (request.height, request.width, 3):
            wanted = (request.height, request.width, 3)
            raise Unsupported(
                f"{name} takes a first frame of shape {wanted}, not {request.image.shape}; scale it first"
            )

    def generate(self, request: Request, *, progress: Progress | None = None, cancelled: Stopped | None = None) -> Take:
        self.check(request)
        began = time.perf_counter()
        info = self.model.info
        config = self.config(request.steps, request.guidance)

        def watch(step: int, _: Tensor) -> None:
            if cancelled is not None and cancelled():
                raise Cancelled(f"{self.capabilities.name} was cancelled")
            if progress is not None:
                progress(step / (config.steps + 1))  # drawing the pixels is about one step more

        still = request.task == "text_to_image"
        video = draw(
            self.model,
            [request.prompt],
            [request.seed],
            config,
            frames=1 if still else info.frames,
            image=request.image,
            watch=watch,
        )[0]
        count = 1 if still else max(1, round(request.seconds * info.fps))
        pixels = ((video[:count].clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1)
        if progress is not None:
            progress(1.0)
        return Take(
            frames=np.ascontiguousarray(pixels.cpu().numpy()),
            fps=info.fps,
            model=self.capabilities.name,
            seed=request.seed,
            work_seconds=time.perf_counter() - began,
            parameters={"steps": config.steps, "guidance": config.guidance.scale, "weights": self.digest},
        )


@torch.no_grad()
def draw(
    model: TextToVideo,
    prompts: list[str],
    seeds: list[int],
    config: SampleConfig,
    *,
    frames: int,
    image: np.ndarray | None = None,
    watch: Watch | None = None,
) -> Tensor:
    """Clips (B, T, 3, H, W), about [-1, 1], of `frames` frames; each depends on its own prompt and seed alone.

    image: (H, W, 3) uint8, the first frame of all of them.
    """
    device = next(model.parameters()).device
    first = None
    with torch.autocast(device.type, torch.bfloat16):
        if image is not None:
            picture = torch.tensor(image, device=device).permute(2, 0, 1)[None, None] / 127.5 - 1
            first = model.tokenizer.encode(model.tokenizer.shrink(picture)).expand(len(prompts), -1, -1, -1, -1)
        text, none = model.denoiser.encode(prompts), model.denoiser.encode([""] * len(prompts))

        def network(noisy: Tensor, sigma: Tensor, given: tuple[Tensor, Tensor]) -> Tensor:
            velocity: Tensor = model.denoiser(noisy, sigma, given, seconds=model.latent_seconds, first=first)
            return velocity

        def noise(step: int) -> Tensor:  # 0 for the first; each clip has its own, whatever is drawn beside it
            shape = model.noise_shape(frames)
            return torch.cat([seeded_noise(shape, seed + step * 7_368_787, device) for seed in seeds])

        fresh = (lambda step: noise(step + 1)) if model.info.fresh else None
        drawn = sample_latents(network, text, none, noise(0), config, fresh=fresh, watch=watch)
        video: Tensor = model.tokenizer.decode(drawn)
    return video


def load_native(name: str = "nano", folder: Path | None = None, device: str = "cpu") -> Native:
    """The shipped model of a name, or the one in `folder`. WeightsError when its files are missing or damaged."""
    folder = Path(str(files("rushes.weights") / name)) if folder is None else folder
    model = load_weights(folder, device)
    digest = hashlib.sha256((folder / CONFIG).read_bytes()).hexdigest()  # the config holds the tensors' own hash
    return Native(model, digest)


def _world(names: dict[str, Any]) -> World | None:
    """The world that a model was trained on, from its config; None for a model of something else."""
    if not names:
        return None
    given: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in names.items()}
    return World(**given)
