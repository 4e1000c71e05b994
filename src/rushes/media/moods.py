"""What each mood of the composed bed is made of: mode, chords, tempo, voices, rhythms."""

from dataclasses import dataclass

MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 10)
PENTATONIC = (0, 2, 4, 7, 9)

# Semitones above the tonic of a chord's root, and of its notes above that root.
CHORDS = {
    "I": (0, (0, 4, 7)),
    "I9": (0, (0, 4, 7, 14)),
    "Imaj7": (0, (0, 4, 7, 11)),
    "I/3": (4, (0, 3, 8)),
    "ii7": (2, (0, 3, 7, 10)),
    "iii": (4, (0, 3, 7)),
    "IV": (5, (0, 4, 7)),
    "IV9": (5, (0, 4, 7, 14)),
    "IVmaj7": (5, (0, 4, 7, 11)),
    "iv": (5, (0, 3, 7)),
    "V": (7, (0, 4, 7)),
    "Vsus": (7, (0, 5, 7)),
    "V7": (7, (0, 4, 7, 10)),
    "vi": (9, (0, 3, 7)),
    "vi7": (9, (0, 3, 7, 10)),
    "i": (0, (0, 3, 7)),
    "i9": (0, (0, 3, 7, 14)),
    "bII": (1, (0, 4, 7)),
    "III": (3, (0, 4, 7)),
    "v": (7, (0, 3, 7)),
    "VI": (8, (0, 4, 7)),
    "VImaj7": (8, (0, 4, 7, 11)),
    "VII": (10, (0, 4, 7)),
}

Rhythm = tuple[tuple[float, float], ...]  # (onset, length), in beats of a bar of four


@dataclass(frozen=True, kw_only=True)
class Mood:
    bpm: float  # beats a minute where the plan leaves it free
    minor: bool  # in the relative minor of the piece's key, so that a section change keeps the notes of the scale
    scale: tuple[int, ...]  # of the melody, semitones above the tonic
    progressions: tuple[tuple[str, ...], ...]  # one chord a bar, names in CHORDS
    close: tuple[str, str]  # the last two chords: the cadence and its resolution
    lead: str  # voice of the melody, in instruments.VOICES
    register: int  # MIDI pitch around which the melody moves
    rhythms: tuple[Rhythm, ...]  # of its motifs
    lead_level: float
    pad_level: float
    bass_voice: str
    bass_rhythm: Rhythm
    bass_level: float
    ripple: str = ""  # voice of the broken chords, "" for none
    ripple_steps: tuple[float, ...] = ()  # onsets in beats of a bar
    ripple_level: float = 0.0
    drums: tuple[tuple[str, float, tuple[float, ...], float], ...] = ()  # voice, pitch, onsets in beats, level
    swing: float = 0.0  # share of half a beat by which off-beats come late
    wet: float = 0.3  # share of the room

    def tonic(self, key: int) -> int:
        """MIDI pitch of the mood's tonic in a piece whose major key stands on `key`."""
        return key + 9 if self.minor else key


EIGHTHS = tuple(i / 2 for i in range(8))

