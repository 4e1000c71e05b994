"""What a model wrote can compute and answer, and nothing else: each test is an attempt that must fail."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rushes.agent.harness.sandbox import (
    INSIDE,
    RaisedValueError,
    Sandbox,
    SandboxError,
    SandboxLimits,
    SandboxUnavailable,
)

# Python's own checks would be no wall: system calls are made past it. Numbers are those of x86_64.
RAW = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def raw(number, *arguments):
    result = libc.syscall(number, *arguments)
    return result, ctypes.get_errno() if result < 0 else 0
"""
EPERM = 1
QUICK = SandboxLimits(call_seconds=1.0)

try:
    Sandbox("").close()
    LACKS = ""
except SandboxUnavailable as error:
    LACKS = str(error)
needs_lock = pytest.mark.skipif(bool(LACKS), reason=LACKS)
x86 = pytest.mark.skipif(os.uname().machine != "x86_64", reason="the probe's system calls are those of x86_64")


def answer(source: str, *arguments: object, limits: SandboxLimits | None = None) -> object:
    with Sandbox(RAW + source, limits=limits) as sandbox:
        return sandbox.call("probe", *arguments)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state == "Z"  # dead, and its new parent has not looked yet


@needs_lock
def test_computes_and_answers():
    assert answer("import math\ndef probe(a, b): return {'root': math.isqrt(a), 'text': b * 2}", 17, "ab") == {
        "root": 4,
        "text": "abab",
    }


@needs_lock
def test_keeps_its_state_between_calls_and_prints_into_nothing():
    source = 'seen = []\ndef probe(x):\n    print(\'{"value": "forged"}\')\n    seen.append(x)\n    return seen'
    with Sandbox(source) as sandbox:
        sandbox.call("probe", 1)
        assert sandbox.call("probe", 2) == [1, 2]


@needs_lock
@x86
def test_reads_no_file(tmp_path):
    key = tmp_path / "key.txt"
    key.write_text("planted-secret")
    source = """
def probe(path):
    tried = []
    for number, arguments in ((2, (path.encode(), 0)), (257, (-100, path.encode(), 0)),
                              (437, (-100, path.encode(), bytes(24), 24)), (21, (path.encode(), 4)),
                              (4, (path.encode(), ctypes.create_string_buffer(256))), (80, (b"/etc",))):
        tried.append(raw(number, *arguments))
    try:
        tried.append((len(open(path).read()), 0))
    except OSError as error:
        tried.append((-1, error.errno))
    return tried
"""
    for path in (str(key), "/etc/passwd", f"/proc/{os.getpid()}/environ", "/proc/self/environ", sys.executable):
        assert answer(source, path) == [[-1, EPERM]] * 7, path


@needs_lock
@x86
def test_writes_and_removes_nothing(tmp_path):
    log = tmp_path / "log.jsonl"
    log.write_text("kept\n")
    source = """
def probe(path, new):
    p, n = path.encode(), new.encode()
    return [raw(2, p, 0o1001), raw(257, -100, n, 0o102, 0o600), raw(85, n, 0o600), raw(76, p, 0), raw(87, p),
            raw(263, -100, p, 0), raw(82, p, n), raw(86, p, n), raw(88, p, n), raw(83, n, 0o700), raw(90, p, 0),
            raw(319, b"x", 0)]
"""
    assert answer(source, str(log), str(tmp_path / "new")) == [[-1, EPERM]] * 12
    assert log.read_text() == "kept\n" and list(tmp_path.iterdir()) == [log]


@needs_lock
@x86
def test_opens_no_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        source = "def probe(): return [raw(41, family, kind, 0) for family in (1, 2, 10, 16, 17) for kind in (1, 2, 3)]"
        assert answer(source) == [[-1, EPERM]] * 15
        assert answer("def probe(): return [raw(425, 8, bytes(120)), raw(53, 1, 1, 0, bytes(8))]") == [[-1, EPERM]] * 2
        with pytest.raises(TimeoutError):
            server.accept()


@needs_lock
@x86
def test_starts_no_process():
    source = """
def probe():
    tried = [raw(57), raw(58), raw(56, 17, 0, 0, 0, 0), raw(435, bytes(88), 88), raw(59, b"/bin/sh", 0, 0)]
    for _ in range(200):
        try:
            os.fork()
        except OSError as error:
            tried.append((-1, error.errno))
    return tried
"""
    assert answer(source) == [[-1, EPERM]] * 205


