"""Finds the lines of the student's notebook that a remark is about."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.grading.loop_locations import is_spared, loop_line, loop_of
from grader.locate.blanks import BlankSite, BlankState
from grader.report import SourceLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Check, Mistake
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

# What has no line of its own where none was seen doing it: another check, the machine, and what is
# missing or shows where right lines meet.
_NOWHERE = frozenset(
    {
        *("follows", "module_missing", "not_on_device", "devices_mixed", "array_off_the_cpu"),
        *("not_in_eval_mode", "gradients_on", "short_batches_left_out", "batches_left_out"),
        *("images_left_out", "model_left_elsewhere"),
    }
)
_WHOLE_LOOP = frozenset({"never_called"})
_MOST_LINES = 7
_LINE = 400

Location = tuple["int | None", "int | None", "tuple[int, int] | None", tuple[SourceLine, ...]]


def location_of(remark: Remark, check: Check, submission: Submission) -> Location:
    """Return cell, line, underlined columns and the lines around; ``None`` for what is open.

    Lines count from 1 in their cell, columns from 0 in their line.
    """
    site = submission.site(remark.blank) if remark.blank is not None else None
    at = loop_line(remark, check, submission)
    if at is not None and not (site and _frame_in(site, [list(at)])):
        return _observed_place(at, remark, submission)
    if loop_of(check, submission) is not None and remark.spared:
        place = _usual_place(remark, site, check, submission)
        cell, line = place[:2]
        if cell is None or line is None or is_spared(remark, (cell, line), submission):
            return (cell, None, None, ())
        return place
    return _usual_place(remark, site, check, submission)


def _observed_place(at: tuple[int, int], remark: Remark, submission: Submission) -> Location:
    """Return the place of a line that was seen to do it, none where that line is right."""
    cell, line = at
    if is_spared(remark, at, submission):
        return (cell, None, None, ())
    return (cell, line, None, _lines(submission, cell, line - 1, line + 1))


def _seen_place(
    remark: Remark, site: BlankSite | None, check: Check, submission: Submission
) -> Location | None:
    """Return the place that was seen doing it, ``None`` where nothing outside the blank was."""
    frames: list[Any] = remark.error["frames"] if remark.error else []
    if remark.set_at:
        return _where_set(remark.set_at, check, submission)
    if remark.at is not None and not (site and _frame_in(site, [list(remark.at)])):
        place, its = remark.at
        return (place, its, None, _lines(submission, place, its, its))
    if frames and not (site and _frame_in(site, frames)):
        where, stopped = _raised_at(remark, check, submission)
        return (where, stopped, None, _lines(submission, where, stopped - 1, stopped + 1))
    return None


def _usual_place(
    remark: Remark, site: BlankSite | None, check: Check, submission: Submission
) -> Location:
    seen = _seen_place(remark, site, check, submission)
    if seen is not None:
        return seen
    if site is not None and (site.line or site.problem):
        return _site_place(site, check, submission)
    part = next((submission.parts[p] for p in check.parts if p in submission.parts), None)
    if part is None or len(check.parts) > 1 or remark.code in _NOWHERE:
        # A remark on several parts, another check or the machine has no line of its own.
        return (None, None, None, ())
    if part.problem is not None and part.blanks:
        return _site_place(part.blanks[0], check, submission)
    if part.part.kind == "loop":
        if remark.code in _WHOLE_LOOP:
            return _loop_place(part, None, check, submission)
        # Nothing shows which of its lines did it.
        return (part.cell, None, None, ())
    method = _method(part, str(check.options.get("method", "")))
    if method is not None:
        first, last = method
        return (part.cell, first, None, _lines(submission, part.cell, first, last))
    line = _written(remark.mistake, part, submission)
    if not line and remark.of_result:
        line = _last_return(part)
    line = line or part.first
    return (part.cell, line, None, _lines(submission, part.cell, line, line))


def _where_set(name: str, check: Check, submission: Submission) -> Location:
    """Return the last statement of the check's class that sets an attribute of ``self``."""
    part = next((submission.parts[p] for p in check.parts if p in submission.parts), None)
    found = [
        node
        for node in (ast.walk(part.statements[0].node) if part and part.statements else ())
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute) and target.attr == name
    ]
    if not part or not found:
        return (None, None, None, ())
    node = max(found, key=lambda node: node.lineno)
    first, last = node.lineno, node.end_lineno or node.lineno
    # A call over several lines ends in what makes a tuple of it.
    line = last if isinstance(node.value, ast.Tuple) else first
    return (part.cell, line, None, _lines(submission, part.cell, first, last))


