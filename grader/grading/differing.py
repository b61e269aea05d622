"""Gives a remark the lines that differ from the solved notebook's, so that it points at these."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.grading.bound_otherwise import with_binder
from grader.grading.differences import differences
from grader.grading.eval_culprits import with_trace
from grader.grading.function_replaced import with_replaced
from grader.grading.generator_left import with_generator_left
from grader.grading.gradients_off import with_gradients_off
from grader.grading.kept_between_calls import with_what_is_kept
from grader.grading.loop_culprits import with_culprit
from grader.grading.not_called import with_name_only
from grader.grading.outside_class import with_method_outside
from grader.grading.parsed_arguments import with_parsed_arguments
from grader.grading.submission import program_for
from grader.locate.answers import BLOCK

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.solved import SolvedNotebook
    from grader.grading.submission import Submission


# What the code shows beside what was observed: a line that leads to it, or what that line does.
_READINGS = (
    *(with_culprit, with_name_only, with_trace, with_method_outside),
    *(with_gradients_off, with_what_is_kept, with_generator_left),
    *(with_parsed_arguments, with_replaced),
)


def with_differences(
    remark: Remark, check: Check, submission: Submission, solved: SolvedNotebook
) -> Remark:
    """Return a remark that knows which answers, and which other lines, are right word for word.

    The code may then show the line that leads to what was observed.
    """
    right = frozenset(n for n in check.blanks if solved.is_written_right(n, submission))
    mine = program_for(submission, check, solved.assignment)
    given = program_for(solved.submission, check, solved.assignment)
    if mine is None or given is None:
        return replace(remark, spared=right)
    # What behaves exactly as a change around the blanks leaves the answers out of it.
    around = remark.mistake is not None and all(edit.part for edit in remark.mistake.edits)
    aside = []
    for number in check.blanks if around else right:
        site = submission.site(number)
        # An answer that is right in other words is no line of the solved notebook's.
        if site and site.statement and not solved.has_answer(number, submission):
            block = solved.assignment.blank(number).kind == BLOCK
            last = site.statement.end_line if block else site.statement.line
            aside += [(site.cell, line) for line in range(site.statement.line, last + 1)]
    found = differences(mine, given, solved.submission.code, aside)
    known = replace(remark, spared=right, same=found.same, only=found.only, lacking=found.lacking)
    for read in _READINGS:
        known = read(known, check, submission)
    return with_binder(known, check, submission, solved)
