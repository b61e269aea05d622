"""Finds what only the stand-in for a notebook's own evaluation makes fail."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, walk
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_SEVERAL = (ast.Tuple, ast.List, ast.Dict, ast.Set)


def fails_by_the_stand_in(remark: Remark, submission: Submission) -> bool:
    """Whether an exception after the training is no fault of the loop that raised it.

    The judge's own evaluation returns one number. A loop that takes several values from a function
    of the notebook's, which does return several, fails only here.
    """
    frames = remark.error["frames"] if remark.error else []
    if not frames or remark.severity is not Severity.WARNING:
        return False
    cell, line = frames[-1]
    names = set(_returning_several(submission))
    return any(
        statement.cell == cell and node.lineno <= line <= (node.end_lineno or line)
        for part in submission.parts.values()
        for statement in part.statements
        for node in walk(statement.node)
        if isinstance(node, ast.Call) and dotted(node.func) in names
    )


def _returning_several(submission: Submission) -> Iterator[str]:
    """Yield the names of the parts' functions that return several values."""
    for part in submission.parts.values():
        for statement in part.statements if part.part.kind == "function" else ():
            returns = (n for n in walk(statement.node) if isinstance(n, ast.Return))
            if isinstance(statement.node, FUNCTIONS) and any(
                isinstance(node.value, _SEVERAL) for node in returns
            ):
                yield statement.node.name
