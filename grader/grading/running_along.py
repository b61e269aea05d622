"""Finds what else of a notebook has to run for a check whose program does not refer to it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.assignment import Assignment, Check
    from grader.locate.parts import LocatedPart
    from grader.locate.program import Program
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

# The options of a check that name what the judge's own model has.
_OF_THE_MODEL = ("interface", "layers", "no_ops", "resets")
_HOOKS = frozenset({"register_forward_hook", "register_forward_pre_hook"})
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def names_read(program: Program, names: Iterable[str]) -> set[str]:
    """Return which of some names a program reads."""
    return {name for entry in program.entries for name in entry.statement.needs} & set(names)


def makers_of_unused(
    code: Code, roles: Roles, program: Program, single: frozenset[str]
) -> tuple[Statement, ...]:
    """Return what makes an object that the program makes no step with, to see which one it is."""
    used = {
        node.attr
        for entry in program.entries
        for node in walk(entry.statement.node)
        if isinstance(node, ast.Attribute)
    }
    if "step" in used:
        return ()
    names = [name for role in sorted(single) for name in roles.names(role)]
    return tuple(s for name in names for s in code.binders.get(name, ())[-1:])


def lenders(
    parts: Mapping[str, LocatedPart], check: Check, program: Program, assignment: Assignment
) -> tuple[Statement, ...]:
    """Return the classes that have an attribute which a program uses and the judge's model lacks.

    A loop is observed on the judge's model, which does not have the ``M.predict(x)`` or
    ``M.device`` that a student may have added to the class. The class then runs along, and the
    judge's model borrows the attribute from it.
    """
    classes = [
        statement
        for role in assignment.roles
        if role.part in parts and role.part not in check.parts
        for statement in parts[role.part].statements
    ]
    used = {
        node.attr
        for entry in program.entries
        for node in walk(entry.statement.node)
        if isinstance(node, ast.Attribute)
    }
    named = (name for option in _OF_THE_MODEL for name in check.options.get(option, ()))
    known = {"forward", *named}
    return tuple(s for s in classes if (_attributes(s.node) & used) - known)


def hooked(code: Code, roles: Roles, program: Program) -> tuple[Statement, ...]:
    """Return what hangs hooks on the notebook's model before a program's loop.

    What they keep of a forward pass may be a part of the loss.
    """
    names = set(roles.names("model"))
    end = max((entry.statement.order for entry in program.entries if entry.own), default=0)
    return tuple(
        statement
        for statement in code.statements
        if statement.order < end
        and statement.needs & names
        and not isinstance(statement.node, DEFINITIONS)
        and any(
            isinstance(node, ast.Attribute) and node.attr in _HOOKS for node in walk(statement.node)
        )
    )


def _attributes(node: ast.stmt) -> set[str]:
    """Return the names of a class's methods and attributes, special methods aside."""
    if not isinstance(node, ast.ClassDef):
        return set()
    names = {part.name for part in node.body if isinstance(part, _FUNCTIONS)}
    for part in walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            names.add(part.attr)
        elif part in node.body and isinstance(part, ast.Assign):
            names |= {target.id for target in part.targets if isinstance(target, ast.Name)}
    return {name for name in names if not name.startswith("__")}
