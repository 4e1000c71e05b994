"""What a project folder lives through: two writers, readers, wrong versions, no permission, full disks."""

import hashlib
import os
import sqlite3
import subprocess
import sys

import pytest

from rushes.board import Board, BoardBusy, BoardError, CreateNode, SetFields
from rushes.board.store import Store


def child(script, *arguments):
    """Runs a Python script in a process of its own and returns it, ended."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def one_line(error):
    assert "\n" not in str(error.value) and len(str(error.value)) < 400
    return str(error.value)


def test_blobs_are_immutable_files_by_hash_with_a_suffix(tmp_path):
    source = tmp_path / "Clip.MP4"
    source.write_bytes(b"frames" * 500_000)
    with Board.open(tmp_path / "film") as board:
        blob = board.put(source)
        path = board.blob_path(blob)
        assert blob == hashlib.sha256(source.read_bytes()).hexdigest()
        assert path == tmp_path / "film" / "blobs" / blob[:2] / f"{blob}.mp4"
        assert path.read_bytes() == source.read_bytes() and path.stat().st_mode & 0o222 == 0
        assert board.put(source.read_bytes(), ".bin") == blob and board.blob_path(blob) == path
        assert not list((tmp_path / "film" / "blobs" / "unfinished").iterdir())
        assert board.blobs.bytes() == 3_000_000
        with pytest.raises(BoardError, match="not a file"):
            board.put(tmp_path / "none.mp4")
        with pytest.raises(BoardError, match="suffix"):
            board.put(b"x", "/../../etc")
        for bad in ("0" * 64, "../../etc/passwd", ""):
            with pytest.raises(BoardError, match="no blob"):
                board.blob_path(bad)
        assert board.problems() == []
        path.chmod(0o644)
        path.write_bytes(b"other")
        assert "has changed" in board.problems()[0]


def test_a_second_writer_is_told_who_and_since_when(tmp_path):
    with Board.open(tmp_path / "film") as board:
        board.apply(CreateNode(kind="brief", fields={"text": "a fox"}))
        script = "import sys; from rushes.board import Board; Board.open(sys.argv[1])"
        second = child(script, tmp_path / "film")
        assert second.returncode != 0
        message = second.stderr.strip().splitlines()[-1]
        assert "BoardBusy" in message and str(os.getpid()) in message and "since 20" in message
        with pytest.raises(BoardBusy, match="already open for writing in this process"):
            Board.open(tmp_path / "film")
        reader = child(
            "import sys; from rushes.board import Board; print(Board.open(sys.argv[1], writer=False).overview())",
            tmp_path / "film",
        )
        assert "a fox" in reader.stdout
    with Board.open(tmp_path / "film") as board:
        assert len(board.nodes("brief")) == 1


def test_the_lock_dies_with_its_process(tmp_path):
    script = """
import os, signal, sys
from rushes.board import Board, CreateNode
Board.open(sys.argv[1]).apply(CreateNode(kind="brief"))
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert child(script, tmp_path / "film").returncode == -9
    with Board.open(tmp_path / "film") as board:
        assert len(board.nodes("brief")) == 1


def test_a_reader_follows_the_writer_and_writes_nothing(tmp_path):
    with Board.open(tmp_path / "film") as board, Board.open(tmp_path / "film", writer=False) as reader:
        board.apply(CreateNode(kind="shot"))
        assert reader.last_entry == 1
        board.apply(SetFields(id="shot-1", fields={"text": "a fox"}))
        assert reader.node("shot-1").fields == {"text": "a fox"}
        for write in (
            lambda: reader.apply(CreateNode(kind="shot")),
            lambda: reader.undo(),
            lambda: reader.put(b"x"),
            lambda: reader.spend.set_cap(micro_usd=1),
        ):
            with pytest.raises(BoardError, match="reading only"):
                write()


def test_a_closed_board_says_so(tmp_path):
    board = Board.open(tmp_path / "film")
    board.close()
    board.close()
    with pytest.raises(BoardError, match="has been closed"):
        board.overview()


def test_a_transaction_that_fails_half_way_leaves_nothing(tmp_path):
    store = Store(tmp_path, create=True, writer=True)
    insert = "insert into blobs values (?, '.mp4', 1, 0.0)"
    with pytest.raises(BoardError, match="UNIQUE"), store.write() as db:
        db.execute(insert, ("a",))
        with store.write() as inner:
            inner.execute(insert, ("a",))
    with pytest.raises(KeyboardInterrupt), store.write() as db:
        db.execute(insert, ("b",))
        raise KeyboardInterrupt
    with store.write() as db:
        db.execute(insert, ("c",))
    assert [row["hash"] for row in store.read("select hash from blobs")] == ["c"]
    store.close()


