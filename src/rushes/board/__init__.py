"""The board: the one document of a film project, with its log, undo, jobs, spend and files."""

from rushes.board.blobs import Blobs
from rushes.board.board import Board, Conflict, replay
from rushes.board.jobs import AmbiguousJob, Job, JobFailed, JobInfo, Jobs, NotSubmitted, OrderFailed, StepResult
from rushes.board.log import Receipt
from rushes.board.operations import (
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
from rushes.board.reads import Document, Node
from rushes.board.schema import KINDS, RELATIONS, field_names
from rushes.board.spend import MICRO, Cap, Estimate, OverBudget, Spend, Totals, usd
from rushes.board.state import Entry
from rushes.board.store import BoardBusy, BoardError
from rushes.board.view import describe

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
