"""From a brief in plain English to a story: who is in it, and the beats in which they do something somewhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from rushes.agent.foreign import in_english
from rushes.agent.lexicon import mood_of
from rushes.agent.tagging import Token, tag
from rushes.agent.words import HOMES

MOST_BRIEF = 20_000  # characters
MOST_BEATS = 60
MOST_CAST = 12
COUNTS = {"two": 2, "three": 3, "both": 2, "several": 3, "many": 3}
STAND_INS = ("fox", "cat", "robot", "rabbit")  # who plays what no table knows


class BriefError(ValueError):
    """A brief that no film can be made of."""


@dataclass(frozen=True, kw_only=True)
class Role:
    """Somebody or something that the story is about; the same one in every beat."""

    kind: str  # a name in cast.KINDS
    word: str  # what the brief calls it
    color: str | None = None  # None: the brief leaves it open
    pattern: str | None = None
    accessory: str | None = None
    size: float = 1.0  # factor on the kind's usual size
    count: int = 1  # how many of them


@dataclass(frozen=True, kw_only=True)
class Beat:
    """One thing that happens. Indices point into the story's cast."""

    text: str  # the words of the brief
    subject: int | None = None
    object: int | None = None
    third: int | None = None
    motions: tuple[str, ...] = ("stand",)  # of the subject, one after the other
    together: bool = False  # the object does the same as the subject
    relation: str = ""  # of subject to object: a name in scene.RELATIONS, or empty
    set: str = ""
    weather: str = ""
    light: str = ""
    camera: str = ""  # a camera move that was asked for
    size: str = ""  # "wide", "medium" or "close" where it was asked for
    heading: int = 1  # screen direction: 1 to the right, -1 to the left
    weight: float = 1.0  # factor on the time that it gets

    @property
    def roles(self) -> tuple[int, ...]:
        return tuple(role for role in (self.subject, self.object, self.third) if role is not None)


@dataclass(frozen=True, kw_only=True)
class Story:
    text: str  # the user's words
    cast: tuple[Role, ...]
    beats: tuple[Beat, ...]
    mood: str  # joyful, tense, mysterious, sad, epic, calm or gentle
    notes: tuple[str, ...]  # what was understood otherwise, or not at all
    listed: bool = False  # the user lists the shots: each beat is one


def checked_brief(text: str) -> str:
    """The brief without control characters. Raises BriefError for an empty or an overlong one."""
    if not isinstance(text, str):
        raise BriefError(f"the brief is a {type(text).__name__}; give it as text")
    if len(text) > MOST_BRIEF:
        raise BriefError(f"the brief has {len(text)} characters, over the limit of {MOST_BRIEF}; shorten it")
    kept = "".join(c if c in "\n\t" or unicodedata.category(c)[0] != "C" else " " for c in text).strip()
    if not kept:
        raise BriefError("the brief is empty; say what the film is about, such as 'a fox finds a lantern in the snow'")
    return kept


def read_brief(text: str) -> Story:
    """The story of a brief. Raises BriefError for an empty or overlong brief, and where no word of it can be filmed."""
    text = checked_brief(text)
    return _story(text, [piece for sentence in _sentences(text) for piece in _pieces(sentence)])


def read_lines(text: str, lines: list[tuple[str, float]], *, listed: bool = False) -> Story:
    """The story of a brief that somebody else (a language model) has cut into lines, one beat a line.

    Each line is what happens and for how many seconds; only the proportions of the seconds count. `listed`: each line
    is a shot, whatever it shows, as long as it says. Raises BriefError.
    """
    story = _story(checked_brief(text), [tag(in_english(line)) for line, _ in lines], listed=listed)
    if listed:
        mean = sum(length for _, length in lines) / len(lines)
        beats = (replace(beat, weight=length / mean) for beat, (_, length) in zip(story.beats, lines, strict=False))
        return replace(story, beats=tuple(beats), listed=True)
    seconds = {_sentence_case(_words(tag(in_english(line)))): max(0.1, length) for line, length in lines}
    mean = sum(seconds.values()) / len(seconds)
    weighed = (replace(beat, weight=min(3.0, max(0.4, seconds.get(beat.text, mean) / mean))) for beat in story.beats)
    return replace(story, beats=tuple(weighed))


