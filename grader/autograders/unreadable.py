"""The report on what is no notebook that can be graded: no points for any check, and why."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of
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
    from grader.assignment import Assignment
    from grader.assignment.model import Check


def unreadable_report(assignment: Assignment, path: str, reason: str) -> Report:
    """Return the report, with the reason as its one note; what a person grades stays open."""
    why = Finding(
        *("unreadable", Severity.ERROR, None, None, None, reason),
        summary="there is no notebook that could be graded",
    )
    checks = tuple(_check(check, why) for check in assignment.checks)
    return Report(
        assignment=assignment.id,
        title=assignment.title,
        submission=SubmissionInfo(path, None),
        environment=Environment(platform.python_version(), None, None, None, None, None, None),
        score=0.0,
        max_score=sum(check.max_score for check in checks),
        checks=checks,
        notes=(why,),
    )


def _check(check: Check, why: Finding) -> CheckResult:
    status = Status.NEEDS_GRADING if kind_of(check).by_hand else Status.ERROR
    return CheckResult(check.id, check.title, status, 0.0, check.points, None, (why,))
