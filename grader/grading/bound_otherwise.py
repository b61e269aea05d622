"""Finds what binds a name otherwise than the solved notebook, where a right line then raises."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission
    from grader.locate.statements import Code, Statement

_IMPORTS = (ast.Import, ast.ImportFrom)


def with_binder(
    remark: Remark, check: Check, submission: Submission, solved: SolvedNotebook
) -> Remark:
    """Return a remark on an exception with the one statement that gives a name of its line.

    The line itself is the solved notebook's.
    """
    known = remark.culprit is not None or remark.only is not None or remark.mistake is not None
    if known or remark.code != "raises" or not remark.error or not remark.error["frames"]:
        return remark
    at = (remark.error["frames"][-1][0], remark.error["frames"][-1][1])
    if at not in remark.same:
        return remark
    # What stands in for the notebook's own where a part runs alone is the judge's.
    given = set(submission.roles.by_role) if len(check.parts) == 1 else set()
    judges = {name for role in given for name in submission.roles.names(role)}
    found = {
        (binder.cell, binder.node.lineno)
        for name in _names(at, submission.code) - judges
        for binder in submission.code.binders.get(name, ())
        if _is_other(name, binder, remark, solved.submission.code)
    }
    return replace(remark, culprit=found.pop()) if len(found) == 1 else remark


def _names(at: tuple[int, int], code: Code) -> set[str]:
    """Return the names of the notebook's that a line reads, not those of the function around it."""
    found: set[str] = set()
    for statement in code.statements:
        if statement.cell == at[0] and statement.first <= at[1] <= statement.last:
            nodes = walk(statement.node)
            own = {node.arg for node in nodes if isinstance(node, ast.arg)}
            names = [node for node in nodes if isinstance(node, ast.Name)]
            own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
            found |= {node.id for node in names if node.lineno == at[1]} - own
    return found


def _is_other(name: str, binder: Statement, remark: Remark, solved: Code) -> bool:
    """Whether a statement gives a name something else than the solved notebook does."""
    if isinstance(binder.node, _IMPORTS):
        theirs = [s.node for s in solved.binders.get(name, ())]
        return set(_meant(name, binder.node)).isdisjoint(
            meant for node in theirs for meant in _meant(name, node)
        )
    simple = not isinstance(binder.node, DEFINITIONS)
    return simple and (binder.cell, binder.node.lineno) not in remark.same


def _meant(name: str, node: ast.AST) -> Iterator[str]:
    """Yield what an import gives a name."""
    if isinstance(node, _IMPORTS):
        module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            if (alias.asname or alias.name.partition(".")[0]) == name:
                yield module + (alias.name if alias.asname or module else name)
