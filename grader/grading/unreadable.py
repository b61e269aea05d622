"""What of a submission is no Python, to this version of it or to any."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.grading.verdict import NOT_FILLED
from grader.locate.sites import BlankState
from grader.notebook.magics import to_python
from grader.notebook.newer_syntax import LATER
from grader.report import Severity
from grader.sandbox.newer_python import newer_that_reads

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Facts
    from grader.grading.submission import Submission
    from grader.locate.texts import SyntaxProblem


def needed_python(submission: Submission, check: Check, python: str | None) -> Remark | None:
    """Return the remark on text that only a newer Python reads, if a check's parts hold such text.

    ``python`` is the interpreter to ask, else those along PATH are asked. Which one grades is no
    fault of the student's.
    """
    parts = [submission.parts[name] for name in check.parts if name in submission.parts]
    unread = {
        site.cell: site.problem
        for part in parts
        for site in part.blanks
        if site.state is BlankState.SYNTAX_ERROR
    }
    own = submission.notebook.python
    for cell, problem in sorted(unread.items()):
        source = to_python(submission.code.cells.get(cell, ""))
        version = newer_that_reads(source, own, python)
        since = LATER.get(problem.message, own) if problem is not None else own
        if version is None and own is not None and since is not None and since < own:
            version = ".".join(map(str, own))
        if version is not None:
            facts: Facts = {"version": version, "ours": _ours(), "cell": cell}
            return Remark("needs_newer_python", Severity.ERROR, facts=facts)
    return None


def unusable(submission: Submission, check: Check) -> list[Remark]:
    """Return a remark for each blank of a check that is empty or is no Python."""
    for part_id in check.parts:
        located = submission.parts.get(part_id)
        if located is not None and located.problem is not None:
            # A part that cannot be read at all has one error, not one a blank.
            return [_no_python(located.problem, None)]
    remarks = []
    for number in check.blanks:
        site = submission.site(number)
        if site is None:
            continue
        if number in submission.unreadable(check) and site.problem is not None:
            remarks.append(_no_python(site.problem, number))
        elif number in submission.empty(check):
            remarks.append(Remark(NOT_FILLED, Severity.ERROR, number))
    return remarks


def _no_python(problem: SyntaxProblem, blank: int | None) -> Remark:
    """Return the remark on text that does not parse; a later version of Python may accept it."""
    facts = {"text": problem.message, "version": _ours()}
    return Remark("syntax_error", Severity.ERROR, blank, facts)


def _ours() -> str:
    return ".".join(platform.python_version_tuple()[:2])
