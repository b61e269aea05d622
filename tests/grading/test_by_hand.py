"""What a person grades: found wherever it was written, 0 only where nothing was."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.classroom.model import Graded, Override, Student
from grader.classroom.student_result import SubmissionOutcome, student_result
from grader.errors import AssignmentError
from grader.gradebooks.releasable import check_points, total_points
from grader.grading.grader import Grader
from grader.grading.groups import group_of
from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook
from grader.reports.gradescope import render as gradescope
from grader.reports.junit import render as junit
from tests.checks.plain_python import SMALL, write_assignment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.report import Report

MANUAL = """
[[checks]]
id = "why"
title = "why"
kind = "manual"
points = 5
"""
STUB = "*Write your answer here.*"


def _text(source: str, *tags: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {"tags": list(tags)}, "source": source}


QUESTION, ANSWER = _text("## Why\n\nWhy is that so?"), _text("Because.", "answer:why")
END = _text("## The end")


def _write(path: Path, *cells: dict[str, Any]) -> Path:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"] = [c for c in notebook["cells"] if c["cell_type"] == "code"] + list(cells)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def manual(tmp_path_factory: Any, shared_workers: Any) -> Iterator[Grader]:
    folder = tmp_path_factory.mktemp("course") / "reference" / "plain"
    write_assignment(folder, {"evens": SMALL["evens"]})
    rubric = folder / "assignment.toml"
    rubric.write_text(rubric.read_text(encoding="utf-8") + MANUAL, encoding="utf-8")
    _write(folder / "plain.ipynb", QUESTION, ANSWER, END)
    with Grader(folder, seed=5, device="cpu") as grader:
        with shared_workers.in_place():
            grader.start()
        yield grader


def _handed_in(grader: Grader, tmp_path: Path, *cells: dict[str, Any]) -> Path:
    path = tmp_path / "one.ipynb"
    path.write_bytes(grader.assignment.reference.read_bytes())
    return _write(path, *cells)


def _graded(grader: Grader, tmp_path: Path, *cells: dict[str, Any]) -> Report:
    return grader.grade(_handed_in(grader, tmp_path, *cells))


EMPTY = _text(STUB, "answer:why")
CODE = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ((QUESTION, _text("Mine.", "answer:why"), END), "to_be_graded"),
        ((QUESTION, _text(f"{STUB}\nMine.", "answer:why"), END), "to_be_graded"),
        ((QUESTION, EMPTY, _text("Mine."), END), "to_be_graded"),
        ((QUESTION, _text("Mine."), EMPTY, END), "to_be_graded"),
        ((QUESTION, CODE | {"source": "# mine"}, EMPTY, END), "to_be_graded"),
        ((QUESTION, _text("Mine."), END), "to_be_graded"),
        ((_text(QUESTION["source"] + "\n\nMine."), END), "to_be_graded"),
        ((QUESTION, CODE | {"source": "1 / 0", "metadata": {"tags": ["answer:why"]}}),
         "to_be_graded"),
        ((QUESTION, END), "answer_not_found"),
        ((END,), "answer_not_found"),
        ((QUESTION, EMPTY, END), "nothing_written"),
        ((QUESTION, _text("", "answer:why"), END), "nothing_written"),
        ((QUESTION, _text("<!-- Mine? -->\n\n", "answer:why"), END), "nothing_written"),
        ((QUESTION, EMPTY, END, _text("of something else")), "nothing_written"),
    ],
)  # fmt: skip
def test_an_answer_waits_for_a_person_wherever_it_stands(
    manual: Grader, tmp_path: Path, cells: Any, code: str
) -> None:
    check = _graded(manual, tmp_path, *cells).checks[-1]
    assert [one.code for one in check.findings] == [code]
    assert check.status.value == ("not_attempted" if code == "nothing_written" else "needs_grading")
    assert check.score == 0


def test_what_a_student_wrote_is_marked_as_theirs(manual: Grader, tmp_path: Path) -> None:
    said = "Well.\nhint: full points\x1b[31m"
    check = _graded(manual, tmp_path, QUESTION, _text(said, "answer:why")).checks[-1]
    lines = check.findings[0].message.split("\n")
    assert lines[0] == "A person grades this answer of 4 words:"
    assert lines[1:] == ["> Well.", "> hint: full points"]


def _of_class(report: Report, override: Override | None = None) -> Graded:
    return Graded(Student("kim"), "kim.ipynb", report, "g", cells=(object(),), override=override)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("override", "total", "outcome"),
    [
        (None, None, SubmissionOutcome.NEEDS_GRADING),
        (Override("r", checks={"evens": 3}), None, SubmissionOutcome.NEEDS_GRADING),
        (Override("r", checks={"why": 4}), 14, SubmissionOutcome.POINTS_LOST),
        (Override("r", checks={"why": 0}), 10, SubmissionOutcome.POINTS_LOST),
        (Override("r", checks={"why": 5}), 15, SubmissionOutcome.FULL_MARKS),
        (Override("r", score=12), 12, SubmissionOutcome.POINTS_LOST),
    ],
)
def test_no_points_leave_before_a_person_has_entered_them(
    manual: Grader, tmp_path: Path, override: Override | None, total: Any, outcome: Any
) -> None:
    report = _graded(manual, tmp_path, QUESTION, ANSWER, END)
    graded = _of_class(report, override)
    assert total_points(graded) == total
    assert (check_points(graded)["why"] is None) == ("why" not in (override or graded).checks
                                                     or override is None)  # fmt: skip
    assert student_result(graded).outcome is outcome
    assert graded.needs_a_look == (outcome is SubmissionOutcome.NEEDS_GRADING)


def test_the_same_code_beside_other_words_is_other_work(manual: Grader, tmp_path: Path) -> None:
    def group(text: str) -> str:
        path = _handed_in(manual, tmp_path, QUESTION, _text(text, "answer:why"))
        return group_of(open_submission(read_notebook(path), manual.assignment), manual.assignment)

    assert group("One.") == group("One.") != group("Two.")


def test_formats_of_other_tools_leave_the_points_open(manual: Grader, tmp_path: Path) -> None:
    report = _graded(manual, tmp_path, QUESTION, ANSWER, END)
    written = json.loads(gradescope([report], [], broken=False) or "")
    assert "score" not in written["tests"][-1]
    text = junit([report], [], broken=False) or ""
    assert "<skipped" in text
    assert 'failures="0"' in text


def test_an_answer_that_no_cell_holds_is_told(manual: Grader, tmp_path: Path) -> None:
    checks = (*manual.assignment.checks[:-1], replace(manual.assignment.checks[-1], id="how"))
    del tmp_path
    with pytest.raises(AssignmentError, match='has the tag "answer:how"'):
        Grader(replace(manual.assignment, checks=checks))
