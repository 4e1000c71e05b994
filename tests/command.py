"""The command line, run in this process; imported by the tests of commands."""

from __future__ import annotations

import sys
from pathlib import Path

from rushes import cli


def rushes(*arguments: str | Path) -> int:
    """Runs the command as the console script does; its exit status."""
    given = sys.argv
    sys.argv = ["rushes", *(str(argument) for argument in arguments)]
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0)
    finally:
        sys.argv = given
    return 0
