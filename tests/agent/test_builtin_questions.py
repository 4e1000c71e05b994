"""Questions to the built-in director: answers with the film's own numbers, in plain words, that change nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.builtin.abilities import ABILITIES
from rushes.agent.builtin.ask_question import apart
from rushes.agent.builtin.model import BuiltIn
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.telling import film_on, film_told
from rushes.agent.cut.document import need_cut
from rushes.agent.cut.pieces import WorkingCut
from rushes.agent.directing import Handed, open_session
from rushes.agent.film import make_film
from rushes.agent.session import Session
from rushes.board.board import Board
from rushes.media.encode import write_video

BRIEF = (
    'Make a 10 second film in 3 shots called "Night Owl": a red fox walks in the snow, then a blue boat sails on the '
    "sea, then a robot waves in the city. With calm music. You have 5 dollars."
)
IDS = re.compile(r"\b(?:clip|shot|take|title|sound|cut|film)-\d+\b")


def drawn(bad: int = 0) -> DrawnModel:
    return DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)), bad_attempts=bad)


@pytest.fixture(scope="module")
def night_owl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Three shots with a title and music, the first of them made a second shorter."""
    folder = tmp_path_factory.mktemp("film") / "owl"
    with open_session(folder, BuiltIn(), drawn(), words=BRIEF, width=64, height=36, fps=8) as session:
        session.say(BRIEF)
        session.say("the fox shot should be 1 second shorter")
        yield session


def cut_of(session: Session) -> WorkingCut:
    return need_cut(session.production.board)


def asked(session: Session, question: str) -> str:
    """The answer, which must have left the board as it was and name nothing by its id."""
    before = session.production.board.last_entry
    answer = session.say(question).text
    assert session.production.board.last_entry == before, question
    assert not IDS.search(answer), answer
    assert "nothing was asked for" not in answer and "did not understand" not in answer, (question, answer)
    return answer


def number(value: float) -> str:
    """As an answer writes it: 3.0, 2.38."""
    exact = f"{value + 1e-9:.2f}"
    return exact[:-1] if exact.endswith("0") else exact


