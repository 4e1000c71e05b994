"""Whether torch can compile here."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

import torch


def can_compile(device: torch.device) -> bool:
    """On the CPU torch.compile takes a C++ compiler (CXX, or g++) and Python's headers; elsewhere what torch brings."""
    if device.type != "cpu":
        return True
    headers = Path(sysconfig.get_paths()["include"]) / "Python.h"
    return shutil.which(os.environ.get("CXX", "g++")) is not None and headers.exists()
