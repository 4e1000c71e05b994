"""Places that refuse: tried in a child process, so that its limits and its user are its own."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from film_making import shot

CHILD = """
import os
import sys
from pathlib import Path
from rushes.media.render import Quality, render
from rushes.media.timeline import Clip, Timeline
source, out = map(Path, sys.argv[1:3])
if len(sys.argv) > 3:
    os.seteuid(int(sys.argv[3]))  # after the imports: the interpreter itself may be root's
film = Timeline(clips=[Clip(source=source, seconds=2)] * 3, width=320, height=180)
try:
    render(film, out, quality=Quality(preset="ultrafast", threads=1), copy=False)
except ValueError as error:
    print(error)
    sys.exit(3)
"""


def child(source: Path, out: Path, *user: str, **more) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(source), str(out), *user]
    return subprocess.run(command, capture_output=True, text=True, **more)


def said_once(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    assert done.returncode == 3, done.stderr
    assert len(done.stdout.strip().splitlines()) == 1
    assert list(folder.iterdir()) == []
    return done.stdout


@pytest.fixture
def place(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return shot(tmp_path / "a.mp4", "mandelbrot", tone=300), folder


def test_files_may_not_grow(place):
    source, folder = place
    limit = (30_000, 30_000)
    done = child(source, folder / "film.mp4", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert "File too large" in said_once(done, folder) or "signal" in done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_disk_is_full(place):
    source, folder = place
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("this machine allows no mounts")
    try:
        assert "No space left on device" in said_once(child(source, folder / "film.mp4"), folder)
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="becoming another user needs root")
def test_no_permission(place):
    source, folder = place
    folder.chmod(0o755)
    for parent in [folder, *folder.parents]:
        if parent.stat().st_uid == os.geteuid() and parent != Path("/") and "pytest" in str(parent):
            parent.chmod(0o755)
    assert "Permission denied" in said_once(child(source, folder / "film.mp4", "65534"), folder)
