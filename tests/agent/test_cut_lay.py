"""A planned film laid out as the working cut: the same film as the director's, then edited, and free of findings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cut_making import Room, production
from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.cut.document import document_of, need_cut, source_probe
from rushes.agent.cut.fitting import fit_length
from rushes.agent.cut.generating import generate
from rushes.agent.cut.rendering import render_cut
from rushes.agent.finishing import render_film
from rushes.agent.production import Production, plan_film
from rushes.agent.shooting import choose_take, shoot, shoot_all
from rushes.media.decode import frames

BRIEF = "a red fox finds a lantern in the snow, then a blue boat sails at night"


def shot_film(tmp_path: Path, **settings) -> Production:
    made = production(tmp_path, brief=BRIEF, seconds=6, width=160, height=90, **settings)
    plan_film(made)
    return made


def test_the_laid_film_is_the_directors_film(tmp_path: Path):
    made = shot_film(tmp_path, title="The Lantern", subtitles=True)
    room = Room(made)
    with pytest.raises(ValueError, match="no take yet"):
        room("lay")
    shoot_all(made)
    assert f"{len(made.shots())} clips" in room("lay")
    cut = need_cut(made.board)
    assert [clip.shot for clip in cut.clips] == [shot.id for shot in made.shots()]
    laid, directed = render_cut(made), render_film(made, "film")
    ours, theirs = list(frames(laid.path)), list(frames(directed.path))
    assert len(ours) == len(theirs) == 72
    assert max(abs(a.astype(int) - b).mean() for a, b in zip(ours, theirs, strict=True)) < 1
    assert laid.path == render_cut(made).path and len(made.board.nodes("film")) == 2
    before = document_of(cut)
    room("retext", id=cut.texts[0].id, text="The Lamp")
    room("undo")
    assert document_of(need_cut(made.board)) == before
    made.board.close()


def test_an_unshot_film_is_laid_with_marked_stand_ins_where_that_is_wanted(tmp_path: Path):
    made = production(tmp_path, brief="a red fox runs. a blue boat sails at night", seconds=3, width=160, height=90)
    plan_film(made)
    room, (first, *rest) = Room(made), made.shots()
    shoot(made, first, 0, made.shooting_model)
    with pytest.raises(ValueError, match=rf"{rest[0].id} \(.*no take yet; shoot .* or lay\(stand_ins=true\)"):
        room("lay")
    said = room("lay", stand_ins=True)
    assert all(f"{shot.id} is not shot yet" in said for shot in rest) and f"{first.id} is" not in said
    cut = need_cut(made.board)
    assert len(cut.clips) == len(made.shots()) and cut.frames == 36
    assert [text.text.split(" is not")[0] for text in cut.texts] == [shot.id for shot in rest]
    assert room("inspect").count("unshot clip-") == len(rest)
    assert f"{cut.clips[-1].id} stand in for shots that are not shot yet" in " ".join(render_cut(made).problems)
    for clip in cut.clips[1:]:
        take = shoot(made, made.board.node(clip.shot), 0, made.shooting_model)
        assert "is gone with the stand-in" in room("replace", clip=clip.id, by=take.id)
    assert not need_cut(made.board).texts and "unshot" not in room("inspect")
    made.board.close()


def test_a_card_stands_in_where_nobody_draws(tmp_path: Path):
    made = production(tmp_path, brief="a red fox runs", seconds=1, width=160, height=90)
    made.shooting_model = DrawnModel(DrawnCapabilities(needs_scene=False, world=None))
    plan_film(made)
    Room(made)("lay", stand_ins=True)
    cut = need_cut(made.board)
    assert source_probe(made.board, cut.clips[0].blob).kind == "image" and not made.board.nodes("take")
    assert render_cut(made).frames == 12
    made.board.close()


def test_a_planned_film_that_is_too_short_is_told_which_shots_it_lacks(tmp_path: Path):
    made = production(tmp_path, brief="a red fox runs. a blue boat sails at night", seconds=3, width=160, height=90)
    plan_film(made)
    shoot_all(made)
    Room(made)("lay")
    said = fit_length(made, 12.0)
    calls = re.findall(r"^generate\('(.+)', ([\d.]+), after='(clip-\d+)', size='(\w+)'\)$", said, re.MULTILINE)
    sizes = {(shot.fields["text"], shot.fields["extra"]["size"]) for shot in made.shots()}
    assert len(calls) >= 2 and len({(what, size) for what, _, _, size in calls}) == len(calls)
    assert not any((what, size) in sizes for what, _, _, size in calls)
    assert {what for what, _, _, _ in calls} == {shot.fields["text"] for shot in made.shots()}
    assert re.search(r"about \d+ new shots of [\d.]+ s", said)
    for what, seconds, after, size in calls:
        generate(made, what, float(seconds), after, size)
    again = fit_length(made, 12.0)
    assert again.startswith("the film lasts 12 s") and need_cut(made.board).frames == 144
    order = [made.board.node(clip.shot).fields["text"] for clip in need_cut(made.board).clips]
    assert order == sorted(order, reverse=True)  # each new shot beside those that tell the same
    made.board.close()


def test_a_take_of_another_scene_is_told_and_mended(tmp_path: Path):
    made = shot_film(tmp_path)
    shoot_all(made)
    room = Room(made)
    room("lay")
    assert room("inspect") == "nothing found"
    first, last = made.shots()[0], made.shots()[-1]
    take = made.board.node(last.id).fields["chosen"]
    shown = need_cut(made.board).clips[0]
    with pytest.raises(ValueError, match="trim"):
        room("replace", clip=shown.id, by=take)
    room("trim", clip=shown.id, seconds=2.0)
    room("replace", clip=shown.id, by=take)
    assert need_cut(made.board).clips[0].shot == first.id
    found = [line for line in room("inspect").splitlines() if line.startswith("identity")]
    assert found == [
        f"identity {shown.id} looks like a blue boat, planned red fox -> "
        f"replace({shown.id}, by='{made.board.node(first.id).fields['chosen']}')"
    ]
    room("undo")
    another = shoot(made, made.board.node(first.id), 1, DrawnModel())
    choose_take(made, first.id, another.id, "try it")
    assert room("inspect") == "nothing found"
    room("undo")  # the choice, and not the take
    assert made.board.node(first.id).fields["chosen"] == shown.take
    made.board.close()


@pytest.mark.slow
@pytest.mark.parametrize("brief", [BRIEF, "a green frog jumps by the sea at dusk, a yellow bee flies over a meadow"])
def test_nothing_is_found_in_a_clean_animatic(tmp_path: Path, brief: str):
    from rushes.generate.animatic import Animatic

    made = production(tmp_path, brief=brief, seconds=6, width=160, height=90, title="At Last", subtitles=True)
    made.shooting_model = Animatic()
    plan_film(made)
    shoot_all(made)
    room = Room(made)
    room("lay")
    assert room("inspect") == "nothing found"
    made.board.close()
