"""Texts as ASS events for libass: shown literally, on exactly the frames that were asked for, set with some care."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path

from PIL import ImageFont

from rushes.media.timeline import Place, Text, Timeline

FONT = "Aileron"  # CC0, inside pillow: printable ASCII and a few signs
SYSTEM_FONT = "sans-serif"  # what the machine has, for everything else

# Alpha (0 opaque, 255 invisible) at both ends of a soft fade: the first and the last frame show the text already.
EDGE_ALPHA = 190
MIDDLE = 0.49  # share of the height at which a title stands if nobody says otherwise: a hair over the middle
DARK = 80  # of 255, of each colour: letters under it have a light shadow
AIR = 0.16  # under a title's first line, share of the em
SUBTITLE_FOOT = 0.075  # share of the short measure under subtitles
LOWER_FOOT = 0.235  # share of the short measure under a lower third: clear of two lines of subtitle
LEFT = 0.065  # share of the width left of a lower third


@dataclass(frozen=True, kw_only=True)
class Style:
    size: float  # height of the em, share of the frame's short measure
    second: float  # size of the lines after the first, share of the first
    measure: float  # widest line, share of the frame's width
    spacing: float  # between letters, share of the em
    fade: int  # milliseconds
    lines: int  # more than these make the type smaller


STYLES: dict[Place, Style] = {
    "title": Style(size=0.135, second=0.5, measure=0.84, spacing=0.045, fade=450, lines=2),
    "lower": Style(size=0.068, second=0.68, measure=0.62, spacing=0.01, fade=300, lines=2),
    "subtitle": Style(size=0.056, second=1.0, measure=0.8, spacing=0.006, fade=0, lines=2),
}

WHITE, SOFT, ACCENT, SHADE = "&HF2F8FA&", "&HD2DCE0&", "&H42A8F4&", "&H140E0C&"  # ASS writes blue, green, red


def write_ass(timeline: Timeline, folder: Path, name: str = "film.ass") -> str:
    """Writes the subtitle file and its font into `folder`; returns the file's name."""
    fonts = folder / "fonts"
    fonts.mkdir(exist_ok=True)
    (fonts / "Aileron-Regular.ttf").write_bytes(_font_bytes())
    events = [line for layer, text in enumerate(timeline.texts) for line in _events(timeline, text, layer)]
    (folder / name).write_text("\n".join([*_head(timeline), *events, ""]), encoding="utf-8")
    return name


def clock(frame: int, rate: Fraction) -> int:
    """The centisecond from which libass shows an event on this frame and not on the one before.

    FFmpeg asks libass at floor(1000 frame / rate) milliseconds; an event shows from its start on, its end excluded.
    Exact while a frame lasts longer than 10 ms.
    """
    return int(1000 * frame / rate) // 10


def escape(text: str) -> str:
    """The text so that libass shows it literally: no override blocks, no escapes of its own."""
    shown = []
    for c in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        if c in "\n\u2028\u2029\x0b\x0c":
            shown.append("\\N")
        elif c in "{}":
            shown.append("\\" + c)
        elif c == "\\":
            shown.append("\\\u2060")  # a word joiner, invisible, keeps the next letter from being read as its command
        elif c == "\t" or unicodedata.category(c) in ("Cc", "Cs"):
            shown.append(" ")
        else:
            shown.append(c)
    return "".join(shown)


def missing_glyphs(lines: Iterable[str]) -> tuple[str, ...]:
    """Characters that no font had, as libass says it in FFmpeg's log."""
    said = re.compile(r"failed to find any fallback with glyph 0x([0-9A-Fa-f]+)")
    codes = {int(code, 16) for line in lines for code in said.findall(line)}
    return tuple(chr(code) for code in sorted(codes) if unicodedata.category(chr(code)) not in ("Cf", "Mn"))


