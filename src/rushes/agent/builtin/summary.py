"""What was done, in a person's words: tools have names that only we know."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

SAID = {
    "plan": "planned the shots", "edit_shot": "changed the plan of a shot", "shoot": "shot it",
    "choose_take": "chose a take", "title": "set the title", "subtitle": "set a subtitle", "cast": "set the cast",
    "generate": "made a new shot", "extend": "made a shot longer", "fit_length": "fitted the length",
    "narrate": "had it spoken", "music": "changed the music", "mix": "mixed the sound", "loudness": "set the loudness",
    "open": "opened your material", "lay": "put the cut together", "split": "split a shot", "trim": "trimmed a shot",
    "remove": "took it out", "remove_span": "took a stretch out", "move": "moved it", "insert": "put it in",
    "replace": "replaced a shot", "speed": "changed the speed", "fade": "changed a transition",
    "frame": "changed the shape", "volume": "changed a level", "text": "put the text on", "retext": "changed the text",
    "subtitles": "set the subtitles", "undo": "took it back", "delegate": "had a part done",
}  # fmt: skip


def said_done(tools: Sequence[str]) -> str:
    """ "planned the shots, shot it (twice), put the cut together", in the order of the calls."""
    found = []
    for tool, calls in groupby(tools):
        times = len(list(calls))
        often = "" if times == 1 else " (twice)" if times == 2 else f" ({times} times)"
        found.append(SAID.get(tool, tool) + often)
    return ", ".join(found)
