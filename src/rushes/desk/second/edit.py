"""Cutting and length, second wording."""

from __future__ import annotations

EDIT: dict[str, tuple[str, ...]] = {
    "edit-assemble-0": ("String these up back to back at full length: {files[0]}, then {files[1]}, {files[2]} last.",),
    "edit-assemble-1": (
        "You have got three files from me. The movie starts with {files[0]}, after this comes {files[1]}, and "
        "the end is {files[2]}. Nothing should be shortened, please.",
    ),
    "edit-shot-gone-0": ("Lose {name}. Close the gap.",),
    "edit-shot-gone-1": (
        "Shot {number} doesn't work for me, please drop it. I'm happy with everything else as it is.",
    ),
    "edit-span-gone-0": ("Extract {start:short} to {end:short}. No gap.",),
    "edit-span-gone-1": (
        "You can see a stranger crossing the frame, it starts at {start:clock} and lasts until {end:clock}. "
        "Could you get rid of exactly that bit?",
    ),
    "edit-reorder-0": (
        "Let's open on {names[0]} instead. It's the last shot at the moment; the others follow as before.",
    ),
    "edit-reorder-1": ("{names[1]} should come where {names[0]} is, and {names[0]} where {names[1]} is.",),
    "edit-reorder-2": (
        "Turn the running order around: last shot first, first shot last, all four of them. The shots themselves "
        "must not run backwards.",
    ),
    "edit-reframe-0": ("social wants a vertical version of this, {aspect}, asap",),
    "edit-reframe-1": ("New aspect ratio please: {aspect}. So exactly as wide as it is high.",),
    "edit-reframe-2": (
        "They broadcast in {aspect}. I would rather have black bars than lose the edges, so fit the entire image in.",
    ),
    "edit-trim-0": ("Shave the first {less:g} s off {name}. Keep its out point.",),
    "edit-trim-1": ("The opening shot drags. Make it stop {less:spoken} sooner.",),
    "edit-insert-0": (
        "Take {seconds:spoken} of {file}, starting at {start:short} in that file, and drop it in after {one}, so "
        "ahead of {two}.",
    ),
    "edit-swap-0": (
        "{name} is not beautiful, we have a better one: {file}. Please put this in exchange, and it must be just "
        "so long as the old one.",
    ),
    "edit-swap-1": (
        "Replace shot 2 with the opening of {file}. All the other shots have to stay at the times they are now.",
    ),
    "edit-faster-0": ("{name}: speed 200%.",),
    "edit-beats-0": (
        "Think music video. The track is {music}, tempo {bpm} bpm, and it plays from beginning to end. Clips in "
        "this sequence: {files:, }. The picture changes every {beats} beats, on the beat, and it's over once the "
        "last clip has had its {beats} beats too.",
    ),
    "edit-beats-1": (
        "I give you the song {music}, it has {bpm} bpm, and four videos. Please put first {files[0]}, after it "
        "{files[1]}, after it {files[2]} and as last {files[3]}. Each video stays for {beats} beats and changes "
        "together with the music. We must hear the song all the time. When the last video is over, the movie is "
        "over.",
    ),
    "edit-beats-2": (
        "{bpm} bpm, track = {music}, keep it under the entire thing. {files: / }, {beats} beats apiece, cuts on "
        "the beat, out right after {files[3]}",
    ),
    "edit-shorten-0": (
        "Our slot is {seconds:g} seconds sharp, so please get this down to that. {name} is the best thing we "
        "have, I want every single frame of it. Don't lose the title either. All four shots should still show "
        "up, and in the order they are in.",
    ),
    "edit-shorten-1": (
        "tighten to {seconds:g} sec, exact. hands off {name}, that one plays full length. title survives. leave "
        "in a bit of each of the others & don't reshuffle",
    ),
    "edit-lengthen-0": (
        "Too short! I need {seconds:g} s to the frame. There's more material in the source files than what you "
        "see now, so let the shots run on. No slow motion, no reshuffling.",
    ),
    "edit-lengthen-1": (
        "The duration must become {seconds:spoken}, exact. In the original files is more than what we see now, "
        "so please take from there. The speed and the order should not change.",
    ),
}
