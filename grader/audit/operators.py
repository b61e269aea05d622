"""The operators of the mutation test: small changes to code, of the kinds that students make.

No tool from PyPI fits: mutmut changes a package on disk and runs a test command for each mutant,
which here would import torch each time. cosmic-ray changes text in memory, but has only the
classical operators (comparisons, arithmetic, numbers, keywords such as ``break``). Students remove,
swap or move statements, drop calls or arguments and mix up names, for which it has none.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_Item = TypeVar("_Item", bound=ast.AST)
_Block = ast.For | ast.While | ast.With | ast.If

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}


@dataclass(frozen=True)
class Scope:
    """The variables of a function or loop and its class's attributes, in reading order."""

    names: tuple[str, ...]
    attributes: tuple[str, ...]


def comparison(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Turn ``a == b`` into ``a != b``, ``a < b`` into ``a <= b`` and ``a >= b``."""
    if isinstance(node, ast.Compare):
        for k, one in enumerate(node.ops):
            for other in _COMPARISONS[type(one)]:
                ops = [*node.ops[:k], other(), *node.ops[k + 1 :]]
                yield ast.Compare(node.left, ops, node.comparators)


def arithmetic(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Turn ``a + b`` into ``a - b``, ``a += b`` into ``a -= b`` and ``a = b``."""
    if isinstance(node, ast.BinOp):
        for other in _ARITHMETIC.get(type(node.op), ()):
            yield ast.BinOp(node.left, other(), node.right)
    if isinstance(node, ast.AugAssign):
        for other in _ARITHMETIC.get(type(node.op), ()):
            yield ast.AugAssign(node.target, other(), node.value)
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


def constant(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Increment and decrement a number, negate a truth value, empty a string."""
    if isinstance(node, ast.Constant):
        value = node.value
        if isinstance(value, bool):
            yield ast.Constant(not value)
        elif isinstance(value, (int, float)):
            yield ast.Constant(value + 1)
            # A negative number is a minus before a constant.
            yield ast.Constant(value - 1) if value >= 1 else _negative(1 - value)
        elif isinstance(value, str) and value:
            yield ast.Constant("")


def truth(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Turn ``and`` into ``or``, and negate a condition."""
    if isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.If):
        yield ast.If(_opposite(node.test), node.body, node.orelse)
    if isinstance(node, ast.While):
        yield ast.While(_opposite(node.test), node.body, node.orelse)
    if isinstance(node, ast.IfExp):
        yield ast.IfExp(_opposite(node.test), node.body, node.orelse)


def sign(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Turn ``-a``, ``not a`` and ``~a`` into ``a``."""
    if isinstance(node, ast.UnaryOp):
        yield node.operand


def call(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Turn ``f(a, b)`` and ``a.f()`` into ``a``."""
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
        if node.args and not isinstance(node.args[0], ast.Starred):
            yield node.args[0]


def arguments(node: ast.AST, _scope: Scope) -> Iterator[ast.AST]:
    """Drop an argument; swap two neighbouring arguments or items of a tuple."""
    if isinstance(node, ast.Call):
        for k in range(len(node.args)):
            yield ast.Call(node.func, [*node.args[:k], *node.args[k + 1 :]], node.keywords)
        for k in range(len(node.keywords)):
            yield ast.Call(node.func, node.args, [*node.keywords[:k], *node.keywords[k + 1 :]])
        for args in _exchanged(node.args):
            yield ast.Call(node.func, args, node.keywords)
    if isinstance(node, ast.Tuple):
        for items in _exchanged(node.elts):
            yield ast.Tuple(items, node.ctx)


def name(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """Replace a name by each of its two neighbours in the scope, since all names are too many."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for other in _neighbours(node.id, scope.names):
            yield ast.Name(other, ast.Load())
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        for other in _neighbours(node.attr, scope.attributes):
            yield ast.Attribute(node.value, other, node.ctx)


def removed(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Leave a statement out."""
    for k in range(len(body)):
        yield [*body[:k], *body[k + 1 :]] or [ast.Pass()]


def swapped(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Swap two neighbouring statements, unless both are functions, whose order is irrelevant."""
    for k, new in enumerate(_exchanged(body)):
        if not isinstance(body[k], ast.FunctionDef) or not isinstance(body[k + 1], ast.FunctionDef):
            yield new


def indented(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Move a block's last statement out of it, or the first one after it into it."""
    for k, block in enumerate(body):
        if not isinstance(block, (ast.For, ast.While, ast.With, ast.If)):
            continue
        if len(block.body) > 1:
            yield [*body[:k], _with_body(block, block.body[:-1]), block.body[-1], *body[k + 1 :]]
        if k + 1 < len(body):
            longer = _with_body(block, [*block.body, body[k + 1]])
            yield [*body[:k], longer, *body[k + 2 :]]


def unwrapped(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Replace a ``with`` or an ``if`` by its body."""
    for k, block in enumerate(body):
        if isinstance(block, (ast.With, ast.If)):
            yield [*body[:k], *block.body, *body[k + 1 :]]


def stopped(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """End a loop after its first round."""
    for k, block in enumerate(body):
        if isinstance(block, (ast.For, ast.While)):
            yield [*body[:k], _with_body(block, [*block.body, ast.Break()]), *body[k + 1 :]]


NODE_OPERATORS: tuple[Callable[[ast.AST, Scope], Iterator[ast.AST]], ...] = (
    comparison,
    arithmetic,
    constant,
    truth,
    sign,
    call,
    arguments,
    name,
)
BODY_OPERATORS: tuple[Callable[[Sequence[ast.stmt]], Iterator[list[ast.stmt]]], ...] = (
    removed,
    swapped,
    indented,
    unwrapped,
    stopped,
)


def _negative(value: float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(value))


def _opposite(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _exchanged(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    for k in range(len(items) - 1):
        yield [*items[:k], items[k + 1], items[k], *items[k + 2 :]]


def _neighbours(wanted: str, names: Sequence[str]) -> list[str]:
    if wanted not in names:
        return []
    k = names.index(wanted)
    beside = (names[k - 1], names[(k + 1) % len(names)])
    return [other for other in dict.fromkeys(beside) if other != wanted]


def _with_body(block: _Block, body: list[ast.stmt]) -> _Block:
    changed = copy.copy(block)
    changed.body = body
    return changed
