"""Mending, second wording: each time the facts are the script, the title, the line and its subtitle, and the files."""

from __future__ import annotations

DEFECTS: dict[str, tuple[str, ...]] = {
    "defects-black": (
        "There's one mistake somewhere in this {title} trailer. Track it down and fix it, but only that. It "
        'should go: {names: > }. Title card: "{title}". Voice-over: "{line}", subtitled for as long as you hear '
        "it and not longer. You have all source files.",
    ),
    "defects-frozen": (
        "Hi! Before we publish our {title} trailer, could you watch it once from start to end? I have the "
        "feeling one thing isn't right, but I can't say what. Please correct it and leave everything else alone. "
        "How it's meant: it opens on {names[0]}, then come {names[1]}, {names[2]}, {names[3]} and {names[4]}, "
        'and {names[5]} is the last. The title says "{title}". You hear a voice: "{line}", and the subtitle with '
        "the same words comes and goes together with the voice. I attached every file in case it helps.",
    ),
    "defects-silent": (
        'QC, {title}. One fault. Locate, fix, nothing else. Running order: {names:, }. Title text "{title}". VO '
        '"{line}", subtitle in sync with VO. Sources are with you.',
    ),
    "defects-clipped": (
        "somebody messed up the {title} trailer, one thing is off. go through all of it, correct that, hands off "
        'the good stuff. shots should be: {names: > }. title should be "{title}". voice goes "{line}" and its '
        "subtitle is up exactly that long. all clips are in the project",
    ),
    "defects-loudness": (
        "In the trailer for {title} is one error, I am sure. Please search it and repair it. What is good must "
        "stay how it is. The right order of the shots is this:\n"
        "{names:\n}\n"
        'The title is written "{title}". The voice speaks "{line}" and the subtitle must be there only when she '
        "speaks. The files I have put for you too.",
    ),
    "defects-late": (
        "Please review the cut of our {title} trailer and sort out the one thing that's not as planned. As "
        "planned means: it opens on {names[0]}, then come {names[1]}, {names[2]}, {names[3]} and {names[4]}, and "
        '{names[5]} is the last; the title reads "{title}"; a voice says "{line}" and its subtitle appears with '
        "the first word and disappears with the last. Leave what is as planned. All the footage was handed in.",
    ),
    "defects-spelling": (
        'Titles "{title}", voice "{line}", subtitle on screen for as long as the voice, shots {names:, }: that '
        "is how this trailer ought to be. One point deviates from it. Find out which, restore it, leave the "
        "other points in peace. The files are there if needed.",
    ),
    "defects-character": (
        "The client has rejected our {title} trailer and won't tell me why! They say one thing isn't as agreed. "
        "What we agreed on:\n"
        "{names:\n}\n"
        'with "{title}" as the title, and the spoken sentence "{line}" with a subtitle during exactly that '
        "sentence. Could you find the culprit and put it straight? Don't alter what is right. I've given you all "
        "the files.",
    ),
    "defects-order": (
        "Last check on {title}, goes out in ten minutes. one defect in there, kill it, keep the rest frame for "
        'frame. {names: > }. title = "{title}", VO = "{line}" with subtitle exactly over the VO. files are all '
        "there",
    ),
    "defects-black-spelling": (
        "More than one mistake was noticed when the {title} trailer was screened, but nobody took notes. Please "
        "hunt for all of them and set them right; everything that's correct stays. The target: shots in the sequence "
        '{names: > }, "{title}" as the title, a narrator who says "{line}", and this line up as a subtitle while, '
        "and only while, he says it. All the source files are included.",
    ),
    "defects-loudness-late-frozen": (
        "pls do a technical pass on the {title} trailer. i know of two things gone wrong, there could be more, fix "
        "every one of them. don't fiddle with anything that's ok. it should be {names:, } in that order; title "
        '"{title}"; speaker says "{line}", subtitle for that and not a moment before or after. clips are all '
        "uploaded",
    ),
    "defects-clipped-character-spelling": (
        "Our {title} trailer came back from the studio with several faults, what a shame! I would be so glad if you "
        "could find each of them and repair it, without touching the rest. This is what the paper says. Shots: "
        '{names: / }. Title: "{title}". Voice: "{line}". Subtitle: the same sentence, visible exactly as long as it '
        "is spoken. I have put all the files in, perhaps you want one of them.",
    ),
    "defects-silent-late-black-spelling": (
        "I'm a bit embarrassed: our trainee cut the {title} trailer and quite a few things went wrong. Would you "
        "go through it from the first frame to the last and correct whatever you find? It was meant like this: "
        "it opens on {names[0]}, then come {names[1]}, {names[2]}, {names[3]} and {names[4]}, and {names[5]} is "
        'the last. The title says "{title}". A voice says "{line}", and the subtitle is there precisely while we '
        "hear it. Whatever the trainee did right should please stay. Every clip is attached.",
    ),
    "defects-frozen-clipped-late-spelling-character": (
        "{title} trailer, got sent back, a whole bunch of problems. fix the lot, don't break what works. shots "
        'are {names:, }. title: "{title}". voice: "{line}", subtitle from its first to its last moment. use the '
        "attached files if you have to",
    ),
    "defects-late-quiet": (
        "My colleague says one thing in the {title} trailer is wrong, and then she went on holiday without telling "
        "me what. Can you find it and correct it, and only it? Don't be fooled by {quiet}: this shot is 9 dB under "
        "the others because we want it so. The plan was {names: - }. We see the title "
        '"{title}". A voice says "{line}", and whenever it does, and only then, the subtitle is up. The files came '
        "with this message.",
    ),
}
