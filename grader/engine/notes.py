"""What a TA may want to know and no student is punished for."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.notebook.blanks import BlankState
from grader.notebook.locate import LocatedPart, neutralised
from grader.notebook.syntax import parse
from grader.report import Finding, Severity
from grader.words import filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.engine.submission import Submission

_RECENT = 64


def notes(submission: Submission, reference: Submission, assignment: Assignment) -> list[Finding]:
    """Return a note for every part whose code around the blanks is not the template's."""
    found = []
    for part in assignment.parts:
        mine, given = submission.parts.get(part.id), reference.parts.get(part.id)
        if mine is None or given is None:
            continue
        one, other = _around(mine, assignment), _around(given, assignment)
        if one is not None and one != other:
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


def _around(part: LocatedPart, assignment: Assignment) -> str | None:
    """Return the part's syntax tree with the blanks and all that only explains taken out."""
    answered = [site.number for site in part.blanks if site.state is not BlankState.ABSENT]
    whole = neutralised(part, assignment, answered)
    if whole is None:
        return None
    return _explained_away(whole.statements[0].source, whole.statements[0].pick)


@lru_cache(maxsize=_RECENT)  # the reference's is asked for with every notebook
def _explained_away(text: str, pick: int) -> str | None:
    tree = parse(text).body[pick]
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
