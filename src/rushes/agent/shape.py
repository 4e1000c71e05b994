"""The shape of the picture: as people say it ("for stories", "9:16"), as a number, and as pixels."""

from __future__ import annotations

import re

WIDE = 16 / 9  # width over height that films have where nobody says another
SHORTEST, LONGEST = 32, 8192  # pixels of a side
KNOWN = ("9:16", "16:9", "1:1", "4:5", "5:4", "4:3", "3:4", "2:3", "3:2", "21:9", "9:21", "2:1", "1:2", "2.39:1")
FILM = r"(?:film|video|movie|clip|ad|advert|commercial|spot|short|reel|story|teaser|trailer|cartoon|animation)s?"
FORMAT = rf"(?: \w+){{0,2}}? (?:{FILM}|format|frame|mode|orientation|version|screen)\b"
END = r"(?= *(?:$|[.,;:!?)]| (?:for|about|of|and|with|please)\b))"  # behind a word that stands on its own
NAMED = {  # shape -> words for it; those that may mean something else only beside a word for a film
    "9:16": (
        rf"\b(?:vertical|upright|tall|portrait){FORMAT}",
        rf"\b(?:in|is|be|it|film|video|movie|ad|clip|,) (?:vertical|upright){END}",
        r"\b(?:vertically|in portrait)\b",
        r"\bfor (?:(?:my|our|the|your|an?|instagram|facebook|insta|snapchat|youtube|whatsapp) )*"
        r"(?:stories|story|reels?|shorts|tiktok|snapchat|phones?)\b",
        r"\b(?:tik ?tok|(?:instagram|insta|facebook) (?:reels?|stories|story)|youtube shorts?)\b",
        r"\b(?:hochformat|hochkant)\w*",
    ),
    "1:1": (
        rf"\b(?:square|quadratic){FORMAT}",
        rf"\b(?:is|be|it|film|video|movie|ad|clip|,) square{END}",
        r"\b(?:instagram|insta) posts?\b",
        r"\bquadratisch\w*",
    ),
    "16:9": (rf"\b(?:landscape|horizontal|wide ?screen){FORMAT}", r"\b(?:in landscape|for youtube|querformat)\b"),
    "21:9": (r"\b(?:cinemascope|ultra ?wide)\b",),
}


def named_shape(words: str) -> str:
    """The shape that somebody asks for in words: "a film for stories" -> "9:16". Empty where none is named."""
    text = " ".join(words.lower().split())
    for across, down in re.findall(r"(?<![\d:.])(\d{1,2}(?:\.\d+)?) ?[:/x×] ?(\d{1,2})(?![\d:])", text):
        if f"{across}:{down}" in KNOWN:
            return f"{across}:{down}"
    return next((shape for shape, said in NAMED.items() if any(re.search(each, text) for each in said)), "")


def shape_of(aspect: str) -> float:
    """Width over height of "9:16". Raises ValueError."""
    try:
        across, down = (float(part) for part in aspect.lower().replace("x", ":").replace("/", ":").split(":"))
        shape = across / down
    except (ValueError, ZeroDivisionError):
        raise ValueError(f'aspect is {aspect[:20]!r}; give two numbers, such as "16:9", "9:16" or "1:1"') from None
    if not 0.2 <= shape <= 5:
        raise ValueError(f"aspect is {aspect!r}; give a shape between 1:5 and 5:1")
    return shape


def frame_of(shape: float, short: int) -> tuple[int, int]:
    """Even width and height, in pixels, of a picture whose shorter side has `short`. Raises ValueError."""
    width, height = (short * shape, short) if shape >= 1 else (short, short / shape)
    return even_frame(round(width), round(height))


def even_frame(width: int, height: int) -> tuple[int, int]:
    """The frame with even sides. Raises ValueError where it can't be rendered."""
    width, height = 2 * round(width / 2), 2 * round(height / 2)
    if not (SHORTEST <= width <= LONGEST and SHORTEST <= height <= LONGEST):
        raise ValueError(f"a frame of {width}x{height} can't be rendered; each side may have 32 to 8192 pixels")
    return width, height


def alike(one: float, other: float) -> bool:
    """Whether a picture of one shape fills a frame of the other without losing what anybody would miss."""
    return abs(one / other - 1) < 0.2
