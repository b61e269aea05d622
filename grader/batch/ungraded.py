"""Reports on notebooks that could not be graded, so that every submission has its report."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

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
    from grader.classroom import Attempt
    from grader.errors import GraderError
    from grader.grading.grader import Grader


def unread_report(attempt: Attempt, sha256: str, error: GraderError, grader: Grader) -> Report:
    """Return the report on a file that could not be read, with the reason as its one note."""
    why = Finding(
        code="unreadable",
        severity=Severity.ERROR,
        blank=None,
        cell=None,
        line=None,
        message=error.message,
        hint=error.hint,
    )
    return _report(attempt, sha256, Status.ERROR, why, grader)


def failed_report(attempt: Attempt, sha256: str, error: Exception, grader: Grader) -> Report:
    """Return the report on a notebook on which the grader itself failed."""
    why = Finding(
        code="internal",
        severity=Severity.ERROR,
        blank=None,
        cell=None,
        line=None,
        message=f"The grader itself failed: {type(error).__name__}: {error}"[:500],
        hint="This costs no points: grade it again, and report it if it stays.",
    )
    return _report(attempt, sha256, Status.INTERNAL_ERROR, why, grader)


def _report(attempt: Attempt, sha256: str, status: Status, why: Finding, grader: Grader) -> Report:
    checks = tuple(
        CheckResult(check.id, check.title, status, 0.0, check.points, None)
        for check in grader.assignment.checks
    )
    return Report(
        assignment=grader.assignment.id,
        title=grader.assignment.title,
        submission=SubmissionInfo(attempt.origin, sha256 or None, attempt.student.id),
        environment=Environment(
            python=platform.python_version(),
            torch=None,
            device=None,
            threads=None,
            seed=grader.seed,
            dataset=grader.dataset,
            isolation=grader.isolation,
        ),
        score=0.0,
        max_score=sum(check.max_score for check in checks),
        checks=checks,
        notes=(why,),
    )
