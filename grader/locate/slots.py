"""Finds one of several blanks in a call by its place among the arguments, where others may lack."""

from __future__ import annotations

import ast
import copy
from functools import cache
from typing import TYPE_CHECKING, Any

from grader.locate.patterns import ANY, HOLE, PatternMatch, compile_pattern, find, fits
from grader.notebook.syntax import parse, walk, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment.model import Blank
    from grader.locate.sites import Span


def in_slot(some: Sequence[str], tree: ast.AST) -> PatternMatch | None:
    """Return what stands in the hole of a pattern such as ``f(_, __, size=_)``.

    The last such call that has it counts. Unlike ``patterns.find`` this one takes calls that have
    fewer arguments, or more; the match is ``missing`` where it is this one that is not there.
    """
    missing = None
    for pattern in some:
        slot = _slot(pattern)
        if slot is None:
            continue
        around, call, place = slot
        matches = sorted(find(around, tree), key=lambda m: getattr(m.answer, "lineno", 0))
        for match in reversed(matches):
            got = match.answer
            if not isinstance(got, ast.Call) or _unpacks(got) or not _agrees(call, got):
                continue
            answer = _argument(got, place)
            if answer is None and isinstance(place, int):
                answer = _by_other_name(call, got, place)
            if answer is not None:
                return PatternMatch(match.node, answer=answer)
            missing = missing or PatternMatch(got, call=got, missing=True)
    return missing


def in_place(node: ast.AST, span: Span, neutral: Mapping[Blank, str]) -> str | None:
    """Return the statement at ``span`` with an expression in the place of each of some blanks.

    ``None`` where it holds other statements, or where a blank is not found in it.
    """
    found = (
        n
        for n in walk(node)
        if isinstance(n, ast.stmt) and (n.lineno, n.end_lineno) == (span.line, span.end_line)
    )
    statement = next(found, None)
    if statement is None or hasattr(statement, "body"):
        return None
    changed = copy.deepcopy(statement)
    new: dict[int, ast.expr] = {}
    for blank, text in neutral.items():
        expression = parse(text).body[0]
        match = next((m for p in blank.patterns for m in find(p, changed)), None)
        match = match or in_slot(blank.patterns, changed)
        if match is None or not isinstance(expression, ast.Expr):
            return None
        if match.answer is not None:
            new[id(match.answer)] = expression.value
        elif match.call is None or not _add(match.call, blank, expression.value):
            return None
    return written(_Replacing(new).visit(changed))


class _Replacing(ast.NodeTransformer):
    def __init__(self, new: Mapping[int, ast.expr]) -> None:
        self.new = new

    def visit(self, node: ast.AST) -> Any:
        """Return the node that replaces this one, or this one with those in it replaced."""
        return self.new[id(node)] if id(node) in self.new else self.generic_visit(node)


def is_expression(text: str) -> bool:
    """Say whether a neutral text is one expression, and no statement of another kind."""
    try:
        body = parse(text).body
    except SyntaxError:
        return False
    return len(body) == 1 and isinstance(body[0], ast.Expr)


@cache
def _slot(pattern: str) -> tuple[str, ast.Call, int | str] | None:
    """Return a pattern with a hole for its call, that call, and where in it the answer is."""
    whole = copy.deepcopy(compile_pattern(pattern))
    for call in ast.walk(whole):
        if not isinstance(call, ast.Call) or len(call.args) + len(call.keywords) < 2:
            continue
        places: list[tuple[int | str, ast.expr]] = [*enumerate(call.args)]
        places += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
        place = next((at for at, value in places if _named(value) == HOLE), None)
        if place is not None:
            around = _Replacing({id(call): ast.Name(HOLE)}).visit(whole)
            return ast.unparse(around), call, place
    return None


def _named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _agrees(wanted: ast.Call, got: ast.Call) -> bool:
    """Whether a call is of the same function, and what a pattern says of its arguments is true."""
    if not fits(ast.unparse(wanted.func), got.func):
        return False
    places: list[tuple[int | str, ast.expr]] = [*enumerate(wanted.args)]
    places += [(keyword.arg or "", keyword.value) for keyword in wanted.keywords]
    told = [(at, value) for at, value in places if _named(value) not in {ANY, HOLE}]
    return all(
        (argument := _argument(got, at)) is None or fits(ast.unparse(value), argument)
        for at, value in told
    )


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, str):
        return next((k.value for k in call.keywords if k.arg == place), None)
    return call.args[place] if len(call.args) > place else None


def _by_other_name(wanted: ast.Call, got: ast.Call, place: int) -> ast.expr | None:
    """Return a positional argument that is given by a name, which a pattern does not tell."""
    told = {keyword.arg for keyword in wanted.keywords}
    named = [keyword.value for keyword in got.keywords if keyword.arg not in told]
    at = place - len(got.args)
    return named[at] if at < len(named) else None


def _unpacks(call: ast.Call) -> bool:
    """Whether a call's arguments are in a list or a table, so that none has a place in the text."""
    starred = any(isinstance(one, ast.Starred) for one in call.args)
    return starred or any(keyword.arg is None for keyword in call.keywords)


def _add(call: ast.Call, blank: Blank, value: ast.expr) -> bool:
    """Add a missing argument to a call, if its place is the next one."""
    slot = next((slot for p in blank.patterns if (slot := _slot(p)) is not None), None)
    if slot is None:
        return False
    place = slot[2]
    if isinstance(place, str):
        call.keywords.append(ast.keyword(place, value))
        return True
    if place == len(call.args):
        call.args.append(value)
    return place < len(call.args)
