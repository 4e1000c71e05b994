"""What one command says, one thing after the other. Interrupted and given again, it goes on where it stopped: nothing
that was done is asked for twice, and "remove the last shot" removes one."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.agent import events as happened
from rushes.agent.loop import Outcome
from rushes.agent.session import Session


def left_to_say(session: Session, words: Sequence[str]) -> list[str]:
    """Those of the words that an interrupted run of the same command has not seen done; all of them, if there was none.

    The log keeps what a command says; `all_said` ends it.
    """
    last = next((event for event in reversed(session.log.kept) if isinstance(event, happened.Listed)), None)
    if last is None or last.done or last.words != list(words):
        session.log.send(happened.Listed(words=list(words)))
        return list(words)
    said = done = 0
    for event in session.events:
        if event.number > last.number:
            said += isinstance(event, happened.Said) and event.by == "user"
            done = said if isinstance(event, happened.Stopped) and is_over(event.why) else done
    return list(words[done:])


def say_on(session: Session, words: str) -> Outcome:
    """Says the words, or goes on with them where a limit or a cancel has stopped the session."""
    last = session.events[-1] if session.events else None
    if isinstance(last, happened.Stopped) and not is_over(last.why) and words == session.words:
        return session.go_on()
    return session.say(words)


def all_said(session: Session, words: Sequence[str]) -> None:
    """All is done, the film rendered: the same command now says it all anew."""
    session.log.send(happened.Listed(words=list(words), done=True))


def is_over(why: str) -> bool:
    """Whether nothing is left of what was said: not after a limit, a cancel, or an order that a person must look up."""
    return why == "finished" or why.endswith("answers without a tool call")
