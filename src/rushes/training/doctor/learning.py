"""Checks of learning: gradients, optimiser, average and loop, with a few real steps rehearsed."""

from __future__ import annotations

import contextlib
import copy
import io
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.training.curves import read_log
from rushes.training.doctor.finding import Finding, first_found, verdict
from rushes.training.doctor.patient import Patient, parameters
from rushes.training.latents import LatentBatch

STEPS, BREAK = 4, 2  # of the rehearsal, and the step at which its second part is broken off
EXTREMES = (0.0, 1e-4, 0.5, 0.9999, 1.0)  # levels of noise


def bf16_is_finite(patient: Patient) -> Finding:
    """Loss and gradients are finite in bfloat16 (and float32) on real clips from sigma 0 to sigma 1."""
    module = copy.deepcopy(patient.model("raw")).requires_grad_(True)
    batch = patient.batch(2)
    noise = torch.randn(batch.latents.shape, generator=torch.Generator().manual_seed(0))
    bad, worst, values = [], 0.0, {}
    device = next(module.parameters()).device
    for half in (True, False):
        for level in EXTREMES:
            sigma = torch.full((len(noise),), level)
            with torch.autocast(device.type, torch.bfloat16, enabled=half):
                text = module.encode(batch.captions)
                out = module(interpolate(batch.latents, noise, sigma), sigma, text, seconds=patient.seconds())
                loss = flow_loss(out, batch.latents, noise).mean()
            module.zero_grad()
            loss.backward()
            norm = torch.stack([p.grad.norm() for p in module.parameters() if p.grad is not None]).norm()
            values[half, level] = float(loss.detach())
            if not (torch.isfinite(loss) and torch.isfinite(norm)):
                bad.append(
                    f"{'bfloat16' if half else 'float32'} at sigma {level:g}: "
                    f"loss {values[half, level]:.3g}, gradient {float(norm.detach()):.3g}"
                )
    if not bad:
        worst = max(abs(values[True, s] - values[False, s]) / max(values[False, s], 1e-3) for s in EXTREMES)
    return first_found(
        [
            (
                bool(bad),
                bad[0] if bad else "",
                "training will break as soon as such a level is drawn",
                "look for a division by sigma or 1 - sigma, a root or a logarithm at 0, and do it in float32",
            ),
            (
                worst > 0.2,
                f"losses in bfloat16 and float32 differ by {worst:.0%}",
                "bfloat16 is too coarse somewhere",
                "find the layer that needs float32 (norms, softmax, sums over many)",
            ),
        ],
        f"finite at sigma {EXTREMES[0]:g} to {EXTREMES[-1]:g}; bfloat16 differs by {worst:.1%}",
    )


def gradients_reach_all(patient: Patient) -> Finding:
    """Each trainable parameter gets a gradient from the objective on real clips; none is frozen."""
    module = copy.deepcopy(patient.model("raw")).requires_grad_(True).train()
    objective = patient.objective
    frozen = [name for name, p in module.named_parameters() if not p.requires_grad]
    for step in range(2):
        objective(module, patient.batch(8, step), torch.Generator().manual_seed(step))["loss"].backward()
    without = [n for n, p in module.named_parameters() if p.grad is None or not p.grad.any()]
    count = len(list(module.parameters()))
    named = ", ".join([*frozen, *without][:3])
    return verdict(
        bool(frozen or without),
        f"{len(without)} of {count} parameters get no gradient, {len(frozen)} are frozen"
        + (f": {named}" if named else ""),
        "they keep their first values for the whole run",
        "look for detach, no_grad or an unused branch between them and the loss",
    )


def optimiser_holds_all(patient: Patient) -> Finding:
    """The optimiser holds each parameter once; norms and biases are not decayed."""
    module = copy.deepcopy(patient.model("raw")).requires_grad_(True)
    optimiser = patient.make_optimiser(module, patient.loop.optimiser)
    held = [id(p) for group in optimiser.param_groups for p in group["params"]]
    names = {id(p): name for name, p in module.named_parameters()}
    missing = [name for key, name in names.items() if key not in held]
    decayed = [
        names[id(p)]
        for group in optimiser.param_groups
        if group.get("weight_decay")
        for p in group["params"]
        if p.ndim < 2 and id(p) in names
    ]
    measured = (
        f"{len(set(held))} of {len(names)} parameters in {len(optimiser.param_groups)} groups, "
        f"{len(held) - len(set(held))} twice, {len(decayed)} vectors decayed"
    )
    return first_found(
        [
            (
                bool(missing),
                f"{measured}; missing {', '.join(missing[:3])}",
                "they are never updated",
                "put every parameter that requires a gradient into a group",
            ),
            (
                len(held) != len(set(held)),
                measured,
                "they are updated twice a step",
                "put each parameter into one group",
            ),
            (
                bool(decayed),
                f"{measured}: {', '.join(decayed[:3])}",
                "weight decay pulls norms and biases to 0",
                "give parameters of one dimension a group without weight decay",
            ),
        ],
        measured,
    )


