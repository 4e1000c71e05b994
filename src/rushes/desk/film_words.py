"""The words that film logs are written in, in two halves that share no name, place or thing.

Every table is a pair: what training logs say, what test logs say. Colours and plain numbers are common to both.
"""

from __future__ import annotations

from typing import Literal

Split = Literal["train", "test"]
Table = tuple[tuple[str, ...], tuple[str, ...]]


def words_of(table: Table, split: Split) -> tuple[str, ...]:
    return table[0] if split == "train" else table[1]


def listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(","))


COLOURS = listed(
    "rust, teal, ochre, plum, ivory, slate, coral, olive, amber, indigo, mint, crimson, silver, sand, navy, lilac"
)

NAMES: Table = (
    listed(
        "Ansel, Mirela, Tobin, Oriel, Juno, Casper, Wenna, Idris, Petra, Lorne, Suki, Bram, Odile, Rafe, Nell, Yara"
    ),
    listed("Halvar, Quill, Thea, Rowan, Zelda, Milo, Greta, Ivo, Perrin, Sabine, Dov, Linnea, Otis, Vesna, Kip, Maren"),
)
KINDS: Table = (
    listed("fox, penguin, robot, owl, girl, turtle, cat, snail"),
    listed("bear, rabbit, boy, frog, horse, mouse, dog, diver"),
)
CARRIED: Table = (
    listed("lantern, kite, suitcase, violin, map, umbrella, jar, bell"),
    listed("drum, ladder, telescope, basket, rope, trumpet, shovel, globe"),
)
WORN: Table = (
    listed("scarf, straw hat, raincoat, sash, bib, bonnet, cape, feather collar"),
    listed("bow tie, poncho, helmet, waistcoat, headband, kilt, shawl, monocle"),
)
PLACES: Table = (
    listed(
        "pier, lighthouse, bakery, tram stop, orchard, rooftop, harbour wall, tunnel, greenhouse, square, quarry, ferry"
    ),
    listed(
        "canal, windmill, station, library, beach hut, bridge, cellar, fairground, boatyard, hilltop, market, attic"
    ),
)
CONDITIONS: Table = (
    listed(
        "soaked, limping, asleep, out of breath, covered in soot, laughing, shivering, blindfolded, seasick, yawning"
    ),
    listed("sneezing, dizzy, barefoot, in tears, covered in flour, whistling, sunburnt, hiccuping, muddy, startled"),
)
TEXTS: Table = (
    listed(
        "LIGHT COMES HOME, ONE LAST FERRY, BREAD AT DAWN, ASK THE TIDE, SALE ENDS FRIDAY, NO HURRY, "
        "THE LONG WAY ROUND, WARM SINCE 1908, BRING A FRIEND, STAY FOR SUPPER, OPEN ALL WINTER, THE QUIET HOUR"
    ),
    listed(
        "NORTH OF NOWHERE, FRESH EVERY HOUR, TWO FOR ONE, LISTEN CLOSER, DOORS AT NINE, KEEP IT WILD, THE SECOND MOON, "
        "MADE BY HAND, LAST ORDERS, COME AS YOU ARE, FROM HERE TO SEA, EARLY BIRDS ONLY"
    ),
)
OTHER_FILMS: Table = (
    listed("last year's harbour spot, the ferry teaser, the bakery commercial"),
    listed("the spring trailer, the museum film, the older cut for the fair"),
)

