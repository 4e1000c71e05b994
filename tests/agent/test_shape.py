"""Films that are not wide: asked for in words, composed in their own shape, cropped only where it is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_model import DrawnCapabilities, DrawnModel
from PIL import Image
from small_production import caller, opened, production_of, shot

from rushes.agent.asked import read_asked
from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.cut.document import need_cut
from rushes.agent.cut.reframing import reframe
from rushes.agent.cutting import make_edit
from rushes.agent.directing import Handed, open_session
from rushes.agent.making import making_tools
from rushes.agent.planner import plan
from rushes.agent.production import plan_film
from rushes.agent.recompose import recompose
from rushes.agent.scripted import ScriptedModel
from rushes.agent.shape import frame_of, named_shape, shape_of
from rushes.backlot.scene import Action, Actor, Scene
from rushes.backlot.where import on_screen
from rushes.media.encode import write_video

ANY_SIZE = DrawnCapabilities(sizes=None)


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ("a 9:16 film about a fox", "9:16"),
        ("an owl for TikTok", "9:16"),
        ("a film for my stories: a fox runs", "9:16"),
        ("Ein Film im Hochformat über einen Fuchs", "9:16"),
        ("make it square", "1:1"),
        ("a 4:5 ad for shoes", "4:5"),
        ("a robot dances on the square", ""),
        ("a portrait of a girl by a vertical cliff", ""),
        ("at 16:30 a fox tells stories", ""),
    ],
)
def test_a_shape_is_read_where_one_is_named(words: str, shape: str):
    assert named_shape(words) == shape


def test_what_film_it_is_is_told_from_what_is_seen():
    asked = read_asked("a vertical 12 second film about a fox in the snow")
    assert (asked.story, asked.aspect, asked.seconds) == ("a fox in the snow", "9:16", 12.0)
    assert read_asked("Make me a film, half a minute long, in 1:1: an owl sleeps").seconds == 30.0
    assert read_asked("a robot makes a film about a fox").story == "a robot makes a film about a fox"
    assert read_asked("a film with a robot that waits 5 seconds").seconds is None


def test_frames_have_even_sides_and_a_shape():
    assert frame_of(shape_of("9:16"), 720) == (720, 1280)
    assert frame_of(shape_of("2.39:1"), 101)[1] == 100
    for wrong in ("9", "a:b", "1:0", "1:99"):
        with pytest.raises(ValueError, match="aspect"):
            shape_of(wrong)


@pytest.mark.parametrize("aspect", [9 / 16, 1.0, 4 / 5, 16 / 9])
@pytest.mark.parametrize(
    "brief",
    [
        "an owl chases a rabbit through the forest",
        "a fox finds a lantern in the snow",
        "a robot carries an umbrella",
        "two kittens play in a room",
        "an elephant walks",
        "a girl and a dog run on the beach",
    ],
)
def test_everybody_is_in_the_picture_and_nobody_hides_another(aspect: float, brief: str):
    for each in plan(brief, seconds=12, aspect=aspect).shots:
        assert each.scene is not None
        seen = on_screen(each.scene, np.linspace(0.3, each.scene.seconds - 0.3, 9), aspect)
        for actor in seen:
            assert actor.visible.mean() > 0.7, (each.size, actor.x, actor.height)
        if len(seen) == 2 and aspect < 1.5 and "carries" not in brief:
            apart = np.abs(seen[0].x - seen[1].x) / ((seen[0].height + seen[1].height) / 2 / aspect)
            assert apart[-1] > 0.75, (each.size, apart)


def test_the_plan_tool_plans_and_shoots_in_the_shape_that_was_asked(tmp_path: Path):
    model = DrawnModel(ANY_SIZE)
    with production_of(tmp_path, model=model) as production:
        call = caller([*making_tools(production), *cut_tools(production)])
        said = call("plan", shots=[{"what": "a red fox runs", "seconds": 1}], seconds=1, aspect="9:16")
        assert said.splitlines()[0] == "planned 1 shots, 1 s, 72x128"
        call("shoot", shot="shot-1")
        assert (model.made[0].width, model.made[0].height) == (72, 128)
        call("lay")
        cut = need_cut(production.board)
        assert (cut.width, cut.height, cut.clips[0].fit) == (72, 128, "cover")
        reframe(production, "1:1", None, None, "cover")
        call("generate", what="a blue bird flies", seconds=0.5)
        assert (model.made[-1].width, model.made[-1].height) == (72, 72)
        with pytest.raises(ValueError, match="planned already"):
            call("plan", shots=[{"what": "a fox", "seconds": 1}], aspect="1:1")


def test_a_take_of_another_shape_is_cropped_around_the_subject_and_it_is_said(tmp_path: Path):
    with production_of(tmp_path, model=DrawnModel()) as production:  # makes 160 x 90 and nothing else
        call = caller([*making_tools(production), *cut_tools(production)])
        shots = [{"what": "a red fox runs", "seconds": 1}, {"what": "a robot stands in the city", "seconds": 1}]
        said = call("plan", shots=shots, seconds=2, aspect="9:16")
        assert "drawn-1 makes no takes of 72x128, but 160x90" in said
        for each in production.shots():
            call("shoot", shot=each.id)
        call("lay")
        told = [node.fields["text"] for node in production.board.nodes("note")]
        for clip in need_cut(production.board).clips:
            about = next(text for text in told if text.startswith(clip.take))
            assert clip.fit == ("cover" if "cropped around the" in about else "contain")


def test_a_picture_of_another_shape_keeps_its_subject_or_all_of_it(tmp_path: Path):
    files = []
    for name, tops in (("one.png", (80,)), ("two.png", (4, 100))):
        picture = np.full((128, 72, 3), 120, np.uint8)
        for top in tops:
            picture[top : top + 24, 24:48] = (220, 40, 40)
        Image.fromarray(picture).save(tmp_path / name)
        files.append(tmp_path / name)
    with production_of(tmp_path, *files, brief="one and two") as production:  # 128 x 72, and nothing to film
        plan_film(production)
        one, two = make_edit(production, "film").clips
        assert one["fit"] == "cover" and one["focus"][1] > 0.7 and two["fit"] == "contain"
        told = {note.fields["text"] for note in production.board.nodes("note")}
        assert "one.png is cropped around what stands out and loses 68% of its height" in told
        assert any(text.startswith("two.png is shown whole, with borders") for text in told)


def test_a_new_session_has_the_shape_that_its_words_or_its_footage_have(tmp_path: Path):
    upright = tmp_path / "clip.mp4"
    write_video(upright, np.full((6, 96, 54, 3), 90, np.uint8), 12, threads=1)
    cases = (
        ("a film for stories about a fox", (), None, (720, 1280)),
        ("a fox runs", (), 144, (256, 144)),
        ("a square film about a fox", (), 144, (144, 144)),
        ("make it one second", (upright,), None, (54, 96)),
        ("make it two seconds", (upright,), 108, (108, 192)),
    )
    for words, footage, short, size in cases:
        handed = Handed(footage=footage)
        model = ScriptedModel([])
        with open_session(
            tmp_path / words, model, DrawnModel(), words=words, handed=handed, short_side=short
        ) as session:
            settings = session.production.settings
            assert (settings.width, settings.height) == size


def test_a_cut_is_reframed_as_before(tmp_path: Path):
    with opened(tmp_path, shot("red", 1, moving=0)) as production:
        assert "72x128, cover" in reframe(production, "9:16", None, None, "cover")
        assert "64x36" in reframe(production, "", 64, 36, "contain")
        with pytest.raises(ValueError, match="can't be rendered"):
            reframe(production, "", 9000, None, "cover")


SHOTS = [{"what": "an owl and a rabbit run in the forest", "seconds": 1}, {"what": "a fox walks", "seconds": 1}]


def drawn_film(production):
    """A laid film of two drawn shots."""
    call = caller([*making_tools(production), *cut_tools(production)])
    call("plan", shots=SHOTS, seconds=4)
    for each in production.shots():
        if each.fields["source"] == "generated":
            call("shoot", shot=each.id)
    call("lay")
    return call


@pytest.mark.parametrize("aspect", [9 / 16, 1.0])
@pytest.mark.parametrize(
    "brief", ["an owl chases a rabbit", "a girl carries an umbrella", "two kittens play in a room"]
)
def test_a_scene_composed_anew_is_the_one_that_would_have_been_planned(aspect: float, brief: str):
    wide, other = (plan(brief, seconds=2, aspect=shape).shots[0] for shape in (16 / 9, aspect))
    assert wide.scene != other.scene and wide.scene is not None and other.scene is not None
    assert recompose(wide.scene, wide.size, was=16 / 9, aspect=aspect) == other.scene
    back = recompose(other.scene, wide.size, was=aspect, aspect=16 / 9)
    assert back is not None and [a.kind for a in back.cast] == [a.kind for a in wide.scene.cast]


def test_what_somebody_has_composed_by_hand_is_not_composed_anew():
    scene = Scene(cast=(Actor(kind="fox", actions=(Action(motion="walk", start=0.3, end=0.9),)),), seconds=2.0)
    assert recompose(scene, "medium", was=16 / 9, aspect=9 / 16) is None


def test_a_drawn_film_is_shot_anew_in_the_shape_that_is_asked_for(tmp_path: Path):
    model = DrawnModel(ANY_SIZE)
    with production_of(tmp_path, model=model) as production:
        call = drawn_film(production)
        call("text", text="SALE", start=0.5, end=1.5)
        call("trim", clip="clip-2", start=0.25)
        before, shots = need_cut(production.board), [shot.fields["scene"] for shot in production.shots()]
        said = call("frame", aspect="9:16")
        assert "all clips are composed and shot anew in this shape, which cost nothing" in said and "loses" not in said
        cut = need_cut(production.board)
        assert (cut.width, cut.height) == (72, 128) == (model.made[-1].width, model.made[-1].height)
        for old, new in zip(before.clips, cut.clips, strict=True):
            assert (new.at, new.seconds, new.start, new.label) == (old.at, old.seconds, old.start, old.label)
            assert new.take != old.take and new.focus == (0.5, 0.5)
            found, was = (production.board.node(take).fields for take in (new.take, old.take))
            assert (found["width"], found["height"], found["frames"]) == (72, 128, was["frames"])
        assert cut.texts == before.texts and len(model.made) == 4
        assert [shot.fields["scene"] for shot in production.shots()] != shots
        call("shoot", shot="shot-1")  # a further take has the film's new shape
        assert (model.made[-1].width, model.made[-1].height) == (72, 128)
        production.frame_of_cut = False
        assert production.frame() == (128, 72)  # a film made anew from its brief has the shape of its brief
        production.frame_of_cut = True
        call("frame", aspect="16:9")
        call("undo")
        call("undo")
        assert need_cut(production.board) == before
        assert [shot.fields["scene"] for shot in production.shots()] == shots
        call("frame", aspect="9:16", fit="cover")  # whoever says that it is to be cropped gets it cropped
        assert [clip.take for clip in need_cut(production.board).clips] == [clip.take for clip in before.clips]


def test_footage_and_what_costs_money_are_cropped_and_that_is_said(tmp_path: Path):
    given = tmp_path / "given.mp4"
    write_video(given, np.concatenate([shot("red", 1)]), 12, threads=1)
    with production_of(tmp_path, given, model=DrawnModel(ANY_SIZE)) as production:
        call = drawn_film(production)
        said = call("frame", aspect="9:16")
        clips = need_cut(production.board).clips
        cropped = [clip for clip in clips if not clip.take]
        assert len(cropped) == 1 and f"{cropped[0].id} loses 68% of its width" in said
        anew = [clip.id for clip in clips if clip.take]
        assert f"{', '.join(anew)} are composed and shot anew" in said
    with production_of(tmp_path / "paid", model=Paid(ANY_SIZE)) as production:
        said = drawn_film(production)("frame", aspect="9:16")
        assert "anew" not in said and said.count("loses 68% of its width") == 2


class Paid(DrawnModel):
    """As one that is paid by the clip."""

    def price(self, request: object) -> int:
        return 1000

    def generate(self, request, *, order=None, **more):  # type: ignore[no-untyped-def]
        return super().generate(request, **more)
