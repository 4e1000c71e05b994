"""Context packs: what a good one says, and what is said of a bad one."""

import json
from pathlib import Path

import pytest

from rushes.agent.persona import PersonaError, load_persona

GOOD = {
    "schema": "rushes/persona/1",
    "persona": {"name": "Mara", "role": "founder of a toy shop", "manner": "Short sentences. Hates clutter."},
    "first_principles": ["The first three seconds decide."],
    "operating_questions": ["Would a child understand this shot?"],
}


def pack(folder: Path, data: object) -> Path:
    path = folder / "mara.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return path


def test_a_pack_is_said_in_words(tmp_path: Path) -> None:
    words = load_persona(pack(tmp_path, GOOD)).words()
    for piece in ("Mara", "toy shop", "clutter", "first three seconds", "Would a child"):
        assert piece in words


def test_a_person_in_one_sentence_will_do(tmp_path: Path) -> None:
    assert "a calm editor" in load_persona(pack(tmp_path, {"persona": "a calm editor"})).words()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("{", "not JSON"),
        ({}, "'persona' is missing"),
        ({"persona": "x", "first_principle": []}, "did you mean 'first_principles'"),
        ({"persona": {"nam": "x"}}, "no key 'persona.nam'; did you mean 'name'"),
        ({"persona": {"name": 3}}, "'persona.name' is '3': give a text"),
        ({"persona": 3}, "'persona' is '3'; say who reasons, in a text or in name, role and manner"),
        ({"persona": " "}, "'persona' is empty; say in it who reasons"),
        ({"persona": {}}, "'persona' is empty; say in it who reasons"),
        ([], "no context pack; write an object with persona"),
        ({"persona": "x", "facts": "one"}, "'facts' is 'one': give a list of texts"),
        ({"persona": "x", "schema": "other/9"}, "schema"),
        ({"persona": "x", "facts": ["word " * 2_000] * 2}, "tokens in every turn"),
    ],
)
def test_a_bad_pack_is_explained(tmp_path: Path, data: object, said: str) -> None:
    with pytest.raises(PersonaError, match=said):
        load_persona(pack(tmp_path, data))


def test_no_file_is_explained(tmp_path: Path) -> None:
    with pytest.raises(PersonaError, match=r"can't be read.*name a JSON file"):
        load_persona(tmp_path / "none.json")
