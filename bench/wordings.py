"""Orders in free words: `python bench/wordings.py`. Orders as people say them, each on a fresh
cut of four clips, a title and music; right is a cut that is exactly what a few plain calls would have made of it.

`--model FILE.gguf:words` has a small model reword for the built-in director, `FILE.gguf:tools` has it choose the tools
itself. The first orders were written before anything was tuned, the later ones when the first had been run
once and faults seen there were mended; none of them are to be tuned on.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from rushes.agent.choosing import choose_model
from rushes.agent.cut.document import document_of, read_cut
from rushes.agent.directing import director_tools
from rushes.agent.events import EventStream, ModelReplied, ToolCalled
from rushes.agent.interpreter.turns import READ_AS
from rushes.agent.limits import Limits
from rushes.agent.models import LanguageModel
from rushes.agent.production import Production, Settings
from rushes.agent.session import Session
from rushes.agent.tool import check_arguments
from rushes.board.board import Board
from rushes.desk.footage import draw_footage
from rushes.desk.laid import Heard, Laid, Words, lay, whole
from rushes.generate.animatic import Animatic
from rushes.media.sound import RATE, write_sound

FPS = 12.0
NAMES, SECONDS = ("harbour", "market", "station", "garden"), (3, 2, 2, 3)
LIMITS = Limits(turns=24, seconds=900.0)  # of one wording
Call = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Wording:
    said: tuple[str, ...]
    meant: tuple[tuple[Call, ...], ...]  # calls that do it, each of which is right


def one(said: str, *meant: tuple[Call, ...]) -> Wording:
    return Wording(said=(said,), meant=meant)


WORDINGS = (
    one("Kill everything after the sixth second.", (("remove_span", {"start": 6.0, "end": 10.0}),)),
    one("Nobody needs the station. Lose it.", (("remove", {"id": "clip-3"}),)),
    one("The opening drags, get it down to a second and a half.", (("trim", {"clip": "clip-1", "seconds": 1.5}),)),
    one("I'd rather the last shot came first.", (("move", {"clip": "clip-4"}),)),
    one(
        "Splash BIG SALE across the screen when we hit four seconds, and let it hang there until five and a half.",
        (("text", {"text": "BIG SALE", "start": 4.0, "end": 5.5, "place": "title"}),),
    ),
    one("This is going on phones, so stand it upright.", (("frame", {"aspect": "9:16"}),)),
    one("That HELLO ought to read GOODBYE.", (("retext", {"id": "title-1", "text": "GOODBYE"}),)),
    one("The garden bit feels sluggish, double its pace.", (("speed", {"clip": "clip-4", "factor": 2.0}),)),
    one("Let the market melt into the station over half a second.", (("fade", {"clip": "clip-2", "seconds": 0.5}),)),
    one("I don't want to hear the garden at all.", (("volume", {"clip": "clip-4", "gain_db": -60.0}),)),
    one(
        "The music drowns out everything, bring it down by six decibels.",
        (("mix", {"id": "sound-1", "gain_db": -6.0}),),
    ),
    one("Nobody watches more than eight seconds. Get it there.", (("fit_length", {"seconds": 8.0}),)),
    one(
        "The market and the station would work better the other way round.",
        (("move", {"clip": "clip-3", "after": "clip-1"}),),
    ),
    one(
        "At the very end the picture should sink into black, one second long.",
        (("fade", {"clip": "clip-4", "seconds": 1.0}),),
    ),
    one(
        "Put the greeting down where names usually go, in the lower third.",
        (("retext", {"id": "title-1", "place": "lower"}),),
    ),
    one(
        "The title pops up too early, it should show at one second sharp.",
        (("retext", {"id": "title-1", "start": 1.0, "end": 2.5}),),
        (("retext", {"id": "title-1", "start": 1.0, "end": 2.0}),),
        (("retext", {"id": "title-1", "start": 1.0}),),
    ),
    one("Same width as height please, it's for Instagram.", (("frame", {"aspect": "1:1"}),)),
    one(
        "There's a wobble at the start of the market: chop half a second off its head.",
        (("trim", {"clip": "clip-2", "start": 0.5, "seconds": 1.5}),),
        (("remove_span", {"start": 3.0, "end": 3.5}),),
    ),
    one(
        "Bring the garden down to two seconds, and while you're at it I'm tired of looking at that title.",
        (("trim", {"clip": "clip-4", "seconds": 2.0}), ("remove", {"id": "title-1"})),
    ),
    Wording(
        said=("Remove the market.", "Hm, I liked it better the way it was before."),
        meant=((("remove", {"id": "clip-2"}), ("undo", {})),),
    ),
    one("My sister saw the garden and she cried, can you believe it?", ()),
)
LATER = (
    one("Spare us the market, would you.", (("remove", {"id": "clip-2"}),)),
    one("Could we open on the station?", (("move", {"clip": "clip-3"}),)),
    one("Three seconds of harbour is one too many.", (("trim", {"clip": "clip-1", "seconds": 2.0}),)),
    one(
        "In letters across the middle I'd like to see LAST DAY between second eight and second nine and a half.",
        (("text", {"text": "LAST DAY", "start": 8.0, "end": 9.5, "place": "title"}),),
    ),
    one("Whoever wrote HELLO there meant WELCOME.", (("retext", {"id": "title-1", "text": "WELCOME"}),)),
    one(
        "The station creeps along like a snail; make that three times the tempo.",
        (("speed", {"clip": "clip-3", "factor": 3.0}),),
    ),
    one(
        "I would soften the jump from harbour to market with a dissolve of half a second.",
        (("fade", {"clip": "clip-1", "seconds": 0.5}),),
    ),
    one("The station should be heard four decibels less.", (("volume", {"clip": "clip-3", "gain_db": -4.0}),)),
    one(
        "We have been given six seconds of air time for this, no more and no less.", (("fit_length", {"seconds": 6.0}),)
    ),
    one("The HELLO has overstayed its welcome.", (("remove", {"id": "title-1"}),)),
    one("The garden shall follow directly on the harbour.", (("move", {"clip": "clip-4", "after": "clip-1"}),)),
    one(
        "From second two to second three there's just a lens cap to be seen, that can't stay in.",
        (("remove_span", {"start": 2.0, "end": 3.0}),),
    ),
    one("It'll be shown in a cinema, make the picture 21:9.", (("frame", {"aspect": "21:9"}),)),
    one("We shot the harbour on the coldest day of the year.", ()),
)


def fresh(folder: Path) -> Production:
    """The cut that all wordings begin with: four clips, 10 s, HELLO from 0.5 to 2 s, music."""
    production = Production(
        board=Board.open(folder / "project"),
        settings=Settings(brief="a film", seconds=10.0, width=160, height=90, fps=FPS),
        shooting_model=Animatic(),
        events=EventStream(),
    )
    footage = draw_footage(NAMES, [round(each * FPS) for each in SECONDS], 1)
    hum = write_sound(folder / "music.wav", 0.05 * np.sin(np.arange(RATE * 10) / RATE * 2 * np.pi * 110))
    music = Heard(file=hum, hz=110, at=0, frames=120, label="music")
    lay(production, Laid(pieces=whole(*footage), texts=(Words(text="HELLO", start=6, end=24),), sounds=(music,)))
    return production


def cut_of(production: Production) -> dict[str, Any]:
    """What the film is made of, rounded to a millisecond."""
    cut = read_cut(production.board)
    assert cut is not None
    return json.loads(json.dumps(document_of(cut), default=str), parse_float=lambda n: round(float(n), 3))


def carried_out(calls: tuple[Call, ...]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        production = fresh(Path(folder))
        tools = {tool.spec.name: tool for tool in director_tools(production)}
        for name, arguments in calls:
            check_arguments(tools[name].spec, arguments)
            tools[name].run(arguments)
        found = cut_of(production)
        production.board.close()
        return found


def said_to(model: LanguageModel, said: tuple[str, ...]) -> tuple[dict[str, Any], list[str]]:
    """The cut behind the words, and what the model did and said."""
    with tempfile.TemporaryDirectory() as folder:
        production = fresh(Path(folder))
        session = Session(production, model, tools=director_tools(production), limits=LIMITS)
        for words in said:
            session.say(words)
        told: list[str] = []
        for event in session.events:
            if isinstance(event, ToolCalled):
                told.append(f"{event.tool} {json.dumps(event.arguments)} -> {event.result[:120]!r}")
            elif isinstance(event, ModelReplied) and READ_AS in event.text:
                told.append(f"read as {event.text.rpartition(READ_AS)[2]}")
        found = cut_of(production)
        production.board.close()
        return found, told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a language model's name or .gguf file; without it the built-in director alone")
    parser.add_argument("--every", type=int, default=1, help="only every so manieth order")
    parser.add_argument("--verbose", action="store_true", help="what was done, for each that went wrong")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    model, wordings = choose_model(given.model), (WORDINGS + LATER)[:: given.every]
    table = Table(title=f"{model.name}: {len(wordings)} orders in free words")
    for column in ("words", "right", "seconds"):
        table.add_column(column)
    results: list[dict[str, Any]] = []
    show: Callable[..., None] = Console(stderr=True).print
    for wording in wordings:
        began = time.monotonic()
        try:
            found, told = said_to(model, wording.said)
        except ValueError as error:
            found, told = {}, [str(error)]
        seconds = round(time.monotonic() - began, 1)
        meant = wording.meant or ((),)
        right = any(found == carried_out(calls) for calls in meant)
        words = " / ".join(wording.said)
        table.add_row(words, "yes" if right else "no", f"{seconds:g}")
        results.append({"words": words, "later": wording in LATER, "right": right, "seconds": seconds})
        if given.verbose and not right:
            show(f"WRONG {words}", *told, sep="\n  ", markup=False, highlight=False)
    if given.json:
        print(json.dumps({"model": given.model or model.name, "each": results}))
        return
    Console().print(table)
    for later in (False, True):
        rights = [bool(result["right"]) for result in results if result["later"] == later]
        Console().print(f"{sum(rights)} of {len(rights)} right of the {'later' if later else 'first'} ones")


if __name__ == "__main__":
    main()
