"""Finds a block in a student's part: what stands between the given statements around it."""

from __future__ import annotations

import ast
import textwrap
from itertools import takewhile
from typing import TYPE_CHECKING

from grader.locate.outlines import given, suites_in, without_docstring
from grader.locate.sites import BlankSite, BlankState, Span, span_of
from grader.locate.texts import SyntaxProblem
from grader.notebook.scan import is_code
from grader.notebook.syntax import DEFINITIONS, FUNCTIONS, parse, walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment.model import Blank
    from grader.locate.outlines import GivenStatement, Outline
    from grader.locate.statements import Code, Statement


def block_site(
    blank: Blank,
    outline: Outline,
    statement: Statement,
    code: Code,
    problem: SyntaxProblem | None = None,
    *,
    empty: bool = False,
) -> BlankSite:
    """Return where a block of a part is; ``problem`` is the syntax error in it.

    It is ``empty`` where only what was put there stands.
    """
    found = None if problem is not None else _site(blank, outline, statement, empty=empty)
    if found is not None and found.state is BlankState.EMPTY:
        problem = _outside(statement, code)
    if found is not None and problem is None:
        return found
    assert problem is not None
    state, span = BlankState.SYNTAX_ERROR, found.statement if found is not None else None
    line = problem.line
    return BlankSite(blank.number, state, statement.cell, line, statement=span, problem=problem)


def _outside(statement: Statement, code: Code) -> SyntaxProblem | None:
    """Return the syntax error of a body that stands below its function, at the left margin."""
    for below in code.statements:
        if below.cell != statement.cell or below.order <= statement.order:
            continue
        if isinstance(below.node, DEFINITIONS):
            break
        if isinstance(below.node, ast.Return):
            return SyntaxProblem("'return' outside function", below.first, 0, len("return"))
    return None


def _site(blank: Blank, outline: Outline, statement: Statement, *, empty: bool) -> BlankSite:
    number, cell, node = blank.number, statement.cell, statement.node
    lines = statement.source.split("\n")
    if outline.owner is None:
        body = getattr(node, "body", [node])
        nothing = isinstance(node, DEFINITIONS) and is_idle(body, blank)
        return _filled(number, cell, [node], lines, empty=empty or nothing)
    held = _suite(outline, node)
    if held is None:
        return BlankSite(number, BlankState.ABSENT, cell, 0)
    owner, whole = held
    suite = without_docstring(whole, owner)
    start, end = _between(outline, suite, exact=False)
    if is_idle(suite[start:end], blank):
        # Only given lines as they were given leave nothing for an answer.
        start, end = _between(outline, suite, exact=True)
    found = suite[start:end]
    if found:
        return _filled(number, cell, found, lines, empty=empty or is_idle(found, blank))
    docstring = whole[0] if len(suite) < len(whole) else None
    above = suite[start - 1] if start else docstring
    line, span = _free(above, owner, whole, lines, outline.marker)
    return BlankSite(number, BlankState.EMPTY, cell, line, span=span, statement=span)


def _free(
    above: ast.stmt | None,
    owner: ast.stmt,
    suite: Sequence[ast.stmt],
    lines: Sequence[str],
    marker: str,
) -> tuple[int, Span | None]:
    """Return where something may be put into a block with no statement in it.

    That is at its marker, else at its first comment, else at a free line, else behind the
    statement above.
    """
    last = (above.end_lineno or 0) if above is not None else suite[0].lineno - 1
    below = takewhile(lambda n: not is_code(lines[n - 1]), range(last + 1, len(lines) + 1))
    free = list(below) if above is not None else [n for n in [last] if n > owner.lineno]
    free = [n for n in free if not is_code(lines[n - 1])]
    marked = [n for n in free if marker in lines[n - 1]]
    line = [*marked, *(n for n in free if lines[n - 1].strip()), *free, last][0]
    span = None
    if free:
        span = Span(line, suite[0].col_offset, line, len(lines[line - 1]))
    elif above is not None and not hasattr(above, "body"):
        end = span_of(above, lines)
        span = Span(end.end_line, end.end_column, end.end_line, end.end_column)
    return line, span


