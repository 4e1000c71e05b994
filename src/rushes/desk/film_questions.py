"""Questions about a film log, drawn at several points of it from everything that was said up to there."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from rushes.agent.context.terms import terms
from rushes.desk import film_paraphrases as paraphrases
from rushes.desk import film_phrasings as phrasings
from rushes.desk import film_words as words
from rushes.desk.film_draft import Fact, Key, Statement
from rushes.desk.film_logs import FilmLog
from rushes.desk.film_words import words_of

Kind = Literal["fact", "corrected", "first", "instruction", "list", "number", "paraphrase", "chain"]
POINTS = (0.5, 0.75, 1.0)  # of the log
# How many at a point.
EACH: dict[Kind, int] = {
    **{"fact": 3, "corrected": 3, "first": 2, "instruction": 2, "list": 1, "number": 2},
    "paraphrase": 3,  # shares no content word with any entry's statement of the answer
    "chain": 3,  # of two: another fact says who or what is meant
}
NOT_PLAIN = ("first", "rule", "check", "kind", "loud", "number")  # families with questions of their own


@dataclass(frozen=True, kw_only=True)
class Question:
    at: int  # asked when the log has so many entries
    kind: Kind
    text: str  # all that a policy is told
    plain: str  # the same in the words of the film, for a reader, who is taken to know English
    needs: tuple[Fact, ...]  # all of them have to be known to answer
    wants: str  # what an answer is: "colour", "seconds", "file", ...; "rule": something to be kept in mind
    answers: tuple[str, ...]  # each of them is to be named
    stale: tuple[str, ...]  # what would have been right before
    source: str  # who said last what is needed: "user", "assistant", "tool", "board"
    age: int  # entries since then


def draw_questions(log: FilmLog) -> list[Question]:
    """The same log has the same questions."""
    draws = random.Random(f"questions {log.split} {log.seed}")
    found: list[Question] = []
    for point in POINTS:
        at = round(point * len(log.entries))
        asker = _Asker(log, at, draws)
        for kind, count in EACH.items():
            found += asker.ask(kind, count)
    return found


class _Asker:
    def __init__(self, log: FilmLog, at: int, draws: random.Random) -> None:
        self.log, self.at, self.random = log, at, draws
        self.said: dict[Key, list[Statement]] = {}
        for statement in log.statements:
            if statement.entry < at:
                self.said.setdefault(statement.fact[0], []).append(statement)

    def ask(self, kind: Kind, count: int) -> Iterable[Question]:
        if kind == "list":
            return self._places(count)
        if kind == "chain":
            return self._chains(count)
        plain = [key for key in self.said if key[0] not in NOT_PLAIN]
        numbers = [key for key in self.said if key[0] in ("loud", "number")]
        pool = {
            "fact": [key for key in plain if self._version(key) == 0],
            "corrected": [key for key in (*plain, *numbers) if self._version(key) > 0],
            "first": [key for key in self.said if key[0] == "first"],
            "instruction": [key for key in self.said if key[0] == "rule"],
            "number": [key for key in numbers if self._version(key) == 0],
            "paraphrase": [key for key in (*plain, *numbers) if self._paraphrases(key)],
        }[kind]
        chosen = self.random.sample(pool, min(count, len(pool)))
        asked = [self._about(kind, key) for key in chosen]
        if kind == "number" and asked:
            asked[-1:] = self._sum() or asked[-1:]
        return asked

    def _version(self, key: Key) -> int:
        return self.said[key][-1].fact[1]

    def _about(self, kind: Kind, key: Key) -> Question:
        family, subject = key
        if family == "rule":
            text = self.random.choice(words_of(phrasings.RULES[subject][1], self.log.split))
            return self._question(kind, text, [key], wants="rule", answers=(self.said[key][-1].value,))
        who = subject
        leans_on: tuple[Fact, ...] = ()
        if family in words.SLOTS:
            who = self.random.choice(words_of(words.SLOTS[family][subject], self.log.split))
        elif family != "carries" and subject in self.log.plain and self.random.random() < 0.3:
            if ("carries", subject) in self.said:
                carried = self.said["carries", subject][-1]
                who = f"the one with the {carried.value}"
                leans_on = (carried.fact,)
        plain = self._plainly(family, who)
        text = self.random.choice(self._paraphrases(key)) if kind == "paraphrase" else plain
        answers = (self.said[key][-1].value,)
        return self._question(kind, text, [key], wants=family, answers=answers, leans_on=leans_on, plain=plain)

    def _plainly(self, family: str, who: str) -> str:
        text = self.random.choice(words_of(phrasings.QUESTIONS[family], self.log.split)).format(who=who)
        return text[0].upper() + text[1:]

    def _paraphrases(self, key: Key) -> list[str]:
        """Questions that share no content word with what states the answer."""
        family, subject = key
        split = self.log.split
        found: Iterable[str] = ()
        if family in words.SLOTS:
            found = words_of(paraphrases.OF_SLOTS[f"{family} {subject}"], split)
        elif family in paraphrases.OF_SHOTS:
            nth = paraphrases.ORDINALS[int(subject.removeprefix("shot-")) - 1]
            called = words_of(paraphrases.NTH, split)[0].format(nth=nth)
            found = [form.format(nth=called) for form in words_of(paraphrases.OF_SHOTS[family], split)]
        now = self.said[key][-1].fact
        stated = {term for said in self.said[key] if said.fact == now for term in terms(said.phrase)}
        return [text for text in found if not stated & set(terms(text))]

    def _chains(self, count: int) -> Iterable[Question]:
        """Of an actor who is called by what it is, or of the only shot that plays at a place."""
        kinds, split = list(self.log.cast.values()), self.log.split
        by_kind = [
            (key, ("kind", key[1]))
            for key in self.said
            if key[0] in ("colour", "wears", "carries", "first") and ("kind", key[1]) in self.said
            if kinds.count(self.log.cast[key[1]]) == 1
        ]
        places = Counter(self.said[key][-1].value for key in self.said if key[0] == "place")
        by_place = [
            (key, ("place", key[1]))
            for key in self.said
            if key[0] in ("seconds", "take", "loud") and ("place", key[1]) in self.said
            if places[self.said["place", key[1]][-1].value] == 1
        ]
        for pool in (by_kind, by_place):
            self.random.shuffle(pool)
        mixed = [pair for both in zip_longest(by_kind, by_place) for pair in both if pair]
        for key, link in mixed[:count]:
            table = paraphrases.BY_KIND if link[0] == "kind" else paraphrases.BY_PLACE
            value = self.said[link][-1].value
            who = self.random.choice(words_of(table, split)).format(kind=value, place=value)
            answers = (self.said[key][-1].value,)
            yield self._question("chain", self._plainly(key[0], who), [key, link], wants=key[0], answers=answers)

    def _places(self, count: int) -> Iterable[Question]:
        """Which shots play at a place: every one of at least two."""
        shots: dict[str, list[Key]] = {}
        for key in self.said:
            if key[0] == "place":
                shots.setdefault(self.said[key][-1].value, []).append(key)
        places = [place for place, keys in shots.items() if len(keys) > 1]
        for place in self.random.sample(places, min(count, len(places))):
            text = self.random.choice(words_of(phrasings.QUESTIONS["places of"], self.log.split)).format(value=place)
            answers = tuple(key[1] for key in shots[place])
            yield self._question("list", text, shots[place], wants="places of", answers=answers)

    def _sum(self) -> list[Question]:
        keys = [key for key in self.said if key[0] == "seconds"]
        if len(keys) < 2:
            return []
        a, b = self.random.sample(keys, 2)
        text = self.random.choice(words_of(phrasings.QUESTIONS["sum"], self.log.split)).format(a=a[1], b=b[1])
        total = sum(float(self.said[key][-1].value.split()[0]) for key in (a, b))
        return [self._question("number", text, [a, b], wants="sum", answers=(f"{total:g} s",))]

    def _question(
        self,
        kind: Kind,
        text: str,
        keys: list[Key],
        *,
        wants: str,
        answers: tuple[str, ...],
        leans_on: tuple[Fact, ...] = (),
        plain: str = "",
    ) -> Question:
        last = [self.said[key][-1] for key in keys]
        about = keys[:1] if kind == "chain" else keys  # what else it needs is no answer
        before = {said.value for key in about for said in self.said[key] if wants != "rule"} - {
            one.value for one in last
        }
        # The newest that has to be known is where the answer was last said in full.
        newest = [next(one for one in self.said[key] if one.fact == self.said[key][-1].fact) for key in keys]
        oldest = min(newest, key=lambda one: one.entry)
        return Question(
            at=self.at,
            kind=kind,
            text=text,
            plain=plain or text,
            needs=(*(one.fact for one in last), *leans_on),
            wants=wants,
            answers=answers,
            stale=tuple(sorted(before)),
            source=oldest.source,
            age=self.at - oldest.entry,
        )
