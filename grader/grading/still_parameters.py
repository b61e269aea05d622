"""Finds the line that keeps parameters from changing, where the notebook's code shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.remark import together
from grader.checks.standing_still import EVEN, FROZEN, UNHELD, ZERO
from grader.grading.forward_culprits import left_out_of_forward
from grader.grading.gradients_off import switched
from grader.locate.names import dotted
from grader.locate.remaking import remakes, remaking_methods, resets
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.statements import Statement

_STILL = "parameters_stand_still"
_LEARNS_BADLY = frozenset({_STILL, "learns_too_little", "does_not_learn"})
_EQUAL = frozenset({"zeros_", "ones_", "constant_", "zero_", "fill_"})
_REMADE = " `{method}` makes them anew after the optimizer was made, which holds the old ones."
_NEW_MODEL = " The model was made anew after the optimizer, which holds the first one's."


def traced(remark: Remark, submission: Submission, check: Check) -> Remark:
    """Return a remark on what does not learn with the line that is the reason, if one shows it."""
    if remark.cause == FROZEN:
        return next((replace(remark, at=at) for at in _switched_off(submission)), remark)
    if remark.cause == UNHELD:
        return _unheld(remark, submission)
    if remark.code not in _LEARNS_BADLY or remark.at is not None:
        return remark
    if remark.facts.get("reason") and remark.cause not in (EVEN, ZERO):
        return remark
    classes = [s for part in submission.parts.values() for s in part.statements]
    nodes = [(s.cell, s.node) for s in classes if isinstance(s.node, ast.ClassDef)]
    if remark.code == _STILL and not remark.cause:
        for cell, node in nodes:
            found = left_out_of_forward(node, remark.facts["still"], check.options)
            if found is not None:
                return _with(remark, found.reason, cell, found.line)
    return _levelled(remark, nodes, check)


def _levelled(remark: Remark, classes: Iterable[tuple[int, ast.ClassDef]], check: Check) -> Remark:
    """Return the remark with the first line that makes a weight even; it names further ones."""
    # A last layer that begins at zero learns as well; where all stand still it is one of them.
    last = (check.options.get("layers") or ("",))[-1]
    calls = [(c, n) for c, node in classes for n in walk(node) if isinstance(n, ast.Call)]
    lines = [
        (cell, call.lineno)
        for cell, call in calls
        if _levels(call) and (remark.cause == ZERO or f".{last}." not in ast.unparse(call))
    ]
    if not lines:
        return remark
    more = ""
    if remark.cause == ZERO and len(lines) > 1:
        more = f" That is done in the lines {together([str(line) for _, line in lines])}."
    told = {**remark.facts, "reason": f"{remark.facts.get('reason', '')}{more}"}
    return replace(remark, at=lines[0], facts=told)


def _levels(call: ast.Call) -> bool:
    """Say whether a call makes all numbers of a weight the same."""
    name = dotted(call.func)
    of = dotted(call.args[0]) if call.args else ""
    return name.rpartition(".")[2] in _EQUAL and ".weight" in f"{name} {of}"


def _switched_off(submission: Submission) -> Iterator[tuple[int, int]]:
    """Yield cell and line of what turns gradients of parameters off, the last first."""
    for statement in reversed(submission.code.statements):
        for line, on in reversed(list(switched(statement.node))):
            if not on:
                yield statement.cell, line


def _unheld(remark: Remark, submission: Submission) -> Remark:
    """Return the remark with what came between the optimizer and the loop, or the optimizer."""
    made = _last(submission, "optimizer")
    if made is None:
        return remark
    loop = max((s.order for p in submission.parts.values() for s in p.statements), default=0)
    classes = [s for part in submission.parts.values() for s in part.statements]
    nodes = [s for s in classes if isinstance(s.node, ast.ClassDef)]
    methods = remaking_methods(s.node for s in nodes)
    between = [s for s in submission.code.statements if made.order < s.order <= loop]
    again = next((s for s in reversed(between) if remakes(s.node, methods)), None)
    for statement in nodes if again is not None else ():
        for method, line in resets(statement.node):
            reason = _REMADE.format(method=method)
            return _with(remark, reason, statement.cell, line)
    model = _last(submission, "model")
    if model is not None and made.order < model.order:
        return _with(remark, _NEW_MODEL, model.cell, model.first)
    return replace(remark, at=(made.cell, made.first))


def _last(submission: Submission, role: str) -> Statement | None:
    """Return the last statement that makes the object of a role."""
    found = [
        statement
        for name in submission.roles.names(role)
        for statement in submission.code.binders.get(name, ())
        if isinstance(statement.node, ast.Assign)
    ]
    return max(found, key=lambda statement: statement.order, default=None)


def _with(remark: Remark, reason: str, cell: int, line: int) -> Remark:
    return replace(remark, at=(cell, line), facts={**remark.facts, "reason": reason})
