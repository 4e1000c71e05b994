"""A board for work that a kill cut short: the same writes are found, others are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.board.board import Board
from rushes.board.operations import CreateNode, SetFields
from rushes.board.rerun import RerunBoard
from rushes.board.store import BoardError


def note(text: str) -> CreateNode:
    return CreateNode(kind="note", fields={"text": text})


def work(board: Board, *, upto: int = 9) -> list[str]:
    """Receipts of the first so many writes."""
    writes = (
        lambda: board.apply(note("a")),
        lambda: board.apply(SetFields(id="note-2", fields={"text": "a"})),  # nothing changes
        lambda: board.apply(note("known before"), once="before"),
        lambda: board.apply(SetFields(id="note-2", fields={"text": f"one of {len(board.nodes())}"})),
        lambda: board.undo(of="agent"),
        lambda: board.redo(),
        lambda: board.apply(note("named"), once="named"),
        lambda: board.apply(note(f"last of {len(board.nodes())}")),
    )
    return [str(write()) for write in writes[:upto]]


@pytest.mark.parametrize("upto", range(9))
def test_cut_short_anywhere_it_ends_as_if_it_had_not_been(tmp_path: Path, upto: int):
    def project(name: str) -> Board:
        board = Board.open(tmp_path / name)
        board.apply(note("known before"), by="agent", once="before")
        return board

    with project("whole") as whole, project("cut") as cut:
        expected = work(RerunBoard(whole, by="agent"))
        began = cut.last_entry
        work(RerunBoard(cut, by="agent"), upto=upto)
        assert work(RerunBoard(cut, by="agent", since=began)) == expected
        assert cut.document() == whole.document() and cut.last_entry == whole.last_entry and cut.problems() == []
        assert {entry.by for entry in cut.changes()} == {"agent"}


def test_what_a_person_did_since_is_seen_once_it_has_caught_up(tmp_path: Path):
    with Board.open(tmp_path) as board:
        RerunBoard(board, by="agent").apply(note("a"))
        board.apply(note("a person's"), by="user")
        again = RerunBoard(board, by="agent", since=0)
        assert again.nodes() == []
        assert again.apply(note("a")).created == ("note-1",)
        assert len(again.nodes()) == 2 and again.apply(note("b"), by="user").created == ("note-3",)
        assert [entry.by for entry in board.changes()] == ["agent", "user", "agent"]


def test_other_work_in_its_place_is_refused(tmp_path: Path):
    with Board.open(tmp_path) as board:
        began = board.last_entry
        RerunBoard(board, by="agent").apply(note("a"), note="first note")
        for otherwise in (lambda again: again.apply(note("b")), lambda again: again.undo()):
            with pytest.raises(BoardError, match=r"now does otherwise: entry 1 \(first note\)"):
                otherwise(RerunBoard(board, by="agent", since=began))


def test_it_reads_the_past_until_it_has_caught_up(tmp_path: Path):
    with Board.open(tmp_path) as board:
        first = RerunBoard(board, by="agent")
        first.apply(note("a"))
        first.apply(note("b"))
        again = RerunBoard(board, by="agent", since=0)
        assert (again.nodes(), again.last_entry, again.changes()) == ([], 0, [])
        again.apply(note("a"))
        assert [node.id for node in again.nodes()] == ["note-1"] and again.last_entry == 1
        again.apply(note("b"))
        assert again.nodes() == board.nodes() and again.last_entry == 2
