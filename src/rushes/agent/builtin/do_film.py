"""Carries out wishes for the whole film: making it within the budget, mending it, undoing, handing it out."""

from __future__ import annotations

import re

from rushes.agent.brief import BriefError, Story, read_brief
from rushes.agent.builtin.answers import Price, read_estimate
from rushes.agent.builtin.do_tell import timeline
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.tell_film import seen_in
from rushes.agent.builtin.tell_work import measured, money_told
from rushes.agent.builtin.telling import first_up, in_seconds, named, shown
from rushes.agent.shot_list import length_of, lines_of

MAKES_CUT = frozenset(("open", "lay"))


def make(job: Job) -> None:
    """Plans, says what it costs, shoots what may be bought, and lays the film out."""
    wish, hands = job.wish, job.hands
    if not hands.has("plan"):
        raise Trouble("a new film can't be made here: there is no tool that plans one")
    if not wish.words and wish.shots:
        go_on(job, wish.shots)
        return
    story = _story(wish.words)
    if story is None:
        raise Trouble(f"I can't tell from {wish.words[:80]!r} what should be seen; name somebody or a place")
    lines = lines_of(wish.listed) if wish.listed else shots_of(story, wish.shots, wish.value)
    seconds = wish.value or length_of(wish.listed)
    length = {"seconds": seconds} if seconds and hands.takes("plan", "seconds") else {}
    one_by_one = bool(wish.listed or wish.shots) and hands.takes("plan", "as_listed")
    as_listed = {"as_listed": True} if one_by_one else {}
    shape = {"aspect": wish.name} if wish.name and hands.takes("plan", "aspect") else {}
    told = [{"what": what, "seconds": seconds} for what, seconds in lines]
    planned = hands.call("plan", shots=told, **length, **shape, **as_listed).answer
    shots = list(dict.fromkeys(re.findall(r"^(shot-\d+)\b", planned, re.MULTILINE)))
    if hands.has("cast"):  # who has a look keeps it through all shots
        hands.all([("cast", {"thing": thing, "look": look}) for thing, look in looks(story, job.rules.looks)])
        hands.errors.clear()
    price = _price(job)
    if not price.enough and not _may_do_less(job):
        raise Trouble(_offer(price, len(shots)))
    if price.usd and job.rules.ask_first and not _may_do_less(job):
        raise Trouble(f"shooting needs ${price.usd:.2f} for {price.takes} takes; say 'go ahead' and I begin")
    bought = shots if price.enough else shots[: price.affordable]
    shoot_all(job, shots, bought)
    film = job.see()
    if wish.text and not any(wish.text.casefold() == piece.words.casefold() for piece in film.of("text")):
        hands.ask("text", text=wish.text, start=0.0, end=min(3.0, film.seconds), place="title")
    if wish.look and hands.has("grade") and not all(clip.grade for clip in film.clips):
        hands.ask("grade", look=wish.look)
    if wish.size is not None and wish.size != film.size:
        hands.ask("frame", width=wish.size[0], height=wish.size[1])
    elif wish.name and not _has_aspect(film.size, wish.name):
        hands.ask("frame", aspect=wish.name)
    if seconds and abs(film.seconds - seconds) > 0.5 / film.fps and len(bought) == len(shots):
        hands.ask("fit_length", seconds=seconds)
    if wish.shots and len(film.clips) != wish.shots:
        job.tell(f"the film has {len(film.clips)} shots, not {wish.shots}")


def shoot_all(job: Job, shots: list[str], bought: list[str]) -> None:
    """A take of each shot that may be bought, laid out as the working cut."""
    done = job.hands.all([("shoot", {"shot": shot}) for shot in bought])
    refused = [d.answer for d in done if not d.ok]
    if refused:
        raise Trouble(refused[0].removeprefix("error: "))
    if len(bought) == len(shots):
        job.hands.call("lay")
        return
    job.hands.all([("open", {"material": shot}) for shot in bought])
    job.tell(f"{len(bought)} of {len(shots)} shots were made, as many as the budget pays for")


