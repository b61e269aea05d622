"""Finds the line of a function that leaves something behind, where the code shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_SWITCHES = ("set_grad_enabled", "__enter__")


def with_trace(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on what is left behind with the one line that does it, if there is one."""
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if part is None or part.part.kind != "function":
        return remark
    does = _DOES.get(remark.code)
    lines = {
        (statement.cell, getattr(node, "lineno", 0))
        for statement in part.statements
        for node in walk(statement.node)
        if does is not None and does(node)
    }
    return replace(remark, culprit=lines.pop()) if len(lines) == 1 else remark


def _keeps(node: ast.AST) -> bool:
    return isinstance(node, (ast.Global, ast.Nonlocal))


def _switches(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).endswith(_SWITCHES)


_DOES = {"remembers_earlier_calls": _keeps, "gradients_stay_off": _switches}
