"""What tools answer in a film log: long, mostly beside the point, with what matters somewhere in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rushes.agent.models import ToolCall
from rushes.desk import film_phrasings as phrasings
from rushes.desk.film_draft import Draft, Due, Statement, draw_value, elsewhere

Said = str | Statement  # a line of a result, beside the point or a fact


def result_of(draft: Draft, call: ToolCall, due: Sequence[Due]) -> tuple[str, list[Statement], str]:
    """Text, the facts that it states, and the caption of its picture if it shows one."""
    head, beside = RESULTS[call.name](draft)
    lines: list[Said] = [*beside]
    for one in due:
        lines.insert(draft.random.randint(0, len(lines)), draft.state(one))
        if draft.random.random() < 0.35 and one.key[0] not in ("seconds", "loud", "first"):
            lines.insert(draft.random.randint(0, len(lines)), elsewhere(draft, one.key, "tool"))
    if call.name == "look":
        texts = [line if isinstance(line, str) else line.phrase for line in lines]
        return head, [line for line in lines if isinstance(line, Statement)], "; ".join(texts)
    text = "\n".join([head, *(line if isinstance(line, str) else line.phrase for line in lines)])
    return text, [line for line in lines if isinstance(line, Statement)], ""


def _read(draft: Draft) -> tuple[str, list[Said]]:
    """A page that somebody handed in: prose, and now and then an order that nobody of the film gave."""
    lines: list[Said] = [f"{draft.prose().capitalize()}." for _ in range(draft.random.randint(20, 56))]
    if draft.random.random() < 0.3 and draft.known:
        key = draft.random.choice(
            [key for key in draft.known if key[0] not in ("rule", "check", "first", "kind")] or [("number", "cap")]
        )
        value = draw_value(draft, key, but=draft.known[key].value if key in draft.known else "")
        who = draft.called(key, roundabout=False)[0]
        draft.claims.append((len(draft.entries), key, value))
        lines.insert(draft.random.randint(0, len(lines)), draft.pick(phrasings.INJECTED).format(who=who, value=value))
    return f"{len(lines)} lines of text", lines


def _cast(draft: Draft) -> tuple[str, list[Said]]:
    lines: list[Said] = []
    for name, kind in draft.cast.items():
        is_kind = Due(key=("kind", name), value=kind, source="tool")
        for view in ("front", "side", "back", "from above"):
            if draft.random.random() < 0.8:
                row = f"{name} · {kind} · view {view} · likeness {draft.random.uniform(0.6, 0.99):.2f}"
                lines.append(draft.say(is_kind, row))
    again = [key for key in draft.known if key[0] in ("colour", "wears")]
    lines += [_again(draft, key) for key in draft.random.sample(again, min(len(again), 1))]
    return f"reference sheets of {len(draft.cast)} characters", lines


def _look(draft: Draft) -> tuple[str, list[Said]]:
    """A picture: what it shows is in its caption, how somebody looked this time included."""
    lines: list[Said] = [draft.prose() for _ in range(draft.random.randint(4, 9))]
    met = [name for name in draft.cast if ("first", name) in draft.known]
    for name in draft.random.sample(met, min(len(met), draft.random.randint(0, 2))):
        state = draw_value(draft, ("first", name), but=draft.known["first", name].value)
        draft.claims.append((len(draft.entries), ("first", name), state))
        lines.append(draft.pick(phrasings.SAID["seen tool"]).format(who=name, value=state))
    return f"frame at {draft.random.uniform(0, 48):.2f} s", lines


def _plan(draft: Draft) -> tuple[str, list[Said]]:
    lines: list[Said] = [
        f"{shot} {draft.random.choice(('wide', 'close', 'medium'))}, {draft.prose()}" for shot in draft.shots
    ]
    return f"plan of {len(draft.shots)} shots", lines


def _shoot(draft: Draft) -> tuple[str, list[Said]]:
    lines: list[Said] = []
    for _ in range(draft.random.randint(6, 14)):
        key = ("take", draft.random.choice(draft.shots))
        value = draw_value(draft, key, but=draft.known[key].value if key in draft.known else "")
        draft.claims.append((len(draft.entries), key, value))
        score = f"{draft.random.uniform(0.2, 0.69):.2f}"
        lines.append(draft.pick(phrasings.SAID["rejected tool"]).format(who=key[1], value=value, score=score))
    lines += [f"seed {draft.random.getrandbits(30)} · {draft.random.uniform(2, 40):.1f} s of work" for _ in range(6)]
    return f"{len(lines)} takes judged", lines


def _timeline(draft: Draft) -> tuple[str, list[Said]]:
    """The lengths of a few shots as they are now, among pieces without a shot of their own."""
    known = [key for key in draft.known if key[0] == "seconds"]
    lines: list[Said] = [_again(draft, key) for key in draft.random.sample(known, min(len(known), 3))]
    lines += [
        f"clip-{number} {draft.random.uniform(0, 48):.3f}-{draft.random.uniform(0, 48):.3f} speed 1.0 gain 0.0 dB"
        for number in range(1, draft.random.randint(14, 34))
    ]
    draft.random.shuffle(lines)
    return f"{len(lines)} pieces", lines


def _measure(draft: Draft) -> tuple[str, list[Said]]:
    lines: list[Said] = [
        f"{shot} black {draft.random.uniform(0, 0.2):.2f} frozen {draft.random.uniform(0, 0.3):.2f} "
        f"mean {draft.random.uniform(0.2, 0.7):.3f} motion {draft.random.uniform(0, 9):.2f}"
        for shot in (*draft.shots, *(f"clip-{number}" for number in range(1, 9)))
    ]
    return f"measured {len(draft.shots)} shots", lines


def _inspect(draft: Draft) -> tuple[str, list[Said]]:
    lines: list[Said] = [
        f"{draft.random.choice(('black', 'frozen', 'silent', 'clipped'))} {draft.random.uniform(0, 40):.3f} "
        f"clip-{draft.random.randint(1, 20)}"
        for _ in range(draft.random.randint(8, 24))
    ]
    known = [key for key in draft.known if key[0] == "title"]
    lines += [_again(draft, key) for key in draft.random.sample(known, min(len(known), 1))]
    return f"{len(lines)} findings", lines


def _board(draft: Draft) -> tuple[str, list[Said]]:
    """The board at a glance: nodes by the dozen, what is chosen for some shots."""
    lines: list[Said] = [
        f"take-{draft.random.randint(1, 59)} of {draft.random.choice(draft.shots)} · "
        f"{draft.random.choice(('done', 'done', 'failed', 'waiting'))} · blob {draft.random.getrandbits(32):08x}"
        for _ in range(draft.random.randint(24, 60))
    ]
    known = [key for key in draft.known if key[0] in ("take", "place")]
    lines += [_again(draft, key) for key in draft.random.sample(known, min(len(known), 2))]
    draft.random.shuffle(lines)
    return f"board: {len(lines)} nodes shown, {draft.random.randint(20, 90)} more", lines


def _again(draft: Draft, key: tuple[str, str]) -> Statement:
    """A fact as it stands now, said once more."""
    return draft.state(Due(key=key, value=draft.known[key].value, source="tool"))


RESULTS: dict[str, Callable[[Draft], tuple[str, list[Said]]]] = {
    **{"read": _read, "cast": _cast, "look": _look, "plan": _plan, "shoot": _shoot, "timeline": _timeline},
    **{"measure": _measure, "inspect": _inspect, "board": _board},
}
