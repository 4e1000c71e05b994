"""Few steps against many: `python bench/distillation.py runs/nano --train together --minutes 8 --out runs/losses`, then
`python bench/distillation.py runs/nano --student runs/losses/together --undistilled`.

The first trains one of `variants` from the stage `video` of a run, the second scores. Read-out accuracy on held-out
prompts: the averaged weights of the stage `video`, guided, in many steps (the teacher) and in few, and each student in
few steps without guidance, all on the same prompts from the same noise. "all" is the share of prompts of which every
question is answered right, "sure" how likely the read-out finds the right kind, "error" the mean square error of the
latents to the teacher's from the same noise. "spread" is the deviation of the latents over that of the teacher's: blur
and collapse show there first.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tables import show
from torch import Tensor

from rushes.backlot.captions import dense_caption
from rushes.backlot.scene import Scene
from rushes.diffusion.few_steps import Fresh, few_steps
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.timesteps import sigma_schedule
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.readout import ReadOut
from rushes.model.tokenizer import Tokenizer
from rushes.training.checkpoint import load_tensors
from rushes.training.distil_stage import DistilStage, train_distil
from rushes.training.evaluate import held_out_scenes
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.questions import UNASKED, answer_indices
from rushes.training.readout_stage import load_readout
from rushes.training.recipe import Recipe
from rushes.training.run import find_recipe
from rushes.training.samples import draw_sheet
from rushes.training.tokenizer_stage import load_tokenizer

BATCH = 25  # clips at once
Draw = Callable[[list[str], Tensor, int], Tensor]  # prompts, noise and the seed of the first clip to latents


def variants(recipe: Recipe, loop: LoopConfig) -> dict[str, DistilStage]:
    """Each loss alone and together, with clips to a step so that all have about the same price a step; fewer steps."""
    sample, frames = recipe.video_stage.sample, recipe.source.frames
    straight = DistilStage(
        loop=loop, shift=sample.shift, guidance=sample.guidance.scale, first=recipe.video_stage.first, teacher_steps=2
    )
    adam = replace(loop, optimiser=replace(loop.optimiser, lr=4e-4, muon=0.0))

    def of(stage: DistilStage, clips: int) -> DistilStage:
        return replace(stage, shapes=((frames, clips),))

    def fresh(clips: int, **settings: Any) -> DistilStage:
        return of(replace(straight, fresh=True, trajectory=0.0, difference=0.1, ramp=20, **settings), clips)

    return {
        "trajectory": of(straight, 4),
        "consistency": fresh(14, consistency=1.0),
        "matching": fresh(10, matching=1.0, critic_updates=1, loop=adam),
        "adversarial": fresh(10, adversarial=1.0, critic_updates=1, loop=adam),
        "together": fresh(8, consistency=1.0, matching=0.5, adversarial=0.05, critic_updates=2),
        "trajectory-sharp": of(replace(straight, matching=0.1, critic_updates=2), 3),
        "trajectory-2": of(replace(straight, steps=2, teacher_steps=4), 4),
        "trajectory-1": of(replace(straight, steps=1, teacher_steps=8), 4),
    }


def train_variant(recipe: Recipe, run: Path, name: str, minutes: float | None, steps: int | None, out: Path) -> None:
    optimiser = OptimiserConfig(lr=3e-4, muon=0.005, weight_decay=0.0, warmup=3, decay=0.9)
    loop = LoopConfig(minutes=minutes, steps=steps, ema=0.9, optimiser=optimiser, log_every=2, sample_every=10**6)
    train_distil(
        variants(recipe, loop)[name],
        recipe.denoiser,
        recipe.full_text(),
        load_tokenizer(recipe.tokenizer, run / "tokenizer"),
        recipe.source,
        run / "latents",
        run / "video",
        out / name,
    )


def load_denoiser(recipe: Recipe, folder: Path, prefix: str) -> ConditionedDenoiser:
    model = ConditionedDenoiser(recipe.denoiser, recipe.full_text())
    model.load_state_dict(load_tensors(folder / "checkpoint.safetensors", prefix))
    return model.eval().requires_grad_(False)


def many(model: ConditionedDenoiser, recipe: Recipe, steps: int, scale: float) -> Draw:
    """The undistilled way: Euler's steps under guidance."""
    config = SampleConfig(steps=steps, shift=recipe.video_stage.sample.shift, guidance=Guidance(scale=scale))

    def drawn(prompts: list[str], noise: Tensor, _: int) -> Tensor:
        def network(noisy: Tensor, sigma: Tensor, text: tuple[Tensor, Tensor]) -> Tensor:
            velocity: Tensor = model(noisy, sigma, text, seconds=recipe.tokenizer.time / recipe.source.fps)
            return velocity

        return sample_latents(network, model.encode(prompts), model.encode([""] * len(prompts)), noise, config)

    return drawn


