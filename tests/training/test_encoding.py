"""Workers that make latents."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import torch

from rushes.model.tokenizer import Tokenizer
from rushes.recipes.tiny import recipe
from rushes.training.data import Batch, Clips
from rushes.training.encoding import ChunkMaker, encoding_of
from rushes.training.latents import LatentsError, fill_cache
from rushes.training.squares import Squares


@dataclass(frozen=True, kw_only=True)
class Placed(Squares):
    """Squares that say where they are drawn."""

    device: str = "nowhere"

    def clips(self, part: str) -> Clips:
        inner = super().clips(part)

        def make(step: int, batch: int, frames: int) -> Batch:
            made = inner(step, batch, frames)
            return replace(made, captions=[self.device] * batch)

        return make


@dataclass(frozen=True, kw_only=True)
class Deadly(Squares):
    """Squares whose maker is killed."""

    def clips(self, part: str) -> Clips:
        def make(step: int, batch: int, frames: int) -> Batch:
            os.kill(os.getpid(), signal.SIGKILL)
            raise AssertionError("killed")

        return make


def test_a_source_with_a_device_draws_there() -> None:
    tokenizer = Tokenizer(recipe().tokenizer)
    latents, sentences = ChunkMaker(encoding_of(tokenizer, Placed(), 1, "cpu"))(0)
    assert latents.shape == (8, 1, 8, 4, 4) and sentences[0][0] == "cpu"
    assert torch.isfinite(torch.from_numpy(latents).float()).all()


@pytest.mark.slow
def test_a_worker_that_is_killed_is_named(tmp_path: Path) -> None:
    with pytest.raises(LatentsError, match="was killed; run it again"):
        fill_cache(Tokenizer(recipe().tokenizer), Deadly(), tmp_path, frames=1, clips=256)


FILLING = """
import sys
from pathlib import Path
from rushes.model.tokenizer import Tokenizer
from rushes.recipes.tiny import recipe
from rushes.training.latents import fill_cache
from rushes.training.squares import Squares

if __name__ == "__main__":
    fill_cache(Tokenizer(recipe().tokenizer), Squares(), Path(sys.argv[1]), frames=5, clips=128 * 400)
"""


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_parent(tmp_path: Path, sent: signal.Signals) -> None:
    script, folder = tmp_path / "fill.py", tmp_path / "cache"
    script.write_text(FILLING)
    command = [sys.executable, str(script), str(folder)]
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL) as parent:
        while not list(folder.glob("*.index.json")):
            assert parent.poll() is None
            time.sleep(0.1)
        if sent == signal.SIGINT:
            os.killpg(parent.pid, sent)  # as a terminal does
        else:
            parent.send_signal(sent)
        assert parent.wait(30) != 0
        end = time.monotonic() + 20
        while alive(parent.pid):
            assert time.monotonic() < end, "a worker is still there"
            time.sleep(0.1)
    if sent == signal.SIGINT:
        assert not list(folder.glob(".*")), "half a shard is left"


def alive(session: int) -> list[str]:
    listed = subprocess.run(["ps", "-s", str(session), "-o", "pid=,stat="], capture_output=True, text=True, check=False)
    return [line for line in listed.stdout.splitlines() if "Z" not in line]
