"""The ledger: budget, pairs, the user's words, order, prefix, boundaries, and the same messages from the same log."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from context_logs import film_log, weight

from rushes.agent import events as happened
from rushes.agent.context.edits import drop, note, pin, shrink
from rushes.agent.context.learned import LearnedPolicy
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.messages import make_entry, message_of, message_tokens
from rushes.agent.context.prefix_cache import PrefixCache
from rushes.agent.context.rules import Full, Masking, SelfManaged, Window
from rushes.agent.context.scorer import hand_set
from rushes.agent.context.summary import Summary
from rushes.agent.events import EventStream, replay_events
from rushes.agent.models import Message, ToolCall

HEAD = "You make films with tools."
POLICIES = [Full(), Window(), Masking(), SelfManaged(), Summary(), LearnedPolicy(hand_set())]


def tokens(messages: list[Message]) -> int:
    return sum(message_tokens(message) for message in messages)


def filled(turns: int = 20, **options: float) -> Ledger:
    ledger = Ledger(head=HEAD, **options)
    for entry in film_log(turns=turns):
        ledger.add(entry)
    return ledger


def check_pairs(messages: list[Message]) -> None:
    waiting: list[str] = []
    for message in messages:
        if message.role == "tool":
            assert message.tool_call_id in waiting
            waiting.remove(message.tool_call_id)
        else:
            assert not waiting, "a call is not answered directly behind it"
            waiting = [call.id for call in message.tool_calls]
    assert not waiting


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.name)
def test_every_turn_keeps_budget_pairs_words_and_order(policy) -> None:
    ledger, budget = Ledger(head=HEAD), 1500
    said: list[str] = []
    for entry in film_log(turns=12):
        ledger.add(entry)
        said += [entry.text] if entry.kind == "user" else []
        if entry.calls or entry.tool == "look":
            continue  # all results come before the model is asked
        messages = ledger.messages(policy, budget, said[-1], now=0.0)
        assert tokens(messages) <= budget
        assert ledger.used <= budget
        check_pairs(messages)
        assert messages[0] == Message(role="system", content=HEAD)
        words = [message.content for message in messages if message.role == "user"]
        assert [text for text in words if text in said] == said
        numbers = [entry.number for entry in ledger.shown]
        assert numbers == sorted(numbers)


def test_costs_are_the_tokens_of_the_messages() -> None:
    for entry in film_log(turns=3):
        assert entry.costs == tuple(message_tokens(message_of(entry, level)) for level in range(len(entry.costs)))


def test_tail_says_how_full_it_is_what_weighs_most_the_time_and_the_money() -> None:
    ledger = filled(turns=4)
    noon = time.mktime((2026, 11, 21, 12, 0, 0, 0, 0, -1))
    messages = ledger.messages(Full(), 4000, now=noon, worked=200, micro_usd=420_000)
    tail = messages[-1].content
    assert messages[-1].role == "user"
    assert f"{ledger.used} of 4000 tokens used, {4000 - ledger.used} left" in tail
    biggest = max(ledger.entries, key=lambda entry: entry.costs[0])
    assert f"Biggest: {biggest.id} {biggest.costs[0]}" in tail
    assert "It is Saturday 2026-11-21 12:00" in tail
    assert "Worked 3 min 20 s, spent $0.42." in tail
    assert tokens(messages) <= ledger.used


def test_prefix_stays_cached_while_nothing_is_edited() -> None:
    ledger, cache = Ledger(head=HEAD), PrefixCache()
    lists = []
    for entry in film_log(turns=6):
        ledger.add(entry)
        if entry.kind == "assistant" and not entry.calls:
            lists.append(ledger.messages(SelfManaged(), 10_000, now=float(entry.number)))
            cache.bill(lists[-1])
    for before, after in pairwise(lists):
        assert after[: len(before) - 1] == before[:-1]  # all but the tail
    assert cache.bill(lists[-1]).full == 0
    assert cache.total.cached_share > 0.6
    with pytest.raises(ValueError, match="share of a full one"):
        PrefixCache(price=2)


def test_cache_bills_full_behind_the_first_difference() -> None:
    cache = PrefixCache(price=0.1)
    a, b, c = (Message(role="user", content=text * 40) for text in "abc")
    first = cache.bill([a, b])
    assert (first.cached, first.full) == (0, tokens([a, b]))
    second = cache.bill([a, c, b])
    assert (second.cached, second.full) == (tokens([a]), tokens([c, b]))
    assert second.tokens == pytest.approx(tokens([c, b]) + 0.1 * tokens([a]))


def test_an_edit_waits_until_the_batch_frees_more_than_it_rebills() -> None:
    ledger = filled(turns=4)
    before = ledger.messages(SelfManaged(), 10_000, now=0.0)
    early = ledger.entries[2]  # a bulky result of the first turn: much comes behind it
    answer = drop(ledger, [early.id])
    assert "waits" in answer
    assert "no need" in answer
    assert ledger.is_shown(early.id)
    assert ledger.messages(SelfManaged(), 10_000, now=0.0)[:-1] == before[:-1]
    group = {entry.id for entry in ledger.group(early)}
    behind = sum(entry.costs[0] for entry in ledger.entries[4:])
    assert ledger.waiting_frees == weight([e for e in ledger.entries if e.id in group])
    assert ledger.waiting_rebills == behind
    for later in (7, 12, 17):
        drop(ledger, [ledger.entries[later].id])
    after = ledger.messages(SelfManaged(), 10_000, now=0.0)
    assert not ledger.waiting
    assert tokens(after) < tokens(before) / 3
    check_pairs(after)


def test_an_edit_takes_effect_when_the_context_is_nearly_full() -> None:
    ledger = filled(turns=4)
    budget = int(1.2 * (weight(ledger.entries) + 120))
    ledger.messages(SelfManaged(), budget, now=0.0)
    assert "in force at the next boundary" in shrink(ledger, [ledger.entries[2].id])
    ledger.messages(SelfManaged(), budget, now=0.0)
    assert ledger.shown[2].text == ledger.entries[2].short
    assert ledger.entries[2].text.count("\n") > 5  # the log keeps it whole


def test_silly_edits_say_what_is_wrong() -> None:
    ledger = filled(turns=4)
    ledger.messages(SelfManaged(), 10_000, now=0.0)
    user, result, other = ledger.entries[0], ledger.entries[2], ledger.entries[3]
    for what, match in (
        (lambda: drop(ledger, ["e999"]), "no entry 'e999'"),
        (lambda: drop(ledger, []), "at least one"),
        (lambda: drop(ledger, [result.id, result.id]), "twice"),
        (lambda: drop(ledger, [user.id]), "user's words"),
        (lambda: shrink(ledger, [user.id]), "user's words"),
        (lambda: pin(ledger, [user.id]), "always stay whole"),
        (lambda: shrink(ledger, [result.id], "longer " * 400), "frees nothing"),
        (lambda: shrink(ledger, [ledger.entries[4].id]), "short already"),
        (lambda: pin(ledger, [result.id], off=True), "not pinned"),
        (lambda: note(ledger, " "), "empty"),
        (lambda: note(ledger, "x" * 2000), "at most"),
    ):
        with pytest.raises(ValueError, match=match):
            what()
    pin(ledger, [result.id])
    with pytest.raises(ValueError, match="pinned already"):
        pin(ledger, [result.id])
    with pytest.raises(ValueError, match="unpin it first"):
        drop(ledger, [result.id])
    with pytest.raises(ValueError, match=f"{result.id} is pinned and goes with {other.id}"):
        drop(ledger, [other.id])
    pin(ledger, [result.id], off=True)
    drop(ledger, [other.id])
    with pytest.raises(ValueError, match="dropped already"):
        drop(ledger, [result.id])
    pin(ledger, [result.id])  # takes the waiting drop of this entry back
    assert not ledger.is_dropped(result.id)
    with pytest.raises(ValueError, match="in the ledger already"):
        ledger.add(result)


@pytest.mark.parametrize("policy", [Full(), Window(), Masking(), SelfManaged(), LearnedPolicy(hand_set())])
def test_pinned_stays_whole_under_every_policy(policy) -> None:
    ledger = filled(turns=12)
    ledger.budget = 10_000
    pinned = ledger.entries[2]
    pin(ledger, [pinned.id])
    messages = ledger.messages(policy, 1200, "the kite", now=0.0)
    assert any(pinned.text in message.content for message in messages)
    check_pairs(messages)
    assert tokens(messages) <= 1200


def test_what_must_stay_stays_even_over_budget() -> None:
    ledger = Ledger(head=HEAD)
    for number in range(1, 6):
        ledger.add(make_entry(number=number, turn=number, kind="user", text="word " * 200))
    ledger.add(make_entry(number=6, turn=6, kind="assistant", text="Yes."))
    messages = ledger.messages(Masking(), 600, now=0.0)
    assert sum(message.content == "word " * 200 for message in messages) == 5
    assert "Yes." not in [message.content for message in messages]


def test_a_result_follows_its_call_whatever_came_between_and_an_open_call_is_answered() -> None:
    ledger = Ledger()
    calls = tuple(ToolCall(id=id, name="look", arguments={}) for id in ("a", "b"))
    ledger.add(make_entry(number=1, turn=1, kind="user", text="Look."))
    ledger.add(make_entry(number=2, turn=1, kind="assistant", text="", asked=calls, group="g"))
    ledger.add(make_entry(number=3, turn=1, kind="tool", text="fog", tool="look", call="a", group="g"))
    note(ledger, "the fog is thick")
    ledger.add(make_entry(number=4, turn=1, kind="board", text="clip-1 was moved"))
    messages = ledger.messages(SelfManaged(), 4000, now=0.0)
    check_pairs(messages)
    assert [message.role for message in messages] == ["user", "assistant", "tool", "tool", "user", "user", "user"]
    assert "interrupted" in messages[3].content
    ledger.add(make_entry(number=5, turn=1, kind="tool", text="sun", tool="look", call="b", group="g"))
    messages = ledger.messages(SelfManaged(), 4000, now=0.0)
    check_pairs(messages)
    assert [m.content for m in messages if m.role == "tool"] == ["[e3] fog", "[e5] sun"]


def test_replay_of_the_log_gives_the_same_messages(tmp_path: Path) -> None:
    stream = EventStream(tmp_path / "events.jsonl")
    ledger = Ledger(head=HEAD, session="main", send=stream.send)
    policy = LearnedPolicy(hand_set())
    for entry in film_log(turns=14):
        if entry.kind == "user":
            ledger.take(stream.send(happened.Said(text=entry.text, session="main")))
        elif entry.kind == "assistant":
            asked = [{"id": c.id, "name": c.name, "arguments": c.arguments, "problem": ""} for c in entry.asked]
            ledger.take(
                stream.send(
                    happened.ModelReplied(
                        model="m", text=entry.text, calls=asked, prompt_tokens=0, completion_tokens=0, session="main"
                    )
                )
            )
        else:
            call = happened.ToolCalled(
                tool=entry.tool, arguments={}, ok=True, result=entry.text, call=entry.call, session="main"
            )
            ledger.take(stream.send(call))
        stream.send(happened.Said(text="of another session", session="side"))
        if entry.kind == "assistant" and not entry.calls:
            ledger.messages(policy, 2000, f"the fox of shot-{entry.turn}", now=0.0)
            if entry.turn == 3:
                note(ledger, "three are done")
                drop(ledger, [ledger.shown[-2].id])
                pin(ledger, [next(e.id for e in ledger.shown if e.kind == "tool" and ledger.is_whole(e.id))])
    now = ledger.messages(policy, 2000, "the fox of shot-14", now=0.0)
    again = Ledger(head=HEAD, session="main", send=stream.send)
    for event in replay_events(tmp_path / "events.jsonl"):
        again.take(event)
    kept = len(stream.kept)
    assert again.messages(policy, 2000, "the fox of shot-14", now=0.0) == now
    assert len(stream.kept) == kept  # nothing had to be decided anew
    assert not any("another session" in message.content for message in now)
    check_pairs(now)


def test_another_question_is_answered_at_the_end_and_nothing_before_it_is_billed_anew() -> None:
    ledger, policy, cache = filled(turns=20), LearnedPolicy(hand_set()), PrefixCache()
    first = ledger.messages(policy, 2400, "How loud is it?", now=0.0)
    cache.bill(first)
    before = [entry.id for entry in ledger.shown if entry.kind == "reminder"]
    said = [line for entry in ledger.entries for line in entry.text.splitlines() if "painted" in line]
    turn, truth = next((n, line) for n, line in enumerate(said, 1) if not any(line in one.content for one in first))
    second = ledger.messages(policy, 2400, f"How is the actor of shot-{turn} painted?", now=0.0)
    assert second[: len(first) - 1] == first[:-1]
    assert any(truth in message.content for message in second[len(first) - 1 :])
    assert tokens(second) <= 2400
    assert cache.bill(second).full < 0.4 * tokens(second)
    assert ledger.messages(policy, 2400, f"How is the actor of shot-{turn} painted?", now=0.0) == second
    reminders = [entry for entry in ledger.shown if entry.kind == "reminder"]
    assert [entry.id for entry in reminders] == [*before, f"r{len(before) + 1}"]
    assert f"{len(ledger.entries) - len(ledger.shown)} entries are left out" in second[-1].content


def test_a_full_context_is_chosen_anew_and_reminders_go() -> None:
    ledger, policy = filled(turns=20), LearnedPolicy(hand_set())
    chosen = 0
    for turn in (19, 3, 8, 5, 12, 1, 10, 14, 6, 16):
        before = {entry.id for entry in ledger.shown if entry.kind == "reminder"}
        messages = ledger.messages(policy, 2000, f"How is the actor of shot-{turn} painted?", now=0.0)
        truth = next(line for line in ledger.entries[5 * turn - 3].text.splitlines() if "painted" in line)
        assert any(truth in message.content for message in messages)
        assert tokens(messages) <= 2000
        check_pairs(messages)
        after = {entry.id for entry in ledger.shown if entry.kind == "reminder"}
        assert before <= after or not after & before  # added, or all gone together
        chosen += bool(before - after)
    assert chosen


def test_a_fork_goes_its_own_way() -> None:
    ledger = filled(turns=6)
    before = ledger.messages(SelfManaged(), 4000, now=0.0)
    other = ledger.fork()
    drop(other, [other.entries[2].id])
    note(other, "here only")
    other.messages(Masking(), 600, now=0.0)
    assert ledger.messages(SelfManaged(), 4000, now=0.0) == before
    assert not ledger.waiting and not ledger.has("n1")


def test_the_loops_own_words_are_not_the_users() -> None:
    ledger = Ledger()
    ledger.take(happened.Said(number=1, text="Go on."))
    ledger.take(happened.Said(number=2, text="Go on with the tools.", by="loop"))
    assert [entry.stays for entry in ledger.entries] == [True, False]
