import pytest

from rushes.board import MICRO, Board, BoardError, Estimate, OverBudget, usd


@pytest.fixture
def board(tmp_path):
    with Board.open(tmp_path / "film") as board:
        yield board


def test_reserve_then_settle(board):
    held = board.spend.reserve(Estimate(micro_usd=300_000, seconds=20), kind="take", model="hosted", node="shot-1")
    totals = board.spend.totals()
    assert (totals.micro_usd, totals.reserved_micro_usd, totals.reserved_seconds) == (0, 300_000, 20.0)
    board.spend.settle(held, micro_usd=250_000, seconds=17.5)
    totals = board.spend.totals()
    assert (totals.micro_usd, totals.seconds, totals.reserved_micro_usd, totals.pieces) == (250_000, 17.5, 0, 1)
    with pytest.raises(BoardError, match="closed already"):
        board.spend.settle(held, micro_usd=250_000, seconds=17.5)
    with pytest.raises(BoardError, match="no reservation"):
        board.spend.release(99)


def test_the_cap_counts_what_is_held(board):
    board.spend.set_cap(micro_usd=1 * MICRO)
    first = board.spend.reserve(Estimate(micro_usd=600_000), kind="take")
    with pytest.raises(OverBudget, match=r"\$1\.20.*\$1\.00"):
        board.spend.reserve(Estimate(micro_usd=600_000), kind="take")
    board.spend.release(first)
    second = board.spend.reserve(Estimate(micro_usd=600_000), kind="take")
    board.spend.settle(second, micro_usd=1_100_000, seconds=1.0)  # dearer than said: it is spent all the same
    assert board.spend.totals().micro_usd == 1_100_000
    with pytest.raises(OverBudget):
        board.spend.reserve(Estimate(micro_usd=1), kind="take")
    board.spend.reserve(Estimate(), kind="cut")  # work that costs nothing still goes on
    board.spend.set_cap(micro_usd=2 * MICRO)
    board.spend.reserve(Estimate(micro_usd=1), kind="take")


def test_the_cap_on_seconds(board):
    board.spend.set_cap(seconds=10)
    board.spend.reserve(Estimate(seconds=6), kind="take")
    with pytest.raises(OverBudget, match=r"12\.0 s of work"):
        board.spend.reserve(Estimate(seconds=6), kind="take")


def test_an_agent_cannot_raise_its_own_limit(board):
    for by in ("agent", "agent:critic"):
        with pytest.raises(BoardError, match="own budget"):
            board.spend.set_cap(micro_usd=10**12, by=by)
    assert board.spend.cap().micro_usd is None
    for bad in ({"micro_usd": -1}, {"seconds": float("nan")}, {"seconds": float("inf")}):
        with pytest.raises(BoardError, match="0 or more"):
            board.spend.set_cap(**bad)


def test_totals_by_model_kind_and_node(board):
    for model, kind, node, money in (
        ("a", "take", "shot-1", 5),
        ("b", "take", "shot-2", 7),
        ("a", "film", "film-1", 1),
    ):
        held = board.spend.reserve(Estimate(micro_usd=100), kind=kind, model=model, node=node)
        board.spend.settle(held, micro_usd=money, seconds=2.0)
    board.spend.reserve(Estimate(micro_usd=50), kind="take", model="b", node="shot-2")
    assert {name: totals.micro_usd for name, totals in board.spend.by("model").items()} == {"b": 7, "a": 6}
    assert {name: totals.micro_usd for name, totals in board.spend.by("kind").items()} == {"take": 12, "film": 1}
    assert board.spend.totals(node="shot-2").micro_usd == 7
    assert board.spend.totals(node="shot-2").reserved_micro_usd == 50
    assert board.spend.totals().seconds == 6.0


def test_money_is_said_in_dollars():
    assert [usd(n) for n in (0, 50, 50_000, 1_250_000)] == ["$0.00", "$0.0001", "$0.0500", "$1.25"]
