"""Plain orders: the forms that the built-in director is sure to read, and the one question that has a small language
model put a person's free words into them.

A model of a billion weights loses its way among tools, ids and arithmetic, but it rewords well. So it sees forms and
examples, which never change (a server keeps them in its prefix cache), and then one film in a line or two, one
message, and the numbers of that message as code reads them.
"""

from __future__ import annotations

import re
from typing import Any

from rushes.agent.builtin.answers import FilmSeen
from rushes.agent.builtin.marks import mark
from rushes.agent.json_reply import read_json
from rushes.agent.models import Message

MOST_ORDERS = 4  # of one message
LONGEST = 160  # characters of an order
MOST_WORDS = 600  # characters of a message that are shown
MOST_NAMED = 16  # pieces of the film that are shown
FORMS = """
remove the SHOT shot
remove everything from 2 s to 4 s
remove everything after 9 s
keep only the SHOT shot
trim the SHOT shot to 2.5 s
cut 0.5 s from the start of the SHOT shot
cut 0.5 s from the end of the SHOT shot
split the film at 4 s
move the SHOT shot to the start
move the SHOT shot to the end
move the SHOT shot before the OTHER shot
move the SHOT shot after the OTHER shot
swap the SHOT shot and the OTHER shot
play the SHOT shot at 2x speed
crossfade the SHOT shot into the OTHER shot over 0.5 s
fade to black at the end over 1 s
make the film 9 s long
make the film 9:16
make the film 16:9
make the film 1:1
show 'WORDS' from 3 s to 5 s as a title
show 'WORDS' from 3 s for 2 s as a lower third
show 'WORDS' from 3 s to 5 s as a subtitle
change the text 'WORDS' to 'OTHER WORDS'
move the text 'WORDS' to the lower third
move the text 'WORDS' to 0.5 s
let the text 'WORDS' stand from 2 s to 3 s
remove the text 'WORDS'
remove all texts
mute the SHOT shot
make the SHOT shot 4 dB quieter
make the music 4 dB louder
remove the music
add calm music
replace the SHOT shot with FILE
insert FILE after the SHOT shot
add a new shot of THING after the SHOT shot
make the THING red
read 'WORDS' aloud at 2 s
write all texts in capitals from now on
put all texts in the lower third from now on
never touch the SHOT shot
check the film and fix everything
undo the last change
""".strip().splitlines()
FILM = (
    "Film, 12 s. Shots: beach 0-4 s, tower 4-6 s, forest 6-9 s, kitchen 9-12 s. Texts: 'SUMMER' 1-3 s. Sounds: music."
)
EXAMPLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("That tower is boring, throw it away.", ("remove the tower shot",)),
    ("My aunt has a kitchen just like that!", ()),
    ("The beach goes on for ages, two and a half seconds will do.", ("trim the beach shot to 2.5 s",)),
    ("Flash HURRY UP at three seconds for one and a half.", ("show 'HURRY UP' from 3 s for 1.5 s as a title",)),
    (
        "Could the forest come ahead of the tower? And lose that word SUMMER.",
        ("move the forest shot before the tower shot", "remove the text 'SUMMER'"),
    ),
    ("It is meant for a television.", ("make the film 16:9",)),
    ("The forest is deafening, take four decibels off it.", ("make the forest shot 4 dB quieter",)),
    ("Let's see what they say about it.", ()),
    ("I have moved the forest myself before lunch.", ()),
    ("Hush the beach completely.", ("mute the beach shot",)),
    ("Blend beach and tower, a quarter of a second.", ("crossfade the beach shot into the tower shot over 0.25 s",)),
    ("SUMMER is wrong, it has to say WINTER.", ("change the text 'SUMMER' to 'WINTER'",)),
    ("The tower crawls, run it three times as fast.", ("play the tower shot at 3x speed",)),
    ("I only paid for nine seconds.", ("make the film 9 s long",)),
    ("SUMMER comes far too late, I want to see it from half a second on.", ("move the text 'SUMMER' to 0.5 s",)),
    ("The first second of the forest shakes, snip that off.", ("cut 1 s from the start of the forest shot",)),
    ("Forest and beach should trade places.", ("swap the forest shot and the beach shot",)),
    ("Not a frame earlier or later than that, please.", ()),
    ("Darkness for the final two seconds, slowly.", ("fade to black at the end over 2 s",)),
    ("What happens past nine seconds is of no use to anybody.", ("remove everything after 9 s",)),
    ("Oh dear, take that back.", ("undo the last change",)),
    ("Whatever you do, the tower stays as it is, always.", ("never touch the tower shot",)),
    ("Till four seconds from three on, say it: LAST CHANCE.", ("show 'LAST CHANCE' from 3 s to 4 s as a title",)),
    ("The music is far too soft, three decibels more.", ("make the music 3 dB louder",)),
    ("Begin with the kitchen.", ("move the kitchen shot to the start",)),
)
HEAD = (
    "A client talks about a film. Write what the client wants done as plain orders, each in one of these forms:\n"
    + "\n".join(FORMS)
    + "\nUse the client's own names, texts and numbers. No orders where the client only chats, praises or explains.\n"
    + 'Answer with JSON: {"orders": [...]}\n\n'
    + FILM
)
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"orders": {"type": "array", "maxItems": MOST_ORDERS, "items": {"type": "string"}}},
    "required": ["orders"],
    "additionalProperties": False,
}


