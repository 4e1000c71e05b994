"""The film at another length: exact to the frame, whole sentences, beginning and end, nothing held or looped."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from small_production import FPS, black, caller, opened, shot, spoken

from rushes.agent.cut.document import add_sound, add_text, edit, read_cut
from rushes.agent.cut.fitting import fit_length, fitting_tools
from rushes.agent.cut.keeping import Kept, Strip, choose_spans
from rushes.agent.cut.rendering import render_cut
from rushes.agent.cut.worth import strip_of
from rushes.media.activity import sentences
from rushes.media.bed import write_sound


def strip(seconds: float, cuts: list[float], speech: list[tuple[float, float]] = [], seed: int = 1) -> Strip:  # noqa: B006
    frames = round(seconds * 24)
    worth = np.random.default_rng(seed).uniform(0.2, 0.9, frames)
    return Strip(
        fps=24.0,
        worth=np.convolve(worth, np.ones(12) / 12, mode="same") + 0.01,
        cuts=tuple(round(cut * 24) for cut in cuts),
        speech=tuple((round(start * 24), round(end * 24)) for start, end in speech),
    )


def check(made: Strip, wanted: int) -> None:
    kept = choose_spans(made, wanted)
    assert sum(span.end - span.start for span in kept) == wanted
    assert all(one.end < two.start for one, two in pairwise(kept))
    assert kept[0].start < 6 * 24 and kept[-1].end > made.frames - 6 * 24
    for span in kept:
        assert not made.speaks_at(span.start) and not made.speaks_at(span.end), "a sentence was cut"


@pytest.mark.parametrize("seed", range(6))
def test_a_long_film_is_cut_between_sentences_to_the_frame(seed: int):
    rng = np.random.default_rng(seed)
    cuts = np.cumsum(rng.uniform(1.5, 6.0, 30)).tolist()
    begins = np.arange(2.0, 100.0, 7.0)
    speech = [(start, start + float(rng.uniform(1.0, 4.0))) for start in begins]
    made = strip(cuts[-1] + 3.0, cuts, speech, seed)
    for seconds in (7.0, 20.0, 45.5, cuts[-1]):
        check(made, round(seconds * 24))


def test_one_take_without_cuts_is_shortened_too():
    check(strip(600.0, []), 60 * 24)
    check(strip(20.0, []), 19 * 24)
    assert len(choose_spans(strip(600.0, []), 60 * 24)) >= 4  # of all parts of it


def test_kept_shots_are_not_flashes():
    kept = choose_spans(strip(60.0, [float(cut) for cut in range(3, 60, 3)]), 15 * 24)
    assert min(span.end - span.start for span in kept) >= 24


def shots_of(made: Strip, kept: list[Kept]) -> list[float]:
    """Seconds of each piece of a shot that is kept."""
    edges = [[span.start, *(cut for cut in made.cuts if span.start < cut < span.end), span.end] for span in kept]
    return [(b - a) / 24 for edge in edges for a, b in pairwise(edge)]


def ends(span: Kept) -> tuple[int, int]:
    return span.start, span.end


@pytest.mark.parametrize(("shots", "each", "seconds"), [(10, 6.0, 20.0), (6, 4.0, 8.0), (8, 1.0, 7.0)])
def test_something_of_every_shot_is_kept_where_there_is_room(shots: int, each: float, seconds: float):
    made = strip(shots * each, [each * number for number in range(1, shots)])
    dull = slice(round(3 * each * 24), round(4 * each * 24))
    made.worth[dull] *= 0.1  # the story may need it all the same
    pieces = shots_of(made, choose_spans(made, round(seconds * 24)))
    assert len(pieces) == shots and max(pieces) < 2 * min(pieces)


@pytest.mark.parametrize(("every", "said"), [(8.0, 2.2), (5.0, 2.0), (7.0, 1.0)])
def test_something_of_every_shot_is_kept_where_somebody_speaks(every: float, said: float):
    made = strip(120.0, [10.0 * n for n in range(1, 12)], [(a, a + said) for a in np.arange(3.0, 116.0, every)])
    kept = choose_spans(made, 36 * 24)
    shown = {int(np.searchsorted(made.cuts, frame, side="right")) for span in kept for frame in range(*ends(span))}
    assert len(shown) >= 11 and max(shots_of(made, kept)) < 6 and min(shots_of(made, kept)) > 0.7
    check(made, 36 * 24)


def test_of_more_shots_than_fit_every_part_of_the_film_keeps_some():
    made = strip(600.0, [10.0 * number for number in range(1, 60)])
    kept = choose_spans(made, 60 * 24)
    middles = [(span.start + span.end) / 48 for span in kept]
    assert len(kept) >= 24 and max(b - a for a, b in pairwise(middles)) < 40
    assert 1.5 < min(shots_of(made, kept)) and max(shots_of(made, kept)) < 3


@pytest.mark.parametrize("seed", range(4))
def test_no_shot_flashes_up_under_a_syllable(seed: int):
    rng = np.random.default_rng(seed)
    cuts = np.cumsum(rng.uniform(1.5, 6.0, 30)).tolist()
    speech = [(start, start + float(rng.uniform(1.0, 4.0))) for start in np.arange(2.0, 100.0, 7.0)]
    made = strip(cuts[-1] + 3.0, cuts, speech, seed)
    for seconds in (7, 20, 45):
        assert min(shots_of(made, choose_spans(made, seconds * 24))) > 0.7


def test_one_long_breath_is_cut_only_since_nothing_else_fits():
    made = strip(12.0, [], [(0.5, 11.5)])
    kept = choose_spans(made, 4 * 24)
    assert sum(span.end - span.start for span in kept) == 4 * 24
    assert any("within a sentence" in span.why for span in kept)


def test_sentences_are_heard_and_tones_are_none():
    loud = np.full(400, -80.0)
    loud[40:100] = -20 + 6 * np.sin(np.arange(60))  # 2 to 5 s, uneven as speech is
    loud[200:300] = -20.0  # 10 to 15 s, a tone
    assert sentences(loud) == [(2.0, 5.0)]
    assert sentences(np.zeros(0)) == []


def test_an_opened_film_is_brought_to_its_length(tmp_path: Path):
    sound = spoken(12, [(1.0, 2.5), (5.2, 6.8), (9.0, 10.5)])
    shots = [shot("red", 4), shot("green", 4, moving=0.25, seed=1), shot("blue", 4, seed=2)]
    with opened(tmp_path, *shots, sound=sound) as production:
        cut = read_cut(production.board)
        assert cut is not None
        measured = strip_of(production, cut)
        assert measured.cuts == (48, 96) and len(measured.speech) == 3
        operations = [
            *add_text(cut.id, "The middle", 5.0, 7.0, "lower", handle="t1"),
            *add_sound(cut.id, production.board.put(write_sound(tmp_path / "a.wav", sound)), label="music", duck=True),
        ]
        edit(production.board, *operations, note="titles and music")
        entry = production.board.last_entry
        said = caller(fitting_tools(production))("fit_length", seconds=8.0)
        after = read_cut(production.board)
        assert after is not None and after.frames == 8 * FPS and "8 s" in said and "the beginning" in said
        for span in [line for line in said.splitlines() if line[0].isdigit()]:
            start, end = (float(part) for part in span.split()[0].split("-"))
            assert not any(a < round(start * FPS) < b or a < round(end * FPS) < b for a, b in measured.speech)
        assert after.clips[0].start == 0 and after.clips[-1].source_end > 10.5
        assert after.sounds[0].end <= 8.0 + 1e-6
        # The text is still over the picture that it was set over.
        (text,) = after.texts
        showing = next(clip for clip in after.clips if clip.at <= text.start < clip.end)
        assert showing.start + text.start - showing.at == pytest.approx(5.0, abs=1.01)
        assert any(node.fields["role"] == "decision" for node in production.board.nodes("note"))
        film = render_cut(production)
        assert film.frames == 8 * FPS and not film.measurements["frozen"] and not film.measurements["black"]
        production.board.undo(by="agent", of="agent")  # the film
        production.board.undo(by="agent", of="agent")  # all of the fitting
        before = read_cut(production.board)
        assert before is not None and before.frames == 12 * FPS and before.texts[0].start == 5.0
        assert production.board.last_entry > entry


def test_black_is_left_out_and_a_plan_changes_nothing(tmp_path: Path):
    with opened(tmp_path, black(1), shot("red", 3), black(1), shot("blue", 3, seed=3), black(1)) as production:
        entry = production.board.last_entry
        planned = fit_length(production, 5.0, apply=False)
        assert planned.startswith("plan, nothing was changed") and production.board.last_entry == entry
        fit_length(production, 5.0)
        film = render_cut(production)
        assert film.frames == 5 * FPS and film.measurements["black_share"] == 0


def test_a_short_film_says_what_it_needs_and_never_loops(tmp_path: Path):
    with opened(tmp_path, shot("red", 2), shot("blue", 2, seed=1)) as production:
        entry = production.board.last_entry
        said = fit_length(production, 20.0)
        assert "lacks 16.00 s" in said and "generate(" in said and "nothing was changed" in said
        assert production.board.last_entry == entry
        said = fit_length(production, 4.5)  # within a quarter: a little slower, and it says so
        cut = read_cut(production.board)
        assert cut is not None and cut.frames == 54 and cut.clips[0].speed == pytest.approx(4 / 4.5)
        assert "slowed by 0.50 s" in said
        assert render_cut(production).frames == 54


def test_what_has_to_stay_stays_whole(tmp_path: Path):
    from rushes.agent.cut.clips import split

    with opened(tmp_path, shot("red", 3), shot("green", 3, seed=1), shot("blue", 3, seed=2)) as production:
        split(production.board, 3.0)
        split(production.board, 6.0)
        cut = read_cut(production.board)
        assert cut is not None
        edit(production.board, *add_text(cut.id, "LAST FERRY", 0.5, 1.5), note="title")
        title = production.board.nodes("title")[-1].id
        said = fit_length(production, 6.0, [cut.clips[1].id, title])
        after = read_cut(production.board)
        assert after is not None and after.frames == 6 * FPS and "it stays as asked" in said
        middle = next(clip for clip in after.clips if clip.id == cut.clips[1].id)
        assert middle.seconds == 3.0 and after.texts[0].end - after.texts[0].start == pytest.approx(1.0)
        with pytest.raises(ValueError, match=r"takes \d"):
            fit_length(production, 2.0, [middle.id])
        with pytest.raises(ValueError, match="no piece"):
            fit_length(production, 2.0, ["clip-99"])


def test_what_was_trimmed_off_comes_back_before_anything_is_slowed(tmp_path: Path):
    from rushes.agent.cut.clips import trim

    with opened(tmp_path, shot("red", 4)) as production:
        trim(production.board, "clip-1", None, 2.0)
        said = fit_length(production, 3.5)
        cut = read_cut(production.board)
        assert cut is not None and cut.frames == 42 and cut.clips[0].speed == 1 and "more of its source" in said


@pytest.mark.parametrize("seconds", [0.0, -3.0, float("nan"), float("inf"), 1e9])
def test_lengths_that_are_none_are_refused(tmp_path: Path, seconds: float):
    with opened(tmp_path, shot("red", 1)) as production, pytest.raises(ValueError, match="no length"):
        fit_length(production, seconds)
