"""What share of a device's arithmetic a training step uses (MFU): `python bench/mfu.py nano 1b --device cuda`.

Forward and backward of the flow-matching loss in bfloat16, without the optimiser. FLOPs are those of the model's
products, counted from its configuration, a training step as three forward passes: what is recomputed doesn't count.
The peak is the device's as its maker states it (--peak), or what one large product reaches here.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from tables import show
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.model.denoiser import Denoiser, DenoiserConfig
from rushes.model.flops import TRAINING, denoiser_flops
from rushes.recipes import mini, nano

WORDS = 32  # of a text


@dataclass(frozen=True, kw_only=True)
class Case:
    config: DenoiserConfig
    latents: tuple[int, int, int]  # latent frames, rows, columns
    clips: int  # a step

    @property
    def tokens(self) -> int:
        frames, rows, columns = self.latents
        return frames * rows * columns // self.config.patch**2


def cases() -> dict[str, Case]:
    block = DenoiserConfig(channels=16, width=2048, layers=1, heads=16, hidden=5632, text_width=1024)
    return {
        "nano": Case(config=nano.recipe().denoiser, latents=(5, 8, 14), clips=24),
        "mini": Case(config=mini.recipe().denoiser, latents=(13, 16, 28), clips=32),
        "1b": Case(config=block, latents=(13, 32, 56), clips=4),  # one block of a model of 1B, its ends included
    }


def measure(case: Case, device: torch.device, *, compiled: bool, repeats: int) -> float:
    """Seconds of a training step: the median after two to warm up."""
    model = Denoiser(case.config).to(device)
    if compiled:
        model.compile_blocks()
    frames, rows, columns = case.latents
    clean = torch.randn(case.clips, frames, case.config.channels, rows, columns, device=device)
    text = torch.randn(case.clips, WORDS, case.config.text_width, device=device)
    mask = torch.ones(case.clips, WORDS, dtype=torch.bool, device=device)
    noise, sigma = torch.randn_like(clean), torch.rand(case.clips, device=device)

    def step() -> None:
        with torch.autocast(device.type, torch.bfloat16):
            loss = flow_loss(model(interpolate(clean, noise, sigma), sigma, text, mask), clean, noise).mean()
        loss.backward()
        model.zero_grad()

    return timed(step, device, repeats)


def measure_peak(device: torch.device, repeats: int) -> float:
    """FLOPs a second of a product of two square matrices in bfloat16."""
    size = 8192 if device.type == "cuda" else 1024
    a, b = (torch.randn(size, size, device=device, dtype=torch.bfloat16) for _ in range(2))
    out: list[Tensor] = [a]

    def step() -> None:
        out[0] = a @ b

    return 2 * size**3 / timed(step, device, repeats)


def timed(step: Callable[[], None], device: torch.device, repeats: int) -> float:
    seconds = []
    for turn in range(repeats + 2):
        began = time.perf_counter()
        step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        if turn >= 2:
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", default=["nano"], help="nano, mini, 1b")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--peak", type=float, help="TFLOP/s of the device in bfloat16; without it, it is measured")
    parser.add_argument("--clips", type=int, help="clips a step, in place of the case's own")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--eager", action="store_true", help="do not compile the blocks")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    known = cases()
    unknown = [name for name in given.cases if name not in known]
    if unknown:
        parser.error(f"no case {unknown[0]!r}; choose from {', '.join(known)}")
    device = torch.device(given.device)
    peak = given.peak * 1e12 if given.peak else measure_peak(device, given.repeats)
    rows = []
    for name in given.cases:
        case = known[name]
        if given.clips:
            case = Case(config=case.config, latents=case.latents, clips=given.clips)
        seconds = measure(case, device, compiled=not given.eager, repeats=given.repeats)
        flops = TRAINING * denoiser_flops(case.config, case.tokens, WORDS, clips=case.clips)
        rows.append(
            {
                "case": name,
                "clips": case.clips,
                "tokens": case.clips * case.tokens,
                "ms_a_step": round(1000 * seconds, 2),
                "tflops_a_step": round(flops / 1e12, 4),
                "tflops_a_second": round(flops / seconds / 1e12, 3),
                "mfu_percent": round(100 * flops / seconds / peak, 1),
            }
        )
    about = {
        "device": torch.cuda.get_device_name(device)
        if device.type == "cuda"
        else f"CPU, {torch.get_num_threads()} threads",
        "peak_tflops": round(peak / 1e12, 3),
        "peak": "given" if given.peak else "measured",
        "compiled": not given.eager,
    }
    if given.json:
        print(json.dumps({**about, "rows": rows}, indent=1))
        return
    show(", ".join(f"{key.replace('_', ' ')} {value}" for key, value in about.items()), rows)


if __name__ == "__main__":
    main()
