"""What went wrong at a language model's endpoint, in words with the way out. Both clients name their errors alike."""

from __future__ import annotations

from typing import Any

NONSENSE = (ValueError, TypeError, AttributeError, AssertionError)  # what a client raises where it can't read an answer


def explained(client: Any, error: Exception, config: Any, *, where: object, key: str) -> str:
    """`client`: the package whose error it is, openai or anthropic; `config`: the model's, with `model`, `timeout` in
    seconds and `retries`; `key`: the variable that holds its key."""
    if isinstance(error, client.APITimeoutError):
        return f"{where} gave no answer within {config.timeout:g} s; raise the timeout or use a smaller model"
    if isinstance(error, client.APIConnectionError):
        return f"can't reach {where}; start the server, check the network, or correct the address"
    if isinstance(error, client.AuthenticationError):
        return f"{where} refused the key; set {key} to a valid one"
    if isinstance(error, client.NotFoundError):
        return f"{where} knows no model {config.model!r}; name one that it serves"
    if isinstance(error, client.RateLimitError):
        return f"{where} limits requests, after {config.retries} retries too; wait, then run it again"
    return f"{where} failed: {' '.join(str(error).split())[:300]}"


def broke_off(where: object, model: str) -> str:
    """Half an answer came, which is not to be taken for a whole one."""
    return f"{where} broke off in the middle of an answer of {model}; run it again"


def is_of_transport(error: Exception) -> bool:
    """Whether the connection broke while an answer came: the clients let that through as it is."""
    return type(error).__module__.startswith("httpx")