@needs_lock
@x86
def test_reaches_no_other_process():
    source = """
def probe(pid):
    return [raw(62, pid, 0), raw(62, pid, 9), raw(200, pid, 15), raw(101, 16, pid, 0, 0), raw(434, pid, 0),
            raw(310, pid, bytes(16), 1, bytes(16), 1, 0), raw(109, 0, 0), raw(112), raw(157, 1, 9)]
"""
    assert answer(source, os.getpid()) == [[-1, EPERM]] * 9


@needs_lock
@x86
def test_raises_no_limit_and_stops_no_alarm():
    source = """
def probe():
    return [raw(160, 9, (ctypes.c_uint64 * 2)(2**62, 2**62)), raw(302, 0, 9, (ctypes.c_uint64 * 2)(2**62, 2**62), 0),
            raw(37, 0), raw(38, 0, bytes(32), 0), raw(13, 14, bytes(32), 0, 8), raw(14, 0, bytes(8), 0, 8),
            raw(317, 1, 0, bytes(16)), raw(155, b"/", b"/"), raw(161, b"/"), raw(272, 0x10000000)]
"""
    assert answer(source) == [[-1, EPERM]] * 10


@needs_lock
def test_has_no_environment_and_no_open_files(tmp_path, monkeypatch):
    monkeypatch.setenv("PLANTED_API_KEY", "planted-secret")
    inherited = os.open(tmp_path / "open.txt", os.O_RDWR | os.O_CREAT)
    os.set_inheritable(inherited, True)
    source = """
def probe():
    found = []
    for fd in range(3, 64):
        try:
            found.append(os.read(fd, 10))
        except OSError:
            pass
    return [sorted(os.environ), len(found)]
"""
    assert answer(source) == [["LC_CTYPE"], 0]  # which the interpreter itself sets
    os.close(inherited)


@needs_lock
def test_eats_no_memory():
    with Sandbox("def probe(n):\n    return len(bytes(n))", limits=SandboxLimits(memory=2**28)) as sandbox:
        assert sandbox.call("probe", 2**20) == 2**20
        with pytest.raises(SandboxError, match="MemoryError"):
            sandbox.call("probe", 2**30)


@needs_lock
@pytest.mark.parametrize("body", ["while True: pass", "import time\n    time.sleep(1000)", "while True: hear()"])
def test_an_endless_call_is_killed(body):
    hear = "import sys, os\ndef hear(): os.read(0, 1)\n"
    sandbox = Sandbox(f"{hear}def probe():\n    {body}", limits=SandboxLimits(call_seconds=0.3))
    pid = sandbox._process.pid
    with pytest.raises(SandboxError, match=r"longer than 0\.3 s"):
        sandbox.call("probe")
    assert gone(pid)


@needs_lock
def test_a_source_that_loops_while_it_loads_is_killed():
    with pytest.raises(SandboxError, match="longer than"):
        Sandbox("while True: pass", limits=SandboxLimits(call_seconds=0.3))


@needs_lock
@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("b'x' * 5_000_000", "more than 1000000 bytes"),
        ("b'not json' + bytes([10])", "where an answer in JSON belongs"),
        ("b'[' * 100_000 + bytes([10])", "where an answer in JSON belongs"),
        ("b'{\"value\": NaN}' + bytes([10])", "where an answer in JSON belongs"),
        ("b'[1]' + bytes([10])", "where an answer in JSON belongs"),
        ("b'{}' + bytes([10])", "broke the protocol"),
    ],
)
def test_a_flood_or_a_forged_line_ends_it(written, why):
    source = f"import os\ndef probe():\n    data = {written}\n    while data: data = data[os.write(1, data):]"
    with pytest.raises(SandboxError, match=why):
        answer(source)


@needs_lock
def test_a_long_answer_is_refused():
    with pytest.raises(SandboxError, match="more than 1000000 bytes"):
        answer("def probe(): return 'x' * 2_000_000")


@needs_lock
@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(0)", "SystemExit"),
        ("os._exit(3)", "it ended"),
        ("probe()", "RecursionError"),
        ("ctypes.string_at(0)", "it ended by SIGSEGV"),
        ("import socket", "No module named 'socket'"),
        ("return object()", "not JSON serializable"),
        ("os.close(0); os.close(1)", "it ended"),
    ],
)
def test_a_crash_is_one_error(body, why):
    with pytest.raises(SandboxError, match=why):
        answer(f"def probe():\n    {body}")


@needs_lock
def test_a_value_error_is_an_answer_and_the_process_lives():
    with Sandbox("def probe(x):\n    if x < 0: raise ValueError('give 0 or more')\n    return x") as sandbox:
        with pytest.raises(RaisedValueError, match="give 0 or more"):
            sandbox.call("probe", -1)
        assert sandbox.call("probe", 3) == 3


