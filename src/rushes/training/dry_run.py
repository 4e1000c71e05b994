"""A recipe without its weights: shapes, FLOPs and memory, counted on torch's meta device, which computes nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
import torch.nn as nn
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.flops import TRAINING, denoiser_flops
from rushes.model.tokenizer import Tokenizer, latent_frames
from rushes.training import distributed
from rushes.training.optimiser import OptimiserConfig, make_optimiser
from rushes.training.plan import Workload
from rushes.training.prices import Assumptions
from rushes.training.recipe import Recipe

GB = 1e9


@dataclass(frozen=True, kw_only=True)
class DryStep:
    """One kind of step of a stage."""

    stage: str
    clips: int  # of all GPUs together
    latents: tuple[int, ...]  # (B, T, C, H, W) of one GPU
    tokens: int  # of a clip
    flops: float  # of a forward and backward pass, all GPUs together
    seconds: float  # at the assumed share of the GPUs' peak
    activations_gb: float  # kept on one GPU for the backward pass
    checkpointed_gb: float  # the same, if blocks kept only their input and computed again


@dataclass(frozen=True, kw_only=True)
class DryRun:
    name: str
    gpus: int
    parameters: dict[str, int]  # by part
    memory_gb: dict[str, float]  # of one GPU, apart from activations
    steps: tuple[DryStep, ...]
    days: dict[str, float]  # of the stages, where the recipe says how long
    limit_gb: float  # memory of one GPU

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def dry_run(recipe: Recipe, gpus: int, assumed: Assumptions) -> DryRun:
    """Shapes, memory and FLOPs of a recipe on `gpus` GPUs. ValueError where its batches can't be shared by so many."""
    if gpus < 1:
        raise ValueError(f"{gpus} GPUs train nothing; give --gpus 1 or more")
    module = meta_module(recipe)
    sizes = {name: sum(p.numel() for p in part.parameters()) for name, part in module.named_children()}
    speed = gpus * assumed["gpu_tflops"] * 1e12 * assumed["train_mfu"]
    steps: list[DryStep] = []
    days = {}
    for name, stage in (("image", recipe.image_stage), ("video", recipe.video_stage)):
        kinds = [dry_step(recipe, name, frames, clips, gpus, speed) for frames, clips in stage.shapes]
        if stage.moments:
            kinds += len(stage.shapes) * [dry_step(recipe, name, 1, stage.moments, gpus, speed)]
        steps += dict.fromkeys(kinds)
        if stage.loop.steps is not None:
            days[name] = stage.loop.steps * sum(kind.seconds for kind in kinds) / len(kinds) / 86_400
        else:
            days[name] = (stage.loop.minutes or 0) / 1440
    return DryRun(
        name=recipe.name,
        gpus=gpus,
        parameters=sizes,
        memory_gb=weight_memory(module, recipe.video_stage.loop.optimiser, gpus),
        steps=tuple(steps),
        days=days,
        limit_gb=assumed["gpu_memory_gb"],
    )


def workload(recipe: Recipe) -> Workload:
    """What of a recipe a plan depends on."""
    module, source = meta_module(recipe), recipe.source
    shape = latent_shape(recipe, source.frames, 1)
    return Workload(
        name=recipe.name,
        parameters=sum(p.numel() for p in module.parameters()),
        clip_seconds=source.frames / source.fps,
        encode_flops=encode_flops(recipe),
        latents=torch.Size(shape).numel(),
        image_flops=forward_flops(recipe, latent_shape(recipe, 1, 1)),
        video_flops=forward_flops(recipe, shape),
    )


def meta_module(recipe: Recipe) -> ConditionedDenoiser:
    """The denoiser of a recipe, with shapes and without memory."""
    with torch.device("meta"):
        return ConditionedDenoiser(recipe.denoiser, recipe.full_text())


