"""What the built-in director can do, each with words that order it: for those who ask."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Ability:
    asked: str  # words of a question about it
    can: str  # "I can ..."
    order: str  # words that do it


ABILITIES = (
    Ability(asked=r"make (?:a|an|another|my) |new film|films?\b|start|begin", can="make a film of what you tell",
            order="make a 12 second film: a fox walks in the snow, then a boat at night"),
    Ability(asked=r"(?:change|rename|edit|correct|reword)\b.*(?:titles?|texts?|words)", can="change a text",
            order='change the title to "SALE"'),
    Ability(asked=r"voice|narrat\w*|speak|speech|talk", can="have a text read aloud",
            order='narrate "Once upon a time" at 1 s'),
    Ability(asked=r"subtitles?|captions?", can="set subtitles", order='put the subtitle "Hello" on from 1 to 3 s'),
    Ability(asked=r"titles?|texts?|words|lower", can="set titles and texts, exact to the frame",
            order='put the title "SALE" on from 1 to 3 s'),
    Ability(asked=r"music|songs?|sound", can="put music under it", order="add calm music"),
    Ability(asked=r"loud\w*|volume|quiet\w*|mute", can="set how loud everything is", order="make the music quieter"),
    Ability(asked=r"vertical|square|shape|format|size|portrait|landscape|tiktok|instagram|resolution",
            can="change its shape and size", order="make it vertical"),
    Ability(asked=r"longer|shorter|length|seconds|trim", can="fit its length, or that of a shot",
            order="make it 8 seconds long"),
    Ability(asked=r"fades?|transitions?|crossfades?|dissolves?", can="crossfade shots",
            order="crossfade all shots for 0.5 s"),
    Ability(asked=r"remove|delete|take out|cut out|get rid|drop", can="take shots, texts and sounds out",
            order="remove the second shot"),
    Ability(asked=r"order|swap|move|rearrange", can="put the shots in another order",
            order="swap the first and the second shot"),
    Ability(asked=r"cut|split|trim", can="cut and split shots", order="split the first shot at 1 s"),
    Ability(asked=r"fast\w*|slow\w*|speed", can="change the speed of shots", order="make the second shot slower"),
    Ability(asked=r"again|another take|retake|re-?shoot", can="shoot a shot again", order="shoot the first shot again"),
    Ability(asked=r"colou?rs?", can="give somebody another colour", order="make the fox blue"),
    Ability(asked=r"fix|mistakes?|errors?|check|wrong|faults?", can="check the film and mend what is wrong",
            order="find and fix what is wrong"),
    Ability(asked=r"export|download|save|file|mp4|premiere|resolve|share", can="write files: mp4, otio, srt, edl",
            order="export otio"),
    Ability(asked=r"undo|back|revert", can="take changes back", order="undo"),
)  # fmt: skip
QUESTIONS = "what is in it, how long it is, what it cost, what is wrong with it"
SHOWN = (0, 4, 5, 7, 8, 16, 18)  # of these, where everything is asked
ME = "I am the built-in director: I read plain words, with no language model behind me"
_WHO = re.compile(r"\bwho are you|\bwhat are you|\bare you (?:an?|ai|human|real)\b")
_LANGUAGE = re.compile(r"\b(?:german|french|spanish|italian|chinese|japanese|russian|languages?|english)\b")


def abilities_told(asked: str) -> str:
    """What can be done of what is asked about; the main things where nothing is named."""
    if _WHO.search(asked):
        return f"{ME}. Ask me 'what can you do'"
    if _LANGUAGE.search(asked):
        return "I read English only; texts on the film may be in any language"
    found = [ability for ability in ABILITIES if re.search(rf"\b(?:{ability.asked})", asked)]
    if found:
        return ". ".join(f"I can {ability.can}: say {ability.order!r}" for ability in found[:1])
    unknown = not re.search(r"\bwhat\b|\bhelp\b|\bhow does\b|\bcommands\b", asked)
    first = "That I can't do, or don't know by these words. " if unknown else ""
    rows = [f"{ABILITIES[n].can}: {ABILITIES[n].order!r}" for n in SHOWN]
    return "\n  ".join([f"{first}I make and change films by plain words:", *rows]) + f"\nAsk me {QUESTIONS}"
