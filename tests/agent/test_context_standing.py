"""What stands: told before anybody asks, as no question's words need lead to it."""

import pytest

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.learned import LearnedPolicy
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.messages import make_entry
from rushes.agent.context.quotes import quotes, what_stands
from rushes.agent.context.rules import SelfManaged
from rushes.agent.context.scorer import hand_set
from rushes.agent.context.tools import context_tools

SETTING = "the ceiling for spending: {} euros"


def log_with(*planted: str, results: int = 12) -> list[Entry]:
    """Long results that say the same again and again, each with one of the lines in its midst as long as there are."""
    entries = []
    for n in range(1, results + 1):
        rows = [f"shot-{row} black 0.{row} frozen 0.{n} motion {row}.{n}" for row in range(1, 13)]
        rows[5:5] = planted[n - 1 : n]
        entries.append(make_entry(number=n, turn=n, kind="tool", tool="measure", text="\n".join(rows)))
    return entries


def test_a_setting_among_rows_is_told_though_no_word_of_the_question_leads_to_it() -> None:
    log = log_with("", SETTING.format(350), "Marigold narrates, as agreed with the client")
    told = what_stands(log, 80)
    assert list(told) == ["e2", "e3"]
    assert told["e2"] == "e2 (tool measure, turn 2, lines): " + SETTING.format(350)
    assert not quotes(log, "How dear may it get?", 2000)[0].get("e2")


def test_of_what_is_said_in_the_same_words_the_newest_stands() -> None:
    log = log_with(SETTING.format(350), "", SETTING.format(420))
    assert list(what_stands(log, 30)) == ["e3"]


def test_no_long_text_takes_all_the_room_and_what_the_user_said_is_not_told_again() -> None:
    tale = "\n".join(f"The {who} wanders where nobody had looked before." for who in "owl elk ant bee cod".split())
    log = [*log_with("", SETTING.format(350)), make_entry(number=40, turn=40, kind="tool", tool="read", text=tale)]
    log.append(make_entry(number=41, turn=41, kind="user", text="Sepia throughout, like grandmother's album."))
    told = what_stands(log, 2000)
    assert len(told["e40"].splitlines()) == 3 and "e2" in told and "e41" not in told


@pytest.mark.parametrize("room", [0, 25, 60, 200])
def test_it_keeps_to_its_room_and_tells_nothing_twice(room: int) -> None:
    log = log_with("", *(f"{word} was settled by telephone" for word in "grade pace font".split()))
    told = what_stands(log, room)
    assert count_tokens("\n".join(told.values())) <= room
    shown = [make_entry(number=99, turn=99, kind="reminder", text="\n".join(told.values()))]
    assert what_stands(log, room, shown=shown) == {}


def test_an_agent_recalls_what_stands_once() -> None:
    ledger = Ledger()
    for entry in log_with("", SETTING.format(350), results=30):
        ledger.add(entry)
    ledger.messages(SelfManaged(), 1500, now=0.0)
    recall = next(tool for tool in context_tools(ledger) if tool.spec.name == "recall")
    text = recall.run({"standing": True}).text
    assert SETTING.format(350) in text and len(text) < 1500
    ledger.add(make_entry(number=99, turn=99, kind="tool", tool="recall", text=text))
    with pytest.raises(ValueError, match="in your context already"):
        recall.run({"standing": True})


def test_a_selection_is_followed_by_what_stands() -> None:
    ledger = Ledger()
    for entry in log_with("", SETTING.format(350), results=30):
        ledger.add(entry)
    first = ledger.messages(LearnedPolicy(hand_set()), 1800, "How still is shot-3?", now=0.0)
    assert any(SETTING.format(350) in message.content for message in first)
    second = ledger.messages(LearnedPolicy(hand_set()), 1800, "How dear may it get?", now=0.0)
    assert second[: len(first) - 1] == first[:-1]  # it stays where it stands, and nothing is billed anew
