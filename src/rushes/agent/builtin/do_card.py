"""Carries out wishes for cards: plain pictures of one colour between shots or at the film's ends."""

from __future__ import annotations

from rushes.agent.builtin.answers import cards_of
from rushes.agent.builtin.do_text import in_case
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.wishes import Where

USUAL, USUAL_WITH_TEXT = 2.0, 3.0  # seconds of a card for which no length was named


def card(job: Job) -> None:
    wish, film = job.wish, job.see()
    if wish.name == "none":
        _none(job)
        return
    if wish.change:
        _paint(job)
        return
    text = in_case(wish.text, job.rules)
    length = wish.span.length if wish.span is not None else None
    seconds = length.at(film.fps) if length is not None else _usual(job)
    afters = _afters(job)
    free = job.rules.text_free_end
    if text and free is not None and None in afters:
        raise Trouble(f"a card with a text can't close the film, since its last {free:g} s stay free of text")
    calls: list[Asked] = [
        ("card", {"seconds": seconds, "colour": wish.name, "after": after, "text": text or None}) for after in afters
    ]
    job.hands.all(calls)
    if length is None:
        job.tell(f"the card stays for {seconds:g} s, since you named no length")


def _usual(job: Job) -> float:
    usual = USUAL_WITH_TEXT if job.wish.text else USUAL
    return max(usual, job.rules.least_text_seconds or 0.0) if job.wish.text else usual


def _afters(job: Job) -> list[str | None]:
    """The clip that each new card follows, "first", or None for the end. Raises Trouble where nobody has said."""
    wish, film = job.wish, job.film
    start = wish.span.start if wish.span is not None else None
    if start is not None or (wish.span is not None and wish.span.middle):
        return [_at(job, start.at(film.fps) if start is not None else round(film.seconds * film.fps / 2) / film.fps)]
    if any(which.every for which in wish.pieces):
        cards = cards_of(film.clips)
        between = [clip.id for clip in film.clips[:-1] if clip not in cards]
        return ["first", *between] if wish.where == "before" else [*between]
    if not wish.where:
        raise Trouble("where should the card come: at the start, at the end, or between which shots?")
    return [behind(job, wish.pieces, wish.where)]


def _at(job: Job, seconds: float) -> str | None:
    """The clip that ends at this time, split there where it goes on."""
    film = job.film
    if seconds >= film.seconds - 0.5 / film.fps:
        return None
    begins = next((n for n, clip in enumerate(film.clips) if abs(clip.start - seconds) < 0.5 / film.fps), None)
    if begins is not None:
        return film.clips[begins - 1].id if begins else "first"
    on = next(clip.id for clip in reversed(film.clips) if clip.start <= seconds < clip.end)
    job.hands.call("split", at=seconds)
    return on


def _none(job: Job) -> None:
    """No card, of this colour and at this end of the film where these are named: those that are there go."""
    wish, clips = job.wish, job.film.clips
    meant = clips[:1] if wish.where == "first" else clips[-1:] if wish.where == "last" else clips
    found = cards_of(meant, f"{wish.topic} card".strip())
    if not found:
        job.tell("there is no such card or plain screen in the film, so nothing was changed")
    elif len(found) == len(clips):
        raise Trouble("that would leave nothing of the film; nothing was removed")
    job.hands.all([("remove", {"id": clip.id}) for clip in found])


def _paint(job: Job) -> None:
    """A card in the other's place: its length and its text are the same."""
    old = job.clip(job.wish.pieces[0])
    if old not in cards_of(job.film.clips):
        raise Trouble(f"{old.id} is no card; only a card can have another colour")
    over = (t for t in job.film.of("text") if abs(t.start - old.start) + abs(t.end - old.end) < 1 / job.film.fps)
    text = next((piece.words for piece in over if piece.place == "title"), None)
    job.hands.call("card", seconds=old.seconds, colour=job.wish.name, after=old.id, text=text)
    job.hands.call("remove", id=old.id)


def behind(job: Job, pieces: tuple[Which, ...], where: Where) -> str | None:
    """The id of the clip that something new follows; "first", or None for the end. Raises Trouble for several."""
    if where in ("first", "last"):
        return "first" if where == "first" else None
    order = [clip.id for clip in job.film.clips]
    places = [_places(job, which, order) for which in pieces]
    if len(places) == 2:
        before, after = sorted(places, key=min)
        between = job.film.clips[max(before) + 1 : min(after)]
        if min(after) <= max(before) or cards_of(between) != between:
            raise Trouble("these two don't stand beside each other; after which shot should it come?")
        return order[min(after) - 1]
    place = max(places[0]) + 1 if where == "after" else min(places[0])
    return order[place - 1] if place else "first"


def _places(job: Job, which: Which, order: list[str]) -> list[int]:
    """Numbers of the clips meant: one, or several in a row."""
    found = sorted(order.index(piece.id) for piece in job.pieces(which) if piece.kind == "clip")
    if not found:
        raise Trouble("that is no shot; beside which shot should it come?")
    if found != list(range(found[0], found[-1] + 1)):
        named = ", ".join(order[place] for place in found)
        raise Trouble(f"several shots can be meant ({named}); which one?")
    return found
