"""A check and its findings as plain text, as they stand on the terminal: for other formats."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console

from grader import points
from grader.reports.terminal import print_findings
from grader.reports.terminal_page import page_on
from grader.text import printable

if TYPE_CHECKING:
    from grader.report import CheckResult, Report

_WIDTH = 92


def headline(check: CheckResult) -> str:
    """Return a check's points and the few words about it: "0 / 20: gradients are never cleared"."""
    words = summary_line(check)
    return f"{points_line(check)}: {words}" if words else points_line(check)


def points_line(graded: CheckResult | Report) -> str:
    """Return the points that were got, and those there are: "13.33 / 20"."""
    return f"{points.points(graded.score)} / {points.points(graded.max_score)}"


def summary_line(check: CheckResult) -> str:
    """Return the few words about a check that stand beside its title, none if it just passed."""
    return printable(points.summary(check), 200)


def findings_text(check: CheckResult) -> str:
    """Return what a check found: places, lines, words and hints; empty when nothing is to say.

    What a student wrote is in it, printable and without terminal commands, but not escaped for
    any markup.
    """
    console = Console(
        file=StringIO(), width=_WIDTH, color_system=None, markup=False, emoji=False, highlight=False
    )
    print_findings(page_on(console), check, set())
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().strip("\n")
