"""`rushes bench context`: how well policies keep what a question needs, and what they show and are billed for it.

Every log is asked the same questions under every policy at equal budgets, shares of what the whole history weighs at
the question. Two bounds: the oracle shows exactly the entries that are needed, `nothing` shows none. Masking keeps as
many of the newest results whole as its budget holds. Excerpts (a shrunk entry keeps its lines about the question) and
reminders (what a new question needs is quoted at the end) help the learned policy, so three controls part
them: masking with both, both chosen by a scorer that knows nothing, and the scorer without either, which chooses
anew at every question.

Bills are of whole plays without the questions: every new words of the user are a question to policies that choose by
it, so they pay for reminders there; the self-managed policy searches only when it is asked.

Training and test logs share their generator: families of facts, forms of tool results, plain colours and numbers, ids,
and the kinds of questions. They share no seed, name, place, thing or phrasing, neither of statements nor of questions.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from threadpoolctl import threadpool_limits

from rushes.agent.context.learned import LearnedPolicy
from rushes.agent.context.meaning import meanings
from rushes.agent.context.messages import message_of
from rushes.agent.context.prefix_cache import Bill
from rushes.agent.context.rules import Full, Masking, SelfManaged, Window
from rushes.agent.context.scorer import hand_set, load_scorer
from rushes.agent.context.summary import Summary
from rushes.agent.models import LanguageModel
from rushes.desk.context_play import Play, Seen, see_at_once
from rushes.desk.film_draft import Fact
from rushes.desk.film_logs import FilmLog, make_log
from rushes.desk.film_questions import Question, draw_questions
from rushes.desk.intervals import Interval, bootstrap
from rushes.desk.reading import LexicalReader, Verdict, ask_model, exact, judge

LOGS = 8  # test logs
FIRST = 2000  # seed of the first; lower ones were looked at while the bench was written
SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2)  # budgets, of what the whole history weighs
BILLED = 2  # logs that are played through for the bill
BILLED_SHARE = 1 / 4
CONTROL_SHARES = (1 / 16, 1 / 4)
WHOLE = 10**9  # a budget that holds everything
CONTROLS = ("masking+excerpts", "excerpts alone", "learned, no excerpts")
# What these show depends on what they did before.
PLAYED = ("summary", "self-managed", "learned", "masking+excerpts", "excerpts alone")
LEAN = ("window", "masking", "summary", "self-managed", "learned")  # policies that work within a budget
Progress = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One question under one policy."""

    log: int  # seed
    policy: str
    share: float  # budget, of the whole history at that point; 1: no limit
    question: Question
    held: Verdict  # by the exact reader
    answered: Verdict  # by the lexical reader or a language model
    tokens: int  # shown
    whole: int  # tokens of the whole history


