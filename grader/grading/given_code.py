"""Whether the code around a part's blanks is still the code that was given."""

from __future__ import annotations

import ast
import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from grader.locate.parts import neutralised
from grader.locate.sites import BlankState
from grader.notebook.syntax import parse

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.locate.parts import LocatedPart

_RECENT = 64


def is_given(mine: LocatedPart, given: LocatedPart, assignment: Assignment) -> bool | None:
    """Whether a part equals the reference's but for its blanks; ``None`` if that is not known."""
    one = around(mine, assignment)
    return None if one is None else one == around(given, assignment)


def around(part: LocatedPart, assignment: Assignment, *, with_absent: bool = False) -> str | None:
    """Return a digest of the part's syntax tree, without blanks, docstrings, prints and ``pass``.

    With ``with_absent`` without what stands at the line of a blank in which no answer is known,
    too. ``None`` where a blank cannot be taken out.
    """
    lost = (site.line for site in part.blanks if site.state is BlankState.ABSENT and site.line)
    answered = [site.number for site in part.blanks if site.state is not BlankState.ABSENT]
    whole = neutralised(part, assignment, answered)
    if whole is None:
        return None
    lines = frozenset(lost if with_absent else ())
    return _digest(whole.statements[0].source, whole.statements[0].pick, lines)


@lru_cache(maxsize=_RECENT)  # the reference's is needed for every notebook
def _digest(text: str, pick: int, without: frozenset[int]) -> str | None:
    tree = parse(text).body[pick]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            kept = (line for line in body if line.lineno not in without or hasattr(line, "body"))
            node.body = [line for line in kept if not says_nothing(line)]  # type: ignore[attr-defined]
    try:
        return hashlib.sha256(ast.dump(tree).encode("utf-8", "surrogatepass")).hexdigest()
    except RecursionError:
        return None


def says_nothing(node: ast.stmt) -> bool:
    """Whether a statement is a ``pass``, a docstring or a print."""
    if isinstance(node, ast.Pass):
        return True
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id == "print"
    return isinstance(value, ast.Constant)
