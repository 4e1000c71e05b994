"""A language model whose tokens and cost are counted in the parent, and who is asked nothing beyond a cap."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from rushes.agent.context.entry import count_tokens
from rushes.agent.models import LanguageModel, Message, Reply, ToolSpec


class CapReached(ValueError):
    """The next answer might cost more than is left under the cap; it was not asked for."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Of a language model, in US dollars for a million tokens."""

    prompt: float
    completion: float

    def usd(self, prompt: float, completion: float) -> float:
        return (prompt * self.prompt + completion * self.completion) / 1e6


def read_prices(text: str) -> Prices:
    """From "3,15". Raises ValueError."""
    try:
        prompt, completion = (float(part) for part in text.split(","))
    except ValueError:
        prompt = completion = math.nan
    if not (math.isfinite(prompt) and math.isfinite(completion) and min(prompt, completion) >= 0):
        raise ValueError(f"prices are {text!r}; give US dollars for a million tokens in and out, such as 3,15")
    return Prices(prompt=prompt, completion=completion)


class Metered:
    """The same model. `cap`: US dollars that all its answers together may cost, by `prices`.

    What belongs together and is broken off and taken up again `goes_on`: its answers of earlier runs count too.
    """

    def __init__(self, model: LanguageModel, *, prices: Prices | None = None, cap: float | None = None) -> None:
        if cap is not None and prices is None:
            raise ValueError(f"a cap of ${cap:g} can't be kept without the model's prices; give them too")
        self.model = model
        self.name, self.uses_tools = model.name, model.uses_tools
        self.turns = self.prompt_tokens = self.completion_tokens = 0
        self._prices, self._cap = prices or Prices(prompt=0.0, completion=0.0), cap
        self._before = (0, 0)
        self._keep: Callable[[int, int], None] = lambda prompt_tokens, completion_tokens: None

    def goes_on(self, before: tuple[int, int], keep: Callable[[int, int], None]) -> None:
        """`before`: tokens in and out that earlier runs took; `keep` hears those of each answer from now on."""
        self._before, self._keep = before, keep

    @property
    def usd(self) -> float:
        """What was spent in this run."""
        return self._prices.usd(self.prompt_tokens, self.completion_tokens)

    @property
    def usd_before(self) -> float:
        """What was spent in earlier runs of the same."""
        return self._prices.usd(*self._before)

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        """Raises CapReached before a question that might pass the cap."""
        shown = tokens_of(messages, tools)
        most = self._prices.usd(shown, max_tokens)
        spent = self.usd_before + self.usd
        if self._cap is not None and spent + most > self._cap:
            raise CapReached(f"${spent:.2f} are spent, and the next answer might pass the cap of ${self._cap:.2f}")
        reply = self.model.reply(messages, tools=tools, schema=schema, max_tokens=max_tokens)
        said = count_tokens(reply.text) + sum(count_tokens(json.dumps(call.arguments)) for call in reply.tool_calls)
        taken = (reply.usage.prompt_tokens or shown, reply.usage.completion_tokens or said)
        self.turns += 1
        self.prompt_tokens += taken[0]
        self.completion_tokens += taken[1]
        self._keep(*taken)
        return reply


def tokens_of(messages: list[Message], tools: tuple[ToolSpec, ...]) -> int:
    """Of a prompt, about."""
    calls = [call.arguments for message in messages for call in message.tool_calls]
    shown = sum(count_tokens(message.content) for message in messages)
    return shown + count_tokens(json.dumps([*(asdict(spec) for spec in tools), *calls], default=str))