# What a thing of the film is called; which name is used where is drawn anew each time.
SLOTS: dict[str, dict[str, Table]] = {
    "title": {
        "opening": (listed("the opening title, the first card"), listed("the title at the start, the card up front")),
        "closing": (listed("the closing title, the last card"), listed("the end title, the card that ends it")),
        "lower": (listed("the lower third, the name strap"), listed("the caption below, the strap at the foot")),
    },
    "file": {
        "music": (listed("the music bed, the score"), listed("the music, the backing music")),
        "logo": (listed("the logo, the brand mark"), listed("the client's logo, the logo artwork")),
        "voice": (listed("the voice-over, the narration"), listed("the narrator's voice, the spoken voice track")),
        "sting": (listed("the sting, the opening sting"), listed("the short jingle, the jingle")),
        "wind": (listed("the wind noise, the outdoor wind"), listed("the rain ambience, the rain sound")),
        "script": (listed("the script, the shooting script"), listed("the screenplay, the latest screenplay")),
    },
    "decision": {
        "ending": (listed("the ending, how it ends"), listed("the final image, the image it ends on")),
        "last line": (listed("the last line, the final words"), listed("the closing line, the line that closes it")),
        "season": (listed("the season, the time of year"), listed("the season it plays in, the season of the story")),
        "narrator": (listed("the narrator, whose voice tells it"), listed("the storyteller, who tells the story")),
        "transition": (listed("the transitions, how shots join"), listed("the joins, the joins between shots")),
        "grain": (listed("the look, the picture's finish"), listed("the grade, the colour grade")),
    },
    "number": {
        "cap": (listed("the budget, the spending cap"), listed("the money limit, the limit on money")),
        "tempo": (listed("the tempo, the beats a minute"), listed("the music's tempo, the pace of the music")),
        "length": (listed("the running time, the film's length"), listed("the total length, the length over all")),
        "target": (
            listed("the loudness target, the target level"),
            listed("the delivery loudness, the level to deliver"),
        ),
        "copies": (
            listed("the number of versions, the versions wanted"),
            listed("the cutdowns, the cutdowns to deliver"),
        ),
    },
}
CHOICES: dict[str, Table] = {
    "ending": (
        listed("an empty boat, a closed door, a lit window"),
        listed("an open gate, a setting sun, a waving hand"),
    ),
    "last line": (listed("a whisper, a shout, silence"), listed("a question, a song, a sigh")),
    "season": (listed("late autumn, deep winter"), listed("early spring, high summer")),
    "narrator": (listed("an old sailor, a child, nobody"), listed("a grandmother, a radio host, the moon")),
    "transition": (listed("hard cuts, slow dissolves, wipes"), listed("straight cuts, soft fades, match cuts")),
    "grain": (listed("washed-out film, high contrast"), listed("sepia, clean and cold, faded pastel")),
}
NUMBERS: dict[str, tuple[tuple[int, ...], str]] = {
    "cap": ((120, 150, 180, 240, 260, 310, 350, 420), "{} euros"),
    "tempo": ((72, 84, 92, 96, 104, 112, 118, 126), "{} bpm"),
    "length": ((24, 28, 36, 42, 48, 52, 54, 66), "{} seconds"),
    "target": ((-24, -23, -18, -16, -14, -13), "{} LUFS"),
    "copies": ((2, 3, 4, 5, 6, 7, 9), "{} versions"),
}

# Prose that says nothing about the film's facts, put together of four parts so that it hardly ever repeats.
PROSE: tuple[Table, Table, Table, Table] = (
    (
        listed(
            "the crowd, a gull, an old man, the clerk, somebody, a cyclist, the wind, a stray goat, the choir, "
            "a nurse, the night shift, a tall stranger, the twins, steam, a voice, the mayor"
        ),
        listed(
            "a woman, the guard, a child, the postman, nobody, a gardener, the fog, a lost goose, the band, a doctor, "
            "the cleaners, a quiet guest, two sisters, dust, an echo, the judge"
        ),
    ),
    (
        listed(
            "waits by, passes, turns towards, hurries past, leans on, looks under, crosses, stops at, circles, "
            "forgets, hides behind, knocks at, drifts over, points to, returns to"
        ),
        listed(
            "rests near, leaves, walks around, rushes to, sits on, peers over, enters, pauses at, follows, avoids, "
            "stands behind, taps on, settles on, nods at, comes back to"
        ),
    ),
    (
        listed(
            "the wet boards, an open window, the last stall, a parked van, the broken clock, the iron gate, a pile of "
            "crates, the long queue, a puddle, the notice board, an empty chair, the stairs, a street lamp, the curtain"
        ),
        listed(
            "the stone steps, a closed shutter, the first booth, a rusty cart, the water tank, the garden fence, "
            "a heap of leaves, the narrow lane, a mirror, the chalk board, a folded bench, "
            "the doorway, a paper lamp, the railing"
        ),
    ),
    (
        listed(
            "twice, without a sound, as the light goes, for longer than is comfortable, in step, against the wind, "
            "while a radio plays, after a pause, with great care, almost unseen, until it rains, as if called"
        ),
        listed(
            "at dawn, in silence, before the bell, much too slowly, side by side, out of the sun, while water drips, "
            "after some time, with a shrug, hardly noticed, until it clears, as if late"
        ),
    ),
)