def test_a_reader_of_what_a_maker_that_was_killed_at_once_left(tmp_path):
    """A rollback journal beside a database that never became a project: only a writer can put it right."""
    folder = tmp_path / "film"
    folder.mkdir()
    died = child(
        "import os, signal, sqlite3, sys\n"
        "database = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "database.execute('pragma cache_size=1')\n"  # the transaction spills into the file before its commit
        "database.execute('begin')\n"
        "database.execute('create table half (text)')\n"
        "database.executemany('insert into half values (?)', [('x' * 3000,)] * 100)\n"
        "os.kill(os.getpid(), signal.SIGKILL)",
        folder / "board.sqlite",
    )
    assert died.returncode == -9 and (folder / "board.sqlite-journal").stat().st_size > 0
    with pytest.raises(BoardError, match=r"no project at .* yet"):
        Board.open(folder, writer=False)
    with Board.open(folder) as board:
        board.apply(CreateNode(kind="note", fields={"text": "here"}))
    with Board.open(folder, writer=False) as reader:
        assert reader.problems() == [] and len(reader.changes()) == 1


def test_folders_that_are_no_project(tmp_path):
    with pytest.raises(BoardError, match="no project at") as error:
        Board.open(tmp_path / "none", create=False)
    one_line(error)
    with pytest.raises(BoardError, match="no project at"):
        Board.open(tmp_path / "none", writer=False)
    assert not (tmp_path / "none").exists()

    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(BoardError) as error:
        Board.open(tmp_path / "file")
    assert "choose a folder" in one_line(error)

    (tmp_path / "junk").mkdir()
    (tmp_path / "junk" / "board.sqlite").write_bytes(os.urandom(20_000))
    with pytest.raises(BoardError, match="damaged or not a project") as error:
        Board.open(tmp_path / "junk")
    one_line(error)


@pytest.mark.parametrize(("version", "hint"), [(99, "update rushes"), (0, "not one of ours")])
def test_another_schema_version(tmp_path, version, hint):
    Board.open(tmp_path / "film").close()
    with sqlite3.connect(tmp_path / "film" / "board.sqlite") as raw:
        raw.execute(f"pragma user_version={version}")
    raw.close()
    for writer in (True, False):
        with pytest.raises(BoardError, match=hint) as error:
            Board.open(tmp_path / "film", writer=writer)
        one_line(error)


AS_NOBODY = """
import os, sys
from rushes.board import Board, BoardError
if os.getuid() == 0:
    os.setuid(65534)  # root may write anywhere
reader = Board.open(sys.argv[1], writer=False)
print(reader.overview())
reader.close()
for folder in sys.argv[1:]:
    try:
        Board.open(folder)
    except BoardError as error:
        print("refused:", error)
"""


def test_a_folder_without_permission(tmp_path):
    Board.open(tmp_path / "film").close()
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder.name.startswith(("pytest", "test")):
            folder.chmod(0o755)
    (tmp_path / "film").chmod(0o555)
    (tmp_path / "closed").mkdir(mode=0o555)
    ended = child(AS_NOBODY, tmp_path / "film", tmp_path / "closed" / "new")
    lines = ended.stdout.splitlines()
    assert len(lines) == 3, ended.stderr
    assert lines[0].startswith("board at entry 0")
    assert all(line.startswith("refused: can't write") and "Permission denied" in line for line in lines[1:])


FULL = """
import os, resource, sys
from rushes.board import Board, BoardError, CreateNode
folder, limit = sys.argv[1], int(sys.argv[2])
board = Board.open(folder)
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
for number in range(2000):
    try:
        board.apply(CreateNode(kind="note", fields={"text": f"{number} " + "x" * 2000}))
    except BoardError as error:
        print("apply refused:", error)
        break
    print("kept", number, flush=True)
try:
    print("put", board.put(os.urandom(3_000_000), ".bin"))
except BoardError as error:
    print("put refused:", error)
def step(job):
    job.attach("video", os.urandom(3_000_000), ".mp4")
try:
    board.step("take", {}, step)
except BoardError as error:
    print("step refused:", error)
print(len(board.nodes("note")))
"""


def check_full(ended, folder):
    lines = ended.stdout.splitlines()
    assert ended.returncode == 0, ended.stderr
    kept = sum(line.startswith("kept") for line in lines)
    refused = [line for line in lines if "refused:" in line]
    assert [line.split(" refused")[0] for line in refused] == ["apply", "put", "step"], lines[-6:]
    assert kept > 10 and int(lines[-1]) == kept  # the board in the full process still reads
    assert not list(folder.rglob("*.mp4")) and not list((folder / "blobs").glob("unfinished/*"))
    return kept


def test_a_disk_that_is_full_loses_nothing(tmp_path):
    kept = check_full(child(FULL, tmp_path / "film", 1_000_000), tmp_path / "film")
    with Board.open(tmp_path / "film") as board:  # with room again, all goes on
        assert len(board.nodes("note")) == kept and board.problems() == []
        assert board.step("take", {}, lambda job: job.attach("video", b"x", ".mp4")).ran
        board.apply(CreateNode(kind="note"))


@pytest.fixture
def tiny_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a tmpfs needs root; the test with a file size limit stands in")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_tiny_disk_that_is_really_full_loses_nothing(tiny_disk):
    kept = check_full(child(FULL, tiny_disk / "film", 0), tiny_disk / "film")
    with pytest.raises(BoardError, match="can't write"):
        Board.open(tiny_disk / "another")
    with Board.open(tiny_disk / "film", writer=False) as reader:
        assert len(reader.nodes("note")) == kept and reader.problems() == []
