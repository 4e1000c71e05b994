"""From a wish to the code that carries it out, corrections and standing wishes included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rushes.agent.builtin import (
    do_again,
    do_audit,
    do_card,
    do_edit,
    do_film,
    do_grade,
    do_labels,
    do_lookup,
    do_push,
    do_repeat,
    do_sound,
    do_tell,
    do_text,
)
from rushes.agent.builtin.grounding import grounded
from rushes.agent.builtin.hands import Trouble, Turn
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.wishes import SMALL_TALK, Act, Condition, Wish, amended
from rushes.media.looks import fields_of

DOING: dict[Act, Callable[[Job], None]] = {
    "make": do_film.make,
    "text": do_text.put,
    "retext": do_text.change,
    "subtitles": do_text.subtitles,
    "remove": do_edit.remove,
    "remove_span": do_edit.remove_span,
    "keep": do_edit.keep,
    "trim": do_edit.trim,
    "split": do_edit.split,
    "move": do_edit.move,
    "swap": do_edit.swap,
    "reorder": do_edit.reorder,
    "replace": do_edit.replace_clip,
    "restage": do_edit.restage,
    "insert": do_edit.insert,
    "generate": do_edit.generate,
    "speed": do_edit.speed,
    "fade": do_edit.fade,
    "frame": do_edit.frame,
    "push": do_push.push,
    "fit": do_edit.fit,
    "volume": do_sound.volume,
    "music": do_sound.music,
    "beat": do_sound.beat,
    "loudness": do_sound.loudness,
    "narrate": do_sound.narrate,
    "audit": do_audit.audit,
    "undo": do_film.undo,
    "recolor": do_film.recolor,
    "grade": do_grade.grade,
    "lookup": do_lookup.look_up,
    "beats": do_sound.beats,
    "forget": do_again.forget,
    "export": do_film.export,
    "render": do_film.render,
    "estimate": do_film.estimate,
    "measure": do_film.measure,
    "tell": do_tell.tell,
    "ask": do_tell.ask,
    "look": do_film.look,
    "card": do_card.card,
    "repeat": do_repeat.repeat,
    "label": do_labels.label,
}
RELATIVE = frozenset(
    (
        "remove",
        "remove_span",
        "keep",
        "split",
        "move",
        "swap",
        "reorder",
        "replace",
        "insert",
        "generate",
        "trim",
        "volume",
        "speed",
        "push",
        "restage",
        "grade",
        "card",
        "repeat",
    )
)
IDLE = frozenset(("thanks", "talk", "topic", "unknown", "measure", "look", "estimate", "rule", "tell", "ask"))


def carry_out(job: Job) -> None:
    """Does what is wished. Raises Pending, and Trouble where it can't be done."""
    wish = job.wish
    if wish.act == "rule":
        if wish.allowed:
            do_film.go_on(job)
        elif wish.name == "said":
            raise Trouble(f"I have no way to keep {wish.words!r} by myself; say it again where it matters")
        return
    if wish.act in SMALL_TALK:
        return
    if wish.condition is not None and not _holds(job, wish.condition):
        return
    if wish.act == "unknown":
        hint = f". Did you mean: {wish.topic}?" if wish.topic else ""
        raise Trouble(f"I did not understand {wish.words!r}; nothing was done about it{hint}")
    if wish.act == "instead":
        raise Trouble(f"I don't know what {wish.words!r} should take the place of")
    try:
        if wish.among:
            job.wish = grounded(job)
        if job.wish.act == "talk":
            return
        DOING[wish.act](job)
    except Trouble as trouble:
        if wish.otherwise is None or job.hands.changed:
            raise
        job.hands.errors.clear()
        job.wish = wish.otherwise
        try:
            carry_out(job)
        except Trouble:
            raise trouble from None  # neither can be: what it surely meant is told


def _holds(job: Job, condition: Condition) -> bool:
    """Whether it does; where not, the user is told why nothing was done."""
    film = job.see()
    seconds = film.seconds if condition.piece is None else job.clip(condition.piece).seconds
    limit = condition.length.at(film.fps)
    holds = seconds > limit + 1e-6 if condition.over else seconds < limit - 1e-6
    if not holds:
        job.tell(f"it lasts {seconds:g} s, so {job.wish.words!r} was not needed")
    return holds


def settled(wishes: tuple[Wish, ...], before: list[tuple[Wish, ...]]) -> list[Wish]:
    """The wishes of a message with its corrections worked in: in the message itself, or against the last one wished."""
    found: list[Wish] = []
    for wish in wishes:
        last = next((other for other in reversed(found) if other.act not in ("talk", "topic", "thanks")), None)
        if wish.instead and last is not None and (wish.act == "instead" or _of_the_same(wish, last)):
            place = max(n for n, other in enumerate(found) if other is last)
            if wish.act == "grade" and not wish.pieces:
                wish = replace(wish, pieces=last.pieces, place=last.place)
            found[place] = amended(last, wish) if wish.act == "instead" else wish
        elif wish.act == "instead" and last is None:
            earlier = last_wish(before)
            found.append(wish if earlier is None else amended(earlier, wish))
        else:
            found.append(wish)
    return found


def last_wish(before: list[tuple[Wish, ...]]) -> Wish | None:
    """The last wish of the conversation that was one, with its own corrections worked in."""
    for number in range(len(before) - 1, -1, -1):
        own = [wish for wish in settled(before[number], before[:number]) if wish.act not in IDLE and wish.act != "undo"]
        if own:
            return own[-1]
    return None


def taken_back(wish: Wish, earlier: Wish | None, last: Turn | None) -> int:
    """How many changes of the last turn a correction takes back before it is carried out.

    What that turn took back itself, since it corrected an earlier one, stays so.
    """
    if not wish.instead or earlier is None or last is None or wish.act not in RELATIVE:
        return 0
    if not _of_the_same(wish, earlier):
        return 0
    return sum(done.changes for done in last.done if done.name != "undo")


def _of_the_same(wish: Wish, before: Wish) -> bool:
    """Whether a correction takes the place of what was wished; "no, warmer" takes nothing from "brighter"."""
    if wish.act != before.act:
        return False
    return wish.act != "grade" or bool(fields_of(wish.name) & fields_of(before.name))


def corrected(job: Job, earlier: Wish) -> None:
    """A text that was corrected is changed where it stands."""
    wish = job.wish
    if wish.act == "text" and earlier.act == "text":
        piece = Which(kind="text", quote=do_text.in_case(earlier.text, job.rules))
        span = wish.span if wish.span != earlier.span else None
        text = wish.text if wish.text != earlier.text else ""
        job.wish = replace(wish, act="retext", pieces=(piece,), text=text, span=span)
