"""The bench of context policies: its logs, its readers, and what it says of policies whose worth is known."""

import itertools

import numpy as np
import pytest

from rushes.agent.context.features import FEATURES
from rushes.agent.context.fitting import ANSWERING, BY_CHANCE, MEANING, FitConfig
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import message_of
from rushes.agent.context.rules import Full, SelfManaged, Window
from rushes.agent.context.terms import terms
from rushes.agent.scripted import ScriptedModel
from rushes.desk import film_paraphrases as paraphrases
from rushes.desk import film_phrasings as phrasings
from rushes.desk import film_words as words
from rushes.desk.context_bench import WHOLE, _gain, needed, see_for
from rushes.desk.context_play import Play, see_at_once
from rushes.desk.film_logs import FilmLog, make_log
from rushes.desk.film_questions import EACH, Question, draw_questions
from rushes.desk.intervals import bootstrap
from rushes.desk.reading import LexicalReader, ask_model, exact, judge
from rushes.desk.train_selection import needed_by, train, training_examples


@pytest.fixture(scope="module")
def log() -> FilmLog:
    return make_log(3, split="test", entries=150)


@pytest.fixture(scope="module")
def questions(log: FilmLog) -> list[Question]:
    return draw_questions(log)


def whole(log: FilmLog, question: Question) -> dict[int, str]:
    return {place: message_of(entry).content for place, entry in enumerate(log.entries[: question.at])}


def test_a_seed_gives_the_same_log_and_halves_give_others() -> None:
    assert make_log(5, split="test", entries=60) == make_log(5, split="test", entries=60)
    test, train_log = (make_log(5, split=split, entries=60) for split in ("test", "train"))
    assert not {entry.text for entry in test.entries} & {entry.text for entry in train_log.entries}


def test_halves_share_no_phrasing_name_place_or_thing() -> None:
    tables = [words.NAMES, words.KINDS, words.CARRIED, words.WORN, words.PLACES, words.CONDITIONS, words.TEXTS]
    tables += [
        words.OTHER_FILMS,
        phrasings.CORRECTED,
        phrasings.SWAPPED,
        phrasings.INJECTED,
        phrasings.ELSEWHERE,
        phrasings.WISHES,
        phrasings.REPLIES,
    ]
    tables += [
        *phrasings.SAID.values(),
        *phrasings.CHANGED.values(),
        *phrasings.QUESTIONS.values(),
        *words.CHOICES.values(),
    ]
    tables += [*phrasings.CHECKED.values(), *(table for slots in words.SLOTS.values() for table in slots.values())]
    tables += [*paraphrases.OF_SLOTS.values(), *paraphrases.OF_SHOTS.values()]
    tables += [paraphrases.NTH, paraphrases.BY_KIND, paraphrases.BY_PLACE]
    tables += [table for pair in phrasings.RULES.values() for table in pair]
    for train_half, test_half in tables:
        assert train_half and test_half and not set(train_half) & set(test_half)


def test_what_an_entry_is_said_to_state_stands_in_it(log: FilmLog) -> None:
    for said in log.statements:
        assert said.phrase in message_of(log.entries[said.entry]).content
    assert len(log.entries) == 150 and len({entry.id for entry in log.entries}) == 150


def test_corrections_come_after_what_they_correct_and_some_far_behind() -> None:
    distances = []
    for seed in range(3):
        log = make_log(seed, split="test")
        first: dict[object, int] = {}
        for said in log.statements:
            first.setdefault(said.fact, said.entry)
        for (key, version), entry in first.items():
            if version:
                assert entry >= first[key, version - 1]
                distances.append(entry - first[key, 0])
    assert max(distances) > 150 and len(distances) > 60


def test_a_swap_does_not_repeat_the_words_and_leans_on_what_was_said_before() -> None:
    log = make_log(0, split="test")
    swaps = [said for said in log.statements if any(key[0] == "check" for key, _ in said.leans_on)]
    assert swaps
    assert all(said.value not in said.phrase for said in swaps)


def test_calls_are_paired_with_their_results(log: FilmLog) -> None:
    asked = {call.id: entry.group for entry in log.entries for call in entry.asked}
    for entry in log.entries:
        if entry.kind == "tool":
            assert asked[entry.call] == entry.group


def test_questions_of_every_kind_at_three_points(questions: list[Question]) -> None:
    assert {question.kind for question in questions} == set(EACH)
    assert len({question.at for question in questions}) == 3


def test_paraphrases_share_no_content_word_with_what_states_the_answer() -> None:
    found = 0
    for split in ("train", "test"):
        log = make_log(2, split=split)
        for question in draw_questions(log):
            if question.kind == "paraphrase":
                stated = [s for s in log.statements if s.entry < question.at and s.fact == question.needs[0]]
                assert stated
                assert not {term for said in stated for term in terms(said.phrase)} & set(terms(question.text))
                assert question.plain != question.text
                found += 1
    assert found >= 12


def test_chains_need_two_facts_and_name_the_first_by_the_second() -> None:
    log = make_log(2, split="test")
    chains = [question for question in draw_questions(log) if question.kind == "chain"]
    links = {question.needs[1][0][0] for question in chains}
    assert links == {"kind", "place"}
    for question in chains:
        (family, subject), _ = question.needs[0]
        assert question.needs[1][0][1] == subject and family not in ("kind", "place")
        assert subject not in question.text
        shown = whole(log, question)
        link = {said.entry for said in log.statements if said.fact == question.needs[1]}
        parted = {place: text for place, text in shown.items() if place not in link}
        assert exact(log, question, parted) != "right"