def few(model: ConditionedDenoiser, recipe: Recipe, steps: int, shift: float, renoise: bool) -> Draw:
    """The student's way: `few_steps` without guidance."""

    def drawn(prompts: list[str], noise: Tensor, seed: int) -> Tensor:
        text = model.encode(prompts)

        def field(noisy: Tensor, sigma: float) -> Tensor:
            velocity: Tensor = model(
                noisy, torch.full((len(noisy),), sigma), text, seconds=recipe.tokenizer.time / recipe.source.fps
            )
            return velocity

        def fresh(step: int) -> Tensor:
            return noises(noise.shape, (seed << 8) + step + (1 << 40))

        again: Fresh | None = fresh if renoise else None
        return few_steps(field, noise, sigma_schedule(steps, shift), fresh=again)

    return drawn


def noises(shape: torch.Size, seed: int) -> Tensor:
    return torch.cat([seeded_noise((1, *shape[1:]), seed + number) for number in range(shape[0])])


@torch.no_grad()
def shoot(draw: Draw, scenes: list[Scene], shape: tuple[int, ...]) -> Tensor:
    """Latents (N, T, C, h, w) of the scenes' prompts."""
    parts = []
    for start in range(0, len(scenes), BATCH):
        prompts = [dense_caption(scene) for scene in scenes[start : start + BATCH]]
        noise = noises(torch.Size((len(prompts), *shape)), start)
        with torch.autocast("cpu", torch.bfloat16):
            parts.append(draw(prompts, noise, start).float())
    return torch.cat(parts)


