"""Stage `distil`: a student of few steps learns from the guided teacher of many.

The student begins as the teacher and needs no guidance afterwards. Four losses, each usable alone and together:

- trajectory: regression on where the guided teacher's path leads from each level of the student's own path;
- consistency: sCM, the clean end of the path from every level (`diffusion/consistency.py`);
- matching: DMD2, the distribution of what the student draws (`diffusion/distribution_matching.py`);
- adversarial: a discriminator over the frozen teacher's features tells drawn from true (arXiv:2403.12015).

Student, critic and discriminator are one module with one optimiser, so that the loop gives averages, checkpoints and
resuming; what they must not teach each other is detached. Only the student is exported: "ema.student." of a checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from rushes.diffusion.adversarial import hinge_discriminator, hinge_generator
from rushes.diffusion.consistency import Velocity, consistency_loss
from rushes.diffusion.distribution_matching import critic_loss, matching_loss
from rushes.diffusion.flow import interpolate
from rushes.diffusion.guidance import Guidance, guide
from rushes.diffusion.sample import SampleConfig
from rushes.diffusion.timesteps import draw_sigmas, sigma_schedule
from rushes.diffusion.trajectory import mean_velocity, trajectory_loss
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import Tokenizer
from rushes.training.checkpoint import fill, finished
from rushes.training.data import ClipSource
from rushes.training.denoiser_stage import sample_video, sheet
from rushes.training.latents import LatentBatch, Latents, cache_key
from rushes.training.loop import LoopConfig, Objective, commit, open_run, train
from rushes.training.optimiser import OptimiserConfig


@dataclass(frozen=True, kw_only=True)
class DistilStage:
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            minutes=8.0,
            ema=0.98,
            optimiser=OptimiserConfig(lr=3e-4, muon=0.0, weight_decay=0.0, warmup=10, decay=0.7),
            sample_every=100,
        )
    )
    shapes: tuple[tuple[int, int], ...] = ((17, 8),)  # (frames, clips) of the steps, in turn
    steps: int = 4  # of the student's sampler
    shift: float = 2.0  # of its levels of noise, towards noise
    fresh: bool = False  # new noise at each of its steps (`few_steps`); else it learns straight steps
    guidance: float = 3.0  # scale of the teacher, learned into the student
    first: float = 0.0  # share of clips whose first latent frame is given, for image to video
    trajectory: float = 1.0  # weight of the regression on the teacher's paths
    consistency: float = 0.0  # weight of the consistency loss
    matching: float = 0.0  # weight of distribution matching
    adversarial: float = 0.0  # weight of the adversarial loss
    teacher_steps: int = 4  # of the teacher to one of the student, for trajectory
    ramp: int = 50  # steps over which the consistency loss takes up the student's own derivative
    difference: float | None = 0.05  # radians between the points of that derivative; None: forward mode
    critic_updates: int = 2  # of critic and discriminator to one of the student, where they are used
    levels: tuple[float, float] = (0.05, 0.95)  # lowest and highest noise at which critic and discriminator look
    block: int = 4  # of the teacher's blocks, whose tokens the discriminator sees
    shown: int = 6  # held-out prompts on the sheet of samples

    def __post_init__(self) -> None:
        weights = (self.trajectory, self.consistency, self.matching, self.adversarial)
        if min(weights) < 0 or max(weights) == 0:
            raise ValueError(f"losses of weights {weights} teach nothing; give one a weight above 0 and none below")
        if self.steps < 1 or self.teacher_steps < 1 or self.critic_updates < 1:
            counts = (self.steps, self.teacher_steps, self.critic_updates)
            raise ValueError(f"steps, teacher_steps and critic_updates are {counts}; give 1 or more")

    @property
    def sample(self) -> SampleConfig:
        """How the student is sampled: its guidance is built in."""
        return SampleConfig(steps=self.steps, shift=self.shift, guidance=Guidance(scale=1.0))


class Distillation(nn.Module):
    """What is trained: the student, and whom its losses need beside it."""

    outer_layers = tuple(
        f"{part}.{layer}" for part in ("student", "critic") for layer in ConditionedDenoiser.outer_layers
    )

    def __init__(self, stage: DistilStage, denoiser: DenoiserConfig, text: TextConfig) -> None:
        super().__init__()
        self.student = ConditionedDenoiser(denoiser, text)
        self.critic = ConditionedDenoiser(denoiser, text) if stage.matching else None
        self.discriminator = Discriminator(denoiser.width) if stage.adversarial else None


class Discriminator(nn.Module):
    """Scores (B,) of clips from tokens (B, L, D) of the teacher's features: the mean of what each token says."""

    def __init__(self, width: int, hidden: int = 64) -> None:
        super().__init__()
        self.hidden, self.score = nn.Linear(width, hidden), nn.Linear(hidden, 1)

    def forward(self, tokens: Tensor) -> Tensor:
        h = F.layer_norm(tokens.float(), tokens.shape[-1:])
        scores: Tensor = self.score(F.silu(self.hidden(h))).mean((1, 2))
        return scores.float()


