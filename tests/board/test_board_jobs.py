import json
import os
import subprocess
import sys
import threading

import pytest

from rushes.board import (
    AmbiguousJob,
    Board,
    BoardError,
    Estimate,
    JobFailed,
    NotSubmitted,
    OverBudget,
)


@pytest.fixture
def board(tmp_path):
    with Board.open(tmp_path / "film") as board:
        yield board


def die_in(folder, body):
    """Runs `body` in a child with the project open as `board`; the child kills itself in it."""
    script = f"""
import os, signal
from rushes.board import Board, Estimate
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
board = Board.open({str(folder)!r})
{body}
"""
    child = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert child.returncode == -9, child.stderr


def never(job):
    raise AssertionError("this step had been done")


def test_a_done_step_is_never_run_again(board, tmp_path):
    def shoot(job):
        (job.scratch() / "clip.mp4").write_bytes(b"frames")
        job.attach("video", job.scratch() / "clip.mp4")
        return {"fps": 8, "frames": [1, 2]}

    first = board.step("take", {"prompt": "a fox", "seed": 1}, shoot, node="shot-1", model="native")
    assert first.ran and first.value == {"fps": 8, "frames": [1, 2]}
    assert board.blob_path(first.blobs["video"]).read_bytes() == b"frames"
    assert not (board.folder / "scratch" / first.job).exists()
    again = board.step("take", {"seed": 1, "prompt": "a fox"}, never)  # the order of keys is no difference
    assert not again.ran and (again.value, again.blobs, again.key) == (first.value, first.blobs, first.key)
    other = board.step("take", {"prompt": "a fox", "seed": 2}, lambda job: "another")
    assert other.ran and other.job == "job-2"


def test_done_steps_outlive_the_process_and_readers_get_them(board):
    folder = board.folder
    board.step("plan", {"brief": "狐"}, lambda job: [1])
    with Board.open(folder, writer=False) as reader:
        assert reader.step("plan", {"brief": "狐"}, never).value == [1]
        with pytest.raises(BoardError, match="reading only"):
            reader.step("plan", {"brief": "犬"}, never)
    board.close()
    with Board.open(folder) as board:
        assert board.step("plan", {"brief": "狐"}, never).value == [1]


def test_a_failed_step_runs_again_when_asked_again(board):
    with pytest.raises(ZeroDivisionError):
        board.step("take", {"seed": 1}, lambda job: 1 // 0)
    info = board.jobs.all()[0]
    assert info.state == "failed" and info.error.startswith("ZeroDivisionError") and info.attempts == 1
    assert board.step("take", {"seed": 1}, lambda job: job.attempt).value == 2


@pytest.mark.parametrize("inputs", [{"x": b""}, {"x": float("nan")}, {"x": object()}, {"x": "\ud800"}])
def test_inputs_that_json_cannot_say(board, inputs):
    with pytest.raises(BoardError, match="inputs of step 'take'"):
        board.step("take", inputs, never)
    assert board.jobs.all() == []


def test_a_result_that_json_cannot_say_is_a_failure(board):
    with pytest.raises(BoardError, match="result of step 'take'"):
        board.step("take", {}, lambda job: {1.5, 2.5})
    assert board.jobs.all()[0].state == "failed"


def test_threads_share_the_board_and_equal_steps_run_once(board):
    ran, results, start = [], [], threading.Barrier(8)

    def work(number):
        start.wait()
        result = board.step("take", {"seed": number % 4}, lambda job: ran.append(number % 4) or number % 4)
        results.append((number % 4, result.value))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ran) == [0, 1, 2, 3]
    assert len(results) == 8 and all(seed == value for seed, value in results)


def test_steps_nest_but_not_into_themselves(board):
    def outer(job):
        return board.step("inner", {}, lambda job: "in").value + "out"

    assert board.step("outer", {}, outer).value == "inout"
    with pytest.raises(BoardError, match="asks for itself"):
        board.step("self", {}, lambda job: board.step("self", {}, never))


def test_a_killed_free_step_runs_again_and_holds_no_money(board):
    folder = board.folder
    board.close()
    die_in(folder, "board.step('take', {'seed': 1}, lambda job: die(), estimate=Estimate(seconds=5))")
    with Board.open(folder) as board:
        assert board.jobs.all()[0].state == "queued"
        assert board.spend.totals().reserved_seconds == 0.0
        assert board.step("take", {"seed": 1}, lambda job: job.attempt).value == 2


def test_a_killed_paid_order_is_polled_and_never_made_again(board):
    folder = board.folder
    board.close()
    die_in(
        folder,
        "board.step('take', {}, lambda job: (job.remember('order-77'), die()), paid=True, "
        "estimate=Estimate(micro_usd=500_000))",
    )
    with Board.open(folder) as board:
        assert board.spend.totals().reserved_micro_usd == 500_000  # it will be charged
        result = board.step("take", {}, lambda job: f"polled {job.provider_id}", paid=True)
        assert result.value == "polled order-77"
        assert board.spend.totals().micro_usd == 500_000 and board.spend.totals().reserved_micro_usd == 0


