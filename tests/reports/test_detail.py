"""How much a student is told: points alone, also what is wrong, or the hints too."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from grader.classroom import Graded, Student
from grader.classroom.told import as_told
from grader.detail import DETAILS, told
from grader.notebook.read import Cell
from grader.pages.feedback import feedback_page
from grader.report import Severity, Status
from grader.reports import file_formats, github, github_summary
from grader.reports.terminal import findings_text
from tests.pages.parsed import Page
from tests.reports import samples
from tests.reports.printing import shown

WRONG, WHERE, HINT = "gradients are never cleared", "seen in the second batch", "clear them once"
FINDING = samples.finding(
    "missing_zero_grad",
    WHERE,
    summary=WRONG,
    cell=2,
    line=1,
    hint=HINT,
    why="they add up",
    got="0.5",
    expected="0.25 is right",
)
NOTE = samples.finding("odd", "the file is odd", severity=Severity.WARNING, hint="mend it")
REPORT = samples.report(
    samples.check("layer_shapes"),
    samples.check("step_order", Status.FAILED, 0, FINDING),
    notes=[NOTE],
)


def page(report):
    cells = (Cell(1, "markdown", "x"), Cell(2, "code", "y = 1"))
    return feedback_page(Graded(Student("kim"), "kim.ipynb", report, "g", cells))


OUTPUTS = {
    "terminal": shown,
    "text": lambda report: "\n".join(map(findings_text, report.checks)),
    "json": lambda report: json.dumps(report.to_json()),
    "page": lambda report: Page(page(report)).text,
    "github": lambda report: "\n".join(github.commands([(report, github.Source("a.ipynb"))])),
    "summary": lambda report: github_summary.to_markdown([report], (), 100_000),
    **{
        name: lambda report, name=name: file_formats.render(name, [report], (), broken=False)
        for name in file_formats.FILE_FORMATS
    },
}


@pytest.mark.parametrize("output", OUTPUTS)
def test_an_output_tells_as_much_as_was_asked_for(output):
    full, hint, score = (OUTPUTS[output](told(REPORT, one)) for one in ("full", "hint", "score"))
    assert WHERE in full
    assert WHERE in hint
    assert WHERE not in score
    assert HINT in full
    assert HINT not in hint + score
    assert "0.25 is right" not in hint + score
    assert "they add up" not in hint + score
    assert WRONG not in score
    assert "the file is odd" not in score
    assert OUTPUTS[output](told(REPORT, None)) == full


@pytest.mark.parametrize("detail", DETAILS)
def test_points_and_statuses_stay(detail):
    report = told(REPORT, detail)
    assert [(c.id, c.status, c.score) for c in report.checks] == [
        (c.id, c.status, c.score) for c in REPORT.checks
    ]
    assert (report.score, report.max_score, report.passed) == (20.0, 40.0, False)


@pytest.mark.parametrize("status", [Status.INTERNAL_ERROR, Status.NEEDS_GRADING])
@pytest.mark.parametrize("detail", DETAILS)
def test_that_points_are_open_is_always_told(detail, status):
    report = samples.report(samples.check("learns", status, 0, FINDING))
    assert told(report, detail).checks == report.checks


def test_an_answer_that_a_person_need_not_grade_stays_one():
    empty = samples.finding("nothing_written", "nothing is written")
    report = samples.report(samples.check("learns", Status.NOT_ATTEMPTED, 0, empty))
    graded = Graded(Student("kim"), "kim.ipynb", report, "g", (Cell(1, "code", "x"),))
    assert as_told(graded, "score").given_by_hand == graded.given_by_hand


def test_why_a_file_could_not_be_read_is_always_told():
    report = replace(REPORT, notes=(samples.finding("unreadable", "it is a web page"),))
    graded = Graded(Student("kim"), "kim.html", report, "")
    assert as_told(graded, "score") == graded
