"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import ast
import hashlib
from typing import TYPE_CHECKING

from grader.notebook.blanks import BlankState
from grader.notebook.locate import LocatedPart, neutralised
from grader.notebook.syntax import parse
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.submission import Submission


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return what was lent, and a note for every part changed around its blanks."""
    found = []
    if submission.lent:
        found.append(_imports_missing(submission.lent))
    for part in assignment.parts:
        mine, given = submission.parts.get(part.id), reference.parts.get(part.id)
        if mine is None or given is None:
            continue
        one, other = _around(mine, assignment), _around(given, assignment)
        if one is not None and one != other:
            found.append(_given_code_changed(mine, one))
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
