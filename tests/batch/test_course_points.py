"""A course's points: no total that any open or uncertain point would be part of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from grader.batch.course import CourseFacts, course_points
from grader.classroom import Graded, HandedIn, Override, Student
from grader.classroom.course import CoursePart
from grader.gradebooks.course_csv import write_course
from grader.notebook.read import Cell
from grader.report import Status
from tests.batch.grading import table
from tests.reports import samples

PARTS = tuple(CoursePart(id_, id_.upper(), id_, id_) for id_ in ("one", "two"))
MOST = {"one": 100.0, "two": 100.0}
GOOD = Graded(Student("kim", "Kim"), "kim.ipynb", samples.PERFECT, "g", (Cell(1, "code", "x"),))


class Of(list):
    """The results of one assignment, and who is missing there."""

    def __init__(self, *graded, missing=()):
        super().__init__(graded)
        self.handed_in = HandedIn((), missing=missing)


def with_status(status):
    checks = tuple(samples.check(name) for name in samples.TITLES)
    first = replace(checks[0], status=status, score=0.0)
    return replace(GOOD, report=samples.report(first, *checks[1:]))


def course(*graded, named=True, missing=()):
    results = {part.id: Of(one) for part, one in zip(PARTS, graded, strict=False)}
    results.setdefault("two", Of(missing=missing))
    return course_points(CourseFacts(PARTS, named), results, MOST)


CASES = {
    "both final": (GOOD, 200.0, ""),
    "to be graded by a person": (with_status(Status.NEEDS_GRADING), None, "graded by a person"),
    "the grader failed": (with_status(Status.INTERNAL_ERROR), None, "the grader failed"),
    "not read": (replace(GOOD, cells=()), None, "could not be read"),
    "uncertain whose": (replace(GOOD, unsure=True), None, "not certain whose it is"),
    "decided": (replace(GOOD, cells=(), override=Override("seen", 40.0)), 140.0, ""),
}


@pytest.mark.parametrize("case", CASES)
def test_a_total_is_there_only_where_all_of_it_is_final_and_certain(case, tmp_path):
    second, total, why = CASES[case]
    made = course(GOOD, second)
    (row,) = made.students
    assert row.total == total
    write_course(tmp_path / "grades.csv", made)
    (cells,) = table(tmp_path / "grades.csv")
    assert cells["total"] == ("" if total is None else f"{total:g}")
    assert why in cells["open"]
    assert bool(cells["open"]) == (total is None)
    assert course(GOOD, second, named=False).students[0].total is None


def test_who_handed_in_one_assignment_has_no_total_and_no_zero(tmp_path):
    made = course(GOOD, missing=(GOOD.student, Student("lee", "Lee")))
    write_course(tmp_path / "grades.csv", made)
    rows = {row["id"]: row for row in table(tmp_path / "grades.csv")}
    assert (rows["kim"]["one"], rows["kim"]["two"], rows["kim"]["total"]) == ("100", "", "")
    assert (rows["lee"]["one"], rows["lee"]["two"], rows["lee"]["total"]) == ("", "", "")
    assert rows["kim"]["open"] == "two: nothing handed in"


def test_names_of_students_and_assignments_are_no_formulas(tmp_path):
    hostile = replace(GOOD, student=Student("=1+1", "+cmd", "@x", "-y"))
    part = CoursePart("=2+2", "t", "n", "f")
    made = course_points(CourseFacts((part,), True), {part.id: Of(hostile)}, {part.id: 100.0})
    write_course(tmp_path / "grades.csv", made)
    text = (tmp_path / "grades.csv").read_text(encoding="utf-8-sig")
    cells = [cell for line in text.splitlines() for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "-"))]


def test_figures_count_what_is_final():
    made = course(GOOD, replace(GOOD, cells=()))
    first, second = made.parts
    assert (first.handed_in, first.final, first.mean) == (1, 1, 100.0)
    assert (second.handed_in, second.final, second.mean) == (1, 0, None)
    assert made.max_score == 200
