"""Short forms of statuses and points: one word, a short number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.report import Severity, Status

if TYPE_CHECKING:
    from grader.report import CheckResult, Finding

# Capitals for a wrong answer and for a fault of the grader's own.
MARKS = {
    Status.PASSED: "ok",
    Status.PARTIAL: "part",
    Status.FAILED: "FAIL",
    Status.NOT_ATTEMPTED: "blank",
    Status.ERROR: "error",
    Status.TIMEOUT: "time",
    Status.OUT_OF_MEMORY: "memory",
    Status.CRASHED: "crash",
    Status.NEEDS_GRADING: "hand",
    Status.INTERNAL_ERROR: "GRADER",
}

# For a check without findings.
SUMMARIES = {
    Status.NOT_ATTEMPTED: "nothing is filled in here",
    Status.ERROR: "your code raised an exception",
    Status.TIMEOUT: "your code ran too long",
    Status.OUT_OF_MEMORY: "your code asked for too much memory",
    Status.CRASHED: "Python crashed while it ran your code",
    Status.NEEDS_GRADING: "graded by a person",
    Status.INTERNAL_ERROR: "the grader failed, not your code",
}

_WORST_FIRST = tuple(Severity)


def points(value: float) -> str:
    """Return points without trailing zeros: 20, 13.33, 2.5."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def share(count: int, total: int) -> str:
    """Return a share in whole per cent; only none is 0 % and only all is 100 %."""
    if not total:
        return "-"
    per_cent = 100 * count / total
    if 0 < per_cent < 1:
        return "<1 %"
    if 99 < per_cent < 100:
        return ">99 %"
    return f"{per_cent:.0f} %"


def worst_first(check: CheckResult) -> list[Finding]:
    """Return a check's findings, the most severe first, otherwise in the judge's order."""
    return sorted(check.findings, key=lambda finding: _WORST_FIRST.index(finding.severity))


def summary(check: CheckResult) -> str:
    """Return the few words beside a check's title, none if it simply passed."""
    findings = worst_first(check)
    if findings:
        return findings[0].summary or findings[0].message
    return SUMMARIES.get(check.status, "")


def lost_points(check: CheckResult) -> bool:
    """Whether a check lost points or did not pass."""
    return check.status is not Status.PASSED or check.score < check.max_score
