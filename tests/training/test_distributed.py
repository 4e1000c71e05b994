"""Two processes equal one: the same losses, and checkpoints that either number of processes goes on from."""

import os
import subprocess
import sys
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from two_processes import begin, config, run

from rushes.training.checkpoint import CheckpointError, Tensors, load_tensors, read_header
from rushes.training.curves import read_log
from rushes.training.distributed import PartOfDraws, choose_device, part

CHECKPOINT = "checkpoint.safetensors"
CLOSE = 1e-5  # of losses under AdamW: sums in another order
BFLOAT16 = 2e-3  # of losses under Muon, whose bfloat16 steps magnify that


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What one process did, and after it two."""
    path = tmp_path_factory.mktemp("runs")
    torch.set_num_threads(1)
    run(path / "one_adamw", 6, muon=0.0)
    run(path / "one", 6)
    run(path / "from_one", 3)
    script = Path(__file__).with_name("two_processes.py")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", script, path]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ | {"OMP_NUM_THREADS": "1", "PYTHONFAULTHANDLER": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    run(path / "from_two", 6)
    return path


def losses(folder: Path) -> list[float]:
    return [row["loss"] for row in read_log(folder / "log.jsonl")]


def test_two_processes_reach_the_losses_of_one(folder: Path) -> None:
    assert losses(folder / "adamw") == pytest.approx(losses(folder / "one_adamw"), rel=CLOSE)
    assert losses(folder / "whole") == pytest.approx(losses(folder / "one"), rel=BFLOAT16)
    for key in ("grad", "size"):
        one, two = ([row[key] for row in read_log(folder / name / "log.jsonl")] for name in ("one_adamw", "adamw"))
        assert len(one) == 6 and two == pytest.approx(one, rel=1e-4)


def test_they_end_with_the_same_weights_and_average(folder: Path) -> None:
    one, two = (load_tensors(folder / name / CHECKPOINT, "") for name in ("one_adamw", "adamw"))
    assert one.keys() == two.keys()
    for name, value in one.items():
        torch.testing.assert_close(two[name], value, rtol=1e-3, atol=1e-5, msg=lambda text, name=name: f"{name} {text}")


def test_resumed_by_as_many_is_bit_for_bit_the_uninterrupted_run(folder: Path) -> None:
    assert losses(folder / "parts") == losses(folder / "whole")
    whole, parts = (load_tensors(folder / name / CHECKPOINT, "") for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    for name, value in whole.items():
        assert torch.equal(value, parts[name]), name


@pytest.mark.parametrize("name", ["from_one", "from_two"])
def test_resumed_by_another_number(folder: Path, name: str) -> None:
    assert losses(folder / name) == pytest.approx(losses(folder / "one"), rel=BFLOAT16)
    assert len(losses(folder / name)) == 6


def test_what_two_wrote_one_reads_bit_for_bit(folder: Path) -> None:
    path = folder / "whole" / CHECKPOINT
    before = load_tensors(path, "")
    opened = begin(folder / "whole", config(6))
    opened.folder = folder / "copy"
    opened.save()
    after = load_tensors(folder / "copy" / CHECKPOINT, "")
    assert before.keys() == after.keys()
    for name, value in before.items():
        assert torch.equal(value, after[name]), name
    assert read_header(path)["parts"] == ["checkpoint.6.1.safetensors"]
    assert sorted(p.name for p in path.parent.glob("*.safetensors")) == ["checkpoint.6.1.safetensors", CHECKPOINT]
    assert [p.name for p in (folder / "from_two").glob("*.safetensors")] == [CHECKPOINT]  # old parts are gone


def test_rows_of_a_tensor_wherever_they_lie(folder: Path) -> None:
    kept = Tensors(folder / "whole" / CHECKPOINT)
    weight = kept.read("model.first.weight")
    assert kept.shape("model.first.weight") == (513, 4) == tuple(weight.shape)
    for start, stop in ((0, 513), (0, 3), (255, 259), (257, 513), (400, 513), (513, 513)):
        assert torch.equal(kept.read("model.first.weight", start, stop), weight[start:stop])
    assert kept.read("model.seen") == 6 and kept.shape("model.seen") == ()


def test_a_part_that_is_missing(folder: Path, tmp_path: Path) -> None:
    (tmp_path / CHECKPOINT).write_bytes((folder / "whole" / CHECKPOINT).read_bytes())
    with pytest.raises(CheckpointError, match="copy the whole folder"):
        load_tensors(tmp_path / CHECKPOINT, "model.")


def test_a_signal_to_one_stops_and_saves_both(folder: Path) -> None:
    state = read_header(folder / "stopped" / CHECKPOINT)["state"]
    assert 2 <= state["step"] < 50
    names = Tensors(folder / "stopped" / CHECKPOINT).names("ema.")
    assert names == Tensors(folder / "one" / CHECKPOINT).names("model.")


def test_a_loss_that_is_not_finite_is_everybodys(folder: Path) -> None:
    for rank in range(2):
        assert "loss of step 1 is" in (folder / f"error.{rank}").read_text()


def test_accumulated_steps_equal_whole_ones(folder: Path, tmp_path: Path) -> None:
    run(tmp_path, 6, muon=0.0, accumulate=4)
    assert losses(tmp_path) == pytest.approx(losses(folder / "one_adamw"), rel=CLOSE)


@pytest.mark.parametrize(
    "draw",
    [
        lambda n: torch.randn(n, 3),
        lambda n: torch.randn((n, 3), generator=torch.Generator().manual_seed(3)),
        lambda n: torch.rand(size=(n,)),
        lambda n: torch.randint(0, 9, (n, 2)),
        lambda n: torch.randint(9, (n,)),
        lambda n: torch.randn_like(torch.zeros(n, 5, dtype=torch.float64)),
        lambda n: torch.rand_like(torch.zeros(n)),
        lambda n: torch.randint_like(torch.zeros(n), 7),
    ],
)
def test_draws_of_parts_are_parts_of_the_draw(draw: Any) -> None:
    torch.manual_seed(0)
    whole = draw(6)
    for index in range(3):
        torch.manual_seed(0)
        with PartOfDraws(index, 3, 2):
            assert torch.equal(draw(2), whole[2 * index : 2 * index + 2])


def test_draws_of_another_length_are_everybodys() -> None:
    torch.manual_seed(0)
    shared = torch.rand(5)
    torch.manual_seed(0)
    with PartOfDraws(1, 3, 2):
        assert torch.equal(torch.rand(5), shared)


@dataclass(frozen=True)
class Clips:
    video: torch.Tensor
    captions: list[str]
    variants: list[str]
    start: int


def test_parts_of_a_batch() -> None:
    cpu = torch.device("cpu")
    clips = part(Clips(torch.arange(4).view(4, 1), list("abcd"), [], 7), 1, 2, cpu)
    assert clips.video.tolist() == [[2], [3]]
    assert (clips.captions, clips.variants, clips.start) == (["c", "d"], [], 7)
    pair = namedtuple("pair", "x scale")(torch.arange(4), torch.tensor(2.0))
    assert part(pair, 0, 4, cpu) == (torch.tensor([0]), torch.tensor(2.0))
    assert part((torch.arange(2), {"y": ["a", "b"]}, None), 1, 2, cpu) == (torch.tensor([1]), {"y": ["b"]}, None)
    with pytest.raises(ValueError, match="a batch of 4 can't be shared by 3"):
        part(torch.arange(4), 0, 3, cpu)


def test_devices() -> None:
    assert choose_device("cpu") == torch.device("cpu")
    assert choose_device().type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(ValueError, match="no device 'gpu'"):
        choose_device("gpu")
    with pytest.raises(ValueError, match="cuda:99 is not there"):
        choose_device("cuda:99")
