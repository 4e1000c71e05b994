"""What an entry of the log says in words: to whoever undoes it, reads the log, or is told what a person changed."""

from pathlib import Path

import pytest

from rushes.board import AttachBlob, Board, Connect, CreateNode, Disconnect, MoveNode, RemoveNode, SetFields


@pytest.fixture
def board(tmp_path: Path):
    with Board.open(tmp_path / "film") as board:
        board.apply(CreateNode(kind="shot", handle="shot", fields={"text": "a fox walks", "seconds": 3.0}))
        board.apply(CreateNode(kind="take", fields={"seconds": 3.0}, links=(("made_from", "shot-1"),)))
        for label in ("one", "two", "three"):
            board.apply(CreateNode(kind="clip", fields={"label": label, "seconds": 35 / 12}))
        board.apply(Connect(source="clip-1", relation="about", target="shot-1"))
        board.apply(CreateNode(kind="title", fields={"text": "SALE", "start": 2.5, "end": 4.5}))
        board.apply(CreateNode(kind="cut", fields={"label": "edit", "width": 1280, "height": 720}))
        yield board


CHANGES = [
    (
        SetFields(id="clip-1", fields={"seconds": 2.0}),
        'clip-1 "a fox walks" lasts 2 s (was 2.917)',
        "lasts 2.917 s again",
    ),
    (SetFields(id="clip-2", fields={"volume": 0.0}), 'clip-2 "two" is mute', "plays at 100% of its volume again"),
    (
        SetFields(id="clip-2", fields={"extra": {"speed": 2.0}}),
        "runs at 2 times its speed",
        "runs at its own speed again",
    ),
    (
        SetFields(id="clip-2", fields={"extra": {"push": [[1.3, 0.4, 0.5], [1, 0.5, 0.5]]}}),
        "zooms out from 1.3 to 1 times as close",
        "has no zoom as before",
    ),
    (RemoveNode(id="clip-3"), 'clip-3 "three" is gone', 'clip-3 "three" is back'),
    (MoveNode(id="clip-3"), 'clip-3 "three" stands first', 'clip-3 "three" stands behind clip-2 again'),
    (RemoveNode(id="title-1"), 'title-1 "SALE" is gone', 'title-1 "SALE" is back'),
    (
        SetFields(id="title-1", fields={"text": "Sold out"}),
        'title-1 reads "Sold out" (was "SALE")',
        'reads "SALE" again',
    ),
    (
        SetFields(id="title-1", fields={"start": 1.0, "end": 2.0}),
        'title-1 "SALE" stands from 1 to 2 s (was 2.5 to 4.5)',
        'title-1 "SALE" stands from 2.5 to 4.5 s again',
    ),
    (SetFields(id="title-1", fields={"place": "lower"}), "is a lower third", "is a title again"),
    (Connect(source="cut-1", relation="uses", target="clip-1"), '"a fox walks" is in the cut', "is out of the cut"),
    (
        SetFields(id="cut-1", fields={"width": 720, "height": 1280}),
        "the cut is 720x1280 (was 1280x720)",
        "the cut is 1280x720 again",
    ),
    (
        SetFields(id="shot-1", fields={"chosen": "take-1", "status": "done", "reasons": ["the best"]}),
        'shot-1 "a fox walks" shows take-1',
        "has no chosen take as before",
    ),
    (
        SetFields(id="take-1", fields={"score": 0.5, "verdict": "rejected", "scores": {"kind": 0.5}}),
        "take-1 of shot-1 scores 0.50 and is rejected",
        "take-1 of shot-1 is not judged as before",
    ),
    (CreateNode(kind="note", fields={"text": "calmer"}), 'note-1 "calmer" is new', 'note-1 "calmer" is gone'),
]


@pytest.mark.parametrize(("change", "done", "undone"), CHANGES, ids=[done for _, done, _ in CHANGES])
def test_a_change_and_its_undo_in_words(board: Board, change, done: str, undone: str) -> None:
    before = board.document()
    receipt = board.apply(change)
    assert done in receipt.said and str(receipt) == f"entry {receipt.entry}: {receipt.said}"
    back = board.undo()
    assert undone in back.said and back.said.count(";") == receipt.said.count(";")
    assert "->" not in receipt.said + back.said and "None" not in receipt.said + back.said
    assert board.document() == before
    told = board.told()
    assert [said for entry, said in told if entry.number >= receipt.entry] == [receipt.said, back.said]


def test_many_at_once_are_counted_and_a_blob_is_no_hash(board: Board) -> None:
    receipt = board.apply(*[CreateNode(kind="clip", fields={"label": "x"}) for _ in range(12)])
    assert receipt.said == "12 clips (clip-4 to clip-15) are new"
    assert board.undo().said == "12 clips (clip-4 to clip-15) are gone"
    assert board.redo().said == "12 clips (clip-4 to clip-15) are back"
    blob = board.put(b"a clip", ".mp4")
    assert board.apply(AttachBlob(id="take-1", name="video", blob=blob)).said == "take-1 of shot-1 has a video"
    assert board.undo().said == "take-1 of shot-1 has no video as before"


def test_another_take_in_a_clip_is_one_thing(board: Board) -> None:
    board.apply(Connect(source="clip-1", relation="uses", target="take-1"))
    board.apply(CreateNode(kind="take", links=(("made_from", "shot-1"),)))
    new = [Disconnect(source="clip-1", relation="uses", target="take-1")]
    new += [Connect(source="clip-1", relation="uses", target="take-2")]
    blob = AttachBlob(id="clip-1", name="source", blob=board.put(b"a clip", ".mp4"))
    centre = SetFields(id="clip-1", fields={"extra": {"focus": [0.5, 0.5]}})  # where it was already
    assert board.apply(*new, blob, centre).said == 'clip-1 "a fox walks" shows take-2 of shot-1'
    assert board.undo().said == 'clip-1 "a fox walks" shows take-1 of shot-1 again'


def test_what_is_told_is_what_was_known_then(board: Board) -> None:
    entry = board.apply(RemoveNode(id="title-1")).entry
    board.undo()
    board.apply(SetFields(id="title-1", fields={"text": "OPEN"}))
    said = {one.number: words for one, words in board.told(entry - 1)}
    assert said[entry] == 'title-1 "SALE" is gone' and board.told(board.last_entry) == []
