"""The first words about nothing: where there is neither film nor material, a story is a film to be made."""

from __future__ import annotations

import re

from rushes.agent.asked import read_asked
from rushes.agent.brief import BriefError, read_brief
from rushes.agent.builtin.verbs import FIRST, VERBS
from rushes.agent.builtin.wishes import Wish
from rushes.agent.film_look import read_look
from rushes.agent.shot_list import story_of

POLITE = (
    r"^(?:(?:hi|hello|hey)\b[,!. ]*)?"
    r"(?:please,? |(?:can|could|would|will) you (?:please )?|i(?:'d| would) like |let's )*"
)
TELLING = frozenset(
    ("talk", "topic", "unknown", "generate", "trim", "move", "fit", "insert", "push")
)  # read out of a story
MAKING = frozenset((*VERBS["make"], "give", "show", "do", "let"))
OF_A_FILM = re.compile(  # that is there
    r"\b(?:should|shall|must|needs? to|has to|have to|instead|too|again|louder|quieter|longer|shorter|faster|slower)\b",
    re.IGNORECASE,
)


def film_told(words: str, wishes: tuple[Wish, ...]) -> Wish | None:
    """The film that such words want, if they tell of somebody; None for orders, questions and small talk."""
    if any(wish.act not in TELLING and not (wish.act == "grade" and read_look(words)[1]) for wish in wishes):
        return None
    if OF_A_FILM.search(read_look(words)[0]):
        return None
    polite = re.match(POLITE, words.strip(), re.IGNORECASE)
    told = words.strip()[polite.end() if polite else 0 :]
    first = (re.match(r"[a-z']+", told.lower()) or [""])[0]
    asked = read_asked(told)
    if not asked.shots and ((first in FIRST and first not in MAKING) or ("?" in words and first not in MAKING)):
        return None
    story = story_of(asked.shots) or asked.story
    try:
        if not read_brief(story).cast:
            return None
    except BriefError:
        return None
    return Wish(
        act="make", words=story, value=asked.seconds, name=asked.aspect, text=asked.title, look=asked.look,
        listed=asked.shots,
    )  # fmt: skip
