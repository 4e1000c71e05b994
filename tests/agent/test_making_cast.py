"""References of the cast: drawn for nothing, never bought."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from drawn_model import DrawnModel
from small_production import caller, production_of

from rushes.agent.making import making_tools


class Paid(DrawnModel):
    """Costs 30 cents a take, and takes no request without an order."""

    def price(self, request: Any) -> int:
        return 300_000

    def generate(self, request: Any, *, order: Any = None, **more: Any) -> Any:
        assert order is not None, "nothing is made without an order"
        order.remember(f"order-{len(self.made)}")
        return super().generate(request, **more)


def test_a_reference_is_never_bought(tmp_path: Path):
    model = Paid()
    with production_of(tmp_path, model=model) as production:
        call = caller(making_tools(production))
        call("plan", shots=[{"what": "a fox walks in the snow", "seconds": 2}])
        assert "without a reference" in call("cast", thing="fox", look="blue")
        assert not model.made
        assert "reference" not in production.board.node("cast-1").blobs
        assert "blue" in production.board.node("shot-1").fields["prompt"]
