"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from grader.engine.given import around
from grader.engine.making import making
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.making import Making
    from grader.engine.submission import Submission
    from grader.notebook.locate import LocatedPart


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return what was lent, and a note for every part changed around its blanks.

    And one for every given thing, such as the optimizer, that is made in another way.
    """
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
    for role in assignment.roles:
        made, wanted = making(submission, role), making(reference, role)
        if role.title and made and wanted and made.plain != wanted.plain:
            found.append(_made_otherwise(role.title, made, wanted))
    return found


def _made_otherwise(title: str, made: Making, wanted: Making) -> Finding:
    words = words_for("made_otherwise").message
    return Finding(
        code="made_otherwise",
        severity=Severity.INFO,
        blank=None,
        cell=made.cell,
        line=made.line,
        message=filled(words, {"title": title, "got": made.text, "wanted": wanted.text}),
        got=made.text,
        expected=wanted.text,
    )


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