@dataclass(frozen=True, kw_only=True)
class Row:
    """A policy at a budget: means over questions, intervals by drawing logs again."""

    policy: str
    share: float
    recall: Interval  # what is needed is shown
    answered: Interval  # the reader's answer is right
    stale: Interval  # questions whose old value is shown without its correction
    instructions: Interval  # standing instructions that are shown when they apply
    kinds: dict[str, float]  # recall by kind of question
    sources: dict[str, float]  # recall by who said what is needed
    tokens: float  # shown, of the whole history


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A target of the bench: a difference between two policies, in points."""

    what: str
    points: Interval
    target: float | None  # least points; None: a control, with no target
    met: bool | None  # by the mean


@dataclass(frozen=True, kw_only=True)
class Report:
    logs: int
    questions: int
    reader: str
    search: str  # by what the policies that choose find things
    rows: list[Row]
    gains: list[Gain]
    billed: dict[str, float]  # tokens of a whole play at a quarter, in prices of full tokens, per answer of the model
    cached: dict[str, float]  # share of the tokens sent that the prefix cache held
    trials: list[Trial]


def run_bench(logs: int = LOGS, *, model: LanguageModel | None = None, progress: Progress = lambda _: None) -> Report:
    """`model`: reads in place of the lexical reader. Raises ValueError for fewer than two logs."""
    if logs < 2:
        raise ValueError(f"{logs} logs give no interval; take at least 2")
    trials: list[Trial] = []
    made = [make_log(seed, split="test") for seed in range(FIRST, FIRST + logs)]
    if model is None:
        # One BLAS thread each: as many in every worker as there are cores take three times as long.
        with ProcessPoolExecutor(min(logs, os.cpu_count() or 1), initializer=threadpool_limits, initargs=(1,)) as pool:
            for done, found in enumerate(pool.map(try_log, made), 1):
                trials += found
                progress(f"{done} of {logs} logs")
    else:
        for done, log in enumerate(made, 1):
            trials += try_log(log, model)
            progress(f"{done} of {logs} logs")
    progress("bills")
    bills = {name: [_bill(log, name) for log in made[:BILLED]] for name in ("full", *LEAN, *CONTROLS[:2])}
    return Report(
        logs=logs,
        questions=sum(trial.policy == "nothing" for trial in trials),
        reader=model.name if model else LexicalReader.name,
        search="words and meaning" if meanings() else "words alone",
        rows=_rows(trials),
        gains=_gains(trials),
        billed={name: sum(one.tokens for one, _ in found) / sum(n for _, n in found) for name, found in bills.items()},
        cached={
            name: sum(o.cached for o, _ in found) / sum(o.full + o.cached for o, _ in found)
            for name, found in bills.items()
        },
        trials=trials,
    )


def try_log(log: FilmLog, model: LanguageModel | None = None) -> list[Trial]:
    """All policies at all budgets on the questions of one log."""
    lexical = LexicalReader(log)
    questions = draw_questions(log)
    trials: list[Trial] = []

    def note(policy: str, share: float, question: Question, seen: Seen) -> None:
        held = exact(log, question, seen.shown)
        if model:
            answered = ask_model(model, question, seen.shown)
        else:
            answered = held if question.wants == "rule" else judge(question, lexical.answer(question, seen.shown))
        weight = sum(entry.costs[0] for entry in log.entries[: question.at])
        trials.append(
            Trial(
                log=log.seed,
                policy=policy,
                share=share,
                question=question,
                held=held,
                answered=answered,
                tokens=seen.tokens,
                whole=weight,
            )
        )

    for question in questions:
        entries = log.entries[: question.at]
        note("nothing", 0.0, question, Seen(shown={}, tokens=0))
        note("oracle", 0.0, question, needed(log, question))
        note("full", 1.0, question, see_at_once(Full(), entries, WHOLE, question.text))
    chosen = [(name, share) for share in SHARES for name in LEAN]
    chosen += [(name, share) for share in CONTROL_SHARES for name in CONTROLS]
    for question, views in zip(questions, _views(log, questions, chosen), strict=True):
        for (name, share), seen in zip(chosen, views, strict=True):
            note(name, share, question, seen)
    return trials


def needed(log: FilmLog, question: Question) -> Seen:
    """The oracle's: of every fact that is needed the newest entry that states it, and what that leans on."""
    wanted: list[Fact] = list(question.needs)
    places: set[int] = set()
    for fact in wanted:  # grows while it is walked
        said = next(s for s in reversed(log.statements) if s.entry < question.at and s.fact == fact)
        places.add(said.entry)
        wanted += [other for other in said.leans_on if other not in wanted]
    chosen = [log.entries[place] for place in sorted(places)]
    return Seen(
        shown={entry.number - 1: message_of(entry).content for entry in chosen},
        tokens=sum(entry.costs[0] for entry in chosen),
    )


class ExcerptedMasking(Masking):
    """A control: masking whose short forms are excerpts, and which is reminded as the learned policy is."""

    name = "masking+excerpts"
    by_query = True


def _policy(name: str) -> Full | Window | Masking | Summary | SelfManaged | LearnedPolicy:
    plain = {policy.name: policy for policy in (Full, Window, Masking, Summary, SelfManaged, ExcerptedMasking)}
    if name in plain:
        return plain[name]()
    if name == "excerpts alone":
        blank = hand_set()
        return LearnedPolicy(replace(blank, w2=np.zeros_like(blank.w2)))  # every entry is as likely as any other
    return LearnedPolicy(load_scorer())


def _views(log: FilmLog, questions: Sequence[Question], chosen: Sequence[tuple[str, float]]) -> Iterator[list[Seen]]:
    """What policies at budgets show, at questions that are in order of the log. All play on step by step together,
    as they look things up in the same entries."""
    plays = [Play(_policy(name)) for name, _ in chosen]
    at = 0
    for question in questions:
        weight = sum(entry.costs[0] for entry in log.entries[: question.at])
        steps = [n + 1 for n in range(at, question.at) if log.entries[n].kind == "assistant"]
        for end in (*steps, question.at) if at < question.at else ():
            for (name, share), play in zip(chosen, plays, strict=True):
                if name in PLAYED:
                    play.to(log.entries[:end], int(share * weight))
        at = question.at
        yield [
            play.ask(question.text)
            if name in PLAYED
            else see_at_once(play.policy, log.entries[:at], int(share * weight), question.text)
            for (name, share), play in zip(chosen, plays, strict=True)
        ]