def _head(timeline: Timeline) -> list[str]:
    fields = (
        "Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
        "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
        "MarginL, MarginR, MarginV, Encoding"
    )
    # Encoding -1 lets libass take the base direction of the writing from the text itself.
    plain = f"{FONT},40,&H00F2F8FA,&H00F2F8FA,&H00140E0C,&H00140E0C,0,0,0,0,100,100,0,0,1,0,0,5,0,0,0,-1"
    return [
        "[Script Info]", "ScriptType: v4.00+", f"PlayResX: {timeline.width}", f"PlayResY: {timeline.height}",
        f"LayoutResX: {timeline.width}", f"LayoutResY: {timeline.height}", "WrapStyle: 2", "ScaledBorderAndShadow: yes",
        "YCbCr Matrix: TV.709", "", "[V4+ Styles]", f"Format: {fields}", f"Style: plain,{plain}", "",
        "[Events]", "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ]  # fmt: skip


def _events(timeline: Timeline, text: Text, layer: int) -> list[str]:
    style = STYLES[text.place]
    short = short_measure(timeline)
    lines, size = set_lines(text.text, style, timeline.width, short * text.size)
    first, last = timeline.text_frames(text)
    times = f"{_stamp(clock(first, timeline.rate))},{_stamp(clock(last, timeline.rate))}"
    fade = _fade(style.fade, float((last - first) / timeline.rate) * 1000)
    font = f"\\fn{FONT if covers(text.text) else SYSTEM_FONT}"
    # A blurred border is a soft shadow on all sides: legible on any ground without a box.
    glow = f"\\bord{size * 0.055:.2f}\\blur{size * 0.075:.2f}\\shad0\\3c{_shade(text.colour)}\\3a&H38&"
    base = f"{font}\\fsp{size * style.spacing:.2f}{glow}{fade}"
    body = _body(lines, size, style.second, text)
    width, height = timeline.width, timeline.height
    if text.place == "title":
        return [_event(layer, times, f"\\an5\\pos({width / 2:.1f},{height * (text.middle or MIDDLE):.1f}){base}", body)]
    if text.place == "subtitle":
        return [_event(layer, times, f"\\an2\\pos({width / 2:.1f},{height - short * SUBTITLE_FOOT:.1f}){base}", body)]
    left, bottom = width * LEFT, height - short * LOWER_FOOT
    bar = max(2.0, short * 0.0065)
    tall = _block_height(len(lines), size, style.second)
    # The bar is a drawing: a rectangle from its top left corner.
    box = f"m 0 0 l {bar:.1f} 0 l {bar:.1f} {tall:.1f} l 0 {tall:.1f}"
    glow_bar = f"\\an7\\pos({left:.1f},{bottom - tall:.1f})\\bord0\\shad0\\1c{ACCENT}{fade}\\p1"
    return [
        _event(layer, times, glow_bar, box),
        _event(layer, times, f"\\an1\\pos({left + bar + size * 0.45:.1f},{bottom + size * 0.04:.1f}){base}", body),
    ]


def short_measure(timeline: Timeline) -> float:
    """Pixels that sizes of type are shares of."""
    return min(timeline.height, 0.75 * timeline.width)


def text_box(timeline: Timeline, text: Text) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text as shares of the frame, to a few pixels."""
    style, short = STYLES[text.place], short_measure(timeline)
    lines, size = set_lines(text.text, style, timeline.width, short * text.size)
    ems = [(line_ems(line) * (1 + style.spacing), style.second if after else 1.0) for line, after in lines]
    across = max(em * share for em, share in ems) * size / timeline.width
    air = AIR if text.place == "title" and any(after for _, after in lines) else 0.0
    tall = (sum(share for _, share in ems) + air) * size / timeline.height
    if text.place == "title":
        top = (text.middle or MIDDLE) - tall / 2
        return 0.5 - across / 2, top, 0.5 + across / 2, top + tall
    foot = 1 - (SUBTITLE_FOOT if text.place == "subtitle" else LOWER_FOOT) * short / timeline.height
    left = 0.5 - across / 2 if text.place == "subtitle" else LEFT
    return left, foot - tall, left + across, foot


def _event(layer: int, times: str, overrides: str, body: str) -> str:
    return f"Dialogue: {layer},{times},plain,,0,0,0,,{{{overrides}}}{body}"


def _body(lines: list[tuple[str, bool]], size: float, second: float, text: Text) -> str:
    shown = []
    for i, (line, is_second) in enumerate(lines):
        if text.place == "title" and is_second and not lines[i - 1][1]:
            shown.append(f"{{\\fs{size * AIR:.1f}}}\\h")  # air under the title itself
        own = size * second if is_second else size
        usual = SOFT if is_second and text.place != "subtitle" else WHITE
        colour = _ass_colour(text.colour) if text.colour else usual
        shown.append(f"{{\\fs{own:.1f}\\1c{colour}}}{escape(line)}")
    return "\\N".join(shown)


def _ass_colour(colour: str) -> str:
    """#rrggbb as ASS writes it: blue, green, red."""
    return f"&H{colour[5:7]}{colour[3:5]}{colour[1:3]}&".upper()


def _shade(colour: str) -> str:
    """What the letters stand out from: dark, behind dark letters light."""
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)] if colour else [255]
    return WHITE if max(channels) < DARK else SHADE


