"""TensorBoard files say what the log says, are added to, and forget what a resumed run wrote again."""

import subprocess
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from rushes.training.curves import append_log, truncate_log
from rushes.training.tensorboard_log import write_events


def grow(log: Path, first: int, last: int, factor: float = 1.0) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    for step in range(first, last + 1):
        append_log(log, {"step": step, "seconds": 2.0 * step, "loss": factor / step, "psnr": 20.0 + step})


def scalars(folder: Path, key: str) -> list[tuple[int, float]]:
    events = EventAccumulator(str(folder))
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars(key)]


def expected(last: int) -> list[tuple[int, float]]:
    return [(step, pytest.approx(1 / step)) for step in range(1, last + 1)]


def test_every_value_at_its_step_and_second(tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "events"
    grow(run / "image" / "log.jsonl", 1, 5)
    grow(run / "video" / "log.jsonl", 1, 3)
    assert write_events(run, out) == 8
    assert scalars(out / "image", "loss") == expected(5)
    assert scalars(out / "video", "psnr") == [(1, 21.0), (2, 22.0), (3, 23.0)]
    events = EventAccumulator(str(out / "image"))
    events.Reload()
    assert sorted(events.Tags()["scalars"]) == ["loss", "psnr", "seconds"]
    times = [event.wall_time for event in events.Scalars("loss")]
    assert times[-1] - times[0] == pytest.approx(8.0, abs=1e-3)


def test_only_what_is_new_is_added(tmp_path: Path) -> None:
    run, out = tmp_path / "run", tmp_path / "events"
    grow(run / "log.jsonl", 1, 4)
    assert write_events(run, out) == 4
    assert write_events(run, out) == 0
    grow(run / "log.jsonl", 5, 6)
    assert write_events(run, out) == 2
    assert scalars(out / "train", "loss") == expected(6)


@pytest.mark.parametrize("seen_when_short", [False, True])
def test_what_a_resumed_run_wrote_again_replaces_what_was_there(tmp_path: Path, seen_when_short: bool) -> None:
    run, out = tmp_path / "run", tmp_path / "events"
    grow(run / "log.jsonl", 1, 3)
    grow(run / "log.jsonl", 4, 6, factor=9.0)  # after the last checkpoint; then it was killed
    write_events(run, out)
    truncate_log(run / "log.jsonl", 3)
    if seen_when_short:
        write_events(run, out)
    grow(run / "log.jsonl", 4, 5)
    write_events(run, out)
    assert scalars(out / "train", "loss") == expected(5)


def test_no_log_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no log\.jsonl"):
        write_events(tmp_path, tmp_path / "events")


def test_without_tensorboard_the_way_out_is_said(tmp_path: Path) -> None:
    grow(tmp_path / "log.jsonl", 1, 2)
    code = (
        "import sys; sys.modules['tensorboard'] = None\n"  # what an import of a missing package meets
        "from pathlib import Path; from rushes.training.tensorboard_log import write_events\n"
        f"write_events(Path({str(tmp_path)!r}), Path({str(tmp_path / 'events')!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pip install 'rushes[train]'" in done.stderr.splitlines()[-1]
    assert not (tmp_path / "events").exists()
