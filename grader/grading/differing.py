"""Gives a remark the lines that differ from the solved notebook's, so that it points at these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.differences import differences
from grader.grading.submission import program_for
from grader.locate.answers import BLOCK

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission


def with_differences(
    remark: Remark, check: Check, submission: Submission, solved: SolvedNotebook
) -> Remark:
    """Return a remark that knows which answers, and which other lines, are right word for word."""
    right = frozenset(n for n in check.blanks if solved.is_written_right(n, submission))
    mine = program_for(submission, check, solved.assignment)
    given = program_for(solved.submission, check, solved.assignment)
    if mine is None or given is None:
        return replace(remark, spared=right)
    aside = []
    for number in right:
        site = submission.site(number)
        # An answer that is right in other words is no line of the solved notebook's.
        if site and site.statement and not solved.has_answer(number, submission):
            block = solved.assignment.blank(number).kind == BLOCK
            last = site.statement.end_line if block else site.statement.line
            aside += [(site.cell, line) for line in range(site.statement.line, last + 1)]
    found = differences(mine, given, solved.submission.code, aside)
    return replace(remark, spared=right, same=found.same, only=found.only, lacking=found.lacking)