def test_the_whole_log_holds_everything_and_nothing_holds_nothing(log: FilmLog, questions: list[Question]) -> None:
    for question in questions:
        assert exact(log, question, whole(log, question)) == "right"
        assert exact(log, question, needed(log, question).shown) == "right"
        assert exact(log, question, {}) == "missing"


def test_an_old_value_without_its_correction_is_stale() -> None:
    log = make_log(0, split="test")
    seen = 0
    for question in draw_questions(log):
        (key, version), *others = question.needs
        if question.kind == "corrected" and not others:
            newest = {said.entry for said in log.statements if said.fact == (key, version)}
            shown = {place: text for place, text in whole(log, question).items() if place not in newest}
            seen += exact(log, question, shown) == "stale"
    assert seen >= 5


def test_orders_in_results_and_other_films_state_nothing() -> None:
    for seed in range(2):
        log = make_log(seed, split="test")
        stated: dict[object, set[str]] = {}
        for said in log.statements:
            stated.setdefault(said.fact[0], set()).add(said.value)
        false = [(entry, key, value) for entry, key, value in log.claims if value not in stated.get(key, set())]
        assert len(false) > 20
        for entry, _, value in false:
            assert value in message_of(log.entries[entry]).content
    assert any("SYSTEM" in e.text for seed in range(6) for e in make_log(seed, split="train").entries)


def test_the_lexical_reader_reads_what_the_oracle_shows_better_than_a_crowd(
    log: FilmLog, questions: list[Question]
) -> None:
    reader = LexicalReader(log)
    asked = [question for question in questions if question.wants != "rule"]
    lean = sum(judge(one, reader.answer(one, needed(log, one).shown)) == "right" for one in asked)
    crowded = sum(judge(one, reader.answer(one, whole(log, one))) == "right" for one in asked)
    assert 0.9 * len(asked) < lean and crowded < lean
    assert not any(reader.answer(one, {}) for one in asked)


def test_a_language_model_may_read(log: FilmLog, questions: list[Question]) -> None:
    colour = next(question for question in questions if question.wants == "colour")
    model = ScriptedModel([f"It is {colour.answers[0]}.", "unknown"])
    assert ask_model(model, colour, whole(log, colour)) == "right"
    assert ask_model(model, colour, {}) == "missing"
    assert colour.text in model.asked[0][-1].content
    rule = next(question for question in questions if question.wants == "rule")
    assert ask_model(ScriptedModel([f'"{rule.answers[0]}"']), rule, whole(log, rule)) == "right"


def test_policies_keep_to_their_budget(log: FilmLog, questions: list[Question]) -> None:
    question = questions[-1]
    weight = sum(entry.costs[0] for entry in log.entries)
    for name in ("window", "masking", "summary", "self-managed"):
        assert see_for(log, question, name, 0.5).tokens <= 0.5 * weight
    assert see_at_once(Full(), log.entries, WHOLE, question.text).tokens == weight


def test_asking_leaves_no_trace(log: FilmLog, questions: list[Question]) -> None:
    play = Play(SelfManaged())
    play.to(log.entries, sum(entry.costs[0] for entry in log.entries) // 4)
    before = [entry.id for entry in play.ledger.shown]
    first = play.ask(questions[-1].text)
    play.ask(questions[-2].text)
    assert [entry.id for entry in play.ledger.shown] == before
    assert play.ask(questions[-1].text) == first


def test_a_growing_history_is_billed_mostly_from_the_cache(log: FilmLog) -> None:
    full = Play(Full()).bill(log.entries, WHOLE)
    window = Play(Window()).bill(log.entries, sum(entry.costs[0] for entry in log.entries) // 4)
    assert full.cached_share > 0.9
    assert window.full + window.cached < full.full + full.cached


def test_a_scorer_learns_what_is_needed_from_training_logs_alone() -> None:
    scorer, card = train(2, FitConfig(epochs=8), entries=90)
    log = make_log(0, split="test", entries=150)
    question = next(one for one in draw_questions(log) if one.source == "tool" and one.kind == "fact")
    entries = log.entries[: question.at]
    lines = Lines.of(entries)
    chances = scorer.chances(lines, question.text)
    best = [row for row in np.argsort(-chances) if not entries[lines.owner[row]].stays]
    wanted = [
        place
        for place, row in enumerate(best)
        for id, words in needed_by(log, question)
        if entries[lines.owner[row]].id == id and (words in lines.lines[row] or lines.lines[row] in words)
    ]
    assert wanted[0] < len(best) / 20
    assert "seeds 0 to 1" in card


def test_examples_leave_out_what_stays_anyway() -> None:
    examples = training_examples(1, entries=60)
    assert all(one.features.shape == (len(one.needed), len(FEATURES)) for one in examples)
    assert all(len(one.needed) <= sum((ANSWERING, MEANING, BY_CHANCE)) + 20 for one in examples)
    assert all(one.needed.max() == 1 or not one.needed.any() for one in examples)
    assert any(one.needed.any() for one in examples)


def test_intervals_hold_the_mean_and_narrow_with_more_logs() -> None:
    draws = np.random.default_rng(0)
    few, many = ([list(draws.integers(0, 2, 20).astype(float)) for _ in range(count)] for count in (4, 64))
    wide, narrow = bootstrap(few), bootstrap(many)
    assert wide.low <= wide.mean <= wide.high
    assert narrow.high - narrow.low < wide.high - wide.low
    with pytest.raises(ValueError, match="no value"):
        bootstrap([[]])


def test_a_gain_is_paired_by_question() -> None:
    theirs = [(log, 100.0 * (number % 2)) for log, number in itertools.product(range(4), range(10))]
    ours = [(log, 100.0) for log, _ in theirs]
    gain = _gain("ours against theirs", ours, theirs, 10.0)
    assert gain.points.low == gain.points.mean == gain.points.high == 50.0 and gain.met
