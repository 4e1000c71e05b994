"""Latents made while training goes on, for data without end: nothing is stored, steps of one size see nothing twice.

Clip n is what clip n of a cache would be, so a run may begin on the one and go on with the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor

import numpy as np
import torch

from rushes.model.tokenizer import Tokenizer
from rushes.training.data import ClipSource
from rushes.training.encoding import CHUNK, Chunk, ChunkMaker, chunk_in_worker, encoding_of, encoding_pool
from rushes.training.latents import LatentBatch, pick


class OnTheFly:
    """`batch(step, count)`: the clips of a step, the same for the same arguments; those of the next steps are begun."""

    def __init__(
        self,
        pool: Executor,
        make: Callable[[int], Chunk],
        *,
        seed: int = 0,
        ahead: int = 2,
        count_of: Callable[[int], int] | None = None,
    ) -> None:
        self.pool, self.make, self.seed, self.ahead, self.count_of = pool, make, seed, ahead, count_of
        self.waited = 0.0  # seconds that batches waited for their clips
        self._chunks: dict[int, Future[Chunk]] = {}

    def batch(self, step: int, count: int) -> LatentBatch:
        wanted = _chunks(step, count)
        coming = [
            chunk
            for later in range(step + 1, step + 1 + self.ahead)
            for chunk in _chunks(later, self.count_of(later) if self.count_of else count)
        ]
        for chunk in self._chunks.keys() - {*wanted, *coming}:
            self._chunks.pop(chunk).cancel()
        for chunk in [*wanted, *coming]:
            if chunk not in self._chunks:
                self._chunks[chunk] = self.pool.submit(self.make, chunk)
        begin = time.perf_counter()
        made = {chunk: self._chunks[chunk].result() for chunk in wanted}
        self.waited += time.perf_counter() - begin
        places = [divmod(place, CHUNK) for place in range(step * count, (step + 1) * count)]
        rng = np.random.default_rng([self.seed, step, 11])
        captions = [pick(rng, made[chunk][1][i]) for chunk, i in places]
        latents = torch.from_numpy(np.stack([made[chunk][0][i] for chunk, i in places])).float()
        return LatentBatch(latents=latents, captions=captions)

    def __enter__(self) -> OnTheFly:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop making clips."""
        self.pool.shutdown(cancel_futures=True)


def _chunks(step: int, count: int) -> range:
    """Chunks that the clips of a step lie in."""
    return range(step * count // CHUNK, -(-(step + 1) * count // CHUNK))


def on_the_fly(
    tokenizer: Tokenizer,
    source: ClipSource,
    *,
    frames: int,
    workers: int = 1,
    device: str = "cpu",
    seed: int = 0,
    ahead: int = 2,
    count_of: Callable[[int], int] | None = None,
) -> OnTheFly:
    """Latents of `source` by `workers` processes, or for 0 by a thread of this one (where a GPU draws and encodes).

    `ahead`: steps whose clips are begun before they are asked for. `count_of(step)`: clips that a step will ask for, 0
    for none; without it, as many as the last one.
    """
    encoding = encoding_of(tokenizer, source, frames, device)
    if workers:
        return OnTheFly(encoding_pool(encoding, workers), chunk_in_worker, seed=seed, ahead=ahead, count_of=count_of)
    return OnTheFly(ThreadPoolExecutor(1), ChunkMaker(encoding), seed=seed, ahead=ahead, count_of=count_of)
