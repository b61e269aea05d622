"""Compares answers as code, whatever their layout."""

from __future__ import annotations

import ast
import re
import textwrap
from functools import lru_cache

from grader.notebook.syntax import parse, walk

# Characters. No listed answer is nearly as long, and a longer one is compared with each of them.
_LONGEST = 2_000
_LONGEST_BLOCK = 20_000
BLOCK = "block"


def answer_tree(text: str, kind: str) -> ast.AST | None:
    """Return an answer's syntax tree; ``None`` if it does not parse or is longer than any listed.

    ``kind`` is the blank's: the tree of an "expression" is that of the arguments, if several, that
    of a "block" holds all its statements.
    """
    if len(text) > (_LONGEST_BLOCK if kind == BLOCK else _LONGEST):
        return None
    try:
        if kind == BLOCK:
            return _block(text)
        tree = parse(f"_({text}\n)" if kind == "expression" else text)
    except SyntaxError:
        return None
    if len(tree.body) != 1:
        return None
    node = tree.body[0]
    if not isinstance(node, ast.Expr):
        return node
    if kind == "expression" and isinstance(node.value, ast.Call):
        arguments = node.value
        single = len(arguments.args) == 1 and not arguments.keywords
        return arguments.args[0] if single else arguments
    return node.value


def same_text(one: str, other: str, kind: str) -> bool:
    """Say whether two answers are the same code, whatever their layout."""
    codes = [_dumped(text, kind) for text in (one, other)]
    if codes[0] is None or codes[1] is None:
        return one.split() == other.split()
    return codes[0] == codes[1]


def same_form(one: str, other: str, kind: str) -> bool:
    """Say whether two answers are the same code but for the names of variables.

    Those of a block are its own, and each has one other name throughout.
    """
    if kind == BLOCK:
        trees = [answer_tree(text, kind) for text in (one, other)]
        forms = [_by_position(tree) for tree in trees]
        return None not in forms and forms[0] == forms[1]
    codes = [_dumped(text, kind) for text in (one, other)]
    forms = [re.sub(r"id='\w+'", "id=''", code) for code in codes if code is not None]
    return len(forms) == len(codes) and forms[0] == forms[1]


@lru_cache(maxsize=256)  # an answer is compared with every listed one, again and again
def _dumped(text: str, kind: str) -> str | None:
    tree = answer_tree(text, kind)
    try:
        return None if tree is None else ast.dump(tree)
    except RecursionError:
        return None


def _block(text: str) -> ast.Module:
    """Parse a block, which may be indented, or hold a text over lines that are less so."""
    try:
        return parse(textwrap.dedent(text))
    except SyntaxError:
        held = parse(f"if _:\n{text}").body[0]
        return ast.Module(getattr(held, "body", []), [])


def _by_position(tree: ast.AST | None) -> str | None:
    """Return a block's code with a number in place of each name that it gives a value."""
    if tree is None:
        return None
    nodes = list(walk(tree))
    bound = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    numbers: dict[str, str] = {}

    def number(found: re.Match[str]) -> str:
        name = found[1]
        return f"id={numbers.setdefault(name, str(len(numbers)))}" if name in bound else found[0]

    try:
        return re.sub(r"\bid='(\w+)'", number, ast.dump(tree))
    except RecursionError:
        return None
