"""A video model that costs money: the animatic behind a price, with a provider that keeps a book of its orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rushes.board.jobs import Job
from rushes.board.spend import usd
from rushes.desk.task import Heading
from rushes.generate.animatic import Animatic


class Priced:
    """Every second of a take costs `price` millionths of a US dollar. What is bought goes onto the tape."""

    def __init__(self, price: int, tape: list[Heading]) -> None:
        self._animatic = Animatic()
        self._price, self._tape = price, tape
        self.capabilities = replace(Animatic.capabilities, name="priced-1")

    def check(self, request: Any) -> None:
        self._animatic.check(request)

    def price(self, request: Any) -> int:
        """Millionths of a US dollar."""
        return round(self._price * request.seconds)

    def generate(
        self,
        request: Any,
        *,
        order: Job,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Any:
        cost = self.price(request)
        if order.provider_id is None:
            order.remember(f"order-{len(self._tape)}")
            self._tape.append(Heading(kind="bought", text=usd(cost), arguments={"micro_usd": cost}))
        made = self._animatic.generate(request, progress=progress, cancelled=cancelled)
        order.charge(micro_usd=cost)
        return made
