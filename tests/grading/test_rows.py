"""Training loops on other data than images are graded like those on images."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import Edit, load_assignment
from grader.audit.cases import handed_in
from grader.errors import AssignmentError
from grader.grading.grader import Grader
from grader.report import Status
from grader.template.build import notebook_text, student_notebook
from tests.grading.rows_courses import PRICES, TAGS, RowsCourse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from grader.report import Report

    Graded = Callable[..., Report]

SPEAKS_OF_IMAGES = re.compile(r"\b(images?|labels?|pictures?)\b")
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


# By what is replaced in the solved notebook, whichever cell it is in.
UNLEARNED = {
    "a rate of 0": ("lr=0.01", "lr=0.0", "parameters_stand_still"),
    "hardly a rate": ("lr=0.01", "lr=1e-6", "does_not_learn"),
    "frozen": ("net = Net()", "net = Net().requires_grad_(False)", "fails_together"),
    "a part frozen": (
        "net = Net()",
        "net = Net()\nfor p in net.{first}.parameters():\n    p.requires_grad_(False)",
        "parameters_stand_still",
    ),
    "made anew below": (
        "    print(epoch, total / len(loader))",
        "    print(epoch, total / len(loader))\nnet = Net()",
        "thrown_away",
    ),
    "another's parameters": (
        "optimizer = torch.optim.Adam(net.",
        "other = Net()\noptimizer = torch.optim.Adam(other.",
        "parameters_stand_still",
    ),
    "others' rows": ("criterion(net(x)", "criterion(net(x.roll(1, 0))", "does_not_learn"),
}


@pytest.fixture(scope="module", params=[PRICES, TAGS], ids=lambda course: course.name)
def course(request: Any) -> RowsCourse:
    chosen: RowsCourse = request.param
    return chosen


@pytest.fixture(scope="module")
def graded(course: RowsCourse, tmp_path_factory: Any, grader_of: Any) -> Graded:
    folder = course.write(tmp_path_factory.mktemp("course") / course.name)
    grader, assignment = grader_of(str(folder)), load_assignment(str(folder))

    def of(edits: Sequence[Edit] = (), find: str = "", put: str = "") -> Report:
        notebook = handed_in(assignment, edits)
        if find:
            assert sum(cell.source.count(find) for cell in notebook.cells) == 1
            cells = [replace(c, source=c.source.replace(find, put)) for c in notebook.cells]
            notebook = replace(notebook, cells=tuple(cells))
        return grader.grade_notebook(notebook, "submission.ipynb")

    return of


def said(report: Report) -> str:
    found = [f for check in report.checks for f in check.findings]
    return " ".join(f"{f.summary} {f.message} {f.why} {f.hint} {f.got}" for f in found)


def findings(report: Report, check: str) -> list[tuple[str, int | None]]:
    (one,) = (c for c in report.checks if c.id == check)
    return [(f.code, f.blank) for f in one.findings]


def test_the_solved_notebook_gets_everything(graded: Graded) -> None:
    report = graded()
    assert (report.score, report.notes, said(report)) == (20, (), "")


def test_the_untouched_template_gets_nothing(tmp_path: Path, grader_of: Any) -> None:
    folder = PRICES.write(tmp_path / "prices")
    path = tmp_path / "mine.ipynb"
    path.write_text(notebook_text(student_notebook(load_assignment(str(folder)))), "utf-8")
    assert grader_of(str(folder)).grade(path).score == 0


@pytest.mark.usefixtures("workers")
@pytest.mark.parametrize(
    ("loss", "rubric"),
    [
        ("nn.functional.l1_loss(net(x), y)", PRICES.rubric),
        ("nn.functional.mse_loss(net(x), y.squeeze(1))", PRICES.rubric),
        ("nn.functional.mse_loss(net(x), y)", PRICES.rubric.replace("MSE", "Huber")),
    ],
)
def test_a_check_that_is_told_another_loss_grades_nobody(
    loss: str, rubric: str, tmp_path: Path
) -> None:
    folder = replace(PRICES, loss=loss, rubric=rubric).write(tmp_path / "prices")
    with (
        Grader(str(folder), seed=1, device="cpu") as grader,
        pytest.raises(AssignmentError, match=r"assignment\.toml, line .* is not that of"),
    ):
        grader.grade_notebook(handed_in(load_assignment(str(folder))), "submission.ipynb")


@pytest.mark.parametrize("edits", RIGHT.values(), ids=RIGHT)
def test_another_right_update_gets_everything(graded: Graded, edits: list[Edit]) -> None:
    report = graded(edits)
    assert report.checks[0].status is Status.PASSED
    assert not SPEAKS_OF_IMAGES.search(said(report))


@pytest.mark.parametrize(("edits", "code", "blank"), WRONG.values(), ids=WRONG)
def test_a_wrong_update_is_named(
    graded: Graded, edits: list[Edit], code: str, blank: int | None
) -> None:
    report = graded(edits)
    assert report.checks[0].status is Status.FAILED
    assert findings(report, "step_order") == [(code, blank)]
    assert not SPEAKS_OF_IMAGES.search(said(report))


@pytest.mark.parametrize(("find", "put", "code"), UNLEARNED.values(), ids=UNLEARNED)
def test_what_does_not_learn_is_named(
    graded: Graded, course: RowsCourse, find: str, put: str, code: str
) -> None:
    report = graded((), find, put.format(first=course.layers[0]))
    assert [one for one, _ in findings(report, "learns")] == [code]
    assert report.checks[1].status is not Status.PASSED
    assert not SPEAKS_OF_IMAGES.search(said(report))
