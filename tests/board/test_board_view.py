import io
import re

import pytest
from rich.console import Console

from rushes.board import (
    MICRO,
    Board,
    Connect,
    CreateNode,
    Estimate,
    RemoveNode,
    SetFields,
    describe,
)


def a_film(board, shots=3, takes=2):
    """A made-up film with everything that a view shows."""
    board.spend.set_cap(micro_usd=2 * MICRO, seconds=600)
    text = "a fox finds a red paper lantern in the snow, then a ship sails at night"
    brief = {"text": text, "title": "The Lantern", "seconds": 20, "aspect": "16:9", "mood": "calm"}
    board.apply(CreateNode(kind="brief", fields=brief))
    for number in range(1, shots + 1):
        shot = {"text": f"a fox trots left in deep snow, part {number}", "seconds": 4, "status": "shooting"}
        (id,) = board.apply(CreateNode(kind="shot", fields=shot), by="agent").created
        for seed in range(takes):

            def shoot(job, number=number, seed=seed):
                job.attach("video", f"{number} {seed}".encode(), ".mp4")
                job.charge(micro_usd=50_000 * seed, seconds=3.5)

            model = "native/nano" if seed == 0 else "hosted/big"
            inputs = {"shot": id, "seed": seed}
            estimate = Estimate(micro_usd=60_000 * seed, seconds=4)
            done = board.step("take", inputs, shoot, node=id, model=model, estimate=estimate)
            fields = {"model": model, "seed": seed, "seconds": 4, "score": 0.4 + 0.5 * seed, "job": done.job}
            fields |= {"scores": {"kind": 0.9, "colour": 0.8}, "verdict": "accepted" if seed else "rejected"}
            fields |= {"reasons": ["the fox is the right [red]" if seed else "the read-out sees a wolf, not a fox"]}
            take = CreateNode(kind="take", fields=fields, blobs=done.blobs, links=(("made_from", id),))
            (chosen,) = board.apply(take, by="agent").created
        board.apply(SetFields(id=id, fields={"chosen": chosen, "status": "done"}), by="agent", note="best of its takes")
    board.apply(
        CreateNode(kind="note", fields={"text": "calmer, please", "role": "remark"}, links=(("about", "shot-1"),))
    )
    with pytest.raises(RuntimeError):
        board.step("cut", {}, broken)


def broken(job):
    raise RuntimeError("the encoder gave up")


@pytest.fixture
def board(tmp_path):
    with Board.open(tmp_path / "lantern") as board:
        yield board


def shown(board):
    screen = io.StringIO()
    Console(file=screen, width=120).print(describe(board))
    return screen.getvalue()


def test_show_tells_the_whole_film(board):
    a_film(board)
    with Board.open(board.folder, writer=False) as reader:
        text = shown(reader)
    for words in (
        "The Lantern",
        "red paper lantern",
        "16:9",
        "shot-3",
        "take-6",
        "[red]",
        "sees a wolf",
        "calmer, please",
    ):
        assert words in text, words
    for words in ("model hosted/big", "$0.1500", "budget: $2.00 and 600 s", "6 done, 1 failed", "the encoder gave up"):
        assert words in text, words
    chosen = [line for line in text.splitlines() if "✓" in line]
    assert len(chosen) == 3 and all("0.90" in line for line in chosen)
    assert "best of its takes" in text and "shows take-6" in text


def test_show_of_an_empty_board(board):
    assert "no brief yet" in shown(board) and "no shots yet" in shown(board)


def test_show_lets_no_text_steer_the_terminal(board):
    board.apply(CreateNode(kind="brief", fields={"text": "a fox \x1b[2J\x9b31m \u202e and [bold]a[/] crane"}))
    board.apply(SetFields(id="brief-1", fields={"text": "a fox \x9b31m"}), by="\x1b[1m", note="\x1b]0;x\x07")
    text = shown(board)
    assert "a fox" in text and not set(text) & set("\x1b\x9b\u202e\x07")


def test_overview_is_short_and_ordered(board):
    assert board.overview() == "board at entry 0: an empty board"
    a_film(board)
    lines = board.overview().splitlines()
    assert lines[0] == "board at entry 14: 1 brief, 3 shot, 6 take, 1 note"
    assert lines[1].startswith('brief-1 20s "The Lantern"')
    assert lines[2] == 'shot-1 4s 2 takes, chosen take-2 0.90 done "a fox trots left in deep snow, part 1"'
    assert len(lines) == 6 and len(board.overview().encode()) < 500


@pytest.mark.parametrize("text", ["a fox finds a lantern " * 20, "狐狸在雪地里找到一盏红灯笼" * 20])
def test_overview_of_a_large_board_stays_in_its_limit(board, text):
    board.apply(*[CreateNode(kind="shot", fields={"text": text, "seconds": 2.5}) for _ in range(150)])
    board.apply(*[CreateNode(kind="note", fields={"text": text}) for _ in range(50)])
    for limit in (600, 1200, 2400, 10_000):
        overview = board.overview(limit)
        assert len(overview.encode()) <= limit
        assert "150 shot, 50 note" in overview and "more: nodes('shot')" in overview
    assert "shot-1 " in board.overview(600) and "note-1 " in board.overview(600)


def test_receipts_stay_short(board):
    long = "狐狸在雪地里找到一盏红灯笼" * 500
    receipts = [
        board.apply(*[CreateNode(kind="shot", fields={"text": long, "prompt": long}) for _ in range(60)]),
        board.apply(
            *[SetFields(id=f"shot-{n}", fields={"text": "short", "prompt": long + "。"}) for n in range(1, 61)]
        ),
        board.apply(*[Connect(source=f"shot-{n}", relation="replaces", target="shot-60") for n in range(1, 60)]),
        board.undo(),
        board.redo(),
        board.apply(RemoveNode(id="shot-1"), once="x"),
        board.apply(RemoveNode(id="shot-1"), once="x"),
    ]
    for receipt in receipts:
        assert str(receipt).startswith(f"entry {receipt.entry}: ") and len(str(receipt).encode()) <= 700
    assert "60 shots (shot-1 to shot-60) are new" in str(receipts[0]) and len(receipts[0].created) == 60
    assert re.search(r"and \d\d more changes$", str(receipts[1]))
    assert "undo of entry 3" in str(receipts[3]) and "redo of entry 3" in str(receipts[4])
    assert str(receipts[5]) == 'entry 6: shot-1 "short" is gone'
    assert "done before" in str(receipts[6])


def test_nodes_by_kind_and_field(board):
    a_film(board)
    assert [node.id for node in board.nodes("take", seed=1)] == ["take-2", "take-4", "take-6"]
    assert [node.id for node in board.nodes("take", job="job-3")] == ["take-3"]
    assert {node.kind for node in board.nodes()} == {"brief", "shot", "take", "note"}
    with pytest.raises(ValueError, match="no kind of node"):
        board.nodes("scene")
    with pytest.raises(ValueError, match="there are shot-1, shot-2, shot-3"):
        board.node("shot-9")
