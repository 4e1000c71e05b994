"""The seam to video models that are paid by the clip: a price before the order, and an order that survives a kill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from rushes.board.jobs import Job


@runtime_checkable
class PaidGenerator(Protocol):
    """A `Generator` that costs money; `shooting.shoot` makes its takes as paid steps."""

    @property
    def capabilities(self) -> Any: ...

    def check(self, request: Any) -> None: ...

    def price(self, request: Any) -> int:
        """Millionths of a US dollar that this request will cost at most."""
        ...

    def generate(
        self,
        request: Any,
        *,
        order: Job,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Any:
        """With `order.provider_id` set the clip is ordered: fetch that order. Else order it, and call
        `order.remember(id)` before anything else. Raises NotSubmitted where it is certain that no order went out;
        `order.order_failed(why)` where the provider says that it failed; `order.charge(micro_usd=...)` tells the bill.
        """
        ...
