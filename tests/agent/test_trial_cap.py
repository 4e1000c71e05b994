"""The dollar cap of a trial holds over all of its runs: a model on the loopback interface is asked no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from loopback import Loopback, loopback
from rich.console import Console

from rushes.agent.harness.archive import Archive
from rushes.agent.harness.gate import GateSettings
from rushes.agent.harness.metered import CapReached, Prices
from rushes.trial import Trying

SAYS = {"role": "assistant", "content": "done", "tool_calls": None}
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "small",
    "choices": [{"index": 0, "message": SAYS, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000},
}


def test_a_trial_that_goes_on_counts_what_it_cost_before(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with loopback(Loopback) as endpoint:
        endpoint.answers = [(200, ANSWER)] * 200

        def spent(cap: float, chunk: int = 700) -> int:
            """Answers that one run gets."""
            before = len(endpoint.requests)
            trying = Trying(
                Archive(tmp_path),
                planner="small",
                base_url=f"{endpoint.url}/v1",
                prices=Prices(prompt=5.0, completion=5.0),  # a cent an answer
                cap=cap,
                settings=GateSettings(canary=(0, 1), held_out=6),
                console=Console(width=200),
            )
            with pytest.raises(CapReached, match=rf"cap of \${cap:.2f}"):
                trying.propose({"reading": {"chunk": chunk}}, by="test", why="to see what it costs")
            return len(endpoint.requests) - before

        first = spent(0.06)
        assert 1 <= first <= 6
        assert spent(0.06) == 0  # taken up again under the same cap it asks for nothing
        assert 1 <= spent(0.09) <= 9 - first  # a raised cap lets it go on, for the difference
        assert "with this trial's earlier runs" in capsys.readouterr().out
        assert spent(0.06, chunk=800) >= 1  # another trial has a bill of its own
