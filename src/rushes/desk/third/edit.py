"""Cutting and length, third wording."""

EDIT: dict[str, tuple[str, ...]] = {
    "edit-assemble-0": (
        "String these together for me, no trimming: {files[0]} opens, {files[1]} follows, {files[2]} closes.",
    ),
    "edit-assemble-1": (
        "What I need is a single video from my three files, each of them at full length. Sequence: {files: > }.",
    ),
    "edit-shot-gone-0": ("The {name} shot just doesn't work for me, can we lose it? No hole where it was, obviously.",),
    "edit-shot-gone-1": ("shot {number} has got to go, sorry. the others are lovely as they are",),
    "edit-span-gone-0": (
        "There's a dull stretch: from {start:short} to {end:short} nothing happens. Bin that and join up what's left.",
    ),
    "edit-span-gone-1": (
        "You can see the boom mic in the picture between {start:g} and {end:g} s. Could you snip that part away? A "
        "shorter film is fine.",
    ),
    "edit-reorder-0": (
        "I think we should open with the {names[0]} shot. The others can come after it in the order they have now.",
    ),
    "edit-reorder-1": ("{names[0]} and {names[1]} are the wrong way round, could they trade places?",),
    "edit-reorder-2": (
        "Let's try telling it from the end. I mean the order of the shots, the last one first and so on down to the "
        "first; within a shot nothing should run in reverse.",
    ),
    "edit-reframe-0": ("It's going on TikTok, so portrait please ({aspect}).",),
    "edit-reframe-1": ("The client's feed only takes {aspect}. Can you turn the film into that shape?",),
    "edit-reframe-2": (
        "The old projector at the club is {aspect}. Please fit our film to that, with bars if need be: I don't want "
        "to lose anything at the edges.",
    ),
    "edit-trim-0": (
        "The {name} shot takes too long to get going. Skip its first {less:g} seconds; it should still end on the "
        "same picture.",
    ),
    "edit-trim-1": ("Our opening shot drags on. Could you shave {less:spoken} from its tail?",),
    "edit-insert-0": (
        "I'd love to see a bit of {file} in the middle, after {one} and before {two}. Pick it up at {start:short} in "
        "that file and let it run for {seconds:spoken}.",
    ),
    "edit-swap-0": (
        "The {name} shot isn't sharp, and I've got something better: {file}. Could that take its place, from its "
        "beginning, for exactly as long as {name} runs now?",
    ),
    "edit-swap-1": (
        "Change of plan for shot two: ditch it and drop in the start of {file}, cut to the same duration so the rest "
        "doesn't shift.",
    ),
    "edit-faster-0": ("The {name} shot feels sluggish, run it twice as fast would you?",),
    "edit-beats-0": (
        "This should dance! Use {files:, then }, and give each of them {beats} beats of {music}, which goes at {bpm} "
        "bpm. I want the music going from start to finish, and when the last shot has had its {beats} beats that's "
        "the end.",
    ),
    "edit-beats-1": (
        "{music} is our track, {bpm} BPM. Shots in order: {files:, }. {beats} beats apiece, track under the lot, out "
        "with the last shot.",
    ),
    "edit-beats-2": (
        "Could you edit my clips so that they change with the music? The music is {music} and has {bpm} beats per "
        "minute. Every clip gets three beats. The sequence is {files:, }. When the last clip is over, the film is "
        "over too, and until then the music should play.",
    ),
    "edit-shorten-0": (
        "They've given us {seconds:g} seconds, not a frame more or less. {name} is untouchable, I want every bit of "
        "that shot. Trim the other ones as you like, but don't throw any shot away and don't shuffle them, and the "
        "title must survive.",
    ),
    "edit-shorten-1": (
        "Please bring the film down to {seconds:spoken} precisely. I ask only this: the {name} shot remains complete, "
        "the title remains, every other shot remains at least in part, and the order remains.",
    ),
    "edit-lengthen-0": (
        "We're short! It's got to be {seconds:g} seconds dead. There's unused material in both files, so let the "
        "shots run on longer. No slow motion please, and don't change which comes first.",
    ),
    "edit-lengthen-1": (
        "Can this be stretched to {seconds:spoken} exactly? Not by slowing anything down, but by showing more of "
        "what's on the files. The first shot stays first and the second stays second.",
    ),
}
