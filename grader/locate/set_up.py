"""Finds calls that set up an object of the notebook's own class, as ``trainer.compile(…)`` does."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import FUNCTIONS, memoised, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

_TRAINS = "backward"


class SetUpCalls:
    """The classes of a notebook, the objects made of them, and what sets these up.

    A class that inherits from a library's is left out: what its methods do to it shows nowhere.
    """

    def __init__(self, nodes: Iterable[ast.stmt]) -> None:
        """Take the notebook's top-level statements."""
        nodes = list(nodes)
        classes = {node.name: node for node in nodes if isinstance(node, ast.ClassDef)}
        self._methods = {
            name: _setting(node)
            for name, node in classes.items()
            if all(isinstance(base, ast.Name) and base.id == "object" for base in node.bases)
        }
        self._made = {
            target.id: node.value.func.id
            for node in nodes
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            if isinstance(node.value.func, ast.Name) and node.value.func.id in self._methods
            for target in node.targets
            if isinstance(target, ast.Name)
        }

    def by(self, node: ast.AST) -> frozenset[str]:
        """Return the name of the object that a statement sets up, if it does."""
        call = node.value if isinstance(node, (ast.Expr, ast.Assign)) else None
        function = call.func if isinstance(call, ast.Call) else None
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return frozenset()
        name = function.value.id
        setting = self._methods.get(self._made.get(name, ""), frozenset())
        return frozenset({name} if function.attr in setting else ())


@memoised
def _setting(node: ast.AST) -> frozenset[str]:
    """Return a class's methods that set attributes, and neither train nor call one that does."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    methods = {method.name: method for method in body if isinstance(method, FUNCTIONS)}
    called = {name: _called(method) for name, method in methods.items()}
    training = {name for name, names in called.items() if _TRAINS in names}
    for _ in methods:
        training |= {name for name, names in called.items() if names & training}
    return frozenset(
        name for name, method in methods.items() if name not in training and _stores(method)
    )


def _called(method: ast.AST) -> set[str]:
    calls = [part.func for part in walk(method) if isinstance(part, ast.Call)]
    return {function.attr for function in calls if isinstance(function, ast.Attribute)}


def _stores(method: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) for part in walk(method)
    )
