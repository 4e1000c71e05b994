"""The board: the one document of a film project, with its log, undo, jobs, spend and files."""

from .blobs import Blobs
from .board import Board, Conflict, replay
from .jobs import AmbiguousJob, Job, JobFailed, JobInfo, Jobs, NotSubmitted, OrderFailed, StepResult
from .log import Receipt
from .operations import (
    AttachBlob,
    Connect,
    CreateNode,
    DetachBlob,
    Disconnect,
    MoveNode,
    Operation,
    RemoveNode,
    SetFields,
    parse_operation,
)
from .reads import Document, Node
from .schema import KINDS, RELATIONS, field_names
from .spend import MICRO, Cap, Estimate, OverBudget, Spend, Totals, usd
from .state import Entry
from .store import BoardBusy, BoardError
from .view import describe

__all__ = [
    "KINDS",
    "MICRO",
    "RELATIONS",
    "AmbiguousJob",
    "AttachBlob",
    "Blobs",
    "Board",
    "BoardBusy",
    "BoardError",
    "Cap",
    "Conflict",
    "Connect",
    "CreateNode",
    "DetachBlob",
    "Disconnect",
    "Document",
    "Entry",
    "Estimate",
    "Job",
    "JobFailed",
    "JobInfo",
    "Jobs",
    "MoveNode",
    "Node",
    "NotSubmitted",
    "Operation",
    "OrderFailed",
    "OverBudget",
    "Receipt",
    "RemoveNode",
    "SetFields",
    "Spend",
    "StepResult",
    "Totals",
    "describe",
    "field_names",
    "parse_operation",
    "replay",
    "usd",
]
