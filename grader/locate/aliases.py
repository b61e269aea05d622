"""Finds what a notebook gives a part's name to, as ``func_eval = partial(evaluate, …)`` does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS

if TYPE_CHECKING:
    from grader.locate.statements import Code

_ASSIGNS = (ast.Assign, ast.AnnAssign)


def stands_for(node: ast.stmt, name: str, code: Code) -> bool:
    """Say whether ``name`` is at last given to something made of a definition, directly or not."""
    binders = code.binders.get(name, ())
    if not isinstance(node, DEFINITIONS) or not binders or node.name == name:
        return False
    if not isinstance(binders[-1].node, _ASSIGNS):
        return False
    made = {node.name}
    for statement in code.statements:
        if isinstance(statement.node, _ASSIGNS) and statement.needs & made:
            made |= statement.binds
    return bool(binders[-1].needs & made)
