"""A GGUF file on this machine as a language model: llama.cpp's server in a process of its own (extra `local`).

In a process of its own, since a fault of native code should cost an answer and not the film. Answers are held to a
schema by the server's grammar; `choosing.py` says how a model that is too small for tools is asked.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from rushes.agent.models import Message, ModelError, Reply, ToolSpec
from rushes.agent.openai_model import OpenAIConfig, OpenAIModel

SERVER = """
import sys
import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.n_ctx = int(sys.argv[2])
parameters.n_parallel = 1
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(sys.argv[3])
server = xllamacpp.Server(parameters)
print(server.listening_address, flush=True)
sys.stdin.read()
"""


class LocalModel:
    """Starts its server at the first question and stops it at `close` or with the process. Raises ModelError."""

    def __init__(
        self, path: Path | str, *, context: int = 4096, threads: int | None = None, timeout: float = 900.0
    ) -> None:
        """`context`: tokens of question and answer together; `threads`: None for one on each core that this process may
        use; `timeout`: seconds.
        """
        self.path = Path(path)
        self.name = self.path.stem
        self.uses_tools = False
        self.context = context
        self._threads = threads or _cores()
        self._timeout = timeout
        self._server: subprocess.Popen[str] | None = None
        self._model: OpenAIModel | None = None
        if not self.path.is_file() or self.path.open("rb").read(4) != b"GGUF":
            raise ModelError(f"{self.path} is no GGUF file; give the path of a language model in that format")
        if importlib.util.find_spec("xllamacpp") is None:
            raise ModelError("a local model needs the package xllamacpp; install it with pip install rushes[local]")

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        if self._model is None or self._server is None or self._server.poll() is not None:
            self._model = self._start()
        return self._model.reply(messages, tools=tools, schema=schema, max_tokens=max_tokens)

    def close(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = self._model = None

    def _start(self) -> OpenAIModel:
        command = [sys.executable, "-c", SERVER, str(self.path), str(self.context), str(self._threads)]
        self._server = subprocess.Popen(
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        atexit.register(self.close)
        assert self._server.stdout is not None
        address = next((line.strip() for line in self._server.stdout if line.startswith("http")), "")
        if not address:
            raise ModelError(f"{self.path.name} can't be loaded; is it whole, and does it fit into memory?")
        return OpenAIModel(
            OpenAIConfig(model=self.name, base_url=f"{address}/v1", uses_tools=False, timeout=self._timeout, retries=0)
        )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
