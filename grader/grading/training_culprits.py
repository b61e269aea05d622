"""Finds the line that keeps a training from its aim, where the code around the loop shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

_BADLY = frozenset({"does_not_learn", "learns_too_little"})
# Schedulers that are made to be moved on after every batch.
_FOR_BATCHES = frozenset({"OneCycleLR", "CyclicLR", "CosineAnnealingWarmRestarts"})
_EVERY_BATCH = " The scheduler is moved on after every batch."


def with_training_culprit(remark: Remark, submission: Submission) -> Remark:
    """Return a remark on what does not learn with the line that leads to it, if one shows it."""
    loop = next((part for part in submission.parts.values() if part.part.kind == "loop"), None)
    if loop is None or not loop.statements or remark.at is not None or remark.cause:
        return remark
    if remark.code == "learned_by_a_copy":
        return next((replace(remark, at=at) for at in _results_lost(loop)), remark)
    if remark.code == "parameters_stand_still":
        return next((replace(remark, at=at) for at in _of_another(submission, loop)), remark)
    if remark.code in _BADLY and not remark.facts.get("reason"):
        for at in _moved_on(submission, loop):
            return replace(remark, at=at, facts={**remark.facts, "reason": _EVERY_BATCH})
    return remark


def _results_lost(loop: LocatedPart) -> Iterator[tuple[int, int]]:
    """Yield where the function that trains is called, and what it returns is not kept."""
    names = {s.node.name for s in loop.statements if isinstance(s.node, FUNCTIONS)}
    for statement in loop.statements:
        call = statement.node.value if isinstance(statement.node, ast.Expr) else None
        if isinstance(call, ast.Call) and dotted(call.func) in names:
            yield statement.cell, statement.node.lineno


def _of_another(submission: Submission, loop: LocatedPart) -> Iterator[tuple[int, int]]:
    """Yield what makes the loop's optimizer, if that is of no model that the loop reads."""
    needed = {name for statement in loop.statements for name in statement.needs}
    models = set((submission.rivals or submission.roles).names("model"))
    for name in submission.roles.names("optimizer"):
        binders = submission.code.binders.get(name, ())
        if name in needed and binders:
            made_of = binders[-1].needs & models
            if made_of and not made_of & needed:
                yield binders[-1].cell, binders[-1].first


def _moved_on(submission: Submission, loop: LocatedPart) -> Iterator[tuple[int, int]]:
    """Yield where a scheduler is moved on in the loop that calls backward, its innermost one."""
    loops = [(s.cell, n) for s in loop.statements for n in walk(s.node) if isinstance(n, ast.For)]
    for cell, node in loops:
        inner = [one for one in walk(node) if isinstance(one, ast.For) and one is not node]
        calls = [one for one in walk(node) if isinstance(one, ast.Call)]
        if inner or not any(dotted(call.func).endswith(".backward") for call in calls):
            continue
        for call in calls:
            name, _, method = dotted(call.func).rpartition(".")
            made = [n for s in submission.code.binders.get(name, ()) for n in walk(s.node)]
            attributes = {n.attr for n in made if isinstance(n, ast.Attribute)}
            if method == "step" and "lr_scheduler" in attributes and not attributes & _FOR_BATCHES:
                yield cell, call.lineno
