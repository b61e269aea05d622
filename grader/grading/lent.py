"""Imports that a notebook has lost: the cell with them was deleted, or never handed in."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.statements import parse_cells
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.locate.statements import Code, Statement


def with_imports(code: Code, assignment: Assignment) -> tuple[Code, tuple[str, ...]]:
    """Return the code with the solved notebook's imports of the names it never binds, and those.

    Imports are given code: a notebook without them is wrong around the blanks, not in them. They
    stand in cell 0, before everything.
    """
    bound = {name for statement in code.statements for name in statement.binds}
    lost = {name for statement in code.statements for name in statement.needs} - bound
    # A star may bring anything along.
    if not lost or any(_is_star(statement) for statement in code.statements):
        return code, ()
    found = [statement for statement in _imports(assignment) if statement.binds & lost]
    lent = tuple(replace(s, cell=0, order=place - len(found)) for place, s in enumerate(found))
    names = sorted({name for statement in found for name in statement.binds & lost})
    return replace(code, statements=(*lent, *code.statements)), tuple(names)


def _imports(assignment: Assignment) -> list[Statement]:
    solved = parse_cells(read_notebook(assignment.reference))
    return [s for s in solved.statements if isinstance(s.node, (ast.Import, ast.ImportFrom))]


def _is_star(statement: Statement) -> bool:
    return isinstance(statement.node, ast.ImportFrom) and statement.node.names[0].name == "*"
