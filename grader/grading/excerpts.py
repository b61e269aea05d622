"""Shows a few lines of a notebook's cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.report import SourceLine

if TYPE_CHECKING:
    from grader.grading.submission import Submission

_MOST_LINES = 7
_LINE = 400


def text_of(submission: Submission, cell: int, line: int) -> str:
    """Return a line of a cell, counted from 1; an empty text for one that is not there."""
    lines = submission.code.lines(cell)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def lines_of(submission: Submission, cell: int, first: int, last: int) -> tuple[SourceLine, ...]:
    """Return a few lines of a cell, without blank ones at either end; long ones are cut."""
    total = len(submission.code.lines(cell))
    numbers = range(max(first, 1), min(last, total, max(first, 1) + _MOST_LINES - 1) + 1)
    lines = [SourceLine(n, text_of(submission, cell, n)[:_LINE]) for n in numbers]
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    return tuple(lines)
