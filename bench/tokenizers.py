"""Tokenizers of one family at equal training, and how well a small denoiser learns on the latents of each.

    python bench/tokenizers.py --out out/tokenizers --only 8x8x4     (one of them)
    python bench/tokenizers.py --out out/tokenizers --json           (all that are not there yet, then the table)

Each is fitted to the same clips and trains its decoder for the same steps on the same clips. Then a denoiser of the
same size gets the same CPU time on the latents of the same clips, and the shipped read-out says what it draws. All of
it is about the backlot at 64 x 128: trust the order, not the figures.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from rich.console import Console
from rich.table import Table
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from rushes.backlot.captions import dense_caption
from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.world import NANO
from rushes.diffusion.flow import flow_loss, interpolate
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.timesteps import draw_sigmas
from rushes.media.quality import psnr, ssim, vmaf
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import PATCH, DenoiserConfig
from rushes.model.readout import ReadOut
from rushes.model.readout_weights import READOUT, load_readout_file
from rushes.model.streaming import StreamDecoder
from rushes.model.text import TextConfig, build_vocabulary
from rushes.model.tokenizer import Tokenizer, TokenizerConfig, latent_frames
from rushes.training.backlot_data import BacklotClips
from rushes.training.ema import Ema
from rushes.training.evaluate import held_out_scenes
from rushes.training.frechet import distances
from rushes.training.linear_fit import fit_linear
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig, learning_rate, make_optimiser, set_learning_rate
from rushes.training.questions import UNASKED, answer_indices
from rushes.training.tokenizer_stage import TokenizerStage, load_tokenizer, measure_statistics, train_tokenizer

# A part of the read-out's world, small enough to be learned in a minute.
WORLD = replace(
    NANO,
    kinds=("fox", "penguin", "boat", "lantern", "mushroom", "rocket"),
    colors=("red", "yellow", "blue", "white"),
    sets=("meadow", "desert", "snowfield"),
    motions=("stand", "walk", "jump"),
)
SOURCE = BacklotClips(world=WORLD, height=64, width=128)  # multiples of 2 latents of 32 pixels
FITTED = 128  # clips to which the linear maps are fitted
BATCH = 16  # clips of a step of a denoiser
SAMPLE = SampleConfig(steps=12, shift=2.0, guidance=Guidance(scale=2.0))
MARGIN = 8  # columns cut off at each side for the read-out, which knows 64 x 112


def _config(time: int, space: int, channels: int) -> TokenizerConfig:
    return TokenizerConfig(
        time=time,
        space=space,
        latent_channels=channels,
        linear_encoder=True,
        decoder_widths=(256, 96, 64, 32),
        decoder_blocks=(1, 1, 1, 1),
        upscale=1,
    )


# The first three keep one value of 16; the others are as thin as those of large models (Wan2.2 64:1, LTX 192:1).
FAMILY = {
    "8x8x1, 12 channels": _config(1, 8, 12),
    "8x8x4, 48 channels": _config(4, 8, 48),
    "16x16x4, 192 channels": _config(4, 16, 192),
    "16x16x4, 48 channels": _config(4, 16, 48),
    "32x32x8, 128 channels": _config(8, 32, 128),
}


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is spent on each tokenizer."""

    steps: int  # of the decoder, 4 clips of 9 frames each
    minutes: float  # of CPU time for the denoiser
    clips: int  # that the denoiser learns from
    drawn: int  # held-out prompts that it draws


@dataclass(frozen=True, kw_only=True)
class Cache:
    latents: Tensor  # (N, T', C, h, w)
    sentences: list[tuple[str, ...]]  # of each clip, all true


