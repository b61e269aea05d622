"""Grades one notebook at every save: the workers stay warm, and the report replaces the last."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from grader.cli.console import report_console, writing
from grader.cli.grade import RunOutcome, grade_path, opened, status
from grader.cli.process import StoppedError
from grader.detail import told
from grader.points import points
from grader.reports.notebook_output import erasable
from grader.reports.terminal import print_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.cli.given import Arguments
    from grader.report import Report

_LOOK_SECONDS = 0.25
_CLEAR = "\x1b[2J\x1b[3J\x1b[H"


def watch(arguments: Arguments) -> int:
    """Grade at once and after each save, until Ctrl+C; return the status of the last grading."""
    path = arguments.paths[0]
    last: Report | None = None
    outcome = RunOutcome()
    with opened(arguments) as session:
        try:
            for number, _ in enumerate(saves(path)):
                outcome = RunOutcome()
                report = grade_path(session, path, "", outcome)
                report = report and told(report, arguments.batch.detail)
                outcome.reports += [] if report is None else [report]
                with writing():
                    _show(report, last, again=number > 0)
                last = report or last
        except KeyboardInterrupt as stopped:
            if isinstance(stopped, StoppedError):
                raise
    return status(outcome, several=False)


def saves(path: str) -> Iterator[tuple[int, int]]:
    """Yield at once, and whenever the file was written and has come to rest.

    What is yielded tells the file's states apart. Editors replace the file or write it in pieces.
    """
    graded = _state(path)
    yield graded
    while True:
        time.sleep(_LOOK_SECONDS)
        now = _state(path)
        if now not in {graded, _GONE}:
            time.sleep(_LOOK_SECONDS)
            if now == _state(path):
                graded = now
                yield now


_GONE = (-1, -1)


def _state(path: str) -> tuple[int, int]:
    try:
        found = os.stat(path)  # noqa: PTH116 - a path of any text
    except OSError:
        return _GONE
    return found.st_mtime_ns, found.st_size


def _show(report: Report | None, before: Report | None, *, again: bool) -> None:
    """Print a report in the place of the one before it, and by how much the points changed."""
    console = report_console()
    if report is not None:
        if again and erasable(sys.stdout):
            sys.stdout.write(_CLEAR)
        print_report(report, console)
        if before is not None:
            console.print(f"\nsince the last save: {_changes(before, report)}")
    console.print("\nwatching: save the notebook to grade it again, Ctrl+C ends")


def _changes(before: Report, now: Report) -> str:
    scores = {check.id: check.score for check in before.checks}
    changed = [
        f"{check.title} {points(scores[check.id])} -> {points(check.score)}"
        for check in now.checks
        if check.id in scores and scores[check.id] != check.score
    ]
    return ", ".join(changed) or "the same points"
