"""Finds code by example: Python with holes, matched against the syntax tree.

In a pattern ``_`` stands for any expression, ``__`` for the answer that is looked for, ``f(__)``
for all arguments of a call and ``f(...)`` for a call with any arguments. Layout, comments and
parentheses do not matter.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from grader.notebook.syntax import parse, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ANY = "_"
HOLE = "__"
_IGNORED = {"ctx", "type_comment", "kind", "annotation", "simple"}


@dataclass(frozen=True)
class PatternMatch:
    """Where a pattern fits: the node, and what stands in its hole.

    ``answer`` is the expression in the hole; ``call`` is set instead when the hole is the whole
    argument list. Both are ``None`` for a pattern without a hole. ``missing`` says that the call
    lacks the argument that is looked for.
    """

    node: ast.AST
    answer: ast.expr | None = None
    call: ast.Call | None = None
    missing: bool = False

    @property
    def empty(self) -> bool:
        """Whether the hole holds nothing: ``f()``, ``()`` or a bare ``...``."""
        if self.missing:
            return True
        if self.call is not None:
            return not self.call.args and not self.call.keywords
        answer = self.answer
        if isinstance(answer, ast.Tuple):
            return not answer.elts
        return isinstance(answer, ast.Constant) and answer.value is Ellipsis


@cache
def compile_pattern(pattern: str) -> ast.AST:
    """Parse a pattern; raises ``SyntaxError`` when it is not Python."""
    statement = parse(pattern).body[0]
    return statement.value if isinstance(statement, ast.Expr) else statement


@cache
def _kinds(pattern: str) -> frozenset[type[ast.AST]]:
    """Return the node types that a pattern can fit; an empty set if any expression can."""
    wanted = compile_pattern(pattern)
    if isinstance(wanted, ast.Name) and wanted.id in {ANY, HOLE}:
        return frozenset()
    # ``x: T = v`` is read as ``x = v``.
    return frozenset({type(wanted), *((ast.AnnAssign,) if isinstance(wanted, ast.Assign) else ())})


def find(pattern: str, tree: ast.AST) -> Iterator[PatternMatch]:
    """Yield every place of ``tree`` that the pattern fits, in no particular order."""
    wanted = compile_pattern(pattern)
    kinds = _kinds(pattern)
    for node in walk(tree):
        if kinds and type(node) not in kinds:  # a cheap test that rules out nearly all nodes
            continue
        match = _match(wanted, node)
        if match is not None:
            yield match


def occurs(some: Iterable[str], tree: ast.AST) -> bool:
    """Say whether one of several patterns fits anywhere in ``tree``."""
    return any(True for pattern in some for _ in find(pattern, tree))


def in_tree(pattern: str, tree: ast.AST) -> bool:
    """Say whether the pattern fits anywhere in ``tree``."""
    return occurs((pattern,), tree)


def fits(pattern: str, node: ast.AST) -> bool:
    """Say whether the pattern fits this node itself."""
    return _match(compile_pattern(pattern), node) is not None


def _match(wanted: ast.AST, node: ast.AST) -> PatternMatch | None:
    holes: list[ast.expr | ast.Call] = []
    if not _same(wanted, _plain(node), holes):
        return None
    if not holes:
        return PatternMatch(node)
    hole = holes[0]
    as_call = any(isinstance(part, ast.Call) and _is_name(part.args, HOLE) for part in walk(wanted))
    if as_call and isinstance(hole, ast.Call):
        return PatternMatch(node, call=hole)
    return PatternMatch(node, answer=hole)


def _plain(node: ast.AST) -> ast.AST:
    """Read ``x: T = v`` as ``x = v``."""
    if isinstance(node, ast.AnnAssign) and node.value is not None:
        return ast.Assign(targets=[node.target], value=node.value)
    return node


def _is_name(args: list[ast.expr], name: str) -> bool:
    return len(args) == 1 and isinstance(args[0], ast.Name) and args[0].id == name


def _same(wanted: object, got: object, holes: list[ast.expr | ast.Call]) -> bool:
    if isinstance(wanted, ast.Name) and isinstance(got, ast.expr):
        if wanted.id == ANY:
            return True
        if wanted.id == HOLE:
            holes.append(got)
            return True
    if isinstance(wanted, list):
        return (
            isinstance(got, list)
            and len(wanted) == len(got)
            and all(_same(w, g, holes) for w, g in zip(wanted, got, strict=True))
        )
    if type(wanted) is not type(got):
        return False
    if not isinstance(wanted, ast.AST):
        return wanted == got
    if isinstance(wanted, ast.Call) and isinstance(got, ast.Call):
        if _is_name(wanted.args, HOLE):
            holes.append(got)
            return _same(wanted.func, got.func, holes)
        if len(wanted.args) == 1 and _is_ellipsis(wanted.args[0]):
            return _same(wanted.func, got.func, holes)
    return all(
        _same(value, getattr(got, name, None), holes)
        for name, value in ast.iter_fields(wanted)
        if name not in _IGNORED
    )


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is Ellipsis
