import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rushes.board import (
    Board,
    BoardError,
    Conflict,
    Connect,
    CreateNode,
    Disconnect,
    MoveNode,
    RemoveNode,
    SetFields,
    replay,
)


@pytest.fixture
def board(tmp_path):
    with Board.open(tmp_path / "film") as board:
        yield board


def test_undo_and_redo_append_and_never_delete(board):
    board.apply(CreateNode(kind="shot", fields={"seconds": 4.0}))
    board.apply(SetFields(id="shot-1", fields={"seconds": 2.0}), by="agent")
    board.undo()
    assert board.node("shot-1").fields == {"seconds": 4.0}
    board.redo()
    assert board.node("shot-1").fields == {"seconds": 2.0}
    assert [(e.number, e.action, e.target) for e in board.changes()] == [
        (1, "apply", None),
        (2, "apply", None),
        (3, "undo", 2),
        (4, "redo", 2),
    ]


def test_undo_walks_back_and_redo_walks_forward(board):
    for seconds in (1.0, 2.0, 3.0):
        board.apply(CreateNode(kind="clip", fields={"seconds": seconds}))
    for left in (2, 1, 0):
        board.undo()
        assert len(board.nodes("clip")) == left
    with pytest.raises(BoardError, match="nothing to undo"):
        board.undo()
    for there in (1, 2, 3):
        board.redo()
        assert len(board.nodes("clip")) == there
    with pytest.raises(BoardError, match="nothing to redo"):
        board.redo()


def test_older_entry_is_undone_where_nothing_depends_on_it(board):
    board.apply(CreateNode(kind="shot"))
    board.apply(SetFields(id="shot-1", fields={"text": "a fox"}))
    board.apply(SetFields(id="shot-1", fields={"seconds": 3.0}))
    board.undo(2)
    assert board.node("shot-1").fields == {"seconds": 3.0}
    board.redo(2)
    assert board.node("shot-1").fields == {"seconds": 3.0, "text": "a fox"}


def test_undo_names_the_entries_that_built_on_it(board):
    board.apply(CreateNode(kind="shot"))
    board.apply(CreateNode(kind="take"))
    board.apply(Connect(source="take-1", relation="made_from", target="shot-1"))
    board.apply(SetFields(id="shot-1", fields={"text": "a fox"}))
    with pytest.raises(Conflict, match="entries 3, 4 built on it") as caught:
        board.undo(1)
    assert caught.value.entries == (3, 4)
    board.undo(4)
    board.undo(3)
    board.undo(1)
    assert [node.id for node in board.nodes()] == ["take-1"]
    with pytest.raises(BoardError, match="undone already"):
        board.undo(1)


def test_redo_names_what_took_its_place(board):
    board.apply(CreateNode(kind="shot", fields={"text": "a fox"}))
    board.apply(SetFields(id="shot-1", fields={"text": "a wolf"}))
    board.undo()
    board.apply(SetFields(id="shot-1", fields={"text": "a crane"}))
    with pytest.raises(BoardError, match="nothing to redo"):
        board.redo()
    with pytest.raises(Conflict, match="entry 4 changed it"):
        board.redo(2)
    board.undo(4)
    board.redo(2)
    assert board.node("shot-1").fields == {"text": "a wolf"}


def test_undoing_an_undo_is_a_redo(board):
    board.apply(CreateNode(kind="shot"))
    undone = board.undo().entry
    redone = board.undo(undone).entry
    assert len(board.nodes("shot")) == 1 and board.changes(redone - 1)[0].action == "redo"
    board.undo(redone)
    assert board.nodes("shot") == []


def test_a_redone_entry_counts_from_its_redo(board):
    board.apply(CreateNode(kind="shot", fields={"text": "a fox"}))
    board.apply(SetFields(id="shot-1", fields={"text": "a wolf"}))
    board.undo()
    board.apply(SetFields(id="shot-1", fields={"text": "a crane"}))
    board.apply(SetFields(id="shot-1", fields={"text": "a fox"}))
    board.redo(2)
    with pytest.raises(Conflict) as caught:
        board.undo(5)
    assert caught.value.entries == (2,)
    assert board.node("shot-1").fields == {"text": "a wolf"}


def test_undo_of_the_agents_last(board):
    board.apply(CreateNode(kind="shot"), by="agent")
    board.apply(CreateNode(kind="note"), by="user")
    board.undo(of="agent")
    assert [node.kind for node in board.nodes()] == ["note"]


