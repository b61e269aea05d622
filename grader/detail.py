"""How much of a report a student is told: the points alone, also what is wrong, or the hints too.

Who grades always has everything.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from grader.report import CheckResult, Finding, Report

SCORE, HINT, FULL = DETAILS = ("score", "hint", "full")
# What says nothing of an answer: that points are open, and whose fault that is.
_OPEN = frozenset({Status.INTERNAL_ERROR, Status.NEEDS_GRADING})
_EMPTY = "nothing_written"  # who grades by hand has given its 0 points already


def told(report: Report, detail: str | None) -> Report:
    """Return a report as a student is to read it; no status and no points change.

    ``score`` leaves each check's status and points, ``hint`` also what was seen and where, without
    what leads to the answer: hints, reasons and expected values. Notes stay only with findings.
    """
    if detail in (None, FULL):
        return report
    checks = tuple(replace(check, findings=_findings(check, detail)) for check in report.checks)
    notes = () if detail == SCORE else tuple(map(_without_hint, report.notes))
    return replace(report, checks=checks, notes=notes)


def _findings(check: CheckResult, detail: str | None) -> tuple[Finding, ...]:
    if check.status in _OPEN:
        return check.findings
    if detail == SCORE:
        return tuple(one for one in check.findings if one.code == _EMPTY)
    return tuple(map(_without_hint, check.findings))


def _without_hint(finding: Finding) -> Finding:
    return replace(finding, hint=None, why=None, expected=None)
