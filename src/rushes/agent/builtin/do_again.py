"""Earlier wishes taken up again or dropped, many turns later."""

from __future__ import annotations

from rushes.agent.builtin import do_edit
from rushes.agent.builtin.hands import Asked, Trouble, Turn
from rushes.agent.builtin.job import BEDS, Job, piece_of
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.wishes import Rules, Wish, about_same, dropped, folded


def forget(job: Job) -> None:
    """A standing wish ends; what an earlier wish brought into the film goes. Raises Trouble where that can't be."""
    wish = job.wish
    before = Rules()
    for turn in job.turns[:-1]:
        before = folded(before, read_wishes(turn.words))
    if dropped(before, wish) != before:
        job.tell(f"{wish.text or 'that'}: this no longer holds")
        return
    if wish.name == "rule":
        job.tell("there was no such rule")
        return
    film = job.see()
    named = [p for which in wish.pieces if which.kind == "any" and which.thing for p in job.asked_text(which.thing)]
    if named:
        job.hands.all([("remove", {"id": piece.id}) for piece in named])
        return
    found = next(
        (
            (turn, old)
            for turn in reversed(job.turns[:-1])
            for old in reversed(read_wishes(turn.words))
            if about_same(old, wish)
        ),
        None,
    )
    if found is None:
        raise Trouble(f"I can't find an earlier wish about {wish.text!r}, so nothing was taken back")
    turn, old = found
    calls = _undoing(job, turn, old)
    if not calls and _is_last(job, turn):
        calls = [("undo", {})] * sum(done.changes for done in turn.done)
    if not calls:
        raise Trouble(
            f"what was done about {old.words!r} can't be taken back by itself, since more was changed behind it"
        )
    job.hands.all([call for call in calls if call[0] != "remove" or film.piece(str(call[1]["id"]))])


def _undoing(job: Job, turn: Turn, old: Wish) -> list[Asked]:
    """Calls that make as if it had not been wished."""
    film = job.film
    if old.act in ("text", "retext", "narrate") and old.text:
        return [("remove", {"id": piece.id}) for piece in job.asked_text(old.text)]
    if old.act == "music":
        return [("remove", {"id": piece.id}) for piece in film.of("sound") if piece.words.startswith(BEDS)]
    made = [piece_of(done) for done in turn.done if done.changes]
    clips = [piece for id in dict.fromkeys(made) if (piece := film.piece(id)) is not None and piece.kind == "clip"]
    match old.act:
        case "insert" | "generate" | "card" | "repeat":
            return [("remove", {"id": clip.id}) for clip in clips]
        case "fade":
            return [("fade", {"clip": clip.id, "seconds": 0.0}) for clip in clips]
        case "volume":
            return [("volume", {"clip": clip.id, "gain_db": 0.0}) for clip in clips]
        case "speed":
            return [("speed", {"clip": clip.id, "factor": 1.0}) for clip in clips]
        case "push":
            return [("push", {"clip": clip.id, "way": "none"}) for clip in clips]
        case "reorder" if old.name == "reverse":
            do_edit.arrange(job, [clip.id for clip in film.clips][::-1])
    return []


def _is_last(job: Job, turn: Turn) -> bool:
    changed = [other for other in job.turns[:-1] if any(done.changes for done in other.done)]
    return bool(changed) and changed[-1] is turn
