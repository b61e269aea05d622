"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.engine.making import making
from grader.notebook.blanks import BlankState
from grader.notebook.locate import LocatedPart, neutralised
from grader.notebook.syntax import parse
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.making import Making
    from grader.engine.submission import Submission


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return a note for every part whose code around the blanks is not the template's.

    And one for every given thing, such as the optimizer, that is made in another way.
    """
    found = []
    for part in assignment.parts:
        mine, given = submission.parts.get(part.id), reference.parts.get(part.id)
        if mine is None or given is None:
            continue
        one, other = _around(mine, assignment), _around(given, assignment)
        if one is not None and one != other:
            found.append(_note("given_code_changed", mine, title=part.title))
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


def _note(code: str, part: LocatedPart, **facts: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.INFO,
        blank=None,
        cell=part.cell,
        line=part.first,
        message=filled(words_for(code).message, facts),
    )


def _around(part: LocatedPart, assignment: Assignment) -> str | None:
    """Return the part's syntax tree with the blanks and all that only explains taken out."""
    answered = [site.number for site in part.blanks if site.state is not BlankState.ABSENT]
    whole = neutralised(part, assignment, answered)
    if whole is None:
        return None
    tree = parse(whole.statements[0].source).body[whole.statements[0].pick]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [line for line in body if not _says_nothing(line)]  # type: ignore[attr-defined]
    try:
        return ast.dump(tree)
    except RecursionError:
        return None


def _says_nothing(node: ast.stmt) -> bool:
    """Whether a statement is a ``pass``, a docstring or a print."""
    if isinstance(node, ast.Pass):
        return True
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "print"
    return isinstance(value, ast.Constant)
