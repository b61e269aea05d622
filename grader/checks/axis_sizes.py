"""Sizes of axes that depend on others, as a rubric writes them: ``2*d``, ``n + 1``, ``h//2``."""

from __future__ import annotations

import ast
import operator
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPERATIONS: dict[type, Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


def size_of(written: str | int, sizes: Mapping[str, int]) -> int:
    """Return the size that a name, a number, or a sum or product of these stands for.

    Raises ``KeyError`` with a name that is no size, ``ValueError`` for what is no such expression.
    """
    if isinstance(written, int):
        return written
    return _value(_parsed(written), sizes)


@cache
def _parsed(written: str) -> ast.expr:
    try:
        return ast.parse(written.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        raise ValueError(written) from None


def _value(node: ast.expr, sizes: Mapping[str, int]) -> int:
    match node:
        case ast.Name(id=name):
            return sizes[name]
        case ast.Constant(value=int(value)):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
            known: Any = _OPERATIONS[type(op)]
            one, other = _value(left, sizes), _value(right, sizes)
            if known is operator.floordiv and not other:
                raise ValueError(ast.unparse(node))
            return int(known(one, other))
    raise ValueError(ast.unparse(node))
