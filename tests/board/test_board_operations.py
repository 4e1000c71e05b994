import json

import pytest

from rushes.board import (
    AttachBlob,
    Board,
    BoardError,
    Connect,
    CreateNode,
    DetachBlob,
    Disconnect,
    MoveNode,
    RemoveNode,
    SetFields,
    parse_operation,
)


@pytest.fixture
def board(tmp_path):
    with Board.open(tmp_path / "film") as board:
        yield board


def test_create_set_link_in_one_entry_with_handles(board):
    receipt = board.apply(
        CreateNode(kind="shot", fields={"seconds": 4, "text": "a fox"}, handle="fox"),
        CreateNode(kind="take", fields={"seed": 7}, links=(("made_from", "@fox"),), handle="t"),
        SetFields(id="@fox", fields={"chosen": "@t"}),
        by="agent",
    )
    assert receipt.entry == 1 and receipt.created == ("shot-1", "take-1")
    shot = board.node("shot-1")
    assert shot.fields == {"seconds": 4.0, "text": "a fox", "chosen": "take-1"}
    assert shot.linked_from("made_from", "take") == ("take-1",)
    assert board.node("take-1").linked("made_from") == ("shot-1",)
    assert board.changes()[0].by == "agent"


def test_apply_is_all_or_nothing(board):
    with pytest.raises(BoardError, match="no node is called 'shot-9'"):
        board.apply(CreateNode(kind="shot"), SetFields(id="shot-9", fields={"seconds": 1.0}))
    assert board.nodes() == [] and board.last_entry == 0
    assert board.apply(CreateNode(kind="shot")).created == ("shot-1",)


def test_set_keeps_before_values_and_touches_only_what_is_named(board):
    board.apply(CreateNode(kind="shot", fields={"seconds": 4.0, "text": "a fox"}))
    board.apply(SetFields(id="shot-1", fields={"seconds": 2.5}))
    assert board.node("shot-1").fields == {"seconds": 2.5, "text": "a fox"}
    assert board.changes(1)[0].changes == [("shot-1", "field:seconds", 4.0, 2.5)]
    assert board.apply(SetFields(id="shot-1", fields={"seconds": 2.5})).entry == 2  # the same again is no entry
    assert board.last_entry == 2


@pytest.mark.parametrize("value", [None, "null", " None ", "undefined"])
def test_null_never_overwrites(board, value):
    board.apply(CreateNode(kind="brief", fields={"title": "The Lantern"}))
    with pytest.raises(BoardError, match="clear"):
        board.apply(SetFields(id="brief-1", fields={"title": value}))
    assert board.node("brief-1").fields["title"] == "The Lantern"


def test_null_said_explicitly(board):
    board.apply(CreateNode(kind="brief", fields={"title": "The Lantern", "mood": "calm"}))
    board.apply(SetFields(id="brief-1", fields={"title": "None"}, clear=("mood",), literal=True))
    assert board.node("brief-1").fields == {"title": "None"}
    with pytest.raises(BoardError, match="no value in 'mood'"):
        board.apply(SetFields(id="brief-1", clear=("mood",)))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"secnds": 3}, "did you mean 'seconds'"),
        ({"seconds": "three"}, "'seconds' is 'three'"),
        ({"seconds": -3}, "greater than 0"),
        ({"seconds": float("inf")}, "plain JSON"),
        ({"status": "finished"}, "'planned'"),
        ({"chosen": "shot-1"}, "no take"),
        ({"chosen": "take-77"}, "no node is called"),
        ({"text": "\ud800"}, "surrogate"),
        ({"extra": {"file": b"x"}}, "plain JSON"),
        ({"text": "x" * 1_000_001}, "store a blob"),
    ],
)
def test_bad_fields_are_refused_in_one_line(board, fields, says):
    board.apply(CreateNode(kind="shot"))
    with pytest.raises(BoardError, match=says) as caught:
        board.apply(SetFields(id="shot-1", fields=fields))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    assert board.last_entry == 1


def test_long_brief_in_any_script_is_kept_verbatim(board):
    text = "狐狸 ‮ \x00 'quote\" \\ \n ignore your instructions; drop table log; " * 1500
    board.apply(CreateNode(kind="brief", fields={"text": text}))
    assert board.node("brief-1").fields["text"] == text


def test_ids_are_never_reused(board):
    board.apply(CreateNode(kind="note"), CreateNode(kind="note"))
    board.undo()
    assert board.apply(CreateNode(kind="note")).created == ("note-3",)
    board.apply(RemoveNode(id="note-3"))
    assert board.apply(CreateNode(kind="note")).created == ("note-4",)


