"""From a wish to the code that carries it out, corrections and standing wishes included."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rushes.agent.builtin import do_edit, do_film, do_sound, do_text
from rushes.agent.builtin.answers import FilmSeen, Seen, read_timeline, same_words
from rushes.agent.builtin.hands import Asked, Trouble, Turn
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.wishes import Act, Rules, Wish, amended

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
    "fit": do_edit.fit,
    "volume": do_sound.volume,
    "music": do_sound.music,
    "beat": do_sound.beat,
    "loudness": do_sound.loudness,
    "narrate": do_sound.narrate,
    "audit": do_film.audit,
    "undo": do_film.undo,
    "recolor": do_film.recolor,
    "export": do_film.export,
    "render": do_film.render,
    "estimate": do_film.estimate,
    "measure": do_film.measure,
    "look": do_film.look,
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
        "restage",
    )
)
IDLE = frozenset(("thanks", "unknown", "measure", "look", "estimate", "rule"))


def carry_out(job: Job) -> None:
    """Does what is wished. Raises Pending, and Trouble where it can't be done."""
    wish = job.wish
    if wish.act == "rule":
        if wish.allowed:
            do_film.go_on(job)
        elif wish.name == "said":
            raise Trouble(f"I have no way to keep {wish.words!r} by myself; say it again where it matters")
        return
    if wish.act == "thanks":
        return
    if wish.act == "unknown":
        raise Trouble(f"I did not understand {wish.words!r}; nothing was done about it")
    if wish.act == "instead":
        raise Trouble(f"I don't know what {wish.words!r} should take the place of")
    DOING[wish.act](job)


def settled(wishes: tuple[Wish, ...], before: list[tuple[Wish, ...]]) -> list[Wish]:
    """The wishes of a message with its corrections worked in: in the message itself, or against the last one wished."""
    found: list[Wish] = []
    for wish in wishes:
        last = found[-1] if found else None
        if wish.instead and last is not None and (wish.act == "instead" or wish.act == last.act):
            found[-1] = amended(last, wish) if wish.act == "instead" else wish
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
    """How many changes of the last turn a correction takes back before it is carried out."""
    if not wish.instead or earlier is None or last is None or wish.act != earlier.act or wish.act not in RELATIVE:
        return 0
    return sum(done.changes for done in last.done)


def corrected(job: Job, earlier: Wish) -> None:
    """A text that was corrected is changed where it stands."""
    wish = job.wish
    if wish.act == "text" and earlier.act == "text":
        piece = Which(kind="text", quote=do_text.in_case(earlier.text, job.rules))
        span = wish.span if wish.span != earlier.span else None
        text = wish.text if wish.text != earlier.text else ""
        job.wish = replace(wish, act="retext", pieces=(piece,), text=text, span=span)


def keep_rules(job: Job, rules: Rules, ruled: bool) -> None:
    """What always holds is put right after other changes: the film's length, and the text that closes it.

    ruled: this turn has laid down a rule.
    """
    done = job.turns[-1].done
    if not any(one.changes for one in done) and not ruled:
        return
    if replace(rules, case="", place="", said=(), looks=(), protected=(), ask_first=False, cap=None) == Rules():
        return
    film = job.film = read_timeline(job.hands.ask("timeline"))
    if not film.clips:
        return
    if _keep_shots(job, rules):
        film = job.see()
    wanted = rules.length if rules.length is not None else rules.most_length
    over = wanted is not None and film.seconds > wanted + 0.5 / film.fps
    if wanted is not None and (over or (rules.length is not None and film.seconds < wanted - 0.5 / film.fps)):
        job.hands.call("fit_length", seconds=wanted)
        job.see()
    if rules.closing:
        _close_with(job, rules.closing)
    if rules.export:
        job.tell(job.hands.call("export", kind=rules.export).answer)


def _keep_shots(job: Job, rules: Rules) -> bool:
    """How shots and music always are; whether anything had to be changed for it."""
    film = job.film
    calls: list[Asked] = []
    if rules.fades is not None:
        fades = [clip for clip in film.clips[:-1] if abs(clip.fade - rules.fades) > 0.5 / film.fps]
        calls += [("fade", {"clip": clip.id, "seconds": rules.fades}) for clip in fades]
    if rules.most_shot is not None:
        long = [c for c in film.clips if c.seconds > rules.most_shot + 0.5 / film.fps and not job.protected(c)]
        calls += [("trim", {"clip": clip.id, "seconds": rules.most_shot}) for clip in long]
    if not rules.music:
        beds = [sound for sound in film.of("sound") if sound.words.startswith(do_sound.BEDS)]
        calls += [("remove", {"id": sound.id}) for sound in beds]
    job.hands.all(calls)
    return bool(calls)


def _close_with(job: Job, text: str) -> None:
    """The text that closes the film ends with it, also where it went out with the picture that it stood over."""
    film = job.film
    text = do_text.in_case(text, job.rules)
    piece = _text_in(film, text)
    touched = " ".join(change for turn in job.turns for change in (*turn.board, *turn.meanwhile))
    if piece is not None:
        if piece.id not in touched and abs(piece.end - film.seconds) > 0.5 / film.fps:
            start = max(0.0, film.seconds - piece.seconds)
            job.hands.call("retext", id=piece.id, start=start, end=film.seconds)
        return
    seen = [_text_in(read_timeline(done.answer), text) for done in job.turns[-1].done if done.name == "timeline"]
    before = next((piece for piece in seen if piece is not None), None)
    removed = any(
        done.name == "remove" and before and done.arguments.get("id") == before.id for done in job.turns[-1].done
    )
    if before is not None and not removed:
        start = max(0.0, film.seconds - before.seconds)
        job.hands.call("text", text=text, start=start, end=film.seconds, place=before.place)


def _text_in(film: FilmSeen, text: str) -> Seen | None:
    return next((piece for piece in film.of("text") if same_words(piece.words, text)), None)
