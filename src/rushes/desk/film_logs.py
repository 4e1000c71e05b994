"""Film logs as an agent would have them, made by a seed.

A film is made in some hundred steps: a user says what he wants and changes his mind, tools answer at length, a person
moves things on the board. Whatever is said about the film goes through one door, `Draft.state`, which keeps who said
what in which entry. Questions (`film_questions.py`) are drawn afterwards from everything that was said, so nothing in
an entry tells that it will be asked for. Training and test logs can't share a seed: the name of the half of the words
that a log is written in is part of the seed of its random numbers.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.agent.context.entry import Entry, Picture
from rushes.agent.models import ToolCall
from rushes.desk import film_phrasings as phrasings
from rushes.desk import film_words as words
from rushes.desk.film_draft import Draft, Due, Key, Statement, draw_value, elsewhere
from rushes.desk.film_results import result_of
from rushes.desk.film_words import Split, words_of

# Which tool prints a fact, who may say it first, and who may change it later.
TOOL_OF = {
    **{"colour": "cast", "wears": "cast", "carries": "cast", "first": "look", "place": "plan", "seconds": "timeline"},
    **{"take": "shoot", "loud": "measure", "title": "inspect", "file": "read", "decision": "read", "number": "read"},
}
SOURCES = {
    **{"colour": "user tool tool", "wears": "user tool tool", "carries": "user tool", "first": "tool"},
    **{"place": "user assistant tool", "seconds": "user tool", "take": "tool", "loud": "tool"},
    **{"title": "user assistant tool", "file": "user assistant tool", "decision": "user assistant tool"},
    "number": "user tool tool",
}
CHANGERS = {
    **{"colour": "user board tool", "wears": "user board tool", "place": "user board", "seconds": "user board"},
    **{"take": "tool board", "loud": "tool", "title": "user board", "file": "user board tool"},
    **{"decision": "user tool", "number": "user tool"},
}
IDLE_TOOLS = ("board", "timeline", "measure", "look", "inspect", "read", "shoot")


@dataclass(frozen=True, kw_only=True)
class FilmLog:
    seed: int
    split: Split
    entries: tuple[Entry, ...]
    statements: tuple[Statement, ...]  # in order of the log
    claims: tuple[tuple[int, Key, str], ...]  # false values by entry: other films, refused takes, planted orders
    cast: dict[str, str]  # kinds by name
    plain: frozenset[str]  # who may be called by what they carry, as it never changes


def make_log(seed: int, *, split: Split, entries: int = 300) -> FilmLog:
    """The log of one film. `seed` counts from 0 within each split."""
    draws = random.Random(f"film log {split} {seed}")
    names = draws.sample(words_of(words.NAMES, split), 6)
    cast = {name: draws.choice(words_of(words.KINDS, split)) for name in names}
    shots = tuple(f"shot-{number}" for number in range(1, 13))
    draft = Draft(random=draws, split=split, cast=cast, shots=shots, plain=frozenset(names[:3]))
    due = _schedule(draft, steps=entries // 3)
    for step in itertools.count(1):
        _play_step(draft, due.get(step, []))
        if len(draft.entries) >= entries:
            break
    return FilmLog(
        seed=seed,
        split=split,
        entries=tuple(draft.entries[:entries]),
        statements=tuple(said for said in draft.statements if said.entry < entries),
        claims=tuple(claim for claim in draft.claims if claim[0] < entries),
        cast=cast,
        plain=draft.plain,
    )


def _schedule(draft: Draft, steps: int) -> dict[int, list[Due]]:
    """What is said in which step: every fact once, three in ten of them changed at any later time, six swaps."""
    draws = draft.random
    keys: list[Key] = [(family, name) for name in draft.cast for family in ("colour", "wears", "first")]
    keys += [(family, shot) for shot in draft.shots for family in ("place", "seconds", "take", "loud")]
    keys += [(family, slot) for family in words.SLOTS for slot in words.SLOTS[family]]
    due: dict[int, list[Due]] = {}

    def plan(step: int, one: Due) -> None:
        due.setdefault(step, []).append(one)

    carried = draws.sample(words_of(words.CARRIED, draft.split), len(draft.cast))
    for name, value in zip(draft.cast, carried, strict=True):
        plan(draws.randint(1, steps // 8), Due(key=("carries", name), value=value, source=_one_of(draws, "carries")))
    for key in keys:
        first = draws.randint(2, steps // 3 if key[0] == "first" else steps * 4 // 5)
        value = draw_value(draft, key)
        plan(first, Due(key=key, value=value, source=_one_of(draws, key[0])))
        if key[0] in CHANGERS and draws.random() < 0.3:
            changer = draws.choice(CHANGERS[key[0]].split())
            other = draw_value(draft, key, but=value)
            plan(draws.randint(first + 1, steps), Due(key=key, value=other, source=changer, changes=True))
    for rule in draws.sample(sorted(phrasings.RULES), 4):
        said = draft.pick(phrasings.RULES[rule][0])
        plan(draws.randint(1, steps // 6), Due(key=("rule", rule), value=said, source=draws.choice(("user", "board"))))
    for _ in range(6):
        plan(
            draws.randint(steps // 4, steps),
            Due(key=("swap", draws.choice(("colour", "wears"))), value="", source="user"),
        )
    return due


def _one_of(draws: random.Random, family: str) -> str:
    return draws.choice(SOURCES[family].split())


def _play_step(draft: Draft, due: Sequence[Due]) -> None:
    """Perhaps the user's words or changes on the board, then an answer with its calls, and their results."""
    draws = draft.random
    swaps = [one for one in due if one.key[0] == "swap"]
    by = {source: [one for one in due if one.source == source and one not in swaps] for source in ("user", "board")}
    if by["user"] or draws.random() < 0.2:
        _user_speaks(draft, by["user"])
    for one in by["board"]:
        _person_acts(draft, one)
    for swap in swaps:
        _swap(draft, swap.key[1])
    tools = {TOOL_OF[one.key[0]]: None for one in due if one.source == "tool"}
    if len(tools) < 2 and draws.random() < 0.6:
        tools |= {draws.choice(IDLE_TOOLS): None}
    said = [draft.state(one) for one in due if one.source == "assistant"]
    reply = draft.pick(phrasings.REPLIES).format(who=draws.choice(draft.shots))
    text = " ".join([reply[0].upper() + reply[1:], *(one.phrase for one in said)])
    asked = tuple(_call(draft, tool, place) for place, tool in enumerate(tools))
    group = f"e{len(draft.entries) + 1}" if asked else ""
    draft.enter(said, kind="assistant", text=text, asked=asked, group=group)
    for call in asked:
        lines = [one for one in due if one.source == "tool" and TOOL_OF[one.key[0]] == call.name]
        text, stated, caption = result_of(draft, call, lines)
        pictures = (Picture(blob=f"{draws.getrandbits(64):016x}", caption=caption),) if caption else ()
        draft.enter(stated, kind="tool", text=text, tool=call.name, call=call.id, group=group, pictures=pictures)


