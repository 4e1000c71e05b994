"""The summary policy: when the context is too full, its oldest part gives way to a note of what was in it.

A summary that failed, collapsed or forgot names is never put in force, and one that freed too little is not tried
again until much has been added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.excerpts import alike
from rushes.agent.context.packing import groups_of
from rushes.agent.context.rules import Masking
from rushes.agent.context.search import index_of
from rushes.agent.context.terms import corrects, has_number, instructs, names
from rushes.agent.models import LanguageModel, Message, ModelError

Summarise = Callable[[Sequence[Entry], int], str]  # entries, tokens wanted -> text; ModelError: it failed

SHORTENS = 8  # times that a summary is shorter than what it stands for
COLLAPSED = 0.02  # of what it stands for; a summary below this has lost it
NAMES_KEPT = 0.5  # of the names that were said at least twice
FREES = 0.1  # of the budget, that a summary must free to be worth its bill
GROWN = 1.25  # times that what could be summarised must have grown before it is tried again
PROMPT = (
    "Summarise this part of a film's working log in at most {tokens} tokens. Keep names and ids, numbers with their "
    "units, decisions, corrections and standing instructions, word for word where they are short. Say nothing else.\n\n"
)


class Summary:
    """`summarise`: a language model (`by_model`) or `extract`, which copies the sentences that say most."""

    name = "summary"

    def __init__(self, summarise: Summarise | None = None) -> None:
        self.summarise = summarise or extract
        self.refused = ""  # why the last summary was not put in force
        self._tried = 0  # tokens that the last refused summary was to stand for

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        """Where no summary could help: old results masked, the oldest out."""
        return Masking().select(slots, budget, query=query)

    def edits(self, slots: Sequence[Entry], budget: int) -> list[Edit]:
        """A note and what it stands for, dropped; nothing where there is no good one."""
        old = _oldest(slots, sum(slot.costs[0] for slot in slots) - budget)
        weight = sum(entry.costs[0] for entry in old)
        if not old or weight < GROWN * self._tried:
            return []
        try:
            text = self.summarise(old, max(weight // SHORTENS, 40))
        except ModelError as error:
            text, self.refused = "", f"it failed: {error}"
        else:
            self.refused = _fault(old, text, weight, budget)
        self._tried = weight if self.refused else 0
        if self.refused:
            return []
        note = f"Summary of {old[0].id} to {old[-1].id}: {text.strip()}"
        return [Edit(kind="note", text=note), Edit(kind="drop", ids=tuple(entry.id for entry in old))]


def by_model(model: LanguageModel) -> Summarise:
    def summarise(entries: Sequence[Entry], tokens: int) -> str:
        log = "\n".join(f"[{entry.id} {entry.kind}] {entry.text}" for entry in entries)
        asked = [Message(role="user", content=PROMPT.format(tokens=tokens) + log)]
        return model.reply(asked, max_tokens=2 * tokens).text

    return summarise


def extract(entries: Sequence[Entry], tokens: int) -> str:
    """The lines that say most for their length, in order: one for every name that was said more than once, then rare
    words, names, numbers, corrections and instructions; of lines that are nearly alike only one."""
    index = index_of(entries)
    scored = []
    for place, entry in enumerate(entries):
        for line in filter(None, map(str.strip, entry.text.splitlines())):
            worth = sum(index.idf(word) for word in index.query(line))
            worth *= 1 + 0.5 * bool(names(line)) + 0.5 * has_number(line) + corrects(line) + 2 * instructs(line)
            scored.append((worth / (8 + count_tokens(line)), place, f"{entry.id} {line}"))
    scored.sort(key=lambda one: (-one[0], one[1], one[2]))
    kept: list[tuple[int, str]] = []
    known: set[str] = set()
    wanted = _said_twice(entries)
    for only_new_names in (True, False):
        for _, place, line in scored:
            said = names(line) & wanted
            new = bool(said - known) if only_new_names else not any(alike(line, other) for _, other in kept)
            if new and count_tokens(line) + 1 <= tokens:
                kept.append((place, line))
                known |= said
                tokens -= count_tokens(line) + 1
    return "\n".join(line for _, line in sorted(kept))


def _said_twice(entries: Sequence[Entry]) -> set[str]:
    said = Counter(name for entry in entries for name in names(entry.text))
    return {name for name, count in said.items() if count > 1}


def _oldest(slots: Sequence[Entry], free: int) -> list[Entry]:
    """The oldest groups that may go, until leaving them out and noting them frees this many tokens."""
    old: list[Entry] = []
    for group in groups_of(slots).values():
        if sum(entry.costs[0] for entry in old) * (1 - 1 / SHORTENS) >= free:
            break
        if not any(slot.stays for slot in group):
            old += group
    return old


def _fault(old: Sequence[Entry], text: str, weight: int, budget: int) -> str:
    tokens = count_tokens(text)
    if tokens < COLLAPSED * weight:
        return f"it collapsed: {tokens} tokens for {weight}"
    if weight - tokens < FREES * budget:
        return f"it frees too little: {weight - tokens} of {budget} tokens"
    known = _said_twice(old)
    kept = {name for name in known if name in text.lower()}
    if len(kept) < NAMES_KEPT * len(known):
        return f"it forgot {', '.join(sorted(known - kept)[:5])}"
    return ""
