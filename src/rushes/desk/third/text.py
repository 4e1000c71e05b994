"""Words on the picture, third wording."""

TEXT: dict[str, tuple[str, ...]] = {
    "text-at-0": (
        "Could the words {text} come up as a title, centre of frame, at {start:clock}? They should hold for "
        "{seconds:g} seconds. Has to be frame accurate.",
    ),
    "text-at-1": (
        'His name should come on at {start:short} and be off again at {end:short}: "{text}", lower third. Please be '
        "spot on with the timing.",
    ),
    "text-at-2": (
        'She says "{text}" in that scene and our deaf viewers miss it. Can we get it as a subtitle? In at '
        "{start:spoken}, out at {end:g}.",
    ),
    "text-at-3": (
        "Title, centred: {text}. Frame {start:frame} is the first one with it, frame {end:frame} the first one "
        "without.",
    ),
    "text-at-4": (
        'Our guest needs naming. "{text}" in the lower third once we hit {start:g}s, gone when we get to {end:g}s.',
    ),
    "text-three-0": (
        'I have three bits of text for you. "{texts[0]}" is the title, {starts[0]:g} s until {ends[0]:g} s. Then her '
        'name, "{texts[1]}", as a lower third, {starts[1]:g} s until {ends[1]:g} s. And what she says, "{texts[2]}", '
        "goes in as a subtitle at {starts[2]:g} s and leaves at {ends[2]:g} s.",
    ),
    "text-three-1": (
        "The client has sent the list of texts, all three of them please:\n"
        '- "{texts[0]}" (title) {starts[0]:short} - {ends[0]:short}\n'
        '- "{texts[1]}" (lower third) {starts[1]:short} - {ends[1]:short}\n'
        '- "{texts[2]}" (subtitle) {starts[2]:short} - {ends[2]:short}',
    ),
    "text-subtitles-0": (
        "here come the subs, straight from my notebook\n"
        "{starts[0]:short} to {ends[0]:short} {texts[0]}\n"
        "{starts[1]:short} to {ends[1]:short} {texts[1]}\n"
        "{starts[2]:short} to {ends[2]:short} {texts[2]}",
    ),
    "text-subtitles-1": (
        'The interview needs subtitling. She says "{texts[0]}" from {starts[0]:spoken} to {ends[0]:spoken}, he '
        'answers with "{texts[1]}" from {starts[1]:g} to {ends[1]:g} seconds, and then "{texts[2]}" is her last word, '
        "{starts[2]:g} until {ends[2]:g}.",
    ),
    "text-reword-0": (
        'The venue has changed its plans, ha. Where it says "{old}" it must now say "{text}". Same spot, same timing.',
    ),
    "text-reword-1": (
        'Regarding the two titles: could the first one be "{text}"? I mean only its wording; the other is perfect.',
    ),
    "text-retime-0": ('I\'d have "{text}" in at {start:spoken} and out at {end:g}, rather than where it sits now.',),
    "text-retime-1": ('"{text}" jumps the gun a bit. Delay it by {late:spoken}; how long it stays up is fine.',),
    "text-gone-0": (
        'Legal just rang, "{text}" isn\'t ours to use any more. Could that title come off? The rest can stay put.',
    ),
}
