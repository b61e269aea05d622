"""Finds the call with which a notebook makes a given object, such as its optimizer."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.locate.makers import up_to_the_loop
from grader.locate.names import dotted
from grader.notebook.syntax import parse, written

if TYPE_CHECKING:
    from grader.assignment.model import Role
    from grader.grading.submission import Submission

_LONGEST = 200
# Methods that return the object itself: its device and mode make no difference here.
_SAME = frozenset({"cpu", "cuda", "to", "train"})


@dataclass(frozen=True)
class Construction:
    """The call that makes an object, as text that is cut where it is long, and its place.

    ``plain`` is the same for calls that differ only in the names of modules and of the notebook's
    own variables.
    """

    cell: int
    line: int
    text: str
    plain: str


def construction(submission: Submission, role: Role) -> Construction | None:
    """Return the last call before the loop that makes a role's object, if there is one."""
    names = set(submission.roles.names(role.id))
    made = [
        (statement, node.value)
        for statement in up_to_the_loop(submission.code, submission.parts.values())
        if isinstance(node := statement.node, ast.Assign) and isinstance(node.value, ast.Call)
        if names & {target.id for target in node.targets if isinstance(target, ast.Name)}
    ]
    if not made:
        return None
    statement, call = made[-1]
    text = written(call)
    plain = _plain(_core(call), submission)
    if text is None or plain is None:
        return None
    cut = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return Construction(statement.cell, statement.node.lineno, cut, plain)


def _core(call: ast.Call) -> ast.Call:
    """Return ``Call(…)`` of ``Call(…).to(…)``."""
    while isinstance(inner := call.func, ast.Attribute) and inner.attr in _SAME:
        if not isinstance(inner.value, ast.Call):
            break
        call = inner.value
    return call


def _plain(call: ast.Call, submission: Submission) -> str | None:
    """Return a call without names, ``None`` where Python cannot write one of its arguments."""
    kinds = {name: role for role, names in submission.roles.by_role.items() for name in names}
    words = [dotted(call.func).rpartition(".")[2]]
    for part in [*call.args, *call.keywords]:
        names = (kinds.get(n.id, n.id) for n in ast.walk(part) if isinstance(n, ast.Name))
        text = written(part.value if isinstance(part, ast.keyword) else part)
        if text is None:
            return None
        bare = parse(text)
        for node in ast.walk(bare):
            if isinstance(node, ast.Name):
                node.id = "_"
        key = part.arg if isinstance(part, ast.keyword) else ""
        words.append(f"{key}={ast.dump(bare)}{sorted(names)}")
    return " ".join(words)
