"""TensorBoard files of a run, made from its logs: afterwards, or while it trains, by another process.

Training writes `log.jsonl` and knows nothing of TensorBoard. Beside each event file lies `written.jsonl`, the rows that
are in it: a later call adds only what is new. Where a resumed run has written rows again, TensorBoard is told to forget
what it had from that step on.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rushes.training.curves import read_log


def write_events(run: Path, out: Path) -> int:
    """Add what is new in the logs of `run` to the event files in `out`, a folder for each stage; the rows added.

    Raises ValueError when the package tensorboard is missing, or when there is no log in `run`.
    """
    logs = sorted((*run.glob("log.jsonl"), *run.glob("*/log.jsonl")))
    if not logs:
        raise ValueError(f"there is no log.jsonl in {run} or in its stages; give the folder of a run")
    return sum(_write_stage(log, out / (log.parent.name if log.parent != run else "train")) for log in logs)


def _write_stage(log: Path, out: Path) -> int:
    rows = read_log(log)
    kept = out / "written.jsonl"
    written = read_log(kept)
    same = 0
    while same < min(len(rows), len(written)) and rows[same] == written[same]:
        same += 1
    if same == len(rows) and len(written) == len(rows):
        return 0
    begin = log.stat().st_mtime - rows[-1].get("seconds", 0.0) if rows else 0.0  # by the clock, about
    purge = written[same]["step"] if same < len(written) else None
    with _writer(out, purge) as writer:
        for row in rows[same:]:
            for key, value in row.items():
                if key != "step" and isinstance(value, int | float):
                    writer.add_scalar(key, value, row["step"], walltime=begin + row.get("seconds", 0.0))
    partial = kept.with_suffix(".partial")
    partial.write_text("".join(json.dumps(row) + "\n" for row in rows))
    partial.replace(kept)
    return len(rows) - same


def _writer(out: Path, purge: int | None) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ValueError(
            "TensorBoard files need the package tensorboard; install it with `pip install 'rushes[train]'`"
        ) from error
    return SummaryWriter(str(out), purge_step=purge)