@needs_lock
def test_tools_are_called_through_the_door_and_no_oftener_than_allowed():
    asked = []

    def serve(name, arguments):
        asked.append((name, arguments))
        if name != "look":
            raise ValueError("there is only look")
        return f"clip {arguments['at']}"

    source = """
def probe(times):
    said = [call("look", at=at) for at in range(times)]
    try:
        call("shoot")
    except ValueError as error:
        said.append(str(error))
    return said
"""
    with Sandbox(source, limits=SandboxLimits(tool_calls=5), call_tool=serve) as sandbox:
        assert sandbox.call("probe", 2) == ["clip 0", "clip 1", "there is only look"]
        with pytest.raises(SandboxError, match="called tools more than 5 times"):
            sandbox.call("probe", 100)
    assert len(asked) == 3 + 5


@needs_lock
def test_a_long_lived_sandbox_starts_anew_before_the_kernel_ends_it():
    with Sandbox("def probe(): return 1", limits=SandboxLimits(life=2)) as sandbox:
        first = sandbox._process.pid
        time.sleep(1.2)
        assert sandbox.call("probe") == 1
        assert sandbox._process.pid != first and gone(first)


@needs_lock
def test_the_process_ends_though_its_parent_was_killed():
    program = (
        "from rushes.agent.harness.sandbox import *\n"
        "source = 'import time\\ndef probe():\\n    call(\"begun\")\\n    while True: time.sleep(1)'\n"
        "limits = SandboxLimits(life=3, call_seconds=60)\n"
        "box = Sandbox(source, limits=limits, call_tool=lambda *_: str(print(box._process.pid, flush=True)))\n"
        "box.call('probe')"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert not gone(pid)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 20
    while not gone(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert gone(pid)


# One wall alone: what holds even if another had a hole.

ALONE = """
import ctypes, json, os, runpy, signal, socket, sys
inside = runpy.run_path(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
os.environ.clear()
inside["forbid_new_rights"](libc)
def tried(name, act):
    try:
        act()
        return name
    except OSError:
        return ""
own = os.open(sys.argv[2], os.O_RDONLY)
inside[sys.argv[3]](libc)
acts = {
    "read": lambda: open("/etc/passwd").close(),
    "write": lambda: open(sys.argv[2] + ".new", "w").close(),
    "remove": lambda: os.remove(sys.argv[2]),
    "list": lambda: os.listdir("/"),
    "connect": lambda: socket.socket().connect(("127.0.0.1", int(sys.argv[4]))),
    "signal": lambda: os.kill(int(sys.argv[5]), 0),
}
leaks = [name for name, act in acts.items() if tried(name, act)]
os.write(1, json.dumps(leaks).encode())
os._exit(0)
"""


@needs_lock
@pytest.mark.parametrize("wall", ["lock_files", "lock_system_calls"])
def test_each_wall_holds_alone(wall, tmp_path):
    log = tmp_path / "log"
    log.write_text("kept")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-I", "-c", ALONE, str(INSIDE), str(log), wall, str(port), str(os.getpid())],
            capture_output=True,
            timeout=60,
        )
    assert json.loads(done.stdout) == [], done.stderr
    assert log.read_text() == "kept" and list(tmp_path.iterdir()) == [log]


# A machine without one of the walls, made by a filter that answers as an older kernel does.

OLDER = """
import ctypes, runpy, sys
inside = runpy.run_path(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
class Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))
class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(Instruction)))
lacks = {"landlock": [(0x20, 0, 0, 0), (0x15, 0, 1, 444), (6, 0, 0, 0x50026)],
         "seccomp": [(0x20, 0, 0, 0), (0x15, 0, 3, 157), (0x20, 0, 0, 16), (0x15, 0, 1, 22), (6, 0, 0, 0x50016)]}
lines = lacks[sys.argv[2]] + [(6, 0, 0, 0x7FFF0000)]
inside["forbid_new_rights"](libc)
assert libc.prctl(22, 2, ctypes.byref(Program(len(lines), (Instruction * len(lines))(*lines))), 0, 0) == 0
from rushes.agent.harness.sandbox import *
try:
    Sandbox("open(%r, 'w')" % sys.argv[3])
    print("it ran")
except SandboxUnavailable as error:
    print(error)
"""


@x86
@pytest.mark.parametrize(("wall", "why"), [("landlock", "no Landlock"), ("seccomp", "takes no seccomp filter")])
def test_without_a_wall_nothing_is_run(wall, why, tmp_path):
    ran = tmp_path / "ran"
    done = subprocess.run(
        [sys.executable, "-c", OLDER, str(INSIDE), wall, str(ran)], capture_output=True, text=True, timeout=60
    )
    assert why in done.stdout and "not run on this machine" in done.stdout, done.stdout + done.stderr
    assert not ran.exists()
