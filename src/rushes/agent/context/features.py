"""What a scorer sees of an entry, given what the context is needed for: nothing of one film, only how words meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rushes.agent.context.answers import asked_for, looks_like
from rushes.agent.context.entry import Entry
from rushes.agent.context.lines import Lines
from rushes.agent.context.search import Index, Weights, about_context, index_of
from rushes.agent.context.terms import corrects, counted, has_number, instructs, names

KINDS = ("assistant", "tool", "board", "note")
FEATURES = (
    "cover",  # share of the query's words that it holds, rare ones counting more
    "bm25",  # to the query, of the log's best
    "line",  # share of the query's words that its best line holds
    "line_linked",  # of the words that the best lines of the log link to
    "line_both",
    "meant",  # how near its best line comes to the query in meaning, where a model of meaning is there
    "meant_best",  # the same, of the log's best
    "named",  # share of the words of its best line, with a name in the place of what somebody is called by
    "named_meant",  # how near that comes in meaning
    "answers",  # how well its best line answers, all in all, of the log's best
    "rarest",  # it holds the rarest word of the query
    "names",  # share of the query's names and board ids that it holds
    "linked",  # to the rare words of the entries that answer best: one step on
    "linked_twice",  # to those of the entries found so: two steps on
    "user_words",  # share of the user's last words that it holds
    "before",  # how well the two entries before it answer, the better
    "after",  # the two behind it
    "group",  # what it can't be parted from
    "turn",  # the same turn
    "first",  # words of the query that appear here for the first time
    "first_linked",  # linked words that appear here for the first time
    "last",  # words of the query that appear here for the last time
    "newest",  # of those that answer as well: 1 for the newest, 1/2 for the one before ...
    "superseded",  # a later correction answers the query too, or leans on what does
    "correction",
    "correction_on",  # a correction that answers, or comes right behind what answers
    "instruction",
    "instruction_on",
    "numbers",
    "answer_like",  # it holds what such a question asks for: seconds, a level, words in capitals, a file
    "names_held",
    "recalled",
    "about_context",
    "age",  # 0 for the newest entry, 1 for the first
    "fresh",  # 1 for the newest, falling to a third over twenty entries
    "length",  # tokens, log
    *KINDS,
)


@dataclass(frozen=True, kw_only=True)
class Indexes:
    """Of some entries, to be asked many questions."""

    whole: Index
    lines: Lines

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Indexes:
        return cls(whole=index_of(entries), lines=Lines.of(entries))


def features(entries: Sequence[Entry], query: str, *, indexes: Indexes | None = None) -> np.ndarray:
    """(N, F) float32, in the order of FEATURES; `entries` are in order of time.

    `indexes`: of these entries, for who asks about them more than once.
    """
    n = len(entries)
    if not n:
        return np.zeros((0, len(FEATURES)), np.float32)
    indexes = indexes or Indexes.of(entries)
    index, lines = indexes.whole, indexes.lines
    texts = [entry.text for entry in entries]
    own = np.array([not about_context(entry) for entry in entries], float)
    words = index.query(query)
    cover = index.cover(words) * own
    direct = index.scores(words) * own
    link = index.linked(direct, words)
    once = index.scores(link) * own
    further = index.linked(once, words | link)
    line_words, line_link = lines.asked(query)
    line, line_linked = lines.best(line_words) * own, lines.best(line_link) * own
    meant = lines.best_of(lines.meant(query)) * own
    named, named_meant = np.zeros(n), np.zeros(n)
    for asked, likely in lines.named(query).items():
        named = np.maximum(named, likely * lines.best(lines.index.query(asked)) * own)
        named_meant = np.maximum(named_meant, likely * lines.best_of(lines.meant(asked)) * own)
    near = np.maximum(line, 0.7 * np.sqrt(line_linked * np.maximum(line, 0.25)))  # how well it answers, all in all
    last_words = next((entry.text for entry in reversed(entries) if entry.kind == "user"), "")
    correction = np.array([corrects(text) for text in texts], float)
    instruction = np.array([instructs(text) for text in texts], float)
    before, after = _neighbour(near, -1), _neighbour(near, 1)
    wanted = names(query) | counted(query)
    rarest = max(words, key=lambda word: (index.idf(word), word), default="")
    rows = np.arange(n)
    columns = {
        "cover": cover,
        "bm25": _of_best(direct),
        "line": line,
        "line_linked": line_linked,
        "line_both": np.sqrt(line * line_linked),
        "meant": meant,
        "meant_best": _of_best(meant),
        "named": named,
        "named_meant": named_meant,
        "answers": _of_best(lines.best_of(lines.scores(query))) * own,
        "rarest": index.cover({rarest: 1.0}) * own,
        "names": np.array([len(names(text) & wanted) for text in texts]) / max(len(wanted), 1) * own,
        "linked": _of_best(once),
        "linked_twice": _of_best(index.scores(further) * own),
        "user_words": index.cover(index.query(last_words)) * own,
        "before": before,
        "after": after,
        "group": _shared(near, [entry.group or entry.id for entry in entries]),
        "turn": _shared(near, [entry.turn for entry in entries]),
        "first": _standing(index, words, own, first=True),
        "first_linked": _standing(index, link, own, first=True),
        "last": _standing(index, words, own, first=False),
        "newest": _newest(near),
        "superseded": _superseded(near, correction),
        "correction": correction,
        "correction_on": correction * np.maximum(near, before),
        "instruction": instruction,
        "instruction_on": instruction * near,
        "numbers": np.array([has_number(text) for text in texts]),
        "answer_like": _answer_like(query, texts),
        "names_held": np.array([min(len(names(text)), 4) / 4 for text in texts]),
        "recalled": np.array([min(entry.recalls, 3) / 3 for entry in entries]),
        "about_context": 1 - own,
        "age": (n - 1 - rows) / max(n - 1, 1),
        "fresh": np.exp(-(n - 1 - rows) / 20),
        "length": np.log1p([entry.costs[0] for entry in entries]) / 6,
        **{kind: np.array([entry.kind == kind for entry in entries]) for kind in KINDS},
    }
    return np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)  # (N, F)


def _of_best(scores: np.ndarray) -> np.ndarray:
    return scores / max(float(scores.max(initial=0.0)), 1e-9)


def _standing(index: Index, words: Weights, own: np.ndarray, *, first: bool) -> np.ndarray:
    """Share of the words that stand here for the first time, or the last (N,)."""
    found, total = np.zeros(len(own)), 1e-9
    for word, weight in words.items():
        rows = index.rows(word)
        rows = rows[own[rows] > 0]
        if len(rows):
            found[rows[0 if first else -1]] += weight * index.idf(word)
            total += weight * index.idf(word)
    return found / total


def _answer_like(query: str, texts: Sequence[str]) -> np.ndarray:
    """1 where an entry holds what such a question asks for (N,)."""
    asked = asked_for(query)
    return np.array([not asked.isdisjoint(looks_like(text)) for text in texts], float)


def _neighbour(near: np.ndarray, side: int) -> np.ndarray:
    """The better of the two entries on one side (-1 before, 1 behind); the second counts a half."""
    padded = np.pad(near, 2)
    n = len(near)
    return np.maximum(padded[2 + side : 2 + side + n], 0.5 * padded[2 + 2 * side : 2 + 2 * side + n])


def _shared(near: np.ndarray, keys: Sequence[object]) -> np.ndarray:
    """The best among the others of the same key (N,)."""
    found = np.zeros(len(near))
    rows: dict[object, list[int]] = {}
    for row, key in enumerate(keys):
        rows.setdefault(key, []).append(row)
    for members in rows.values():
        for row in members:
            found[row] = max((float(near[other]) for other in members if other != row), default=0.0)
    return found


def _newest(near: np.ndarray) -> np.ndarray:
    """1 over the number of entries from this one on that answer at least four fifths as well; 0 for no answer."""
    found = np.zeros(len(near))
    for row in np.flatnonzero(near > 0.05):
        found[row] = 1 / np.count_nonzero(near[row:] >= 0.8 * near[row])
    return found


def _superseded(near: np.ndarray, correction: np.ndarray) -> np.ndarray:
    """How well the best later correction answers, or follows on what answers, times how well this one does (N,)."""
    answers = correction * np.maximum(near, _neighbour(near, -1))
    later = np.zeros(len(near))
    later[:-1] = np.maximum.accumulate(answers[::-1])[::-1][1:]
    return later * near
