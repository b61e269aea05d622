"""Finds all that is wrong with an assignment's files, at once, and what they lack."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from grader.assignment.load import survey_assignment
from grader.assignment.reporting import reporting
from grader.assignment.toml_file import read_toml, shown
from grader.audit.records import equivalents, pair_records
from grader.decode import DecodingError
from grader.errors import AssignmentError, GraderError, InternalError
from grader.grading.known_options import wrong_checks
from grader.grading.solved import variant
from grader.grading.solved_fit import misfits
from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook
from grader.report import Status
from grader.rubric.lacks import ERROR, LintProblem, lacks
from grader.template.check import problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from grader.assignment import Alternative, Assignment, Mistake
    from grader.grading.grader import Grader


def lint(folder: Path, grader: Callable[[Assignment], Grader] | None = None) -> list[LintProblem]:
    """Return what is wrong with an assignment's folder, and what it lacks.

    With a ``grader`` the solved notebook and the template are graded too, if nothing else is wrong.
    Raises ``InternalError`` where grading fails by the grader's own fault.
    """
    found: list[LintProblem] = []

    def report(error: AssignmentError) -> None:
        told = LintProblem(ERROR, error.message, error.hint, error.file, error.line)
        if told not in found:
            found.append(told)

    assignment = survey_assignment(folder, report)
    if assignment is not None:
        looks = [_options, _against_the_notebook, _template]
        if grader is not None:
            looks.append(partial(_graded, grader=grader))
        for look in looks:
            # Each takes for granted that the one before found nothing; the options stand alone.
            for error in look(assignment) if not found or look is _options else ():
                report(error)
        found += lacks(assignment)
    return found


def _options(assignment: Assignment) -> Iterator[AssignmentError]:
    """Yield what is wrong with the checks' options, and with the audit's records."""
    yield from wrong_checks(assignment)
    found: list[AssignmentError] = []
    with reporting(found.append):
        pair_records(assignment)
    with reporting(found.append):
        equivalents(assignment, "cpu")
    yield from found


def _against_the_notebook(assignment: Assignment) -> Iterator[AssignmentError]:
    """Yield what the solved notebook contradicts: the rubric, and each listed answer."""
    try:
        solved = open_submission(read_notebook(assignment.reference), assignment)
    except GraderError as error:
        hint = error.hint or "save it in Jupyter, as a notebook with Python code"
        yield AssignmentError(error.message, hint, file=shown(assignment.reference))
        return
    found = list(misfits(assignment, solved))
    yield from found
    if found:
        return
    entries: list[Mistake | Alternative] = [*assignment.mistakes, *assignment.alternatives]
    for entry in entries:
        try:
            variant(solved.notebook, entry, assignment, solved.parts)
        except AssignmentError as error:
            yield error


def _template(assignment: Assignment) -> Iterator[AssignmentError]:
    """Yield what is wrong with the student's notebook, or keeps it from being built."""
    try:
        found = problems(assignment)
    except AssignmentError as error:
        yield error
        return
    where = shown(assignment.template)
    for one in found:
        hint = "grade template build makes it from the solved notebook and the rubric"
        yield AssignmentError(f"{where}: {one.message}", hint, file=where)


def _graded(
    assignment: Assignment, grader: Callable[[Assignment], Grader]
) -> Iterator[AssignmentError]:
    """Yield each check that takes points from the solved notebook, or gives the template some."""
    file = read_toml(assignment.folder / "assignment.toml")
    with grader(assignment) as grades:
        for path, full in ((assignment.reference, True), (assignment.template, False)):
            try:
                report = grades.grade(path)
            except AssignmentError as error:
                yield error
                return
            if report.internal_error:
                raise InternalError(f"grading {path.name} failed")
            for place, check in enumerate(report.checks):
                if full and check.status is Status.NEEDS_GRADING:
                    continue  # by a person, who gives the points
                if check.score == (check.max_score if full else 0) and (
                    full or check.status is not Status.PASSED
                ):
                    continue
                summary = check.findings[0].message if full and check.findings else check.status
                problem = (
                    f"{shown(path)} gets {check.score:g} of {check.max_score:g} points: {summary}"
                )
                hint = "the solved notebook must get all, the students' notebook nothing"
                yield file.error(DecodingError(problem, hint, ("checks", place)))