@dataclass(frozen=True, kw_only=True)
class Fields:
    """The velocities of a batch under its captions, as the pure losses want them: of x (B, …) at sigma (B,)."""

    student: Velocity
    teacher: Velocity  # guided
    critic: Velocity
    scores: Callable[[Tensor, Tensor, Tensor], Tensor]  # of clips (B, …), noise and sigma (B,): the discriminator's
    opinion: Callable[[Tensor, Tensor, Tensor], Tensor]  # the same, with no gradient to the discriminator


def fields(
    stage: DistilStage, module: Any, teacher: ConditionedDenoiser, clips: LatentBatch, seconds: float, known: Tensor
) -> Fields:
    """`known` (B,) says of which clips the first latent frame is given."""
    clean = clips.latents.to(known.device)
    given: dict[str, Any] = {"seconds": seconds, "start": clips.start * seconds}
    if clean.shape[1] > 1 and stage.first > 0:
        given |= {"first": clean[:, :1], "has_first": known}

    def under(model: Any, texts: list[str]) -> Velocity:
        text = model.encode(texts)
        return lambda noisy, sigma: model(noisy, sigma, text, **given)

    follow, free = under(teacher, clips.captions), under(teacher, [""] * len(clean))

    def scores(samples: Tensor, noise: Tensor, sigma: Tensor, learns: bool = True) -> Tensor:
        with tokens_after(teacher.denoiser.blocks[stage.block - 1]) as seen:
            follow(interpolate(samples, noise, sigma), sigma)
        weights = {name: p if learns else p.detach() for name, p in module.discriminator.named_parameters()}
        found: Tensor = torch.func.functional_call(module.discriminator, weights, (seen[0],))
        return found

    return Fields(
        student=under(module.student, clips.captions),
        teacher=lambda noisy, sigma: guide(follow(noisy, sigma), free(noisy, sigma), stage.guidance),
        critic=under(module.critic, clips.captions) if module.critic is not None else follow,
        scores=scores,
        opinion=partial(scores, learns=False),
    )


@contextmanager
def tokens_after(block: nn.Module) -> Iterator[list[Tensor]]:
    """What `block` returns while inside, call by call."""
    seen: list[Tensor] = []
    hook = block.register_forward_hook(lambda _, __, tokens: seen.append(tokens))
    try:
        yield seen
    finally:
        hook.remove()


@dataclass(frozen=True, kw_only=True)
class Draws:
    """What chance decides in a step, on the generator's device."""

    stage: DistilStage
    shape: torch.Size  # of the clips (B, T, C, h, w)
    generator: torch.Generator

    def noise(self) -> Tensor:
        return torch.randn(self.shape, generator=self.generator, device=self.generator.device)

    def known(self) -> Tensor:
        """Of which clips the first latent frame is given (B,)."""
        return torch.rand(self.shape[0], generator=self.generator, device=self.generator.device) < self.stage.first

    def exit_step(self) -> int:
        """Of the student's steps the one whose guess counts as drawn.

        A fresh student's every guess is a sample; a straight one's guesses are, where paths end.
        """
        drawn = int(torch.randint(self.stage.steps, (), generator=self.generator, device=self.generator.device))
        return drawn if self.stage.fresh else self.stage.steps - 1

    def sigmas(self) -> Tensor:
        """Levels of noise (B,)."""
        return draw_sigmas(self.shape[0], self.generator, shift=self.stage.shift)

    def looked_at(self) -> Tensor:
        """Levels (B,) at which critic and discriminator look."""
        return self.sigmas().clamp(*self.stage.levels)


def walk(stage: DistilStage, own: Fields, draws: Draws) -> tuple[Tensor, list[Tensor]]:
    """The student's way down from noise: one clean guess with a gradient, and the losses of trajectory."""
    levels = sigma_schedule(stage.steps, stage.shift).tolist()
    x = drawn = draws.noise()
    regressions = []
    exit_step = draws.exit_step()
    for step, (now, then) in enumerate(pairwise(levels)):
        if step > exit_step and not stage.trajectory:
            break
        sigma = x.new_full((len(x),), now)
        with torch.set_grad_enabled(torch.is_grad_enabled() and (step == exit_step or stage.trajectory > 0)):
            velocity = own.student(x, sigma)
        if step == exit_step:
            drawn = x - now * velocity
        if stage.trajectory and torch.is_grad_enabled():
            end = torch.zeros_like(sigma) if stage.fresh else torch.full_like(sigma, then)
            regressions.append(
                trajectory_loss(velocity, mean_velocity(own.teacher, x, sigma, end, stage.teacher_steps))
            )
        velocity = velocity.detach()
        x = (1 - then) * (x - now * velocity) + then * draws.noise() if stage.fresh else x + (then - now) * velocity
    return drawn, regressions


