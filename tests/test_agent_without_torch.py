"""The agent plans and directs in a process that has no torch."""

import subprocess
import sys
from pathlib import Path

import rushes.agent

PROGRAM = """
import importlib, sys

class NoTorch:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "einops") or name.startswith(("rushes.generate", "rushes.backlot.draw")):
            raise ImportError(f"{name} is blocked in this test")

sys.meta_path.insert(0, NoTorch())
for name in sys.argv[1:]:
    importlib.import_module(name)
from rushes.agent.planner import plan
assert plan("a fox runs in the snow", seconds=4).frames == 96
assert "torch" not in sys.modules
print("planned")
"""


def test_the_agent_needs_no_torch():
    folder = Path(rushes.agent.__file__).parent
    modules = [f"rushes.agent.{path.stem}" for path in sorted(folder.glob("*.py")) if path.stem != "__init__"]
    assert "rushes.agent.film" in modules
    done = subprocess.run([sys.executable, "-c", PROGRAM, *modules], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "planned"