def _block_height(lines: int, size: float, second: float) -> float:
    return size + (lines - 1) * size * second


def _fade(milliseconds: int, lasts: float) -> str:
    soft = min(milliseconds, int(lasts / 4))
    if not soft:
        return ""
    return f"\\fade({EDGE_ALPHA},0,{EDGE_ALPHA},0,{soft},{int(lasts) - soft},{int(lasts)})"


def _stamp(centiseconds: int) -> str:
    seconds, hundredths = divmod(centiseconds, 100)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{hundredths:02d}"


def set_lines(text: str, style: Style, width: int, short: float) -> tuple[list[tuple[str, bool]], float]:
    """Breaks a text into lines of even length and finds its size in pixels.

    Each line comes with whether it stands after the text's own first line break.
    """
    paragraphs = re.split(r"\r\n|[\r\n\u2028\u2029\x0b\x0c]", text.strip("\r\n"))
    size = style.size * short
    smallest = 0.3 * size
    while True:
        lines = []
        for i, paragraph in enumerate(paragraphs):
            em = size * (style.second if i else 1.0)
            most = style.measure * width / (em * (1 + style.spacing))
            lines += [(line, i > 0) for line in break_lines(paragraph, most)]
        fits = all(
            line_ems(line) * (1 + style.spacing) * size * (style.second if after else 1.0)
            <= style.measure * width * 1.02
            for line, after in lines
        )
        if (fits and len(lines) <= max(style.lines, len(paragraphs))) or size <= smallest:
            return lines, size
        size *= 0.93


def break_lines(paragraph: str, most: float) -> list[str]:
    """Lines of at most `most` ems where words allow it, as even in length as they get with that number of lines."""
    greedy = _greedy(paragraph, most)
    if len(greedy) < 2:
        return greedy
    low, high = line_ems(paragraph) / len(greedy), most
    for _ in range(12):
        middle = (low + high) / 2
        if len(_greedy(paragraph, middle)) <= len(greedy):
            high = middle
        else:
            low = middle
    return _greedy(paragraph, high)


def _greedy(paragraph: str, most: float) -> list[str]:
    lines: list[str] = []
    line = ""
    # Words, and wide characters one by one, since scripts without spaces break between any two.
    for piece in re.findall(
        r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+|\s+", paragraph
    ):
        if line.strip() and line_ems((line + piece).rstrip()) > most:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip() or ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def line_ems(line: str) -> float:
    """Width in ems: measured for the shipped font, estimated for others."""
    if covers(line):
        return float(_font().getlength(line)) / 100 * EM_OF_SIZE
    widths = {"W": 1.0, "F": 1.0}
    return sum(0.0 if unicodedata.combining(c) else widths.get(unicodedata.east_asian_width(c), 0.6) for c in line)


# libass takes a font's size as ascent plus descent (OS/2 winAscent, winDescent), pillow as the em.
EM_OF_SIZE = 0.82


def covers(text: str) -> bool:
    """Whether the shipped font has every character."""
    return all(" " <= c <= "~" or c in "\r\n\t©«°±´·»‘’“”…‹›⁄™" for c in text)


def _font() -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(100)
    assert isinstance(font, ImageFont.FreeTypeFont)  # pillow of 10.1 and later, built with FreeType as wheels are
    return font


def _font_bytes() -> bytes:
    held = _font().path
    assert isinstance(held, BytesIO)
    return held.getvalue()
