"""A cache of latents on disk: rendered and encoded once, read at random by step.

Its shards are tar files that anyone's WebDataset reads (`rushes.data.shards`). The cache carries the key of what made
it (the tokenizer's weights and the data's configuration); with another tokenizer it is refused. It can't see that the
code of the data changed: delete the folder then.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn
from torch import Tensor

from rushes.data.shards import (
    Open,
    Sample,
    Shard,
    ShardError,
    index_name,
    open_shard,
    shard_name,
    write_manifest,
    write_shard,
)
from rushes.data.stream import Stream, StreamConfig
from rushes.model.tokenizer import Tokenizer
from rushes.training.data import ClipSource
from rushes.training.encoding import CHUNK, ChunkMaker, Encoding, encoding_of, encoding_pool, maker, one_thread

SHARD = 128  # clips in a shard

Told = Callable[[int, int], None]  # shards done, shards wanted


class LatentsError(ValueError):
    """A cache of latents is missing or stale."""


@dataclass(frozen=True, kw_only=True)
class LatentBatch:
    latents: Tensor  # (B, T, C, h, w) normalised
    captions: list[str]  # B sentences
    start: int = 0  # latent frames of the clips that come before these

    def moment(self, index: int) -> LatentBatch:
        """The one latent frame `index` of each clip."""
        return replace(self, latents=self.latents[:, index : index + 1], start=self.start + index)


def cache_key(tokenizer: Tokenizer, source: ClipSource, frames: int) -> str:
    """A hash of everything in the configuration that latents depend on; a decoder trained on keeps it."""
    digest = hashlib.sha256(f"{source!r} {frames} {tokenizer.config!r}".encode())
    for name, value in sorted(tokenizer.state_dict().items()):
        if name.startswith("decoder."):
            continue
        digest.update(name.encode())
        digest.update(value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


# Writing


def write_latents(
    tokenizer: Tokenizer,
    source: ClipSource,
    folder: Path,
    *,
    frames: int,
    clips: int,
    worker: int = 0,
    workers: int = 1,
    minutes: float | None = None,
    progress: Told | None = None,
    device: str = "cpu",
) -> int:
    """Fill `folder` up to `clips` clips of `frames` frames; shards that are there are kept. Returns shards written.

    Of several workers, started as processes, each makes every `workers`-th shard. The manifest is written with the last
    shard. Raises LatentsError when the folder holds latents of something else.
    """
    key = _claim(folder, cache_key(tokenizer, source, frames))
    make = ChunkMaker(encoding_of(tokenizer, source, frames, device))
    begin, written, total = time.monotonic(), 0, -(-clips // SHARD)
    for shard in range(worker, total, workers):
        if minutes is not None and time.monotonic() - begin > 60 * minutes:
            break
        if not _there(folder, shard):
            _write(make, folder, shard)
            written += 1
        if progress is not None:
            progress(shard + 1, total)
    _list_shards(folder, key, total)
    return written


def fill_cache(
    tokenizer: Tokenizer,
    source: ClipSource,
    folder: Path,
    *,
    frames: int,
    clips: int,
    workers: int = 2,
    device: str = "cpu",
    progress: Told | None = None,
) -> int:
    """`write_latents` by `workers` processes of one thread each; the bytes are the same for any number of them.

    Shows a bar of shards done. An interrupt, or a worker that dies, leaves whole shards; the same call goes on. Nothing
    else may write into the folder meanwhile.
    """
    key, total = _claim(folder, cache_key(tokenizer, source, frames)), -(-clips // SHARD)
    for stray in folder.glob(".[0-9]*"):  # half a shard of a process that was killed
        stray.unlink()
    missing = [shard for shard in range(total) if not _there(folder, shard)]
    encoding = encoding_of(tokenizer, source, frames, device)
    with Progress("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()) as bar:
        task = bar.add_task(f"latents of {frames} frames, shards", total=total, completed=total - len(missing))
        for done, _ in enumerate(_make_all(encoding, folder, missing, workers), start=total - len(missing) + 1):
            bar.advance(task)
            if progress is not None:
                progress(done, total)
    _list_shards(folder, key, total)
    return len(missing)


def _make_all(encoding: Encoding, folder: Path, shards: list[int], workers: int) -> Iterator[int]:
    """Yields each shard as it is written."""
    if not shards:
        return
    if workers == 1:
        with one_thread():
            make = ChunkMaker(encoding)
            for shard in shards:
                _write(make, folder, shard)
                yield shard
        return
    with encoding_pool(encoding, min(workers, len(shards))) as pool:
        waiting: list[Future[int]] = [pool.submit(_write_in_worker, folder, shard) for shard in shards]
        try:
            for written in as_completed(waiting):
                yield written.result()
        except BrokenProcessPool as error:
            raise LatentsError(f"a worker that made latents in {folder} was killed; run it again to go on") from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _write_in_worker(folder: Path, shard: int) -> int:
    _write(maker(), folder, shard)
    return shard


def _write(make: ChunkMaker, folder: Path, shard: int) -> None:
    def samples() -> Iterator[Sample]:
        for part in range(SHARD // CHUNK):
            latents, sentences = make(shard * (SHARD // CHUNK) + part)
            for i, (latent, captions) in enumerate(zip(latents, sentences, strict=True)):
                yield Sample(key=f"{shard * SHARD + part * CHUNK + i:08d}", latent=latent, captions=tuple(captions))

    write_shard(folder, shard, samples())


def _claim(folder: Path, key: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    label = folder / "key.json"
    if not label.exists():
        label.write_text(json.dumps({"key": key}))
    _check(folder, key)
    return key


def _check(folder: Path, key: str) -> None:
    label = folder / "key.json"
    if not label.exists():
        raise LatentsError(f"there are no latents in {folder}; run the stage `latents` first")
    if json.loads(label.read_text())["key"] != key:
        raise LatentsError(f"the latents in {folder} are of another tokenizer or other data; delete the folder")


def _list_shards(folder: Path, key: str, total: int) -> None:
    """Write the manifest if all shards are there: whichever process is last does."""
    if all((folder / index_name(shard_name(shard))).exists() for shard in range(total)):
        write_manifest(folder, key)


# Reading


class _OldShard:
    """A shard as caches had it before they were tar files: 00000.npy beside 00000.json."""

    def __init__(self, folder: Path, shard: int) -> None:
        self.array = np.load(_old(folder, shard), mmap_mode="r", allow_pickle=False)
        self.sentences = json.loads((folder / f"{shard:05d}.json").read_text())

    def __len__(self) -> int:
        return len(self.array)

    def latent(self, number: int) -> np.ndarray:
        return np.asarray(self.array[number])

    def captions(self, number: int) -> tuple[str, ...]:
        return tuple(self.sentences[number])


def _old(folder: Path, shard: int) -> Path:
    return folder / f"{shard:05d}.npy"


def _there(folder: Path, shard: int) -> bool:
    return (folder / index_name(shard_name(shard))).exists() or _old(folder, shard).exists()


class Latents:
    """The clips of a cache, by step: `latents.batch(step, count)` is the same for as many shards and one seed."""

    def __init__(self, folder: Path, key: str, *, shards: int | None = None, seed: int = 0) -> None:
        _check(folder, key)
        there = 0
        while _there(folder, there):
            there += 1
        if there == 0 or (shards is not None and there < shards):
            raise LatentsError(f"{folder} holds {there} shards of {shards or 1} needed; run the stage `latents` again")
        self.shards = shards or there
        try:
            self._shards = [self._open(folder, shard) for shard in range(self.shards)]
        except ShardError as error:
            raise LatentsError(f"{error}; or delete it with its index and run the stage `latents` again") from error
        self.seed = seed
        self._order: dict[int, np.ndarray] = {}

    @staticmethod
    def _open(folder: Path, shard: int) -> Shard | _OldShard:
        return _OldShard(folder, shard) if _old(folder, shard).exists() else open_shard(folder, shard)

    def __len__(self) -> int:
        return self.shards * SHARD

    def clip(self, index: int) -> tuple[np.ndarray, list[str]]:
        """Clip `index` in the order in which they were made: its latents (T, C, h, w) and all its sentences."""
        part, number = self._shards[index // SHARD], index % SHARD
        return part.latent(number), list(part.captions(number))

    @cached_property
    def arrays(self) -> list[np.ndarray]:
        """Latents of each shard, (SHARD, T, C, h, w): all in memory, for looking at a cache as a whole."""
        return [shard.array for shard in self._shards]

    @cached_property
    def sentences(self) -> list[list[str]]:
        """All sentences of each clip."""
        return [self.clip(index)[1] for index in range(len(self))]

    def batch(self, step: int, count: int) -> LatentBatch:
        """Clips of a step; each epoch goes through all of them in its own order, with sentences drawn anew."""
        places = range(step * count, (step + 1) * count)
        clips = [self.clip(int(self._epoch(place // len(self))[place % len(self)])) for place in places]
        rng = np.random.default_rng([self.seed, step, 11])
        captions = [pick(rng, sentences) for _, sentences in clips]
        return LatentBatch(latents=_float([latent for latent, _ in clips]), captions=captions)

    def _epoch(self, epoch: int) -> np.ndarray:
        if epoch not in self._order:
            self._order = {epoch: np.random.default_rng([self.seed, epoch, 12]).permutation(len(self))}
        return self._order[epoch]


class StreamedLatents:
    """A cache that is read from shard to shard, for one that is far away or larger than the disk: same `batch`.

    `source` opens its files; shuffle, ranks and what is fetched ahead are as `config` says. Steps that follow each
    other are read fastest.
    """

    def __init__(self, source: Open, key: str, config: StreamConfig | None = None) -> None:
        self.config = config or StreamConfig()
        self.stream = Stream(source, self.config, key=key)

    def __len__(self) -> int:
        return len(self.stream)

    def batch(self, step: int, count: int) -> LatentBatch:
        read = self.stream.batch(step, count)
        places = (np.arange(count) + step * count) * self.config.ranks + self.config.rank
        # By the sample's place and not by the step: as many ranks as may be draw the same sentences.
        rngs = [np.random.default_rng([self.config.seed, int(place), 11]) for place in places]
        captions = [pick(rng, several) for rng, several in zip(rngs, read.captions, strict=True)]
        return LatentBatch(latents=_float(read.latents), captions=captions)


def _float(latents: Sequence[np.ndarray] | np.ndarray) -> Tensor:
    """Clips (B, T, C, h, w) in float32."""
    return torch.from_numpy(np.stack(latents) if isinstance(latents, Sequence) else latents).float()


def pick(rng: np.random.Generator, sentences: Sequence[str]) -> str:
    """The dense sentence half of the time, else one of the others."""
    if len(sentences) == 1 or rng.random() < 0.5:
        return sentences[0]
    return sentences[1 + int(rng.integers(len(sentences) - 1))]
