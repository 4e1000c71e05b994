"""Opening a project: which film is worked on."""

from __future__ import annotations

from pathlib import Path

from drawn_model import DrawnModel
from small_production import production_of

from rushes.agent.cut.document import need_cut, read_cut
from rushes.agent.cut.laying import lay
from rushes.agent.directing import open_session
from rushes.agent.production import plan_film
from rushes.agent.scripted import ScriptedModel
from rushes.agent.shooting import shoot_all


def test_the_last_of_several_films_in_a_project_is_worked_on(tmp_path: Path):
    folder, films = tmp_path / "project", ("a red fox runs", "a blue boat sails")
    for words in films:
        with production_of(tmp_path, brief=words, seconds=1) as production:
            plan_film(production)
            shoot_all(production)
            if words == films[0]:
                assert "laid" in lay(production)
    with open_session(folder, ScriptedModel([]), DrawnModel(), words="make it vertical") as session:
        production = session.production
        assert production.settings.brief == films[1] and read_cut(production.board) is None
        lay(production)
    with open_session(folder, ScriptedModel([]), DrawnModel(), words="make it vertical") as session:
        cut = need_cut(session.production.board)  # and the film's own cut stays
        assert session.production.board.node(cut.clips[0].shot).fields["text"] == "A blue boat sails"
