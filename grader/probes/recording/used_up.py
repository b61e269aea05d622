"""Finds a generator that is made once, and gone through by a loop over the epochs."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# What hands each item out once.
_ONCE = frozenset({"iter", "map", "zip", "enumerate", "filter"})


def used_up(statements: Sequence[tuple[ast.stmt, bool]], namespace: Mapping[str, Any]) -> list[int]:
    """Return entry and line of a loop, within another, over what hands each item out once.

    ``statements`` tell of each whether it is the part's own.
    """
    once = {name for statement, _ in statements for name in _made(statement)}
    for number, (statement, own) in enumerate(statements):
        for outer in ast.walk(statement) if own else ():
            if not (isinstance(outer, ast.For) and _rounds(outer.iter, namespace) > 1):
                continue
            inside = [node for child in outer.body for node in ast.walk(child)]
            for node in inside:
                name = node.iter.id if _over_name(node) else ""  # type: ignore[attr-defined]
                if name in once and name not in {n for one in inside for n in _made(one)}:
                    return [number, node.lineno]  # type: ignore[attr-defined]
    return []


def _over_name(node: ast.AST) -> bool:
    return isinstance(node, ast.For) and isinstance(node.iter, ast.Name)


def _made(node: ast.AST) -> Iterator[str]:
    """Yield the name that a statement gives to a generator or an iterator."""
    if not (isinstance(node, ast.Assign) and len(node.targets) == 1):
        return
    target, value = node.targets[0], node.value
    by_call = isinstance(value, ast.Call) and getattr(value.func, "id", "") in _ONCE
    if isinstance(target, ast.Name) and (by_call or isinstance(value, ast.GeneratorExp)):
        yield target.id


def _rounds(node: ast.expr, namespace: Mapping[str, Any]) -> int:
    """Return how many rounds a loop over ``range`` of one number makes, 0 for any other."""
    if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range"):
        return 0
    last = node.args[-1] if len(node.args) == 1 else None
    value = last.value if isinstance(last, ast.Constant) else None
    value = namespace.get(last.id) if isinstance(last, ast.Name) else value
    return value if type(value) is int else 0
