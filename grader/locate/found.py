"""Finds the parts of an assignment in a notebook, and the names of what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.locate.parts import locate
from grader.locate.roles import infer_roles

if TYPE_CHECKING:
    from grader.assignment.model import Assignment
    from grader.locate.parts import LocatedPart
    from grader.locate.roles import Roles
    from grader.locate.statements import Code


def find_parts(code: Code, assignment: Assignment) -> tuple[Roles, dict[str, LocatedPart]]:
    """Return the roles of a notebook's names, and its parts by their ids."""
    roles = infer_roles(code, assignment)
    parts = locate(code, assignment, roles)
    renamed = {part.part.name: part.name for part in parts.values() if part.name != part.part.name}
    if renamed:
        # What a renamed class makes is known only now, and so is the loop that is about it.
        roles = infer_roles(code, assignment, renamed)
        parts = locate(code, assignment, roles)
    return roles, parts
