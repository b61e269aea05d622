"""Finds the names of generators: whatever reads one leaves less of it for those that come after."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

_GENERATORS = frozenset(
    {
        *("parameters", "named_parameters", "buffers", "children", "modules"),
        *("filter", "map", "zip", "chain"),
    }
)


def generators(nodes: Iterable[ast.stmt]) -> frozenset[str]:
    """Return the names that some statements give a generator, which can be read once."""
    return frozenset(
        target.id
        for node in nodes
        if isinstance(node, ast.Assign) and _once(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def _once(value: ast.expr) -> bool:
    if isinstance(value, ast.Call):
        return dotted(value.func).split(".")[-1] in _GENERATORS
    return isinstance(value, ast.GeneratorExp)