Facts = Callable[[WorkingCut], list[str]]
ANSWERS: list[tuple[str, Facts]] = [
    ("what is in the film?", lambda c: [
        f"Three shots, {number(c.seconds)} s: 1. a red fox walks in the snow ({number(c.clips[0].seconds)} s), 2. a",
        f'a title "Night Owl" at the beginning (0.0 to {number(c.texts[0].end)} s)',
        f"crossfades into the next for {number(c.clips[0].fade)} s",
        f"music (calm) from 0.0 to {number(c.sounds[0].end)} s",
    ]),
    ("describe the film", lambda c: [f"Three shots, {number(c.seconds)} s"]),
    ("how long is it?", lambda c: [f"lasts {number(c.seconds)} s"]),
    ("is it longer than 10 seconds?", lambda c: ["No.", f"{number(c.seconds)} s"]),
    ("how long is the second shot", lambda c: [f"The second shot lasts {number(c.clips[1].seconds)} s"]),
    ("how long is the title on screen?", lambda c: [f"{number(c.texts[0].end - c.texts[0].start)} s"]),
    ("how many seconds does the boat get?", lambda c: [f"{number(c.clips[1].seconds)} s"]),
    ("what happens at 5 seconds?", lambda c: [
        "At 5.0 s: the second shot", f"to {number(c.clips[1].end)} s", "mostly blue"
    ]),
    ("what can we see at 20 seconds?", lambda c: ["over by then", f"{number(c.seconds)} s"]),
    ("who is in the last shot?", lambda c: ["the third shot", "a blue robot"]),
    ("who is in it?", lambda c: ["red fox (the first shot)", "blue boat (the second shot)"]),
    ("which shot is the longest?", lambda c: ["The second shot", f"{number(max(x.seconds for x in c.clips))} s"]),
    ("is there music?", lambda c: ["music (calm)", f"{c.sounds[0].gain_db:+g} dB"]),
    ("does anyone speak?", lambda c: ["Nobody speaks"]),
    ("what does the title say and when?", lambda c: ['"Night Owl"', f"0.0 to {number(c.texts[0].end)} s"]),
    ("are there subtitles?", lambda c: ["no subtitle"]),
    ("how many shots are there?", lambda c: ["Three shots", number(c.clips[2].seconds)]),
    ("how many takes did you make?", lambda c: ["Three takes of three shots", "none was shot again"]),
    ("what did you change?", lambda c: [f"the first shot {number(c.clips[0].seconds)} s long (4.0 s before)"]),
    ("what did you change so far?", lambda c: ["1. planned three shots", "2. made the first shot"]),
    ("why did you do that?", lambda c: ["'the fox shot should be 1 second shorter'"]),
    ("what did it cost?", lambda c: ["Nothing was spent", "you allow $5.00"]),
    ("did you keep the budget?", lambda c: ["Yes", "$5.00 are left"]),
    ("is anything wrong with it?", lambda c: ["nothing wrong"]),
    ("what size is it?", lambda c: [f"{c.width}x{c.height}", "16:9", f"{c.fps:g} frames a second"]),
    ("is it vertical?", lambda c: ["No", f"{c.width}x{c.height}"]),
    ("where is the file?", lambda c: ["owl.mp4"]),
    ("what can you do?", lambda c: ["'make it vertical'"]),
    ("can you do a voice over?", lambda c: ["narrate"]),
    ("does the fox appear twice?", lambda c: ["No", "one of three shots", f"{number(c.clips[0].end)} s"]),
    ("is there a dog in the film?", lambda c: ["No", "no dog", "a red fox"]),
    ("is the robot red?", lambda c: ["a blue robot"]),
    ("what colour is the boat?", lambda c: ["The boat is blue"]),
    ("when does the ship come in?", lambda c: [f"at {number(c.clips[1].at)} s", "the second shot"]),
    ("what's the weather in the first shot?", lambda c: ["snowfield, day, clear"]),
    ("what comes after the fox shot?", lambda c: ["The second shot", "boat"]),
    ("how does it end?", lambda c: ["the third shot", f"fades to black ({number(c.fade_out)} s)"]),
    ("are there any transitions?", lambda c: [f"crossfades into the second shot for {number(c.clips[0].fade)} s"]),
    ("what did I ask first?", lambda c: [BRIEF[:60]]),
    ("what did I say about the title?", lambda c: ['called "Night Owl"']),
    ("is it finished?", lambda c: ["Yes", "three shots", "nothing wrong"]),
    ("which model did you use?", lambda c: ["free-1"]),
    ("can I undo that?", lambda c: ["Yes", "'undo'", "the first shot"]),
    ("what did you not do?", lambda c: ["Nothing of what you asked for"]),
    ("how long is it, and where is the file?", lambda c: [f"lasts {number(c.seconds)} s", "owl.mp4"]),
    ("what about the music?", lambda c: ["music (calm)"]),
    ("how long is the ninth shot?", lambda c: ["no such shot", "three shots"]),
    ("is there any snow in it?", lambda c: ["Yes: snow, in the first shot"]),
    ("do the shots have names?", lambda c: ["can't tell", f"{number(c.seconds)} s"]),
    ("when was it made?", lambda c: ["can't tell", "Ask me"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "facts"), ANSWERS, ids=[question for question, _ in ANSWERS])
def test_a_question_is_answered_with_facts_and_changes_nothing(night_owl: Session, question: str, facts: Facts) -> None:
    answer = asked(night_owl, question)
    for fact in facts(cut_of(night_owl)):
        assert fact in answer


def test_the_loudness_is_measured(night_owl: Session) -> None:
    answer = asked(night_owl, "how loud is it?")
    level = re.search(r"(-[\d.]+) LUFS", answer)
    assert level is not None and abs(float(level[1]) - cut_of(night_owl).loudness) < 1.5


def test_orders_beside_a_question_are_carried_out(tmp_path: Path) -> None:
    said = "Make an 8 second film in 2 shots: a red fox walks in the snow, then a blue boat sails on the sea"
    with open_session(tmp_path / "p", BuiltIn(), drawn(), words=said, width=64, height=36, fps=8) as session:
        session.say(said)
        assert session.say("how long is it? make it 6 seconds").text.startswith("It lasts 8.0 s")
        assert cut_of(session).seconds == 6
        before = cut_of(session).clips
        session.say("how long is the second shot? make it 2 seconds")  # "it" is what was asked about
        assert [clip.seconds for clip in cut_of(session).clips] == [before[0].seconds, 2.0]
        seconds = cut_of(session).seconds
        answer = session.say("is the second shot the boat? If so, remove it.").text
        assert (
            cut_of(session).seconds == seconds and "'remove the second shot'" not in answer and "leave to you" in answer
        )
        answer = session.say("remove the last shot and tell me what is left in it").text
        assert len(cut_of(session).clips) == 1 and "took out the second shot" in answer and "fox" in answer


def test_what_is_shot_again_is_told_with_its_reason(tmp_path: Path) -> None:
    model = drawn(bad=1)
    size = {"width": 64, "height": 36, "fps": 8}
    brief, out = "a fox walks in the snow, then a boat sails on the sea", tmp_path / "o.mp4"
    make_film(brief, project_folder=tmp_path / "p", out=out, seconds=6, shooting_model=model, title="Night Owl", **size)
    with open_session(tmp_path / "p", BuiltIn(), model, words="?", **size) as session:
        answer = asked(session, "which takes were shot again and why?")
        assert "Four takes of two shots" in answer and "the first shot was shot twice" in answer
        assert "take 1 fell short (it is black" in answer and "take 2 is good enough" in answer
        assert f"The file is {out} (6.0 s); it is as the film is now" in asked(session, "where is the file?")
        assert asked(session, "what is in it?").startswith("Two shots, 6.0 s")  # nothing had to be cut for it
        assert "Yes: two shots, 6.0 s, made and rendered" in asked(session, "is it finished?")


def test_who_was_recoloured_is_told_as_he_looks_now(tmp_path: Path) -> None:
    said = "Make a 4 second film in 2 shots: a red fox walks in the snow, then a blue boat sails on the sea"
    with open_session(tmp_path / "p", BuiltIn(), drawn(), words=said, width=64, height=36, fps=8) as session:
        session.say(said)
        assert "the fox is blue, shot the first shot again" in session.say("make the fox blue").text
        assert "1. a blue fox walks in the snow" in asked(session, "what is in it?")
        assert "The fox is blue" in asked(session, "what colour is the fox?")
        assert "made since you said 'make the fox blue'" in asked(session, "why was the first shot shot again?")


def test_the_picture_is_not_what_was_planned(tmp_path: Path) -> None:
    said = "a red fox walks in the snow, then a blue boat sails on the sea"
    model = drawn(bad=1)
    with open_session(tmp_path / "p", BuiltIn(), model, words=said, seconds=4, width=64, height=36, fps=8) as session:
        assert "fall short" in session.say(said).text
        assert "its take falls short (it looks like somebody else, it is black)" in asked(session, "who is in shot 1?")
        assert "the first shot is black (0.0 to" in asked(session, "is anything wrong?").replace(
            "The first", "the first"
        )


def test_without_a_film_a_question_begins_none(tmp_path: Path) -> None:
    for number_of_clips, wanted in ((0, "no film yet"), (1, "You handed in owl.mp4")):
        clip = write_video(tmp_path / "owl.mp4", np.full((8, 36, 64, 3), 90, np.uint8), 8, threads=1)
        handed = Handed(footage=(clip,) * number_of_clips)
        with open_session(tmp_path / str(number_of_clips), BuiltIn(), drawn(), words="?", handed=handed) as session:
            for question in ("what is in the film?", "how long is it?", "is anything wrong?"):
                assert wanted in asked(session, question)


def test_footage_is_known_by_its_name(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "owl.mp4", np.full((16, 36, 64, 3), 90, np.uint8), 8, threads=1)
    with open_session(tmp_path / "p", BuiltIn(), drawn(), words="?", handed=Handed(footage=(clip,))) as session:
        session.say("open owl.mp4")
        assert asked(session, "what is in it?") == "One shot, 2.0 s: owl.mp4."
        assert "grey" in asked(session, "who is in it?")  # measured, where nothing is known
        assert "your own material" in asked(session, "which model shot it?")


def test_show_tells_the_same_as_the_director(night_owl: Session) -> None:
    board: Board = night_owl.production.board
    assert asked(night_owl, "what is in it?") == f"{film_told(film_on(board))}."


@pytest.mark.parametrize(
    "words",
    [
        "Is the boat too slow? Make it faster.",
        "Could the title be bigger?",
        "Would you make it vertical?",
        "why don't you remove the last shot?",
        "how about some calm music?",
        "When the boat comes in, put 'Hello' on for 1 second.",
        "What I want gone is the second shot.",
        "What you see after 4 s and before 6 s is a mistake, take it out.",
        "What's between 4 s and 6 s has no place in it.",
        "What's at the end should be at the start, what's at the start at the end, all the way through.",
        "When I give you words, turn them to capitals before you show them.",
        "Should I order a text that's shorter than 2 s, lengthen it to 2 s.",
    ],
)
def test_polite_orders_stay_orders(words: str) -> None:
    acts = {wish.act for wish in read_wishes(words)}
    assert acts - {"tell", "talk", "unknown"} and (("tell" not in acts) or "?" in words)


def test_a_sentence_with_two_wishes_is_taken_apart() -> None:
    assert apart("how long is it and make it {t10+0}") == ["how long is it?", "make it {t10+0}"]
    assert apart("make it {t8+0} and tell me how long it is") == ["make it {t8+0}", "tell me how long it is"]
    assert apart("remove the fox and the boat") == ["remove the fox and the boat"]
    assert apart("what did you change and remove?") == ["what did you change and remove?"]


@pytest.mark.parametrize("order", [ability.order for ability in ABILITIES])
def test_what_is_offered_is_understood(order: str) -> None:
    assert {wish.act for wish in read_wishes(order)}.isdisjoint({"unknown", "talk", "tell"})
