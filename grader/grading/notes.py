"""Notes for a TA, which cost the student no points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from grader import quoting
from grader.grading.construction import construction
from grader.grading.given_code import around
from grader.grading.introspection import reaches_in
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.assignment import Assignment
    from grader.grading.construction import Construction
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart
    from grader.notebook.read import Notebook


_MOST = 5  # names in a note; one is enough for a person to look


@dataclass(frozen=True)
class Given:
    """Digests of the code around the blanks by part, and what makes the given objects, by role."""

    around: Mapping[str, str | None]
    made: Mapping[str, Construction | None]


def given_in(submission: Submission, assignment: Assignment) -> Given:
    """Return the given code as a notebook has it."""
    parts = submission.parts.items()
    return Given(
        around={name: around(part, assignment) for name, part in parts},
        made={role.id: construction(submission, role) for role in assignment.roles if role.title},
    )


def notes(submission: Submission, given: Given, assignment: Assignment) -> list[Finding]:
    """Return the notes on a submission; ``given`` is the code that the solved notebook has.

    A note never costs a grade: there is none where the code cannot be written out again.
    """
    try:
        found = _notes(submission, given, assignment)
    except (RecursionError, SyntaxError, ValueError):
        return []
    return [replace(one, cell_line=submission.notebook.line_of(one.cell)) for one in found]


def _notes(submission: Submission, given: Given, assignment: Assignment) -> list[Finding]:
    """Return the notes.

    One is on code that reaches into the grader, one on imports that were added, one on each cell
    magic below a comment, one on each part changed around its blanks and one on each given object,
    such as the optimizer, that is made in another way.
    """
    found = []
    own = given_in(submission, assignment)
    if reaching := reaches_in(submission):
        found.append(_reaches_in(reaching, submission.notebook))
    if submission.lent:
        found.append(_imports_missing(submission.lent))
    found += _below_a_comment(submission)
    for part in assignment.parts:
        code = own.around.get(part.id)
        if code is None or part.id not in given.around or code == given.around[part.id]:
            continue
        # An answer of a form that nobody foresaw is no change around it.
        mine = submission.parts[part.id]
        if around(mine, assignment, with_absent=True) != given.around[part.id]:
            found.append(_given_code_changed(mine, code))
    for role in assignment.roles:
        made, wanted = own.made.get(role.id), given.made.get(role.id)
        if made and wanted and made.plain != wanted.plain:
            found.append(_made_otherwise(role.title, made, wanted))
    return found


def _made_otherwise(title: str, made: Construction, wanted: Construction) -> Finding:
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


def _reaches_in(names: list[tuple[str, int, int]], notebook: Notebook) -> Finding:
    """Return the note on names that no homework needs, placed at the first of them."""
    places = [(quoting.file_name(name, 60), cell, line) for name, cell, line in names[:_MOST]]
    told = ", ".join(f"{name} ({notebook.place(cell, line)})" for name, cell, line in places)
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


def _below_a_comment(submission: Submission) -> list[Finding]:
    """Return a note on each part's cell that begins with a comment and a cell magic below it."""
    found = []
    for cell in sorted({part.cell for part in submission.parts.values()}):
        lines = list(enumerate(submission.code.lines(cell), start=1))
        filled_lines = [(number, line) for number, line in lines if line.strip()]
        head = list(takewhile(lambda pair: pair[1].startswith("#"), filled_lines))
        number, line = filled_lines[len(head)] if len(head) < len(filled_lines) else (0, "")
        if head and line.startswith("%%"):
            words, magic = words_for("magic_below_comment"), quoting.quoted(line.split()[0])
            found.append(
                Finding(
                    code="magic_below_comment",
                    severity=Severity.WARNING,
                    blank=None,
                    cell=cell,
                    line=number,
                    message=filled(words.message, {"magic": magic}),
                    hint=words.hint,
                )
            )
    return found


def _given_code_changed(part: LocatedPart, code: str) -> Finding:
    return Finding(
        code="given_code_changed",
        severity=Severity.INFO,
        blank=None,
        cell=part.cell,
        line=part.first,
        message=filled(words_for("given_code_changed").message, {"title": part.part.title}),
        # Submissions with the same code around the blanks have the same digest.
        got=code[:12],
    )
