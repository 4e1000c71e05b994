"""The working cut's sound: a voice, music that gives way to it, cuts on the beat, levels and loudness."""

from __future__ import annotations

import shutil
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_production import FPS, RATE, black, caller, footage, opened, production_of, shot, spoken

from rushes.agent.cut.clips import insert, open_material
from rushes.agent.cut.document import need_cut
from rushes.agent.cut.fitting import fit_length
from rushes.agent.cut.sounding import INSTALLED, Speaker, sounding_tools
from rushes.agent.production import Production
from rushes.media.beats import find_beats, whole_beats
from rushes.media.bed import write_sound
from rushes.media.errors import MediaError
from rushes.media.sound import sound
from rushes.media.voice import find_voice, speak


def reads_slowly(text: str, out: Path) -> Path:
    """A speaker for tests: a third of a second of sound for each word."""
    seconds = len(text.split()) / 3
    return write_sound(out, spoken(seconds + 0.1, [(0.0, seconds)]))


TEST_VOICE = Speaker(name=lambda: "test voice", speak=reads_slowly)


def tools(production: Production, speaker: Speaker = TEST_VOICE) -> Any:
    return caller(sounding_tools(production, speaker=speaker))


def test_a_narration_is_heard_and_the_music_gives_way(tmp_path: Path):
    with opened(tmp_path, shot("red", 6)) as production:
        call = tools(production)
        assert "calm music" in call("music", mood="calm", gain_db=-6)
        assert not need_cut(production.board).sounds[0].duck or need_cut(production.board).clips[0].volume
        said = call("narrate", text="A fox finds a lantern", at=1.0)
        cut = need_cut(production.board)
        voice = next(piece for piece in cut.sounds if piece.label == "voice")
        assert voice.at == 1.0 and voice.end == pytest.approx(1 + 5 / 3 + 0.1, abs=0.01) and voice.id in said
        assert all(piece.duck for piece in cut.sounds if piece.label == "music") and "quieter under it" in said
        with pytest.raises(ValueError, match=r"speaks from 1\.00"):
            call("narrate", text="Too early", at=2.0)
        with pytest.raises(ValueError, match="begin it by"):
            call("narrate", text="one two three four five six", at=5.0)
        with pytest.raises(ValueError, match="give 0 to 6"):
            call("narrate", text="late", at=9.0)
        production.board.undo(by="agent", of="agent")
        assert [piece.label for piece in need_cut(production.board).sounds] == ["music"]


def test_without_a_voice_the_error_says_how_to_get_one(tmp_path: Path):
    with pytest.raises(MediaError, match="apt install espeak-ng"):
        find_voice({"PATH": str(tmp_path)})
    with pytest.raises(MediaError, match="apt install espeak-ng"):
        speak("hello", tmp_path / "a.wav", environment={"PATH": str(tmp_path)})
    with opened(tmp_path, shot("red", 2)) as production:
        if shutil.which("espeak-ng") is None:
            with pytest.raises(ValueError, match="espeak-ng"):
                tools(production, INSTALLED)("narrate", text="hello", at=0.5)


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_installed_voice_speaks(tmp_path: Path):
    heard = sound(speak("A fox finds a lantern in the snow.", tmp_path / "voice.wav"))
    assert 1.0 < len(heard) / RATE < 6.0 and float(np.abs(heard).max()) > 0.05


def test_words_reach_a_program_by_its_input_and_never_as_options(tmp_path: Path):
    program = tmp_path / "espeak-ng"
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, wave\n"
        "said = sys.stdin.read()\n"
        "assert said == '-w elsewhere', said\n"
        "with wave.open(sys.argv[sys.argv.index('-w') + 1], 'wb') as file:\n"
        "    file.setnchannels(1); file.setsampwidth(2); file.setframerate(16000)\n"
        "    file.writeframes(b'\\1\\1' * 16000)\n"
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    out = speak("-w  elsewhere", tmp_path / "voice.wav", environment={"PATH": str(tmp_path)})
    assert len(sound(out)) == RATE and not (tmp_path / "elsewhere").exists()


def test_cuts_move_onto_the_beats(tmp_path: Path):
    files = [footage(tmp_path / f"{n}.mp4", shot("red", 4, seed=n)) for n in range(4)]
    with production_of(tmp_path, *files) as production:
        open_material(production, "0.mp4")
        for n in range(1, 4):
            insert(production, f"{n}.mp4", start=1.0, seconds=2.3)
        before = need_cut(production.board)
        said = tools(production)("music", mood="playful", bpm=100, follow=True)
        cut = need_cut(production.board)
        beats = {cut.frame_at(beat) for beat in whole_beats(cut.seconds, 100)}
        assert all(cut.frame_at(clip.at) in beats for clip in cut.clips) and "3 of 3 cuts are on a beat" in said
        assert cut.frames == before.frames
        for clip in cut.clips:
            assert clip.start >= 0 and clip.source_end <= 4.0 + 1e-6
        production.board.undo(by="agent", of="agent")
        assert need_cut(production.board) == before


