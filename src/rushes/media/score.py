"""The score of the composed bed: sections of a plan become notes, with chords that lead into each other and a melody of
motifs.
"""

from dataclasses import dataclass

import numpy as np

from rushes.media.moods import CHORDS, MOODS, Mood, Rhythm

SHORTEST_SWELL = 4.0  # seconds of section before a change is announced


@dataclass(frozen=True, kw_only=True)
class Section:
    start: float  # seconds
    end: float
    mood: str  # name in MOODS


@dataclass(frozen=True, kw_only=True)
class Note:
    start: float  # seconds
    seconds: float
    pitch: float  # MIDI
    level: float  # peak, before the mix is brought to its loudness
    voice: str  # name in instruments.VOICES, or "pad"
    pan: float = 0.0  # -1 left to 1 right
    wet: float = 0.3  # share sent to the room


@dataclass(frozen=True, kw_only=True)
class Bar:
    start: float  # seconds
    beat: float  # seconds of one beat
    beats: int
    root: int  # MIDI pitch class of the bass, tonic's transposition applied
    tones: tuple[int, ...]  # pitch classes of the chord
    last: bool  # resolves the piece


def write_score(sections: list[Section], bpm: float | None, seed: int) -> list[Note]:
    """The notes of all sections, one key, each section on its own grid of whole beats."""
    rng = np.random.default_rng(seed)
    key = 60 + int(rng.integers(-5, 4))
    notes: list[Note] = []
    voicing: list[int] = []
    themes: dict[str, Theme] = {}
    for index, section in enumerate(sections):
        mood = MOODS[section.mood]
        theme = themes.get(section.mood) or themes.setdefault(section.mood, compose_theme(mood, rng))
        ends = index == len(sections) - 1
        bars = lay_bars(section, mood, key, bpm, ends, rng)
        if index and section.end - section.start > 1.0 and section.start > SHORTEST_SWELL:
            notes.append(Note(start=section.start - 1.4, seconds=1.4, pitch=0, level=0.05, voice="swell", wet=0.5))
            struck = _nearest(key + 12, bars[0].tones)
            notes.append(Note(start=section.start, seconds=2.5, pitch=struck, level=0.10, voice="bell"))
        for number, bar in enumerate(bars):
            voicing = _voiced(bar.tones, voicing)
            notes += _pads(bar, mood, voicing)
            notes += _bass(bar, mood)
            grown = min(1.0, 0.55 + 0.15 * (number + 4 * (index > 0)))  # the arrangement enters part by part
            notes += _ripple(bar, mood, voicing, grown)
            notes += _drums(bar, mood, grown, rng)
            if bar.last or number > 0 or index > 0 or len(bars) < 4:
                notes += theme.bar(bar, mood, key, number, rng)
    return notes


