"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from grader.engine.given import around
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.submission import Submission
    from grader.notebook.locate import LocatedPart


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return what was lent, and a note for every part changed around its blanks."""
    found = []
    if submission.lent:
        found.append(_imports_missing(submission.lent))
    for part in assignment.parts:
        mine, given = submission.parts.get(part.id), reference.parts.get(part.id)
        if mine is None or given is None:
            continue
        code = around(mine, assignment)
        if code is not None and code != around(given, assignment):
            found.append(_given_code_changed(mine, code))
    return found


def _imports_missing(names: tuple[str, ...]) -> Finding:
    words = words_for("imports_missing")
    return Finding(
        code="imports_missing",
        severity=Severity.WARNING,
        blank=None,
        cell=None,
        line=None,
        message=filled(words.message, {"names": ", ".join(names)}),
        hint=words.hint,
    )


def _given_code_changed(part: LocatedPart, code: str) -> Finding:
    return Finding(
        code="given_code_changed",
        severity=Severity.INFO,
        blank=None,
        cell=part.cell,
        line=part.first,
        message=filled(words_for("given_code_changed").message, {"title": part.part.title}),
        # Whose code around the blanks is the same has the same here.
        got=hashlib.sha256(code.encode()).hexdigest()[:12],
    )
