"""The cutting room's tools, as a language model is told of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rushes.agent.cut import clips, grading, listing, looks, pushing, reframing, undoing, words_on_film
from rushes.agent.cut.cards import put_card
from rushes.agent.cut.inspect import inspect, report
from rushes.agent.cut.labelling import GROUPS, TELLS, label
from rushes.agent.cut.laying import lay
from rushes.agent.cut.rendering import measure_cut, render_cut
from rushes.agent.cut.repeating import show_again
from rushes.agent.finishing import Film
from rushes.agent.production import Production
from rushes.agent.tool import Tool, tool
from rushes.media.grade import RANGES
from rushes.media.looks import LOOKS
from rushes.media.timeline import TEXT_SIZES

Arguments = dict[str, Any]
MOST_NAMED = 12  # materials that the description of `open` names

TEXT = {"type": "string"}
NUMBER = {"type": "number"}
SECONDS = {"type": "number", "description": "seconds on the film's clock"}
CLIP = {"type": "string", "description": "id such as clip-3"}
MATERIAL = {"type": "string", "description": "name of a given file, or a take's id"}
AFTER = {"type": "string", "description": 'id of the clip that it comes behind, or "first"'}
SHOWN = {"type": "string", "description": "name of a given file, or id of a take, or of a clip to be seen again"}
PLACE = {"type": "string", "enum": list(words_on_film.PLACES)}
HEIGHT = {
    "type": "string",
    "enum": list(words_on_film.HEIGHTS),
    "description": "of a title, only where somebody says it; else it stands where it covers nobody",
}

TYPE = {
    "height": HEIGHT,
    "size": {"type": "number", "description": "of the type, times the usual: {:g} to {:g}".format(*TEXT_SIZES)},
    "colour": {"type": "string", "description": "such as gold or #ffcc00; usual: white"},
}


def cut_tools(production: Production, words: tuple[str, ...] = ()) -> list[Tool]:
    """words: known to be spelt right, beside those of the brief and of the user."""
    return [
        *_laying_tools(production),
        *_clip_tools(production),
        *_look_tools(production),
        *_text_tools(production),
        *_checking_tools(production, words),
    ]


def _given(production: Production) -> str:
    names = [material.name for material in production.materials]
    return f" ({', '.join(names[:MOST_NAMED])}{', ...' if len(names) > MOST_NAMED else ''})" if names else ""


def _laying_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "open",
            f"Put a given video or image{_given(production)} at the end of the working cut; makes the cut if there "
            "is none.",
            {"material": MATERIAL},
            ("material",),
            lambda a: clips.open_material(production, a["material"]),
        ),
        tool(
            "lay",
            "Lay the planned film out as the working cut: chosen takes, titles, music.",
            {"stand_ins": {"type": "boolean", "description": "show marked stand-ins for shots without a take"}},
            (),
            lambda a: lay(production, bool(a.get("stand_ins", False))),
        ),
        tool(
            "timeline",
            "List the pieces of the working cut, a line each; of a long film those from start to end.",
            {"start": SECONDS, "end": SECONDS},
            (),
            lambda a: listing.listing(production.board, a.get("start"), a.get("end")),
        ),
    ]


def _clip_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "split",
            "Cut the clip that shows at a time in two.",
            {"at": SECONDS},
            ("at",),
            lambda a: clips.split(production.board, a["at"]),
        ),
        tool(
            "trim",
            "Show another part of a clip's source: start in seconds into the source, seconds on the film.",
            {"clip": CLIP, "start": {"type": "number"}, "seconds": {"type": "number"}},
            ("clip",),
            lambda a: clips.trim(production.board, a["clip"], a.get("start"), a.get("seconds")),
        ),
        tool(
            "remove",
            "Take a clip, text or sound out; behind a clip the film closes up.",
            {"id": TEXT},
            ("id",),
            lambda a: clips.remove(production.board, a["id"]),
        ),
        tool(
            "remove_span",
            "Cut a span of time out of the film and close the gap; texts and sounds behind it move with their picture.",
            {"start": SECONDS, "end": SECONDS},
            ("start", "end"),
            lambda a: clips.remove_span(production.board, a["start"], a["end"]),
        ),
        tool(
            "move",
            "Put a clip behind another; first where after is left out.",
            {"clip": CLIP, "after": AFTER},
            ("clip",),
            lambda a: clips.move(production.board, a["clip"], a.get("after", "")),
        ),
        tool(
            "insert",
            "Put a given file or take into the film, or a clip of it once more: behind a clip, at the end where after "
            "is left out.",
            {"material": SHOWN, "start": {"type": "number"}, "seconds": {"type": "number"}, "after": AFTER},
            ("material",),
            lambda a: _insert(production, a),
        ),
        tool(
            "card",
            "Put a plain picture of one colour into the film, such as a second of black or a title card: behind a "
            "clip, at the end where after is left out.",
            {
                "seconds": {"type": "number"},
                "colour": {"type": "string", "description": "such as white or #102040; usual: black"},
                "after": AFTER,
                "text": {"type": "string", "description": "that stands over it for its whole length"},
            },
            ("seconds",),
            lambda a: put_card(production, **a),
        ),
        tool(
            "replace",
            "Show another file or take in a clip's place, for as long.",
            {"clip": CLIP, "by": MATERIAL},
            ("clip", "by"),
            lambda a: clips.replace_clip(production, a["clip"], a["by"]),
        ),
        tool(
            "speed",
            "Run a clip faster or slower: 2 is twice as fast and half as long, 1 as it was shot.",
            {"clip": CLIP, "factor": {"type": "number"}},
            ("clip", "factor"),
            lambda a: clips.set_speed(production.board, a["clip"], a["factor"]),
        ),
    ]


def _insert(production: Production, a: Arguments) -> str:
    if not a["material"].startswith("clip-"):
        return clips.insert(production, a["material"], float(a.get("start", 0.0)), a.get("seconds"), a.get("after"))
    if {"start", "seconds"} & a.keys():
        raise ValueError(f"{a['material']} comes again as it is: leave start and seconds out, then trim the new clip")
    return show_again(production, a["material"], a.get("after"))


def _look_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "fade",
            "Crossfade a clip into the next for some seconds, 0 for a hard cut; the last one fades to black.",
            {"clip": CLIP, "seconds": {"type": "number"}},
            ("clip", "seconds"),
            lambda a: looks.crossfade(production.board, a["clip"], a["seconds"]),
        ),
        tool(
            "frame",
            "Change the film's shape or size. Drawn shots are composed anew in it, others cropped; fit=cover crops "
            "all, contain shows all with borders.",
            {
                "aspect": {"type": "string", "description": "such as 9:16"},
                "width": {"type": "number"},
                "height": {"type": "number"},
                "fit": {"type": "string", "enum": ["cover", "contain"]},
            },
            (),
            lambda a: reframing.reframe(
                production, a.get("aspect", ""), _whole(a, "width"), _whole(a, "height"), a.get("fit", "")
            ),
        ),
        tool(
            "grade",
            "Colours of clips, of the whole film where clips is left out. A look, amount times (0.5: a bit of it), "
            "or numbers, which stay as set: brightness 0.25-4, contrast 0.5-2 and saturation 0-2 (0: black and white) "
            "are 1 as shot, warmth -1 (blue) to 1 (orange) and sepia 0-1 are 0. Not for one thing in the picture.",
            {
                "clips": {"type": "array", "items": CLIP},
                "look": {"type": "string", "enum": list(LOOKS)},
                "amount": NUMBER,
                **dict.fromkeys(RANGES, NUMBER),
            },
            (),
            lambda a: grading.grade(production.board, **a),
        ),
        tool(
            "push",
            "Zoom or crop a clip that is there; nothing is shot. It moves evenly over all of the clip and keeps who it "
            "goes to in the frame, less near where it must.",
            {
                "clip": CLIP,
                "way": {
                    "type": "string",
                    "enum": ["in", "out", "hold", "none"],
                    "description": "in: ends close; out: begins close; hold: close all along; none: no zoom",
                },
                "scale": {"type": "number", "description": "how close: 1.15 a bit, 1.3 usual, 2 very close; to 4"},
                "on": {"type": "string", "description": "who of a planned shot, such as fox; else its subject"},
                "x": {"type": "number", "description": "or a point of the frame: 0 left, 1 right"},
                "y": {"type": "number", "description": "0 top, 1 bottom"},
            },
            ("clip", "way"),
            lambda a: pushing.push(production, a["clip"], **{name: a[name] for name in a if name != "clip"}),
        ),
        tool(
            "volume",
            "Level of a clip's own sound in dB: 0 as recorded, -60 mute.",
            {"clip": CLIP, "gain_db": {"type": "number"}},
            ("clip", "gain_db"),
            lambda a: looks.set_volume(production.board, a["clip"], a["gain_db"]),
        ),
    ]


def _text_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "text",
            "Put a text on the film from start to end (the frame at end is free of it).",
            {"text": TEXT, "start": SECONDS, "end": SECONDS, "place": PLACE, **TYPE},
            ("text", "start", "end"),
            lambda a: words_on_film.put_text(production.board, **a),
        ),
        tool(
            "retext",
            "Change a text's words, times, place, size or colour; what is left out stays.",
            {
                "id": {"type": "string", "description": "id such as title-2"},
                "text": TEXT,
                "start": SECONDS,
                "end": SECONDS,
                "place": PLACE,
                **TYPE,
            },
            ("id",),
            lambda a: words_on_film.retext(production.board, a["id"], **{name: a[name] for name in a if name != "id"}),
        ),
        tool(
            "label",
            "Put a text over each clip for its own time: who is in it, its place, its number, what happens (story), "
            "or the same text; nothing takes these texts away. In the lower third where no place is said.",
            {
                "tells": {"type": "string", "enum": list(TELLS)},
                "clips": {"type": "array", "items": TEXT, "description": "ids; all where they are left out"},
                "place": PLACE,
                "height": HEIGHT,
                "group": {"type": "string", "enum": list(GROUPS), "description": "in names: only these"},
                "text": TEXT,
            },
            ("tells",),
            lambda a: label(production, **a),
        ),
        tool(
            "subtitles",
            "Set all subtitles of the film, in place of those there are.",
            {
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"text": TEXT, "start": SECONDS, "end": SECONDS},
                        "required": ["text", "start", "end"],
                    },
                }
            },
            ("lines",),
            lambda a: words_on_film.set_subtitles(production.board, a["lines"]),
        ),
    ]


def _checking_tools(production: Production, words: tuple[str, ...]) -> list[Tool]:
    return [
        tool(
            "inspect",
            "Check the whole cut: black, frozen, silent, clipped, loudness, late subtitles, spelling, wrong pictures, "
            "order. A line each fault, with the call that mends it.",
            {"words": {"type": "array", "items": TEXT, "description": "words that are spelt right, if any are known"}},
            (),
            lambda a: report(inspect(production, (*words, *(str(word) for word in a.get("words", []))))),
        ),
        tool("measure", "Render the cut and measure the film.", {}, (), lambda a: _measured(*measure_cut(production))),
        tool("render", "Render the working cut to a film file.", {}, (), lambda a: _rendered(render_cut(production))),
        tool("undo", "Take back your last change.", {}, (), lambda a: undoing.undo(production.board)),
    ]


def _measured(found: dict[str, Any], problems: list[str]) -> str:
    lines = [
        f"{found['seconds']:.3f} s, {found['frames']} frames, {found['width']}x{found['height']}, {found['fps']:g} fps",
        "no sound" if found["loudness"] is None else f"{found['loudness']} LUFS, peak {found['true_peak']} dBTP",
        _times("cuts", found["cuts"], lambda cut: f"{cut:.3f}"),
    ]
    lines += [_times(name, found[name], lambda s: f"{s[0]:.3f}-{s[1]:.3f}") for name in ("black", "frozen", "silent")]
    return "\n".join([*lines, *(f"falls short: {problem}" for problem in problems)])


def _times(name: str, found: list[Any], say: Callable[[Any], str]) -> str:
    more = f" and {len(found) - 30} more" if len(found) > 30 else ""
    return f"{name}: {' '.join(say(each) for each in found[:30]) or 'none'}{more}"


def _rendered(film: Film) -> str:
    short = f"; falls short: {'; '.join(film.problems)}" if film.problems else ""
    return f"{film.node} {film.path.name}: {film.seconds:.3f} s, {film.frames} frames{short}"


def _whole(arguments: Arguments, name: str) -> int | None:
    if name not in arguments:
        return None
    if arguments[name] != int(arguments[name]):
        raise ValueError(f"{name} is {arguments[name]}; give whole pixels")
    return int(arguments[name])
