"""Works out which of a student's names stand for the model, the optimizer, the batches."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.notebook.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment.model import Assignment
    from grader.notebook.statements import Code


@dataclass(frozen=True)
class Roles:
    """For each role the names that stand for it, the notebook's own names first."""

    by_role: dict[str, tuple[str, ...]]

    def names(self, role: str) -> tuple[str, ...]:
        """Return the names of one role."""
        return self.by_role.get(role, ())

    def with_name(self, role: str, name: str) -> Roles:
        """Return the roles with one more name for one of them."""
        names = self.names(role)
        return self if name in names else Roles({**self.by_role, role: (*names, name)})


def infer_roles(code: Code, assignment: Assignment) -> Roles:
    """Return the assignment's own names, and those bound to the same kind of thing."""
    found = {role.id: list(role.names) for role in assignment.roles}
    taken = {name for names in found.values() for name in names}
    looped = _iterated(code)
    for name, maker in _makers(code):
        if name in taken:
            continue
        fitting = [role.id for role in assignment.roles if maker.split(".")[-1] in role.made_by]
        if not fitting:
            continue
        # Both loaders are made by the same call: the one that is trained on is the one with
        # "train" in its name, or the one that a loop runs over.
        training = "train" in name.lower() or (name in looped and "test" not in name.lower())
        found[fitting[0 if training or len(fitting) == 1 else -1]].append(name)
        taken.add(name)
    return Roles({role: tuple(names) for role, names in found.items()})


def _makers(code: Code) -> Iterator[tuple[str, str]]:
    """Yield ``(name, dotted call)`` for every ``name = some.call(…)`` at the top level."""
    for statement in code.statements:
        node = statement.node
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, _maker(node.value)
            elif isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                for name, value in zip(target.elts, node.value.elts, strict=False):
                    if isinstance(name, ast.Name):
                        yield name.id, _maker(value)


def _maker(value: ast.expr) -> str:
    """Return what was called first in ``Call(…).to(…).train()``, dotted."""
    while isinstance(value, ast.Call):
        inner = value.func
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Call):
            value = inner.value
            continue
        return dotted(inner)
    return ""


def _iterated(code: Code) -> set[str]:
    return {
        name.id
        for statement in code.statements
        for loop in walk(statement.node)
        if isinstance(loop, ast.For)
        for name in walk(loop.iter)
        if isinstance(name, ast.Name)
    }
