"""Trains the read-out on true clips of a world, disturbed in sharpness, tone and noise, so that it also reads takes.

Answers to the questions about a clip and the places of its actors in every frame are learned together: who knows
where to look learns sooner what is there. One clip in eight is ruined to coloured clouds, of which the read-out has to
say that it can't tell the kind: else it names every cloud after what it resembles, and flatters the models it scores.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.where import on_screen
from rushes.backlot.world import World, draw_scene
from rushes.model.localiser import Located, attention_target
from rushes.model.readout import ReadOut, ReadOutConfig
from rushes.model.readout_weights import readout_config
from rushes.training.checkpoint import load_tensors, read_header
from rushes.training.loop import LoopConfig, commit, open_run, train
from rushes.training.optimiser import OptimiserConfig
from rushes.training.questions import UNASKED, answer_indices, cast_indices, questions

TEST_SEEDS = 1 << 40  # scenes of the evaluation are drawn from these seeds, held-out combinations only


RUINED = 0.125  # share of the clips of a step
HIDDEN = 0.3  # share of an actor that must be in sight for its place to be asked


@dataclass(frozen=True, kw_only=True)
class ReadOutStage:
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            minutes=10.0, ema=0.99, optimiser=OptimiserConfig(lr=1.5e-3, muon=0.02, weight_decay=0.05, decay=0.8)
        )
    )
    network: ReadOutConfig = field(  # its size; questions and places come from the world
        default_factory=lambda: ReadOutConfig(answers=(), channels=(32, 64, 128), sure=0.5)
    )
    clips: int = 5000  # true clips drawn before training, and used again with other disturbances
    batch: int = 24  # clips a step
    fps: float = 8.0  # frames a second of the clips


@dataclass(frozen=True, kw_only=True)
class Seen:
    """True clips with the truth about them, in memory or mapped from a file."""

    video: np.ndarray  # (N, frames, 3, H, W) uint8
    answers: Tensor  # (N, questions): indices, UNASKED where not decided
    places: Tensor  # (N, frames, places, 4): x, y, height, visible of who is there, from left to right in each frame
    who: Tensor  # (N, frames, places, 2): kind and colour of who is there, UNASKED for nobody


def disturbed(video: Tensor, generator: torch.Generator) -> Tensor:
    """(B, T, 3, H, W) with random blur, contrast, tone and noise, one strength for each clip."""
    b, device = len(video), video.device
    soft = F.avg_pool2d(F.pad(video.flatten(0, 1), (2, 2, 2, 2), mode="replicate"), 5, 1).view_as(video)
    mix = torch.rand(b, 1, 1, 1, 1, generator=generator, device=device)
    mix = mix * torch.randint(0, 2, (b, 1, 1, 1, 1), generator=generator, device=device)
    video = video + (soft - video) * mix
    gain = 1 + 0.12 * torch.randn(b, 1, 1, 1, 1, generator=generator, device=device)
    tone = 0.05 * torch.randn(b, 1, 3, 1, 1, generator=generator, device=device)
    grain = 0.06 * torch.rand(b, 1, 1, 1, 1, generator=generator, device=device)
    noise = torch.randn((b, 1, *video.shape[2:]), generator=generator, device=device)  # wanders from frame to frame
    noise = torch.stack([noise[:, 0].roll((5 * t, 11 * t), (-2, -1)) for t in range(video.shape[1])], 1)
    return (video * gain + tone + grain * noise).clamp(-1, 1)


def ruined(video: Tensor, which: Tensor) -> Tensor:
    """(B, T, 3, H, W) with the clips `which` (B,) left as clouds of 8 pixels."""
    b, size = len(video), video.shape[-2:]
    clouds = F.avg_pool2d(video.flatten(0, 1), 8)
    clouds = F.interpolate(clouds, size=size, mode="bilinear").unflatten(0, (b, -1))
    return torch.where(which.view(b, 1, 1, 1, 1), clouds, video)


def _kind_loss(logits: Tensor, right: Tensor, cloudy: Tensor) -> Tensor:
    """Cross entropy (N,) of logits (N, kinds); where it is cloudy every kind should be as likely."""
    unsure = -logits.float().log_softmax(-1).mean(-1) * (right != UNASKED)
    named = F.cross_entropy(logits.float(), right, ignore_index=UNASKED, reduction="none")
    return torch.where(cloudy, unsure, named)


def true_places(scenes: list[Scene], config: ReadOutConfig, times: np.ndarray) -> tuple[Tensor, Tensor]:
    """`Seen.places` and `Seen.who` of scenes: (N, T, places, 4) and (N, T, places, 2)."""
    count, slots = len(times), config.places
    places = np.zeros((len(scenes), count, slots, 4), dtype=np.float32)
    who = np.full((len(scenes), count, slots, 2), UNASKED)
    names = cast_indices(scenes, config).numpy()
    for row, scene in enumerate(scenes):
        cast = on_screen(scene, times, config.width / config.height)
        found = np.stack([np.stack([a.x, a.y, a.height, a.visible], -1) for a in cast], 1)  # (T, cast, 4)
        hidden = found[..., 3] <= HIDDEN
        order = np.argsort(found[..., 0] + 100 * hidden, axis=1, kind="stable")  # in each frame anew
        places[row, :, : len(cast)] = np.take_along_axis(found, order[..., None], axis=1)
        who[row, :, : len(cast)] = names[row][order]
    return torch.from_numpy(places), torch.from_numpy(who)


def training_scenes(stage: ReadOutStage, world: World) -> list[Scene]:
    """The scenes that the read-out learns from: none of a combination that models are scored on."""
    return [draw_scene(world, (1 << 32) + number) for number in range(stage.clips)]


def draw_clips(stage: ReadOutStage, world: World, config: ReadOutConfig, folder: Path, device: torch.device) -> Seen:
    """True clips of scenes that may be trained on, kept in `folder` for the next sitting, with the truth about them."""
    scenes = training_scenes(stage, world)
    times = np.linspace(0, round(world.seconds * stage.fps) - 1, config.frames).round() / stage.fps
    path, done = folder / "clips.npy", folder / "clips.done"
    if not done.exists():
        shape = (stage.clips, config.frames, 3, config.height, config.width)
        store = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
        for start in range(0, stage.clips, 64):
            part = scenes[start : start + 64]
            video = render(part, fps=stage.fps, width=config.width, height=config.height, times=times, device=device)
            store[start : start + 64] = ((video + 1) * 127.5).round().to(torch.uint8).cpu().numpy()
        store.flush()
        done.touch()
    places, who = true_places(scenes, config, times)
    return Seen(video=np.load(path, mmap_mode="r"), answers=answer_indices(scenes, config), places=places, who=who)


def answer_loss(logits: dict[str, Tensor], right: Tensor, cloudy: Tensor, config: ReadOutConfig) -> dict[str, Tensor]:
    """Cross entropy of each question, summed over the clips that decide it, over the number of all clips (B,)."""
    values = {}
    for column, (name, _) in enumerate(config.answers):
        found, asked = logits[name].float(), right[:, column]
        each = (
            _kind_loss(found, asked, cloudy)
            if name.startswith("kind")
            else F.cross_entropy(found, asked, ignore_index=UNASKED, reduction="none")
        )
        values[name] = each.mean()
    return values


def place_loss(
    located: Located, places: Tensor, who: Tensor, cloudy: Tensor, config: ReadOutConfig
) -> dict[str, Tensor]:
    """How far the places are from the truth, and how wrong what is seen there; who is half hidden counts half."""
    there = places[..., 3]  # (B, T, places)
    sure = (there > HIDDEN).float()
    weight = (there * sure) / (there * sure).sum().clamp(min=1)
    target = attention_target(places[..., :3], config.height // 8, config.width // 8)
    look = -(target * located.attention.log_softmax(-1)).sum(-1)
    away = F.smooth_l1_loss(located.box, places[..., :3], beta=0.02, reduction="none").sum(-1)
    seen = F.binary_cross_entropy_with_logits(located.present, sure, reduction="none")
    kind = _kind_loss(located.kind.flatten(0, 2), who[..., 0].flatten(), cloudy.repeat_interleave(there[0].numel()))
    color = F.cross_entropy(located.color.flatten(0, 2), who[..., 1].flatten(), ignore_index=UNASKED, reduction="none")
    return {
        "look": (weight * look).sum(),
        "away": (weight * away).sum() * 10,
        "present": (seen * ((there == 0) | (sure > 0))).mean(),  # a sliver at the edge may be called either
        "who": (weight.flatten() * (kind + color)).sum(),
    }


def train_readout(stage: ReadOutStage, world: World, folder: Path) -> bool:
    """Run or resume the stage in `folder`; True when it is finished."""
    torch.manual_seed(stage.loop.seed)
    config = replace(stage.network, answers=questions(world), places=world.max_cast)
    run = open_run(folder, ReadOut(config), stage.loop, {"commit": commit(), "network": asdict(config)})
    device = next(run.module.parameters()).device
    seen = draw_clips(stage, world, config, folder, device)

    def data(step: int) -> tuple[Tensor, ...]:
        drawn = np.random.default_rng([stage.loop.seed, step]).choice(stage.clips, stage.batch, replace=False)
        picked = np.sort(drawn)
        return torch.from_numpy(seen.video[picked]), seen.answers[picked], seen.places[picked], seen.who[picked]

    def objective(module: Any, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
        video, right, places, who = (each.to(generator.device) for each in batch)
        cloudy = torch.rand(len(video), generator=generator, device=generator.device) < RUINED
        video = disturbed(ruined(video.float() / 127.5 - 1, cloudy), generator)
        features, located = module.read(video)
        values = answer_loss(module.answer(features), right, cloudy, config)
        values |= place_loss(located, places, who, cloudy, config)
        return {"loss": sum(values.values()), **values}  # type: ignore[dict-item]

    return train(run, objective, data, stage.loop)


def load_readout(world: World, folder: Path) -> ReadOut:
    """The averaged read-out that `train_readout` left in `folder`."""
    path = folder / "checkpoint.safetensors"
    network = read_header(path)["state"].get("network")  # runs of old did not keep it
    module = ReadOut(readout_config(network) if network else ReadOutConfig(answers=questions(world)))
    module.load_state_dict(load_tensors(path, "ema."))
    return module.eval().requires_grad_(False)


@torch.no_grad()
def accuracy(module: ReadOut, world: World, fps: float, count: int = 300) -> dict[str, float]:
    """The read-out's own share of right answers on true clips of `count` held-out scenes."""
    config = module.config
    scenes = [draw_scene(world, TEST_SEEDS + number, held=True) for number in range(count)]
    answers = answer_indices(scenes, config)
    right, asked = torch.zeros(len(config.answers)), (answers != UNASKED).sum(0)
    for start in range(0, count, 50):
        video = render(scenes[start : start + 50], fps=fps, width=config.width, height=config.height)
        logits = module(module.prepare(video))
        for column, (name, _) in enumerate(config.answers):
            right[column] += (logits[name].argmax(-1) == answers[start : start + 50, column]).sum()
    shares = right / asked.clamp(min=1)
    return {name: float(shares[column]) for column, (name, _) in enumerate(config.answers)}
