"""A stream of samples from shards: shuffled, shared over ranks, fetched ahead, taken up again at any sample.

Which sample comes at which place follows from the seed, the epoch and the manifest alone (`epoch_order`), so threads
cannot change it, a resumed run needs one number, and 2 ranks that go on as 1 see the same samples.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from rushes.data.shards import WAY_OUT, Index, Open, Shard, ShardError, index_name, read_manifest


@dataclass(frozen=True, kw_only=True)
class StreamConfig:
    seed: int = 0  # another seed, another order
    window: float = 1024.0  # samples by which the shuffle delays a sample at most; infinite: any order is possible
    most_ranks: int = 1  # that will ever share the data: each shard is then fetched by one of them
    rank: int = 0  # of this reader; count loader workers as ranks of their own
    ranks: int = 1  # readers that share the data
    ahead: int = 4  # shards held in memory beyond those that a window touches: fetched before they are needed
    threads: int = 4  # that fetch
    damaged: str = "raise"  # or "skip": a damaged sample is set aside, the next whole one of its shard stands in
    retries: int = 2  # further tries when a source fails

    def __post_init__(self) -> None:
        if not 0 <= self.rank < self.ranks:
            raise ValueError(f"rank {self.rank} of {self.ranks}: give a rank from 0 to {self.ranks - 1}")
        if self.damaged not in ("raise", "skip"):
            raise ValueError(f"damaged={self.damaged!r}; choose 'raise' or 'skip'")
        if min(self.most_ranks, self.ahead, self.threads) < 1 or self.window < 0 or self.retries < 0:
            raise ValueError(f"{self}: most_ranks, ahead and threads are 1 or more, window and retries 0 or more")


@dataclass(frozen=True, kw_only=True)
class Samples:
    latents: np.ndarray  # (B, ...)
    captions: list[tuple[str, ...]]  # B tuples of true sentences, the dense one first
    keys: list[str]  # B


def epoch_order(counts: np.ndarray, *, seed: int, epoch: int, window: float, hands: int) -> np.ndarray:
    """The samples of an epoch in their order, (N, 2): shard and number in it; each exactly once.

    Shards are shuffled and dealt to hands; a hand plays its shards with each sample delayed by up to `window`, as a
    shuffle buffer would; hands take turns until all are empty.
    """
    rng = np.random.default_rng([seed, epoch, 21])
    shards = rng.permutation(len(counts))
    rows, turns = [], []
    for hand in range(hands):
        mine = shards[hand::hands]
        shard = np.repeat(mine, counts[mine])
        number = np.concatenate([np.arange(counts[s]) for s in mine]) if len(mine) else shard
        jitter = rng.random(len(shard))
        late = jitter if np.isinf(window) else np.arange(len(shard)) + window * jitter
        order = np.argsort(late, kind="stable")
        rows.append(np.stack([shard[order], number[order]], axis=1))
        turns.append(np.arange(len(shard)) * hands + hand)
    return np.concatenate(rows)[np.argsort(np.concatenate(turns))]


class _Epoch:
    """What one rank reads of an epoch; its reads are numbered from `first` over all epochs."""

    def __init__(self, order: np.ndarray, first: int, shards: int) -> None:
        self.order, self.first = order, first
        self.last = np.full(shards, -1)  # read at which a shard is needed for the last time
        self.last[order[:, 0]] = first + np.arange(len(order))

    def visits(self, start: int) -> list[int]:
        """Shards in the order in which reads from `start` on first need them."""
        shards, firsts = np.unique(self.order[max(start - self.first, 0) :, 0], return_index=True)
        return [int(shard) for shard in shards[np.argsort(firsts)]]


class _Fetched:
    """A shard in memory, with what stands in for its damaged samples."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        whole = np.array([shard.whole(i) for i in range(len(shard))])
        self.damaged = [place.key for place, good in zip(shard.index.places, whole, strict=True) if not good]
        good = np.flatnonzero(whole)
        self.stand_in = good[np.searchsorted(good, np.arange(len(whole))) % len(good)] if len(good) else good


