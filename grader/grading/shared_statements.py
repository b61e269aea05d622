"""Blanks that spoil each other's results: in one statement, or where one uses the other's value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of
from grader.locate.answers import BLOCK
from grader.locate.slots import is_expression
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission


def at_fault(
    remark: Remark, check: Check, submission: Submission, solved: SolvedNotebook
) -> Remark:
    """Return a remark on an answer that is right with the one that spoils it, if there is one.

    A check notices a statement's result under one of its blanks, and what a wrong answer makes
    where a later line uses it: the last one before that is to blame.
    """
    if remark.blank is None or remark.error is not None:
        return remark
    if not any(_is_of_these(number, solved) for number in check.blanks):
        return remark
    if not solved.is_written_right(remark.blank, submission):
        return remark
    doubtful = [
        number
        for number in check.blanks
        if number != remark.blank and not solved.is_written_right(number, submission)
    ]
    shared = [n for n in doubtful if _share(n, remark.blank, submission)]
    before = [n for n in doubtful if n < remark.blank]
    blamed = (shared or before or doubtful)[-1:]
    return replace(remark, blank=blamed[0]) if blamed else remark


def out_of_sight(
    remarks: Iterable[Remark], check: Check, submission: Submission, solved: SolvedNotebook
) -> set[int]:
    """Return the blanks of which nothing was seen, because another one spoils their statement.

    An answer that is right word for word is right all the same.
    """
    place = kind_of(check).place
    found: set[int] = set()
    for remark in remarks:
        if remark.severity is not Severity.ERROR or remark.blank is None:
            continue
        found |= {
            number
            for number in check.blanks
            if number != remark.blank
            and place(check, number) is None
            and _share(number, remark.blank, submission)
            and solved.assignment.blank(number).kind == "expression"
            and _is_of_these(number, solved)
            and not solved.is_written_right(number, submission)
        }
    return found


def _is_of_these(number: int, solved: SolvedNotebook) -> bool:
    """Whether a blank is a block, or one of several in a statement."""
    blank = solved.assignment.blank(number)
    return blank.kind == BLOCK or (blank.kind == "expression" and is_expression(blank.neutral))


def _share(one: int, other: int, submission: Submission) -> bool:
    sites = [submission.site(number) for number in (one, other)]
    places = [(site.cell, site.statement) for site in sites if site is not None and site.statement]
    return len(places) == len(sites) and places[0] == places[1]
