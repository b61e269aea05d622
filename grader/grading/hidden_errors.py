"""Finds an exception that a program catches itself, so that nothing of it is seen."""

from __future__ import annotations

import ast
import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.checks.remark import Remark
    from grader.locate.program import Program, ProgramStatement
    from grader.locate.statements import Statement


def without_handlers(program: Program) -> Program | None:
    """Return the program whose own lines catch nothing; ``None`` where they catch nothing anyway.

    What is carried out where no exception is raised is the same.
    """
    entries = tuple(_bare(entry) for entry in program.entries)
    return None if entries == program.entries else replace(program, entries=entries)


def hidden(found: Iterable[Remark], program: Program, severe: Sequence[Remark]) -> list[Remark]:
    """Return of the remarks ``found`` without handlers an exception that a handler hides.

    ``severe`` are the errors of the program as it is: where these are on no blank, neither is it.
    """
    for remark in found:
        frames = {(cell, line) for cell, line in remark.error["frames"]} if remark.error else set()
        for cell, body, handler in _handlers(program):
            if any(at == cell and line in body for at, line in frames):
                when = (
                    f"{remark.facts.get('when') or 'when it is run'}, where line {handler} hides it"
                )
                facts = {**remark.facts, "when": when, "hidden": 1}
                blank = None if any(one.blank is None for one in severe) else remark.blank
                return [replace(remark, facts=facts, blank=blank)]
    return []


def as_hidden(remark: Remark) -> Remark:
    """Return the remark on an exception that no listed mistake explains: nothing stops with it."""
    known = remark.code != "raises" or not remark.facts.get("hidden")
    return remark if known else replace(remark, code="hidden_error")


def _bare(entry: ProgramStatement) -> ProgramStatement:
    statement: Statement = entry.statement
    if not entry.own or not any(map(_catches, walk(statement.node))):
        return entry
    try:
        node = _Bare().visit(copy.deepcopy(statement.node))
    except RecursionError:
        return entry
    return (
        entry if isinstance(node, list) else replace(entry, statement=replace(statement, node=node))
    )


class _Bare(ast.NodeTransformer):
    """Puts the lines that are watched for exceptions in the place of what watches them."""

    def visit_Try(self, node: ast.Try) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return [*node.body, *node.orelse, *node.finalbody] if _catches(node) else node

    def visit_With(self, node: ast.With) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        return node.body if _catches(node) else node


def _catches(node: ast.AST) -> bool:
    """Whether a statement ends exceptions of its body, and raises none itself."""
    if isinstance(node, ast.With):
        calls = [item.context_expr for item in node.items]
        return all(isinstance(c, ast.Call) and dotted(c.func).endswith("suppress") for c in calls)
    if not isinstance(node, ast.Try) or not node.handlers:
        return False
    return not any(isinstance(inner, ast.Raise) for h in node.handlers for inner in walk(h))


def _handlers(program: Program) -> Iterator[tuple[int, range, int]]:
    """Yield for each such statement its cell, the lines of its body, and the line that catches."""
    for entry in program.entries if program else ():
        for node in walk(entry.statement.node) if entry.own else ():
            if _catches(node) and isinstance(node, (ast.Try, ast.With)):
                last = node.body[-1].end_lineno or node.body[-1].lineno
                caught = node.handlers[0].lineno if isinstance(node, ast.Try) else node.lineno
                yield entry.statement.cell, range(node.body[0].lineno, last + 1), caught