def latent_shape(recipe: Recipe, frames: int, clips: int) -> tuple[int, int, int, int, int]:
    """(B, T, C, H, W) of the latents of clips."""
    config, source = recipe.tokenizer, recipe.source
    time = latent_frames(frames, config.time)
    return (clips, time, config.latent_channels, source.height // config.cell, source.width // config.cell)


def tokens_of(recipe: Recipe, shape: tuple[int, ...]) -> int:
    """Tokens of one clip with latents of `shape`."""
    patch = recipe.denoiser.patch
    return shape[1] * (shape[3] // patch) * (shape[4] // patch)


def dry_step(recipe: Recipe, name: str, frames: int, clips: int, gpus: int, speed: float) -> DryStep:
    """One step of `clips` clips of `frames` frames at `speed` FLOP/s."""
    if clips % gpus:
        raise ValueError(f"{clips} clips a step can't be shared by {gpus} GPUs; give --gpus a divisor of {clips}")
    shape = latent_shape(recipe, frames, 1)
    config, tokens = recipe.denoiser, tokens_of(recipe, shape)
    kept, in_blocks = saved_bytes(recipe, shape)
    inputs = config.layers * tokens * config.width * 2  # of blocks, in bfloat16
    flops = TRAINING * forward_flops(recipe, shape) * clips
    mine = clips // gpus
    return DryStep(
        stage=name,
        clips=clips,
        latents=(mine, *shape[1:]),
        tokens=tokens,
        flops=flops,
        seconds=flops / speed,
        activations_gb=kept * mine / GB,
        checkpointed_gb=(kept - in_blocks + inputs + in_blocks / config.layers) * mine / GB,
    )


def inputs_of(module: ConditionedDenoiser, shape: tuple[int, ...]) -> tuple[Tensor, ...]:
    """Noisy latents, sigma, text vectors and mask for `Denoiser.forward`, on the meta device."""
    texts = (shape[0], module.encoder.config.max_tokens)
    with torch.device("meta"):
        vectors, mask = torch.empty(*texts, module.encoder.config.width), torch.ones(texts, dtype=torch.bool)
        return torch.empty(shape), torch.empty(shape[0]), vectors, mask


def forward_flops(recipe: Recipe, shape: tuple[int, ...]) -> float:
    """FLOPs of the products in a forward pass over latents of `shape`."""
    tokens, words = tokens_of(recipe, shape), recipe.text.max_tokens
    return float(denoiser_flops(recipe.denoiser, tokens, words, clips=shape[0]))


def encode_flops(recipe: Recipe) -> float:
    """FLOPs of the convolutions and products that make the latents of one whole clip."""
    source, upscale = recipe.source, recipe.tokenizer.upscale
    counter = FlopCounterMode(display=False)
    with torch.device("meta"), counter, torch.no_grad():
        clip = torch.empty(1, source.frames, 3, source.height // upscale, source.width // upscale)
        Tokenizer(recipe.tokenizer).encode(clip)
    return float(counter.get_total_flops())


def saved_bytes(recipe: Recipe, shape: tuple[int, ...]) -> tuple[float, float]:
    """What a forward pass keeps for the backward pass, and how much of it in blocks: bytes, in bfloat16.

    Counted in float32, as the meta device knows no autocast, and halved: about right. Experts, who take tokens by their
    values, which are not there, keep what a dense block as wide as the active ones keeps.
    """
    config = recipe.denoiser
    if config.experts:
        config = replace(config, experts=0, hidden=config.hidden * config.active)
    module = meta_module(replace(recipe, denoiser=config))
    length = tokens_of(recipe, shape) + config.registers
    weights = {p.untyped_storage()._cdata for p in module.parameters()}
    kept: dict[int, tuple[float, bool]] = {}
    alive: list[Tensor] = []  # a storage that was freed could lend its number to the next
    inside = False

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        scores = tensor.shape[-2:] == (length, length)  # fused attention keeps none
        if not scores and storage._cdata not in weights and storage._cdata not in kept:
            kept[storage._cdata] = (storage.nbytes() / 2, inside)
            alive.append(tensor)
        return tensor

    def enter(*_: Any) -> None:
        nonlocal inside
        inside = True

    def leave(*_: Any) -> None:
        nonlocal inside
        inside = False

    hooks = [block.register_forward_pre_hook(enter) for block in module.denoiser.blocks]
    hooks += [block.register_forward_hook(leave) for block in module.denoiser.blocks]
    try:
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
            module.denoiser(*inputs_of(module, shape))
    finally:
        for hook in hooks:
            hook.remove()
    return sum(size for size, _ in kept.values()), sum(size for size, within in kept.values() if within)


def weight_memory(module: nn.Module, config: OptimiserConfig, gpus: int) -> dict[str, float]:
    """GB on one of `gpus` GPUs, apart from activations; one GPU alone has everything."""
    count = sum(p.numel() for p in module.parameters())
    moments = sum(
        (1 if group["muon"] else 2) * p.numel()
        for group in make_optimiser(module, config).param_groups
        for p in group["params"]
    )
    blocks = [sum(p.numel() for p in block.parameters()) for block in distributed.blocks(module)]
    gathered = count - sum(blocks) + 2 * max(blocks, default=0)  # what is no block, and a block beside the next one
    return {
        "weights": 4 * count / gpus / GB,
        "gradients": 4 * count / gpus / GB,
        "optimiser": 4 * moments / gpus / GB,
        "average": 4 * count / gpus / GB,
        "gathered": 4 * gathered / GB if gpus > 1 else 0.0,
        "gathered gradients": 4 * gathered / GB if gpus > 1 else 0.0,
        "bfloat16 copies": 2 * count / GB,  # autocast keeps one of each weight until the backward pass is done
        "average for samples": 4 * count / GB if gpus > 1 else 0.0,  # only while samples are drawn, on the first GPU
    }


def describe_dry_run(run: DryRun) -> str:
    """A dry run for people."""
    weights = sum(run.memory_gb.values())
    lines = [
        f"{run.name} on {run.gpus} GPU{'s' if run.gpus > 1 else ''}, nothing computed",
        "",
        *(f"{name:<10} {count:>14,} weights" for name, count in run.parameters.items()),
        "",
        "memory of one GPU, GB",
        *(f"  {name:<20} {size:>8.2f}" for name, size in run.memory_gb.items()),
        f"  {'all':<20} {weights:>8.2f}  of {run.limit_gb:g}",
        "",
        f"{'stage':<6} {'clips':>6} {'latents of one GPU':>24} {'tokens':>7} {'TFLOP/step':>11} {'s/step':>7} "
        f"{'activations GB':>15} {'checkpointed':>13}",
    ]
    for step in run.steps:
        free = run.limit_gb - weights
        fits = next(
            (n for n in range(1, step.latents[0] + 1) if step.latents[0] % n == 0 and step.activations_gb / n <= free),
            None,
        )
        size = "x".join(map(str, step.latents))
        need = "fits" if fits == 1 else f"fits with accumulate={fits}" if fits else "does not fit: fewer frames or rows"
        lines.append(
            f"{step.stage:<6} {step.clips:>6} {size:>24} {step.tokens:>7} "
            f"{step.flops / 1e12:>11.4g} {step.seconds:>7.3g} {step.activations_gb:>15.3g} "
            f"{step.checkpointed_gb:>13.3g}  {need}"
        )
    lines += ["", *(f"{name}: {24 * days:.3g} hours as the recipe has it" for name, days in run.days.items())]
    return "\n".join(lines)
