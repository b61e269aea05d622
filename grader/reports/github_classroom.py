"""Reports as the step output ``result`` that GitHub Classroom's reporter reads."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from grader import points
from grader.report import Status
from grader.reports.ci import powerless
from grader.reports.terminal import findings_text, headline
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import CheckResult, Report

_LONGEST = 2000  # characters of a test's message
# The reporter gets it as an environment variable, which Linux limits to 128 KiB.
_MOST_BYTES = 100_000


def to_output(reports: Sequence[Report], unread: Sequence[tuple[str, str]] = ()) -> str:
    """Return the result as one line of base64; ``unread`` notebooks make its status an error.

    The list of tests is always there, since the reporter fails without it. Messages are left out if
    all of them together would be too long.
    """
    encoded = _encode(_result(reports, unread, _LONGEST))
    return encoded if len(encoded) <= _MOST_BYTES else _encode(_result(reports, unread, 0))


def _result(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]], longest: int
) -> dict[str, Any]:
    broken = bool(unread) or any(report.internal_error for report in reports)
    passed = all(report.passed for report in reports)
    return {
        "version": 1,
        "status": "error" if broken else "pass" if passed else "fail",
        "max_score": sum(report.max_score for report in reports),
        "tests": [
            *(_test(report, check, longest) for report in reports for check in report.checks),
            *(_unread(path, reason, longest) for path, reason in unread),
        ],
    }


def _test(report: Report, check: CheckResult, longest: int) -> dict[str, Any]:
    return {
        "name": printable(check.title, 100),
        "status": _status(check),
        "score": check.score,
        "message": _message(f"{headline(check)}\n{findings_text(check)}", longest)
        if points.lost_points(check)
        else None,
        "test_code": "",
        "filename": _one_line(report.submission.path),
        "line_no": 0,  # the reporter would take a cell's line for the file's
        "duration": check.seconds or 0,
    }


def _unread(path: str, reason: str, longest: int) -> dict[str, Any]:
    return {
        "name": "notebook",
        "status": "error",
        "score": 0,
        "message": _message(reason, longest),
        "test_code": "",
        "filename": _one_line(path),
        "line_no": 0,
        "duration": 0,
    }


def _status(check: CheckResult) -> str:
    if check.status is Status.INTERNAL_ERROR:
        return "error"
    return "fail" if points.lost_points(check) else "pass"


def _message(text: str, longest: int) -> str:
    """Return a text that the reporter can print into its own step's log."""
    shown = printable(text.strip(), longest, keep_lines=True)
    return "\n".join(powerless(line) for line in shown.split("\n"))


def _one_line(path: str) -> str:
    return powerless(printable(path, 300))


def _encode(result: dict[str, Any]) -> str:
    return base64.b64encode(json.dumps(result).encode()).decode()
