"""Finds a blank inside its part: where the answer stands, and whether there is one."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate import patterns
from grader.locate.near_misses import in_quotes, nearly
from grader.locate.sites import BlankSite, BlankState, Span, span_of
from grader.locate.slots import in_slot
from grader.locate.texts import CONFLICT
from grader.notebook.scan import indent, is_code
from grader.notebook.syntax import children, memoised, walk

if TYPE_CHECKING:
    from grader.assignment.model import Blank
    from grader.locate.statements import Code, Statement
from grader.locate.texts import SyntaxProblem


def blank_site(
    blank: Blank, statement: Statement, code: Code, problem: tuple[int, SyntaxProblem] | None
) -> BlankSite:
    """Return where a blank of a part is; ``problem`` is the line and the syntax error in it."""
    number, cell = blank.number, statement.cell
    if problem is not None:
        line, what = problem
        what = _innermost_bracket(what, code.lines(cell))
        # Where the parser stumbles elsewhere, the blank's own line is shown.
        if what.message != CONFLICT and not line <= what.line <= line + 3:
            what = replace(what, line=line, column=0, end_column=1)
        return BlankSite(number, BlankState.SYNTAX_ERROR, cell, what.line, problem=what)
    for pattern in blank.patterns:
        found = sorted(patterns.find(pattern, statement.node), key=_position)
        if found:
            return _matched(blank, found[-1], statement)
    slot = in_slot(blank.patterns, statement.node)
    if slot is not None:
        return _matched(blank, slot, statement)
    own = blank.kind == "statement"
    if own:
        misspelt = nearly(blank.patterns, statement.node)
        if misspelt is not None:
            return _matched(blank, patterns.PatternMatch(misspelt), statement)
        text = in_quotes(blank.patterns, statement.node)
        if text is not None:
            span = span_of(text, statement.source.split("\n"))
            return BlankSite(
                number, BlankState.ABSENT, cell, span.line, statement=span, quoted=True
            )
    after = _after(blank, statement, code) if own else None
    if after is not None:
        state = BlankState.ABSENT
        return BlankSite(number, state, after.cell, after.first, own_statement=True, outside=True)
    lines = enumerate(code.lines(cell)[: statement.last], start=1)
    fitting = (n for n, line in lines if n >= statement.first and re.search(blank.anchor, line))
    return BlankSite(number, BlankState.ABSENT, cell, next(fitting, 0), own_statement=own)


def _innermost_bracket(problem: SyntaxProblem, lines: list[str]) -> SyntaxProblem:
    """Return a bracket that is not closed as the one opened last, where the lines show that one.

    Python names the one that is left over, which is the template's where an answer's own is open.
    """
    if not problem.message.endswith("was never closed"):
        return problem
    for number in range(problem.line, len(lines)):
        text = lines[number].partition("#")[0]
        if text.lstrip()[:1] in (")", "]", "}", ""):
            return problem
        opened: list[int] = []
        for column, sign in enumerate(text):
            if sign in "([{":
                opened.append(column)
            elif sign in ")]}" and opened:
                opened.pop()
        if opened:
            at = opened[-1]
            message = f"'{text[at]}' was never closed"
            return replace(problem, message=message, line=number + 1, column=at, end_column=at + 1)
    return problem


def _after(blank: Blank, statement: Statement, code: Code) -> Statement | None:
    """Return what stands below the part and is the blank's answer.

    That is in the part's own cell, or in the next one where that begins as indented as what was
    inside the part: the cell was split.
    """
    cells = [statement.cell]
    following = [number for number in code.cells if number > statement.cell][:1]
    for number in following:
        first = next((line for line in code.lines(number) if is_code(line)), "")
        if indent(first) and not indent(code.lines(statement.cell)[statement.first - 1]):
            cells.append(number)
    fitting = code.holding(tuple(blank.patterns))
    below = (s for s in fitting if s.cell in cells and s.order > statement.order)
    return next(below, None)


def _position(match: patterns.PatternMatch) -> tuple[int, int]:
    return getattr(match.node, "lineno", 0), getattr(match.node, "col_offset", 0)


def _matched(blank: Blank, match: patterns.PatternMatch, statement: Statement) -> BlankSite:
    lines = statement.source.split("\n")
    around = _enclosing_statement(statement.node, match.node)
    outer = span_of(around, lines)
    if blank.kind == "statement":
        answer = outer
    elif match.call is not None:
        func = span_of(match.call.func, lines)
        call = span_of(match.call, lines)
        answer = Span(func.end_line, func.end_column + 1, call.end_line, call.end_column - 1)
    else:
        answer = span_of(match.answer or match.node, lines)
    empty = match.empty or _cut(lines, answer) == (blank.placeholder or None)
    state = BlankState.EMPTY if empty and blank.kind == "expression" else BlankState.ANSWERED
    line, column = _first(lines, answer, comment=state is BlankState.EMPTY)
    return BlankSite(
        number=blank.number,
        state=state,
        cell=statement.cell,
        line=line,
        answer=_cut(lines, answer),
        span=replace(answer, line=line, column=column),
        statement=outer,
    )


def _enclosing_statement(tree: ast.stmt, wanted: ast.AST) -> ast.AST:
    """Return the innermost statement of ``tree`` that contains ``wanted``."""
    return _statements_around(tree).get(wanted, tree)


@memoised
def _statements_around(tree: ast.AST) -> dict[ast.AST, ast.AST]:
    """Return the innermost statement for each node that is in another one than ``tree``."""
    found: dict[ast.AST, ast.AST] = {}
    for node in walk(tree):
        holder = found.get(node)
        for child in children(node):
            if isinstance(child, ast.stmt):
                found[child] = child
            elif holder is not None:
                found[child] = holder
    return found


def _first(lines: list[str], span: Span, *, comment: bool) -> tuple[int, int]:
    """Return where the first code of an answer stands, or its first comment; else where it begins.

    Columns count from 0. A comment may begin before the answer does, in its first line. A bracket
    alone in it is the template's, which a comma behind the answer makes a part of a tuple.
    """
    for line in range(span.line, span.end_line + 1):
        text = lines[line - 1] if line <= len(lines) else ""
        inside = line == span.line and not comment
        column = span.column if inside else len(text) - len(text.lstrip())
        rest = text[column:].strip()
        if rest.partition("#")[0].strip() == "(" and line < span.end_line and not comment:
            continue
        if rest and rest.startswith("#") is comment:
            return line, column
    return span.line, span.column


def _cut(lines: list[str], span: Span) -> str:
    """Return the text of an answer without its comment lines."""
    piece = lines[span.line - 1 : span.end_line]
    if not piece:
        return ""
    piece[-1] = piece[-1][: span.end_column]
    piece[0] = piece[0][span.column :]
    kept = [line for line in piece if not line.strip().startswith("#")]
    return "\n".join(kept).strip()
