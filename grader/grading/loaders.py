"""Tells whether a notebook's own loaders shuffle, as its author wrote them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from grader.locate.statements import Code

_LOADER = "DataLoader"
_PLACE = 2  # DataLoader(dataset, batch_size, shuffle)
_ORDERS = frozenset({"sampler", "batch_sampler", None})  # None: a dict of arguments


def shuffles(code: Code) -> bool:
    """Say whether a loader may shuffle; where a notebook makes none, its given ones do."""
    calls = [
        node
        for statement in code.statements
        for node in walk(statement.node)
        if isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] == _LOADER
    ]
    return not calls or any(map(_shuffles, calls))


def _shuffles(call: ast.Call) -> bool:
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    if _ORDERS & set(given):
        return True
    value = given.get("shuffle", call.args[_PLACE] if len(call.args) > _PLACE else None)
    return value is not None and not (isinstance(value, ast.Constant) and not value.value)