def test_undo_never_brings_back_a_choice_of_a_removed_take(board):
    board.apply(CreateNode(kind="shot"), CreateNode(kind="take"), CreateNode(kind="take"))
    board.apply(SetFields(id="shot-1", fields={"chosen": "take-1"}))
    board.apply(SetFields(id="shot-1", fields={"chosen": "take-2"}))
    board.apply(RemoveNode(id="take-1"))
    with pytest.raises(Conflict, match="take-1, which entry 4 took away"):
        board.undo(3)
    board.undo(4)
    board.undo(3)
    assert board.node("shot-1").fields == {"chosen": "take-1"}


def test_a_removal_is_undone_with_all_its_content_and_links(board):
    board.apply(CreateNode(kind="shot", fields={"text": "a fox"}))
    board.apply(CreateNode(kind="take", links=(("made_from", "shot-1"),)))
    before = board.document()
    board.apply(RemoveNode(id="shot-1"))
    assert board.node("take-1").links == ()
    board.undo()
    assert board.document() == before


def test_the_log_refuses_change(board):
    board.apply(CreateNode(kind="shot"))
    board.spend.set_cap(micro_usd=5)
    with sqlite3.connect(board.folder / "board.sqlite") as raw:
        for statement in ("update log set by = 'x'", "delete from log", "delete from spend", "update spend set at = 0"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw.execute("insert or replace into log select * from log where entry = 1")
    raw.close()


def test_changes_are_numbered_and_resumable(board):
    for _ in range(5):
        board.apply(CreateNode(kind="note"))
    first = board.changes(limit=2)
    assert [entry.number for entry in first + board.changes(first[-1].number)] == [1, 2, 3, 4, 5]
    assert [entry.number for entry in board.history("note-4")] == [4]


def test_at_shows_the_past(board):
    board.apply(CreateNode(kind="shot", fields={"text": "a fox"}))
    board.apply(SetFields(id="shot-1", fields={"text": "a wolf"}))
    board.undo()
    assert board.at(0).empty
    assert [board.at(n).node("shot-1").fields["text"] for n in (1, 2, 3)] == ["a fox", "a wolf", "a fox"]
    with pytest.raises(BoardError, match="no entry has the number 4"):
        board.at(4)


IDS = st.sampled_from(["shot-1", "shot-2", "shot-3", "take-1", "take-2", "note-1"])
OPERATIONS = st.one_of(
    st.builds(CreateNode, kind=st.sampled_from(["shot", "take", "note"])),
    st.builds(
        lambda id, seconds, chosen: SetFields(
            id=id, fields={"seconds": seconds} | ({"chosen": chosen} if chosen else {})
        ),
        id=IDS,
        seconds=st.sampled_from([1.0, 2.0, 3.0]),
        chosen=st.sampled_from(["", "take-1", "take-2"]),
    ),
    st.builds(lambda id: SetFields(id=id, clear=("seconds",)), id=IDS),
    st.builds(RemoveNode, id=IDS),
    st.builds(MoveNode, id=IDS, after=st.one_of(st.just(""), IDS)),
    st.builds(Connect, source=IDS, relation=st.sampled_from(["made_from", "uses"]), target=IDS),
    st.builds(Disconnect, source=IDS, relation=st.sampled_from(["made_from", "uses"]), target=IDS),
)
STEPS = st.one_of(
    st.lists(OPERATIONS, min_size=1, max_size=3),
    st.tuples(st.sampled_from(["undo", "redo"]), st.integers(1, 12)),
)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=14))
def test_random_histories_replay_exactly_and_undo_to_nothing(steps):
    start = [CreateNode(kind="shot"), CreateNode(kind="shot"), CreateNode(kind="take"), CreateNode(kind="take")]
    with tempfile.TemporaryDirectory() as folder, Board.open(Path(folder) / "film") as board:
        board.apply(*start)
        for step in steps:
            before, entry = board.document(), board.last_entry
            try:
                if isinstance(step, tuple):
                    board.undo(step[1]) if step[0] == "undo" else board.redo(step[1])
                else:
                    board.apply(*step)
            except BoardError:
                assert board.document() == before and board.last_entry == entry  # refused: nothing has changed
        full, log = board.document(), board.changes()
        assert board.at(board.last_entry) == full == replay(log)
        assert board.problems() == []  # the state kept in memory is the log replayed

        taken_back = 0
        while not board.document().empty:
            board.undo()
            taken_back += 1
        for _ in range(taken_back):
            board.redo()
        assert board.document() == full
        assert board.changes()[: len(log)] == log
        with Board.open(board.folder, writer=False) as reader:
            assert reader.document() == full and reader.overview() == board.overview()