def _sentences(text: str) -> list[str]:
    found = re.split(r"(?<=[.!?;])\s+|[;\n。！？；]+", in_english(text))
    return [sentence.strip() for sentence in found if sentence.strip(" .,!?;")]


def _pieces(sentence: str) -> list[list[Token]]:
    """The clauses of one sentence. Something must happen on both sides of a cut, so that "red and white" stays."""
    pieces: list[list[Token]] = [[]]
    tokens = tag(sentence)
    for place, token in enumerate(tokens):
        rest = _until_cut(tokens[place + 1 :])
        strong = token.tag == "then" and _says(rest)
        if (strong and _says(pieces[-1])) or (
            token.tag in ("then", "join") and _happens(pieces[-1]) and _happens(rest)
        ):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return [piece for piece in pieces if piece]


def _until_cut(tokens: list[Token]) -> list[Token]:
    for place, token in enumerate(tokens):
        if place and token.tag in ("then", "join"):
            return tokens[:place]
    return tokens


def _happens(tokens: list[Token]) -> bool:
    return any(token.tag == "verb" for token in tokens)


def _says(tokens: list[Token]) -> bool:
    return any(token.tag in ("verb", "kind", "near", "set", "light", "weather") for token in tokens)


@dataclass
class _Reading:
    """What has been understood so far."""

    cast: list[Role] = field(default_factory=list)
    beats: list[Beat] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    waiting: dict[str, Any] = field(default_factory=dict)  # place, weather, light named before anybody appeared
    waiting_text: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _story(text: str, pieces: list[list[Token]], *, listed: bool = False) -> Story:
    reading = _Reading()
    for piece in pieces:
        if len(reading.beats) == MOST_BEATS:
            reading.note(f"only the first {MOST_BEATS} things that happen are filmed; the brief goes on")
            break
        told = len(reading.beats)
        _read_piece(reading, piece)
        if listed and len(reading.beats) == told:  # nobody is in it
            _place(reading)
    if listed and not (reading.cast or any(beat.set or beat.light or beat.weather for beat in reading.beats)):
        reading.beats.clear()
    if reading.waiting and (not reading.beats or reading.waiting.keys() & {"set", "weather", "light"}):
        _place(reading)  # "snow begins to fall" at the end, or a brief of a place alone
    if not reading.beats:
        raise BriefError(
            f"no word of the brief {_short(text)!r} can be filmed; name somebody or a place in English, such as "
            "'a fox runs through the snow', or plan with a language model"
        )
    if reading.unknown:
        words = ", ".join(dict.fromkeys(reading.unknown))
        reading.note(f"not shown, since the backlot has nothing for it: {words[:400]}")
    return Story(
        text=text,
        cast=tuple(reading.cast),
        beats=tuple(_settled(reading.beats, reading.cast)),
        mood=mood_of(in_english(text)),
        notes=tuple(reading.notes),
    )


def _is_view(tokens: list[Token], context: dict[str, Any]) -> bool:
    """Whether a place is to be seen, as in "a sunrise over mountains": "at night" only says when the next thing is."""
    told = [token for token in tokens if token.text not in ("show", "me", "us", "we", "see", ",")]
    return (
        bool(context.keys() & {"set", "light"}) and bool(told) and told[0].text in ("a", "an", "the") and len(told) > 2
    )


def _place(reading: _Reading) -> None:
    """What was said of a place becomes a beat of its own; whoever was there goes on with what they did."""
    last = reading.beats[-1] if reading.beats and not reading.waiting.get("set") else None
    place = Beat(text=_sentence_case(" ".join(reading.waiting_text)), **reading.waiting)
    reading.beats.append(replace(place, subject=last.subject, motions=last.motions) if last is not None else place)
    reading.waiting, reading.waiting_text = {}, []


