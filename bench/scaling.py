"""Scaling: denoisers of growing size, the fit of loss against compute, and how far its prediction misses.

`python bench/scaling.py` trains every run that is missing (Ctrl+C saves; the same command goes on), fits the law to all
sizes but the last, says what the last will reach, trains it and prints the miss. It needs the latents of `nano`:
`rushes train nano --stage tokenizer`, then `--stage latents`. All but the size is the same for all: tokens a parameter,
clips a step, optimiser; held-out clips, noise and noise levels of the evaluation.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from tables import show
from torch.utils.flop_counter import FlopCounterMode

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import PATCH, DenoiserConfig
from rushes.model.tokenizer import TIME
from rushes.recipes.nano import recipe
from rushes.runs_command import law_lines
from rushes.training.denoiser_stage import DenoiserStage, denoiser_objective
from rushes.training.latents import SHARD, LatentBatch, Latents
from rushes.training.loop import LoopConfig, Run, open_run, train
from rushes.training.optimiser import OptimiserConfig
from rushes.training.scaling_fit import Law, Point, draw_fit, fit_compute, fit_size_and_data, predict

WIDTHS = (40, 48, 56, 64, 80)  # of the sizes fitted, two seeds each
NEXT = 96  # width of the size predicted
LONGER = ((40, 2.0), (40, 4.0), (48, 2.0))  # (width, budget): runs that tell size and tokens apart
CLIPS = 32  # a step; of each, one latent frame is shown
RATIO = 0.7  # tokens a parameter at budget 1
HELD = 4  # last shards of the cache, never trained on
FPS = 8.0  # frames a second of the clips
TITLE = "held-out loss of the velocity"  # of tables


@dataclass(frozen=True, kw_only=True)
class Size:
    width: int  # channels of a token; layers, heads and words grow with it
    seed: int = 0  # of weights, order of the clips and noise
    budget: float = 1.0  # tokens, as a multiple of RATIO x parameters

    @property
    def name(self) -> str:
        return f"{self.width}-seed{self.seed}-x{self.budget:g}"

    def model(self) -> ConditionedDenoiser:
        d, nano = self.width, recipe()
        layers, hidden = d // 16, round(d * 8 / 3 / 16) * 16
        heads = next(heads for heads in (layers, layers + 1) if d % heads == 0)
        shape = DenoiserConfig(channels=48, width=d, layers=layers, heads=heads, hidden=hidden, text_width=d)
        torch.manual_seed(self.seed)
        return ConditionedDenoiser(shape, replace(nano.full_text(), width=d))


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came out of a run."""

    width: int
    seed: int
    budget: float
    parameters: int  # without tables of words and places
    tokens: int  # of pictures trained on
    flops: float  # of training
    loss: float  # on held-out clips

    @property
    def point(self) -> Point:
        return Point(loss=self.loss, flops=self.flops, parameters=self.parameters, tokens=self.tokens)


TABLES = ("encoder.words.", "encoder.places.")  # looked up, not multiplied with


def caches(folder: Path) -> tuple[Latents, Latents]:
    """The cache of latents in `folder`, once without the shards held out and once whole."""
    key = json.loads((folder / "key.json").read_text())["key"]
    whole = Latents(folder, key)
    return Latents(folder, key, shards=whole.shards - HELD), whole


def train_size(size: Size, latents: Path, out: Path) -> Result | None:
    """Train or resume a run in `out`; None when it was interrupted."""
    done = out / size.name / "result.json"
    if done.exists():
        return Result(**json.loads(done.read_text()))
    cache, whole = caches(latents)
    cache.seed = size.seed
    model = size.model()
    model.denoiser.deviations.copy_(deviations(cache))
    parameters, steps, tokens, flops = plan(size, model, cache)
    optimiser = OptimiserConfig(lr=1e-3, muon=0.02, weight_decay=0.1, warmup=20, decay=0.9)
    loop = LoopConfig(steps=steps, seed=size.seed, ema=0.99, optimiser=optimiser)
    notes = {"recipe": "scaling", "size": asdict(size), "parameters": parameters}
    run = open_run(out / size.name, model, loop, notes)
    if not train(run, denoiser_objective(DenoiserStage(), TIME / FPS), lambda step: moment(cache, size, step), loop):
        return None
    loss = held_out_loss(run, whole)
    result = Result(**asdict(size), parameters=parameters, tokens=tokens, flops=flops, loss=loss)
    done.write_text(json.dumps(asdict(result), indent=1))
    return result


def plan(size: Size, model: ConditionedDenoiser, cache: Latents) -> tuple[int, int, int, float]:
    """Parameters, steps, tokens and FLOPs of a run: tokens in proportion to parameters."""
    parameters = sum(p.numel() for name, p in model.named_parameters() if not name.startswith(TABLES))
    batch = moment(cache, size, 0)
    rows, columns = batch.latents.shape[-2:]
    a_step = CLIPS * rows * columns // PATCH**2  # tokens
    steps = round(size.budget * RATIO * parameters / a_step)
    return parameters, steps, steps * a_step, steps * flops_of_step(model, batch)


def target_point(size: Size, latents: Path) -> Point:
    """Everything but the loss of a run that is yet to be trained."""
    parameters, _, tokens, flops = plan(size, size.model(), caches(latents)[0])
    return Point(loss=0.0, flops=flops, parameters=parameters, tokens=tokens)