def _suite(outline: Outline, node: ast.stmt) -> tuple[ast.stmt, list[ast.stmt]] | None:
    """Return the statement and its suite in which a block of this outline has to be."""
    wanted = outline.owner
    assert wanted is not None
    body: list[ast.stmt] | None = getattr(node, "body", None)
    if not outline.inner and isinstance(node, DEFINITIONS) and body:
        return node, body
    inside: ast.AST = node
    if outline.method:
        methods = (n for n in walk(node) if isinstance(n, FUNCTIONS) and n.name == outline.method)
        inside = next(methods, node)
        if inside is node:
            return None
    kind = wanted.exact.partition(" ")[0]
    fitting: list[tuple[tuple[bool, int], tuple[ast.stmt, list[ast.stmt]]]] = []
    for owner, suite in suites_in(inside):
        if type(owner).__name__ == kind and isinstance(owner, ast.stmt):
            start, end = _between(outline, suite, exact=False)
            given_there = start + len(suite) - end
            fitting.append(((given(owner).form == wanted.form, given_there), (owner, suite)))
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    # The statement around it was written anew: the whole body may be the answer.
    around: list[ast.stmt] | None = getattr(inside, "body", None)
    return (inside, around) if isinstance(inside, ast.stmt) and around else None


def _between(outline: Outline, suite: Sequence[ast.stmt], *, exact: bool) -> tuple[int, int]:
    """Return where the block begins and ends between the given statements that were kept."""
    start = _kept(outline.before, suite, exact=exact)
    rest = list(reversed(suite[start:]))
    return start, len(suite) - _kept(tuple(reversed(outline.after)), rest, exact=exact)


def _kept(some: Sequence[GivenStatement], suite: Sequence[ast.stmt], *, exact: bool) -> int:
    """Return how many statements at the beginning of a suite are the given ones.

    A given one may be missing; one further on counts only where it is the same word for word.
    """
    mine = [given(node) for node in suite]
    at = 0
    for place, one in enumerate(some):
        following = next((g for g in some[place + 1 :] if g.kind == "given"), None)
        if one.kind == "block":
            fitting = (k for k in range(at, len(mine)) if mine[k] == following)
            at = next(fitting, at)
        elif one.kind == "blank":
            missing = at == len(mine) or (following and mine[at].form == following.form)
            at += not missing
        elif at < len(mine) and (mine[at] == one or (not exact and mine[at].form == one.form)):
            at += 1
        else:
            at = next((k + 1 for k in range(at, len(mine)) if mine[k] == one), at)
    return at


def _filled(
    number: int, cell: int, nodes: Sequence[ast.stmt], lines: Sequence[str], *, empty: bool
) -> BlankSite:
    first, last = span_of(nodes[0], lines), span_of(nodes[-1], lines)
    decorators = getattr(nodes[0], "decorator_list", [])
    line = min([first.line, *(d.lineno for d in decorators)])
    column = min([first.column, *(d.col_offset - 1 for d in decorators)])
    span = Span(line, column, last.end_line, last.end_column)
    state = BlankState.EMPTY if empty else BlankState.ANSWERED
    return BlankSite(number, state, cell, line, _text(lines, span), span, span)


def _text(lines: Sequence[str], span: Span) -> str:
    piece = list(lines[span.line - 1 : span.end_line])
    piece[-1] = piece[-1][: span.end_column]
    before = piece[0][: span.column]
    if before.strip():  # it begins behind a colon
        piece[0] = piece[0][span.column :]
        return "\n".join(piece)
    return textwrap.dedent("\n".join(piece))


def is_idle(nodes: Sequence[ast.stmt], blank: Blank) -> bool:
    """Say whether statements do nothing: ``pass``, ``...``, the placeholder, "not implemented"."""
    held = [ast.dump(node) for node in parse(blank.placeholder).body] if blank.placeholder else []
    return all(_does_nothing(node) or ast.dump(node) in held for node in nodes)


def _does_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if not isinstance(node, ast.Raise):
        return False
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
