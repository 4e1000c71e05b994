"""Talking about a film on the command line: words in, a film and an answer out, opened again where it was left."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from command import rushes

from rushes.agent.events import BoardChanged, EventStream, Listed, Said, Stopped, replay_events
from rushes.board import Board
from rushes.board.store import BoardBusy, BoardError
from rushes.media.encode import write_video
from rushes.media.probe import probe

SMALL = ("--size", "72", "--fps", "12")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds: two of red, two of blue, a square that moves over both."""
    frames = np.full((48, 72, 128, 3), 60, np.uint8)
    frames[:24, ..., 0], frames[24:, ..., 2] = 200, 200
    for number, frame in enumerate(frames):
        frame[20:40, 2 * number : 2 * number + 20] = 255
    return write_video(tmp_path_factory.mktemp("given") / "clip.mp4", frames, 12, threads=1)


def test_footage_is_edited_and_the_session_goes_on_later(
    clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    project, film = tmp_path / "ad.rushes", tmp_path / "ad.mp4"
    assert rushes("direct", project, "cut out 1 to 2 s", "--footage", clip, *SMALL, "--json") == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["frames"], told["answers"][0]["why"]) == (36, "finished") and probe(film).frames == 36
    assert rushes("direct", project, "put SALE at 00:00.5 for 1 second", "make it square", *SMALL) == 0
    about = probe(film)
    assert (about.frames, about.width, about.height) == (36, 72, 72)
    with Board.open(project, create=False, writer=False) as board:
        (title,) = board.nodes("title")
        assert (title.fields["text"], title.fields["start"], title.fields["end"]) == ("SALE", 0.5, 1.5)
        assert board.problems() == []


def test_a_film_is_made_by_talking(tmp_path: Path) -> None:
    film = tmp_path / "fox.mp4"
    words = "make a 2 second film: a red fox jumps in the snow"
    assert rushes("direct", tmp_path / "fox.rushes", words, *SMALL) == 0
    assert probe(film).frames == 24


def test_words_come_line_by_line_from_standard_input(clip: Path, tmp_path: Path) -> None:
    def typed(lines: str, project: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "rushes.cli", "direct", str(project), "--footage", str(clip), *SMALL]
        return subprocess.run(command, input=lines, text=True, capture_output=True, check=False)

    done = typed("cut out 0 to 1 s\nmake it square\n", tmp_path / "p.rushes")
    assert done.returncode == 0, done.stderr
    about = probe(tmp_path / "p.mp4")
    assert (about.frames, about.width) == (36, about.height)
    silent = typed("", tmp_path / "q.rushes")
    assert silent.returncode != 0 and "nothing was said" in silent.stderr and not (tmp_path / "q.rushes").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("x", "--footage", "none.mp4"), "none.mp4"),
        (("x", "--page", "none.txt"), "can't be read"),
        (("x", "--persona", "none.json"), "can't be read"),
        (("x", "--planner", "none.gguf"), "no GGUF file"),
        (("x", "--model", "else"), "else"),
        (("x", "--aspect", "9"), "aspect '9'"),
        (("x", "--size", "0"), "short side of 0 pixels"),
        (("x", "--seconds", "nan"), "a film of nan seconds"),
        (("x", "--fps", "0"), "frame rate is 0"),
        (("x", "--budget", "inf"), "'inf' is no amount of money"),
        (("x", "--budget", "-1"), "'-1' is no amount of money"),
        (("x", "--most-takes", "-1"), "a limit of -1 takes"),
        (("x", "--tokens", "100"), "can't be directed in 100 tokens"),
        (("x", "--out", "film.avi"), "ends in .mp4"),
    ],
)
def test_what_is_wrong_is_one_line_and_leaves_nothing(
    options: tuple[str, ...], said: str, tmp_path: Path, capfd: pytest.CaptureFixture
) -> None:
    assert rushes("direct", tmp_path / "p.rushes", *options) != 0
    err = capfd.readouterr().err
    assert said in " ".join(err.split()) and "Traceback" not in err
    assert not (tmp_path / "p.rushes").exists()


def said_and_why(project: Path) -> list[str]:
    kept = replay_events(project / "events.jsonl")
    return [e.text if isinstance(e, Said) else e.why for e in kept if isinstance(e, Said | Stopped)]


def test_a_command_that_was_interrupted_goes_on_between_its_words(clip: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.rushes"
    words = ("cut out 0 to 1 s", "cut out 0 to 1 s", "make it square")
    command = ("direct", project, *words, "--footage", clip, *SMALL)
    assert rushes("direct", project, words[0], "--footage", clip, *SMALL) == 0
    log = EventStream(project / "events.jsonl")
    log.send(Listed(words=list(words)))  # an earlier run of the command, killed behind its first words
    log.send(Said(text=words[0], session="main"))
    log.send(Stopped(why="finished", session="main"))
    before = len(said_and_why(project))
    assert rushes(*command) == 0
    assert said_and_why(project)[before:] == [words[1], "finished", words[2], "finished"]
    assert probe(tmp_path / "p.mp4").frames == 24
    assert rushes(*command) == 0  # nothing was left: it is said anew
    assert said_and_why(project)[before + 4 :: 2] == list(words)


def test_a_command_that_met_a_limit_goes_on_with_more(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    project = tmp_path / "p.rushes"
    command = ("direct", project, "make a 1 second film: a red fox jumps in the snow", "call it FOX", *SMALL)
    assert rushes(*command, "--most-seconds", "0") == 1
    assert "0.0 s of work, the limit is 0 s" in capfd.readouterr().out and not (tmp_path / "p.mp4").exists()
    assert rushes(*command) == 0
    told = [said for said in said_and_why(project) if "limit" not in said]
    assert told == [command[2], "finished", command[3], "finished"]
    assert probe(tmp_path / "p.mp4").frames == 12


def test_a_person_changes_the_board_in_another_process_while_the_agent_works(clip: Path, tmp_path: Path) -> None:
    project = tmp_path / "p.rushes"
    command = [sys.executable, "-m", "rushes.cli", "direct", str(project), "--footage", str(clip), *SMALL]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as agent:
        assert agent.stdin is not None and agent.stdout is not None
        agent.stdin.write("put SALE at 1 second for 1 second\n")
        agent.stdin.flush()
        for line in agent.stdout:
            if line.startswith("done"):
                break
        with pytest.raises(BoardBusy):
            Board.open(project)
        with Board.open(project, beside=True) as board:
            (title,) = board.nodes("title")
            said = board.undo(board.changes()[-1].number).said
            with pytest.raises(BoardError, match="opened beside"):
                board.step("take", {}, lambda job: None)
        agent.stdin.write("make it square\n")
        agent.stdin.close()
        agent.stdout.read()
    assert agent.returncode == 0 and title.fields["text"] == "SALE"
    (seen,) = (event for event in replay_events(project / "events.jsonl") if isinstance(event, BoardChanged))
    assert seen.text == said and "title-1" in said
    with Board.open(project, create=False, writer=False) as board:
        assert board.nodes("title") == [] and board.problems() == []
