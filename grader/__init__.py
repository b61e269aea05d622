"""Grades fill-in-the-blank PyTorch notebooks.

``grade(path)`` returns a ``Report``, the same that ``grade --json`` writes.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError, InternalError, NotebookError
from grader.report import (
    CheckResult,
    Environment,
    Finding,
    Report,
    Severity,
    Status,
    SubmissionInfo,
)

if TYPE_CHECKING:
    from grader.grading.grader import Grader, grade

__version__ = "0.1.0"
__all__ = [
    "CheckResult",
    "Environment",
    "Finding",
    "Grader",
    "GraderError",
    "InternalError",
    "NotebookError",
    "Report",
    "Severity",
    "Status",
    "SubmissionInfo",
    "grade",
]


def __getattr__(name: str) -> Any:
    # A worker imports this package too, and needs none of the engine.
    if name in ("Grader", "grade"):
        return getattr(import_module("grader.grading.grader"), name)
    raise AttributeError(name)
