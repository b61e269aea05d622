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
    from collections.abc import Iterable, Mapping

    from grader.assignment import Assignment
    from grader.locate.parts import LocatedPart

_RECENT = 64


def is_given(mine: LocatedPart, given: LocatedPart, assignment: Assignment) -> bool | None:
    """Whether a part equals the reference's but for its blanks; ``None`` if that is not known."""
    one = around(mine, assignment)
    return None if one is None else one == around(given, assignment)


def filled_otherwise(
    numbers: Iterable[int],
    mine: Mapping[str, LocatedPart],
    given: Mapping[str, LocatedPart],
    assignment: Assignment,
) -> bool:
    """Whether a statement was not found, and the code around the blanks is not as given.

    The answer may then be there in another form, such as one statement for two blanks.
    """
    for number in numbers:
        part = mine.get(assignment.blank(number).part)
        site = part.blank(number) if part is not None else None
        if part is None or site is None or not site.own_statement or site.quoted or site.outside:
            continue
        if is_given(part, given[part.part.id], assignment) is False:
            return True
    return False


def around(part: LocatedPart, assignment: Assignment, *, with_absent: bool = False) -> str | None:
    """Return a digest of the part's syntax tree, without blanks, docstrings, prints and ``pass``.

    A blank that is a statement may be left empty: what stands in for it counts as nothing, too.

    With ``with_absent`` without what stands at the line of a blank in which no answer is known,
    too. ``None`` where a blank cannot be taken out.
    """
    lost = (site.line for site in part.blanks if site.state is BlankState.ABSENT and site.line)
    answered = [site.number for site in part.blanks if site.state is not BlankState.ABSENT]
    whole = neutralised(part, assignment, answered)
    if whole is None:
        return None
    neutral = (b.neutral for b in assignment.blanks_of(part.part.id) if b.kind == "statement")
    idle = frozenset(ast.dump(node) for text in neutral for node in parse(text).body)
    lines = frozenset(lost if with_absent else ())
    return _digest(whole.statements[0].source, whole.statements[0].pick, idle, lines)


@lru_cache(maxsize=_RECENT)  # the reference's is needed for every notebook
def _digest(text: str, pick: int, idle: frozenset[str], without: frozenset[int]) -> str | None:
    tree = parse(text).body[pick]
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            there = (line for line in body if line.lineno not in without or hasattr(line, "body"))
            kept = [line for line in there if not says_nothing(line) and ast.dump(line) not in idle]
            node.body = kept  # type: ignore[attr-defined]
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
