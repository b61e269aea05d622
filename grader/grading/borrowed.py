"""What a student gave the model's class beside what was asked for, and uses elsewhere.

A loop is observed on the judge's model, which knows nothing of ``M.predict(x)`` or ``M.device``.
Where a notebook has such a thing and uses it, its class runs along, and the judge's model borrows
from it.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.grading.submission import Submission
    from grader.locate.program import Program
    from grader.locate.statements import Statement

# What the judge's model has, as the rubric's options of a check say.
_KNOWN = ("interface", "layers", "no_ops", "resets")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lenders(
    submission: Submission, check: Check, program: Program, assignment: Assignment
) -> tuple[Statement, ...]:
    """Return the classes that have something which a program uses and the judge's model lacks."""
    classes = [
        statement
        for role in assignment.roles
        if role.part in submission.parts and role.part not in check.parts
        for statement in submission.parts[role.part].statements
    ]
    used = {
        node.attr
        for entry in program.entries
        for node in walk(entry.statement.node)
        if isinstance(node, ast.Attribute)
    }
    named = (name for option in _KNOWN for name in check.options.get(option, ()))
    known = {"forward", *named}
    return tuple(s for s in classes if (_has(s.node) & used) - known)


def _has(node: ast.stmt) -> set[str]:
    """Return the names of a class's methods and of what it sets on itself."""
    if not isinstance(node, ast.ClassDef):
        return set()
    names = {part.name for part in node.body if isinstance(part, _FUNCTIONS)}
    for part in walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            names.add(part.attr)
        elif part in node.body and isinstance(part, ast.Assign):
            names |= {target.id for target in part.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("__")}
