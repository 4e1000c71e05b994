"""The built-in director as a language model: code that reads the user's words and the tools' answers and calls tools.

It keeps nothing between replies. Each one reads the conversation anew, finds what was asked for and what was done, and
gives the next calls; it works offline, at once, and always the same way.
"""

from __future__ import annotations

import re
from typing import Any

from rushes.agent.builtin.abilities import QUESTIONS
from rushes.agent.builtin.beginning import film_told
from rushes.agent.builtin.doing import IDLE, carry_out, corrected, last_wish, settled, taken_back
from rushes.agent.builtin.hands import Asked, Hands, Pending, Trouble, Turn, read_turns
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.keeping import keep_rules
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.summary import aside, film_before, length_now, said_done, shots_that_fall_short
from rushes.agent.builtin.telling import first_up, gathered, without_ids
from rushes.agent.builtin.wishes import Rules, Wish, folded
from rushes.agent.models import Message, Reply, ToolCall, ToolSpec

FINISHED = "finish"
NOTHING = "nothing was asked for; say what film you want, such as 'a fox walks in the snow', or what to change"
QUIETLY = ("done: ", "not done: ", "nothing ", "noted")  # what begins so is no sentence
UNKNOWN = f"That I can't tell. Ask me for example {QUESTIONS}, or say what to change"


class BuiltIn:
    """Answers with one step of the first wish that is not carried out yet, and with `finish` when all are."""

    def __init__(self) -> None:
        self.name = "built-in"
        self.uses_tools = True

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        turns = read_turns(messages)
        if not turns:
            return Reply(text="Say what film you want, or what to change.")
        return _Director(turns, tools).next_reply()


class _Director:
    """One reply."""

    def __init__(self, turns: list[Turn], tools: tuple[ToolSpec, ...]) -> None:
        self.turns = turns
        self.tools = tools
        self.said = [read_wishes(turn.words) for turn in turns]
        self.wishes = settled(self.said[-1], self.said[:-1])
        self.rules = Rules()
        for wishes in self.said:
            self.rules = folded(self.rules, wishes)
        self.told: list[str] = []
        self.answered: list[str] = []  # what was asked before anything was ordered
        self.troubles: list[str] = []

    def next_reply(self) -> Reply:
        try:
            self._begin()
        except Pending as pending:
            return self._calls(0, pending.step, pending.calls)
        for number, wish in enumerate(self.wishes, 1):
            try:
                self._carry_out(number, wish)
            except Pending as pending:
                if any(other > number for other, _ in self.turns[-1].steps):
                    continue  # it is behind us, and what it saw is out of view
                return self._calls(number, pending.step, pending.calls)
        return self._close()

    def _begin(self) -> None:
        """Where there is neither film nor material, a story is the film that is wanted, though nobody says "make"."""
        told = film_told(self.turns[-1].words, self.said[-1])
        if told is None or any(done.changes for turn in self.turns[:-1] for done in turn.done):
            return
        hands = Hands(self.turns[-1].of(0), self.tools)
        job = Job(wish=told, hands=hands, rules=self.rules, turns=self.turns, told=self.told)
        if not hands.has("plan") or not hands.has("board"):
            return
        try:
            no_cut = hands.ask("timeline").startswith("error:")
            if no_cut and not re.search(r"\bshot-\d", hands.ask("board")) and not job.materials():
                self.wishes = [told]
        except Pending:
            if all(number == 0 for number, _ in self.turns[-1].steps):
                raise
            if any(done.name == "plan" for done in self.turns[-1].done):
                self.wishes = [told]  # what was seen before is out of view

    def _carry_out(self, number: int, wish: Wish) -> None:
        hands = Hands(self.turns[-1].of(number), self.tools)
        first = next((n for n, each in enumerate(self.wishes, 1) if each.act not in IDLE), 0)
        told = self.answered if wish.act in IDLE and number < first else self.told
        job = Job(wish=wish, hands=hands, rules=self.rules, turns=self.turns, told=told)
        earlier = last_wish(self.said[:-1]) if wish.instead and number == first else None
        try:
            last = next((t for t in reversed(self.turns[:-1]) if any(d.changes for d in t.done)), None)
            for _ in range(taken_back(wish, earlier, last)):
                hands.call("undo")
            if earlier is not None:
                corrected(job, earlier)
            carry_out(job)
        except (Trouble, ValueError) as trouble:
            self.troubles.append(str(trouble))
        else:
            self.troubles += [error.removeprefix("error:").strip() for error in hands.errors]

    def _close(self) -> Reply:
        """Standing wishes are kept, what went wrong is said, and the turn is finished."""
        number = len(self.wishes) + 1
        hands = Hands(self.turns[-1].of(number), self.tools)
        job = Job(wish=Wish(act="thanks"), hands=hands, rules=self.rules, turns=self.turns, told=self.told)
        try:
            try:
                keep_rules(job, self.rules, any(wish.act == "rule" for wish in self.wishes))
            except Trouble as trouble:
                self.troubles.append(str(trouble))
            troubles = list(dict.fromkeys(self.troubles))
            closing = Hands(self.turns[-1].of(number + 1), self.tools)
            number += 1
            if troubles and closing.has("say"):
                film = film_before(self.turns, self.turns[-1])
                closing.ask("say", text="\n".join(_refusal(without_ids(trouble, film)) for trouble in troubles))
            if not closing.has(FINISHED):
                return Reply(text=self._summary(troubles))
            closing.ask(FINISHED, text=self._summary(troubles))
        except Pending as pending:
            return self._calls(number, pending.step, pending.calls)
        return Reply(text=self._summary(self.troubles))

    def _summary(self, troubles: list[str]) -> str:
        turn = self.turns[-1]
        done = [call for call in turn.done if call.changes]
        film = film_before(self.turns, turn)
        asked = [wish for wish in self.wishes if wish.act not in IDLE]
        parts = list(self.answered)
        if done:
            parts += [f"done: {said_done(done, film)}", *aside(done, film), length_now(done, film)]
            parts.append(shots_that_fall_short(done, film))
        parts += self.told
        if troubles:
            parts.append(f"not done: {'; '.join(troubles)}")
        if any(wish.act == "rule" and not wish.allowed for wish in self.wishes):
            parts.append("noted, from now on")
        parts = gathered([without_ids(part.strip().rstrip("."), film) for part in parts if part])
        if not parts:
            parts.append("nothing had to be changed" if asked else UNKNOWN if "?" in turn.words else NOTHING)
        return f"{'. '.join(part if part.startswith(QUIETLY) else first_up(part) for part in parts)}."

    def _calls(self, number: int, step: int, calls: list[Asked]) -> Reply:
        named = [ToolCall(id=f"call-{n}", name=name, arguments=given) for n, (name, given) in enumerate(calls, 1)]
        what = ", ".join(dict.fromkeys(name for name, _ in calls))
        ending = number > len(self.wishes)
        words = "to end with" if ending else f"for {self.wishes[number - 1].words[:60]!r}"
        place = f"end {number}" if ending else f"wish {number} of {len(self.wishes)}"
        if number == 0:
            words = "to see whether there is a film"
        text = f"{place}, step {step}: {what}, {words}"
        return Reply(text=text, tool_calls=tuple(named), stopped="tool_calls")


def _refusal(trouble: str) -> str:
    """Said plainly: what can't be done, and why."""
    if trouble.endswith("?") or re.search(
        r"\b(?:can't|cannot|not possible|impossible|did not understand|does not suffice|go ahead|no way)\b", trouble
    ):
        return trouble
    return f"This can't be done: {trouble}"
