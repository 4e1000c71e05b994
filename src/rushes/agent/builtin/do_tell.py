"""Answers what is asked: about the film, the money, what was said, what was done. Changes nothing."""

from __future__ import annotations

import re

from rushes.agent.builtin.answers import find
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job

_SAID = re.compile(
    r"\bi (?:say|said|tell|told|ask|asked|want|wanted|mention\w*)\b|\bremember\b|\bmy (?:rules?|wish\w*)\b"
)
_DONE = re.compile(
    r"\byou (?:just |last |have |already )*(?:do|did|done|change\w*|make|made)\b|"
    r"\bwhat(?:'s| is| has| was) (?:been )?(?:new|changed|different|done)\b"
)
_MONEY = re.compile(
    r"\b(?:costs?|price\w*|spen[dt]\w*|money|budget|expensive|pay|paid|cheap\w*|"
    r"dollars?|cents?|how much (?:is|do we have|have we) left)\b|\$"
)
_SOUND = re.compile(r"\b(?:loud\w*|lufs|volume|decibels?|db|clip(?:s|ped|ping)|silen\w+|broadcast)\b")
_FAULTS = re.compile(r"\b(?:wrong|mistakes?|errors?|problems?|fault\w*|spel\w+|misspel\w+|correct\w*|broken|missing)\b")
_LITTLE = frozenset(
    "what that this with about from have said tell told asked want wanted remember mention mentioned they them there "
    "when should must please film does were been will would could than then just shot shots".split()
)
MOST = 20  # pieces that are told of


def tell(job: Job) -> None:
    asked = job.wish.words.casefold()
    if _SAID.search(asked):
        job.tell(_said(job, asked))
    elif _DONE.search(asked):
        job.tell(_done(job))
    elif _MONEY.search(asked):
        cap = "" if job.rules.cap is None else f"; you allowed ${job.rules.cap:g} in all"
        job.tell(job.hands.call("estimate").answer + cap)
    elif _FAULTS.search(asked):
        job.see()
        job.tell(f"found: {'; '.join(job.hands.call('inspect').answer.splitlines())}")
    elif _SOUND.search(asked):
        job.see()
        job.tell(job.hands.call("measure").answer)
    else:
        timeline(job)


def timeline(job: Job) -> None:
    """How long the film is and what is in it; where the user names pieces, only those."""
    film = job.see()
    named = [piece for which in job.wish.pieces for piece in find(which, film, {})]
    told = ", ".join(f"{p.id} {p.start:g}-{p.end:g} {p.words}" for p in (named or film.pieces)[:MOST])
    job.tell(f"the film lasts {film.seconds:g} s: {told}")


def _said(job: Job, asked: str) -> str:
    """The user's own sentences that share a word with the question."""
    words = set(re.findall(r"[a-z]{4,}", asked)) - _LITTLE
    sentences = [s for turn in job.turns[:-1] for s in re.split(r"(?<=[.!?;\n])\s+", turn.words)]
    found = [s for s in sentences if any(re.search(rf"\b{word.rstrip('s')}", s.casefold()) for word in words)]
    return f"you said: {' / '.join(found[-3:])}" if found else "I find nothing that you said about it"


def _done(job: Job) -> str:
    """What was done last, by what the tools answered."""
    for turn in reversed(job.turns[:-1]):
        made = [done for done in turn.done if done.changes]
        if made:
            return "last I did this: " + "; ".join(f"{d.name}: {d.answer.splitlines()[0]}" for d in made[-5:])
    return "I have changed nothing yet"


def ask(job: Job) -> None:
    """What only the user can decide. Raises Trouble, which is said."""
    raise Trouble(job.wish.text)
