"""Mending, third wording: something is wrong, and what the film should be is said; what is wrong is not."""

DEFECTS: dict[str, tuple[str, ...]] = {
    "defects-black": (
        "Something in the trailer for the {title} looks off to me and I can't say what. Could you watch it all and "
        "fix it? Whatever is okay, leave alone. What it should be: shots in the order {names:, }; the title reads "
        '"{title}"; the speaker\'s line is "{line}", with the subtitle up from its first word to its last. I\'ve '
        "attached every file just in case.",
    ),
    "defects-frozen": (
        "Final check before this goes to the cinemas please. There's a mistake somewhere in it. For reference:\n"
        "shots: {names: / }\n"
        'title says "{title}"\n'
        'voice: "{line}", the subtitle comes and goes with it\n'
        "Find it, fix it, hands off everything else. The source files are in the project.",
    ),
    "defects-silent": (
        "My boss says our trailer has a fault, and then off he went to lunch without telling me which... Can you find "
        'it and repair it, and only that? It goes {names:, then }. The title must be "{title}". While the voice is '
        'saying "{line}", and only then, the subtitle is up. All the original files are there if you want one.',
    ),
    "defects-clipped": (
        'QC please. Trailer, shots in order: {names:, }. Title "{title}". VO "{line}", subtitle in and out with it. '
        "One thing is broken. Fix that, keep the rest as is, to the frame. Originals supplied.",
    ),
    "defects-loudness": (
        "Would you be so kind as to examine our trailer? One thing in it is not right. As agreed, the title says "
        '"{title}" and the pictures are, one after another, {names:, }; the narrator says "{line}", and exactly '
        "during these words the subtitle is shown. Please correct the fault and nothing but the fault. I have "
        "enclosed all the files.",
    ),
    "defects-late": (
        "ugh, somebody was at our trailer overnight and now it isn't right any more. This is how it was signed off: "
        '{names: > }, title "{title}", voice "{line}" and the subtitle on screen precisely while it speaks, so not a '
        "moment before or after. Put back whatever got broken. Don't improve anything! The originals are in there too.",
    ),
    "defects-spelling": (
        "Can you go through this trailer from start to finish, picture, sound and words? There is an error in it. "
        'Shot list: {names:, }. The title should be "{title}". We hear "{line}" and have it as a subtitle at the very '
        "same time, not before and not after. Correct the error, the rest is approved. All clips are in the folder.",
    ),
    "defects-character": (
        "The broadcaster sent the promo back, so something's fishy with it. Take a good look, will you? Agreed "
        'running order: {names:, }. On the title: "{title}". Spoken: "{line}", and its subtitle comes when the speech '
        "starts and leaves when it stops. Mend what's broken, nothing more. Every clip we shot is with you.",
    ),
    "defects-order": (
        "I've stared at this trailer so long that I no longer see what's wrong with it, but something is. Fresh eyes "
        "please! It's supposed to be:\n"
        "1. {names[0]}\n"
        "2. {names[1]}\n"
        "3. {names[2]}\n"
        "4. {names[3]}\n"
        "5. {names[4]}\n"
        "6. {names[5]}\n"
        'with the title "{title}", and "{line}" spoken, with a subtitle exactly while it\'s spoken. Sort it out but '
        "leave what works. You've got all the files.",
    ),
    "defects-black-spelling": (
        "There are a couple of mistakes in our trailer, not just one, please weed them all out. Running order "
        '{names:, }. It\'s titled "{title}". The man says "{line}" and the subtitle should be there the moment he '
        "starts and gone the moment he's done. Don't touch anything that's right. I've put all the files in.",
    ),
    "defects-loudness-late-frozen": (
        "The intern did this trailer, bless him, and there's more than one thing wrong with it. Could you check all "
        'of it and put it right? He was told: {names:, then }. The title was to be "{title}". Speaker "{line}", '
        "subtitle on while he speaks and off when he doesn't. What he got right stays as it is. The raw files are "
        "with you too.",
    ),
    "defects-clipped-character-spelling": (
        'Trailer came back from the network with "several faults" and no list. Great. Here\'s the spec: shots '
        '{names:, }; title "{title}"; voice-over "{line}" with a subtitle, in and out in sync with the voice. Track '
        "down every fault and cure it, no other changes. You have all of the files.",
    ),
    "defects-silent-late-black-spelling": (
        "I am afraid that the trailer has got a number of errors. May I ask you to look for them, in picture and "
        "sound and text, and to remove all of them? The shots are {names:, }, in this sequence. The title has to be "
        '"{title}". One hears "{line}", and the subtitle has to begin and end together with the voice. What is '
        "without error should please remain untouched. Should you need a file: they are all here.",
    ),
    "defects-frozen-clipped-late-spelling-character": (
        "This trailer is a mess, loads of things have gone wrong in it!! It goes out tonight so please catch every "
        'one of them. Order is {names: - }. Title is "{title}". Voice goes "{line}" and the sub is up while you hear '
        "that, bang on. Anything that's fine already, don't go near it. All files attached.",
    ),
    "defects-late-quiet": (
        "One more pair of eyes on the trailer? Somewhere there's a slip that needs mending, and please mend only "
        'that. As planned: {names:, }. "{title}" is the title. "{line}" is what the voice says, and the subtitle is '
        "on screen right when it's said, neither sooner nor later. Before you ask: {quiet} is meant to be 9 dB softer "
        "than the others. The files are all on hand.",
    ),
}
