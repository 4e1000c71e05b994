"""A process of its own for code that a model wrote: no file, no network, no key, no other process, no long life.

    with Sandbox("def double(x): return 2 * x") as sandbox:
        sandbox.call("double", 21)  # 42

The only door is a pair of pipes with JSON lines of bounded size. What the process can't do is held by the kernel
(inside.py), not by Python; where the kernel can't hold it nothing is run, and that is an error, never a fallback.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

INSIDE = Path(__file__).with_name("inside.py")
START_SECONDS = 30.0  # for the interpreter to start and lock itself, on a busy machine

CallTool = Callable[[str, dict[str, Any]], str]  # name and arguments; ValueError is told to the code inside


class SandboxError(ValueError):
    """Code that a model wrote crashed, took too long, flooded its output or broke the protocol; it is dead."""


class SandboxUnavailable(SandboxError):
    """This machine can't hold such code in, so it was not run."""


class RaisedValueError(ValueError):
    """The code raised ValueError on purpose: an answer to whoever called, the process lives."""


@dataclass(frozen=True, kw_only=True)
class SandboxLimits:
    call_seconds: float = 5.0  # of wall clock a call, the tools that it calls left aside
    life: int = 120  # seconds of wall clock, and of processor time, after which the kernel kills the process
    memory: int = 512 * 2**20  # bytes of address space
    line_bytes: int = 1_000_000  # of one line that comes out
    tool_calls: int = 40  # in one call


class Sandbox:
    """Loads a source and calls its functions. Raises SandboxError; SandboxUnavailable where nothing can be run."""

    def __init__(self, source: str, *, limits: SandboxLimits | None = None, call_tool: CallTool | None = None) -> None:
        self.limits = limits or SandboxLimits()
        self._source = source
        self._call_tool = call_tool
        self._start()

    def call(self, function: str, *arguments: Any) -> Any:
        """What the function returns, as JSON. State in the source's globals may be lost between two calls."""
        if time.monotonic() - self._born > self.limits.life / 2:
            self.close()
            self._start()
        return self._exchange({"call": function, "arguments": arguments}, self.limits.call_seconds)

    def close(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _start(self) -> None:
        if sys.platform != "linux":
            raise SandboxUnavailable(f"code written by a model is run only behind Landlock, which {sys.platform} lacks")
        numbers = json.dumps({"memory": self.limits.memory, "life": self.limits.life})
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-B", str(INSIDE), numbers],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._heard = b""
        self._born = time.monotonic()
        first = self._hear(time.monotonic() + START_SECONDS)
        if "locked" not in first:
            self.close()
            raise SandboxUnavailable(
                f"code written by a model is not run on this machine: {first.get('unlockable', first)}. "
                "Versions of numbers, prompts and recipes need no sandbox"
            )
        try:
            self._exchange({"source": self._source}, self.limits.call_seconds)
        except RaisedValueError as error:
            self._die(str(error))

    def _exchange(self, message: dict[str, Any], seconds: float) -> Any:
        """Sends a line, serves the tool calls that come back, and returns the value."""
        deadline = time.monotonic() + seconds
        self._say(message, deadline)
        calls = 0
        while "tool" in (answer := self._hear(deadline)):
            calls += 1
            if calls > self.limits.tool_calls:
                self._die(f"it called tools more than {self.limits.tool_calls} times")
            began = time.monotonic()
            self._say(self._serve(answer), deadline + 1.0)
            deadline += time.monotonic() - began
        if "value" in answer:
            return answer["value"]
        if answer.get("kind") == "ValueError":
            raise RaisedValueError(str(answer.get("error"))[:600])
        self._die(str(answer.get("error", "it broke the protocol"))[:600])

    def _serve(self, asked: dict[str, Any]) -> dict[str, Any]:
        name, arguments = asked["tool"], asked.get("arguments")
        if self._call_tool is None or not isinstance(name, str) or not isinstance(arguments, dict):
            return {"error": "there is no tool to call here"}
        try:
            return {"text": self._call_tool(name, arguments)}
        except ValueError as error:
            return {"error": str(error)}

    def _say(self, message: dict[str, Any], deadline: float) -> None:
        data = memoryview(json.dumps(message).encode() + b"\n")
        while data:
            self._wait(self._in, select.POLLOUT, deadline)
            try:
                data = data[os.write(self._in, data) :]
            except BlockingIOError:
                continue
            except OSError:
                self._die("it closed its input")

    def _hear(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._heard:
            if len(self._heard) > self.limits.line_bytes:
                self._die(f"it wrote more than {self.limits.line_bytes} bytes without an answer")
            self._wait(self._out, select.POLLIN, deadline)
            try:
                more = os.read(self._out, 65536)
            except BlockingIOError:
                continue
            if not more:
                self._die(f"it ended{self._by_what()}")
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        try:
            answer = json.loads(line, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            self._die(f"it wrote {line[:60]!r} where an answer in JSON belongs")
        return answer

    def _wait(self, pipe: int, for_what: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, for_what)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            self._die(f"it took longer than {self.limits.call_seconds:g} s")

    def _die(self, why: str) -> NoReturn:
        self.close()
        raise SandboxError(f"the code was stopped: {why}")

    def _by_what(self) -> str:
        """Which signal ended the process, such as " by SIGKILL"; empty where it ended by itself or only went silent."""
        try:
            code = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            return ""
        return f" by {signal.Signals(-code).name}" if code < 0 else ""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")
