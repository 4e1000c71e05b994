"""Long talk, third wording: the wishes of each task in order, and a remark for each remark of the first wording."""

REMARKS = (
    "hi there!",
    "Oh that's lovely, cheers.",
    "Just putting the kettle on.",
    "My brother can't stop talking about the boats, ha ha.",
    "Still pouring down out there.",
    "We did the whole shoot on a single Sunday, believe it or not.",
    "The tripod went overboard that day, I still laugh about it.",
    "hang on, someone's at the door",
    "ok, here again",
    "They're drilling upstairs, I can barely think.",
    "My neighbour saw a bit of it and grinned all the way through.",
    "My old teacher did all this on a Steenbeck, you know.",
    "I'm a little nervous about the screening, to be honest.",
    "We were so lucky with the sun on the day.",
    "My son wants to know if computers get bored.",
    "That was a good sandwich.",
    "Funny how bright it was there, I'd completely forgotten.",
    "Greetings from Tom, he recorded the sound.",
    "And my bike's been nicked. What a week.",
    "It's growing on me, this film.",
    "Wow, is it that late already?",
    "We'll see what the team makes of it.",
)

TALK: dict[str, tuple[str, ...]] = {
    "talk-taken-back-0": (
        'Right, so we need a title: "{texts[0]}", it comes at {starts[0]:spoken} and goes at {ends[0]:spoken}.',
        'Oh, and she needs a lower third, "{texts[1]}", between {starts[1]:g} and {ends[1]:g} seconds.',
        "You know the title I asked for when we started? I've had second thoughts, it should say \"{new}\". When it's "
        "up stays the same.",
    ),
    "talk-taken-back-1": (
        'Can we have "{texts[0]}" for a title, {starts[0]:g} s to {ends[0]:g} s?',
        'Next up a lower third. It says "{texts[1]}", in {starts[1]:short}, out {ends[1]:short}.',
        "Sorry, I gave you the wrong times for the title way back. In at {start:spoken} and out at {end:g}, that's "
        "what it should have been.",
    ),
    "talk-taken-back-2": (
        'First of all I would like the title "{texts[0]}", visible from {starts[0]:short} to {ends[0]:short}.',
        'Now please add the lower third "{texts[1]}". It begins at {starts[1]:g} seconds and ends at {ends[1]:g}.',
        "The title I ordered right at the start today: the producer doesn't want one after all. Can you get rid of it?",
    ),
    "talk-standing-0": (
        "House rule before we get going: any wording you put on screen is ALL CAPS, even when I can't be bothered to "
        "type it that way.",
        'Title time. "{texts[0]}", from {starts[0]:spoken} in until {ends[0]:g}.',
        "I've gone off the {gone} shot. Drop it, would you?",
        'One more title, "{texts[1]}", on at {starts[1]:short} and off at {ends[1]:short}.',
    ),
    "talk-standing-1": (
        "Before I forget: whatever text I ask for today, always the lower third, also when I don't mention it.",
        'I need "{texts[0]}" to be up between {starts[0]:g} and {ends[0]:g} seconds.',
        "could the {gone} shot go? it's one too many",
        '"{texts[1]}" should appear {starts[1]:spoken} in and vanish at {ends[1]:g}.',
    ),
    "talk-standing-2": (
        "Viewers complain that our texts are too quick to read. So as of today nothing I ask for stays up less than "
        "one and a half seconds: should I give you a shorter time, keep the start and stretch it to 1.5.",
        'A title for you: "{texts[0]}", {starts[0]:g} to {ends[0]:g} seconds.',
        "We can do without the {gone} shot, please take it away.",
        'Then "{texts[1]}" as a title, in at {starts[1]:spoken}, out at {ends[1]:spoken}.',
    ),
}
