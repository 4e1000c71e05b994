"""Nothing invented: what a small model wrote down as the user's order is held against what the user said.

Every number must have been said or follow from what was said, every quoted text must be the user's or the film's, every
shot must be one that the user can have meant, and no word may come out of nowhere.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from itertools import combinations, product

from rushes.agent.builtin.answers import FilmSeen
from rushes.agent.builtin.marks import SHOT_NOUNS, SOUND_NOUNS, TEXT_NOUNS, mark
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.interpreter.orders import FORMS, name_of

NOTHING = frozenset(("unknown", "talk", "thanks", "topic", "instead", "tell", "ask"))  # acts that change nothing
NAMED_NUMBERS = {
    "double": (2.0,),
    "twice": (2.0,),
    "half": (0.5, 2.0),
    "halve": (0.5, 2.0),
    "triple": (3.0,),
    "thrice": (3.0,),
    "quarter": (0.25, 4.0),
    "couple": (2.0,),
}
QUIETER = r"quiet\w*|soft\w*|down|lower\w*|reduce\w*|less|too loud|off|deafening"
LOUDER = r"loud(?:er)?|up|rais\w+|boost\w*|more|increase\w*|too (?:quiet|soft|low)"
REMOVING = (
    r"remov\w*|delet\w*|los[et]|losing|cut\w*|out|away|go|goes|gone|drop\w*|kill\w*|without|off|rid|scrap\w*|ditch\w*|"
    r"kick\w*|throw\w*|toss\w*|bin|trash|shoo|bored?|boring|dull|hate|tired|enough|no|not|nobody|never|only|just|skip|"
    r"snip\w*|chop\w*|eras\w*|wip\w*|clear\w*|vanish\w*|disappear\w*|lop|axe|strike|useless|\w+n't|stop\w*|end\w*|"
    r"unneeded|unwanted|superfluous"
)
STANDING = r"always|never|ever|from now on|every|each|all|whatever|whenever|henceforth|rule|in future|any"
HEARING = r"hear\w*|sounds?|noise|noisy|silen\w*|mute\w*|audio|ears?"
BACK = (
    r"undo|undone|revert\w*|restor\w*|mistake|oops|never ?mind|(?:take|put|bring|get|want|have)\b.* back|better before|"
    r"(?:as|like|way) it was"
)
TELLING = r"(?:i|we|my|our|he|she|they|somebody|someone|yesterday|this morning)\b"
_NUMBER = r"\{[tdxplbn](-?[\d.]+)(?:\+(\d+))?\}"
_QUOTED = r"'([^']*(?:'(?=\w)[^']*)*)'"
_WORD = r"[a-zà-ÿ]{3,}"
_ORDER_WORDS = frozenset(re.findall(_WORD, " ".join(FORMS).lower())) | frozenset(
    f"{SHOT_NOUNS}|{TEXT_NOUNS}|{SOUND_NOUNS}|slower|faster|first|last|second|third|fourth|fifth|sixth|seventh|"
    "eighth|both|all|every|each|film|video|and|then|with|into|onto|until|before|beginning|middle|ends|"
    "vertical|square|landscape|portrait".split("|")
)


def checked(order: str, said: str, film: FilmSeen) -> str:
    """The order, its texts as the user or the film writes them. Raises ValueError where it is none, or invents."""
    order = _moved(_with_units(_with_texts(order, said, film), said), said, film)
    wishes = read_wishes(order)
    if not wishes or any(wish.act in NOTHING for wish in wishes):
        raise ValueError(f"{order!r} has none of the forms")
    _check_numbers(order, said, film)
    _check_sense(order, said, film)
    _check_shots(order, said, film)
    _check_words(order, said, film)
    return order


def _with_units(order: str, said: str) -> str:
    """Seconds where no unit stands, and the end that small models take for a length."""
    order = re.sub(r"\b(from|to|at|for) (\d+(?:\.\d+)?)(?= (?:to|for|as)\b|$)", r"\1 \2 s", order)
    for end in re.findall(r"\b(?:until|till) (?:the )?\{[tn]([\d.]+)", mark(said).text):
        order = re.sub(rf"\bfor {re.escape(end)} s\b", f"to {end} s", order)
    return order


def _moved(order: str, said: str, film: FilmSeen) -> str:
    """To show a text that is there already is to move it, unless it was asked for by its words."""
    match = re.match(rf"show {_QUOTED} (?:from|at) ([\d.]+ s)(?: to ([\d.]+ s))?", order)
    there = match and any(" ".join(piece.words.split()) == match[1] for piece in film.of("text"))
    if match and there and match[1].casefold() not in said.casefold():
        until = f"let the text '{match[1]}' stand from {match[2]} to {match[3]}"
        return until if match[3] else f"move the text '{match[1]}' to {match[2]}"
    return order


def _with_texts(order: str, said: str, film: FilmSeen) -> str:
    texts = [" ".join(piece.words.split()) for piece in film.of("text")]
    plain = " ".join(said.split())

    def exact(match: re.Match[str]) -> str:
        wanted = " ".join(match[1].split())
        if found := next((text for text in texts if text.casefold() == wanted.casefold()), ""):
            return f"'{found}'"
        at = plain.casefold().find(wanted.casefold())
        if not wanted or at < 0:
            raise ValueError(f"the client did not say {wanted!r}")
        return f"'{plain[at : at + len(wanted)]}'"

    return re.sub(_QUOTED, exact, order)


def _check_numbers(order: str, said: str, film: FilmSeen) -> None:
    allowed = numbers_in(said, named=True)
    allowed |= {round(abs(a - b), 3) for a, b in product(allowed, allowed)}
    allowed |= {round(a + b, 3) for a, b in combinations(allowed, 2)}
    ordered = numbers_in(order)
    if ordered & allowed:  # "everything behind 8 s" ends with the film
        allowed |= {round(time, 3) for piece in film.pieces for time in (piece.start, piece.end)}
    for value in sorted(ordered - allowed):
        raise ValueError(f"the client did not say {value:g}")


def _check_sense(order: str, said: str, film: FilmSeen) -> None:
    """What small models turn round: louder for quieter, a rule for an order, a shot for its sound."""
    words = said.lower()
    for sense, other, what in ((QUIETER, LOUDER, "louder"), (LOUDER, QUIETER, "quieter")):
        if re.search(rf"\d dB {what}$", order) and _has(sense, words) and not _has(other, re.sub(sense, "", words)):
            raise ValueError(f"the client does not want it {what}")
    if re.search(r"\bfrom now on\b|^never\b", order) and not _has(STANDING, words):
        raise ValueError("the client gave no rule, but an order")
    if re.match(r"(?:remove|keep only|cut)\b", order) and re.match(TELLING, words) and not _has(REMOVING, words):
        raise ValueError("the client only tells of something")
    if re.match(r"remove .* shot$", order) and _has(HEARING, words):
        raise ValueError("the client speaks of the sound; write: mute ...")
    if order.startswith("undo") and not _has(BACK, words):
        raise ValueError("the client takes nothing back")
    _check_place(order, film)
    shape = re.fullmatch(r"make the film (\d+):(\d+)", order)
    if shape and film.size[1] and abs(film.size[0] / film.size[1] - int(shape[1]) / int(shape[2])) < 0.02:
        raise ValueError(f"the film is {shape[1]}:{shape[2]} already")


def _check_place(order: str, film: FilmSeen) -> None:
    moved = re.match(r"move the (.+) shot (before|after) the (.+) shot$", order)
    names = [name_of(piece.words).casefold() for piece in film.clips]
    if moved and {moved[1].casefold(), moved[3].casefold()} <= set(names):
        step = names.index(moved[3].casefold()) - names.index(moved[1].casefold())
        if step == (1 if moved[2] == "before" else -1):
            raise ValueError(f"the {moved[1]} shot stands there already; write: swap ... and ...")


def _has(pattern: str, words: str) -> bool:
    return re.search(rf"\b(?:{pattern})\b", words) is not None


def numbers_in(text: str, *, named: bool = False) -> set[float]:
    """The sizes of all numbers, without their signs: "six decibels down" is 6. `named`: "twice" is one too."""
    marked = mark(text).text
    pairs = re.findall(_NUMBER, marked)
    found = {round(abs(float(value)) if float(value) else float(frames or 0), 3) for value, frames in pairs}
    if named:
        found |= {float(number) for number in re.findall(r"\{o(\d+)\}", marked)}  # "after the fourth second"
        found |= {value for word in re.findall(r"[a-z]+", marked) for value in NAMED_NUMBERS.get(word, ())}
    return found


def said_names(text: str, film: FilmSeen) -> set[str]:
    """The shots that a text names, outside of quotes."""
    spoken = re.sub(_QUOTED, "", text).casefold()
    names = {name_of(piece.words).casefold() for piece in film.clips}
    return {name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?:s|'s)?(?!\w)", spoken)}


def _check_shots(order: str, said: str, film: FilmSeen) -> None:
    """A user who names shots means those; what reads as talk means none that it does not name."""
    spoken, meant = said_names(said, film), said_names(order, film)
    talk = all(wish.act in NOTHING for wish in read_wishes(said))
    if talk and order.startswith("remove") and not _has(REMOVING, said.lower()) and not spoken:
        raise ValueError("the client wants nothing removed")
    if (spoken or talk) and meant - spoken:
        raise ValueError(f"the client did not speak of {', '.join(sorted(meant - spoken))}")


def _check_words(order: str, said: str, film: FilmSeen) -> None:
    known = set(re.findall(_WORD, said.lower()))
    known |= {word for piece in film.pieces for word in re.findall(_WORD, name_of(piece.words).lower())}
    for word in re.findall(_WORD, re.sub(rf"{_QUOTED}|\S+\.\w{{2,4}}\b", "", order).lower()):
        if word not in _ORDER_WORDS and word not in known and not get_close_matches(word, known, n=1, cutoff=0.75):
            raise ValueError(f"the client did not speak of {word!r}")
