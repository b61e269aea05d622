"""Grades what was handed in to an autograder: a report, or why there is none.

What the student can mend ends in an outcome. Everything else is an exception, and an exception
never becomes points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.autograders.hand_in import find_hand_in
from grader.errors import InternalError, NotebookError
from grader.grading.grader import Grader
from grader.report import Status

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.autograders.hand_in import HandIn
    from grader.report import Report


@dataclass(frozen=True)
class HandInOutcome:
    """The report on the notebook that counts; without one ``reason`` says what is wrong with it."""

    report: Report | None
    hand_in: HandIn | None = None
    reason: str = ""


def grade_hand_in(folder: Path, assignment: Assignment, *, isolation: str) -> HandInOutcome:
    """Grade the one notebook in the folder.

    Raises ``InternalError`` where the grader itself fails, and ``GraderError`` for what the
    teacher has to mend.
    """
    try:
        hand_in = find_hand_in(folder, assignment)
        # Of a container's processors there may be half a one, and never a graphics processor.
        with Grader(assignment, device="cpu", isolation=isolation) as grader:
            report = grader.grade_notebook(hand_in.notebook, hand_in.path)
    except NotebookError as error:
        return HandInOutcome(None, reason=error.message)
    if report.internal_error:
        failed = [one.title for one in report.checks if one.status is Status.INTERNAL_ERROR]
        raise InternalError(f"no verdict on {', '.join(failed)}")
    return HandInOutcome(report, hand_in)
