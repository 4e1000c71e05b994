"""What every reader and writer of media raises for a fault of the input or of the machine."""


class MediaError(ValueError):
    """One line: what was wrong, the value, the way out."""


def said_short(value: object, limit: int = 120) -> str:
    """A value as it may stand in a one-line message: printable, and cut in the middle when long."""
    text = "".join(c if c.isprintable() else "?" for c in str(value))
    return text if len(text) <= limit else f"{text[: limit // 2]}...{text[-limit // 2 :]}"
