"""How long a training step waits for latents: `python bench/latents.py`, on the local disk and on a slow line.

Readers side by side on the same made-up latents: plain .npy files mapped into memory, our shards at random and as a
stream, and the webdataset library's own reader. A step is a sleep: a GPU at work leaves the CPU to the reader.
`--making` measures instead how fast caches are filled, and data made on the fly, with the tokenizer of `nano`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import torch
import webdataset
from tables import show

from rushes.data.shards import Open, Sample, folder_opener, write_manifest, write_shard
from rushes.data.stream import StreamConfig
from rushes.data.throttle import throttled
from rushes.model.weights import load_weights
from rushes.training.backlot_data import BacklotClips
from rushes.training.data import ahead
from rushes.training.latents import (
    SHARD,
    LatentBatch,
    Latents,
    StreamedLatents,
    fill_cache,
    pick,
)
from rushes.training.on_the_fly import on_the_fly

SHAPE = (5, 48, 8, 14)  # a clip of nano: 54 kB
KEY = "bench"
WINDOW = 1024  # samples of the shuffle, ours and theirs

Batches = Callable[[int], LatentBatch]


@dataclass(frozen=True, kw_only=True)
class Settings:
    shards: int = 24  # of 128 clips, 7 MB each
    count: int = 24  # clips of a step
    step: float = 0.02  # seconds of a step: asks for 65 MB/s
    steps: int = 160  # waited for in a row
    rates: tuple[float, ...] = field(default=(100e6, 50e6))  # bytes a second of the slow lines
    latency: float = 0.1  # seconds until a file of a slow line is open


def fill(settings: Settings, tars: Path, arrays: Path) -> None:
    """The same clips as shards and as .npy files."""
    rng = np.random.default_rng(0)
    for folder in (tars, arrays):
        folder.mkdir()
        (folder / "key.json").write_text(json.dumps({"key": KEY}))
    sentences = tuple(f"a red fox number {i} runs to the right across a meadow at night" for i in range(5))
    for shard in range(settings.shards):
        latents = rng.standard_normal((SHARD, *SHAPE), dtype=np.float32).astype(np.float16)
        clips = (Sample(key=f"{shard * SHARD + i:08d}", latent=latents[i], captions=sentences) for i in range(SHARD))
        write_shard(tars, shard, clips)
        np.save(arrays / f"{shard:05d}.npy", latents)
        (arrays / f"{shard:05d}.json").write_text(json.dumps([sentences] * SHARD))
    write_manifest(tars, KEY)


@contextmanager
def random_reader(folder: Path, count: int) -> Iterator[Batches]:
    cache = Latents(folder, KEY)
    yield lambda step: cache.batch(step, count)


@contextmanager
def stream_reader(source: Open, count: int) -> Iterator[Batches]:
    streamed = StreamedLatents(source, KEY, StreamConfig(window=WINDOW))
    try:
        yield lambda step: streamed.batch(step, count)
    finally:
        streamed.stream.close()


@contextmanager
def webdataset_reader(source: Open, settings: Settings, workers: int) -> Iterator[Batches]:
    webdataset.gopen_schemes["bench"] = lambda url, *_: source(url.split(":", 1)[1])
    urls = [f"bench:{shard:05d}.tar" for shard in range(settings.shards)]
    data = webdataset.WebDataset(urls, shardshuffle=settings.shards, seed=0).shuffle(WINDOW, initial=WINDOW).decode()
    data = data.to_tuple("latent.npy", "json").repeat().batched(settings.count, collation_fn=collated)
    if workers:
        data = webdataset.WebLoader(data, batch_size=None, num_workers=workers, prefetch_factor=4)
    batches = iter(data)

    def batch(step: int) -> LatentBatch:
        latents, captions = next(batches)
        rng = np.random.default_rng([0, step])
        return LatentBatch(latents=latents.float(), captions=[pick(rng, several) for several in captions])

    yield batch


def collated(clips: list[Any]) -> tuple[torch.Tensor, list[list[str]]]:
    return torch.from_numpy(np.stack([latent for latent, _ in clips])), [text["captions"] for _, text in clips]


def pace(batches: Batches, settings: Settings) -> float:
    """Samples a second when nothing else is done, over an epoch; what the start costs is left out."""
    batches(0)
    steps = settings.shards * SHARD // settings.count
    begin = time.perf_counter()
    for step in range(1, steps):
        batches(step)
    return (steps - 1) * settings.count / (time.perf_counter() - begin)


def waiting(batches: Batches, settings: Settings) -> dict[str, float]:
    """Seconds waited for the first batch and for all, and the share of time that steps waited after the first ones."""
    warm = settings.steps // 4
    ended = time.perf_counter()
    waited: list[float] = []
    for step, _ in enumerate(ahead(batches, 0)):
        waited.append(time.perf_counter() - ended)
        if step == settings.steps:
            break
        time.sleep(settings.step)
        ended = time.perf_counter()
    late = sum(waited[warm:])
    share = late / (late + settings.step * (settings.steps - warm))
    return {"first_batch_s": waited[0], "all_s": sum(waited), "then_waited": share}


def reading(settings: Settings, repeats: int) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        tars, arrays = Path(name) / "tars", Path(name) / "arrays"
        fill(settings, tars, arrays)
        local, count = folder_opener(tars), settings.count
        readers: dict[str, Callable[[Open], Any]] = {
            ".npy mapped, at random": lambda _: random_reader(arrays, count),
            "shards mapped, at random": lambda _: random_reader(tars, count),
            "shards streamed": lambda source: stream_reader(source, count),
            "webdataset": lambda source: webdataset_reader(source, settings, 0),
            "webdataset, a process ahead": lambda source: webdataset_reader(source, settings, 1),
        }
        paces: dict[str, list[float]] = {reader: [] for reader in readers}
        for _ in range(repeats):
            for reader, opened in readers.items():  # in turn, so that all meet the same neighbours on the machine
                with opened(local) as batches:
                    paces[reader].append(pace(batches, settings))
        with random_reader(tars, count) as batches:
            pace(batches, settings)
            paces["shards mapped, second epoch"] = [pace(batches, settings) for _ in range(repeats)]
        need = count * int(np.prod(SHAPE)) * 2 / settings.step
        for reader, several in paces.items():
            row: dict[str, Any] = {"reader": reader, "samples_per_second": round(statistics.median(several))}
            rows.append(row | {"of_all_rounds": [round(value) for value in several]})
        waits = []
        for rate in (None, *settings.rates):
            source = throttled(local, rate=rate, latency=settings.latency) if rate else local
            for reader, opened in readers.items():
                if rate and "mapped" in reader:
                    continue  # a mapped file cannot be far away
                with opened(source) as batches:
                    found = waiting(batches, settings)
                line = f"{rate / 1e6:.0f} MB/s, {settings.latency} s to open" if rate else "local disk"
                least = max(0.0, 1 - rate / need) if rate else 0.0
                waits.append({"source": line, "reader": reader, "least_possible": round(least, 3)}
                             | {key: round(value, 4) for key, value in found.items()})  # fmt: skip
    return {"need_mb_per_second": round(need / 1e6, 1), "pace": rows, "waiting": waits}


def cpu_seconds() -> float:
    """Of this process and of the workers that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def making(clips: int, step: float) -> dict[str, Any]:
    """Clips a second into a cache by one process and by two, the start of the processes included, and on the fly."""
    tokenizer = load_weights(Path(str(files("rushes.weights") / "nano"))).tokenizer
    source, rows = BacklotClips(), []
    for frames, wanted in ((17, clips), (1, 3 * clips)):
        for workers in (1, 2):
            with tempfile.TemporaryDirectory() as folder:
                begin, busy = time.perf_counter(), cpu_seconds()
                fill_cache(tokenizer, source, Path(folder), frames=frames, clips=wanted, workers=workers)
                seconds, busy = time.perf_counter() - begin, cpu_seconds() - busy
            rows.append(
                {
                    "frames": frames,
                    "processes": workers,
                    "clips": wanted,
                    "clips_per_second": round(wanted / seconds, 1),
                    "clips_per_cpu_second": round(wanted / busy, 1),
                }
            )
    settings = Settings(step=step, steps=8)
    with on_the_fly(tokenizer, source, frames=17) as made:
        found = waiting(lambda number: made.batch(number, settings.count), settings)
    fly = {"step_s": step, "clips": settings.count} | {key: round(value, 3) for key, value in found.items()}
    return {"pace": rows, "on_the_fly": [fly]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--step", type=float, help="seconds of a step")
    parser.add_argument("--making", type=int, metavar="CLIPS", help="measure how fast so many clips are made")
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.making:
        found = making(given.making, given.step or 1.1)
    else:
        found = reading(Settings(**({"step": given.step} if given.step else {})), given.repeats)
    if given.json:
        print(json.dumps(found, indent=1))
        return
    for title, rows in found.items():
        if isinstance(rows, list):
            show(title, rows)


if __name__ == "__main__":
    main()
