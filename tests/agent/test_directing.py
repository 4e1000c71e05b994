"""Opening a project: which film is worked on."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_model import DrawnModel
from small_production import production_of

from rushes.agent.cut.document import need_cut, read_cut
from rushes.agent.cut.laying import lay
from rushes.agent.directing import for_parts, open_session, without_parts
from rushes.agent.events import ToolCalled
from rushes.agent.limits import Limits
from rushes.agent.production import plan_film
from rushes.agent.scripted import ScriptedModel, calls
from rushes.agent.shooting import shoot_all

EDITS = {"drop", "shrink", "pin", "recall", "note"}


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


@pytest.mark.parametrize(("context", "own"), [(None, {"recall"}), ("learned", {"recall"}), ("self-managed", EDITS)])
def test_who_manages_the_context_has_the_tools_for_it(tmp_path: Path, context: str | None, own: set[str]):
    tries = calls(*((name, {}) for name in sorted(EDITS)), ("finish", {}))
    with open_session(tmp_path / "p", ScriptedModel([tries]), DrawnModel(), words="a fox", context=context) as session:
        session.say("a fox")
        answers = {event.tool: event.result for event in session.events if isinstance(event, ToolCalled)}
    assert {name for name in EDITS if "no tool is called" not in answers[name]} == own


def test_a_policy_is_found_by_its_name_or_refused(tmp_path: Path):
    with pytest.raises(ValueError, match="no policy 'foo'; there are full, learned, masking, self-managed, window"):
        with open_session(tmp_path / "p", ScriptedModel([]), DrawnModel(), words="a fox", context="foo"):
            pass
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("limits", [Limits(tokens=1000, turns=8, seconds=4.0), Limits(), Limits(tokens=None)])
def test_parts_get_at_most_a_quarter_of_a_small_limit(limits: Limits):
    own, parts = without_parts(limits), for_parts(limits)
    assert (own.turns, own.seconds) == (limits.turns - parts.turns, limits.seconds - parts.seconds)
    assert own.tokens is None if limits.tokens is None else own.tokens == limits.tokens - parts.tokens >= 750
    assert parts.turns <= limits.turns / 2 and parts.turns >= 1
