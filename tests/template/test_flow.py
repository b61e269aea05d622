"""A blank that is added, renamed or moved in ``reference/`` shows everywhere with no other edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import Assignment, load_assignment
from grader.audit.cases import handed_in, listed
from grader.audit.mutants import mutants
from grader.grading.grader import Grader
from grader.grading.submission import open_submission
from grader.template.build import student_notebook
from tests.template.course import course, replace_in, save, template

if TYPE_CHECKING:
    from pathlib import Path

    from grader.report import Report

pytestmark = pytest.mark.usefixtures("workers")

NINTH = """\
[[blanks]]
number = 9
part = "training"
title = "the call of gradients"
kind = "expression"
patterns = ["dw, db = __"]
anchor = 'dw, db\\s*='
neutral = "dw, db = 0 * x.mean(), 0 * x.mean()"
hint = "which of your functions gives both?"

# ---------------------------------------------------------------- checks
"""
SLOPE, SHIFT = (
    f'    "    {name} = (\\n",\n    "        {answer}  # ANSWER {number}\\n",\n    "    )\\n",\n'
    for name, answer, number in (
        ("dw", "(2 * (y_hat - y) * x).mean()", 3),
        ("db", "(2 * (y_hat - y)).mean()", 4),
    )
)


@pytest.fixture
def line(tmp_path: Path) -> Assignment:
    return course(tmp_path, load_assignment("linear_regression"))


def built(line: Assignment) -> Assignment:
    """The course after ``grade template build``."""
    changed = load_assignment(str(line.folder))
    save(changed, student_notebook(changed))
    return changed


def cells(assignment: Assignment) -> list[str]:
    return [cell.source for cell in template(assignment).cells]


def blanks(report: Report) -> dict[int, str]:
    return {f.blank: f.message for c in report.checks for f in c.findings if f.blank is not None}


def test_a_blank_that_is_added(line: Assignment) -> None:
    given = '"        dw, db = gradients(x, y, y_hat)\\n",'
    blank = (
        '"        dw, db = (\\n",\n'
        '    "            gradients(x, y, y_hat)  # ANSWER 9\\n",\n'
        '    "        )\\n",'
    )
    replace_in(line.reference, given, blank)
    rubric = line.folder / "assignment.toml"
    replace_in(rubric, f"{NINTH.splitlines()[-1]}\n", NINTH)
    replace_in(rubric, "blanks = [1, 3, 4, 5, 6]\n", "blanks = [1, 3, 4, 5, 6, 9]\n")
    now = built(line)
    (train,) = (cell for cell in cells(now) if "def train" in cell)
    assert "dw, db = (\n            # FILL IN HERE\n        )\n" in train
    assert any("| 1, 3, 4, 5, 6, 9 |" in cell for cell in cells(now))
    assert 9 in {mutant.blank for mutant in mutants(open_submission(handed_in(now), now))}
    with Grader(assignment=str(now.folder), seed=1, device="cpu") as grader:
        assert grader.grade(now.reference).score == 100
        report = grader.grade(now.template)
        assert report.score == 0
        assert "the call of gradients" in blanks(report)[9]


def test_a_blank_that_is_moved_and_renamed(line: Assignment) -> None:
    replace_in(line.reference, SLOPE + SHIFT, SHIFT + SLOPE)
    title = 'title = "the gradient for w"'
    replace_in(line.folder / "assignment.toml", title, 'title = "the slope for w"')
    now = built(line)
    (function,) = (cell for cell in cells(now) if "def gradients" in cell)
    assert function.index("db = (") < function.index("dw = (")
    places = {case.place for case in listed(now)}
    assert "blank 3: the slope for w" in places
    wrong: Any = next(m for m in now.mistakes if m.code == "gradient_squared" and m.blank == 3)
    with Grader(assignment=str(now.folder), seed=1, device="cpu") as grader:
        assert grader.grade(now.reference).score == 100
        empty = blanks(grader.grade(now.template))
        assert "the slope for w" in empty[3]
        assert "the gradient for b" in empty[4]
        report = grader.grade_notebook(handed_in(now, wrong.edits), "wrong.ipynb")
        (found,) = (f for c in report.checks for f in c.findings if c.id == "gradients")
        assert (found.code, found.blank) == (wrong.code, 3)
        assert found.line is not None
        assert "(y_hat - y) ** 2" in {line.number: line.text for line in found.excerpt}[found.line]