def checkpoint_fits(patient: Patient) -> Finding:
    """The checkpoint's optimiser holds what today's would, and has counted every step that the log tells of."""
    patient.model("raw")
    assert patient.stage is not None
    header = patient.states[patient.stage]
    optimiser = patient.make_optimiser(copy.deepcopy(patient.model("raw")).requires_grad_(True), patient.loop.optimiser)
    now = [len(group["params"]) for group in optimiser.param_groups]
    kept = [len(group["params"]) for group in header["groups"]]
    counted = {int(group["t"]) for group in header["groups"] if "t" in group} or {patient.steps}
    last = max((int(row["step"]) for row in patient.logs.get(patient.stage, [])), default=patient.steps)
    measured = (
        f"step {patient.steps}, optimiser has counted {sorted(counted)}, log ends at {last}; {sum(kept)} "
        f"parameters, {sum(now)} today"
    )
    return first_found(
        [
            (
                kept != now,
                measured,
                "the optimiser that trained held other parameters than today's",
                "see what is frozen or left out now or then",
            ),
            (
                counted != {patient.steps},
                measured,
                "the optimiser's count of steps was restarted: its moments began anew",
                "restore the optimiser's state when a run is resumed",
            ),
            (
                last > patient.steps + patient.loop.log_every or last < patient.steps - patient.loop.log_every,
                measured,
                "log and checkpoint are of different runs",
                "find which folder was copied over which",
            ),
        ],
        measured,
    )


def schedule_is_sane(patient: Patient) -> Finding:
    """The learning rate rises over its warm-up, never rises again, and ends at its floor."""
    config = patient.loop.optimiser
    total = max(20 * config.warmup, 1000)
    rates = torch.tensor(
        [patient.learning_rate(config, step, step / total) for step in range(total)], dtype=torch.float64
    )
    top = int(rates.argmax())
    rises = int((rates[config.warmup + 1 :] > rates[config.warmup : -1] * (1 + 1e-6)).sum())
    end, peak = float(rates[-1] / config.lr), float(rates.max() / config.lr)
    measured = f"peak {peak:.2f} of lr at step {top} of {total}, end {end:.3f} of it, {rises} rises after warm-up"
    wanted = 1.0 if config.decay == 0 else config.floor
    return verdict(
        rises > 0 or not 0.5 < peak <= 1 + 1e-6 or end > wanted + 0.05 or float(rates[0]) <= 0,
        measured,
        "the learning rate does not follow its configuration",
        "compare learning_rate with OptimiserConfig: warm-up by step, then down by progress",
    )


