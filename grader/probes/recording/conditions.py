"""Finds the numbers in a loop beyond which it may do something else: counts, sizes, epochs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.probes.environment.running import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_UPDATES = frozenset({"backward", "step", "zero_grad"})
_LEAVING = (ast.Continue, ast.Break, ast.Return, ast.Raise)
# What a condition may be made of that depends on names alone.
_FIXED = (ast.Name, ast.Constant, ast.Compare, ast.BoolOp, ast.UnaryOp, ast.BinOp)
_FIXED += (ast.expr_context, ast.cmpop, ast.boolop, ast.unaryop, ast.operator)  # type: ignore[assignment]
_ENDING = frozenset({"exit", "quit", "_exit", "next"})
_LIMITING = frozenset({"islice", "zip", "next", "takewhile", "compress"})
_CUTTING = frozenset({"narrow", "split", "chunk", "index_select", "head", "topk"})


@dataclass(frozen=True)
class LoopLimits:
    """The numbers that decide how often a loop updates, and whether it takes batches apart.

    ``names`` are those that stand in these conditions.
    """

    counts: tuple[int, ...]
    cuts: bool
    names: frozenset[str] = frozenset()


def parts_of(program: dict[str, Any]) -> list[ast.stmt]:
    """Return the part's own statements, and the functions and classes that it may call."""
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [
        statement
        for statement, own in statements_of(program)
        if own or isinstance(statement, definitions)
    ]


def limits_of(statements: Iterable[ast.stmt], namespace: Mapping[str, Any]) -> LoopLimits:
    """Return the limits in some statements; a name that holds a whole number counts as it.

    A condition counts where an update depends on it, or whether a pass goes on.
    """
    counts: set[int] = set()
    cuts = False
    names: set[str] = set()
    for statement in statements:
        for node in ast.walk(statement):
            for test in _deciding(node):
                counts |= set(_numbers(test, namespace))
                names |= {part.id for part in ast.walk(test) if isinstance(part, ast.Name)}
            cuts = cuts or _cuts(node)
    return LoopLimits(tuple(sorted(counts)), cuts, frozenset(names))


def endless_loop(statements: Iterable[ast.stmt]) -> int | None:
    """Return the line of a ``while`` whose condition can never change, and that nothing leaves."""
    nodes = [node for statement in statements for node in ast.walk(statement)]
    shared = {name for node in nodes if isinstance(node, ast.Global) for name in node.names}
    for loop in nodes:
        if not isinstance(loop, ast.While):
            continue
        inside = [node for child in loop.body for node in ast.walk(child)]
        stored = {n.id for n in inside if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        test = list(ast.walk(loop.test))
        names = {node.id for node in test if isinstance(node, ast.Name)}
        fixed = all(isinstance(node, _FIXED) for node in test)
        if isinstance(loop.test, ast.Constant) and not loop.test.value:
            continue
        if fixed and not names & (stored | shared) and not any(map(_leaves, inside)):
            return loop.lineno
    return None


def _leaves(node: ast.AST) -> bool:
    called = _called(node) if isinstance(node, ast.Call) else ""
    return isinstance(node, (ast.Break, ast.Return, ast.Raise)) or called in _ENDING


def _deciding(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the expressions by which a node decides whether an update follows."""
    if isinstance(node, (ast.If, ast.While)):
        if any(_matters(part) for child in (*node.body, *node.orelse) for part in ast.walk(child)):
            yield node.test
    elif isinstance(node, (ast.IfExp, ast.BoolOp)):
        if any(_updates(part) for part in ast.walk(node)):
            yield node
    elif isinstance(node, ast.For):
        calls = [part for part in ast.walk(node.iter) if isinstance(part, ast.Call)]
        slices = any(isinstance(part, ast.Slice) for part in ast.walk(node.iter))
        if (
            slices
            or any(_called(call) in _LIMITING for call in calls)
            or any(
                isinstance(part, ast.Call) and _called(part) == "next"
                for child in node.body
                for part in ast.walk(child)
            )
        ):
            yield node.iter


def _matters(node: ast.AST) -> bool:
    return isinstance(node, _LEAVING) or _updates(node)


def _updates(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _called(node) in _UPDATES


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _numbers(test: ast.AST, namespace: Mapping[str, Any]) -> Iterator[int]:
    for node in ast.walk(test):
        value = None
        if isinstance(node, ast.Constant):
            value = node.value
        elif isinstance(node, ast.Name):
            value = namespace.get(node.id)
        if type(value) is int and 0 <= value <= 10**6:
            yield value


def _cuts(node: ast.AST) -> bool:
    """Whether a node takes some of the images of a batch, at a place that a number tells."""
    if isinstance(node, ast.Call):
        return _called(node) in _CUTTING
    return isinstance(node, ast.Slice) and (node.upper is not None or node.lower is not None)
