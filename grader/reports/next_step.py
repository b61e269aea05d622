"""The report's last line: what whoever works on the notebook does next."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grader.points import lost_points
from grader.report import Severity, Status
from grader.reports.finding import place
from grader.reports.terminal_page import page_on

if TYPE_CHECKING:
    from rich.console import Console

    from grader.report import CheckResult, Report

_WAITS = "follows"  # the code of what another check has to put right
# What a person or the grader has to do is no work of the student's.
_NOT_THEIRS = frozenset({Status.INTERNAL_ERROR, Status.NEEDS_GRADING})


def next_step(report: Report, saved: float | None = None) -> str:
    """Return what to do next, in a sentence or two; ``saved`` is when the file was written.

    It is empty where the grader itself failed: the report says already that it has to be repeated.
    """
    if report.internal_error or not report.checks:
        return ""
    lost = [one for one in report.checks if lost_points(one) and one.status not in _NOT_THEIRS]
    if not lost:
        if not report.passed:
            return (
                "every check that runs here passed: hand the notebook in. A person grades the rest."
            )
        return "every check passed: hand the notebook in."
    if all(one.status is Status.NOT_ATTEMPTED for one in report.checks if one not in _open(report)):
        when = f", which was saved at {clock(saved)}" if saved is not None else ""
        return (
            f"every blank is empty in this file{when}. Did you save? If you filled them in, save "
            "the notebook (Ctrl+S) and grade it again; if not, begin with "
            f"{_called(lost[0])}."
        )
    first = next((one for one in lost if not _waits(one)), lost[0])
    called = _called(first)
    work = f"fill in {called}" if first.status is Status.NOT_ATTEMPTED else f"put {called} right"
    return f"{work}, save, and grade again."


def print_next_step(report: Report, console: Console, saved: float | None = None) -> None:
    """Print when the file was saved, and what to do next."""
    page = page_on(console)
    words = next_step(report, saved)
    if saved is not None and clock(saved) not in words:
        page.paragraph(f"graded as it was saved at {clock(saved)}", style="dim")
    if words:
        page.line()
        page.paragraph(words, "next: ")


def clock(moment: float) -> str:
    """Return a moment as the clock on the wall shows it: ``2026-12-01 09:30``."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def _open(report: Report) -> list[CheckResult]:
    return [one for one in report.checks if one.status in _NOT_THEIRS]


def _waits(check: CheckResult) -> bool:
    told = [one for one in check.findings if one.severity is not Severity.INFO]
    return bool(told) and all(one.code == _WAITS for one in told)


def _called(check: CheckResult) -> str:
    """Return a check's title, and the place of its first finding that has one."""
    where = next((place(one) for one in check.findings if place(one)), "")
    return f"{check.title} ({where})" if where else check.title
