"""Finds the line of a function that leads to what was observed, where the code shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

_SWITCHES = ("set_grad_enabled", "__enter__")
_KINDS = frozenset({"half", "double", "bfloat16", "float", "to", "type"})
_LEARNING = frozenset({"requires_grad_", "requires_grad"})


def with_trace(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on a function with the one line that does it, if there is one."""
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if part is None or part.part.kind != "function":
        return remark
    does = _DOES.get(remark.code) or _counting(remark, part) or _changes(remark, part)
    lines = {
        (statement.cell, getattr(node, "lineno", 0))
        for statement in part.statements
        for node in walk(statement.node)
        if does is not None and does(node)
    }
    return replace(remark, culprit=lines.pop()) if len(lines) == 1 else remark


def _changes(remark: Remark, part: LocatedPart) -> Callable[[ast.AST], bool] | None:
    """Return what tells a line that changes how a model's parameters are, if the remark is of it.

    The model is one of the function's own arguments, or what such a line loops over.
    """
    if remark.code != "changes_the_model":
        return None
    asked = str(remark.facts.get("what", ""))
    methods = _KINDS if "type" in asked else _LEARNING if "gradients" in asked else frozenset()
    given = {
        node.arg
        for statement in part.statements
        for node in walk(statement.node)
        if isinstance(node, ast.arg)
    }

    def changes(node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            ours = methods is _LEARNING or _begins_with(node) in given
            return node.func.attr in methods and ours
        if not isinstance(node, ast.Assign) or methods is not _LEARNING:
            return False
        return any(isinstance(t, ast.Attribute) and t.attr in methods for t in node.targets)

    return changes


def _counting(remark: Remark, part: LocatedPart) -> Callable[[ast.AST], bool] | None:
    """Return what tells a line of a loop that sets a count anew which the same loop adds to."""
    if remark.code != "accuracy_of_last_batch":
        return None
    loops = [n for s in part.statements for n in walk(s.node) if isinstance(n, ast.For)]
    inside = [node for loop in loops for node in walk(loop)]
    added = {dotted(node.target) for node in inside if isinstance(node, ast.AugAssign)}

    def sets(node: ast.AST) -> bool:
        if not isinstance(node, ast.Assign) or not any(node is one for one in inside):
            return False
        return any(
            isinstance(name, ast.Name) and name.id in added
            for target in node.targets
            for name in walk(target)
        )

    return sets


def _begins_with(node: ast.AST) -> str:
    """Return the name that a chain of calls and attributes begins with."""
    while isinstance(node, (ast.Call, ast.Attribute)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _keeps(node: ast.AST) -> bool:
    return isinstance(node, (ast.Global, ast.Nonlocal))


def _switches(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).endswith(_SWITCHES)


def _leaves_out(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and any(
        isinstance(inner, (ast.Continue, ast.Break)) for one in node.body for inner in walk(one)
    )


def _softens(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and "softmax" in dotted(node.func).lower()


_DOES: dict[str, Callable[[ast.AST], bool]] = {
    "remembers_earlier_calls": _keeps,
    "gradients_stay_off": _switches,
    "short_batches_left_out": _leaves_out,
    "softmax_over_batch": _softens,
}