def looks(story: Story, wanted: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """(thing, look) of everybody whose look is told, the standing wishes' before the story's."""
    kinds = [role.kind for role in story.cast]
    found = {
        role.word: " ".join(
            part for part in (role.color, role.pattern, f"with {role.accessory}" if role.accessory else "") if part
        )
        for role in story.cast
        if kinds.count(role.kind) == 1 and role.count == 1 and (role.color or role.pattern or role.accessory)
    }
    return list((found | {thing: look for thing, look in wanted if thing}).items())


def shots_of(story: Story, count: int, seconds: float | None) -> list[tuple[str, float]]:
    """What happens, in as many shots as were asked for: beats of the story told in several shots, or joined."""
    texts = [beat.text for beat in story.beats]
    texts = listed(texts[0], count) if len(texts) == 1 else texts
    count = count or len(texts)
    while len(texts) > count:
        shortest = min(range(1, len(texts)), key=lambda n: len(texts[n - 1]) + len(texts[n]))
        texts[shortest - 1 : shortest + 1] = [
            f"{texts[shortest - 1]} and {texts[shortest][:1].lower()}{texts[shortest][1:]}"
        ]
    lines = [texts[n * len(texts) // count] for n in range(count)]
    each = (seconds or 3.0 * count) / count
    return [(line, round(each, 3)) for line in lines]


def listed(text: str, count: int) -> list[str]:
    """A sentence that lists as many things as there should be shots, or that says of each where it is: one by one."""
    parts = [part.strip() for part in re.split(r",(?: and| then)? |; ", text) if part.strip()]
    placed = all(re.match(r"(?:an?|the|two|some|my|our) .*(?:in|on|at|by|under) ", part.lower()) for part in parts)
    return parts if len(parts) > 1 and (len(parts) == count or (placed and not count)) else [text]


def _story(words: str) -> Story | None:
    try:
        return read_brief(words)
    except BriefError:
        return None


def _price(job: Job) -> Price:
    if not job.hands.has("estimate"):
        return Price(enough=True)
    return read_estimate(job.hands.ask("estimate"), job.rules.cap)


def _may_do_less(job: Job) -> bool:
    """Whether the user has said, since the film was asked for, that what fits should be done."""
    return any(wish.allowed for wish in read_wishes(job.turns[-1].words))


def _offer(price: Price, shots: int) -> str:
    what = f"{price.affordable} of the {shots} shots would fit" if price.affordable else "not even one shot fits"
    return (
        f"The budget does not suffice: {price.line or 'it costs more than may be spent'}. Nothing was bought. "
        f"{what[:1].upper()}{what[1:]}; say 'do what fits' for a film of fewer shots, ask for a shorter film, "
        "or raise the budget."
    )


def go_on(job: Job, most: int | None = None) -> None:
    """The user allows what was held back: a film that is planned is shot as far as the money, and `most` shots, go."""
    hands = job.hands
    if any(done.name == "plan" for done in job.turns[-1].done):
        return  # said along with the order itself
    price = _price(job)
    if not price.takes:
        job.tell("nothing waits to be bought")
        return
    planned = [d.answer for turn in job.turns for d in turn.done if d.name == "plan" and d.ok]
    found = re.findall(r"^(shot-\d+)\b", planned[-1] if planned else hands.ask("board"), re.MULTILINE)
    shots = list(dict.fromkeys(found))
    bought = shots[:most] if price.enough else shots[: min(price.affordable, most or len(shots))]
    if not bought:
        raise Trouble(_offer(price, len(shots)))
    shoot_all(job, shots, bought)


def _has_aspect(size: tuple[int, int], aspect: str) -> bool:
    wide, high = (float(part) for part in aspect.split(":"))
    return bool(size[1]) and abs(size[0] / size[1] / (wide / high) - 1) < 0.02


def undo(job: Job) -> None:
    """What was done last is taken back; where the user counts, as many changes as that."""
    count = int(job.wish.value or 0)
    if not count:
        last = next(
            (turn for turn in reversed(job.turns[:-1]) if any(d.changes and d.name != "undo" for d in turn.done)), None
        )
        # opening the footage only made the cut that was then changed
        made = [d for d in last.done if d.changes] if last is not None else []
        count = sum(d.name not in MAKES_CUT for d in made) or len(made) or 1
    for _ in range(count):
        job.hands.call("undo")


def recolor(job: Job) -> None:
    """Somebody in another colour, in all of their shots; those shot already are shot anew."""
    wish = job.wish
    thing = next((which.thing for which in wish.pieces if which.thing), "") or _last_thing(job)
    if not thing:
        raise Trouble("say who should have that colour")
    answer = job.hands.call("cast", thing=thing, look=wish.name).answer
    again = re.search(r"shoot again: ([\w, -]+)", answer)
    if again is None:
        return
    shots = re.findall(r"shot-\d+", again[1])
    price = _price(job)
    if job.rules.ask_first and price.usd:
        raise Trouble(f"{', '.join(shots)} would have to be shot again; say so and I do it")
    done = job.hands.all([("shoot", {"shot": shot}) for shot in shots])
    takes = {s: t[0] for s, d in zip(shots, done, strict=True) if d.ok and (t := re.search(r"\btake-\d+", d.answer))}
    timeline = job.hands.ask("timeline")
    if timeline.startswith("error:"):
        return
    film = job.see()
    shown = [
        (clip.id, takes[shot[1]])
        for clip in film.clips
        if (shot := re.search(r"\bof (shot-\d+)", clip.words)) and shot[1] in takes
    ]
    job.hands.all([("replace", {"clip": clip, "by": take}) for clip, take in shown])


def _last_thing(job: Job) -> str:
    for turn in reversed(job.turns):
        for done in reversed(turn.done):
            if done.name == "cast":
                return str(done.arguments.get("thing", ""))
    story = _story(job.turns[0].words)
    return story.cast[0].word if story is not None and story.cast else ""


def export(job: Job) -> None:
    job.see()
    job.tell(job.hands.call("export", kind=job.wish.name, path=job.wish.text or None).answer)


def render(job: Job) -> None:
    job.see()
    made = re.sub(r"^film-\d+ \S+: ([\d.]+) s", lambda m: in_seconds(float(m[1])), job.hands.call("render").answer)
    job.tell(f"the film is rendered: {made}")


def estimate(job: Job) -> None:
    job.tell(money_told(job.hands.call("estimate").answer, job.rules.cap))


def measure(job: Job) -> None:
    if job.wish.name == "measure":
        film = job.see()
        job.tell(measured(film, job.hands.call("measure").answer))
    else:
        timeline(job)


def look(job: Job) -> None:
    """What is measured in a shot, or at a second of the film, beside what was planned there."""
    film = job.see()
    if job.wish.pieces:
        clip = job.clip(job.wish.pieces[0])
        seen, who = seen_in(job.hands.call("look", id=clip.id).answer), named(clip, film)
    else:
        start = job.times(job.wish.span)[0] if job.wish.span is not None else 0.0
        shown_then = [each for each in film.clips if each.start <= start < each.end] or film.clips[-1:]
        clip = shown_then[-1]
        seen, who = seen_in(job.hands.call("look", at=start).answer), f"at {in_seconds(start)} {named(clip, film)}"
    job.tell(first_up(f"{who}: {shown(clip)}. The picture is {seen}"))
