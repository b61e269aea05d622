"""Finds the lines of the student's notebook that a remark is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.grading.block_locations import block_place
from grader.grading.excerpts import lines_of, text_of
from grader.grading.lacking import lacking_in
from grader.grading.loop_locations import is_answer, is_spared, loop_line, loop_of, misplaced
from grader.grading.part_lines import (
    last_return,
    method_lines,
    other_line,
    setting_lines,
    written_line,
)
from grader.locate.sites import BlankSite, BlankState
from grader.report import SourceLine

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission
    from grader.locate.parts import LocatedPart

# What is about another check, or the machine.
_NOWHERE = frozenset({"follows", "module_missing"})
# What shows only where right lines meet, if it was not seen in a line.
_NO_LINE = frozenset(
    {
        *("not_on_device", "devices_mixed", "array_off_the_cpu", "wrong_accuracy"),
        *("short_batches_left_out", "batches_left_out", "images_left_out", "model_left_elsewhere"),
        *("not_in_eval_mode", "gradients_on"),
    }
)
_WHOLE_LOOP = frozenset({"never_called"})

Location = tuple["int | None", "int | None", "tuple[int, int] | None", tuple[SourceLine, ...]]


def location_of(
    remark: Remark, check: Check, submission: Submission, assignment: Assignment
) -> Location:
    """Return cell, line, underlined columns and the lines around; ``None`` for what is open.

    Lines count from 1 in their cell, columns from 0 in their line. Where the place that shows it is
    a line of the solved notebook's, the fault is elsewhere: in the one statement that differs, if
    there is one.
    """
    if remark.culprit is not None:
        return _placed(remark.culprit, submission)
    block = block_place(remark, submission, assignment)
    if block is not None:
        return block
    lacking = lacking_in(remark, check, submission)
    if lacking is not None:
        return _placed(lacking, submission)
    found = _found(remark, check, submission)
    cell, line = found[:2]
    at = None if cell is None or line is None else (cell, line)
    right = at is not None and at in remark.same
    if at is not None and (misplaced(remark) or not right):
        return found
    if remark.only is not None and _may_be(remark, at):
        return _placed(remark.only, submission)
    written = _written(remark, check, submission) if right else None
    if written is not None:
        return _placed(written, submission)
    if remark.lacking is not None and (right or remark.blank is None):
        return _placed(remark.lacking, submission)
    if at is None or not right:
        return found
    nothing = remark.of_result or is_answer(at, remark, submission)
    return (cell, None, None, ()) if nothing else found


def _placed(at: tuple[int, int | None], submission: Submission) -> Location:
    cell, line = at
    around = lines_of(submission, cell, line - 1, line + 1) if line is not None else ()
    return (cell, line, None, around)


def _written(remark: Remark, check: Check, submission: Submission) -> tuple[int, int] | None:
    """Return the line of a listed mistake's text, where that is no line of the solved notebook."""
    if len(check.parts) != 1 or check.parts[0] not in submission.parts:
        return None
    part = submission.parts[check.parts[0]]
    line = written_line(remark.mistake, part, submission)
    return None if line is None or (part.cell, line) in remark.same else (part.cell, line)


def _may_be(remark: Remark, at: tuple[int, int] | None) -> bool:
    """Whether a remark that shows ``at`` a line, or at none, is about code around the blanks."""
    if remark.code in _NOWHERE or remark.code.startswith("missing_"):
        return False
    return at is None or remark.blank is None or remark.blank in remark.spared


def _found(remark: Remark, check: Check, submission: Submission) -> Location:
    """Return the place that was seen doing it, or else the one that it is usually at."""
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
    return (cell, line, None, lines_of(submission, cell, line - 1, line + 1))


