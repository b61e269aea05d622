"""Finds the call of a function with a yield, of which nobody goes through what it returns."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS, FUNCTIONS, children, walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_NO_BATCHES = frozenset({"no_batches", "draws_no_batches"})


def with_generator_left(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on a loop without batches as that of such a call, if there is one."""
    if remark.code not in _NO_BATCHES or remark.culprit is not None or remark.mistake is not None:
        return remark
    parts = [submission.parts[name] for name in check.parts if name in submission.parts]
    own = [s.node for part in parts if part.part.kind == "loop" for s in part.statements]
    yielding = {n.name for n in own if isinstance(n, FUNCTIONS) and any(_yields(n))}
    for statement in submission.code.statements if yielding else ():
        for node in walk(statement.node):
            call = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
            named = call.func if isinstance(call, ast.Call) else None
            if isinstance(node, ast.stmt) and isinstance(named, ast.Name) and named.id in yielding:
                facts = {**remark.facts, "name": quoted(named.id)}
                at = (statement.cell, node.lineno)
                return replace(remark, code="generator_not_run", culprit=at, facts=facts)
    return remark


def _yields(node: ast.AST) -> Iterator[bool]:
    """Yield once for each yield of a function's own."""
    for child in children(node):
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            yield True
        if not isinstance(child, (*DEFINITIONS, ast.Lambda)):
            yield from _yields(child)
