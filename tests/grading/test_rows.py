"""Training loops on other data than images are graded like those on images."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import Edit, load_assignment
from grader.audit.cases import handed_in
from grader.template.build import notebook_text, student_notebook
from tests.grading.rows_courses import PRICES, TAGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.report import Report

    Graded = Callable[[list[Edit]], Report]

_LINE = "for x, y in loader:"
WRONG = {
    "nothing cleared": ([Edit("pass", 1)], "missing_zero_grad", 1),
    "cleared at times": (
        [Edit("if epoch % 2 == 0: optimizer.zero_grad()", 1)],
        "zero_grad_left_out",
        1,
    ),
    "no gradient": ([Edit("pass", 2)], "missing_backward", 2),
    "uphill": ([Edit("(-loss).backward()", 2)], "maximises", 2),
    "twice the loss": ([Edit("(2 * loss).backward()", 2)], "scaled_gradient", 2),
    "a number made a tensor": (
        [Edit("loss.detach().requires_grad_().backward()", 2)],
        "backward_elsewhere",
        2,
    ),
    "cleared too soon": (
        [Edit("loss.backward(); optimizer.zero_grad()", 2)],
        "cleared_before_step",
        1,
    ),
    "two steps": ([Edit("optimizer.step(); optimizer.step()", 3)], "doubled_step", 3),
    "steps at times": (
        [Edit("if loss.item() < 0.5: optimizer.step()", 3)],
        "step_left_out",
        3,
    ),
    "others' targets": (
        [Edit(f"{_LINE}\n        y = y.roll(1, 0)", part="training", find=_LINE)],
        "foreign_labels",
        None,
    ),
    "a part of the batch": (
        [Edit(f"{_LINE}\n        x, y = x[:8], y[:8]", part="training", find=_LINE)],
        "part_of_batch",
        None,
    ),
}
RIGHT = {
    "the model clears": [Edit("net.zero_grad()", 1)],
    "clipped": [Edit("loss.backward(); nn.utils.clip_grad_norm_(net.parameters(), 1)", 2)],
    "a penalty": [
        Edit(
            "loss = 0.1 * sum(p.square().sum() for p in net.parameters()) + ",
            part="training",
            find="loss = ",
        )
    ],
}


@pytest.fixture(scope="module", params=[PRICES, TAGS], ids=lambda course: course.name)
def graded(request: Any, tmp_path_factory: Any, grader_of: Any) -> Graded:
    folder = request.param.write(tmp_path_factory.mktemp("course") / request.param.name)
    grader, assignment = grader_of(str(folder)), load_assignment(str(folder))
    return lambda edits: grader.grade_notebook(handed_in(assignment, edits), "submission.ipynb")


def said(report: Report) -> str:
    found = [f for check in report.checks for f in check.findings]
    return " ".join(f"{f.summary} {f.message} {f.why} {f.hint}" for f in found)


def test_the_solved_notebook_gets_everything(graded: Graded) -> None:
    report = graded([])
    assert (report.score, report.notes, said(report)) == (10, (), "")


def test_the_untouched_template_gets_nothing(tmp_path: Any, grader_of: Any) -> None:
    folder = PRICES.write(tmp_path / "prices")
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook_text(student_notebook(load_assignment(str(folder)))), "utf-8")
    assert grader_of(str(folder)).grade(path).score == 0


@pytest.mark.parametrize("edits", RIGHT.values(), ids=RIGHT)
def test_another_right_update_gets_everything(graded: Graded, edits: list[Edit]) -> None:
    assert graded(edits).score == 10


@pytest.mark.parametrize(("edits", "code", "blank"), WRONG.values(), ids=WRONG)
def test_a_wrong_update_is_named(
    graded: Graded, edits: list[Edit], code: str, blank: int | None
) -> None:
    report = graded(edits)
    found = [(f.code, f.blank) for check in report.checks for f in check.findings]
    assert (report.score, found) == (0, [(code, blank)])
    assert not re.search(r"\b(images?|labels?|pictures?)\b", said(report))