def _seen_place(
    remark: Remark, site: BlankSite | None, check: Check, submission: Submission
) -> Location | None:
    """Return the place that was seen doing it, ``None`` where nothing outside the blank was."""
    frames: list[Any] = remark.error["frames"] if remark.error else []
    if remark.set_at:
        return _where_set(remark.set_at, check, submission)
    if remark.at is not None and not (site and _frame_in(site, [list(remark.at)])):
        place, its = remark.at
        return (place, its, None, lines_of(submission, place, its, its))
    to_blame = remark.blank is not None and remark.blank not in remark.spared
    if frames and not (site and ((to_blame and site.line) or _frame_in(site, frames))):
        where, stopped = _raised_at(remark, check, submission)
        return (where, stopped, None, lines_of(submission, where, stopped - 1, stopped + 1))
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
    if remark.code in _NO_LINE:
        return (part.cell, None, None, ())
    if part.problem is not None and part.blanks:
        return _site_place(part.blanks[0], check, submission)
    if part.part.kind == "loop":
        if remark.code in _WHOLE_LOOP:
            return _placed((part.cell, part.statements[-1].node.lineno), submission)
        # Nothing shows which of its lines did it, unless it is a listed mistake's.
        written = _written(remark, check, submission)
        return _placed(written or (part.cell, None), submission)
    method = method_lines(part, str(check.options.get("method", "")))
    if method is not None:
        return _method_place(part, method, remark, submission)
    line = written_line(remark.mistake, part, submission)
    if not line and remark.of_result:
        line = last_return(part)
    line = line or part.first
    return (part.cell, line, None, lines_of(submission, part.cell, line, line))


def _method_place(
    part: LocatedPart, method: tuple[int, int], remark: Remark, submission: Submission
) -> Location:
    """Return the first line of a method that the solved notebook has not, or else its beginning."""
    first, last = method
    other = other_line(part, first, last, remark.same)
    if other is not None:
        return _placed((part.cell, other), submission)
    return (part.cell, first, None, lines_of(submission, part.cell, first, last))


def _where_set(name: str, check: Check, submission: Submission) -> Location:
    """Return the last statement of the check's class that sets an attribute of ``self``."""
    part = next((submission.parts[p] for p in check.parts if p in submission.parts), None)
    lines = part and setting_lines(name, part)
    if not part or not lines:
        return (None, None, None, ())
    line, first, last = lines
    return (part.cell, line, None, lines_of(submission, part.cell, first, last))


def _raised_at(remark: Remark, check: Check, submission: Submission) -> tuple[int, int]:
    """Return cell and line of an exception: of the listed mistake's edit that leads to it, or its.

    It may be raised where right lines use what another one made.
    """
    assert remark.error is not None
    cell, line = remark.error["frames"][-1]
    spared = remark.blank is None or remark.blank in remark.spared
    written = _written(remark, check, submission) if spared else None
    return written or (cell, line)


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
        around = lines_of(submission, site.cell, problem.line - 1, problem.line + 1)
        return (site.cell, problem.line, span, around)
    line, first, last = site.line, site.line - 1, site.line + 1
    if site.statement is not None:
        first, last = site.statement.line, min(site.statement.end_line, site.statement.line + 4)
    part = next((p for p in submission.parts.values() if p.blank(site.number)), None)
    if part is not None and part.part.kind == "loop" and part.cell == site.cell:
        return _loop_place(part, site, check, submission)
    return (site.cell, line, _span(site, submission), lines_of(submission, site.cell, first, last))


def _loop_place(
    part: LocatedPart, site: BlankSite | None, check: Check, submission: Submission
) -> Location:
    """Return the place with all lines of the update: a wrong order shows only among them."""
    mine = [site for site in part.blanks if site.cell == part.cell]
    places = [s for s in mine if s.number in check.blanks and s.line]
    if not places:
        shown = lines_of(submission, part.cell, part.first, part.first)
        return (part.cell, part.first, None, shown)
    first, last = min(s.line for s in places), max(s.line for s in places)
    lines = lines_of(submission, part.cell, first, last)
    if site is not None and site.line:
        return (part.cell, site.line, _span(site, submission), lines)
    return (part.cell, first, None, lines)


def _span(site: BlankSite, submission: Submission) -> tuple[int, int] | None:
    """Return the columns of an answer on its first line."""
    if site.span is None or site.state is not BlankState.ANSWERED:
        return None
    text = text_of(submission, site.cell, site.line)
    end = site.span.end_column if site.span.end_line == site.line else len(text.rstrip())
    return (site.span.column, max(end, site.span.column + 1))
