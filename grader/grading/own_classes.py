"""Finds what makes an object of a class of the notebook's own, where the judge's stands in."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment
    from grader.locate.program import Program
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

_GROUPS = "param_groups"


def of_other_classes(
    code: Code, roles: Roles, program: Program, single: Iterable[str], assignment: Assignment
) -> tuple[Statement, ...]:
    """Return what makes an object of a ``single`` role of another class than the role lists.

    Such a class may have methods that the loop calls and the judge's own object lacks. So may the
    object have groups that the loop reads.
    """
    read = {name for entry in program.entries for name in entry.statement.needs}
    own = [entry.statement.node for entry in program.entries if entry.own]
    attributes = {getattr(node, "attr", "") for statement in own for node in walk(statement)}
    end = max((entry.statement.order for entry in program.entries if entry.own), default=0)
    found: list[Statement] = []
    for role in (role for role in assignment.roles if role.id in set(single)):
        for name in sorted(set(roles.names(role.id)) & read):
            binders = [s for s in code.binders.get(name, ()) if s.order < end]
            values = (getattr(s.node, "value", None) for s in binders)
            calls = [value for value in values if isinstance(value, ast.Call)]
            made_by = {dotted(call.func).rpartition(".")[2] for call in calls}
            if made_by - set(role.made_by) or _GROUPS in attributes:
                found += binders
    return tuple(found)
