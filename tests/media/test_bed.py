"""The composed bed: exact, repeatable, within full scale, following its plan, and different by mood."""

import numpy as np
import pytest

from rushes.media.bed import compose_bed, convolved, plan_sections
from rushes.media.errors import MediaError
from rushes.media.moods import CHORDS, MAJOR, MOODS
from rushes.media.score import Section, write_score

RATE = 48000


@pytest.fixture(scope="module")
def beds() -> dict[str, np.ndarray]:
    return {mood: compose_bed(12, mood=mood, seed=1) for mood in MOODS}


def decibels(samples: np.ndarray) -> float:
    return 20 * float(np.log10(np.sqrt((samples.astype(np.float64) ** 2).mean()) + 1e-12))


def onsets(samples: np.ndarray) -> float:
    """Onsets a second, from the rise of the spectrum above 200 Hz; the slow beating of pads is below the threshold."""
    mono = samples.mean(axis=1)
    starts = range(0, len(mono) - 4096, 1024)
    spectra = np.stack([np.abs(np.fft.rfft(mono[i : i + 4096] * np.hanning(4096))) for i in starts])
    rise = np.maximum(0, np.diff(np.log(spectra[:, 18:] + 1e-3), axis=0)).mean(axis=1)
    peaks = (rise[1:-1] > rise[:-2]) & (rise[1:-1] > rise[2:]) & (rise[1:-1] > 0.25 * rise.max())
    return float(peaks.sum() / (len(mono) / RATE))


