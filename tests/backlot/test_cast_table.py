"""The table of the cast and the rigs that draw it name the same kinds, and words mean one kind each."""

from __future__ import annotations

from rushes.backlot.cast import BY_NAME, KINDS
from rushes.backlot.draw.rigs import RIGS

GROUPS = {"animal", "vehicle", "food", "thing", "plant", "person"}


def test_every_kind_has_a_rig_and_every_rig_a_kind():
    assert set(RIGS) == {kind.name for kind in KINDS}


def test_forty_kinds_or_more_by_names_of_their_own():
    assert len(KINDS) >= 40
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len({id(rig) for rig in RIGS.values()}) == len(RIGS)
    assert all(BY_NAME[kind.name] is kind for kind in KINDS)


def test_no_word_means_two_kinds():
    owners: dict[str, str] = {}
    for kind in KINDS:
        for word in (kind.name, *kind.words):
            assert word not in owners, f"{word!r} means both {owners[word]} and {kind.name}"
            owners[word] = kind.name


def test_fields_are_from_their_vocabularies():
    for kind in KINDS:
        assert kind.group in GROUPS, kind
        assert kind.habitat in ("ground", "air", "water"), kind
        assert 0.2 <= kind.size <= 0.7, kind
        assert kind.alive == (kind.group in ("animal", "person")), kind
