"""The loop: show the model its history, ask it, run the tools that it asks for, until it is done or a limit is reached.

This is the whole of it. It is short on purpose: a model that wants to change how it is run reads this file first.

- The log of events is the only memory. `Conversation` folds it into where the session stands; so a run that was killed
  goes on at the next event, and nothing that is in the log is asked or done again.
- Every answer of the model and every tool call is a durable step, found by its number in the session. Killed between a
  step and its event, the step's result is found and the event sent; killed inside a tool, the tool runs again over the
  board as it was, finds what it wrote and what it bought, and does the rest.
- The gate belongs to whoever started the session. Before every call it waits while the session is paused, and stops it
  at a cancel or a limit. Neither the model nor a tool can reach it.
- What the model sees is built from the log by a policy, under a budget of tokens. The log itself is never cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

from rushes.agent import events as happened
from rushes.agent.conversation import Conversation
from rushes.agent.limits import Gate, LimitReached
from rushes.agent.models import LanguageModel, Message, ToolCall, reply_from_dict, reply_to_dict
from rushes.agent.production import FilmCancelled
from rushes.agent.toolbox import Toolbox
from rushes.board.board import Board
from rushes.board.jobs import AmbiguousJob

NUDGE = "Go on with the tools, or call finish."
CHANGES = 600  # characters that tell of what a person changed


@dataclass(frozen=True, kw_only=True)
class Outcome:
    turns: int  # answers of the model in the whole session
    why: str  # "finished", "cancelled", or the limit that was reached and its value
    text: str = ""  # what finish said, or the last words of a model that called no tool


See = Callable[[], list[Message]]  # what the model sees now: the log, chosen from by a policy


@dataclass(kw_only=True)
class Loop:
    conversation: Conversation
    model: LanguageModel
    see: See
    toolbox: Toolbox
    board: Board
    gate: Gate

    def run(self) -> Outcome:
        """Turns until there is a reason to stop, which is the last event. Raises ModelError."""
        why = ""
        try:
            while not why:
                why = self.turn()
        except FilmCancelled:
            why = "cancelled"
        except (LimitReached, AmbiguousJob) as stop:
            why = str(stop)
        now = self.conversation
        text = now.finish if now.finish is not None else now.last_text
        now.send(happened.Stopped(why=why, text=text, turns=now.turns, session=now.session))
        return Outcome(turns=now.turns, why=why, text=text)

    def turn(self) -> str:
        """Runs what the last answer asked for, then asks for the next. Returns why the session is over, or nothing."""
        now = self.conversation
        for call in list(now.pending.values()):
            self.call(call)
        if now.finish is not None:
            return "finished"
        if now.silent >= self.gate.silent:
            return f"{now.silent} answers without a tool call"
        if now.silent and not now.nudged:
            now.send(happened.Said(text=NUDGE, by="loop", session=now.session))
        self.notice()
        self.ask()
        return ""

    def ask(self) -> None:
        """One answer of the model, as a durable step: the same number has the answer that it had."""
        self.gate.check("model")
        now, number = self.conversation, self.conversation.turns + 1
        found = self.gate.step(
            "ask",
            {"session": now.session, "number": number},
            lambda _: reply_to_dict(self.model.reply(self.see(), tools=self.toolbox.specs)),
            model=self.model.name,
        )
        reply = reply_from_dict(found.value)
        # Models give the same ids again, or none: a call is named by its place in the session.
        calls = [replace(call, id=f"call-{number}-{n}") for n, call in enumerate(reply.tool_calls, 1)]
        now.send(
            happened.ModelReplied(
                model=self.model.name,
                text=reply.text,
                calls=[asdict(call) for call in calls],
                prompt_tokens=reply.usage.prompt_tokens,
                completion_tokens=reply.usage.completion_tokens,
                seconds=found.seconds,
                session=now.session,
            )
        )

    def call(self, call: ToolCall) -> None:
        """One tool call, as a durable step."""
        self.gate.check("tool")
        now = self.conversation
        since = now.begun.get(call.id)  # an earlier run of this call was cut short: the board's last entry before it
        if since is None:
            entry = self.board.last_entry
            now.send(happened.ToolBegun(tool=call.name, call=call.id, session=now.session, entry=entry))
        found = self.gate.step(
            "tool",
            {"session": now.session, "call": call.id, "tool": call.name, "arguments": call.arguments},
            lambda _: self.toolbox.run(call, step=self.gate.step, since=since),
        )
        done = found.value
        now.send(
            happened.ToolCalled(
                tool=call.name,
                arguments=call.arguments,
                ok=done["ok"],
                result=done["text"],
                call=call.id,
                pictures=done["pictures"],
                finished=done["finished"],
                brief=done["brief"],
                edits=done.get("edits", []),
                seconds=found.seconds,
                session=now.session,
            )
        )

    def notice(self) -> None:
        """Tells the model what a person has changed on the board since it last looked."""
        now = self.conversation
        new = [(entry, said) for entry, said in self.board.told(now.seen or 0) if entry.by.split(":")[0] != "agent"]
        if new:
            text = "; ".join(said for _, said in new if said)
            text = text if len(text) <= CHANGES else f"{text[:CHANGES]} ... (look at the board)"
            numbers = [entry.number for entry, _ in new]
            now.send(happened.BoardChanged(text=text, entries=numbers, session=now.session))