def test_cuts_stay_where_the_sources_have_no_more(tmp_path: Path):
    files = [footage(tmp_path / f"{n}.mp4", shot("red", 1.25, seed=n)) for n in range(3)]
    with production_of(tmp_path, *files) as production:
        open_material(production, "0.mp4")
        insert(production, "1.mp4")
        insert(production, "2.mp4")
        said = tools(production)("music", bpm=40, follow=True)  # a beat every 1.875 s of 3.75
        cut = need_cut(production.board)
        assert [clip.seconds for clip in cut.clips] == [1.25, 1.25, 1.25] and "0 of 2 cuts" in said


@pytest.mark.parametrize(("bpm", "first"), [(100, 0.3), (128, 0.1), (75, 0.0)])
def test_beats_of_a_track_are_found(tmp_path: Path, bpm: float, first: float):
    samples = np.random.default_rng(2).normal(0, 0.01, (12 * RATE, 2))
    true = np.arange(first, 11.8, 60 / bpm)
    for at in true:
        click = np.exp(-np.arange(4800) / 900) * np.sin(np.arange(4800) * 0.05) * 0.8
        samples[round(at * RATE) : round(at * RATE) + 4800] += click[:, None]
    path = write_sound(tmp_path / "track.wav", samples)
    found = np.array(find_beats(path))
    if bpm < 90:  # twice as many are a fair reading too
        found = found if len(found) < 1.5 * len(true) else found[np.abs(found[:, None] - true).min(axis=1) < 0.2]
    off = np.abs(true[:, None] - found[None, :]).min(axis=1)
    assert np.quantile(off, 0.9) < 0.06, off
    assert abs(np.median(np.diff(found)) - 60 / bpm) < 0.02


def test_levels_and_loudness(tmp_path: Path):
    with opened(tmp_path, shot("red", 3)) as production:
        call = tools(production)
        call("music", mood="calm")
        id = need_cut(production.board).sounds[0].id
        assert "gain_db -9" in call("mix", id=id, gain_db=-9, fade_out=1.0, duck=False)
        piece = need_cut(production.board).sounds[0]
        assert (piece.gain_db, piece.fade_out, piece.duck) == (-9.0, 1.0, False)
        call("loudness", lufs=-23)
        assert need_cut(production.board).loudness == -23.0
        for wrong, arguments, why in [
            ("mix", {"id": "clip-1", "gain_db": 1}, "volume"),
            ("mix", {"id": id}, "say what"),
            ("mix", {"id": id, "gain_db": 99}, "gain"),
            ("mix", {"id": id, "fade_in": 9}, "longer than"),
            ("loudness", {"lufs": 3}, "-40 to -5"),
            ("music", {"bpm": 9999}, "20 to 300"),
            ("music", {"material": "no.mp3"}, "no given file"),
        ]:
            with pytest.raises(ValueError, match=why):
                call(wrong, **arguments)
        assert need_cut(production.board).sounds[0].gain_db == -9.0


def test_a_sound_is_heard_from_and_to(tmp_path: Path):
    with opened(tmp_path, shot("red", 3), shot("blue", 3, seed=2)) as production:
        call = tools(production)
        call("music", mood="calm")
        id = need_cut(production.board).sounds[0].id
        assert "heard from 2.000 to 5.000" in call("mix", id=id, start=2, end=5)
        piece = need_cut(production.board).sounds[0]
        assert (piece.at, piece.start, piece.end) == (2, 2, 5)  # the same music, as if it had been turned down
        assert "heard from 1.000 to 6.000" in call("mix", id=id, start=1, end=6)
        assert need_cut(production.board).sounds[0].start == 1
        call("mix", id=id, end=1.5)
        piece = need_cut(production.board).sounds[0]
        assert piece.fade_in + piece.fade_out <= 0.5
        for arguments in ({"start": 5, "end": 3}, {"end": 60}, {"start": -1}):
            with pytest.raises(ValueError, match="can't be heard from"):
                call("mix", id=id, **arguments)
        blob = need_cut(production.board).sounds[0].blob
        fit_length(production, 4.0)  # what was told to stop early is not composed to the end
        (piece,) = need_cut(production.board).sounds
        assert piece.blob == blob and piece.end <= 1.5


def test_music_is_composed_anew_for_another_length(tmp_path: Path):
    with opened(tmp_path, shot("red", 3), shot("blue", 3, seed=2)) as production:
        tools(production)("music", mood="calm")
        before = need_cut(production.board).sounds[0].blob
        fit_length(production, 4.0)
        (piece,) = need_cut(production.board).sounds
        assert piece.blob != before and piece.end == pytest.approx(4.0)
        assert len(sound(production.board.blob_path(piece.blob))) == 4 * RATE


def test_a_given_track_plays_again_where_it_is_too_short(tmp_path: Path):
    track = footage(tmp_path / "track.mp4", black(2.0), sound=spoken(2.0, [(0.0, 2.0)]))
    film = footage(tmp_path / "clip.mp4", shot("red", 5))
    with production_of(tmp_path, film, track) as production:
        open_material(production, "clip.mp4")
        said = tools(production)("music", material="track.mp4")
        cut = need_cut(production.board)
        assert "heard 3 times" in said and [piece.at for piece in cut.sounds] == pytest.approx([0, 2, 4], abs=0.1)
        assert cut.fps == FPS
