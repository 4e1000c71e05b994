"""Trains the scorer of the learned policy on film logs, on which entries questions needed later.

`python -m rushes.desk.train_selection` writes `weights/context/`: the scorer and its card. There are two, one for who
has a model of meaning and one for who has none: RUSHES_MEANING=off trains the second. It sees training logs only:
other seeds, other names, places and things, and other phrasings than those the bench asks about.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rushes.agent.context.features import FEATURES
from rushes.agent.context.fitting import Example, FitConfig, example, fit
from rushes.agent.context.scorer import TENSORS, Scorer, shipped
from rushes.desk.film_logs import FilmLog, make_log
from rushes.desk.film_questions import Question, draw_questions

LOGS = 40  # training logs
CONFIG = FitConfig(hidden=16, epochs=60, l2=3e-4, members=4)
CARD = """# context

The scorers of the learned context policy, of reminders and of recall (`rushes.agent.context.scorer`): which lines of a
film's log an agent needs for what it is asked now.

| | |
|---|---|
| with a model of meaning (`rushes.agent.context.meaning`) | `by_meaning.safetensors`, {size:.1f} kB, float32 |
| without one | `by_words.safetensors`, as large |
| input | {features} features of a line and a question (`rushes.agent.context.features.FEATURES`) |
| network | {network} |
| trained on | {logs} film logs of {entries} entries, seeds 0 to {last} of the training half, {examples} questions |
| label | the line states a fact that the question needs, as the generator of the logs knows it |
| fit | {epochs} epochs of {batch} questions, Adam, rate {rate}, L2 {l2}, seed {seed} |
| licence | Apache-2.0, as the code; there is no third-party data or weight in it |

It has never seen the names, places, things and phrasings of test logs; `rushes bench context` measures it on those.
Made again by `python -m rushes.desk.train_selection`, with RUSHES_MEANING=off for the second.
"""


def needed_by(log: FilmLog, question: Question) -> set[tuple[str, str]]:
    """Ids of all entries that state what the question needs, or what that leans on, each with the words that do."""
    facts = set(question.needs)
    while True:
        stating = [said for said in log.statements if said.entry < question.at and said.fact in facts]
        more = {fact for said in stating for fact in said.leans_on} - facts
        if not more:
            return {(log.entries[said.entry].id, said.phrase) for said in stating}
        facts |= more


def training_examples(logs: int, entries: int = 300) -> list[Example]:
    """`logs`: how many, with so many entries; their seeds are 0, 1, 2, ... of the training half."""
    return [
        example(log.entries[: question.at], question.text, needed_by(log, question), seed=place)
        for log in (make_log(seed, split="train", entries=entries) for seed in range(logs))
        for place, question in enumerate(draw_questions(log))
    ]


def train(logs: int = LOGS, config: FitConfig | None = None, *, entries: int = 300) -> tuple[Scorer, str]:
    """The scorer and its card."""
    config = config or CONFIG
    examples = training_examples(logs, entries)
    scorer = fit(examples, config)
    numbers = sum(getattr(scorer, name).size for name in TENSORS)
    card = CARD.format(
        size=numbers * 4 / 1000,
        features=len(FEATURES),
        network=f"mean of {config.members}: logistic, one hidden layer of {config.hidden} units",
        logs=logs,
        entries=entries,
        last=logs - 1,
        examples=len(examples),
        epochs=config.epochs,
        batch=config.batch,
        rate=config.rate,
        l2=config.l2,
        seed=config.seed,
    )
    return scorer, card


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the scorer of the learned context policy.")
    parser.add_argument("--logs", type=int, default=LOGS, help="training logs")
    parser.add_argument("--out", type=Path, default=shipped(), help="where the scorer goes")
    arguments = parser.parse_args()
    scorer, card = train(arguments.logs)
    scorer.save(arguments.out, note=f"{arguments.logs} training film logs")
    (arguments.out.parent / "README.md").write_text(card)
    print(f"{arguments.out} written")


if __name__ == "__main__":
    main()
