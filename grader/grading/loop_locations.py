"""Finds the line of a training loop that a remark is about: the one that was seen to do it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.notebook.syntax import DEFINITIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

# Codes about lines that are right by themselves and stand in the wrong place, or once too often.
_MISPLACED = frozenset(
    {
        *("cleared_before_step", "step_before_backward", "stale_gradient"),
        *("loss_of_earlier_batches", "doubled_step", "doubled_backward", "one_batch_only"),
    }
)
# Codes of lines that are reached for some batches only, or never.
_CONDITIONAL = ("_left_out", "_once_per_epoch")
_NEVER = ("missing_", "no_batches")
_LEAVING = (ast.Continue, ast.Break, ast.Return)


def loop_line(remark: Remark, check: Check, submission: Submission) -> tuple[int, int] | None:
    """Return cell and line of what a remark on a loop is about, as far as that was observed."""
    part = loop_of(check, submission)
    if part is None or remark.error is not None:
        return None
    if remark.lines and not (remark.observed or remark.code).startswith("missing_"):
        return remark.lines[0]
    if remark.code == "timeout":
        return _endless(part, submission)
    if remark.code.endswith(_CONDITIONAL) or remark.code.startswith(_NEVER):
        numbers = [remark.blank] if remark.blank is not None else check.blanks
        for number in numbers:
            if number in remark.spared and (line := _condition(number, part)):
                return (part.cell, line)
    return None


def misplaced(remark: Remark) -> bool:
    """Whether a remark is about a line that is right by itself: its place, or how often it runs."""
    if "stops_early" in (remark.code, remark.observed) and remark.at is not None:
        return True
    return remark.code in _MISPLACED or remark.code.endswith(_CONDITIONAL)


def is_spared(remark: Remark, line: tuple[int, int], submission: Submission) -> bool:
    """Whether a line belongs to an answer that is right word for word, and right where it stands.

    An exception is shown where it was raised, whoever is to blame.
    """
    if remark.error is not None or misplaced(remark):
        return False
    return is_answer(line, remark, submission)


def is_answer(line: tuple[int, int], remark: Remark, submission: Submission) -> bool:
    """Whether a line belongs to an answer that is right word for word."""
    cell, number = line
    for blank in remark.spared:
        site = submission.site(blank)
        if site is None or site.statement is None or site.cell != cell:
            continue
        if site.statement.line <= number <= site.statement.end_line:
            return True
    return False


def loop_of(check: Check, submission: Submission) -> LocatedPart | None:
    """Return the loop that a check of one part is about."""
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    return part if part is not None and part.part.kind == "loop" else None


def _condition(number: int, part: LocatedPart) -> int | None:
    """Return the line of the condition on which an answer depends, or that leaves the batch."""
    site = part.blank(number)
    if site is None or site.statement is None:
        return None
    found = None
    for statement in part.statements:
        for node in walk(statement.node):
            if isinstance(node, (ast.If, ast.IfExp)) and _around(node, site.line):
                found = node.lineno  # the innermost comes last
    if found is not None:
        return found
    leaving = [
        node.lineno
        for statement in part.statements
        for node in walk(statement.node)
        if isinstance(node, _LEAVING) and node.lineno < site.line
    ]
    return leaving[0] if len(leaving) == 1 else None


def _around(node: ast.AST, line: int) -> bool:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", None) or 0
    return first <= line <= last


def _endless(part: LocatedPart, submission: Submission) -> tuple[int, int] | None:
    """Return the line of the one loop that has no end: ``while True`` that nothing leaves."""
    found = [
        (cell, node.lineno)
        for cell, node in _loops(part, submission)
        if isinstance(node.test, ast.Constant)
        and node.test.value
        and not any(isinstance(inner, (ast.Break, ast.Return, ast.Raise)) for inner in walk(node))
    ]
    return found[0] if len(found) == 1 else None


def _loops(part: LocatedPart, submission: Submission) -> Iterator[tuple[int, ast.While]]:
    """Yield the ``while`` loops of a part, and those of the functions that it names."""
    names = {name for statement in part.statements for name in statement.needs}
    mine = {(statement.cell, statement.order) for statement in part.statements}
    for statement in submission.code.statements:
        node = statement.node
        called = isinstance(node, DEFINITIONS) and node.name in names
        if called or (statement.cell, statement.order) in mine:
            for inner in walk(node):
                if isinstance(inner, ast.While):
                    yield statement.cell, inner
