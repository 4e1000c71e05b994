"""What runs inside the sandbox: gives up every right of the process for good, then runs the code that it is sent.

Started by sandbox.py as a file of its own in a fresh interpreter, so it imports nothing of ours. Once locked, the
process can compute, read its standard input and write its standard output; it can open no file at all, not even for
reading, which is why all that the code may import is imported before. Three walls stand behind each other: limits on
resources, Landlock (no file, no connection, no signal to others), and a list of the system calls that are left.
"""

import bisect
import collections
import ctypes
import dataclasses
import datetime
import functools
import heapq
import itertools
import json
import math
import os
import random
import re
import resource
import signal
import statistics
import string
import sys
import textwrap
import typing
from typing import Any

OFFERED: tuple[Any, ...] = (bisect, collections, dataclasses, datetime, functools, heapq, itertools, json, math)
OFFERED += (random, re, statistics, string, textwrap, typing)

LANDLOCK_CREATE, LANDLOCK_RESTRICT = 444, 446  # system calls, the same on every machine
NO_NEW_PRIVS, SET_SECCOMP, FILTER_MODE = 38, 22, 2  # of prctl
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050001, 0x80000000  # of seccomp; refused calls fail with EPERM
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # of the filter's little machine: load a word, compare, return

# read write close lseek mmap mprotect munmap brk mremap madvise exit exit_group sigaltstack rt_sigreturn futex
# sched_yield restart_syscall clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday getrandom.
# Not among them: anything that opens, connects, starts, signals, traces, raises a limit or stops the alarm.
SYSTEM_CALLS = {  # machine -> (its number in linux/audit.h, numbers of those calls)
    "x86_64": (
        0xC000003E,
        (0, 1, 3, 8, 9, 10, 11, 12, 25, 28, 60, 231, 131, 15, 202, 24, 219, 228, 229, 230, 35, 96, 318),
    ),
    "aarch64": (
        0xC00000B7,
        (63, 64, 57, 62, 222, 226, 215, 214, 216, 233, 93, 94, 132, 139, 98, 124, 128, 113, 114, 115, 101, 169, 278),
    ),
}


class Unlockable(Exception):
    """This machine can't hold the process in; what a model wrote is not run on it."""


def limit_resources(limits):
    """Hard limits of the kernel, which the process can't raise again: the call for it is refused from now on."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_CPU, limits["life"]),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 8),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    signal.alarm(limits["life"])  # the default action kills; a process whose parent is gone does not sleep for ever


def forbid_new_rights(libc):
    if libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0):
        raise Unlockable("the kernel can't forbid new privileges")


def lock_files(libc):
    """Landlock without a single rule: every access that this kernel knows of is handled, and none is granted."""
    abi = libc.syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if abi < 1:
        raise Unlockable("the kernel has no Landlock (Linux 5.13 or newer, with landlock in its list of LSMs)")
    files = (1 << (13 + (abi >= 2) + (abi >= 3) + (abi >= 5))) - 1  # moving, truncating, ioctl came later
    words = [files] + [0b11] * (abi >= 4) + [0b11] * (abi >= 6)  # TCP bind, connect; abstract sockets, signals
    attributes = (ctypes.c_uint64 * len(words))(*words)
    ruleset = libc.syscall(LANDLOCK_CREATE, attributes, ctypes.c_size_t(ctypes.sizeof(attributes)), 0)
    if ruleset < 0 or libc.syscall(LANDLOCK_RESTRICT, ruleset, 0):
        raise Unlockable(f"Landlock failed: {os.strerror(ctypes.get_errno())}")
    os.close(ruleset)


def lock_system_calls(libc):
    """A seccomp filter: the calls listed above pass, all others fail, those of a foreign ABI kill."""
    machine = os.uname().machine
    if machine not in SYSTEM_CALLS:
        raise Unlockable(f"there is no list of system calls for {machine}; add one to SYSTEM_CALLS in inside.py")
    architecture, numbers = SYSTEM_CALLS[machine]
    program: list = [(LOAD, 0, 0, 4), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL), (LOAD, 0, 0, 0)]
    program += [(EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    program += [(RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]

    class Instruction(ctypes.Structure):
        _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(Instruction)))

    instructions = (Instruction * len(program))(*program)
    if libc.prctl(SET_SECCOMP, FILTER_MODE, ctypes.byref(Program(len(program), instructions)), 0, 0):
        raise Unlockable("the kernel takes no seccomp filter (CONFIG_SECCOMP_FILTER)")


def say(message):
    data = memoryview(json.dumps(message, allow_nan=False).encode() + b"\n")
    while data:
        data = data[os.write(1, data) :]


def hear():
    line = sys.stdin.buffer.readline()
    if not line:
        os._exit(0)
    return json.loads(line)


def call(tool, **arguments):
    """Runs a tool in the parent, if the version may use it, and returns the text of its answer."""
    say({"tool": tool, "arguments": arguments})
    answer = hear()
    if "error" in answer:
        raise ValueError(answer["error"])
    return answer["text"]


def serve():
    """Answers one line after the other: `source` is executed, `call` calls one of its functions."""
    space = {"__name__": "version", "call": call}
    while True:
        message = hear()
        try:
            if "source" in message:
                exec(compile(message["source"], "<version>", "exec"), space)
                say({"value": None})
            else:
                function: Any = space[message["call"]]
                say({"value": function(*message["arguments"])})
        except BaseException as error:  # what a model wrote may raise anything
            place, line = error.__traceback__, 0
            while place is not None:
                if place.tb_frame.f_code.co_filename == "<version>":
                    line = place.tb_lineno
                place = place.tb_next
            kind, text = type(error).__name__, str(error)[:500]
            if kind != "ValueError":  # which is an answer in plain words, where others are crashes
                text = f"{kind}: {text}" + (f" (line {line})" if line else "")
            say({"error": text, "kind": kind})


def main():
    sys.stdout = sys.stderr = open(os.devnull, "w")  # what the code prints goes nowhere
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        forbid_new_rights(libc)
        sys.path.clear()
        sys.meta_path.clear()
        limit_resources(json.loads(sys.argv[1]))
        lock_files(libc)
        lock_system_calls(libc)
    except (Unlockable, OSError, AttributeError) as error:
        say({"unlockable": str(error)})
        return
    say({"locked": True})
    serve()


if __name__ == "__main__":
    main()