def _raised_at(remark: Remark, check: Check, submission: Submission) -> tuple[int, int]:
    """Return cell and line of an exception: of the listed mistake's edit that leads to it, or its.

    It may be raised where right lines use what another one made.
    """
    assert remark.error is not None
    cell, line = remark.error["frames"][-1]
    part = submission.parts.get(check.parts[0]) if len(check.parts) == 1 else None
    if remark.blank is not None or part is None:
        return cell, line
    edits = remark.mistake.edits if remark.mistake is not None else ()
    new = {_bare(text) for edit in edits for text in edit.text.splitlines()}
    if _bare(_text(submission, cell, line)) in new:
        return cell, line
    written = _written(remark.mistake, part, submission)
    return (cell, line) if written is None else (part.cell, written)


def _written(mistake: Mistake | None, part: LocatedPart, submission: Submission) -> int | None:
    """Return the line of the part that has the text of the listed mistake's edit."""
    lines = [_bare(line) for line in submission.code.lines(part.cell)[part.first - 1 : part.last]]
    for edit in mistake.edits if mistake is not None else ():
        if edit.part != part.part.id:
            continue
        given = {_bare(line) for line in (edit.find or "").splitlines()}
        for text in (_bare(line) for line in edit.text.splitlines()):
            if not text or text == "pass" or text in given:
                continue
            kept = [line for line in given if text in line]
            for number, line in enumerate(lines, start=part.first):
                if text in line and not any(whole in line for whole in kept):
                    return number
    return None


def _bare(line: str) -> str:
    return "".join(line.split())


def _last_return(part: LocatedPart) -> int | None:
    """Return the line of the last ``return`` of the part's own function."""
    found = [node.lineno for node in _own_nodes(part) if isinstance(node, ast.Return)]
    return max(found, default=None)


def _own_nodes(part: LocatedPart) -> Iterator[ast.AST]:
    todo = list(getattr(part.statements[0].node, "body", ())) if part.statements else []
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            todo.extend(ast.iter_child_nodes(node))


def _method(part: LocatedPart, name: str) -> tuple[int, int] | None:
    """Return the first and last line of a method of the part's class."""
    for node in getattr(part.statements[0].node, "body", ()) if part.statements else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node.lineno, node.end_lineno or node.lineno
    return None


def _frame_in(site: BlankSite, frames: list[list[int]]) -> bool:
    """Whether an exception passed through the blank's own statement."""
    if site.statement is None:
        return False
    first, last = site.statement.line, site.statement.end_line
    return any(cell == site.cell and first <= line <= last for cell, line in frames)


def _site_place(site: BlankSite, check: Check, submission: Submission) -> Location:
    if site.problem is not None:
        problem = site.problem
        span = (problem.column, problem.end_column)
        around = _lines(submission, site.cell, problem.line - 1, problem.line + 1)
        return (site.cell, problem.line, span, around)
    line, first, last = site.line, site.line - 1, site.line + 1
    if site.statement is not None:
        first, last = site.statement.line, min(site.statement.end_line, site.statement.line + 4)
    part = next((p for p in submission.parts.values() if p.blank(site.number)), None)
    if part is not None and part.part.kind == "loop" and part.cell == site.cell:
        return _loop_place(part, site, check, submission)
    return (site.cell, line, _span(site, submission), _lines(submission, site.cell, first, last))


def _loop_place(
    part: LocatedPart, site: BlankSite | None, check: Check, submission: Submission
) -> Location:
    """Return the place with all lines of the update: a wrong order shows only among them."""
    mine = [site for site in part.blanks if site.cell == part.cell]
    places = [s for s in mine if s.number in check.blanks and s.line]
    if not places:
        shown = _lines(submission, part.cell, part.first, part.first)
        return (part.cell, part.first, None, shown)
    lines = _lines(submission, part.cell, min(s.line for s in places), max(s.line for s in places))
    if site is not None and site.line:
        return (part.cell, site.line, _span(site, submission), lines)
    return (part.cell, min(s.line for s in places), None, lines)


def _span(site: BlankSite, submission: Submission) -> tuple[int, int] | None:
    """Return the columns of an answer on its first line."""
    if site.span is None or site.state is not BlankState.ANSWERED:
        return None
    text = _text(submission, site.cell, site.line)
    end = site.span.end_column if site.span.end_line == site.line else len(text.rstrip())
    return (site.span.column, max(end, site.span.column + 1))


def _text(submission: Submission, cell: int, line: int) -> str:
    lines = submission.code.lines(cell)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _lines(submission: Submission, cell: int, first: int, last: int) -> tuple[SourceLine, ...]:
    """Return a few lines of a cell, without blank ones at either end; long ones are cut."""
    total = len(submission.code.lines(cell))
    numbers = range(max(first, 1), min(last, total, max(first, 1) + _MOST_LINES - 1) + 1)
    lines = [SourceLine(n, _text(submission, cell, n)[:_LINE]) for n in numbers]
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    return tuple(lines)
