"""The arrows between the rooms point one way: who may import what is read off the sources themselves."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "rushes"

MAY_IMPORT = {
    "media": set(),
    "backlot": {"media"},
    "model": set(),
    "diffusion": set(),
    "data": {"media", "backlot"},
    "training": {"media", "backlot", "model", "diffusion", "data"},
    "generate": {"media", "backlot", "model", "diffusion"},
    "world": {"media", "model", "diffusion"},
    "board": {"media"},
    "agent": {"media", "board", "backlot"},
    "studio": {"media", "backlot", "model", "diffusion", "data", "generate", "world", "board", "agent"},
    "recipes": {"media", "backlot", "model", "diffusion", "data", "training"},
    "desk": {"media", "backlot", "generate", "board", "agent"},
    "weights": set(),
}
ROOMS = [folder.name for folder in sorted(SOURCE.iterdir()) if folder.is_dir() and folder.name != "__pycache__"]


def imports(path: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in the file it does."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the full name"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


def rooms_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imports(path) if name.startswith("rushes.") and name.split(".")[1] in ROOMS}


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_what_it_may(room: str) -> None:
    for path in sorted((SOURCE / room).rglob("*.py")):
        forbidden = rooms_imported(path) - MAY_IMPORT[room] - {room}
        assert not forbidden, f"{path.relative_to(SOURCE)} imports {sorted(forbidden)}"


def test_agent_and_plain_backlot_do_not_know_torch() -> None:
    files = [*(SOURCE / "agent").rglob("*.py"), *(SOURCE / "backlot").glob("*.py"), *(SOURCE / "media").rglob("*.py")]
    for path in files:
        for name in imports(path):
            assert name.split(".")[0] != "torch", f"{path.relative_to(SOURCE)} imports torch"
            assert not name.startswith("rushes.backlot.draw"), f"{path.relative_to(SOURCE)} imports {name}"


def test_only_the_wiring_imports_cli() -> None:
    for path in SOURCE.rglob("*.py"):
        assert "rushes.cli" not in imports(path), f"{path.relative_to(SOURCE)} imports the command line"