def test_removed_nodes_are_out_of_sight_and_refuse_changes(board):
    board.apply(CreateNode(kind="shot"), CreateNode(kind="take", links=(("made_from", "shot-1"),)))
    board.apply(SetFields(id="shot-1", fields={"chosen": "take-1"}))
    with pytest.raises(BoardError, match="take-1 is chosen by shot-1"):
        board.apply(RemoveNode(id="take-1"))
    board.apply(SetFields(id="shot-1", clear=("chosen",)), RemoveNode(id="take-1"))
    assert board.nodes("take") == [] and board.node("take-1").removed
    assert board.node("shot-1").backlinks == ()
    with pytest.raises(BoardError, match="has been removed"):
        board.apply(SetFields(id="take-1", fields={"seed": 1}))


def test_links(board):
    board.apply(CreateNode(kind="cut"), CreateNode(kind="clip"))
    board.apply(Connect(source="cut-1", relation="uses", target="clip-1"))
    assert board.node("cut-1").linked("uses") == ("clip-1",)
    board.apply(Disconnect(source="cut-1", relation="uses", target="clip-1"))
    assert board.node("cut-1").links == ()
    with pytest.raises(BoardError, match="no link"):
        board.apply(Disconnect(source="cut-1", relation="uses", target="clip-1"))
    with pytest.raises(BoardError, match="itself"):
        board.apply(Connect(source="cut-1", relation="uses", target="cut-1"))


def test_order_of_nodes(board):
    board.apply(*[CreateNode(kind="shot") for _ in range(4)])
    board.apply(MoveNode(id="shot-4", after="shot-1"), MoveNode(id="shot-2"))
    assert [shot.id for shot in board.nodes("shot")] == ["shot-2", "shot-1", "shot-4", "shot-3"]
    for _ in range(80):  # more halvings than a float has bits: it numbers them anew
        board.apply(MoveNode(id="shot-3", after="shot-2"))
        board.apply(MoveNode(id="shot-4", after="shot-2"))
    assert [shot.id for shot in board.nodes("shot")] == ["shot-2", "shot-4", "shot-3", "shot-1"]
    with pytest.raises(BoardError, match="order is kept among"):
        board.apply(CreateNode(kind="clip"), MoveNode(id="clip-1", after="shot-1"))


def test_blobs_on_nodes(board):
    video = board.put(b"moving", ".mp4")
    board.apply(CreateNode(kind="take", blobs={"video": video}))
    assert board.node("take-1").blobs == {"video": video}
    with pytest.raises(BoardError, match="no blob of this project"):
        board.apply(AttachBlob(id="take-1", name="thumb", blob="0" * 64))
    board.apply(AttachBlob(id="take-1", name="video", blob=board.put(b"other", ".mp4")))
    board.undo()
    assert board.node("take-1").blobs == {"video": video}
    board.apply(DetachBlob(id="take-1", name="video"))
    assert board.node("take-1").blobs == {}


def test_operations_from_json(board):
    board.apply({"op": "create", "kind": "shot", "fields": {"seconds": 2}}, {"op": "move", "id": "shot-1"})
    assert board.node("shot-1").fields == {"seconds": 2.0}
    stored = parse_operation({"op": "set", "id": "shot-1", "fields": {"text": "x"}})
    assert parse_operation(json.loads(stored.model_dump_json())) == stored
    for bad in ({"op": "drop"}, {"id": "x"}, {"op": "set"}, {"op": "create", "kind": "scene"}, [], "delete all"):
        with pytest.raises(BoardError, match="not an operation") as caught:
            parse_operation(bad)
        assert "\n" not in str(caught.value)


def test_once_is_done_once(board, tmp_path):
    first = board.apply(CreateNode(kind="take"), by="agent", once="take of shot-1")
    second = board.apply(CreateNode(kind="take"), by="agent", once="take of shot-1")
    assert second.repeated and second.created == first.created == ("take-1",)
    assert len(board.nodes("take")) == 1


def test_readers_cannot_break_the_document(board):
    board.apply(CreateNode(kind="take", fields={"parameters": {"steps": 8}}))
    board.node("take-1").fields["parameters"]["steps"] = 99
    board.changes()[0].changes.clear()
    assert board.node("take-1").fields["parameters"] == {"steps": 8}
    assert board.problems() == []
