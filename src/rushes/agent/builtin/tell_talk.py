"""Answers about the conversation: what was said, what was done about it and why, what can be said."""

from __future__ import annotations

import re

from rushes.agent.builtin.hands import Turn
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.summary import film_before, said_done
from rushes.agent.builtin.telling import joined, without_ids

MOST = 8  # sentences, or turns, that are told of
_LITTLE = frozenset(
    "what that this with about from have said tell told asked want wanted remember mention mentioned they them there "
    "when should must please film does were been will would could than then just shot shots first last order ordered "
    "wish wishes request requests words rule rules again exactly the was did you and for how who why are has had our "
    "not any all can its his her say".split()
)
_CALLED = {  # words by which it may have been spoken of
    "title": "call|name|title|text|caption",
    "budget": "budget|dollar|spend|cost|\\$",
    "long": "long|second|minute",
    "length": "long|second|minute",
}
NO_CHANGE = "I have changed nothing in this conversation yet"


def said(job: Job) -> str:
    """The user's own sentences: the first, the last, or those that share a word with the question."""
    asked, turns = job.wish.words.casefold(), job.turns[:-1]
    turns = [turn for turn in turns if any(wish.act != "tell" for wish in read_wishes(turn.words))]  # no questions
    if not turns:
        return "You have said nothing before that"
    if re.search(r"\bfirst\b|\bat the (?:beginning|start)\b", asked):
        return f"First you said: {turns[0].words.strip()}"
    words = {word for word in re.findall(r"[a-z]{3,}", asked) if word not in _LITTLE}
    if not words:
        return f"Last you said: {turns[-1].words.strip()}"
    patterns = [_CALLED.get(word, rf"\b{re.escape(word.rstrip('s'))}") for word in words]
    sentences = [s for turn in turns for s in re.split(r"(?<=[.!?;\n])\s+", turn.words)]
    found = [s.strip() for s in sentences if any(re.search(pattern, s.casefold()) for pattern in patterns)]
    return f"You said: {' / '.join(found[-3:])}" if found else "I find nothing that you said about it"


def changes(job: Job) -> str:
    """What was done last, or in all."""
    asked = job.wish.words.casefold()
    by_hand = [line for turn in job.turns for line in (*turn.board, *turn.meanwhile)]
    if re.search(r"\bi\b|\bby hand\b|\bmyself\b", asked) and not re.search(r"\byou\b", asked):
        return f"By hand you changed: {_by_hand(job, by_hand)}" if by_hand else "You have changed nothing by hand"
    turns = [turn for turn in job.turns[:-1] if any(done.changes for done in turn.done)]
    if not turns:
        more = f"; by hand you changed: {_by_hand(job, by_hand)}" if by_hand else ""
        return NO_CHANGE + more
    if re.search(r"\b(?:so far|in all|in total|altogether|everything|all|changes|history|since|today)\b", asked):
        rows = [f"{number}. {_done_in(job, turn)}" for number, turn in enumerate(turns, 1)]
        return f"So far I have {'; '.join(rows[-MOST:])}"
    return f"Last I {_done_in(job, turns[-1])}"


def _done_in(job: Job, turn: Turn) -> str:
    return said_done([done for done in turn.done if done.changes], film_before(job.turns, turn))


def _by_hand(job: Job, lines: list[str]) -> str:
    film = film_before(job.turns, job.turns[-1])
    told = [without_ids(re.sub(r"^\[[^\]]*\] ", "", line), film) for line in lines[-3:]]
    return joined(told)


def why(job: Job) -> str:
    """Why something was done: the words that it was done for."""
    turns = [turn for turn in job.turns[:-1] if any(done.changes for done in turn.done)]
    if not turns:
        return NO_CHANGE
    words = set(re.findall(r"[a-z]{4,}", job.wish.words.casefold())) - _LITTLE - {"make", "made", "change"}
    about = [turn for turn in turns if any(word.rstrip("s")[:5] in turn.words.casefold() for word in words)]
    turn = (about or turns)[-1]
    return f"You said: {turn.words.strip()!r}, so I {_done_in(job, turn)}. To have it back, say 'undo'"


def undoable(job: Job) -> str:
    turns = [turn for turn in job.turns[:-1] if any(done.changes for done in turn.done)]
    if not turns:
        return f"{NO_CHANGE}; what was done before, 'rushes undo' takes back step by step"
    last = _done_in(job, turns[-1])
    yes = "Yes: say" if re.match(r"\W*(?:can|could|may|might|is)\b", job.wish.words.casefold()) else "Say"
    return f"{yes} 'undo'. Last I {last}; that is taken back then, and what was before it with the next 'undo'"


def left_undone(job: Job) -> str:
    """What was refused, or not understood."""
    refused = [
        done.arguments["text"] for turn in job.turns[:-1] for done in turn.done if done.name == "say" and done.ok
    ]
    if not refused:
        return "Nothing of what you asked for is left undone"
    film = film_before(job.turns, job.turns[-1])
    return "Not done was: " + "; ".join(without_ids(" ".join(str(text).split()), film) for text in refused[-3:])
