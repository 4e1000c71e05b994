"""Plans: frames that add up exactly, an editor's coverage, and only what the shooting model knows."""

import random

import pytest

from rushes.agent.brief import BriefError
from rushes.agent.plan import Material, Plan, PlanError, plan_from_dict
from rushes.agent.planner import Shooter, plan
from rushes.agent.rhythm import NoShare, share_frames
from rushes.backlot.world import FULL, NANO

STORY = "a fox finds a red paper lantern in the snow, then a ship sails at night"
LONG = (
    "A small cat wakes up in a room. It chases a butterfly through the meadow, then a dog barks. The cat hides behind "
    "a tree while it rains; after that an owl flies over the forest at night, and the cat walks home."
)
BRIEFS = ("a fox runs", STORY, LONG, "sunset over the ocean", "two kittens play with a ball")
SMALL = Shooter(world=NANO, shortest=2.125, longest=2.125, take_seconds=2.125, free_camera=False)


def shown_frames(made: Plan) -> int:
    return sum(shot.frames for shot in made.shots) - sum(shot.fade_frames for shot in made.shots[:-1])


@pytest.mark.parametrize("fps", [12, 23.976, 24, 25, 29.97, 30, 50, 60])
def test_frames_add_up_exactly(fps: float):
    rng = random.Random(f"sums {fps}")
    for _ in range(40):
        seconds = rng.choice([0.1, 0.5, 1, 2, 3.3, 7, 12.34, 20, 33.3, 60, rng.uniform(0.2, 90)])
        shooter = rng.choice([Shooter(), SMALL, Shooter(longest=5.0)])
        materials = rng.choice([(), (Material(blob="b", name="a.png", kind="image"),)]) if seconds > 5 else ()
        made = plan(
            rng.choice(BRIEFS),
            seconds=seconds,
            fps=fps,
            shooter=shooter,
            materials=materials,
            title="T",
            subtitles=True,
        )
        assert made.frames == shown_frames(made) == max(1, int(seconds * fps + 0.5))
        for shot, before in zip(made.shots, [None, *made.shots[:-1]], strict=True):
            assert shot.frames >= shot.fade_frames + (before.fade_frames if before else 0)
            if shot.source == "generated":
                assert shot.frames / fps <= shot.take_seconds + 1e-6 <= shooter.longest + 2e-6
        for text in made.texts:
            assert 0 <= text.start < text.end <= made.seconds + 1e-9


def test_a_plan_is_the_same_again_and_survives_json():
    made = plan(LONG, seconds=30, title="A Cat", subtitles=True)
    assert made == plan(LONG, seconds=30, title="A Cat", subtitles=True)
    assert plan_from_dict(made.to_dict()) == made


def test_the_small_world_tells_the_find_in_three_shots_of_one_actor():
    made = plan(STORY, seconds=20, shooter=SMALL)
    seen = [(shot.scene.cast[0].kind, shot.scene.cast[0].actions[0].motion) for shot in made.shots if shot.scene]
    walk, stand, jump = seen.index(("fox", "walk")), seen.index(("lantern", "stand")), seen.index(("fox", "jump"))
    assert walk < stand < jump < seen.index(("boat", "walk"))
    assert all(shot.scene is not None and not NANO.lacks(shot.scene) for shot in made.shots)
    assert next(s.scene for s in made.shots if s.scene and s.scene.cast[0].kind == "lantern").cast[0].color == "red"


@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("world", [FULL, NANO])
def test_every_scene_is_within_what_the_model_knows(brief: str, world):
    made = plan(brief, seconds=24, shooter=Shooter(world=world))
    assert [world.lacks(shot.scene) for shot in made.shots if shot.scene] == [[] for _ in made.shots]


def test_what_the_model_does_not_know_is_said():
    made = plan("a brown dog rolls in the rain on the beach", seconds=6, shooter=SMALL)
    notes = " ".join(made.notes)
    for word in ("dog", "brown", "rain", "beach", "roll"):
        assert word in notes


def test_coverage_changes_size_between_cuts_within_a_beat():
    made = plan(STORY, seconds=24)
    for before, after in zip(made.shots, made.shots[1:], strict=False):
        if before.beat == after.beat:
            assert before.size != after.size
    assert made.shots[0].size == "wide"


def test_screen_direction_is_kept():
    made = plan("a fox runs through the forest and chases a rabbit", seconds=16)
    headings = {action.heading for shot in made.shots if shot.scene for action in shot.scene.cast[0].actions}
    assert headings == {1}
    home = plan("a fox runs back", seconds=4)
    assert {a.heading for s in home.shots if s.scene for a in s.scene.cast[0].actions} == {-1}