def test_a_killed_paid_order_without_id_waits_for_a_person(board):
    folder = board.folder
    board.close()
    die_in(folder, "board.step('take', {}, lambda job: die(), paid=True, estimate=Estimate(micro_usd=500_000))")
    with Board.open(folder) as board:
        for _ in range(2):
            with pytest.raises(AmbiguousJob, match="job-1"):
                board.step("take", {}, never, paid=True)
        assert board.spend.totals().reserved_micro_usd == 500_000
        with pytest.raises(BoardError, match="'retry', 'failed'"):
            board.resolve_job("job-1", "again")
        board.resolve_job("job-1", "failed")
        assert board.spend.totals().reserved_micro_usd == 0
        with pytest.raises(JobFailed, match="given up"):
            board.step("take", {}, never, paid=True)
        board.resolve_job("job-1", "retry")
        assert board.step("take", {}, lambda job: job.provider_id, paid=True).value is None


def test_a_person_may_find_the_order_of_an_ambiguous_job(board):
    def timeout(job):
        raise TimeoutError("the provider did not answer")

    with pytest.raises(TimeoutError) as caught:
        board.step("take", {}, timeout, paid=True)
    assert "may have ordered" in caught.value.__notes__[0]
    with pytest.raises(AmbiguousJob):
        board.step("take", {}, never, paid=True)
    board.resolve_job("job-1", "poll", provider_id="order-5")
    assert board.step("take", {}, lambda job: job.provider_id, paid=True).value == "order-5"
    with pytest.raises(BoardError, match="is done"):
        board.resolve_job("job-1", "retry")


def test_a_paid_order_that_never_went_out_is_just_failed(board):
    def refuse(job):
        raise NotSubmitted("no key is set")

    with pytest.raises(NotSubmitted):
        board.step("take", {}, refuse, paid=True)
    assert board.step("take", {}, lambda job: "ok", paid=True).value == "ok"


def test_a_lost_connection_while_polling_keeps_the_order(board):
    def poll(job):
        job.remember("order-1")
        raise ConnectionError("reset")

    with pytest.raises(ConnectionError):
        board.step("take", {}, poll, paid=True, estimate=Estimate(micro_usd=10))
    assert board.spend.totals().reserved_micro_usd == 10
    assert board.step("take", {}, lambda job: job.provider_id, paid=True).value == "order-1"
    assert board.spend.totals().micro_usd == 10


def test_an_order_that_the_provider_failed_is_made_anew(board):
    def fail(job):
        job.remember("order-1")
        job.charge(micro_usd=3)
        job.order_failed("moderated")

    with pytest.raises(Exception, match="moderated"):
        board.step("take", {}, fail, paid=True, estimate=Estimate(micro_usd=10))
    result = board.step("take", {}, lambda job: job.provider_id, paid=True, estimate=Estimate(micro_usd=10))
    assert result.value is None and result.micro_usd == 13  # both attempts were charged


def test_over_budget_before_the_work_starts(board):
    board.spend.set_cap(micro_usd=5)
    with pytest.raises(OverBudget):
        board.step("take", {}, never, paid=True, estimate=Estimate(micro_usd=6))
    board.spend.set_cap(micro_usd=6)
    assert board.step("take", {}, lambda job: 1, paid=True, estimate=Estimate(micro_usd=6)).micro_usd == 6


def test_a_lost_file_is_made_again_where_that_is_free(board):
    def make(job):
        job.attach("video", f"attempt {job.attempt}".encode(), ".mp4")

    first = board.step("take", {}, make)
    board.blob_path(first.blobs["video"]).unlink()
    second = board.step("take", {}, make)
    assert second.ran and second.blobs != first.blobs
    paid = board.step("take", {"paid": 1}, make, paid=True)
    board.blob_path(paid.blobs["video"]).unlink()
    with pytest.raises(BoardError, match="was paid for"):
        board.step("take", {"paid": 1}, never, paid=True)


def test_job_table_for_watchers(board):
    board.step("take", {"seed": 1}, lambda job: {"a": 1}, node="shot-1", model="native")
    info = board.jobs.info("job-1")
    assert (info.state, info.inputs, info.node, info.model, info.result) == (
        "done",
        {"seed": 1},
        "shot-1",
        "native",
        {"a": 1},
    )
    assert info.pid == os.getpid() and info.seconds >= 0 and json.dumps(info.inputs)
    assert [job.id for job in board.jobs.all("done")] == ["job-1"] and board.jobs.all("failed") == []
    for bad in ("job-2", "7", "job-x", ""):
        with pytest.raises(BoardError, match="no job is called"):
            board.jobs.info(bad)
