"""Packing, the learned policy, its fit, summaries, and one policy on the history of a video model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from context_logs import film_log, weight
from hypothesis import given, settings
from hypothesis import strategies as st

from rushes.agent.context.entry import Entry
from rushes.agent.context.excerpts import focused
from rushes.agent.context.features import FEATURES, features
from rushes.agent.context.fitting import FitConfig, example, fit
from rushes.agent.context.learned import LearnedPolicy
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import make_entry, message_of
from rushes.agent.context.packing import cost_of, groups_of, mended, newest, pack
from rushes.agent.context.rules import Masking, Window
from rushes.agent.context.scorer import WEIGHTS, hand_set, load_scorer, needed_of
from rushes.agent.context.select import Policy, Slot
from rushes.agent.context.summary import Summary, by_model, extract
from rushes.agent.models import ModelError
from rushes.agent.scripted import ScriptedModel

SLOTS = st.lists(
    st.tuples(
        st.integers(1, 60), st.integers(0, 30), st.booleans(), st.sampled_from(["", "", "a", "b"]), st.floats(0, 1)
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(SLOTS, st.integers(0, 300))
def test_packing_keeps_budget_groups_and_pins(drawn: list, budget: int) -> None:
    slots, worth = [], {}
    for place, (whole, short, pinned, group, value) in enumerate(drawn):
        costs = (whole, short) if short < whole else (whole,)
        slots.append(Slot(id=str(place), costs=costs, pinned=pinned and place % 4 == 0, group=group))
        worth[str(place)] = value
    for levels in (pack(slots, worth, budget), newest(slots, budget, {})):
        must = mended(slots, {})
        assert cost_of(slots, levels) <= max(budget, cost_of(slots, must))
        assert mended(slots, levels) == levels
        assert all(levels[slot.id] == 0 for slot in slots if slot.pinned)
        for group in groups_of(slots).values():
            assert len({slot.id in levels for slot in group}) == 1


def test_packing_takes_the_worthy_first_and_shrinks_before_it_leaves_out() -> None:
    slots = [Slot(id=str(n), costs=(100, 10)) for n in range(4)]
    levels = pack(slots, {"0": 0.9, "1": 0.1, "2": 0.1, "3": 0.0}, 130)
    assert levels == {"0": 0, "1": 1, "2": 1}


def test_window_and_masking() -> None:
    log = film_log(turns=6)
    kept = Window(entries=5).select(log, 10_000, query="")
    assert set(kept) == {entry.id for entry in log[-5:]} | {entry.id for entry in log if entry.kind == "user"}
    masked = Masking(fresh=2).select(log, 10_000, query="")
    results = [entry for entry in log if entry.kind == "tool"]
    assert [masked[entry.id] for entry in results] == [1] * 10 + [0, 0]


def test_masking_keeps_as_many_newest_results_whole_as_fit() -> None:
    log = film_log(turns=6)
    results = [entry for entry in log if entry.kind == "tool"]
    bare = sum(entry.costs[-1] if entry.kind == "tool" else entry.costs[0] for entry in log)
    for fresh in (0, 3, 12):
        more = sum(entry.costs[0] - entry.costs[1] for entry in results[len(results) - fresh :])
        levels = Masking().select(log, bare + more, query="")
        assert [levels[entry.id] for entry in results] == [1] * (12 - fresh) + [0] * fresh
        assert len(levels) == len(log)


@dataclass(frozen=True, kw_only=True)
class Frame(Slot):
    """A latent frame with what it shows."""

    looks: np.ndarray  # features of its content


class Nearest:
    """Frames that look like what is to be drawn come whole, the others are packed or go."""

    name = "nearest"

    def select(self, slots: Sequence[Frame], budget: int, *, query: np.ndarray) -> Mapping[str, int]:
        alike = {slot.id: float(np.exp(-4 * np.sum((slot.looks - query) ** 2))) for slot in slots}
        return pack(slots, alike, budget)


def test_the_same_protocol_chooses_the_frames_of_a_film() -> None:
    fox, sea = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    frames = [
        Frame(
            id=f"{n / 4:g}s", costs=(1536, 192, 24), looks=fox if n < 4 else sea, pinned=n == 0, group=f"chunk-{n // 2}"
        )
        for n in range(40)
    ]
    policy: Policy[Frame] = Nearest()
    levels = policy.select(frames, 8000, query=fox)
    assert cost_of(frames, levels) <= 8000
    assert [levels[frame.id] for frame in frames[:4]] == [0, 0, 0, 0]  # the fox comes back from where it first was
    rest = [levels.get(frame.id) for frame in frames[4:]]
    assert 2 in rest
    assert 0 not in rest
    tight = policy.select(frames, 1700, query=fox)
    assert tight[frames[0].id] == 0  # the image that the user gave
    assert cost_of(frames, tight) <= 1700


def question(turn: int) -> str:
    return f"How is the actor of shot-{turn} painted?"


def answer(log: Sequence[Entry], turn: int) -> str:
    return next(line for line in log[5 * turn - 3].text.splitlines() if "painted" in line)


def found_of(log: Sequence[Entry], query: str) -> tuple[Lines, np.ndarray]:
    lines = Lines.of(log)
    return lines, features(lines, query)


def test_features_are_finite_bounded_and_find_the_answer() -> None:
    log = film_log(turns=10)
    lines, found = found_of(log, question(3))
    assert found.shape == (len(lines.lines), len(FEATURES))
    assert np.isfinite(found).all()
    assert found.min() >= 0 and found.max() <= 2
    answers = found[:, FEATURES.index("answers")]
    assert lines.lines[answers.argmax()] == answer(log, 3)
    assert lines.owner[answers.argmax()] == 12  # the result of look in turn 3
    assert found_of([], "x")[1].shape == (0, len(FEATURES))
    assert np.isfinite(found_of(log[:1], "")[1]).all()


def test_a_correction_that_repeats_no_words_is_seen_by_what_it_follows() -> None:
    log = film_log(turns=6)
    said = ("The title card stands at the harbour.", "No, make it the pier instead.", "The sky is clear.")
    log += [make_entry(number=31 + n, turn=7, kind="board", text=text) for n, text in enumerate(said)]
    lines, found = found_of(log, "Where does the title card stand?")
    on = found[:, FEATURES.index("correction_on")]
    assert lines.owner[on.argmax()] == 31
    assert found[lines.owner == 30, FEATURES.index("superseded")] > 0
    chances = needed_of(lines, hand_set().chances(lines, "Where does the title card stand?"))
    assert chances[31] > np.sort(chances)[-6]


def test_an_excerpt_is_the_lines_that_meet_the_question() -> None:
    log = film_log(turns=5)
    short = focused(log, question(3))[12]
    assert answer(log, 3) in short.short
    assert short.costs[1] < short.costs[0] / 2
    assert short.text == log[12].text
    assert focused(log, "gladly") == log


@pytest.mark.parametrize("hidden", [0, 8])
def test_fit_is_deterministic_and_learns_what_is_needed(hidden: int, tmp_path: Path) -> None:
    examples = []
    for seed in range(6):
        log = film_log(seed, turns=8)
        examples += [example(log, question(turn), {(log[5 * turn - 3].id, answer(log, turn))}) for turn in (2, 5, 7)]
    config = FitConfig(hidden=hidden, epochs=30, batch=6)
    scorer = fit(examples, config)
    again = fit(examples, config)
    assert all(np.array_equal(getattr(scorer, name), getattr(again, name)) for name in ("w1", "b1", "w2", "b2"))
    log = film_log(99, turns=8)
    lines = Lines.of(log)
    chances = scorer.chances(lines, question(4))
    assert lines.lines[chances.argmax()] == answer(log, 4)
    scorer.save(tmp_path / "scorer.safetensors", note="a test")
    loaded = load_scorer(tmp_path / "scorer.safetensors")
    assert np.array_equal(loaded.chances(lines, question(4)), chances)
    with pytest.raises(ValueError, match="none with a needed line"):
        fit([], config)


def test_what_an_entry_is_worth_is_the_chance_that_any_of_its_lines_is_needed() -> None:
    log = [
        make_entry(number=n, turn=1, kind="tool", text=text) for n, text in enumerate(("a fox\nan owl", "a boat"), 1)
    ]
    lines = Lines.of(log)
    assert np.allclose(needed_of(lines, np.array([0.5, 0.5, 0.1])), [0.75, 0.1])
    assert np.allclose(needed_of(lines, np.array([0.5, 0.5, 0.1]), [1]), [0.5, 0.0])


def test_a_scorer_that_is_missing_or_damaged_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no scorer at"):
        load_scorer(tmp_path / "none.safetensors")
    (tmp_path / "bad.safetensors").write_bytes(b"nothing")
    with pytest.raises(ValueError, match="is no scorer"):
        load_scorer(tmp_path / "bad.safetensors")


@pytest.mark.parametrize("name", ["by_words", "by_meaning"])
def test_the_shipped_scorers_load_and_choose(name: str) -> None:
    log = film_log(turns=12)
    policy = LearnedPolicy.load(WEIGHTS / f"{name}.safetensors")
    levels = policy.select(focused(log, question(3)), weight(log) // 4, query=question(3))
    assert log[12].id in levels


def test_learned_beats_masking_at_a_quarter_of_the_tokens() -> None:
    right = {"learned": 0, "masking": 0}
    for seed in (50, 51):
        log = film_log(seed, turns=24)
        budget = weight(log) // 4
        for turn in (1, 6, 11, 16, 21, 24):
            for policy in (LearnedPolicy(hand_set()), Masking()):
                slots = focused(log, question(turn)) if policy.name == "learned" else log
                levels = policy.select(slots, budget, query=question(turn))
                assert cost_of(slots, levels) <= budget
                shown = "\n".join(message_of(slot, levels[slot.id]).content for slot in slots if slot.id in levels)
                right[policy.name] += answer(log, turn) in shown
    assert right["learned"] == 12
    assert right["masking"] <= 6


def test_a_good_summary_replaces_the_oldest_and_names_survive() -> None:
    ledger, policy = Ledger(), Summary()
    log = film_log(turns=14)
    for entry in log:
        ledger.add(entry)
    ledger.messages(policy, 2200, now=0.0)
    notes = [entry for entry in ledger.shown if entry.kind == "note"]
    assert len(notes) == 1
    assert notes[0].text.startswith("Summary of e2 to e")
    assert "shot-3" in notes[0].text
    assert not ledger.is_shown(log[2].id)
    assert ledger.is_shown(log[0].id)
    assert ledger.used <= 2200


def test_a_collapsed_failed_or_forgetful_summary_is_never_put_in_force() -> None:
    log = film_log(turns=14)

    def failing(entries: Sequence[Entry], tokens: int) -> str:
        raise ModelError("nobody answers")

    for summarise, why in (
        (by_model(ScriptedModel(["ok"])), "collapsed"),
        (failing, "failed: nobody answers"),
        (lambda entries, tokens: "much was done and looked at " * 12, "forgot"),
        (lambda entries, tokens: "\n".join(2 * entry.text for entry in entries), "frees too little"),
    ):
        policy, ledger = Summary(summarise), Ledger()
        for entry in log:
            ledger.add(entry)
        messages = ledger.messages(policy, 2200, now=0.0)
        assert why in policy.refused
        assert not any(entry.kind == "note" for entry in ledger.entries)
        assert sum(entry.kind == "user" for entry in ledger.shown) == 14
        assert ledger.used <= 2200
        assert len(messages) > 14


def test_a_refused_summary_is_not_asked_for_again_at_once() -> None:
    model = ScriptedModel(["ok", "ok"])
    policy, log = Summary(by_model(model)), film_log(turns=14)
    assert policy.edits(log, 2200) == []
    assert policy.edits(log, 2200) == []
    assert len(model.asked) == 1


def test_extract_copies_the_lines_that_say_most() -> None:
    text = extract(film_log(turns=3), 120)
    assert text.count("painted") == 3
    assert text.count("level row") <= 1
    assert all(f"shot-{turn}" in text for turn in (1, 2, 3))
