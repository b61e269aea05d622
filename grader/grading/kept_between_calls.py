"""Finds what a function keeps from one call to the next, where the code shows it."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import FUNCTIONS, walk
from grader.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_CODE = "remembers_earlier_calls"
_CACHES = frozenset({"lru_cache", "cache", "cached", "memoize", "memoized"})
_CACHE = (
    " What the marked line puts around it hands out an earlier call's result for the same"
    " arguments, though the model among them has learned meanwhile."
)
_DEFAULT = " A default value is made once, with the function, and {name} keeps what calls put in."
_OUTSIDE = " {name} is made once, outside the function, and keeps what earlier calls have put in."
# A line, and a sentence on it.
_Found = tuple[int, str]


def with_what_is_kept(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark on earlier calls with the line of what they have left behind."""
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if part is None or remark.code != _CODE or remark.culprit is not None:
        return remark
    own = [s for s in part.statements if isinstance(s.node, FUNCTIONS)]
    for statement in own[:1]:
        assert isinstance(statement.node, FUNCTIONS)
        outside = {
            name
            for name, binders in submission.code.binders.items()
            if any(isinstance(s.node, ast.Assign) for s in binders)
        }
        roles = {n for names in submission.roles.by_role.values() for n in names}
        for found in (
            _cached(statement.node),
            _defaults(statement.node),
            _outside(statement.node, outside - roles),
        ):
            for line, words in found:
                facts = {**remark.facts, "kept": words}
                return replace(remark, culprit=(statement.cell, line), facts=facts)
    return remark


def _cached(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Found]:
    for decorator in function.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if dotted(named).rpartition(".")[2] in _CACHES:
            yield decorator.lineno, _CACHE


def _defaults(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[_Found]:
    """Yield the defaults that the function writes into."""
    given = function.args
    places = [*given.posonlyargs, *given.args]
    pairs = [*zip(reversed(places), reversed(given.defaults), strict=False)]
    pairs += [(a, d) for a, d in zip(given.kwonlyargs, given.kw_defaults, strict=True) if d]
    written = set(_written(function))
    for argument, default in pairs:
        if argument.arg in written and not isinstance(default, ast.Constant):
            yield default.lineno, _DEFAULT.format(name=quoted(argument.arg))


def _outside(
    function: ast.FunctionDef | ast.AsyncFunctionDef, outside: set[str]
) -> Iterator[_Found]:
    """Yield the last use of the one object from outside that the function writes into."""
    nodes = walk(function)
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    names = [node for node in nodes if isinstance(node, ast.Name)]
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    kept = set(_written(function)) & (outside - own)
    for name in kept if len(kept) == 1 else ():
        last = max(node.lineno for node in names if node.id == name)
        yield last, _OUTSIDE.format(name=quoted(name))


def _written(function: ast.AST) -> Iterator[str]:
    """Yield the names of objects that a function writes into, or calls for nothing else."""
    for node in walk(function):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name):
                yield node.value.id
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            yield dotted(node.value.func).rpartition(".")[0]