def lay_bars(
    section: Section, mood: Mood, key: int, bpm: float | None, ends: bool, rng: np.random.Generator
) -> list[Bar]:
    """Whole beats fill the section exactly: the tempo yields to the plan, so that a change falls on a first beat."""
    length = section.end - section.start
    beats = max(1, round(length * (bpm or mood.bpm) / 60))
    beat = length / beats
    count = max(1, round(beats / 4))
    tonic = mood.tonic(key)
    progression = mood.progressions[int(rng.integers(len(mood.progressions)))]
    other = mood.progressions[int(rng.integers(len(mood.progressions)))]
    names = [(progression if number // 4 % 3 < 2 else other)[number % 4] for number in range(count)]
    if ends:
        names[-1] = mood.close[1]
        if count > 1:
            names[-2] = mood.close[0]
    bars = []
    for number, name in enumerate(names):
        root, above = CHORDS[name]
        tones = tuple((tonic + root + step) % 12 for step in above)
        held = 4 if number < count - 1 else beats - 4 * (count - 1)
        bars.append(
            Bar(
                start=section.start + 4 * number * beat,
                beat=beat,
                beats=held,
                root=(tonic + root) % 12,
                tones=tones,
                last=ends and number == count - 1,
            )
        )
    return bars


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A motif and its answer: rhythms with a contour in steps of the scale."""

    call: Rhythm
    call_steps: tuple[int, ...]
    answer: Rhythm
    answer_steps: tuple[int, ...]

    def bar(self, bar: Bar, mood: Mood, key: int, number: int, rng: np.random.Generator) -> list[Note]:
        """Bar `number` of phrases of four: call, call on the new chord, answer, a long close."""
        scale = _scale_pitches(mood.tonic(key), mood, bar.tones)
        if bar.last:
            return self._close(bar, mood, scale, key)
        place, turn = number % 4, number // 4
        rhythm, steps = (self.answer, self.answer_steps) if place == 2 else (self.call, self.call_steps)
        if place == 3:
            rhythm, steps = ((0.0, 1.0), (1.0, 2.0)), (1, 0)
        if turn % 2 == 1 and place == 1:
            steps = tuple(-s for s in steps)  # the second time round the contour is turned over
        anchor = int(np.argmin(np.abs(scale - _nearest(mood.register + (2 if place == 2 else 0), bar.tones))))
        notes = []
        for index, ((onset, length), step) in enumerate(zip(rhythm, steps, strict=True)):
            if onset >= bar.beats:
                break
            pitch = int(scale[np.clip(anchor + step, 0, len(scale) - 1)])
            if onset in (0.0, 2.0) or index == len(rhythm) - 1:
                pitch = _nearest(pitch, bar.tones)
            late = _late(bar, mood, onset) + float(rng.uniform(0, 0.008))
            level = mood.lead_level * (1.0 if onset in (0.0, 2.0) else 0.82) * float(rng.uniform(0.9, 1.0))
            made = Note(
                start=bar.start + onset * bar.beat + late,
                seconds=length * bar.beat * 1.1,
                pitch=pitch,
                level=level,
                voice=mood.lead,
                pan=0.12,
                wet=mood.wet,
            )
            notes.append(made)
            if turn % 2 == 1 and place == 2:  # a quiet third or sixth below, heard the second time
                below = _nearest(pitch - 5, bar.tones)
                notes.append(
                    Note(
                        start=made.start,
                        seconds=made.seconds,
                        pitch=below,
                        level=level * 0.45,
                        voice=mood.lead,
                        pan=-0.25,
                        wet=mood.wet,
                    )
                )
        return notes

    def _close(self, bar: Bar, mood: Mood, scale: np.ndarray, key: int) -> list[Note]:
        tonic = mood.tonic(key) % 12
        end = _nearest(mood.register, (tonic,))
        notes = [
            Note(
                start=bar.start,
                seconds=bar.beat * bar.beats,
                pitch=end,
                level=mood.lead_level,
                voice=mood.lead,
                pan=0.1,
                wet=mood.wet,
            )
        ]
        for index, step in enumerate((-12, -8 if not mood.minor else -9, -5)):  # the resolved chord, spread upwards
            onset = 0.25 * (index + 1) * bar.beat
            notes.append(
                Note(
                    start=bar.start + onset,
                    seconds=2.5,
                    pitch=end + 12 + step,
                    level=mood.lead_level * 0.4,
                    voice=mood.lead,
                    pan=0.3 * (index - 1),
                    wet=mood.wet,
                )
            )
        return notes


def compose_theme(mood: Mood, rng: np.random.Generator) -> Theme:
    call = mood.rhythms[int(rng.integers(len(mood.rhythms)))]
    answer = mood.rhythms[int(rng.integers(len(mood.rhythms)))]
    return Theme(call=call, call_steps=_contour(len(call), rng), answer=answer, answer_steps=_contour(len(answer), rng))


def _contour(count: int, rng: np.random.Generator) -> tuple[int, ...]:
    """Mostly steps, now and then a leap, which a step back then answers; never far from where it began."""
    steps, now, leapt = [0], 0, 0
    for _ in range(count - 1):
        move = -int(np.sign(leapt)) if leapt else int(rng.choice([-2, -1, -1, 1, 1, 2, 3]))
        leapt = move if abs(move) >= 3 else 0
        if abs(now + move) > 4:
            move = -move
        now += move
        steps.append(now)
    return tuple(steps)


def _late(bar: Bar, mood: Mood, onset: float) -> float:
    """Seconds by which the mood's swing delays a note between two beats."""
    return mood.swing * bar.beat * 0.5 * (onset % 1 == 0.5)


def _scale_pitches(tonic: int, mood: Mood, tones: tuple[int, ...]) -> np.ndarray:
    """MIDI pitches around the register: the scale, in which a chord from outside displaces what lies a semitone from
    it.
    """
    scale = {(tonic + step) % 12 for step in mood.scale}
    borrowed = [tone for tone in tones if tone not in scale]
    kept = {c for c in scale if c in tones or all((c - tone) % 12 not in (1, 11) for tone in borrowed)}
    classes = kept | set(tones)
    return np.array([pitch for pitch in range(mood.register - 14, mood.register + 15) if pitch % 12 in classes])


def _nearest(pitch: int, classes: tuple[int, ...]) -> int:
    """The pitch next to `pitch` that belongs to one of the pitch classes; the lower of two equally near."""
    return min(range(pitch - 6, pitch + 7), key=lambda p: (p % 12 not in classes, abs(p - pitch), p))


def _voiced(tones: tuple[int, ...], before: list[int]) -> list[int]:
    """One pitch for each chord tone between C3 and C5, each as near as can be to a voice of the chord before."""
    centre = sum(before) / len(before) if before else 62.0
    taken: list[int] = []
    for tone in tones:
        options = [pitch for pitch in range(50, 75) if pitch % 12 == tone and pitch not in taken]
        taken.append(min(options, key=lambda p: min((abs(p - b) for b in before), default=0) + 0.4 * abs(p - centre)))
    return sorted(taken)


def _pads(bar: Bar, mood: Mood, voicing: list[int]) -> list[Note]:
    length = bar.beat * bar.beats
    return [
        Note(
            start=bar.start - 0.12,
            seconds=length + min(1.5, length),
            pitch=pitch,
            level=mood.pad_level / len(voicing) ** 0.5,
            voice="pad",
            pan=(index / max(len(voicing) - 1, 1) - 0.5) * 0.9,
            wet=mood.wet,
        )
        for index, pitch in enumerate(voicing)
    ]


def _bass(bar: Bar, mood: Mood) -> list[Note]:
    root = _nearest(41, (bar.root,))
    fifth = _nearest(root + 7, bar.tones)
    notes = []
    for index, (onset, length) in enumerate(((0.0, float(bar.beats)),) if bar.last else mood.bass_rhythm):
        if onset < bar.beats:
            walks = mood.bass_voice == "short_bass" and not mood.minor and index % 4 == 2
            seconds = min(length, bar.beats - onset) * bar.beat
            notes.append(
                Note(
                    start=bar.start + onset * bar.beat,
                    seconds=seconds,
                    pitch=fifth if walks else root,
                    level=mood.bass_level * (1.0 if onset == 0 else 0.8),
                    voice="bass" if bar.last else mood.bass_voice,
                    wet=0.06,
                )
            )
    return notes


def _ripple(bar: Bar, mood: Mood, voicing: list[int], grown: float) -> list[Note]:
    """Broken chords, up and down over the chord's tones."""
    if not mood.ripple or bar.last:
        return []
    ladder = [pitch + 12 for pitch in voicing] if mood.register > 66 else voicing
    order = [*range(len(ladder)), *range(len(ladder) - 2, 0, -1)]
    notes = []
    for index, onset in enumerate(mood.ripple_steps):
        if onset < bar.beats:
            accent = 1.0 if onset % 1 == 0 else 0.75
            notes.append(
                Note(
                    start=bar.start + onset * bar.beat + _late(bar, mood, onset),
                    seconds=bar.beat,
                    pitch=ladder[order[index % len(order)]],
                    level=mood.ripple_level * accent * grown,
                    voice=mood.ripple,
                    pan=0.45 if index % 2 else -0.45,
                    wet=mood.wet,
                )
            )
    return notes


def _drums(bar: Bar, mood: Mood, grown: float, rng: np.random.Generator) -> list[Note]:
    notes = []
    for voice, pitch, onsets, level in mood.drums:
        for onset in onsets if not bar.last else ():
            if onset < bar.beats:
                accent = (1.0 if onset % 1 == 0 else 0.7) * float(rng.uniform(0.85, 1.0))
                pan = {"shaker": 0.35, "wood": -0.4, "snap": 0.1}.get(voice, 0.0)
                notes.append(
                    Note(
                        start=bar.start + onset * bar.beat + _late(bar, mood, onset),
                        seconds=0.4,
                        pitch=pitch,
                        level=level * accent * grown,
                        voice=voice,
                        pan=pan,
                        wet=0.02 if voice == "kick" else 0.15,
                    )
                )
    return notes
