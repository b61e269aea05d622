"""Grades fill-in-the-blank PyTorch notebooks.

``grade(path)`` returns a ``Report``, the same that ``grade --json`` writes:

    >>> from grader import grade
    >>> report = grade("submission.ipynb", seed=7)
    >>> report.score, report.max_score
    (60.0, 100.0)
    >>> [check.id for check in report.checks if check.status != "passed"]
    ['eval_accuracy', 'step_order', 'learns']

``grade_class(path, assignment)`` yields everyone's, ``Grader`` grades many notebooks of one
assignment, and whatever a user can mend is a ``GraderError`` with a ``message`` and a ``hint``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError, GraderError, InternalError, NotebookError
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
    from IPython.core.interactiveshell import InteractiveShell

    from grader.batch.each import grade_class
    from grader.grading.grader import Grader
    from grader.grading.session import grade

__version__ = "0.1.0"
_MODULES = {
    "Grader": "grader.grading.grader",
    "grade": "grader.grading.session",
    "grade_class": "grader.batch.each",
}
__all__ = [
    "AssignmentError",
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
    "grade_class",
]


def __getattr__(name: str) -> Any:
    # Imported when it is asked for: a worker imports this package too, and does not grade.
    if name in _MODULES:
        return getattr(import_module(_MODULES[name]), name)
    raise AttributeError(name)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Add the magic ``%grade`` to a notebook; ``%load_ext grader`` calls this."""
    import_module("grader.jupyter.extension").load(shell)


def unload_ipython_extension(_shell: InteractiveShell) -> None:
    """Take it back; ``%unload_ext grader`` calls this."""
    import_module("grader.jupyter.extension").unload()
