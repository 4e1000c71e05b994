"""Coverage: which shots tell a beat, as an editor would ask for them: wide, then nearer, the object, the reaction."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rushes.agent.brief import Beat

WEIGHTS = {"wide": 1.25, "medium": 1.0, "close": 0.8, "detail": 0.75, "reaction": 0.75}  # of a shot's length


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One camera position on one beat."""

    size: str  # wide, medium, close, detail or reaction
    roles: tuple[int, ...]  # who is in it, the lead first; indices into the story's cast
    phase: str  # "act": the lead does what the beat says; "hold": stands; "react", "react again": shows a feeling
    reason: str  # for people


def cover(beat: Beat, count: int, *, before: str = "", at_once: int = 3) -> list[Setup]:
    """`count` setups for a beat. `before`: size of the shot before it; `at_once`: actors that one shot may hold."""
    roles = beat.roles
    if not roles:
        sizes = ("wide", "medium")
        return [Setup(size=sizes[i % 2], roles=(), phase="hold", reason="shows the place") for i in range(count)]
    lead, both = roles[:1], roles[:at_once]
    if len(roles) > 1:
        setups = _of_two(beat, lead, both, count)
    else:
        setups = _of_one(lead)
    more = _more(lead, both)
    while len(setups) < count:
        # Two cuts of the same size in a row look like a jump.
        more = more[1:] + more[:1] if more[0].size == setups[-1].size else more
        setups.append(more[0])
        more = more[1:] + more[:1]
    chosen = setups[:count] if beat.size == "" else _asked_first(setups, beat.size)[:count]
    if count == 1 and before == chosen[0].size and beat.size == "":
        chosen = [replace(chosen[0], size="medium" if before == "wide" else "wide")]
    return chosen


def _of_two(beat: Beat, lead: tuple[int, ...], both: tuple[int, ...], count: int) -> list[Setup]:
    other = beat.roles[1:2]
    master = Setup(size="wide", roles=both, phase="act", reason="shows who is where and what happens")
    nearer = Setup(size="medium", roles=lead, phase="act", reason="goes nearer")
    other_side = Setup(size="detail", roles=other, phase="hold", reason="shows what it is about")
    last = Setup(size="reaction", roles=lead, phase="react", reason="shows what it means to them")
    if beat.together or beat.relation == "follows":
        other_side = Setup(size="close", roles=other, phase="act", reason="shows the other one")
        last = Setup(size="medium", roles=lead, phase="act", reason="cuts back to the first")
        nearer = Setup(size="reaction", roles=lead, phase="act", reason="goes close")
    elif beat.relation == "carries":
        other_side = Setup(size="close", roles=both, phase="act", reason="shows what is carried")
        last = Setup(size="medium", roles=both, phase="hold", reason="lets it sink in")
    elif "hide" in beat.motions:
        last = Setup(size="medium", roles=both, phase="act", reason="shows it once more")
    return [master, *([nearer] if count > 3 else []), other_side, last]


def _of_one(lead: tuple[int, ...]) -> list[Setup]:
    return [
        Setup(size="wide", roles=lead, phase="act", reason="shows where we are and who it is"),
        Setup(size="close", roles=lead, phase="act", reason="goes close to see it happen"),
        Setup(size="medium", roles=lead, phase="act", reason="stays with the movement"),
    ]


def _more(lead: tuple[int, ...], both: tuple[int, ...]) -> list[Setup]:
    return [
        Setup(size="medium", roles=both, phase="hold", reason="lets it sink in"),
        Setup(size="close", roles=lead, phase="react again", reason="shows a face"),
        Setup(size="wide", roles=both, phase="act", reason="opens up again"),
        Setup(size="medium", roles=lead, phase="act", reason="another side of it"),
    ]


def _asked_first(setups: list[Setup], size: str) -> list[Setup]:
    """The size that the brief asks for comes first."""
    first = next((setup for setup in setups if setup.size == size), replace(setups[0], size=size))
    return [first, *(setup for setup in setups if setup is not first)]
