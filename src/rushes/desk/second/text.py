"""Words on the picture, second wording."""

from __future__ import annotations

TEXT: dict[str, tuple[str, ...]] = {
    "text-at-0": (
        "title time: {text}, big and centred. comes up {start:spoken} in and stays {seconds:g}s, frame-accurate pls",
    ),
    "text-at-1": (
        'Our speaker needs a name strap (lower third) reading "{text}". In at {start:g}s, out at {end:g}s, and '
        "yes, I will count the frames.",
    ),
    "text-at-2": (
        'In the subtitle must be written "{text}". It comes when {start:spoken} are gone and it is away when we '
        "are at {end:g} s.",
    ),
    "text-at-3": (
        "{text}, centre screen, title style. First frame that has it: {start:frame}. First frame without it: "
        "{end:frame}.",
    ),
    "text-at-4": ('Lower third for our guest, spelled "{text}": up at {start:short}, down at {end:short}.',),
    "text-three-0": (
        "Text list for this cut:\n"
        '- {starts[0]:g}-{ends[0]:g} s, title, "{texts[0]}"\n'
        '- {starts[1]:g}-{ends[1]:g} s, lower third, "{texts[1]}"\n'
        '- {starts[2]:g}-{ends[2]:g} s, subtitle, "{texts[2]}"',
    ),
    "text-three-1": (
        'We begin with a title, "{texts[0]}", which shows up after {starts[0]:spoken} and leaves at {ends[0]:g} '
        's. Then the person should be named: between {starts[1]:g} and {ends[1]:g} seconds I want "{texts[1]}" '
        'in the lower third. Last comes what is being said, "{texts[2]}", as a subtitle that starts at '
        "{starts[2]:g} s and ends at {ends[2]:g} s.",
    ),
    "text-subtitles-0": (
        "The lines below have to run as subtitles. Times are minutes:seconds, in and out.\n"
        "{starts[0]:short} - {ends[0]:short}  {texts[0]}\n"
        "{starts[1]:short} - {ends[1]:short}  {texts[1]}\n"
        "{starts[2]:short} - {ends[2]:short}  {texts[2]}",
    ),
    "text-subtitles-1": (
        'There are three subtitles to be put in. "{texts[0]}" runs from {starts[0]:g} s until {ends[0]:g} s. '
        '"{texts[1]}" runs from {starts[1]:g} s until {ends[1]:g} s. And "{texts[2]}" from {starts[2]:g} s until '
        "{ends[2]:g} s.",
    ),
    "text-reword-0": (
        'They have renamed the thing. Where it says "{old}" I now want "{text}". When it comes and goes is fine '
        "as it is.",
    ),
    "text-reword-1": ('Title number one gets new copy: "{text}". Number two is approved, hands off.',),
    "text-retime-0": ('"{text}" has the wrong times. In point {start:short}, out point {end:short}.',),
    "text-retime-1": ('Delay "{text}" by {late:g} s. Its duration is okay.',),
    "text-gone-0": (
        'Legal just phoned: we are not allowed to show "{text}". Delete this title, and keep all other things '
        "how they are.",
    ),
}
