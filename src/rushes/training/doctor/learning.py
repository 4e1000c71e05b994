"""Checks of learning: gradients, optimiser, schedule and average."""

from __future__ import annotations

import copy

import torch
import torch.nn as nn
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.training.checkpoint import load_tensors, read_header
from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient

SHORT = 2.0**-7  # a way that weights of 1 move: in bfloat16 a share of it is lost
OTHERS = ("tokenizer", "decoder", "distil", "readout")  # stages that no denoiser is examined of
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
    """One late update moves the average by 1 - decay of even a short way, and takes buffers as they are."""
    module, decay = nn.BatchNorm1d(4), patient.loop.ema
    late, long = patient.make_average(module, decay), patient.make_average(module, decay)
    with torch.no_grad():
        module.weight.add_(SHORT)
        module.state_dict()["running_mean"].fill_(5.0)
    late.update(module, 10**9)
    for step in range(1, 200):
        long.update(module, step)
    moved, reached = (float((a.average.state_dict()["weight"][0] - 1.0) / SHORT) for a in (late, long))
    buffer = float(late.average.state_dict()["running_mean"][0])
    measured = (
        f"an update moves it by {moved:.2e} of the way (1 - decay is {1 - decay:.2e}); after 199 steps it is "
        f"at {reached:.0%}"
    )
    remedy = "average = decay * average + (1 - decay) * weights, in float32; copy buffers"
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


def other_stages_are_sound(patient: Patient) -> Finding:
    """Weights of tokenizer, decoder, distil and readout are finite, their averages alive, their steps counted."""
    cases, told = [], []
    for stage in OTHERS:
        path = patient.folder / stage / "checkpoint.safetensors"
        if not path.exists():
            continue
        header, raw, average = read_header(path), load_tensors(path, "model."), load_tensors(path, "ema.")
        step = int(header["state"]["step"])
        broken = [name for kept in (raw, average) for name, value in kept.items() if not value.isfinite().all()]
        begun = _beginning(patient, stage)
        moved = [name for name in begun if not torch.equal(begun[name], raw[name])]
        dead = bool(moved) and all(torch.equal(begun[name], average[name]) for name in moved)
        copied = step > 2 and all(torch.equal(average[name], raw[name]) for name in raw)
        counted = {int(group["t"]) for group in header["groups"] if "t" in group} or {step}
        told.append(f"{stage} {step} steps, {len(broken)} tensors with NaN or infinity")
        remedy = "call Ema.update after each step with the module that is trained, and save what it holds"
        cases += [
            (bool(broken), f"{told[-1]}: {broken[:2]}", "the stage has diverged", "train it again at a lower rate"),
            (dead, told[-1], "its average is still where the stage began: what it learned is not used", remedy),
            (copied, told[-1], "its average is a copy of the last weights: nothing is averaged", remedy),
            (
                counted != {step},
                f"{told[-1]}, {sorted(counted)} counted by its optimiser",
                "the optimiser began anew when the stage was resumed",
                "restore the optimiser's state when a run is resumed",
            ),
        ]
    need(told, "there is no other stage in this run")
    return first_found(cases, "; ".join(told))


def _beginning(patient: Patient, stage: str) -> dict[str, Tensor]:
    """The weights that a stage began with, by their names in it, where another stage's average holds them."""
    before, inner = {"decoder": ("tokenizer", ""), "distil": ("video", "student.")}.get(stage, ("", ""))
    path = patient.folder / before / "checkpoint.safetensors"
    if not before or not path.exists():
        return {}
    return {inner + name: value for name, value in load_tensors(path, "ema.").items()}
