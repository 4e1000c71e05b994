"""Checks of the loop: a few real steps rehearsed, in one go, and broken off and resumed."""

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

from rushes.training.curves import read_log
from rushes.training.doctor.finding import Finding, first_found, verdict
from rushes.training.doctor.patient import Patient, parameters
from rushes.training.latents import LatentBatch

STEPS, BREAK = 4, 2  # of the rehearsal, and the step at which its second part is broken off


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """A few steps of the real loop, once in one go and once broken off and resumed."""

    begun: Tensor  # weights before
    whole: Tensor  # weights after, in one go
    resumed: Tensor  # weights after, broken off and resumed
    average: Tensor  # averaged weights after
    average_resumed: Tensor
    rows: list[dict[str, Any]]
    applied: list[float]  # rate of each group of the optimiser at the end
    asked: list[int]  # steps of whose data the resumed run asked for after it was resumed
    leftovers: float  # largest gradient found before a step began
    draws: list[float]  # first number that each step's generator gave
    other: list[float]  # the same under another seed
    uphill: float  # cosine between the first step under that seed and the gradient of its loss


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
    gradient: list[Tensor] = []  # of the last loss

    def watched(module: nn.Module, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
        leftovers.extend(float(p.grad.abs().max()) for p in module.parameters() if p.grad is not None)
        state = generator.get_state()
        draws.append(float(torch.rand((), generator=generator)))
        generator.set_state(state)
        values, trained = objective(module, batch, generator), list(module.parameters())
        found = torch.autograd.grad(values["loss"], trained, retain_graph=True, materialize_grads=True)
        gradient[:] = [torch.cat([each.flatten() for each in found])]
        return values

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
        other = patient.open_run(folder / "other", module(), elsewhere, {})
        patient.train(other, watched, data, elsewhere)
    patient.memo["rehearsal"] = Rehearsal(
        begun=begun,
        whole=parameters(whole.module),
        resumed=parameters(again.module),
        average=parameters(whole.ema.average),
        average_resumed=parameters(again.ema.average),
        rows=rows,
        applied=[float(group["lr"]) for group in whole.optimiser.param_groups],
        asked=resumed_at,
        leftovers=max(leftovers),
        draws=seen,
        other=list(draws),
        uphill=float(torch.cosine_similarity(parameters(other.module) - begun, gradient[0], dim=0)),
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
    """A few real steps move weights and average downhill, at the scheduled rate, each by its own gradient and noise."""
    run = rehearse(patient)
    way = float((run.whole - run.begun).norm())
    average = float((run.average - run.begun).norm())
    config = patient.loop.optimiser
    rates = [float(row["lr"]) for row in run.rows]
    expected = [patient.learning_rate(config, step, step / STEPS) for step in range(STEPS)]
    off = max((abs(a - b) / max(b, 1e-12) for a, b in zip(rates, expected, strict=False)), default=0.0)
    unset = [rate for rate in run.applied if abs(rate - expected[-1]) > 1e-6 * expected[-1]]
    measured = (
        f"weights moved by {way:.2e}, the average by {average:.2e}; leftover gradient {run.leftovers:.1e}; "
        f"{len(set(run.draws))} of {len(run.draws)} steps drew other noise; cosine of a step and its gradient "
        f"{run.uphill:+.2f}"
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
            (
                bool(unset),
                f"{len(unset)} of {len(run.applied)} groups of the optimiser have a rate of {unset[:1]}, scheduled is "
                f"{expected[-1]:.2e}",
                "the schedule is logged but does not reach the optimiser: no warm-up, no decay",
                "set the rate of each group before the step",
            ),
            (
                run.uphill >= 0,
                measured,
                "steps do not go down the gradient of the loss: its sign, or the parameters, are mixed up",
                "see how the loss reaches backward(), and the optimiser's sign",
            ),
        ],
        measured,
    )