def question(said: str, film: FilmSeen, before: str = "") -> list[Message]:
    """The one question. `before`: what the user said last, which "it" and "that" may speak of."""
    messages = [Message(role="system", content=HEAD)]
    for words, orders in EXAMPLES:
        messages.append(Message(role="user", content=_client(words)))
        messages.append(Message(role="assistant", content=_answer(orders)))
    lines = [described(film)]
    if before:
        lines.append(f"Before that the client said: {_short(before, 200)}")
    return [*messages, Message(role="user", content="\n".join([*lines, _client(said)]))]


def once_more(asked: list[Message], answer: str, problem: str) -> list[Message]:
    """The question again, with what was wrong with the answer."""
    wrong = f"That can't be used: {problem}. Answer again."
    return [*asked, Message(role="assistant", content=answer[:600]), Message(role="user", content=wrong)]


def _client(said: str) -> str:
    numbers = numbers_of(said)
    hint = f" (numbers: {', '.join(numbers)})" if numbers else ""
    return f"Client: {_short(said, MOST_WORDS)}{hint}"


def _answer(orders: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{order}"' for order in orders)
    return f'{{"orders": [{listed}]}}'


def described(film: FilmSeen) -> str:
    """The film in a line or two. Names and texts are material: short, and in one line each."""
    if not film.pieces:
        return "Film: there is none yet."
    parts = [f"Film, {film.seconds:g} s."]
    clips = [f"{name_of(p.words)} {p.start:g}-{p.end:g} s" for p in film.clips[:MOST_NAMED]]
    texts = [f"'{_short(p.words, 40)}' {p.start:g}-{p.end:g} s" for p in film.of("text")[:MOST_NAMED]]
    sounds = [name_of(p.words) for p in film.of("sound")[:MOST_NAMED]]
    for what, found in (("Shots", clips), ("Texts", texts), ("Sounds", sounds)):
        parts += [f"{what}: {', '.join(found)}."] if found else []
    return " ".join(parts)


def name_of(words: str) -> str:
    """A clip's or a sound's name as people say it: "harbour.mp4 from 0.500" is the harbour."""
    bare = re.split(r" (?:take-\d|of shot-|from \d|speed \d|fade \d|push \d|contain\b|mute\b|[+-][\d.]+ dB)", words)[0]
    return _short(re.sub(r"\.\w{2,4}$", "", bare), 40) or "shot"


def numbers_of(said: str) -> list[str]:
    """The numbers of a message as code reads them: "two and a half seconds" is "2.5 s"."""
    units = {"t": " s", "d": " dB", "x": "x", "p": "%", "l": " LUFS", "b": " bpm", "n": ""}
    found = []
    text = re.sub(r"\{o(\d+)\} second\b", r"{t\1+0}", mark(said).text)  # "after the fourth second"
    for kind, value, frames in re.findall(r"\{([tdxplbn])(-?[\d.]+)(?:\+(\d+))?\}", text):
        if kind == "t" and frames != "0":
            found.append(f"{frames} frames" if value == "0" else f"{value} s and {frames} frames")
        else:
            found.append(f"{value}{units[kind]}")
    return list(dict.fromkeys(found))


def read_orders(text: str) -> list[str]:
    """The orders of an answer, in the shapes in which small models give them. Raises ValueError."""
    answer = read_json(text)
    if isinstance(answer, dict):
        answer = next((value for value in answer.values() if isinstance(value, list)), list(answer.values()))
    if not isinstance(answer, list):
        raise ValueError('answer with {"orders": [...]}')
    found = [" ".join(each.split()).strip(" .") for each in answer if isinstance(each, str)]
    return [each[:LONGEST] for each in found if each][:MOST_ORDERS]


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]} ..."
