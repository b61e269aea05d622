"""Finds a function or a method that a loop names where it should call it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.grading.submission import Submission

_CODE = "named_not_called"
# What the methods that are not called would do, by the code of what is missing.
_MISSING = {
    "missing_zero_grad": {"zero_grad", "zero_"},
    "missing_backward": {"backward"},
    "missing_step": {"step"},
}


def named_only(submission: Submission, check: Check) -> Remark | None:
    """Return the remark on a function of the notebook's that a loop names and never calls."""
    functions = {s.node.name for s in submission.code.statements if isinstance(s.node, FUNCTIONS)}
    for place, node in _named(submission, check):
        if isinstance(node, ast.Name) and node.id in functions:
            return Remark(_CODE, facts={"name": node.id}, culprit=place)
    return None


def with_name_only(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on something missing as that of the method that is named, and not called."""
    wanted = _MISSING.get(remark.code, set())
    if remark.mistake is not None and remark.mistake.words is not None:
        return remark
    for place, node in _named(submission, check) if wanted else ():
        if isinstance(node, ast.Attribute) and node.attr in wanted:
            facts = {**remark.facts, "name": node.attr}
            return replace(remark, code=_CODE, mistake=None, culprit=place, facts=facts)
    return remark


def _named(submission: Submission, check: Check) -> Iterator[tuple[tuple[int, int], ast.expr]]:
    """Yield cell, line and expression of statements that are nothing but names and attributes."""
    for part in (submission.parts[name] for name in check.parts if name in submission.parts):
        for statement in part.statements if part.part.kind == "loop" else ():
            for node in walk(statement.node):
                if isinstance(node, ast.Expr):
                    for name in _only_names(node.value):
                        yield (statement.cell, node.lineno), name


def _only_names(value: ast.expr) -> Iterator[ast.expr]:
    """Yield the names and attributes that are all of an expression, or of what it lists."""
    if isinstance(value, (ast.Name, ast.Attribute)):
        yield value
    elif isinstance(value, (ast.Tuple, ast.List, ast.Set)):
        for part in value.elts:
            yield from _only_names(part)
    elif isinstance(value, (ast.ListComp, ast.SetComp)) and isinstance(value.elt, ast.Name):
        yield from _only_names(value.generators[0].iter)