def losses(
    stage: DistilStage, own: Fields, draws: Draws, clean: Tensor, number: int, teaches: bool
) -> Iterator[tuple[str, float, Tensor]]:
    """Name, weight and value of each loss on the clips `clean` (B, T, C, h, w) in step `number`.

    teaches: the student learns, not only critic and discriminator.
    """
    if stage.trajectory or stage.matching or stage.adversarial:
        with torch.set_grad_enabled(teaches):
            drawn, regressions = walk(stage, own, draws)
        if regressions:
            yield "trajectory", stage.trajectory, torch.stack(regressions).mean()
    if stage.consistency and teaches:
        sigma = draws.sigmas()
        noisy, ramp = interpolate(clean, draws.noise(), sigma), min(1.0, number / max(1, stage.ramp))
        found = consistency_loss(own.student, own.teacher, noisy, sigma, ramp=ramp, difference=stage.difference)
        yield "consistency", stage.consistency, found.mean()
    if stage.matching:
        if teaches:
            sigma = draws.looked_at()
            found = matching_loss(own.teacher, own.critic, drawn, draws.noise(), sigma)
            yield "matching", stage.matching, found.mean()
        sigma = draws.looked_at()
        yield "critic", 1.0, critic_loss(own.critic, drawn, draws.noise(), sigma).mean()
    if stage.adversarial:
        sigma, noise = draws.looked_at(), draws.noise()
        if teaches:
            yield "adversarial", stage.adversarial, hinge_generator(own.opinion(drawn, noise, sigma)).mean()
        true, false = own.scores(clean, noise, sigma), own.scores(drawn.detach(), noise, sigma)
        yield "discriminator", 1.0, hinge_discriminator(true, false).mean()


def distil_objective(stage: DistilStage, teacher: ConditionedDenoiser, seconds: float) -> Objective:
    """The four losses on clips; a batch is (number of the step, clips)."""
    judged = stage.matching > 0 or stage.adversarial > 0  # whether what the student draws is looked at

    def objective(module: Any, batch: tuple[int, LatentBatch], generator: torch.Generator) -> dict[str, Tensor]:
        number, clips = batch
        kind, clean = generator.device.type, clips.latents.to(generator.device)
        draws = Draws(stage=stage, shape=clean.shape, generator=generator)
        known = draws.known()
        teaches = not judged or (number + 1) % stage.critic_updates == 0
        # The student is called with and without gradients: casts that one call keeps would cut the other's graph.
        with torch.autocast(kind, torch.bfloat16, enabled=torch.is_autocast_enabled(kind), cache_enabled=False):
            own = fields(stage, module, teacher, clips, seconds, known)
            found = list(losses(stage, own, draws, clean, number, teaches))
            total = clean.new_zeros(())
            for _, weight, value in found:
                total = total + weight * value
        return {"loss": total} | {name: value.detach() for name, _, value in found}

    return objective


def train_distil(
    stage: DistilStage,
    denoiser: DenoiserConfig,
    text: TextConfig,
    tokenizer: Tokenizer,
    source: ClipSource,
    latents: Path,
    start: Path,
    folder: Path,
) -> bool:
    """Run or resume the stage in `folder` on the caches `latents`/<frames>; True when it is finished.

    `start`: the folder of the stage whose averaged weights are the teacher, and the student's and critic's beginning.
    CheckpointError if that stage was not trained, LatentsError if there are no clips.
    """
    torch.manual_seed(stage.loop.seed)
    teacher = ConditionedDenoiser(denoiser, text)
    fill(teacher, finished(start), "ema.")
    teacher.eval().requires_grad_(False)
    if not 1 <= stage.block <= len(teacher.denoiser.blocks):
        raise ValueError(f"the teacher has {len(teacher.denoiser.blocks)} blocks, not one of number {stage.block}")
    module = Distillation(stage, denoiser, text)
    module.student.load_state_dict(teacher.state_dict())
    if module.critic is not None:
        module.critic.load_state_dict(teacher.state_dict())
    caches = {
        frames: Latents(latents / str(frames), cache_key(tokenizer, source, frames), seed=stage.loop.seed)
        for frames, _ in stage.shapes
    }
    run = open_run(folder, module, stage.loop, {"commit": commit(), "stage": repr(stage)})
    teacher.to(next(module.parameters()).device)

    def data(step: int) -> tuple[int, LatentBatch]:
        frames, count = stage.shapes[step % len(stage.shapes)]
        return step, caches[frames].batch(step, count)

    longest = max(frames for frames, _ in stage.shapes)

    def draw(average: Any, captions: list[str]) -> Tensor:
        return sample_video(average.student, tokenizer, captions, source, longest, stage.sample, fresh=stage.fresh)

    callback = sheet(source, stage.shown, longest, draw)
    return train(
        run, distil_objective(stage, teacher, tokenizer.config.time / source.fps), data, stage.loop, callback=callback
    )