def average_follows(patient: Patient) -> Finding:
    """One late update moves the average by 1 - decay of the way, and takes buffers as they are."""
    module, decay = nn.BatchNorm1d(4), patient.loop.ema
    late, long = patient.make_average(module, decay), patient.make_average(module, decay)
    with torch.no_grad():
        module.weight.fill_(3.0)
        module.state_dict()["running_mean"].fill_(5.0)
    late.update(module, 10**9)
    for step in range(1, 200):
        long.update(module, step)
    moved, reached = (float((a.average.state_dict()["weight"][0] - 1.0) / 2.0) for a in (late, long))
    buffer = float(late.average.state_dict()["running_mean"][0])
    measured = (
        f"an update moves it by {moved:.2e} of the way (1 - decay is {1 - decay:.2e}); after 199 steps it is "
        f"at {reached:.0%}"
    )
    remedy = "average = decay * average + (1 - decay) * weights; copy buffers"
    return first_found(
        [
            (
                moved == 0 or reached < 0.1,
                measured,
                "the average is never updated: samples and shipped weights stay at the start",
                remedy,
            ),
            (
                abs(moved - (1 - decay)) > 0.05 * (1 - decay) + 1e-6,
                measured,
                "the average follows at another rate than its decay says",
                remedy,
            ),
            (
                abs(buffer - 5.0) > 1e-6,
                f"a buffer is {buffer:g} instead of 5",
                "buffers of the average stay at the start",
                remedy,
            ),
        ],
        measured,
    )


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A few steps of the real loop, once in one go and once broken off and resumed."""

    begun: Tensor  # weights before
    whole: Tensor  # weights after, in one go
    resumed: Tensor  # weights after, broken off and resumed
    average: Tensor  # averaged weights after
    average_resumed: Tensor
    rows: list[dict[str, Any]]
    asked: list[int]  # steps of whose data the resumed run asked for after it was resumed
    leftovers: float  # largest gradient found before a step began
    draws: list[float]  # first number that each step's generator gave
    other: list[float]  # the same under another seed


class _Broken(Exception):
    pass


def rehearse(patient: Patient) -> Rehearsal:
    """Train STEPS steps of a few clips twice; the second time broken off and resumed."""
    if "rehearsal" in patient.memo:
        done: Rehearsal = patient.memo["rehearsal"]
        return done
    config = replace(
        patient.loop,
        steps=STEPS,
        minutes=None,
        log_every=1,
        save_every=1e9,
        sample_every=10**9,
        device="cpu",
        compile=False,
        accumulate=1,
    )
    objective, asked, draws, leftovers = patient.objective, [], [], [0.0]

    def watched(module: nn.Module, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
        leftovers.extend(float(p.grad.abs().max()) for p in module.parameters() if p.grad is not None)
        state = generator.get_state()
        draws.append(float(torch.rand((), generator=generator)))
        generator.set_state(state)
        return objective(module, batch, generator)

    def data(step: int) -> LatentBatch:
        asked.append(step)
        return patient.batch(4, step)

    def broken(step: int) -> LatentBatch:
        if step >= BREAK:
            raise _Broken
        return patient.batch(4, step)

    def module() -> nn.Module:
        return copy.deepcopy(patient.model("raw")).requires_grad_(True)

    with tempfile.TemporaryDirectory() as name, contextlib.redirect_stdout(io.StringIO()):
        folder = Path(name)
        whole = patient.open_run(folder / "whole", module(), config, {})
        begun = parameters(whole.module).clone()
        patient.train(whole, watched, data, config)
        rows, seen = read_log(folder / "whole" / "log.jsonl"), list(draws)
        half = patient.open_run(folder / "half", module(), config, {})
        with contextlib.suppress(_Broken):
            patient.train(half, watched, broken, config)
        half.save()
        again = patient.open_run(folder / "half", module(), config, {})
        asked.clear()
        patient.train(again, watched, data, config)
        resumed_at = list(asked)
        draws.clear()
        elsewhere = replace(config, steps=1, seed=config.seed + 1)
        patient.train(patient.open_run(folder / "other", module(), elsewhere, {}), watched, data, elsewhere)
    patient.memo["rehearsal"] = Rehearsal(
        begun=begun,
        whole=parameters(whole.module),
        resumed=parameters(again.module),
        average=parameters(whole.ema.average),
        average_resumed=parameters(again.ema.average),
        rows=rows,
        asked=resumed_at,
        leftovers=max(leftovers),
        draws=seen,
        other=list(draws),
    )
    return rehearse(patient)


def resume_is_exact(patient: Patient) -> Finding:
    """A run broken off and resumed ends with the same bits as one in one go, on the data of the same steps."""
    run = rehearse(patient)
    apart = float((run.whole - run.resumed).abs().max())
    average = float((run.average - run.average_resumed).abs().max())
    measured = (
        f"after {STEPS} steps, resumed at {BREAK}: weights differ by {apart:.1e}, the average by "
        f"{average:.1e}; data of step {run.asked[:1]} came first"
    )
    return verdict(
        apart > 0 or average > 0 or run.asked[:1] != [BREAK],
        measured,
        "a resumed run is another run: something is not in the checkpoint, or begins anew",
        "save and restore weights, average, every moment of the optimiser and the step; seed each step by its number",
    )


def steps_do_their_work(patient: Patient) -> Finding:
    """A few real steps move the weights and the average, from gradients of their own, with noise of their own."""
    run = rehearse(patient)
    way = float((run.whole - run.begun).norm())
    average = float((run.average - run.begun).norm())
    config = patient.loop.optimiser
    rates = [float(row["lr"]) for row in run.rows]
    expected = [patient.learning_rate(config, step, step / STEPS) for step in range(STEPS)]
    off = max((abs(a - b) / max(b, 1e-12) for a, b in zip(rates, expected, strict=False)), default=0.0)
    measured = (
        f"weights moved by {way:.2e}, the average by {average:.2e}; leftover gradient {run.leftovers:.1e}; "
        f"{len(set(run.draws))} of {len(run.draws)} steps drew other noise"
    )
    return first_found(
        [
            (
                way == 0,
                measured,
                "steps do not change the weights",
                "call optimiser.step() on the parameters that are trained, at a rate above 0",
            ),
            (average == 0, measured, "the average is not updated by the loop", "call ema.update after each step"),
            (
                run.leftovers > 0,
                measured,
                "gradients of earlier steps are still there: they add up",
                "zero_grad after each step",
            ),
            (
                len(set(run.draws)) < len(run.draws),
                measured,
                "each step draws the same noise",
                "seed the generator by the step",
            ),
            (
                run.other[:1] == run.draws[:1],
                "another seed of the run drew the same noise",
                (
                    "the seed has no effect on noise: runs of different seeds are not independent (torch's CPU "
                    "generator takes only the low 32 bits of a seed)"
                ),
                "mix seed and step into 32 bits",
            ),
            (
                off > 1e-6,
                f"logged rates {rates}, scheduled {expected}",
                "the learning rate is not the scheduled one",
                "set the rate of each group before the step",
            ),
        ],
        measured,
    )
