"""Finds the line that gives the name of a function another value, where that is then called."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_NO_CALL = "is not callable"


def with_replaced(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on what cannot be called with the line that put it in a function's place."""
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if part is None or part.part.kind != "function" or remark.code != "raises":
        return remark
    if remark.error is None or _NO_CALL not in remark.error["message"]:
        return remark
    name = part.name
    own = max(statement.order for statement in part.statements)
    for statement in submission.code.binders.get(name, ()):
        calls = isinstance(statement.node, ast.Assign) and any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
            for node in walk(statement.node.value)
        )
        if calls and statement.order > own:
            facts = {**remark.facts, "name": quoted(name)}
            at = (statement.cell, statement.node.lineno)
            return replace(remark, code="function_replaced", culprit=at, facts=facts)
    return remark