def see_for(log: FilmLog, question: Question, name: str, share: float) -> Seen:
    """What one policy shows at one question."""
    return next(_views(log, [question], [(name, share)]))[0]


def _bill(log: FilmLog, name: str) -> tuple[Bill, int]:
    """Of a whole play, and how many answers of the model it had."""
    whole = sum(entry.costs[0] for entry in log.entries)
    budget = WHOLE if name == "full" else int(BILLED_SHARE * whole)
    answers = sum(entry.kind == "assistant" for entry in log.entries)
    return Play(_policy(name)).bill(log.entries, budget), answers


def _rows(trials: Sequence[Trial]) -> list[Row]:
    order = ["nothing", *LEAN, *CONTROLS, "full", "oracle"]
    places = sorted({(order.index(one.policy), one.share) for one in trials})
    return [_row([one for one in trials if (order.index(one.policy), one.share) == place]) for place in places]


def _row(trials: Sequence[Trial]) -> Row:
    asked = [one for one in trials if one.question.wants != "rule"]
    kinds = sorted({one.question.kind for one in trials})
    sources = sorted({one.question.source for one in trials})
    return Row(
        policy=trials[0].policy,
        share=trials[0].share,
        recall=_mean(asked, lambda one: one.held == "right"),
        answered=_mean(asked, lambda one: one.answered == "right"),
        stale=_mean(asked, lambda one: one.held == "stale"),
        instructions=_mean([one for one in trials if one.question.wants == "rule"], lambda one: one.held == "right"),
        kinds={kind: _share([one for one in trials if one.question.kind == kind]) for kind in kinds},
        sources={source: _share([one for one in trials if one.question.source == source]) for source in sources},
        tokens=sum(one.tokens for one in trials) / sum(one.whole for one in trials),
    )


def _share(trials: Sequence[Trial]) -> float:
    return sum(one.held == "right" for one in trials) / len(trials)


def _mean(trials: Sequence[Trial], value: Callable[[Trial], float]) -> Interval:
    return bootstrap([[value(one) for one in trials if one.log == log] for log in sorted({one.log for one in trials})])


def _gains(trials: Sequence[Trial]) -> list[Gain]:
    """What the project asks of the two policies that choose: full history's recall in a quarter, masking's and more."""
    gains = []
    for name in ("learned", "self-managed"):
        for what, measure in (("shown", "held"), ("answered", "answered")):
            ours = _by_question(trials, name, 1 / 4, measure)
            gains.append(
                _gain(f"{name} against full history, {what}", ours, _by_question(trials, "full", 1.0, measure), 0.0)
            )
            for share in SHARES:
                ours, masked = (_by_question(trials, one, share, measure) for one in (name, "masking"))
                gains.append(_gain(f"{name} against masking at 1/{1 / share:.0f}, {what}", ours, masked, 10.0))
    for control in CONTROLS:  # no target: how much of the learned policy is its scorer, and how much its excerpts
        for share in CONTROL_SHARES:
            ours, theirs = (_by_question(trials, one, share, "held") for one in ("learned", control))
            gains.append(_gain(f"learned against {control} at 1/{1 / share:.0f}, shown", ours, theirs, None))
    return gains


def _by_question(trials: Sequence[Trial], policy: str, share: float, measure: str) -> list[tuple[int, float]]:
    """Log and 100 or 0 for every question."""
    chosen = [one for one in trials if one.policy == policy and one.share == share]
    return [(one.log, 100.0 * (getattr(one, measure) == "right")) for one in chosen]


def _gain(what: str, ours: list[tuple[int, float]], theirs: list[tuple[int, float]], target: float | None) -> Gain:
    logs = sorted({log for log, _ in ours})
    pairs = list(zip(ours, theirs, strict=True))
    points = bootstrap([[a - b for (log, a), (_, b) in pairs if log == one] for one in logs])
    return Gain(what=what, points=points, target=target, met=None if target is None else points.mean >= target)