class Stream:
    """Samples by their number: `stream.read(start, count)` is always the same. Fastest when reads follow each other."""

    def __init__(self, source: Open, config: StreamConfig, *, key: str | None = None) -> None:
        """`source` opens the files of a folder of shards. ShardError if they are not of `key`, where one is given."""
        self.source, self.config = source, config
        self.manifest = read_manifest(source, key)
        self.counts = self.manifest.counts
        if self.counts.sum() == 0:
            raise ShardError("the manifest lists no samples; write shards first")
        self.next = 0  # read that follows the last one
        self.waited = 0.0  # seconds that reads waited for shards
        self.set_aside: dict[str, list[str]] = {}  # keys of damaged samples by shard
        touched = min(len(self.counts), 1 + math.ceil(min(config.window, len(self)) / self.counts.mean()))
        self.room = config.ahead + touched * max(1, config.most_ranks // config.ranks)  # shards that may be held
        self._epochs: dict[int, _Epoch] = {}
        self._held: dict[tuple[int, int], Future[_Fetched]] = {}  # by epoch and shard
        self._coming = self._visits(0)
        self._pool = ThreadPoolExecutor(config.threads, thread_name_prefix="shards")

    def __len__(self) -> int:
        """Samples of an epoch, over all ranks."""
        return int(self.counts.sum())

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop fetching."""
        self._pool.shutdown(cancel_futures=True)

    @property
    def held(self) -> int:
        """Shards in memory or on their way."""
        return len(self._held)

    def batch(self, step: int, count: int) -> Samples:
        """The samples of a step when all steps take `count`."""
        return self.read(step * count, count)

    def read(self, start: int, count: int) -> Samples:
        """This rank's reads `start` to `start + count`. ShardError names the shard that cannot be read."""
        if start != self.next:
            self._jump(start)
        latents, captions, keys = [], [], []
        for place in range(start, start + count):
            number, epoch = self._epoch_of(place)
            shard, sample = (int(value) for value in epoch.order[place - epoch.first])
            fetched = self._wait((number, shard))
            sample = int(fetched.stand_in[sample])
            latents.append(fetched.shard.latent(sample))
            captions.append(fetched.shard.captions(sample))
            keys.append(fetched.shard.index.places[sample].key)
            if epoch.last[shard] == place:
                self._drop((number, shard))
        self.next = start + count
        return Samples(latents=np.stack(latents), captions=captions, keys=keys)

    def state_dict(self) -> dict[str, Any]:
        """Where the stream is, over all ranks: it can go on with another number of them."""
        return {"samples": self.next * self.config.ranks, "of": len(self), "seed": self.config.seed}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        here = {"of": len(self), "seed": self.config.seed}
        kept = {name: state[name] for name in here}
        if kept != here:
            raise ValueError(
                f"the state is of a stream with {kept}, this one has {here}; open the one it was saved from"
            )
        if state["samples"] % self.config.ranks:
            raise ValueError(f"{state['samples']} samples do not divide over {self.config.ranks} ranks; choose others")
        self._jump(state["samples"] // self.config.ranks)

    # What is held, and what is fetched next.

    def _epoch_of(self, place: int) -> tuple[int, _Epoch]:
        number = (place * self.config.ranks + self.config.rank) // len(self)
        return number, self._epoch(number)

    def _epoch(self, number: int) -> _Epoch:
        if number not in self._epochs:
            rank, ranks = self.config.rank, self.config.ranks
            order = epoch_order(
                self.counts,
                seed=self.config.seed,
                epoch=number,
                window=self.config.window,
                hands=self.config.most_ranks,
            )
            first = -(-(number * len(self) - rank) // ranks)  # the first read that is in this epoch
            mine = order[first * ranks + rank - number * len(self) :: ranks]
            self._epochs = {n: epoch for n, epoch in self._epochs.items() if n >= number - 1}
            self._epochs[number] = _Epoch(mine, first, len(self.counts))
        return self._epochs[number]

    def _visits(self, start: int) -> Iterator[tuple[int, int]]:
        number, _ = self._epoch_of(start)
        while True:
            yield from ((number, shard) for shard in self._epoch(number).visits(start))
            number += 1

    def _jump(self, start: int) -> None:
        coming = set(islice(self._visits(start), self.room))
        for key in self._held.keys() - coming:
            self._drop(key)
        self._coming = self._visits(start)
        self.next = start

    def _wait(self, key: tuple[int, int]) -> _Fetched:
        while key not in self._held or len(self._held) < self.room:
            self._fetch_next()
        begin = time.perf_counter()
        fetched = self._held[key].result()
        self.waited += time.perf_counter() - begin
        return fetched

    def _fetch_next(self) -> None:
        key = next(self._coming)
        if key not in self._held:
            self._held[key] = self._pool.submit(self._fetch, key[1])

    def _drop(self, key: tuple[int, int]) -> None:
        self._held.pop(key).cancel()

    def _fetch(self, number: int) -> _Fetched:
        listed = self.manifest.shards[number]
        name, size = listed["name"], listed["size"]
        for attempt in range(self.config.retries + 1):
            try:
                with self.source(index_name(name)) as file:
                    index = Index.from_json(file.read())
                with self.source(name) as file:
                    content = file.read(size)
                break
            except OSError as error:
                if attempt == self.config.retries:
                    raise ShardError(f"{name} cannot be read after {attempt + 1} tries ({error}); {WAY_OUT}") from error
                time.sleep(0.05 * 2**attempt)
            except (KeyError, TypeError, ValueError) as error:
                raise ShardError(f"{index_name(name)} is damaged ({error}); write it again with index_tar") from error
        if index.sha256 != listed["sha256"]:
            raise ShardError(f"{name} is not the shard that the manifest lists; write the manifest again")
        fetched = _Fetched(Shard(content, index))
        if fetched.damaged:
            if self.config.damaged == "raise" or not len(fetched.stand_in):
                raise ShardError(f"{name}: {len(fetched.damaged)} of {len(index)} samples are damaged; {WAY_OUT}")
            self.set_aside[name] = fetched.damaged
        return fetched
