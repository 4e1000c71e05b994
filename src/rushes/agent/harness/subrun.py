"""Sub-runs: the agent starts a version of itself on a part, with a share of what it may still take itself.

A share is taken out of the purse before the part begins, and what the part did not use comes back. A part may have
parts of its own, out of half of its share, to a depth that the parent sets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from rushes.agent.context.entry import count_tokens
from rushes.agent.events import EventStream, ModelReplied, Said
from rushes.agent.harness.version import HarnessVersion
from rushes.agent.limits import Limits, Spent
from rushes.agent.models import LanguageModel, Message
from rushes.agent.production import Production
from rushes.agent.session import SYSTEM, Session
from rushes.agent.tool import Tool, tool

MOST_TEXT = 800  # characters of a part's answer
MOST_IDS = 20
MOST_SAID = 400  # tokens of an answer to a question beside the session
DEPTH = 2  # parts of parts


@dataclass(frozen=True, kw_only=True)
class Share:
    """What a run may take. Money and takes are not here: the board counts them for all runs of a project together."""

    turns: int  # answers of the model
    tokens: int  # into and out of the model
    seconds: float  # of work

    def __sub__(self, other: Share) -> Share:
        """Never below nothing: a part's last answer may take more than was left for it."""
        return Share(**{name: max(0, value - getattr(other, name)) for name, value in asdict(self).items()})

    def half(self) -> Share:
        """Of turns and tokens; a part's seconds pass while its own parts work, too."""
        return replace(self, turns=self.turns // 2, tokens=self.tokens // 2)

    def __str__(self) -> str:
        return f"{self.turns} turns, {self.tokens} tokens, {self.seconds:g} s"


class Purse:
    """What is left for parts."""

    def __init__(self, share: Share) -> None:
        self.left = share

    def take(self, share: Share) -> None:
        """Raises ValueError, with what is left, where the share is more than that."""
        over = [name for name, value in asdict(share).items() if value > getattr(self.left, name)]
        if over or share.turns < 1:
            raise ValueError(f"a part can't have {share}: {self.left} are left for parts; give it 1 turn up to those")
        self.left -= share

    def settle(self, share: Share, used: Share) -> None:
        """What the part left of its share comes back."""
        back = share - used
        self.left = Share(**{name: value + getattr(back, name) for name, value in asdict(self.left).items()})


@dataclass(frozen=True, kw_only=True)
class Part:
    name: str  # "part-3f9a1c", "part-3f9a1c.part-07b2e4": of what is asked, so that it is found again after a kill
    task: str  # what is to be done
    material: str  # the part itself: a piece of a script, a shot's id
    share: Share


@dataclass(frozen=True, kw_only=True)
class Done:
    why: str  # "finished", or the limit that was reached
    text: str
    used: Share
    ids: tuple[str, ...] = ()  # on the board, made by the part


Start = Callable[[Part, Purse], Done]  # runs a part; the purse is half of its share, for parts of its own


def subrun_tools(purse: Purse, start: Start, *, within: str = "", depth: int = DEPTH) -> list[Tool]:
    """The tool `delegate`, none where the depth is used up. `within`: name of the part that it is given to."""
    if depth < 1:
        return []

    def delegate(arguments: dict[str, Any]) -> str:
        task, material = arguments["task"].strip(), arguments.get("part", "").strip()
        if not task:
            raise ValueError("the part has no task; say what is to be done")
        share = share_of(arguments.get("budget", {}), purse.left)
        purse.take(share)
        name = f"part-{hashlib.sha256(f'{task}|{material}'.encode()).hexdigest()[:6]}"
        part = Part(name=f"{within}.{name}".lstrip("."), task=task, material=material, share=share)
        used = share  # a part that breaks gives nothing back
        try:
            done = start(part, Purse(share.half()))
            used = done.used
        finally:
            purse.settle(share, used)
        ids = (
            f"\nmade: {', '.join(done.ids[:MOST_IDS])}{' ...' if len(done.ids) > MOST_IDS else ''}" if done.ids else ""
        )
        text = done.text if len(done.text) <= MOST_TEXT else f"{done.text[:MOST_TEXT]} ..."
        return f"{part.name} {done.why} ({used} of {share}): {text}{ids}\nleft for parts: {purse.left}"

    return [
        tool(
            "delegate",
            "Let a run of its own work on a part (a chunk of a script, one shot). It sees only the task and the part; "
            "the same words again give the same run. budget: {turns, tokens, seconds}, taken out of yours; a quarter "
            "of what is left where you give none.",
            {"task": {"type": "string"}, "part": {"type": "string"}, "budget": {"type": "object"}},
            ("task",),
            delegate,
        )
    ]


def asking(model: LanguageModel, purse: Purse) -> Callable[[str], str]:
    """Questions to the model beside the session, such as those by which a long document is read: each is a turn out of
    the purse. ValueError where nothing is left."""

    def ask(prompt: str) -> str:
        share = Share(turns=1, tokens=count_tokens(prompt) + MOST_SAID, seconds=0.0)
        purse.take(share)
        reply = model.reply([Message(role="user", content=prompt)], max_tokens=MOST_SAID)
        purse.settle(share, replace(share, tokens=count_tokens(prompt) + count_tokens(reply.text)))
        return reply.text

    return ask


def share_of(asked: dict[str, Any], left: Share) -> Share:
    """What was asked for, numbers made whole; a quarter of what is left for what was not. Raises ValueError."""
    quarter = {"turns": max(1, left.turns // 4), "tokens": left.tokens // 4, "seconds": left.seconds / 4}
    for name, value in asked.items():
        if name not in quarter or isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise ValueError(f"budget has {name} {str(value)[:40]!r}; give turns, tokens or seconds, above 0")
    given = quarter | asked
    return Share(turns=int(given["turns"]), tokens=int(given["tokens"]), seconds=float(given["seconds"]))


def session_start(
    production: Production,
    model: LanguageModel,
    tools: Callable[[Purse, Part], Sequence[Tool]],
    *,
    version: HarnessVersion | None = None,
    session: str = "main",
) -> Start:
    """Runs a part as a session of its own on the same production, under the parent's limits on takes and money.

    `tools`: what the part gets; give it `subrun_tools(purse, ..., within=part.name, depth=...)` for parts of its own.
    `session`: name of the session whose parts they are, so that each part is found again after a kill.
    """

    def start(part: Part, purse: Purse) -> Done:
        name = f"{session}.{part.name}"
        given = list(tools(purse, part))
        own = part.share
        if any(each.spec.name == "delegate" for each in given):
            own = replace(own, turns=own.turns - purse.left.turns, tokens=own.tokens - purse.left.tokens)
            purse.left -= replace(used_by_parts(production.events, name), seconds=0.0)  # before a kill
        run = Session(
            production,
            model,
            tools=given,
            limits=Limits(turns=own.turns, tokens=own.tokens, seconds=own.seconds),
            name=name,
            system=(version.system if version else "") or SYSTEM,
        )
        before, left = used_by(run.spent()), purse.left
        outcome = run.say(f"{part.task}\n---\n{part.material}" if part.material else part.task, once=True)
        begun = next(event.entry for event in run.events if isinstance(event, Said))
        written = [each for each in production.board.changes(begun) if each.by.startswith(f"agent:{name}")]
        used, lent = used_by(run.spent()) - before, left - purse.left
        return Done(
            why=outcome.why,
            text=outcome.text,
            used=replace(used, turns=used.turns + lent.turns, tokens=used.tokens + lent.tokens),
            ids=tuple(id for each in written for id in created(each.operations)),
        )

    return start


def used_by(spent: Spent) -> Share:
    return Share(turns=spent.turns, tokens=spent.tokens, seconds=round(spent.seconds, 3))


def used_by_parts(log: EventStream, session: str = "main") -> Share:
    """What all parts of a session have taken so far, by the log: for the purse of a session that is opened again."""
    replies = [event for event in log.kept if isinstance(event, ModelReplied)]
    replies = [reply for reply in replies if reply.session.startswith(f"{session}.part-")]
    return Share(
        turns=len(replies),
        tokens=sum(reply.prompt_tokens + reply.completion_tokens for reply in replies),
        seconds=sum(reply.seconds for reply in replies),
    )


def created(operations: list[dict[str, Any]]) -> list[str]:
    return [operation["id"] for operation in operations if operation["op"] == "create"]
