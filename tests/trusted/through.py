"""Takes a notebook through all that the trusted process does with it, without running its code."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from io import StringIO
from pathlib import Path

from rich.console import Console

from grader.assignment import Assignment, all_assignments, load_assignment
from grader.checks.remark import Remark
from grader.classroom import Graded, Student
from grader.grading.findings import finding, said_once
from grader.grading.groups import group_of
from grader.grading.notes import Given, given_in, notes
from grader.grading.recognise import recognise, refuse_another
from grader.grading.solved import SolvedNotebook
from grader.grading.submission import Submission, open_submission
from grader.grading.unreadable import needed_python, unusable
from grader.notebook.line_map import file_lines
from grader.notebook.read import parse_notebook
from grader.pages.annotated import write_annotated
from grader.pages.feedback import feedback_page
from grader.report import CheckResult, Environment, Report, Severity, Status, SubmissionInfo
from grader.reports import github_summary, junit
from grader.reports.terminal import print_report

# Codes with each way to find a place: a blank's, a loop's, a condition's, a method's.
_CODES = ("timeout", "missing_zero_grad", "step_left_out", "wrong_values", "never_called")
_NOBODY = Environment("3", None, None, None, 0, None, "none")


@cache
def prepared() -> tuple[Assignment, SolvedNotebook, Given]:
    """Return what is read once for a whole class."""
    mlp = load_assignment("mlp")
    solved = SolvedNotebook(mlp)
    return mlp, solved, given_in(solved.submission, mlp)


def located(data: bytes) -> Submission:
    """Read a notebook and find its parts; raises ``NotebookError``."""
    mlp, _, _ = prepared()
    notebook = parse_notebook(data, "n.ipynb")
    recognise(notebook, all_assignments())
    submission = open_submission(notebook, mlp)
    refuse_another(notebook, mlp, all_assignments(), submission.parts)
    return submission


def through(data: bytes) -> Report:
    """Take a notebook through reading, locating, grouping, naming and reporting.

    Raises ``NotebookError``.
    """
    submission, report = reported(data)
    _written(report, submission, data)
    return report


def reported(data: bytes) -> tuple[Submission, Report]:
    """Return a report as if each check's code had failed in every way; see ``through``."""
    mlp, solved, given = prepared()
    submission = located(data)
    assert group_of(submission, mlp)
    checks = []
    for check in mlp.checks:
        asides = [frozenset[int](), *(frozenset({n}) for n in check.blanks)]
        for aside in asides:
            program = submission.program(check, mlp, aside | submission.empty(check))
            if program is not None:
                json.dumps(program.to_plain())
                program.location([0, 1])
        for number in check.blanks:
            solved.is_right_but_for_names(number, submission)
        needed_python(submission, check, None)
        remarks = [
            *unusable(submission, check),
            *(Remark(c, Severity.ERROR, n) for c in _CODES for n in (None, *check.blanks)),
        ]
        found = said_once(finding(remark, check, submission, mlp) for remark in remarks)
        status = Status.FAILED
        checks.append(CheckResult(check.id, check.title, status, 0.0, check.points, 1.0, found))
    report = Report(
        assignment=mlp.id,
        title=mlp.title,
        submission=SubmissionInfo("n.ipynb", submission.notebook.sha256),
        environment=_NOBODY,
        score=0.0,
        max_score=100.0,
        checks=tuple(checks),
        notes=tuple(notes(submission, given, mlp)),
    )
    return submission, report


def _written(report: Report, submission: Submission, data: bytes) -> None:
    """Write the report in the formats that show most of the notebook."""
    print_report(report, Console(file=StringIO(), width=100))
    assert json.dumps(report.to_json())
    assert junit.render([report], [], broken=False)
    assert github_summary.to_markdown([report], [], 1_000_000)
    file_lines(data.decode())
    graded = Graded(
        student=Student("n"),
        origin="n.ipynb",
        report=report,
        group="",
        cells=submission.notebook.cells,
        parts=submission.titles_by_cell,
    )
    assert feedback_page(graded)
    with tempfile.TemporaryDirectory() as folder:
        write_annotated(Path(folder), graded, data)
