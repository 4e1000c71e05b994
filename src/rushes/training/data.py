"""The seam between data and training: a callable that makes the batch of a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from torch import Tensor

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Clips with the sentences that describe them."""

    video: Tensor  # (B, T, 3, H, W) float in [-1, 1], at the decoder's size
    captions: list[str]  # B sentences, one for each clip
    variants: list[tuple[str, ...]] = field(default_factory=list)  # B tuples of other true sentences; may be empty

    def sentences(self, index: int) -> tuple[str, ...]:
        """Every sentence that is true of clip `index`."""
        others = self.variants[index] if self.variants else ()
        return (self.captions[index], *(s for s in others if s != self.captions[index]))


class Clips(Protocol):
    """`clips(step, batch, frames)`: the batch of a step, the same for the same arguments: a resumed run needs it."""

    def __call__(self, step: int, batch: int, frames: int) -> Batch: ...


class ClipSource(Protocol):
    """A frozen configuration of data: its size and speed, and how to make clips from it."""

    @property
    def height(self) -> int: ...  # rows of `Batch.video`

    @property
    def width(self) -> int: ...  # columns of `Batch.video`

    @property
    def frames(self) -> int: ...  # frames of a whole clip, 4k + 1

    @property
    def fps(self) -> float: ...  # frames a second

    def clips(self, part: str) -> Clips:
        """Clips of `part`: "train" or "test" (no scene of one is in the other)."""
        ...

    def vocabulary(self) -> list[str]:
        """Sentences that between them use every word that captions can have."""
        ...


def ahead(make: Callable[[int], T], start: int) -> Iterator[T]:
    """`make(start)`, `make(start + 1)`, … without end; the next is made in a thread while the last one is used."""
    with ThreadPoolExecutor(1) as pool:
        step = start
        waiting: Any = pool.submit(make, step)
        while True:
            value = waiting.result()
            step += 1
            waiting = pool.submit(make, step)
            yield value
