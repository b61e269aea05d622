"""Infers which of a student's names stand for the model, the optimizer, the batches."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.locate.constructors import constructed_names
from grader.locate.names import names_in
from grader.notebook.syntax import walk

# What PyTorch calls a data set of tensors, and the roles of data that may be in them.
_TENSORS = "TensorDataset"
_DATA = ("train_data", "test_data", "train_batches", "test_batches")

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from grader.assignment.model import Assignment, Part, Role
    from grader.locate.constructors import Constructed
    from grader.locate.statements import Code, Statement


@dataclass(frozen=True)
class Roles:
    """For each role the names that stand for it; ``own`` are the solved notebook's names."""

    by_role: dict[str, tuple[str, ...]]
    own: dict[str, tuple[str, ...]]

    def names(self, role: str) -> tuple[str, ...]:
        """Return the names of one role."""
        return self.by_role.get(role, ())

    def with_name(self, role: str, name: str) -> Roles:
        """Return the roles with one more name for one of them."""
        names = self.names(role)
        if name in names:
            return self
        return replace(self, by_role={**self.by_role, role: (*names, name)})

    def read_by(self, statements: Iterable[Statement]) -> tuple[str, ...]:
        """Return the roles that some statements read by one of their names."""
        read = {name for statement in statements for name in statement.needs}
        return tuple(role for role, names in self.by_role.items() if read & set(names))


def infer_roles(
    code: Code, assignment: Assignment, classes: Mapping[str, str] | None = None
) -> Roles:
    """Return the assignment's own names, and those bound to the same kind of thing.

    ``classes`` are a student's own names for classes of the assignment.
    """
    renamed = {own: name for name, own in (classes or {}).items()}
    found = {role.id: list(role.names) for role in assignment.roles}
    looped = _iterated(code)
    tensors: set[str] = set()
    for made in constructed_names(code):
        if _TENSORS in made.constructors:
            tensors.add(made.name)
        if _of_read_data(made, tensors, found, code):
            continue
        constructors = {renamed.get(name, name) for name in made.constructors}
        fitting = [role for role in assignment.roles if constructors & set(role.made_by)]
        old = next((role.id for role in fitting if made.name in found[role.id]), None)
        taken = any(made.name in names for names in found.values())
        new = _by_arguments(made, fitting, found)
        if not fitting or (taken and (old is None or new in {None, old})):
            continue
        if old is not None:
            found[old].remove(made.name)
        found[new or _by_name(made.name, fitting, looped)].append(made.name)
    own = {role.id: role.names for role in assignment.roles}
    return Roles({role: tuple(names) for role, names in found.items()}, own)


def _of_read_data(
    made: Constructed, tensors: set[str], found: Mapping[str, list[str]], code: Code
) -> bool:
    """Whether this is made of tensors into which a notebook has read its own data once.

    It then is what the notebook makes of the judge's data.
    """
    if not (_TENSORS in made.within or made.arguments & tensors):
        return False
    known = {name for role, names in found.items() if role in _DATA for name in names}
    todo, seen = set(made.arguments), set[str]()
    while todo:
        name = todo.pop()
        seen.add(name)
        if name in known and name != made.name:
            return True
        needed = (s.needs for s in code.binders.get(name, ()))
        todo |= frozenset[str]().union(*needed) - seen
    return False


def without_rivals(roles: Roles, part: Part, statements: Iterable[Statement], code: Code) -> Roles:
    """Return the roles without the names of rivals, for a part and the statements that run it.

    A rival is a second model, or its optimizer, beside the one that the part is about: to clear
    its gradients does not clear the model's. So where the statements use the notebook's own name
    for a role, it keeps only the names for the same object.
    """
    read = {name for statement in statements for name in statement.needs}
    kept = dict(roles.by_role)
    for role in part.about:
        own = set(roles.own[role])
        if own & read:
            same = own | _bound_with(own, code)
            kept[role] = tuple(name for name in roles.names(role) if name in same)
    return replace(roles, by_role=kept)


def _bound_with(names: Collection[str], code: Code) -> set[str]:
    """Return the names in the statements that bind these: ``M = net = Net()``, ``M = net``."""
    binding = [statement for name in names for statement in code.binders.get(name, ())]
    return {name for statement in binding for name in statement.binds | statement.needs}


def _by_arguments(
    made: Constructed, fitting: list[Role], found: dict[str, list[str]]
) -> str | None:
    """Return the one role that is made of what this was made of; ``None`` for none or several."""
    told = [role.id for role in fitting if made.arguments & set(found.get(role.made_of, ()))]
    return told[0] if len(told) == 1 else None


def _by_name(name: str, fitting: list[Role], looped: set[str]) -> str:
    """Return the likelier of several roles that the same class is constructed for.

    The first is the one for training: its name contains "train", or a loop runs over it.
    """
    training = "train" in name.lower() or (name in looped and "test" not in name.lower())
    return fitting[0 if training else -1].id


def _iterated(code: Code) -> set[str]:
    return {
        name
        for statement in code.statements
        for loop in walk(statement.node)
        if isinstance(loop, ast.For)
        for name in names_in(loop.iter)
    }
