"""A simulated prefix cache: what a list of messages would be billed by who keeps the prefixes it has seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.agent.context.messages import message_tokens
from rushes.agent.models import Message, message_to_dict

PRICE = 0.1  # of a cached token, in prices of a full one


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Tokens of one question, or of several added up."""

    full: int = 0  # tokens billed at the full price
    cached: int = 0  # tokens billed at the cached price
    price: float = PRICE  # of a cached token, in prices of a full one

    @property
    def tokens(self) -> float:
        """In prices of full tokens."""
        return self.full + self.price * self.cached

    @property
    def cached_share(self) -> float:
        """Of all tokens sent, 0 to 1."""
        return self.cached / max(self.full + self.cached, 1)

    def __add__(self, other: Bill) -> Bill:
        return Bill(full=self.full + other.full, cached=self.cached + other.cached, price=self.price)


class PrefixCache:
    """Keeps every prefix of whole messages that it has billed, as providers do for some minutes."""

    def __init__(self, price: float = PRICE) -> None:
        if not 0 <= price <= 1:
            raise ValueError(f"the price of a cached token is {price:g}; give a share of a full one, 0 to 1")
        self.price = price
        self.total = Bill(price=price)
        self._seen: set[bytes] = set()

    def bill(self, messages: Sequence[Message]) -> Bill:
        """Bills one question and adds it to `total`."""
        full = cached = 0
        prefix, hit = b"", True
        for message in messages:
            said = json.dumps(message_to_dict(message), sort_keys=True).encode()
            prefix = hashlib.sha256(prefix + said).digest()
            hit = hit and prefix in self._seen
            cached += message_tokens(message) if hit else 0
            full += 0 if hit else message_tokens(message)
            self._seen.add(prefix)
        bill = Bill(full=full, cached=cached, price=self.price)
        self.total = self.total + bill
        return bill