@torch.no_grad()
def score(
    latents: Tensor, teacher: Tensor, tokenizer: Tokenizer, eyes: ReadOut, scenes: list[Scene], sheet: Path | None
) -> dict[str, float]:
    """Shares right in percent, how sure the read-out is of the right kind, how the latents stand to the teacher's."""
    rights: list[Tensor] = []
    asked: list[Tensor] = []
    sure: list[Tensor] = []
    names = [name for name, _ in eyes.config.answers]
    for start in range(0, len(scenes), BATCH):
        part = scenes[start : start + BATCH]
        with torch.autocast("cpu", torch.bfloat16):
            video = tokenizer.decode(latents[start : start + BATCH]).clamp(-1, 1).float()
        logits, answers = eyes(eyes.prepare(video)), answer_indices(part, eyes.config)
        rights.append(torch.stack([logits[name].argmax(-1) == answers[:, i] for i, name in enumerate(names)], 1))
        asked.append(answers != UNASKED)
        sure.append(logits["kind"].softmax(-1).gather(1, answers[:, names.index("kind")][:, None]))
        if sheet is not None and start == 0:
            rows = [(dense_caption(scene), clip) for scene, clip in zip(part[:8], video, strict=False)]
            draw_sheet(rows, sheet, columns=5)
    right, counts = torch.cat(rights), torch.cat(asked)  # (N, questions) each
    shares = (right & counts).sum(0) / counts.sum(0).clamp(min=1)
    row = {name: 100 * float(share) for name, share in zip(names, shares, strict=True)}
    row["all"] = 100 * float((right | ~counts).all(1).float().mean())
    row["sure"] = 100 * float(torch.cat(sure).mean())
    row["spread"] = float(latents.std(0).mean() / teacher.std(0).mean())
    row["error"] = float((latents - teacher).square().mean())
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a run with the stages video, decoder and readout")
    parser.add_argument("--recipe", default="nano")
    parser.add_argument("--student", type=Path, action="append", default=[], help="folder of a stage `distil`")
    parser.add_argument("--steps", type=int, action="append", help="of the students; 4 by default")
    parser.add_argument("--undistilled", action="store_true", help="also the teacher itself in few steps")
    parser.add_argument("--way", choices=("straight", "fresh", "both"), default="both", help="of students")
    parser.add_argument("--shift", type=float, help="of the students' schedule; the recipe's by default")
    parser.add_argument("--count", type=int, default=100, help="held-out prompts")
    parser.add_argument("--cache", type=Path, help="file that keeps the teacher's latents between calls")
    parser.add_argument("--sheets", type=Path, help="folder for a sheet of each")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--train", metavar="VARIANT", help="train it (or go on) and do nothing else")
    parser.add_argument("--minutes", type=float, help="of --train")
    parser.add_argument("--training-steps", type=int, help="of --train, instead of minutes")
    parser.add_argument("--out", type=Path, default=Path("runs/losses"), help="folder for --train")
    given = parser.parse_args()
    recipe = find_recipe(given.recipe)
    if given.train:
        train_variant(recipe, given.run, given.train, given.minutes, given.training_steps, given.out)
        return
    sample = recipe.video_stage.sample
    tokenizer = load_tokenizer(recipe.tokenizer, given.run / "decoder")
    assert recipe.world is not None, "this benchmark needs a recipe of the backlot"
    eyes, scenes = load_readout(recipe.world, given.run / "readout"), held_out_scenes(recipe.world, given.count)
    shape = tokenizer.latent_shape(recipe.source.frames, recipe.source.height, recipe.source.width)
    teacher = load_denoiser(recipe, given.run / "video", "ema.")
    scale = sample.guidance.scale
    ways = {"straight": (False,), "fresh": (True,), "both": (False, True)}[given.way]
    cases: dict[str, tuple[int, Draw]] = {}  # calls of the network, and how to draw
    if given.undistilled:
        for steps in given.steps or [4]:
            cases[f"undistilled, {steps} guided"] = (2 * steps, many(teacher, recipe, steps, scale))
            cases[f"undistilled, {steps} unguided"] = (steps, many(teacher, recipe, steps, 1.0))
    for folder in given.student:
        student = load_denoiser(recipe, folder, "ema.student.")
        for steps in given.steps or [4]:
            for renoise in ways:
                name = f"{folder.name}, {steps} {'fresh' if renoise else 'straight'}"
                cases[name] = (steps, few(student, recipe, steps, given.shift or sample.shift, renoise))
    if given.cache is not None and given.cache.exists():
        wanted = load_file(given.cache)["latents"][: given.count]
    else:
        wanted = shoot(many(teacher, recipe, sample.steps, scale), scenes, shape)
        if given.cache is not None:
            save_file({"latents": wanted}, given.cache)
    rows: list[dict[str, str | float]] = []
    for name, calls, draw in [("teacher", 2 * sample.steps, None), *((n, c, d) for n, (c, d) in cases.items())]:
        began = time.perf_counter()
        latents = wanted if draw is None else shoot(draw, scenes, shape)
        took = time.perf_counter() - began
        path = given.sheets / f"{name.replace(', ', '_').replace(' ', '_')}.png" if given.sheets else None
        values = score(latents, wanted, tokenizer, eyes, scenes, path)
        rows.append({"case": name, "calls": calls, **values, "seconds a clip": took / len(scenes) if draw else "kept"})
    if given.json:
        print(json.dumps({"count": given.count, "rows": rows}, indent=1))
        return
    show(f"{given.recipe}, {given.count} held-out prompts, percent right", rows, width=160)


if __name__ == "__main__":
    main()