@pytest.mark.parametrize("mood", MOODS)
def test_every_mood(beds: dict[str, np.ndarray], mood: str) -> None:
    bed = beds[mood]
    assert bed.shape == (12 * RATE, 2) and bed.dtype == np.float32
    assert np.isfinite(bed).all() and 0.2 < np.abs(bed).max() < 0.85
    assert -25 < decibels(bed[: 9 * RATE]) < -16
    assert decibels(bed[-RATE // 20 :]) < -60 and abs(float(bed[-1].max())) < 1e-4  # it has faded
    assert abs(float(bed.mean())) < 1e-3
    correlation = np.corrcoef(bed[:, 0], bed[:, 1])[0, 1]
    assert 0.05 < correlation < 0.95  # wide, and nothing vanishes in mono
    for second in range(10):  # it never falls silent before its end
        assert decibels(bed[second * RATE : (second + 1) * RATE]) > -40


def test_moods_differ(beds: dict[str, np.ndarray]) -> None:
    busy = {mood: onsets(bed) for mood, bed in beds.items()}
    assert min(busy["playful"], busy["bright"], busy["tense"]) > 1.4 * max(busy["calm"], busy["sad"], busy["night"])


def test_the_same_seed_and_another(beds: dict[str, np.ndarray]) -> None:
    assert np.array_equal(compose_bed(12, mood="calm", seed=1), beds["calm"])
    assert not np.array_equal(compose_bed(12, mood="calm", seed=2), beds["calm"])


@pytest.mark.parametrize("seconds", [0.01, 0.5, 1.0, 3.3333, 20.0417])
def test_any_length(seconds: float) -> None:
    bed = compose_bed(seconds, mood="playful")
    assert bed.shape == (round(seconds * RATE), 2) and np.isfinite(bed).all()
    if seconds >= 0.5:
        assert np.abs(bed).max() > 0.05


def test_sections_change_where_planned() -> None:
    sections = [(0.0, 7.3, "night"), (7.3, 14.1, "playful"), (14.1, 20.0, "sad")]
    bed = compose_bed(20.0, sections=sections, seed=4)
    assert len(bed) == 20 * RATE
    middle = onsets(bed[round(7.3 * RATE) : round(14.1 * RATE)])
    assert middle > 1.3 * onsets(bed[: round(7.0 * RATE)]) and middle > 1.3 * onsets(
        bed[round(14.5 * RATE) : 18 * RATE]
    )
    notes = write_score([Section(start=a, end=b, mood=m) for a, b, m in sections], None, 4)
    starts = np.array([note.start for note in notes if note.voice.endswith("bass")])
    for change in (0.0, 7.3, 14.1):
        assert np.abs(starts - change).min() < 1e-6


def test_gaps_take_the_mood() -> None:
    plan = plan_sections(10, "calm", [(6, 8, "tense"), (2, 3, "sad")])
    assert [(s.start, s.end, s.mood) for s in plan] == [
        (0, 2, "calm"),
        (2, 3, "sad"),
        (3, 6, "calm"),
        (6, 8, "tense"),
        (8, 10, "calm"),
    ]


@pytest.mark.parametrize("mood", MOODS)
def test_it_ends_on_its_tonic(mood: str) -> None:
    for seed in range(4):
        notes = write_score([Section(start=0, end=24, mood=mood)], None, seed)
        basses = [n for n in notes if n.voice.endswith("bass")]
        last = max(basses, key=lambda n: n.start)
        before = max((n for n in basses if n.start < last.start - 1e-6), key=lambda n: n.start)
        assert before.pitch % 12 != last.pitch % 12
        held = {n.pitch % 12 for n in notes if n.voice == "pad" and abs(n.start + 0.12 - last.start) < 1e-6}
        assert held == {(last.pitch + step) % 12 for step in CHORDS[MOODS[mood].close[1]][1]}


def test_melody_never_lies_a_semitone_from_its_chord_on_strong_beats() -> None:
    for mood in MOODS:
        notes = write_score([Section(start=0, end=32, mood=mood)], None, 9)
        downbeats = {round(n.start + 0.12, 6): set() for n in notes if n.voice == "pad"}
        for note in notes:
            if note.voice == "pad":
                downbeats[round(note.start + 0.12, 6)].add(note.pitch % 12)
        for at, chord in downbeats.items():
            for note in notes:
                if note.voice == MOODS[mood].lead and at - 1e-6 <= note.start < at + 0.009:
                    assert note.pitch % 12 in chord


def test_off_beats_come_late_where_a_mood_swings() -> None:
    for mood, about in MOODS.items():
        beat = 60 / 96
        notes = write_score([Section(start=0, end=64 * beat, mood=mood)], 96, 4)
        off = [n.start / beat % 1 for n in notes if n.voice == about.ripple and 0.4 < n.start / beat % 1 < 0.7]
        lead = about.ripple == about.lead  # whose notes are also a little uneven
        assert not about.ripple or lead or off == pytest.approx([0.5 + about.swing / 2] * len(off))
    assert any(about.swing and about.ripple != about.lead for about in MOODS.values())


def test_minor_moods_share_the_scale_of_the_major_ones() -> None:
    """A change of section then keeps the key's notes, a raised seventh aside: A minor stands beside C major."""
    major = {(60 + step) % 12 for step in MAJOR}
    assert {about.minor for about in MOODS.values()} == {True, False}
    for about in MOODS.values():
        steps = set(about.scale) - ({11} if about.minor else set())
        assert {(about.tonic(60) + step) % 12 for step in steps} <= major


def test_given_tempo() -> None:
    notes = write_score([Section(start=0, end=16, mood="bright")], 120, 0)
    kicks = sorted({round(n.start, 3) for n in notes if n.voice == "kick"})
    assert np.diff(kicks).tolist() == pytest.approx([1.0] * (len(kicks) - 1), abs=0.002)


def test_convolution_is_exact() -> None:
    rng = np.random.default_rng(0)
    signal = rng.standard_normal((300_000, 2)).astype(np.float32)
    response = rng.standard_normal((500, 2)).astype(np.float32)
    made = convolved(signal, response)
    for at in (0, 262_143, 262_144, 299_999):  # around the edge of a block too
        first = max(0, at - 499)
        expected = (signal[first : at + 1, 0] * response[: at + 1 - first, 0][::-1]).sum()
        assert made[at, 0] == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    "options",
    [
        {"seconds": 0},
        {"seconds": -3},
        {"seconds": 1e9},
        {"seconds": float("nan")},
        {"seconds": 5, "mood": "gloomy"},
        {"seconds": 5, "bpm": 0},
        {"seconds": 5, "sections": [(0, 9, "sad")]},
        {"seconds": 5, "sections": [(0, 3, "sad"), (2, 4, "calm")]},
        {"seconds": 5, "sections": [(3, 3, "sad")]},
    ],
)
def test_faults(options: dict[str, object]) -> None:
    with pytest.raises(MediaError, match=";"):
        compose_bed(**options)  # type: ignore[arg-type]