def _read_piece(reading: _Reading, tokens: list[Token]) -> None:
    context: dict[str, Any] = {name: _first(tokens, name) for name in ("set", "weather", "light", "camera", "size")}
    context = {name: value for name, value in context.items() if value}
    reading.unknown += [token.text for token in tokens if token.tag == "unknown"]
    words = _words(tokens)
    tokens = _stand_in(reading, tokens)
    subject, objects, together = _who(reading, tokens)
    verbs = [token for token in tokens if token.tag == "verb"]
    if subject is None and objects:
        subject, objects = objects[0], objects[1:]
    if subject is None and verbs and reading.beats and not (context.get("weather") and len(verbs) == 1):
        subject = reading.beats[-1].subject
    if subject is None and reading.beats and context.keys() == {"camera"}:
        reading.beats[-1] = replace(reading.beats[-1], camera=context["camera"])  # what it does there
        return
    if subject is None:
        reading.waiting |= context
        reading.waiting_text.append(words)
        if _is_view(tokens, context):
            _place(reading)
        return
    passive = any(a.tag == "passive" for a in tokens)
    if passive and objects:
        subject, objects = objects[0], [subject, *objects[1:]]
    subject, objects, relation = _related(tokens, subject, objects)
    main = next((verb for verb in verbs if verb.value != "stand"), verbs[0] if verbs else None)
    back = any(token.text in ("back", "home", "returns", "return", "leftwards") for token in tokens)
    if context.get("set") and reading.waiting.get("set"):
        reading.waiting.pop("set")
    beat = Beat(
        text=_sentence_case(", ".join([*reading.waiting_text, words])),
        subject=subject,
        object=objects[0] if objects else None,
        third=objects[1] if len(objects) > 1 else None,
        motions=tuple(main.value.split()) if main else ("stand",),
        together=together and bool(objects),
        relation=relation,
        heading=-1 if back else 1,
        **(reading.waiting | context),
    )
    reading.waiting, reading.waiting_text = {}, []
    reading.beats.append(beat)


def _stand_in(reading: _Reading, tokens: list[Token]) -> list[Token]:
    """Somebody plays an unknown word that is plainly who acts: "a wombat tumbles" needs an actor."""
    if any(token.tag in ("kind", "near") for token in tokens):
        return tokens
    for place, (token, after) in enumerate(pairwise(tokens)):
        begins = place > 0 and tokens[place - 1].tag in ("plain", "another", "color", "factor", "pattern")
        if token.tag == "unknown" and after.tag == "verb" and begins:
            taken = {role.kind for role in reading.cast if role.word != token.text}
            kind = next((kind for kind in STAND_INS if kind not in taken), STAND_INS[0])
            actor = Token(text=token.text, tag="near", value=kind, base=token.text)
            reading.unknown.remove(token.text)
            return [*tokens[:place], actor, *tokens[place + 1 :]]
    return tokens


def _who(reading: _Reading, tokens: list[Token]) -> tuple[int | None, list[int], bool]:
    """The subject, the others, and whether they act together. New ones join the cast, pronouns point back."""
    subject: int | None = None
    objects: list[int] = []
    adjectives: dict[str, str] = {}
    last: int | None = None
    acted = together = False
    for place, token in enumerate(tokens):
        if token.text in COUNTS:
            adjectives["count"] = str(COUNTS[token.text])
        if token.tag in ("color", "pattern", "factor"):
            if token.tag == "pattern" and last is not None and place and tokens[place - 1].text in ("with", "in"):
                reading.cast[last] = replace(reading.cast[last], pattern=token.value)
            else:
                adjectives[token.tag] = token.value
        elif token.tag == "another":
            adjectives["another"] = "yes"
        elif token.tag == "accessory":
            if last is not None:
                reading.cast[last] = replace(reading.cast[last], accessory=token.value)
            adjectives = {}
        elif token.tag == "verb":
            acted = True
        elif token.tag in ("kind", "near"):
            last = _role(reading, token, adjectives)
            adjectives = {}
            if last is None:
                continue
            if subject is None and not acted:
                subject = last
            elif last != subject and last not in objects:
                objects.append(last)
                together = together or (not acted and tokens[place - 1].text not in ("with", "behind"))
        elif token.tag == "pronoun" and reading.beats:
            meant = _meant(reading, token.text, subject, acted)
            if meant is None:
                continue
            if subject is None and not acted:
                subject = meant
                if token.text == "they" and reading.beats[-1].object not in (None, subject):
                    objects.append(reading.beats[-1].object)
                    together = True
            elif meant != subject and meant not in objects:
                objects.append(meant)
    return subject, objects[:2], together


