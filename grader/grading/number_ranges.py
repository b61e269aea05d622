"""Works out whether a ``range`` of numbers that stand in the notebook holds none."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted

if TYPE_CHECKING:
    from grader.locate.statements import Code

_OPERATIONS = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
}
_LARGEST = 10**9


def empty_range(node: ast.expr, code: Code) -> bool:
    """Whether an expression is a call of ``range`` whose numbers are known, and that holds none."""
    if not isinstance(node, ast.Call) or dotted(node.func) != "range" or node.keywords:
        return False
    numbers = [number_of(argument, code) for argument in node.args]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers) or len(known) > 3 or known[2:] == [0]:
        return False
    return not range(*known)


def number_of(node: ast.expr, code: Code) -> int | None:
    """Return the whole number that an expression is, if the notebook gives its names one alone."""
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int and abs(node.value) < _LARGEST else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        number = number_of(node.operand, code)
        return None if number is None else -number
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        one, other = number_of(node.left, code), number_of(node.right, code)
        if one is None or other is None:
            return None
        return _OPERATIONS[type(node.op)](one, other)
    if isinstance(node, ast.Name):
        binders = code.binders.get(node.id, ())
        return _bound_to(node.id, binders[0].node) if len(binders) == 1 else None
    return None


def _bound_to(name: str, node: ast.stmt) -> int | None:
    """Return the number that an assignment gives a name, alone or among others."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    target, value = node.targets[0], node.value
    pairs = [(target, value)]
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = list(zip(target.elts, value.elts, strict=False))
    for one, given in pairs:
        if isinstance(one, ast.Name) and one.id == name and isinstance(given, ast.Constant):
            return given.value if type(given.value) is int else None
    return None
