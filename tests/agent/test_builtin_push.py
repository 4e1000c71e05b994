"""Zooms in plain words: what is read, what is asked back, and what a film of drawn shots shows then."""

from __future__ import annotations

from pathlib import Path

import pytest
from talking import told
from test_builtin_wordings import CUT, Cutting

from rushes.agent.brief import read_brief
from rushes.agent.builtin.requests import read_wishes
from rushes.media.push import AT_REST, WHOLE

PUSHED = CUT.replace("garden.mp4", "garden.mp4 push 1 to 1.4 at 0.60,0.50").replace(
    "bridge.mp4", "bridge.mp4 push 1.3 at 0.40,0.50"
)


def asked(words: str, timeline: str = CUT, **answers) -> tuple[list[tuple[str, dict]], str]:
    """What was called, and what was said."""
    shop = Cutting()
    shop.answers |= {"timeline": timeline, **answers}
    calls = [call for call in shop.say(words) if call[1].get("material") != "?"]
    said = " ".join(str(given.get("text", "")) for name, given in shop.calls if name in ("say", "finish"))
    return [call for call in calls if call[0] not in ("say", "look")], said


@pytest.mark.parametrize(
    ("words", "call"),
    [
        ("zoom in even more on the second shot", {"clip": "clip-2", "way": "in", "scale": 1.68}),
        ("a bit less zoom on the second shot", {"clip": "clip-2", "way": "in", "scale": 1.167}),
        ("the bridge shot is too close", {"clip": "clip-3", "way": "hold", "scale": 1.083}),
        ("zoom in more on the first shot", {"clip": "clip-1", "way": "in"}),
        ("undo the zoom on the second shot", {"clip": "clip-2", "way": "none"}),
    ],
)
def test_more_and_less_are_of_what_there_is(words: str, call: dict) -> None:
    assert asked(words, PUSHED)[0] == [("push", call)]


def test_no_zoom_at_all_takes_them_from_every_shot_that_has_one() -> None:
    calls, _ = asked("No zooms, please.", PUSHED)
    assert calls == [("push", {"clip": id, "way": "none"}) for id in ("clip-2", "clip-3")]
    calls, said = asked("No zooms, please.")
    assert calls == [] and "no shot of the cut has a zoom" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("zoom in", "in which shot should it zoom?; there are the first shot (harbour.mp4)"),
        ("zoom in from 2 s to 4 s", "a zoom goes evenly over the whole of a shot"),
        ("zoom out at the end of the last shot", "split the shot where it should begin"),
        ("zoom in and out of the second shot", "not both"),
        ("make the first shot wider", "the first shot shows all of its picture"),
        ("zoom in on the ninth shot", "there is no shot number 9"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_done(words: str, says: str) -> None:
    calls, said = asked(words)
    assert calls == [] and says in said


def test_somebody_in_several_shots_is_asked_about() -> None:
    one = CUT.replace("harbour.mp4", "a boat.mp4")
    assert asked("Zoom in on the boat.", one)[0] == [("push", {"clip": "clip-1", "way": "in", "on": "boat"})]
    both = CUT.replace("harbour.mp4", "a boat.mp4").replace("market.mp4", "the boat.mp4")
    calls, said = asked("Zoom in on the boat.", both)
    assert calls == [] and "'boat' is in the first shot and the fourth shot; in which of them should it zoom?" in said


def test_what_the_tool_refuses_is_said_for_people() -> None:
    refused = "error: nobody called 'owl' is planned in clip-2, only the fox; name one of them, or give x and y"
    _, said = asked("Zoom in on the owl in the second shot.", push=refused)
    assert (
        "nobody called 'owl' is planned in the second shot, only the fox; say otherwise where to" in said
        and "give x" not in said
    )
    lowered = (
        "clip-2 moves in, ...; 1.8 was asked for, but the fox stays in the frame no nearer than 1.2; film 12.000 s"
    )
    _, said = asked("Zoom way in on the fox in the second shot.", push=lowered)
    assert "The second shot: 1.8 was asked for, but the fox stays in the frame no nearer than 1.2" in said


@pytest.mark.parametrize(
    "words",
    [
        "Make a film: a fox walks in the snow, the camera zooms in.",
        "Make a 10 second film. A fox walks in the snow. Zoom in on the fox. Then a boat sails.",
        "Make a film of an owl in the forest and zoom in on the owl.",
    ],
)
def test_in_a_brief_it_stays_with_the_planned_camera(words: str) -> None:
    (made,) = read_wishes(words)
    assert made.act == "make" and "zoom" in made.words
    assert "zoom_in" in {beat.camera for beat in read_brief(made.words).beats}


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("shoot the second shot again, closer", ["restage"]),
        ("add a shot where the camera zooms in on an owl", ["generate"]),
        ("move the second shot closer to the end", ["move"]),
        ("push the second shot to the end", ["move"]),
        ("pull out the second shot", ["remove"]),
        ("make it vertical and crop to the subject", ["frame"]),
        ("crop it square", ["frame"]),
        ("move the title closer to the top", ["retext"]),
        ('put "ZOOM IN" at 2 s', ["text"]),
        ("make the second shot longer and zoom in", ["trim", "push"]),
        ("Make it 10 s long. Zoom in on the second shot.", ["fit", "push"]),
        ("Zoom in on the fox in shot 2. Then remove the third shot.", ["push", "remove"]),
    ],
)
def test_other_wishes_stay_what_they_are(words: str, acts: list[str]) -> None:
    assert [wish.act for wish in read_wishes(words)] == acts


def test_drawn_shots_are_zoomed_without_being_shot_again(tmp_path: Path) -> None:
    film = "Make a 6 second film: a fox finds a red lantern in the snow, then a boat sails on the sea at night."
    answers, cut = told(
        tmp_path, film, "zoom in on the fox in the first shot", "no, on the lantern", "zoom out of the last shot",
        "crop in a bit on the last shot", "no more zoom on the first shot",
    )  # fmt: skip
    onto_fox, onto_lantern, out, closer, at_rest = answers[1:]
    assert onto_fox == "done: the first shot moves in, from all of its frame to 1.3 times as close on the fox."
    assert onto_lantern.startswith("done: took back") and onto_lantern.endswith("times as close on the lantern.")
    assert out.startswith("done: the second shot moves out") and closer.endswith("edges of the boat leave the frame.")
    assert at_rest == "done: the first shot has no zoom."
    assert cut is not None
    first, last = cut.clips
    assert first.push == AT_REST and last.push[0] == last.push[1] and 1.06 < last.push[0].scale <= 1.15
    assert [clip.take for clip in cut.clips] == ["take-1", "take-2"]


def test_a_correction_goes_to_somebody_else_and_takes_back_only_what_it_corrects(tmp_path: Path) -> None:
    film = "Make a 3 second film: a fox finds a red lantern in the snow."
    _, one = told(tmp_path / "one", film, "zoom in on the fox in the first shot")
    _, two = told(tmp_path / "two", film, "zoom in on the fox in the first shot", "no, the lantern", "no, the fox")
    assert one is not None and two is not None
    assert one.clips[0].push == two.clips[0].push != AT_REST
    assert one.clips[0].push[0] == WHOLE
    assert [clip.id for clip in one.clips] == [clip.id for clip in two.clips]
