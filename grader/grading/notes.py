"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.grading.construction import making
from grader.grading.given_code import around
from grader.grading.introspection import reaches_in
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.assignment import Assignment
    from grader.grading.construction import Making
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart


_MOST = 5  # names that are told; one would do for a person to look


@dataclass(frozen=True)
class Given:
    """The code around the blanks by part, and how the given things are made, by role."""

    around: Mapping[str, str | None]
    made: Mapping[str, Making | None]


def given_in(submission: Submission, assignment: Assignment) -> Given:
    """Return what a notebook has of the code that it was given."""
    parts = submission.parts.items()
    return Given(
        around={name: around(part, assignment) for name, part in parts},
        made={role.id: making(submission, role) for role in assignment.roles if role.title},
    )


def notes(submission: Submission, given: Given, assignment: Assignment) -> list[Finding]:
    """Return what was lent and what reaches in, and a note for each part changed around its blanks.

    And one for every given thing, such as the optimizer, that is made in another way. ``given`` is
    what the reference has.
    """
    found = []
    own = given_in(submission, assignment)
    if reaching := reaches_in(submission):
        found.append(_reaches_in(reaching))
    if submission.lent:
        found.append(_imports_missing(submission.lent))
    for part in assignment.parts:
        code = own.around.get(part.id)
        if code is not None and part.id in given.around and code != given.around[part.id]:
            found.append(_given_code_changed(submission.parts[part.id], code))
    for role in assignment.roles:
        made, wanted = own.made.get(role.id), given.made.get(role.id)
        if made and wanted and made.plain != wanted.plain:
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


def _reaches_in(names: list[tuple[str, int, int]]) -> Finding:
    """Return the note for a person to look at; it stands where the first of the names does."""
    told = ", ".join(f"{name} (cell {cell}, line {line})" for name, cell, line in names[:_MOST])
    return Finding(
        code="reaches_in",
        severity=Severity.WARNING,
        blank=None,
        cell=names[0][1],
        line=names[0][2],
        message=filled(words_for("reaches_in").message, {"names": told}),
        got=told,
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
