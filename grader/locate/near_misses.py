"""Finds an answer that nearly stands there: its method misspelt, or the whole line in quotes."""

from __future__ import annotations

import ast
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from grader.locate.patterns import compile_pattern, occurs
from grader.notebook.syntax import parse, walk

if TYPE_CHECKING:
    from collections.abc import Collection

# How much two names have in common that are the same but for their spelling, from 0 to 1.
_ALIKE = 0.75
_LONGEST = 2_000


def nearly(wanted: Collection[str], tree: ast.AST) -> ast.Call | None:
    """Return a statement of ``tree`` that calls a method of nearly a pattern's name."""
    names = {_method(compile_pattern(pattern)) for pattern in wanted} - {""}
    for node in walk(tree):
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and any(_alike(_method(call), name) for name in names):
            return call
    return None


def in_quotes(wanted: Collection[str], tree: ast.AST) -> ast.Expr | None:
    """Return a statement of ``tree`` that is a text, in which a pattern stands."""
    for node in walk(tree):
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        text = node.value.value
        if isinstance(text, str) and len(text) <= _LONGEST and _says(wanted, text):
            return node
    return None


def _says(wanted: Collection[str], text: str) -> bool:
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    try:
        tree = parse(lines)
    except SyntaxError:
        return False
    return occurs(wanted, tree)


def _method(node: ast.AST) -> str:
    """Return the name of the method that is called."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else ""


def _alike(name: str, wanted: str) -> bool:
    if name == wanted or not len(wanted) / 2 < len(name) < 2 * len(wanted):
        return False
    return SequenceMatcher(None, name, wanted).ratio() >= _ALIKE
