"""A planned film laid out as the working cut: the same film as the director's, then edited, and free of findings."""

from __future__ import annotations

from pathlib import Path

import pytest
from cut_making import Room, production
from drawn_model import DrawnModel

from rushes.agent.cut.document import document_of, need_cut
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
