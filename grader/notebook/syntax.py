"""Parses text that strangers wrote: ``ast.parse`` with one kind of error, no warnings, no crash."""

from __future__ import annotations

import ast
import functools
import re
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*FUNCTIONS, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

_DEEPENS = re.compile(r"[-+*/%@&|^<>.(\[]")
_DEEP = 20_000
# Python refuses to read longer decimal numbers, but not to read others and to write them out.
_LONG_NUMBER = re.compile(r"0[xXoObB][0-9a-fA-F_]{3500,}")
_MOST_BITS = 13_000
# CPython counts the depth of the tree it builds in one counter for all threads: a second thread
# makes it raise SystemError ("recursion depth mismatch") now and then. The filters of warnings are
# shared too. The lock is reentrant because a finaliser may parse in the thread that holds it.
_ONE_AT_A_TIME = threading.RLock()


def parse(source: str) -> ast.Module:
    """Return the syntax tree of ``source``; every failure is a ``SyntaxError``.

    Text that no tree can be built for (NUL, unpaired surrogates, nesting without end) raises one
    with no line number. ``ast.parse`` alone would raise five kinds of exception.
    """
    if sys.version_info < (3, 11) and len(_DEEPENS.findall(source)) > _DEEP:
        # Before 3.11 a tree 200,000 operators deep overflows the C stack and ends the process.
        raise SyntaxError("too many operators")
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a student's string is no news for a grader
            tree = ast.parse(source)
    except SyntaxError:
        raise
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error) or "nested too deeply") from None
    if _LONG_NUMBER.search(source):
        for node in walk(tree):
            value = getattr(node, "value", None)
            if type(value) is int and value.bit_length() > _MOST_BITS:
                line = getattr(node, "lineno", 1)
                raise SyntaxError("a number with thousands of digits", ("", line, 1, ""))
    return tree


def parses(source: str) -> bool:
    """Say whether ``source`` is Python."""
    try:
        parse(source)
    except SyntaxError:
        return False
    return True


class _Memo(dict[str, Any]):
    """Results kept on a node. A copy of the node, which may be changed, starts with none."""

    def __deepcopy__(self, _memo: object) -> _Memo:
        return _Memo()


_Result = TypeVar("_Result")


def memoised(function: Callable[[ast.AST], _Result]) -> Callable[[ast.AST], _Result]:
    """Keep a function's result on the node that it is computed from.

    The judging process would otherwise spend most of its time computing the same things from the
    same trees. No tree is changed after it was parsed, and no result may be. A result must not
    refer to the node itself: such a cycle keeps the tree in memory.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @functools.wraps(function)
    def wrapper(node: ast.AST) -> _Result:
        memo: _Memo | None = node.__dict__.get("memo")
        if memo is None:
            memo = node.__dict__["memo"] = _Memo()
        if name not in memo:
            memo[name] = function(node)
        result: _Result = memo[name]
        return result

    return wrapper


@memoised
def unparse(node: ast.AST) -> str | None:
    """Return a statement as Python writes it; ``None`` if that would not parse to the same."""
    text = written(node)
    return text if text is not None and same(text, node) else None


def written(node: ast.AST) -> str | None:
    """Return code as Python writes it; ``None`` where it cannot, which may be no fault in it."""
    try:
        return ast.unparse(node)
    except (ValueError, RecursionError):
        return None


def same(text: str, node: ast.AST) -> bool:
    """Say whether a text is one statement, and the same code as ``node``."""
    try:
        body = parse(text).body
        return len(body) == 1 and ast.dump(body[0]) == ast.dump(node)
    except (SyntaxError, RecursionError):
        return False


def walk(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Return ``tree`` and all nodes below it, in the order of ``ast.walk``."""
    return (tree, *_below(tree)[0])


def depth(tree: ast.AST) -> int:
    """Return how many nodes lie one in another."""
    return _below(tree)[1]


@memoised
def _below(tree: ast.AST) -> tuple[tuple[ast.AST, ...], int]:
    """Return all nodes below a tree, level by level, and the number of levels."""
    found: list[ast.AST] = []
    level, levels = [tree], 0
    while level:
        level = [child for node in level for child in children(node)]
        found += level
        levels += 1
    return tuple(found), levels


def children(node: ast.AST) -> list[ast.AST]:
    """Return a node's direct children, in less than half the time of ``ast.iter_child_nodes``."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [part for part in value if isinstance(part, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found
