"""A brief that lists its shots gets these shots, one for one and as long as said."""

from pathlib import Path

import pytest
from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.asked import read_asked
from rushes.agent.builtin.model import BuiltIn
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.cut.document import need_cut
from rushes.agent.directing import open_session
from rushes.agent.events import EventStream
from rushes.agent.plan import Plan
from rushes.agent.production import Production, Settings, plan_film
from rushes.agent.shot_list import read_shot_list
from rushes.board.board import Board

TIMED = "0-1s: a red balloon rises; 1-3s: a bird flies past; 3-4s: the balloon lands on a beach"


@pytest.mark.parametrize(
    ("text", "shots"),
    [
        ("Shot 1: a fox walks. Shot 2: a boat at night.", [("a fox walks", None), ("a boat at night", None)]),
        (
            "1. A cat sits\n2. It jumps down (2s)\n3. It runs",
            [("A cat sits", None), ("It jumps down", 2), ("It runs", None)],
        ),
        ("First shot: a fox. Second shot: an owl, 4 seconds.", [("a fox", None), ("an owl", 4)]),
        ("Scene 1 - the beach. A dog runs. Scene 2 - the wood.", [("the beach. A dog runs", None), ("the wood", None)]),
        (TIMED, [("a red balloon rises", 1), ("a bird flies past", 2), ("the balloon lands on a beach", 1)]),
        ("0:00-0:04 a fox walks\n0:04-1:09 a boat sails", [("a fox walks", 4), ("a boat sails", 65)]),
        ("[0-2] fox walks [3-5] boat sails", [("fox walks", 3), ("boat sails", 2)]),
        ("From 0 to 3 seconds a fox walks, from 3 to 6 seconds it sleeps", [("a fox walks", 3), ("it sleeps", 3)]),
        ("Winter.\n- a fox in the snow\n- a boat on ice", [("a fox in the snow", None), ("a boat on ice", None)]),
        (
            "INT. KITCHEN - DAY\n\nA robot cooks.\n\nCUT TO:\n\nEXT. GARDEN - NIGHT\n\nIt waters flowers.\n\nFADE OUT.",
            [("In the kitchen by day, a robot cooks", None), ("In the garden at night, it waters flowers", None)],
        ),
        ("A fox and an owl meet. They dance.", []),
        ("In 1990-1995 a fox lived here. In 1996-1999 it moved.", []),
        ("a 10 second film with 2 shots: a fox and a boat", []),
        ("Shot 2: a fox walks. Shot 4: a boat.", []),
        ("a fox at 3-5 m from a boat", []),
    ],
)
def test_shots_are_told_apart(text: str, shots: list[tuple[str, float | None]]) -> None:
    assert [(shot.what, shot.seconds) for shot in read_shot_list(text)] == shots


def test_a_text_on_a_shot_is_no_part_of_what_is_seen() -> None:
    first, second, third = read_shot_list('1. a fox walks. Text: "SALE" 2. a boat (super: "NOW") 3. title "The End"')
    assert (first.what, first.text, first.place) == ("a fox walks", "SALE", "lower")
    assert (second.what, second.text) == ("a boat", "NOW")
    assert (third.what, third.text, third.place) == ("the place", "The End", "title")


@pytest.mark.parametrize(
    ("brief", "story", "seconds", "aspect", "closing"),
    [
        ("Make it 15 seconds, vertical, for TikTok. A frog jumps.", "A frog jumps.", 15, "9:16", ""),
        ("A frog jumps. It should be about 12 s long.", "A frog jumps.", 12, "", ""),
        ('A frog jumps. End with the words "Come in".', "A frog jumps.", None, "", "Come in"),
        ('A frog jumps and ends with "Bye"', "A frog jumps", None, "", "Bye"),
        ("A frog sits for 5 seconds.", "A frog sits for 5 seconds.", None, "", ""),
        (TIMED, TIMED, 4, "", ""),
    ],
)
def test_what_a_brief_says_of_the_film(
    brief: str, story: str, seconds: float | None, aspect: str, closing: str
) -> None:
    asked = read_asked(brief)
    assert (asked.story, asked.seconds, asked.aspect, asked.closing) == (story, seconds, aspect, closing)


def planned(folder: Path, brief: str, seconds: float = 10) -> Plan:
    with Board.open(folder / "project") as board:
        settings = Settings(brief=brief, seconds=seconds, width=64, height=36, fps=8)
        model = DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)))
        return plan_film(Production(board=board, settings=settings, shooting_model=model, events=EventStream()))


def test_shots_begin_at_the_times_that_are_told(tmp_path: Path) -> None:
    brief = '0-3s: a red balloon rises. Text: "UP"; 3-6s: a bird; 6-10s: the balloon on a beach. End with "Bye".'
    made = planned(tmp_path, brief)
    assert [start / made.fps for start in made.starts()] == [0, 3, 6] and made.frames == 80
    assert [(text.text, text.start, text.end) for text in made.texts] == [("UP", 0, 3), ("Bye", 7, 10)]


def test_each_shot_that_is_listed_is_one_shot_even_where_nobody_is_in_it(tmp_path: Path) -> None:
    made = planned(tmp_path, "Shot 1: a fox walks in the snow. Shot 2: the sea at night. Shot 3: the fox sleeps.", 30)
    assert [shot.text for shot in made.shots] == ["A fox walks in the snow", "The sea at night", "The fox sleeps"]
    assert [shot.scene.set for shot in made.shots if shot.scene] == ["snowfield", "sea", "snowfield"]


def test_the_built_in_director_makes_the_shots_that_are_listed(tmp_path: Path) -> None:
    model = DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)))
    words = f"Make a film called Up: {TIMED}"
    with open_session(tmp_path / "p", BuiltIn(), model, words=words, width=64, height=36, fps=8) as session:
        session.say(words)
        cut = need_cut(session.production.board)
        assert [clip.at for clip in cut.clips] == [0, 1, 3] and cut.seconds == 4
        assert [text.text for text in cut.texts] == ["Up"]


def test_a_numbered_list_of_orders_lists_no_shots() -> None:
    assert not any(wish.listed for wish in read_wishes("1. remove the title\n2. make the film shorter"))
