"""Late work in a course: each assignment has its own due date, and none is guessed."""

from __future__ import annotations

import pytest

from tests.batch.grading import table
from tests.batch.one_class import files
from tests.batch.one_course import CNN, MLP, OneCourse

POLICY = 'due = 2025-03-01T23:59:00\nzone = "Asia/Seoul"\nloss_a_day = 10\n'
TIMES = (
    "id,assignment,time\nkim,cnn,2025-03-02 10:00\nkim,mlp,2025-03-04 10:00\n"
    "lee,cnn,2025-03-01 10:00\n"
)
EXTENSION = '[[extension]]\nid = "nobody"\ndays = 1\nreason = "ill"\n'


@pytest.fixture
def course(tmp_path) -> OneCourse:
    made = OneCourse(tmp_path)
    made.first()
    (made.home / "times.csv").write_text(TIMES, encoding="utf-8")
    return made


def rows(course: OneCourse) -> dict[str, tuple[str, ...]]:
    kept = (MLP, CNN, "total", "deductions")
    return {row["id"]: tuple(row[k] for k in kept) for row in table(course.out / "grades.csv")}


def decide(course: OneCourse, assignment: str, text: str = POLICY) -> None:
    (course.out / assignment / "policy.toml").write_text(text, encoding="utf-8")


def test_each_assignment_has_its_own_due_date(course):
    decide(course, CNN)
    assert course.grade("rescore", "g", "--times", "times.csv").status == 0
    off = "cnn: 1 day late, 10 points off"
    assert rows(course)["kim"] == ("40", "70", "110", off)
    assert rows(course)["lee"] == ("60", "20", "80", "")
    assert off.partition(": ")[2] in (course.out / "report.html").read_text(encoding="utf-8")
    decide(course, MLP)
    assert course.grade("-o", "g").status == 0
    assert rows(course)["kim"][:3] == ("10", "70", "80")


def test_a_slip_in_one_policy_changes_nothing_of_the_others(course):
    decide(course, CNN)
    decide(course, MLP, POLICY + EXTENSION)
    before = files(course.out)
    for command in (("-o", "g"), ("rescore", "g"), ("-o", "g", "--only", "kim")):
        ran = course.grade(*command)
        assert (ran.status, "nobody in the class" in ran.err) == (2, True)
        assert files(course.out) == before


def test_times_of_several_assignments_name_them(course):
    decide(course, CNN)
    (course.home / "times.csv").write_text("id,time\nkim,2025-03-02 10:00\n", encoding="utf-8")
    ran = course.grade("rescore", "g", "--times", "times.csv")
    assert (ran.status, "no column of assignments" in ran.err) == (2, True)
