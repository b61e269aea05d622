"""A notebook that is saved as text gets what the notebook gets, at the lines of its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.report import Status
from grader.reports.finding import place
from tests.notebooks import TRAINING, changed, solved, template
from tests.texts import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.grading.grader import Grader
    from grader.report import Finding, Report

# What makes a mistake of the solved notebook, and a piece of the line that it is told at.
MISTAKES = {
    "the wrong layer": ("nn.Linear(\n            self.hdim, self.ydim", "self.xdim, self.ydim"),
    "no call": ("optm.step()", "optm.step"),
    "not Python": ("y_pred == y_trgt", "y_pred == == y_trgt"),
}


@pytest.fixture
def graded(grader: Grader, tmp_path: Path) -> Callable[[dict[str, Any], str], tuple[Report, str]]:
    """Grade a notebook in a form, and return the file's text, too."""

    def of(notebook: dict[str, Any], form: str) -> tuple[Report, str]:
        path = tmp_path / form
        path.write_text(text := FORMS[form](notebook), encoding="utf-8")
        return grader.grade(path), text

    return of


def told(report: Report) -> list[tuple[str, str, list[str]]]:
    """What a report says of each check, but for the places."""
    return [
        (check.id, check.status.value, [finding.code for finding in check.findings])
        for check in report.checks
    ]


def findings(report: Report) -> list[Finding]:
    return [one for check in report.checks for one in check.findings if one.cell is not None]


@pytest.mark.parametrize("form", FORMS)
def test_the_solved_notebook_gets_full_points(form, graded):
    report, _ = graded(solved(), form)
    assert {check.status for check in report.checks} == {Status.PASSED}
    assert report.score == report.max_score == 100
    assert report.notes == ()


@pytest.mark.parametrize("form", FORMS)
def test_the_template_gets_nothing(form, graded, grade):
    report, _ = graded(template(), form)
    assert report.score == 0
    assert told(report) == told(grade(template()))


def mistaken(find: str, instead: str) -> dict[str, Any]:
    return changed(find.rpartition("\n")[2].strip(), instead)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("find", "instead"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_the_same_at_its_line_of_the_file(form, find, instead, graded, grade):
    notebook = mistaken(find, instead)
    report, text = graded(notebook, form)
    wanted = grade(notebook)
    assert told(report) == told(wanted)
    file = text.split("\n")
    for mine, theirs in zip(findings(report), findings(wanted), strict=True):
        assert mine.message == theirs.message
        assert [line.text.strip() for line in mine.excerpt] == [
            line.text.strip() for line in theirs.excerpt
        ]
        assert mine.cell_line is not None
        assert "cell " not in place(mine) or mine.line is None
        for line in mine.excerpt:
            assert file[line.number - 1].strip() == line.text.strip()
    assert any(one.line is not None for one in findings(report))


def test_a_cell_with_an_error_costs_no_other(graded):
    notebook = solved()
    notebook["cells"].insert(3, {**notebook["cells"][-1], "source": 'x = """\n', "id": "open"})
    report, _ = graded(notebook, "percent.py")
    assert report.score == 100


def test_a_cell_in_a_call_is_graded_with_the_lines_of_the_cell(graded):
    notebook = changed("optm.step()", "optm.step")
    for cell in notebook["cells"]:
        if TRAINING in "".join(cell["source"]):
            cell["source"] = "%%time\n" + "".join(cell["source"])
    report, _ = graded(notebook, "nbconvert.py")
    finding = next(one for one in findings(report) if one.line is not None)
    assert place(finding).startswith("cell ")
    assert report.score < 100
