"""Standing wishes kept: after other changes, what always holds is put right."""

from __future__ import annotations

from dataclasses import replace

from rushes.agent.builtin import do_text
from rushes.agent.builtin.answers import FilmSeen, Seen, read_timeline, same_words
from rushes.agent.builtin.hands import Asked
from rushes.agent.builtin.job import BEDS, Job, piece_of
from rushes.agent.builtin.wishes import Rules


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
    if _keep_shots(job, rules) + _keep_new(job, rules) + _keep_levels(job, rules):
        film = job.see()
    wanted = rules.length if rules.length is not None else rules.most_length
    over = wanted is not None and film.seconds > wanted + 0.5 / film.fps
    if wanted is not None and (over or (rules.length is not None and film.seconds < wanted - 0.5 / film.fps)):
        job.hands.call("fit_length", seconds=wanted)
        job.see()
    _keep_texts(job, rules)
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
        beds = [sound for sound in film.of("sound") if sound.words.startswith(BEDS)]
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


def _keep_new(job: Job, rules: Rules) -> bool:
    """A fade for each shot that came into the film in this turn."""
    seconds, clips = rules.new_fades, job.film.clips
    if seconds is None:
        return False
    made = {piece_of(d) for d in job.turns[-1].done if d.ok and d.name in ("open", "insert", "generate")}
    calls: list[Asked] = []
    for n, clip in enumerate(clips):
        if clip.id not in made:
            continue
        faded = clip if rules.fades_out or n == 0 else clips[n - 1]  # into the next shot, or from the one before
        if not faded.fade and (faded is not clips[-1] or rules.fades_out):
            calls.append(("fade", {"clip": faded.id, "seconds": seconds}))
    job.hands.all(calls)
    return bool(calls)


def _keep_levels(job: Job, rules: Rules) -> bool:
    """Nothing louder than it may be."""
    calls: list[Asked] = []
    most = rules.most_gain
    if most is not None:
        calls += [("mix", {"id": s.id, "gain_db": most}) for s in job.film.of("sound") if s.gain > most + 0.01]
        calls += [
            ("volume", {"clip": c.id, "gain_db": max(most, 0.0)})
            for c in job.film.clips
            if c.gain > max(most, 0.0) + 0.01
        ]
    if rules.most_lufs is not None and job.film.lufs is not None and job.film.lufs > rules.most_lufs + 0.05:
        calls.append(("loudness", {"lufs": rules.most_lufs}))
    job.hands.all(calls)
    return bool(calls)


def _keep_texts(job: Job, rules: Rules) -> None:
    """Texts that were asked for stay out of the film's end, also where the film got shorter."""
    if rules.text_free_end is None:
        return
    last = job.film.seconds - rules.text_free_end
    made = {piece_of(done) for turn in job.turns for done in turn.done if done.name == "text" and done.ok}
    late = [p for p in job.film.of("text") if p.id in made and p.start < last < p.end - 0.5 / job.film.fps]
    job.hands.all([("retext", {"id": piece.id, "start": piece.start, "end": last}) for piece in late])
