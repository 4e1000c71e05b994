"""Long talk, second wording: the wishes of each task in order, and a remark for each remark of the first wording."""

from __future__ import annotations

TALK: dict[str, tuple[str, ...]] = {
    "talk-taken-back-0": (
        'Could we have a title, "{texts[0]}", up from {starts[0]:g} until {ends[0]:g} seconds?',
        'Next, a lower third that says "{texts[1]}": in at {starts[1]:g} s, out at {ends[1]:g} s.',
        'I changed my mind on the title we started with. Make that one "{new}", when it shows doesn\'t change.',
    ),
    "talk-taken-back-1": (
        'First thing: title "{texts[0]}", in at {starts[0]:short}, out at {ends[0]:short}.',
        'There is a name to be shown in the lower third, "{texts[1]}", {starts[1]:clock} to {ends[1]:clock}.',
        "My mistake, way back I gave you a bad time for the title. Right is: in at {start:g} s, out at {end:g} s.",
    ),
    "talk-taken-back-2": (
        'Let us have "{texts[0]}" for a title. It begins after {starts[0]:spoken} and ends at {ends[0]:spoken}.',
        '"{texts[1]}" in the lower third now please, it stands there between {starts[1]:g} s and {ends[1]:g} s.',
        "You remember the title I ordered in the first minutes? I don't want it any more, out with it.",
    ),
    "talk-standing-0": (
        "One thing that counts for the whole job: I type sloppily, but on screen ALL words are uppercase. Always.",
        'Text on screen: "{texts[0]}", {starts[0]:g} s until {ends[0]:g} s.',
        "Lose the {gone} shot.",
        'Here is another text: "{texts[1]}". Starts {starts[1]:g} s, ends {ends[1]:g} s.',
    ),
    "talk-standing-1": (
        "For this whole project: whenever I ask for a text, it belongs in the lower third. I won't repeat that.",
        'Can I get "{texts[0]}" on screen between {starts[0]:short} and {ends[0]:short}?',
        "Delete {gone}.",
        'Now show "{texts[1]}". In at {starts[1]:g} s, out at {ends[1]:g} s.',
    ),
    "talk-standing-2": (
        "House rule for every text from here on: it is up for at least 1.5 seconds. When I give you a shorter "
        "time, keep my start and stretch it to 1.5.",
        'Write "{texts[0]}" on the picture, in {starts[0]:clock}, out {ends[0]:clock}.',
        "We decided against {gone}. Take that shot away.",
        'And I want to read "{texts[1]}" from {starts[1]:spoken} to {ends[1]:spoken}.',
    ),
}

REMARKS = (
    "Hi, hope you slept well.",
    "Lovely, much appreciated.",
    "Back in five, need caffeine.",
    "By the way, my mother fell in love with the boats.",
    "What a grey day it is over here.",
    "Funny, they had no more than a single day to film all that.",
    "That camera nearly went overboard, you know.",
    "Sorry, somebody is at the door.",
    "Here again.",
    "They are drilling upstairs, I can't hear myself think.",
    "Our bookkeeper had a peek at it and grinned.",
    "My grandfather did this job with a razor blade and glue.",
    "I'm getting nervous about opening night.",
    "When we were filming the sun was out all the time.",
    "One of the kids wanted to know if computers get tired.",
    "I had noodles, very tasty.",
    "Funny how light that place is in the morning.",
    "Greetings from the guy who recorded all this.",
    "The bus was late again, of course.",
    "Shot two grows on me, honestly.",
    "Soon it'll be dark outside.",
    "I'm curious what my colleagues will think.",
)
