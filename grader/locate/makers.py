"""Finds the statement with which a notebook makes an object of the class that it fills in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment.model import Assignment
    from grader.locate.parts import LocatedPart
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement


def makers(
    code: Code, parts: Iterable[LocatedPart], roles: Roles, assignment: Assignment
) -> tuple[Statement, ...]:
    """Return the last statement before the loop that makes an object of the notebook's class.

    The notebook's own name for it counts more than another.
    """
    classes = {name for role in assignment.roles if role.part for name in role.names}
    made_of = [role for role in assignment.roles if classes & set(role.made_by)]
    statements = [s for s in up_to_the_loop(code, parts) if _gives(s.node)]
    for names in (
        {name for role in made_of for name in role.names},
        {name for role in made_of for name in roles.names(role.id)},
    ):
        made = [statement for statement in statements if names & statement.binds]
        if made:
            return (made[-1],)
    return ()


def up_to_the_loop(code: Code, parts: Iterable[LocatedPart]) -> list[Statement]:
    """Return the statements up to the last one that runs a loop of the assignment's."""
    loops = [part for part in parts if part.part.kind == "loop"]
    ends = [part.statements[-1].order for part in loops if part.statements]
    return [s for s in code.statements if not ends or s.order <= max(ends)]


def _gives(node: ast.stmt) -> bool:
    """Whether a statement gives a variable the value of a call."""
    if isinstance(node, ast.Assign):
        target = node.targets[0]
    elif isinstance(node, ast.AnnAssign):
        target = node.target
    else:
        return False
    return isinstance(node.value, ast.Call) and isinstance(target, (ast.Name, ast.Tuple))
