"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.engine.given import is_given
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.submission import Submission
    from grader.notebook.locate import LocatedPart


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return a note for every part whose code around the blanks is not the template's."""
    found = []
    for part in assignment.parts:
        mine, given = submission.parts.get(part.id), reference.parts.get(part.id)
        if mine is None or given is None:
            continue
        if is_given(mine, given, assignment) is False:
            found.append(_note("given_code_changed", mine, title=part.title))
    return found


def _note(code: str, part: LocatedPart, **facts: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.INFO,
        blank=None,
        cell=part.cell,
        line=part.first,
        message=filled(words_for(code).message, facts),
    )
