"""What a scorer sees of a line, given what the context is needed for: nothing of one film, only how words meet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from rushes.agent.context.answers import asked_for, looks_like
from rushes.agent.context.lines import Lines
from rushes.agent.context.terms import corrects, counted, has_number, instructs, names

KINDS = ("assistant", "tool", "board", "note")
FEATURES = (
    "answers",  # how well it answers, all in all, of the log's best
    "answers_near_best",  # 1 for the line that answers best, a half for the twenty-first
    "words",  # BM25 to the query, of the log's best
    "cover",  # share of the query's words that it holds, rare ones counting more
    "rarest",  # it holds the rarest word of the query
    "names",  # share of the query's names and board ids that it holds
    "linked",  # to words that the lines that answer best link to, of the log's best
    "both",  # words of the query and linked ones
    "meant",  # how near it comes to the query in meaning, where a model of meaning is there
    "meant_of_best",  # the same, of the log's best
    "meant_near_best",
    "named",  # share of the words, with a name in the place of what somebody is called by
    "named_meant",  # how near that comes in meaning
    "looks",  # it holds what such a question asks for: seconds, a level, words in capitals, a file
    "unlike",  # the question asks for what can be seen of an answer, and it holds none
    "first",  # words of the query that stand here for the first time
    "last",  # and for the last
    "newest",  # of those that answer as well: 1 for the newest, 1/2 for the one before ...
    "before",  # how well the two entries before it answer, the better
    "beside",  # how well the others of its entry answer
    "correction",
    "correction_on",  # a correction that answers, or comes right behind what answers
    "superseded",  # a later correction answers the query too, or follows on what does
    "instruction",
    "instruction_on",
    "numbers",
    "names_held",
    "repeated",  # how often the log says the same, log
    "rows",  # how often it says the same but for numbers and names, log
    "age",  # 0 for the newest entry, 1 for the first
    "fresh",  # 1 for the newest, falling to a third over twenty entries
    "length",  # characters, log
    *KINDS,
)
HALF = 20.0  # place at which what is near the best counts a half
VARIED = re.compile(r"\d+|\b[A-Z]\w+|\"[^\"]*\"")


def features(lines: Lines, query: str) -> np.ndarray:
    """(N,) lines -> (N, F) float32, in the order of FEATURES."""
    n = len(lines.lines)
    if not n:
        return np.zeros((0, len(FEATURES)), np.float32)
    index, texts, owner = lines.index, lines.lines, lines.owner
    words, link = lines.asked(query)
    score, direct, linked = lines.scores(query), index.scores(words), index.scores(link)
    answers = _of_best(score)
    cover, meant = index.cover(words), lines.meant(query)
    named, named_meant = np.zeros(n), np.zeros(n)
    for asked, likely in lines.named(query).items():
        named = np.maximum(named, likely * index.cover(index.query(asked)))
        named_meant = np.maximum(named_meant, likely * lines.meant(asked))
    wanted = names(query) | counted(query)
    rarest = max(words, key=lambda word: (index.idf(word), word), default="")
    asked_looks = asked_for(query)
    looks = np.array([not asked_looks.isdisjoint(looks_like(text)) for text in texts], float)
    entry_best = lines.best_of(answers)
    before = np.maximum(_shifted(entry_best, 1), 0.5 * _shifted(entry_best, 2))[owner]
    correction = np.array([corrects(text) for text in texts], float)
    instruction = np.array([instructs(text) for text in texts], float)
    follows = correction * np.maximum(answers, before)
    later = lines.best_of(follows)
    later[:-1] = np.maximum.accumulate(later[::-1])[::-1][1:]
    later[-1] = 0
    columns = {
        "answers": answers,
        "answers_near_best": _near_best(score),
        "words": _of_best(direct),
        "cover": cover,
        "rarest": index.cover({rarest: 1.0}),
        "names": np.array([len(names(text) & wanted) for text in texts]) / max(len(wanted), 1),
        "linked": _of_best(linked),
        "both": np.sqrt(_of_best(direct) * _of_best(linked)),
        "meant": meant,
        "meant_of_best": _of_best(meant),
        "meant_near_best": _near_best(meant),
        "named": named,
        "named_meant": named_meant,
        "looks": looks,
        "unlike": (1 - looks) * bool(asked_looks),
        "first": _standing(lines, words, 0),
        "last": _standing(lines, words, -1),
        "newest": _newest(answers),
        "before": before,
        "beside": _beside(answers, lines),
        "correction": correction,
        "correction_on": follows,
        "superseded": later[owner] * answers,
        "instruction": instruction,
        "instruction_on": instruction * answers,
        "numbers": np.array([has_number(text) for text in texts]),
        "names_held": np.array([min(len(names(text)), 4) / 4 for text in texts]),
        "repeated": _times(texts),
        "rows": _times([VARIED.sub("#", text) for text in texts]),
        "age": (lines.entries - 1 - owner) / max(lines.entries - 1, 1),
        "fresh": np.exp(-(lines.entries - 1 - owner) / 20),
        "length": np.log1p([len(text) for text in texts]) / 6,
        **{kind: np.array([lines.kinds[place] == kind for place in owner]) for kind in KINDS},
    }
    return np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)  # (N, F)


def _of_best(scores: np.ndarray) -> np.ndarray:
    return scores / max(float(scores.max(initial=0.0)), 1e-9)


def _near_best(scores: np.ndarray) -> np.ndarray:
    """By how many lines are better, not by how much; lines without a score have none."""
    order = np.argsort(-scores, kind="stable")
    place = np.empty(len(scores))
    place[order] = np.arange(len(scores))
    return np.where(scores > 0, HALF / (HALF + place), 0.0)


def _standing(lines: Lines, words: dict[str, float], which: int) -> np.ndarray:
    """Share of the words whose first (0) or last (-1) line this is (N,)."""
    found, total = np.zeros(len(lines.lines)), 1e-9
    for word, weight in words.items():
        rows = lines.index.rows(word)
        if len(rows):
            found[rows[which]] += weight * lines.index.idf(word)
            total += weight * lines.index.idf(word)
    return found / total


def _newest(answers: np.ndarray) -> np.ndarray:
    """1 over the number of lines from this one on that answer at least four fifths as well; 0 for no answer."""
    found = np.zeros(len(answers))
    for row in np.flatnonzero(answers > 0.25):
        found[row] = 1 / np.count_nonzero(answers[row:] >= 0.8 * answers[row])
    return found


def _shifted(values: np.ndarray, by: int) -> np.ndarray:
    return np.concatenate([np.zeros(by), values])[: len(values)]


def _beside(answers: np.ndarray, lines: Lines) -> np.ndarray:
    """The best of the other lines of the same entry (N,)."""
    best, second = np.zeros(lines.entries), np.zeros(lines.entries)
    for row, place in enumerate(lines.owner):
        if answers[row] > best[place]:
            best[place], second[place] = answers[row], best[place]
        elif answers[row] > second[place]:
            second[place] = answers[row]
    own_best = answers >= best[lines.owner]
    return np.where(own_best, second[lines.owner], best[lines.owner])


def _times(texts: Sequence[str]) -> np.ndarray:
    counts = Counter(texts)
    return np.log1p([counts[text] - 1 for text in texts]) / 6
