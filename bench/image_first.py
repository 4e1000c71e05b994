"""Image first or video from nothing, at equal compute: `python bench/image_first.py --run runs/nano`.

Two denoisers of one size, one seed and equal FLOPs on the latents of a run: one learns pictures, then clips from those
weights; the other clips alone, for as many steps more as the pictures cost. Both are scored on held-out clips: loss of
the velocity on the same noise and levels, and what the run's read-out names in clips drawn from held-out prompts.
With `--moments` every other video step shows one latent frame of each of many clips, as the recipe has it.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import torch
from tables import show

from rushes.backlot.captions import dense_caption
from rushes.diffusion.flow import flow_loss, interpolate
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.flops import denoiser_flops
from rushes.recipes.nano import recipe as nano
from rushes.training.chart import COLOURS, Axes, Series, draw_chart
from rushes.training.checkpoint import fill, finished
from rushes.training.curves import read_log
from rushes.training.denoiser_stage import DenoiserStage, sample_video, train_denoiser
from rushes.training.evaluate import held_out_scenes
from rushes.training.questions import answer_indices
from rushes.training.readout_stage import load_readout
from rushes.training.recipe import Recipe
from rushes.training.tokenizer_stage import load_tokenizer

CLIPS = 256  # held-out clips whose loss is taken
PROMPTS = 48  # held-out prompts that are drawn
WORDS = 20  # of a caption, for the count of FLOPs


def small(recipe: Recipe, steps: int, moments: bool, seed: int) -> Recipe:
    """The recipe with a denoiser that learns in minutes, and stages of `steps` steps."""
    image, video = recipe.image_stage, recipe.video_stage
    loop = replace(image.loop, steps=steps, seed=seed, compile=False, sample_every=10**9)
    return replace(
        recipe,
        denoiser=replace(recipe.denoiser, width=96, layers=6, heads=3, hidden=256),
        image_stage=replace(image, loop=loop),
        video_stage=replace(video, loop=loop, moments=video.moments if moments else 0),
    )


def step_flops(recipe: Recipe, stage: DenoiserStage) -> float:
    """FLOPs of a step of a stage, averaged over its kinds of steps."""
    latents = (recipe.source.height // recipe.tokenizer.cell, recipe.source.width // recipe.tokenizer.cell)
    cell = recipe.denoiser.patch**2

    def cost(frames: int, clips: int) -> float:
        tokens = frames * latents[0] * latents[1] // cell
        return 3.0 * clips * denoiser_flops(recipe.denoiser, tokens, WORDS)

    (frames, clips), *_ = stage.shapes
    whole = cost((frames - 1) // recipe.tokenizer.time + 1, clips)
    return 0.5 * whole + 0.5 * cost(1, stage.moments) if stage.moments else whole


@torch.no_grad()
def score(recipe: Recipe, run: Path, folder: Path) -> dict[str, float]:
    """Held-out loss, and shares of right answers, of the averaged weights in `folder`."""
    module = ConditionedDenoiser(recipe.denoiser, recipe.full_text())
    fill(module, finished(folder), "ema.")
    module.eval()
    tokenizer, source, generator = load_tokenizer(recipe.tokenizer, run / "tokenizer"), recipe.source, torch.Generator()
    total, seconds = 0.0, recipe.tokenizer.time / source.fps
    for step in range(CLIPS // 32):
        batch = source.clips("test")(step, 32, source.frames)
        with torch.autocast("cpu", torch.bfloat16):
            clean = tokenizer.encode(tokenizer.shrink(batch.video))
            noise = torch.randn(clean.shape, generator=generator.manual_seed(step))
            sigma = (torch.arange(32) + 0.5) / 32
            found = module(interpolate(clean, noise, sigma), sigma, module.encode(batch.captions), seconds=seconds)
        total += float(flow_loss(found, clean, noise).sum())
    assert recipe.world is not None
    eyes, scenes = load_readout(recipe.world, run / "readout"), held_out_scenes(recipe.world, PROMPTS)
    prompts = [dense_caption(scene) for scene in scenes]
    drawn = sample_video(module, tokenizer, prompts, source, source.frames, recipe.video_stage.sample)
    said, right = eyes(eyes.prepare(drawn)), answer_indices(scenes, eyes.config)
    names = [name for name, _ in eyes.config.answers]
    shares = {
        name: float((said[name].argmax(-1) == right[:, names.index(name)]).float().mean())
        for name in ("kind", "color", "set", "motion")
    }
    return {"loss": total / CLIPS, **shares}


def draw(out: Path, pictures: float, clip_step: float, picture: Path) -> None:
    """Training loss on clips by compute. `pictures`: FLOPs of the image stage; `clip_step`: of a step on clips."""
    lines = {"images first, then clips": ("video", pictures), "clips alone": ("alone", 0.0)}
    series = [
        Series(
            points=[(begun + row["step"] * clip_step, row["loss"]) for row in read_log(out / stage / "log.jsonl")],
            label=label,
            colour=colour,
        )
        for (label, (stage, begun)), colour in zip(lines.items(), COLOURS, strict=False)
    ]
    title = "nano's kind of denoiser: loss on clips (mean of 10 steps)"
    picture.parent.mkdir(parents=True, exist_ok=True)
    draw_chart(series, Axes(title=title, x="FLOPs of training", y="loss", size=(640, 360))).save(picture)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--run", type=Path, default=Path("runs/nano"), help="its tokenizer, latents and read-out are used"
    )
    parser.add_argument("--steps", type=int, default=300, help="of pictures, and as many of clips after them")
    parser.add_argument("--moments", action="store_true", help="video steps as the recipe has them")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("runs/image_first"), help="folder of both runs; resumable")
    parser.add_argument("--picture", type=Path, help="where the picture of the losses goes (.png)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    torch.set_num_threads(1)
    recipe = small(nano(), given.steps, given.moments, given.seed)
    tokenizer = load_tokenizer(recipe.tokenizer, given.run / "tokenizer")
    cost = {name: step_flops(recipe, stage) for name, stage in (("i", recipe.image_stage), ("v", recipe.video_stage))}
    longer = given.steps + round(given.steps * cost["i"] / cost["v"])
    out = given.out / f"{given.steps}_{given.seed}{'_moments' if given.moments else ''}"
    shared = (recipe.denoiser, recipe.full_text(), tokenizer, recipe.source, given.run / "latents")
    video = recipe.video_stage
    done = (
        train_denoiser(recipe.image_stage, *shared, out / "image")
        and train_denoiser(video, *shared, out / "video", start=out / "image")
        and train_denoiser(replace(video, loop=replace(video.loop, steps=longer)), *shared, out / "alone")
    )
    if not done:
        raise SystemExit(130)
    if given.picture:
        draw(out, given.steps * cost["i"], cost["v"], given.picture)
    ways = {"image first": ("video", given.steps), "video from nothing": ("alone", longer)}
    rows = [
        {
            "way": way,
            "picture_steps": given.steps if stage == "video" else 0,
            "clip_steps": steps,
            "flops": (given.steps * cost["i"] if stage == "video" else 0) + steps * cost["v"],
            **score(recipe, given.run, out / stage),
        }
        for way, (stage, steps) in ways.items()
    ]
    if given.json:
        print(json.dumps(rows, indent=1))
        return
    show(f"Equal compute, seed {given.seed}{', moments' if given.moments else ''}", rows)


if __name__ == "__main__":
    main()