def trained(config: TokenizerConfig, steps: int, folder: Path) -> Tokenizer:
    """A tokenizer fitted and trained, or with 0 steps only fitted."""
    if steps == 0:
        torch.manual_seed(0)  # components of large cells are found by a randomised method
        tokenizer = Tokenizer(config)
        fit_linear(tokenizer, SOURCE, FITTED)
        measure_statistics(tokenizer, SOURCE, FITTED // 4)
        return tokenizer.eval().requires_grad_(False)
    optimiser = OptimiserConfig(lr=1e-3, muon=0.01, warmup=10, decay=0.7)
    loop = LoopConfig(steps=steps, ema=0.95, device="cpu", optimiser=optimiser)
    stage = TokenizerStage(loop=loop, shapes=((9, 4),), fitted=FITTED, solved=True)
    assert train_tokenizer(stage, config, SOURCE, folder)
    return load_tokenizer(config, folder)


def measure(name: str, folder: Path, scale: Scale) -> dict[str, Any]:
    """Everything about one tokenizer. What is trained stays in `folder`, and is taken up there."""
    config = FAMILY[name]
    tokenizer = trained(config, scale.steps, folder)
    scenes = held_out_scenes(WORLD, 2 * scale.drawn)
    true = _render(scenes)
    with torch.no_grad():
        redrawn = torch.cat([tokenizer.decode(tokenizer.encode(part)) for part in true[: scale.drawn].split(8)])
    there = true[: scale.drawn]
    clips = {"true": there, "through the tokenizer": redrawn, "other true": true[scale.drawn :]}
    done = 0
    if scale.minutes > 0:
        model, done = learned(tokenizer, scale, folder)
        clips["drawn"] = draw(model, tokenizer, [dense_caption(scene) for scene in scenes[: scale.drawn]])
    kept = {key: pixels(video[:4, 8]) for key, video in clips.items()}
    np.savez_compressed(folder / "pictures.npz", allow_pickle=False, **kept)
    return {
        "name": name,
        "scale": asdict(scale) | {"threads": torch.get_num_threads()},
        "values kept, one of": round(3 * config.time * config.space**2 / config.latent_channels, 1),
        "latent values a second": values_a_second(config),
        **fidelity(redrawn, there),
        "tokens of 5 s, 112x64 at 8 fps": tokens(config, 5, 8, 64, 112),
        "tokens of 5 s, 512x288 at 24 fps": tokens(config, 5, 24, 288, 512),
        **lag(tokenizer, true[:1]),
        "denoiser": {"steps": done, **score(clips, scenes)},
    }


def _render(scenes: list[Scene]) -> Tensor:
    return render(scenes, fps=SOURCE.fps, width=SOURCE.width, height=SOURCE.height)


def pixels(video: Tensor) -> np.ndarray:
    """(…, 3, H, W) in [-1, 1] to (…, H, W, 3) uint8."""
    return ((video.float().clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).movedim(-3, -1).numpy()


def fidelity(redrawn: Tensor, true: Tensor) -> dict[str, float]:
    """Means over clips. VMAF of all clips as one film."""
    ours, theirs = pixels(redrawn), pixels(true)
    pairs = list(zip(ours, theirs, strict=True))
    return {
        "PSNR": round(statistics.mean(psnr(a, b) for a, b in pairs), 2),
        "SSIM": round(statistics.mean(ssim(a, b) for a, b in pairs), 4),
        "VMAF": round(vmaf(np.concatenate(ours[:16]), np.concatenate(theirs[:16]), fps=SOURCE.fps), 1),
    }


def tokens(config: TokenizerConfig, seconds: float, fps: float, height: int, width: int) -> int:
    """What a denoiser with patches of 2 x 2 latents attends to; pictures are padded to whole tokens."""
    frames = math.ceil((seconds * fps - 1) / config.time) + 1
    side = config.space * PATCH
    return frames * math.ceil(height / side) * math.ceil(width / side)


def values_a_second(config: TokenizerConfig) -> float:
    """Numbers that stand for a second of the clips measured here, the first frame apart."""
    cells = SOURCE.height * SOURCE.width / config.space**2
    return cells * config.latent_channels * SOURCE.fps / config.time


@torch.no_grad()
def lag(tokenizer: Tokenizer, video: Tensor) -> dict[str, float]:
    """Milliseconds from a player's key to the first picture that can show it: a group is gathered, then decoded."""
    latents, took = tokenizer.encode(video), []
    for _ in range(7):
        decoder = StreamDecoder(tokenizer)
        decoder.push(latents[:, :1])
        began = time.process_time()
        decoder.push(latents[:, 1:2])
        took.append(1000 * (time.process_time() - began))
    decode, group = statistics.median(took), tokenizer.config.time
    return {
        "decoding a group, ms": round(decode, 1),
        "lag at 8 fps, ms": round(1000 * group / 8 + decode, 1),
        "lag at 24 fps, ms": round(1000 * group / 24 + decode, 1),
    }


@torch.no_grad()
def encode_all(tokenizer: Tokenizer, count: int, path: Path) -> Cache:
    """Latents of `count` training clips, which are drawn once for all tokenizers into `path`."""
    scenes = [scene for step in range(count // BATCH) for scene in SOURCE.scenes("train", step, BATCH)]
    if not path.exists():
        partial = path.with_suffix(".partial.npy")
        np.save(partial, np.concatenate([pixels(_render(scenes[i : i + BATCH])) for i in range(0, count, BATCH)]))
        partial.replace(path)
    clips = np.load(path, mmap_mode="r")
    parts = []
    for start in range(0, count, BATCH):
        video = torch.from_numpy(np.array(clips[start : start + BATCH])).movedim(-1, -3).float() / 127.5 - 1
        parts.append(tokenizer.encode(video))
    return Cache(latents=torch.cat(parts), sentences=[tuple(SOURCE.sentences(scene, still=False)) for scene in scenes])


def learned(tokenizer: Tokenizer, scale: Scale, folder: Path) -> tuple[ConditionedDenoiser, int]:
    """A small denoiser after its CPU time, averaged, and the steps that it took; from `folder` if it is there."""
    path = folder / "denoiser.safetensors"
    model = new_denoiser(tokenizer)
    if not path.exists():
        cache = encode_all(tokenizer, scale.clips, folder.parent / f"clips-{scale.clips}.npy")
        average, steps = learn(model, cache, tokenizer, 60 * scale.minutes)
        save_file(average.state_dict(), path, {"steps": str(steps)})
    with safe_open(path, framework="pt") as file:
        model.load_state_dict({key: file.get_tensor(key) for key in file.keys()})
        return model.eval(), int(file.metadata()["steps"])


def new_denoiser(tokenizer: Tokenizer) -> ConditionedDenoiser:
    torch.manual_seed(0)
    text = TextConfig(width=96, layers=0, vocabulary=build_vocabulary(SOURCE.vocabulary()))
    size = DenoiserConfig(
        channels=tokenizer.config.latent_channels, width=128, layers=4, heads=2, hidden=320, text_width=96
    )
    model = ConditionedDenoiser(size, text)
    model.denoiser.deviations.copy_(tokenizer.deviations)
    return model


def learn(
    model: ConditionedDenoiser, cache: Cache, tokenizer: Tokenizer, seconds: float
) -> tuple[ConditionedDenoiser, int]:
    """The average of `model` over `seconds` of CPU time on the cache, and the steps that it took."""
    config = OptimiserConfig(lr=1e-3, muon=0.02, weight_decay=0.1, decay=0.9, warmup=20)
    optimiser, ema, step = make_optimiser(model, config), Ema(model, 0.98), 0
    began = time.process_time()
    while (spent := time.process_time() - began) < seconds:
        generator, rng = torch.Generator().manual_seed(step), np.random.default_rng([step, 3])
        picked = rng.choice(len(cache.latents), BATCH, replace=False)
        clean = cache.latents[picked]
        captions = ["" if rng.random() < 0.1 else str(rng.choice(cache.sentences[i])) for i in picked]
        sigma = draw_sigmas(BATCH, generator, shift=SAMPLE.shift)
        noise = torch.randn(clean.shape, generator=generator)
        set_learning_rate(optimiser, learning_rate(config, step, spent / seconds))
        with torch.autocast("cpu", torch.bfloat16):
            predicted = model(
                interpolate(clean, noise, sigma), sigma, model.encode(captions), seconds=_between(tokenizer)
            )
        flow_loss(predicted, clean, noise).mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.clip)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        step += 1
        ema.update(model, step)
    return cast(ConditionedDenoiser, ema.average), step


def _between(tokenizer: Tokenizer) -> float:
    """Seconds between latent frames."""
    return tokenizer.config.time / SOURCE.fps


@torch.no_grad()
def draw(model: ConditionedDenoiser, tokenizer: Tokenizer, prompts: list[str]) -> Tensor:
    """Clips (B, T, 3, H, W) of prompts."""
    config, drawn = tokenizer.config, []
    frames = latent_frames(SOURCE.frames, config.time)
    for start in range(0, len(prompts), BATCH):
        part = prompts[start : start + BATCH]
        shape = (
            len(part),
            frames,
            config.latent_channels,
            SOURCE.height // config.space,
            SOURCE.width // config.space,
        )
        with torch.autocast("cpu", torch.bfloat16):
            text, none = model.encode(part), model.encode([""] * len(part))
            network: Callable[..., Tensor] = lambda x, s, c: model(x, s, c, seconds=_between(tokenizer))  # noqa: E731
            drawn.append(tokenizer.decode(sample_latents(network, text, none, seeded_noise(shape, start), SAMPLE)))
    return torch.cat(drawn)


@torch.no_grad()
def score(clips: dict[str, Tensor], scenes: list[Scene]) -> dict[str, Any]:
    """Shares of right answers, and distances to the true clips in the read-out's features."""
    readout: ReadOut = load_readout_file(Path(str(files("rushes.weights") / "nano" / READOUT)))[0]
    answers = answer_indices(scenes[: len(clips["true"])], readout.config)
    right: dict[str, dict[str, float]] = {}
    features: dict[str, np.ndarray] = {}
    for which, video in clips.items():
        read = readout.read(readout.prepare(video.clamp(-1, 1)[..., MARGIN:-MARGIN]))[0]
        features[which] = read.numpy()
        logits = readout.answer(read)
        if which == "other true":
            continue
        right[which] = {}
        for column, (question, _) in enumerate(readout.config.answers):
            asked = answers[:, column] != UNASKED
            if question in ("kind", "color", "set", "light", "motion"):
                share = (logits[question].argmax(-1) == answers[:, column])[asked].float().mean()
                right[which][question] = round(float(share), 3)
    apart = distances({which: features[which] for which in features if which != "true"}, features["true"])
    return {"right": right, "Fréchet": {which: round(value, 1) for which, value in apart.items()}}


def place(out: Path, name: str) -> Path:
    """The folder of one of the family."""
    return out / name.replace(",", "").replace(" ", "-")


def sheet(results: list[dict[str, Any]], out: Path) -> None:
    """The truth, then one row a tokenizer: four frames through it, and what its denoiser drew for the same prompts."""
    gap = np.full((SOURCE.height, 8, 3), 255, np.uint8)
    rows: list[np.ndarray] = []
    for result in results:
        kept = np.load(place(out, result["name"]) / "pictures.npz")
        drawn = [gap, *kept["drawn"]] if "drawn" in kept else []
        if not rows:
            rows.append(np.concatenate([*kept["true"], *([gap, *kept["true"]] if drawn else [])], 1))
        rows.append(np.concatenate([*kept["through the tokenizer"], *drawn], 1))
    Image.fromarray(np.concatenate(rows)).save(out / "tokenizers.jpg", quality=80)


def table(results: list[dict[str, Any]]) -> Table:
    shown = Table(title=f"{SOURCE.width}x{SOURCE.height}, {SOURCE.frames} frames, {results[0]['scale']}")
    shown.add_column("")
    for result in results:
        shown.add_column(result["name"], justify="right")
    flat = [
        {key: value for key, value in result.items() if key not in ("name", "scale", "denoiser")}
        | {"denoiser: steps": result["denoiser"]["steps"]}
        | {f"denoiser: {key}": value for key, value in result["denoiser"]["right"].get("drawn", {}).items()}
        | {f"right, {key}": round(statistics.mean(v.values()), 3) for key, v in result["denoiser"]["right"].items()}
        | {f"Fréchet, {key}": value for key, value in result["denoiser"]["Fréchet"].items()}
        for result in results
    ]
    for key in flat[0]:
        shown.add_row(key, *(str(row[key]) for row in flat))
    return shown


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("out/tokenizers"), help="folder; what is in it is taken up")
    parser.add_argument("--only", choices=list(FAMILY), help="one of the family")
    parser.add_argument("--steps", type=int, default=60, help="of each decoder, 4 clips of 9 frames each; 0: fit alone")
    parser.add_argument("--minutes", type=float, default=0.35, help="CPU minutes of each denoiser; 0: none")
    parser.add_argument("--clips", type=int, default=384, help="that denoisers learn from, a multiple of 16")
    parser.add_argument("--drawn", type=int, default=32, help="held-out prompts drawn and scored")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of torch")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    scale = Scale(steps=given.steps, minutes=given.minutes, clips=given.clips, drawn=given.drawn)
    results = []
    for name in [given.only] if given.only else FAMILY:
        folder = place(given.out, name)
        if not (folder / "result.json").exists():
            folder.mkdir(parents=True, exist_ok=True)
            found = measure(name, folder, scale)
            (folder / "result.json").write_text(json.dumps(found, indent=1))
        results.append(json.loads((folder / "result.json").read_text()))
    sheet(results, given.out)
    if given.json:
        print(json.dumps(results, indent=1))
    else:
        Console().print(table(results))


if __name__ == "__main__":
    main()