MOODS = {
    "calm": Mood(
        bpm=72,
        minor=False,
        scale=PENTATONIC,
        progressions=(("I9", "vi7", "IVmaj7", "I9"), ("I9", "iii", "IV9", "Vsus"), ("IVmaj7", "I9", "ii7", "Vsus")),
        close=("Vsus", "I9"),
        lead="kalimba",
        register=74,
        lead_level=0.30,
        pad_level=0.21,
        rhythms=(((0, 1), (1, 1), (2, 2)), ((0, 1.5), (1.5, 0.5), (2, 2)), ((0.5, 0.5), (1, 1), (2, 1.5))),
        bass_voice="bass",
        bass_rhythm=((0, 4),),
        bass_level=0.23,
        ripple="harp",
        ripple_steps=(0, 1, 2, 3),
        ripple_level=0.09,
        wet=0.36,
    ),
    "bright": Mood(
        bpm=104,
        minor=False,
        scale=MAJOR,
        progressions=(("I9", "V", "vi7", "IV9"), ("I", "IV9", "I/3", "V"), ("vi7", "IV9", "I9", "V")),
        close=("V", "I9"),
        lead="bell",
        register=79,
        lead_level=0.21,
        pad_level=0.15,
        rhythms=(
            ((0, 1), (1, 0.5), (1.5, 0.5), (2, 1), (3, 1)),
            ((0, 0.5), (0.5, 0.5), (1, 1), (2, 2)),
            ((0, 1.5), (1.5, 1), (2.5, 0.5), (3, 1)),
        ),
        bass_voice="bass",
        bass_rhythm=((0, 1.5), (1.5, 1), (2.5, 1.5)),
        bass_level=0.24,
        ripple="pluck",
        ripple_steps=EIGHTHS,
        ripple_level=0.15,
        drums=(("kick", 0, (0, 2), 0.30), ("shaker", 0, EIGHTHS, 0.08), ("snap", 0, (1, 3), 0.07)),
        wet=0.26,
    ),
    "tense": Mood(
        bpm=92,
        minor=True,
        scale=(0, 2, 3, 5, 7, 8, 11),
        progressions=(("i", "i", "VI", "V"), ("i", "bII", "i", "V"), ("i", "iv", "bII", "V")),
        close=("V", "i"),
        lead="felt",
        register=64,
        lead_level=0.26,
        pad_level=0.19,
        rhythms=(((0, 3),), ((0, 2), (2.5, 0.5), (3, 1)), ((1, 1), (2, 2))),
        bass_voice="short_bass",
        bass_rhythm=tuple((b, 0.5) for b in EIGHTHS),
        bass_level=0.21,
        ripple="pluck",
        ripple_steps=tuple(i / 4 for i in range(16)),
        ripple_level=0.075,
        drums=(
            ("kick", 0, (0, 0.5, 2, 2.5), 0.34),
            ("shaker", 0, tuple(i / 4 for i in range(16)), 0.035),
            ("wood", 62, (3.5,), 0.05),
        ),
        wet=0.30,
    ),
    "sad": Mood(
        bpm=60,
        minor=True,
        scale=MINOR,
        progressions=(("i9", "VImaj7", "III", "VII"), ("i9", "iv", "VImaj7", "v"), ("VImaj7", "III", "iv", "i9")),
        close=("iv", "i9"),
        lead="felt",
        register=69,
        lead_level=0.34,
        pad_level=0.17,
        rhythms=(((0, 1.5), (1.5, 0.5), (2, 2)), ((0, 1), (1, 1), (2, 2)), ((0, 2), (2, 1), (3, 1))),
        bass_voice="bass",
        bass_rhythm=((0, 4),),
        bass_level=0.21,
        ripple="felt",
        ripple_steps=(0.5, 1.5, 2.5, 3.5),
        ripple_level=0.09,
        wet=0.38,
    ),
    "playful": Mood(
        bpm=120,
        minor=False,
        scale=MAJOR,
        progressions=(("I", "vi", "ii7", "V7"), ("I", "IV", "I/3", "V7"), ("I", "I/3", "IV", "V")),
        close=("V7", "I"),
        lead="mallet",
        register=76,
        lead_level=0.36,
        pad_level=0.07,
        rhythms=(
            ((0, 0.5), (0.5, 0.5), (1, 0.5), (2, 0.5), (2.5, 0.5), (3, 0.5)),
            ((0, 0.5), (1, 0.5), (1.5, 0.5), (2, 1), (3.5, 0.5)),
            ((0.5, 0.5), (1, 0.5), (1.5, 0.5), (2.5, 0.5), (3, 1)),
        ),
        bass_voice="short_bass",
        bass_rhythm=((0, 0.5), (1, 0.5), (2, 0.5), (3, 0.5)),
        bass_level=0.30,
        ripple="pluck",
        ripple_steps=(0.5, 1.5, 2.5, 3.5),
        ripple_level=0.14,
        drums=(
            ("kick", 0, (0, 2), 0.26),
            ("shaker", 0, EIGHTHS, 0.09),
            ("wood", 84, (1.5, 3), 0.07),
            ("snap", 0, (1, 3), 0.06),
        ),
        swing=0.16,
        wet=0.18,
    ),
    "night": Mood(
        bpm=66,
        minor=False,
        scale=PENTATONIC,
        progressions=(
            ("Imaj7", "vi7", "IVmaj7", "iv"),
            ("Imaj7", "iii", "IVmaj7", "Vsus"),
            ("IVmaj7", "Imaj7", "ii7", "iv"),
        ),
        close=("iv", "Imaj7"),
        lead="bell",
        register=81,
        lead_level=0.17,
        pad_level=0.22,
        rhythms=(((0, 2), (2.5, 1.5)), ((1, 1), (2, 2)), ((0.5, 1), (1.5, 0.5), (2, 2))),
        bass_voice="bass",
        bass_rhythm=((0, 4),),
        bass_level=0.22,
        ripple="harp",
        ripple_steps=(0, 0.5, 1, 1.5, 2),
        ripple_level=0.075,
        wet=0.45,
    ),
}