def _call(draft: Draft, tool: str, place: int) -> ToolCall:
    shot = draft.random.choice(draft.shots)
    arguments: dict[str, dict[str, object]] = {"look": {"id": shot}, "shoot": {"shot": shot}, "plan": {"shots": 12}}
    arguments["read"] = {"material": f"note-{draft.random.randint(1, 40)}.txt"}
    arguments["cast"] = {"name": draft.random.choice(list(draft.cast))}
    return ToolCall(id=f"call-{len(draft.entries) + 1}-{place + 1}", name=tool, arguments=arguments.get(tool, {}))


def _user_speaks(draft: Draft, due: Sequence[Due]) -> None:
    said = []
    parts = [] if due and draft.random.random() < 0.5 else [draft.pick(phrasings.WISHES)]
    if any(one.changes for one in due) and draft.random.random() < 0.5:
        parts.append(draft.pick(phrasings.CORRECTED))
    for one in due:
        if one.key[0] == "rule":
            rule = draft.say(one, draft.pick(phrasings.RULE_HEADS).format(rule=one.value))
            said.append(rule)
        else:
            said.append(draft.state(one))
        parts.append(said[-1].phrase)
        if draft.random.random() < 0.2:
            parts.append(elsewhere(draft, one.key, "user"))
    draft.enter(said, kind="user", text=" ".join(parts))


def _person_acts(draft: Draft, one: Due) -> None:
    rule = one.key[0] == "rule"
    said = draft.say(one, draft.pick(phrasings.RULE_HEADS).format(rule=one.value)) if rule else draft.state(one)
    draft.enter([said], kind="board", text=f"note added: {said.phrase}" if rule else said.phrase)


def _swap(draft: Draft, family: str) -> None:
    """The agent repeats who has what; the user says it is the other way round, without repeating it."""
    known = [name for name in draft.cast if (family, name) in draft.known]
    draft.random.shuffle(known)
    pairs = [(a, b) for a in known for b in known if draft.known[family, a].value != draft.known[family, b].value]
    if not pairs:
        return
    a, b = pairs[0]
    old = {name: draft.known[family, name].value for name in (a, b)}
    check = draft.pick(phrasings.CHECKED[family]).format(a=a, b=b, old_a=old[a], old_b=old[b])
    # Said again as it stands: no new version of the facts, but a new one of the check that the user's words lean on.
    again = [Due(key=(family, name), value=old[name], source="assistant") for name in (a, b)]
    stated = [draft.say(one, check) for one in again]
    checked = draft.say(Due(key=("check", ""), value=check, source="assistant"), check)
    draft.enter([*stated, checked], kind="assistant", text=check)
    carried = draft.known.get(("carries", b))
    thing = carried.value if carried and b in draft.plain else None
    forms = [form for form in words_of(phrasings.SWAPPED, draft.split) if thing or "{thing}" not in form]
    form = draft.random.choice(forms)
    phrase = form.format(a=a, b=b, thing=thing)
    leans_on = (checked.fact, *((carried.fact,) if carried and "{thing}" in form else ()))
    given = [Due(key=(family, a), value=old[b], source="user"), Due(key=(family, b), value=old[a], source="user")]
    said = [draft.say(one, phrase, leans_on) for one in given]
    draft.enter(said, kind="user", text=phrase)
