"""Finds calls that give a model new parameters after it was made, as ``M.init_param()`` may."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, memoised, walk

if TYPE_CHECKING:
    from collections.abc import Iterable

_SETTERS = frozenset({"setattr", "register_parameter", "add_module", "register_module", "__init__"})


def remakes(node: ast.stmt, methods: frozenset[str]) -> str:
    """Return the name on which a statement calls one of the methods; empty if it does not."""
    value = node.value if isinstance(node, ast.Expr) else None
    function = value.func if isinstance(value, ast.Call) else None
    if not isinstance(function, ast.Attribute) or function.attr not in methods:
        return ""
    return function.value.id if isinstance(function.value, ast.Name) else ""


def remaking_methods(classes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the methods of some classes that set layers or their parameters, and do not train."""
    return frozenset(name for node in classes for name in _remaking(node))


def resets(node: ast.AST) -> list[tuple[str, int]]:
    """Return name and line of each method that sets layers: of the first of them that it sets."""
    made = _attributes(node)
    found = []
    for method in getattr(node, "body", ()):
        if isinstance(method, FUNCTIONS) and method.name in _remaking(node):
            lines = [part.lineno for part in walk(method) if _sets(part, made)]  # type: ignore[attr-defined]
            found += [(method.name, min(lines))] if lines else []
    return found


@memoised
def _remaking(node: ast.AST) -> tuple[str, ...]:
    methods = {
        part.name: part
        for part in getattr(node, "body", ())
        if isinstance(part, FUNCTIONS) and part.name != "__init__"
    }
    made = _attributes(node)
    found = {name for name, method in methods.items() if any(_sets(n, made) for n in walk(method))}
    for _ in methods:
        found |= {name for name, method in methods.items() if _calls(method) & found}
    return tuple(sorted(name for name in found if "backward" not in _calls(methods[name])))


def _attributes(node: ast.AST) -> set[str]:
    """Return the attributes that a new object gets by a call, as it gets layers.

    They are set in ``__init__``, or in a method that this calls.
    """
    methods = {m.name: m for m in getattr(node, "body", ()) if isinstance(m, FUNCTIONS)}
    reached, todo = set[str](), {"__init__"} & methods.keys()
    while todo:
        reached |= todo
        called = set[str]().union(*(_calls(methods[name]) for name in todo))
        todo = (called & methods.keys()) - reached
    return {
        target.attr
        for name in reached
        for part in walk(methods[name])
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Call)
        for target in part.targets
        if isinstance(target, ast.Attribute)
    }


def _sets(part: ast.AST, layers: set[str]) -> bool:
    """Say whether a node sets one of the layers or a parameter of one, or sets by name."""
    if isinstance(part, ast.Call):
        return dotted(part.func).rpartition(".")[2] in _SETTERS
    if isinstance(part, ast.Subscript):
        return isinstance(part.ctx, ast.Store) and bool({"_modules", "_parameters"} & _path(part))
    stored = isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
    return stored and bool({*layers, "weight", "bias"} & _path(part))


def _path(node: ast.AST) -> set[str]:
    return {part.attr for part in walk(node) if isinstance(part, ast.Attribute)}


def _calls(method: ast.AST) -> set[str]:
    return {
        part.func.attr
        for part in walk(method)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute)
    }