def _role(reading: _Reading, token: Token, adjectives: dict[str, str]) -> int | None:
    color, pattern = adjectives.get("color"), adjectives.get("pattern")
    for place, role in reversed(list(enumerate(reading.cast))):
        same_look = color is None or role.color is None or role.color == color
        if role.kind == token.value and role.word == token.base and same_look and "another" not in adjectives:
            reading.cast[place] = replace(role, color=role.color or color, pattern=role.pattern or pattern)
            return place
    if len(reading.cast) == MOST_CAST:
        reading.note(f"the cast is full with {MOST_CAST}; {token.text!r} is left out")
        return None
    if token.tag == "near":
        reading.note(f"the cast has no {token.base}; a {token.value} plays the part")
    factor = float(adjectives.get("factor", 1.0))
    count = int(adjectives.get("count", 1))
    role = Role(kind=token.value, word=token.base, color=color, pattern=pattern, size=factor, count=count)
    reading.cast.append(role)
    return len(reading.cast) - 1


def _meant(reading: _Reading, pronoun: str, subject: int | None, acted: bool) -> int | None:
    before = reading.beats[-1]
    if not acted and subject is None:
        return before.subject
    others = [role for role in (before.object, before.third, before.subject) if role not in (None, subject)]
    if pronoun in ("him", "her", "them", "he", "she") and others:
        people = [role for role in others if reading.cast[role].kind not in ("lantern", "ball", "key", "gift", "book")]
        others = people or others
    return others[0] if others else None


def _related(tokens: list[Token], subject: int, objects: list[int]) -> tuple[int, list[int], str]:
    if not objects:
        return subject, objects, ""
    for token in tokens:
        if token.tag == "relation":
            if token.value == "right_of":
                return objects[0], [subject, *objects[1:]], "left_of"
            return subject, objects, token.value
    return subject, objects, ""


def _settled(beats: list[Beat], cast: list[Role]) -> list[Beat]:
    """Every beat with a place, weather and light: as named, else as before, else where its subject lives."""
    settled: list[Beat] = []
    seen: set[int] = set()
    last: dict[int, Beat] = {}  # in which each role was seen last
    for beat in beats:
        before = settled[-1] if settled else None
        if before is not None and not beat.set and beat.subject in last and not set(beat.roles) & set(before.roles):
            before = last[beat.subject]  # back to where we left them
        home = HOMES.get(cast[beat.subject].kind, "") if beat.subject is not None else ""
        if beat.set:
            place = "underwater" if home == "underwater" and beat.set == "sea" else beat.set
        elif before is not None and (beat.subject in seen or not home):
            place = before.set
        else:
            place = home or next(
                (later.set for later in beats if later.set and later.subject == beat.subject), "meadow"
            )
        same_place = before is not None and before.set == place
        weather = beat.weather or (before.weather if before is not None and same_place else "clear")
        light = beat.light or (before.light if before is not None else "day")
        settled.append(replace(beat, set=place, weather=weather, light=light))
        seen |= set(beat.roles)
        last |= dict.fromkeys(beat.roles, settled[-1])
    return settled


def _words(tokens: list[Token]) -> str:
    words = " ".join(token.text for token in tokens if token.text)
    return re.sub(r" ([,:])", r"\1", words).strip(" ,.:")


def _first(tokens: list[Token], name: str) -> str:
    return next((token.value for token in tokens if token.tag == name), "")


def _sentence_case(words: str) -> str:
    words = re.sub(r"^(?:and|but|so|then|while|when|as|,)\s+", "", words.strip(" ,"))
    return words[:1].upper() + words[1:]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:57] + "..."
