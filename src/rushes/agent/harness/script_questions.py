"""Long scripts with questions whose answers are known: what a version's way of reading gets out of them, exactly.

The answer is a word that stands once in the script, among scenes that are much like the one that is asked for. What is
read out is short, and every other such word in it makes the right one worth less: to hand on all of them is no answer.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rushes import __version__
from rushes.agent.context.entry import count_tokens
from rushes.agent.harness.metered import Metered
from rushes.agent.harness.reading import Ask, read_document
from rushes.agent.harness.scores import Played, Scores, play_each
from rushes.agent.harness.version import HarnessVersion
from rushes.agent.models import BadReply, LanguageModel, Message

PEOPLE = "Mira Anton Selma Jonas Ida Viktor Nora Emil Greta Oskar".split()
THINGS = "key letter lantern coin map ring bottle photograph ticket scarf".split()
PLACES = "harbour,market,station,garden,tower,bridge,kitchen,cellar,rooftop,chapel".split(",")
COLOURS = "teal amber violet scarlet olive ivory copper indigo crimson jade ochre coral".split()
ACTION = (
    "The camera follows at walking pace.",
    "Rain runs down the window.",
    "Nobody speaks for a while.",
    "A dog barks somewhere behind the houses.",
    "The light is low and comes from the left.",
    "Steps are heard on the stairs, then nothing.",
    "Somebody laughs in the next room.",
    "The wind moves the curtain.",
)
BOX = re.compile(rf"\b(?:{'|'.join(COLOURS)})\d{{3}}\b")
MOST_ANSWER = 200  # tokens of what is read out for one question; what stands behind them is not looked at
MOST_READ = 4  # times the script's tokens that a question may cost


@dataclass(frozen=True, kw_only=True)
class ScriptTask:
    script: str
    questions: tuple[tuple[str, str], ...]  # words, and the answer that must be in what is read out


def make_script(seed: int, *, scenes: int = 40, questions: int = 2) -> ScriptTask:
    """About 5,000 tokens."""
    draws = random.Random(f"script {seed}")
    pairs = [(person, thing) for person in PEOPLE for thing in THINGS]
    held = draws.sample(pairs, scenes)
    boxes = draws.sample([f"{colour}{number}" for colour in COLOURS for number in range(100, 1000)], scenes)
    asked = sorted(draws.sample(range(scenes), questions))
    parts, found = [], []
    for number, ((person, thing), box) in enumerate(zip(held, boxes, strict=True), 1):
        lines = draws.choices(ACTION, k=draws.randint(6, 10))
        lines.insert(draws.randint(1, len(lines)), f"{person} hides the {thing} in the {box} box.")
        parts.append(f"SCENE {number}. INT. {draws.choice(PLACES).upper()}\n{' '.join(lines)}")
        if number - 1 in asked:
            found.append((f"In which box does {person} hide the {thing}?", box))
    return ScriptTask(script="\n\n".join(parts), questions=tuple(found))


class ReadingJudge:
    """Scores a version's way of reading with the session's own model: the share of questions whose answer it gets.

    Raises ModelError where the model can't be reached, CapReached where `model` is a `Metered` with a cap.
    """

    judges = frozenset({"reading"})

    def __init__(
        self,
        model: LanguageModel,
        *,
        make_task: Callable[[int], ScriptTask] = make_script,
        scores: Scores | None = None,
        heard: Callable[[str, Played], None] = lambda judge, played: None,
    ) -> None:
        self.name = f"scripts read by {model.name}"
        self.key = f"{self.name}, {MOST_ANSWER} of {MOST_READ}, {__version__}"
        sample = make_task(0)
        self.most_tokens = (MOST_READ + 2) * len(sample.questions) * count_tokens(sample.script)  # of one task, about
        self._model, self._make_task, self._scores, self._heard = model, make_task, scores, heard

    def score(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        def play(seed: int) -> Played:
            return self._play(version, seed)

        return play_each(
            self._scores, self.key, version.hash, seeds, play, lambda played: self._heard(self.name, played)
        )

    def _play(self, version: HarnessVersion, seed: int) -> Played:
        task, began = self._make_task(seed), time.monotonic()
        meter = Metered(self._model)
        lost, worth = [], 0.0
        for words, answer in task.questions:
            ask = _asking(meter, MOST_READ * count_tokens(task.script))
            said = read_document(task.script, words, version.reading, ask)
            named = set(BOX.findall(said[: MOST_ANSWER * 4]))
            worth += (answer in named) / max(1, len(named))
            if named != {answer}:
                lost.append(f"{words} {answer}, but {', '.join(sorted(named)[:4]) or 'nothing'} was read out")
        return Played(
            seed=seed,
            score=worth / len(task.questions),
            lost=tuple(lost),
            turns=meter.turns,
            prompt_tokens=meter.prompt_tokens,
            completion_tokens=meter.completion_tokens,
            seconds=time.monotonic() - began,
        )


def _asking(meter: Metered, most: int) -> Ask:
    """Nothing more is answered once a question has cost so many tokens."""
    until = meter.prompt_tokens + most

    def ask(prompt: str) -> str:
        if meter.prompt_tokens + count_tokens(prompt) > until:
            return ""
        try:
            return meter.reply([Message(role="user", content=prompt)], max_tokens=2 * MOST_ANSWER).text
        except BadReply:
            return ""

    return ask
