"""Times and lists as people say or write them: 2.5, 00:02.50, 0:02.5, frame 30, two and a half seconds; a, b; a > b."""

from __future__ import annotations

FPS = 12.0  # of the films on the desk
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
QUARTERS = ("", "a quarter", "half", "three quarters")


class Seconds(float):
    """Seconds that a format asks for in one of several ways: f"{time:clock}"."""

    def __format__(self, how: str) -> str:
        minutes, seconds = divmod(float(self), 60)
        if how == "clock":
            return f"{int(minutes):02d}:{seconds:05.2f}"
        if how == "short":
            whole = f"{seconds:g}"
            return f"{int(minutes)}:{'0' if seconds < 10 else ''}{whole}"
        if how == "frame":
            return f"{round(self * FPS)}"
        if how == "spoken":
            return spoken(float(self))
        return super().__format__(how)

    def all_ways(self) -> set[str]:
        """Everything that says this time."""
        ways = {format(self, how) for how in ("g", "clock", "short", "frame")}
        return ways | {spoken(self)} if in_quarters(self) else ways


class Listed(tuple[str, ...]):
    """A list that a format joins by what it names: f"{names: > }"."""

    def __format__(self, between: str) -> str:
        return between.join(self)


def at_frame(frame: int) -> Seconds:
    return Seconds(frame / FPS)


def in_quarters(seconds: float) -> bool:
    """Whether `spoken` says it exactly."""
    return abs(seconds * 4 - round(seconds * 4)) < 1e-9 and 0 < seconds < len(COUNTS)


def spoken(seconds: float) -> str:
    """Whole and quarter seconds in words. Raises ValueError for other times."""
    if not in_quarters(seconds):
        raise ValueError(f"{seconds:g} s can't be said in whole and quarter seconds up to twelve; write it in figures")
    whole, quarters = divmod(round(seconds * 4), 4)
    if whole == 0:
        return f"{QUARTERS[quarters]}{'' if quarters == 2 else ' of'} a second"
    part = f" and {'a half' if quarters == 2 else QUARTERS[quarters]}" if quarters else ""
    return f"{COUNTS[whole]}{part} second{'' if (whole, quarters) == (1, 0) else 's'}"
