"""Trains the read-out on true clips of a world, disturbed in sharpness, tone and noise, so that it also reads takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.world import TRAVELS, World, draw_scene
from rushes.model.readout import ReadOut, ReadOutConfig
from rushes.training.checkpoint import load_tensors
from rushes.training.loop import LoopConfig, commit, open_run, train
from rushes.training.optimiser import OptimiserConfig

TEST_SEEDS = 1 << 40  # scenes of the evaluation are drawn from these seeds, held-out combinations only


@dataclass(frozen=True, kw_only=True)
class ReadOutStage:
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            minutes=20.0, ema=0.99, optimiser=OptimiserConfig(lr=1.5e-3, muon=0.02, weight_decay=0.05)
        )
    )
    clips: int = 5000  # true clips drawn before training, and used again with other disturbances
    batch: int = 24  # clips a step
    fps: float = 8.0  # frames a second of the clips


def questions(world: World) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is asked of a clip of this world, and the possible answers."""
    return (
        ("kind", world.kinds),
        ("color", world.colors),
        ("set", world.sets),
        ("light", world.lights),
        ("motion", world.motions),
        ("heading", ("left", "right")),
    )


def truth(scene: Scene) -> dict[str, str]:
    """The right answers for a scene: those of its first actor and first action."""
    actor = scene.cast[0]
    action = actor.actions[0]
    return {
        "kind": actor.kind,
        "color": actor.color,
        "set": scene.set,
        "light": scene.light,
        "motion": action.motion,
        "heading": "right" if action.heading > 0 else "left",
    }


def answer_indices(scenes: list[Scene], config: ReadOutConfig) -> Tensor:
    """(N, questions): which answer is right."""
    truths = [truth(scene) for scene in scenes]
    return torch.tensor([[answers.index(t[name]) for name, answers in config.answers] for t in truths])


def disturbed(video: Tensor, generator: torch.Generator) -> Tensor:
    """(B, T, 3, H, W) with random blur, contrast, tone and noise, one strength for each clip."""
    b = len(video)
    soft = F.avg_pool2d(F.pad(video.flatten(0, 1), (2, 2, 2, 2), mode="replicate"), 5, 1).view_as(video)
    mix = torch.rand(b, 1, 1, 1, 1, generator=generator) * torch.randint(0, 2, (b, 1, 1, 1, 1), generator=generator)
    video = video + (soft - video) * mix
    gain = 1 + 0.12 * torch.randn(b, 1, 1, 1, 1, generator=generator)
    tone = 0.05 * torch.randn(b, 1, 3, 1, 1, generator=generator)
    grain = 0.06 * torch.rand(b, 1, 1, 1, 1, generator=generator)
    return (video * gain + tone + grain * torch.randn(video.shape, generator=generator)).clamp(-1, 1)


def draw_clips(
    world: World, config: ReadOutConfig, fps: float, count: int, path: Path
) -> tuple[np.ndarray, list[Scene]]:
    """True clips of `count` scenes that may be trained on, kept in `path` as uint8 (N, frames, 3, H, W)."""
    scenes = [draw_scene(world, (1 << 32) + number) for number in range(count)]
    shape = (count, config.frames, 3, config.height, config.width)
    times = np.linspace(0, round(world.seconds * fps) - 1, config.frames).round() / fps
    done = path.with_suffix(".done")
    if done.exists():
        return np.load(path, mmap_mode="r"), scenes
    store = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
    for start in range(0, count, 64):
        video = render(scenes[start : start + 64], fps=fps, width=config.width, height=config.height, times=times)
        store[start : start + 64] = ((video + 1) * 127.5).round().to(torch.uint8).numpy()
    store.flush()
    done.touch()
    return np.load(path, mmap_mode="r"), scenes


def train_readout(stage: ReadOutStage, world: World, folder: Path) -> bool:
    """Run or resume the stage in `folder`; True when it is finished."""
    torch.manual_seed(stage.loop.seed)
    config = ReadOutConfig(answers=questions(world))
    folder.mkdir(parents=True, exist_ok=True)
    store, scenes = draw_clips(world, config, stage.fps, stage.clips, folder / "clips.npy")
    answers = answer_indices(scenes, config)
    travels = torch.tensor([truth(scene)["motion"] in TRAVELS for scene in scenes])
    run = open_run(folder, ReadOut(config), stage.loop, {"commit": commit()})

    def data(step: int) -> tuple[Tensor, Tensor, Tensor]:
        drawn = np.random.default_rng([stage.loop.seed, step]).choice(len(store), stage.batch, replace=False)
        picked = np.sort(drawn)
        return torch.from_numpy(store[picked]), answers[picked], travels[picked]

    def objective(module, batch, generator: torch.Generator) -> dict[str, Tensor]:
        video = disturbed(batch[0].float() / 127.5 - 1, generator)
        logits = module(video)
        values = {}
        for column, (name, _) in enumerate(config.answers):
            right = batch[1][:, column]
            if name == "heading":  # who does not travel may look either way
                right = torch.where(batch[2], right, -1)
            total = F.cross_entropy(logits[name].float(), right, ignore_index=-1, reduction="sum")
            values[name] = total / len(right)
        return {"loss": sum(values.values()), **values}  # type: ignore[dict-item]

    return train(run, objective, data, stage.loop)


def load_readout(world: World, folder: Path) -> ReadOut:
    """The averaged read-out that `train_readout` left in `folder`."""
    module = ReadOut(ReadOutConfig(answers=questions(world)))
    module.load_state_dict(load_tensors(folder / "checkpoint.safetensors", "ema."))
    return module.eval().requires_grad_(False)


@torch.no_grad()
def accuracy(module: ReadOut, world: World, fps: float, count: int = 300) -> dict[str, float]:
    """The read-out's own share of right answers on true clips of `count` held-out scenes."""
    config = module.config
    scenes = [draw_scene(world, TEST_SEEDS + number, held=True) for number in range(count)]
    answers = answer_indices(scenes, config)
    right = torch.zeros(len(config.answers))
    for start in range(0, count, 50):
        video = render(scenes[start : start + 50], fps=fps, width=config.width, height=config.height)
        logits = module(module.prepare(video))
        for column, (name, _) in enumerate(config.answers):
            right[column] += (logits[name].argmax(-1) == answers[start : start + 50, column]).sum()
    return {name: float(right[column] / count) for column, (name, _) in enumerate(config.answers)}
