"""A dense denoiser, a mixture of experts and an upcycled one at equal FLOPs, on latents of `nano`.

`python bench/experts.py` trains what is missing (Ctrl+C saves; the same command goes on) and prints the losses.
It needs the latents of `nano`: `rushes train nano --stage tokenizer`, then `--stage latents`. For each seed:
- dense: from nothing to the end; halfway its weights are kept;
- experts: a mixture from nothing, of which a token takes as many channels as the dense MLP has;
- upcycled: the same mixture from the dense weights halfway, in virtual groups;
- restarted: the dense weights halfway, with an optimiser anew as the upcycled one's.
All see the same clips and noise by step, and the same schedule of the learning rate.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tables import show
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.diffusion.timesteps import draw_sigmas
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import DenoiserConfig
from rushes.model.flops import denoiser_flops
from rushes.model.upcycle import upcycle, upcycled_config
from rushes.recipes.nano import recipe
from rushes.training.chart import COLOURS, Axes, Series, draw_chart
from rushes.training.latents import SHARD, LatentBatch, Latents
from rushes.training.loop import LoopConfig, Run, open_run, train
from rushes.training.optimiser import OptimiserConfig

DENSE = DenoiserConfig(channels=48, width=96, layers=4, heads=2, hidden=256, text_width=96)
COPIES, SHARDS = 4, 2  # of the dense MLP, and of each copy
MIXED = upcycled_config(DENSE, copies=COPIES, active=SHARDS, shards=SHARDS)
BALANCE = 0.01  # weight of the balance loss
CLIPS, HELD = 64, 4  # pictures a step; last shards of the cache, never trained on
DECAY = 0.35  # last share of the whole, over which the rate falls
ARMS = ("dense", "experts", "upcycled", "restarted")


def objective(module: Any, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
    clean = batch.latents.to(generator.device)
    sigma = draw_sigmas(len(clean), generator)
    noise = torch.randn(clean.shape, generator=generator, device=clean.device)
    loss = flow_loss(
        module(interpolate(clean, noise, sigma), sigma, module.encode(batch.captions)), clean, noise
    ).mean()
    balance = module.denoiser.balance()
    return {"loss": loss + BALANCE * balance, "flow": loss, "balance": balance}


def train_arm(arm: str, seed: int, steps: int, folder: Path, out: Path) -> bool:
    """Train or resume one arm in `out`/<arm>-<seed>; False when it was interrupted."""
    key = json.loads((folder / "key.json").read_text())["key"]
    whole = Latents(folder, key)
    cache = Latents(folder, key, shards=whole.shards - HELD, seed=seed)
    half, late = out / f"dense-{seed}" / "half.safetensors", arm in ("upcycled", "restarted")
    text = replace(recipe().full_text(), width=DENSE.text_width)
    torch.manual_seed(seed)
    model = ConditionedDenoiser(MIXED if arm in ("experts", "upcycled") else DENSE, text)
    if late:
        kept = load_file(half)
        model.load_state_dict(upcycle(kept, copies=COPIES, shards=SHARDS, seed=seed) if arm == "upcycled" else kept)
    else:
        some = torch.from_numpy(np.stack([cache.clip(i)[0] for i in range(SHARD)])).float()
        model.denoiser.deviations.copy_(some.std((0, 1, 3, 4)))
    begin = steps // 2 if late else 0
    optimiser = OptimiserConfig(weight_decay=0.1, warmup=20, decay=DECAY * steps / (steps - begin), lr=1e-3)
    every = max(1, steps // 20)
    loop = LoopConfig(steps=steps - begin, seed=seed, sample_every=every, optimiser=optimiser, log_every=every)
    run = open_run(out / f"{arm}-{seed}", model, loop, {"arm": arm})

    def look(run: Run) -> None:
        losses = held_out(run.module, whole)
        row = {"step": begin + run.step, "loss": float(losses.mean()), "load": largest_load(run.module)}
        with (run.folder / "held_out.jsonl").open("a") as file:
            file.write(json.dumps(row) + "\n")
        np.save(run.folder / "losses.npy", losses.numpy())
        if arm == "dense" and run.step == steps // 2:
            save_file({name: value.contiguous() for name, value in run.module.state_dict().items()}, half)

    if run.step == 0:
        (run.folder / "held_out.jsonl").unlink(missing_ok=True)
        look(run)
    return train(run, objective, lambda step: cache.batch(begin + step, CLIPS), loop, callback=look)


@torch.no_grad()
def held_out(module: Any, whole: Latents) -> Tensor:
    """The loss of each picture held out (pictures,), at one noise level each; the same noise for every arm."""
    generator = torch.Generator().manual_seed(7)
    count, losses = HELD * SHARD, []
    sigmas = torch.sigmoid(torch.special.ndtri((torch.randperm(count, generator=generator) + 0.5) / count))
    for begin in range(0, count, SHARD):
        clips = [whole.clip(len(whole) - count + begin + i) for i in range(SHARD)]
        clean = torch.from_numpy(np.stack([latents for latents, _ in clips])).float()
        noise, sigma = torch.randn(clean.shape, generator=generator), sigmas[begin : begin + SHARD]
        text = module.encode([sentences[0] for _, sentences in clips])
        losses.append(flow_loss(module(interpolate(clean, noise, sigma), sigma, text), clean, noise))
    return torch.cat(losses)


def largest_load(module: Any) -> float:
    """Share of its choices that the busiest expert of any block got, times the number of experts: 1 is even."""
    load = module.denoiser.load()
    return float(load.max() * load.shape[1]) if load.numel() else 1.0


def rows(out: Path, arm: str, seed: int) -> list[dict[str, float]]:
    return [json.loads(line) for line in (out / f"{arm}-{seed}" / "held_out.jsonl").read_text().splitlines()]


def draw(out: Path, seeds: int, picture: Path) -> None:
    """Held-out loss by step, all arms and seeds."""
    runs = [(arm, seed) for arm in ARMS for seed in range(seeds)]
    lines = [(arm, seed, [(r["step"], r["loss"]) for r in rows(out, arm, seed)][1:]) for arm, seed in runs]
    last = max(step for _, _, line in lines for step, _ in line)
    top = max(loss for _, _, line in lines for step, loss in line if step >= last // 5)
    series = [
        Series(points=line, label="" if seed else arm, colour=COLOURS[ARMS.index(arm)]) for arm, seed, line in lines
    ]
    axes = Axes(title="held-out loss", x="steps", y="loss", log_y=True, size=(640, 360), top=top)
    picture.parent.mkdir(parents=True, exist_ok=True)
    draw_chart(series, axes).save(picture)


def report(out: Path, seeds: int) -> list[dict[str, Any]]:
    made = []
    for seed in range(seeds):
        dense = np.load(out / f"dense-{seed}" / "losses.npy")
        for arm in ARMS:
            losses, last = np.load(out / f"{arm}-{seed}" / "losses.npy"), rows(out, arm, seed)[-1]
            gain = dense - losses  # picture by picture, at the same noise
            error = 1.96 * gain.std(ddof=1) / len(gain) ** 0.5
            config = DENSE if arm in ("dense", "restarted") else MIXED
            model = ConditionedDenoiser(config, replace(recipe().full_text(), width=DENSE.text_width))
            made.append(
                {
                    "arm": arm,
                    "seed": seed,
                    "parameters": sum(p.numel() for p in model.denoiser.parameters()),
                    "mflops_a_picture": round(denoiser_flops(config, 28, 16) / 1e6, 1),
                    "held_out_loss": round(last["loss"], 5),
                    "below_dense_percent": round(100 * float(gain.mean() / dense.mean()), 2),
                    "interval_percent": round(100 * float(error / dense.mean()), 2),
                    "busiest_expert": round(last["load"], 2),
                }
            )
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latents", type=Path, default=Path("runs/nano/latents/1"))
    parser.add_argument("--out", type=Path, default=Path("runs/experts"), help="folder of the runs")
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--picture", type=Path, help="where the picture of the curves goes (.png)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for seed in range(given.seeds):
        for arm in ARMS:
            if not train_arm(arm, seed, given.steps, given.latents, given.out):
                return 130
    found = report(given.out, given.seeds)
    if given.picture:
        draw(given.out, given.seeds, given.picture)
    if given.json:
        print(json.dumps({"steps": given.steps, "clips": CLIPS, "rows": found}, indent=1))
        return 0
    show(f"{given.steps} steps of {CLIPS} pictures", found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