def test_one_place_keeps_its_look_and_one_role_its_colour():
    made = plan(LONG, seconds=40)
    seeds = {(shot.scene.set, shot.scene.seed) for shot in made.shots if shot.scene}
    assert len(seeds) == len({place for place, _ in seeds})
    cats = {(a.color, a.pattern) for s in made.shots if s.scene for a in s.scene.cast if a.kind == "cat"}
    assert len(cats) == 1


def test_mood_sets_the_rhythm():
    fast = plan("a dog chases a cat, the cat escapes, the dog races on", seconds=24)
    slow = plan("a cat sleeps quietly, a soft snow falls, the cat dreams of a fish", seconds=24)
    assert fast.mood == "tense" and slow.mood == "calm"
    assert len(fast.shots) > len(slow.shots) and fast.bpm > slow.bpm


def test_materials_become_shots_within_their_length():
    materials = (
        Material(blob="f", name="clip.mp4", kind="footage", seconds=1.5),
        Material(blob="i", name="photo.png", kind="image"),
        Material(blob="l", name="logo.png", kind="image", logo=True),
    )
    made = plan(STORY, seconds=20, materials=materials)
    sources = [shot.source for shot in made.shots]
    assert sources.count("footage") == 1 and sources.count("image") == 2
    assert made.shots[-1].blob == "l" and made.shots[-1].fit == "contain"
    assert sources[0] == "generated"
    clip = next(shot for shot in made.shots if shot.source == "footage")
    assert clip.start + clip.frames / 24 <= 1.5 + 1e-6


def test_long_footage_is_trimmed_from_its_middle():
    made = plan(STORY, seconds=16, materials=(Material(blob="f", name="c.mp4", kind="footage", seconds=60),))
    clip = next(shot for shot in made.shots if shot.source == "footage")
    assert clip.frames < 8 * 24 and clip.start == pytest.approx((60 - clip.frames / 24) / 2, abs=0.01)


def test_too_many_beats_for_the_time_are_left_out_with_a_note():
    made = plan("a fox walks. a cat jumps. an owl flies. a dog runs. a bear rolls. a frog hops.", seconds=3)
    assert {shot.beat for shot in made.shots} == {0, 1}
    assert any("left out" in note and "An owl flies" in note for note in made.notes)


def test_subtitles_cover_their_beats_and_the_title_the_beginning():
    made = plan(STORY, seconds=20, title="The Lantern", subtitles=True)
    title = next(text for text in made.texts if text.place == "title")
    first, second = (text for text in made.texts if text.place == "subtitle")
    assert title.text == "The Lantern" and title.end < 5
    assert first.start == 0 and first.end <= second.start and second.end == made.seconds


@pytest.mark.parametrize("seconds", [0, -3, 1e9, float("nan"), float("inf"), 0.001])
def test_lengths_that_no_film_has(seconds: float):
    with pytest.raises(PlanError) as error:
        plan(STORY, seconds=seconds)
    assert "\n" not in str(error.value)


def test_footage_alone_that_is_too_short_says_so():
    from rushes.agent.planner import plan_materials

    clip = Material(blob="f", name="c.mp4", kind="footage", seconds=2.0)
    with pytest.raises(PlanError, match=r"2\.0 s"):
        plan_materials(seconds=10, fps=24, materials=(clip,), title="", note="words were of no use")
    made = plan_materials(seconds=2, fps=24, materials=(clip,), title="", note="words were of no use")
    assert shown_frames(made) == 48 and "words were of no use" in made.notes


def test_empty_and_overlong_briefs_are_refused():
    for brief in ("", "y" * 100_000):
        with pytest.raises(BriefError):
            plan(brief, seconds=5)


def test_shared_frames_add_up_within_their_bounds():
    rng = random.Random(7)
    for _ in range(300):
        count = rng.randint(1, 12)
        least = [rng.randint(1, 20) for _ in range(count)]
        most = [low + rng.randint(0, 60) for low in least]
        total = rng.randint(sum(least), sum(most))
        shares = share_frames(total, [rng.uniform(0.2, 3) for _ in range(count)], least, most)
        assert sum(shares) == total
        assert all(low <= share <= high for low, share, high in zip(least, shares, most, strict=True))
    assert share_frames(100, [1, 1, 2], [1, 1, 1], [99, 99, 99]) == [25, 25, 50]
    with pytest.raises(NoShare):
        share_frames(10, [1.0], [1], [9])


def test_footage_of_a_moment_is_told_to_flash_by():
    clip = Material(blob="f", name="one.mp4", kind="footage", seconds=1 / 24)
    notes = plan(STORY, seconds=8, materials=(clip,)).notes
    assert any(note.startswith("one.mp4 lasts only 0.04 s") for note in notes)
    assert not any("lasts only" in note for note in plan(STORY, seconds=8).notes)