def moment(cache: Latents, size: Size, step: int) -> LatentBatch:
    """The batch of a step: one latent frame, the same in all clips."""
    clips = cache.batch(step, CLIPS)
    return clips.moment(int(np.random.default_rng([size.seed, step, 13]).integers(clips.latents.shape[1])))


def deviations(cache: Latents) -> torch.Tensor:
    """Deviation (C,) of each channel."""
    some = torch.from_numpy(np.stack([cache.clip(index)[0] for index in range(SHARD)])).float()
    return some.std((0, 1, 3, 4))


def flops_of_step(model: ConditionedDenoiser, batch: LatentBatch) -> float:
    """Multiplications and additions of one step, forward and back, without the optimiser."""
    with FlopCounterMode(display=False) as counter:
        generator = torch.Generator().manual_seed(0)
        denoiser_objective(DenoiserStage(), TIME / FPS)(model, batch, generator)["loss"].backward()
    model.zero_grad(set_to_none=True)
    return float(counter.get_total_flops())


@torch.no_grad()
def held_out_loss(run: Run, whole: Latents) -> float:
    """The loss on each clip held out, at one moment and two noise levels; the same noise for every run."""
    model: Any = run.module.eval()
    device = next(model.parameters()).device
    total, count = 0.0, HELD * SHARD
    first = len(whole) - count
    generator = torch.Generator().manual_seed(7)
    for turn in range(2):
        levels = (torch.randperm(count, generator=generator) + 0.5) / count
        sigmas = torch.sigmoid(torch.special.ndtri(levels))  # logit-normal, as in training, without its luck
        for begin in range(0, count, SHARD):
            clips = [whole.clip(first + begin + i) for i in range(SHARD)]
            frame = (begin // SHARD + turn) % len(clips[0][0])
            clean = torch.from_numpy(np.stack([latents[frame : frame + 1] for latents, _ in clips])).float()
            captions = [sentences[0] for _, sentences in clips]
            noise = torch.randn(clean.shape, generator=generator).to(device)
            clean, sigma = clean.to(device), sigmas[begin : begin + SHARD].to(device)
            velocity = model(interpolate(clean, noise, sigma), sigma, model.encode(captions), start=frame * TIME / FPS)
            total += float(flow_loss(velocity, clean, noise).sum())
    return total / (2 * count)


def rows(results: list[Result], law: Law) -> list[dict[str, float]]:
    told = []
    for r in sorted(results, key=lambda r: (r.flops, r.seed)):
        said = law(flops=r.flops)
        amounts = {"width": r.width, "parameters": r.parameters, "tokens": r.tokens, "FLOPs": r.flops}
        told.append(amounts | {"seed": r.seed, "loss": r.loss, "law": said, "percent_off": 100 * (r.loss / said - 1)})
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latents", type=Path, default=Path("runs/nano/latents/17"))
    parser.add_argument("--out", type=Path, default=Path("runs/scaling"), help="folder of the runs")
    parser.add_argument("--widths", type=int, nargs="*", default=WIDTHS, help="of the sizes fitted")
    parser.add_argument("--next", type=int, default=NEXT, help="width of the size predicted, then trained")
    parser.add_argument("--seeds", type=int, default=2, help="runs of each size fitted")
    parser.add_argument("--longer", action="store_true", help="also fit L(N, D), with runs of more tokens")
    parser.add_argument("--picture", type=Path, help="where the picture of the fit goes (.png)")
    given = parser.parse_args()
    torch.set_num_threads(1)
    sizes = [Size(width=width, seed=seed) for width in given.widths for seed in range(given.seeds)]
    found = [train_size(size, given.latents, given.out) for size in sizes]
    results = [result for result in found if result is not None]
    if len(results) < len(sizes):
        return 130
    console = Console()
    points = [result.point for result in results]
    law = fit_compute(points)
    show(TITLE, rows(results, law))
    target = target_point(Size(width=given.next), given.latents)
    foretold = {"L(C)": predict(law, points, target)}
    lines = law_lines(law, foretold["L(C)"])
    if given.longer:
        more = [train_size(Size(width=w, budget=b), given.latents, given.out) for w, b in LONGER]
        show(TITLE, rows([result for result in more if result is not None], law))
        both = [*points, *(result.point for result in more if result is not None)]
        of_both = fit_size_and_data(both)
        foretold["L(N, D)"] = predict(of_both, both, target)
        lines += law_lines(of_both, foretold["L(N, D)"])
    for line in lines:
        console.print(line, highlight=False)
    reached = train_size(Size(width=given.next), given.latents, given.out)
    if reached is None:
        return 130
    for name, said in foretold.items():
        inside = "inside" if said.low <= reached.loss <= said.high else "outside"
        miss = f"{reached.loss / said.loss - 1:+.2%}"
        console.print(f"width {given.next} reached {reached.loss:.4f}: {name} missed by {miss}, {inside} its interval")
    if given.picture:
        title = "nano's denoiser: loss against compute"
        draw_fit(points, law, foretold["L(C)"], given.picture, measured=[reached.point], title=title)
    return 0


if __name__ == "__main__":
    sys.exit(main())
