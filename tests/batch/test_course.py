"""A course: hand-ins sorted by assignment, one folder each, one table and index above them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from tests.batch.grading import by_student, grade, table
from tests.batch.marked import notebook
from tests.batch.one_class import files
from tests.batch.one_course import (
    BOOK,
    CNN,
    COURSE,
    LINE,
    MLP,
    NAMED,
    POINTS,
    OneCourse,
    both,
    essay,
    with_mark,
)

if TYPE_CHECKING:
    from pathlib import Path

FIRST = {
    "choi": ("100", "", ""),
    "kim": ("40", "80", "120"),
    "lee": ("60", "20", "80"),
    "park": ("", "", ""),
}
BOOKS = ("--gradebook", "book.csv", "--column", "mlp=First", "--column", "cnn=Second")


@pytest.fixture(scope="module")
def _graded(tmp_path_factory: pytest.TempPathFactory) -> OneCourse:
    made = OneCourse(tmp_path_factory.mktemp("course"))
    made.first()
    return made


@pytest.fixture
def one(_graded: OneCourse, tmp_path: Path) -> OneCourse:
    """A graded course, to change and grade again."""
    home = tmp_path / "home"
    shutil.copytree(_graded.home, home)
    copied = OneCourse.__new__(OneCourse)
    copied.home = home
    return copied


def test_everyone_has_a_cell_for_each_assignment_and_a_total_where_all_are_final(one):
    assert one.points() == FIRST
    assert one.rows()["choi"]["open"] == "cnn: nothing handed in"
    assert {row["max_total"] for row in one.rows().values()} == {"200"}
    for assignment, points in ((MLP, {"kim": 40, "lee": 60, "choi": 100}), (CNN, {"lee": 20})):
        found = by_student(one.out / assignment)
        assert points.items() <= {who: line["score"] for who, line in found.items()}.items()


def test_what_belongs_to_no_single_assignment_is_named_and_not_graded(one):
    one.put("park", "essay.ipynb", essay())
    one.put("park", "both.ipynb", both())
    one.put("park", "line.ipynb", notebook(100, assignment=LINE))
    one.put("park", "broken.ipynb", b"no notebook")
    ran = one.again()
    assert ran.status == 1
    told = " ".join(ran.out.split())
    for words in (
        "no part of any assignment of the course was found in it all/park/essay.ipynb",
        f"it belongs to {LINE}, which is no assignment of this course all/park/line.ipynb",
        "it could not be read",
        "all/park/broken.ipynb",
        "all/park/both.ipynb",
    ):
        assert words in told
    assert one.points() == FIRST
    page = (one.out / "report.html").read_text(encoding="utf-8")
    assert all(f"all/park/{name}.ipynb" in page for name in ("essay", "both", "line", "broken"))


def test_a_mark_of_the_courses_own_is_sorted_by_what_is_in_the_notebook(one):
    one.put("park", "hw1.ipynb", with_mark(notebook(30), "week-1"))
    assert one.again().status == 0
    assert one.points()["park"] == ("30", "", "")


def test_attempts_count_for_each_assignment_by_itself(one):
    one.hand_in("lee", 90, CNN, name="cnn (1)")
    assert one.again().status == 0
    assert one.points()["lee"] in {("60", "90", "150"), ("60", "20", "80")}
    assert {who: cells for who, cells in one.points().items() if who != "lee"} == {
        who: cells for who, cells in FIRST.items() if who != "lee"
    }
    chosen = (one.out / CNN / "report.html").read_text(encoding="utf-8")
    assert "cnn (1).ipynb" in chosen
    assert "cnn (1).ipynb" not in (one.out / MLP / "report.html").read_text(encoding="utf-8")


def test_without_named_assignments_nobody_has_a_total(one):
    shutil.rmtree(one.out)
    ran = one.grade(*COURSE)
    assert ran.status == 0
    assert one.points() == {who: (*cells[:2], "") for who, cells in FIRST.items()}
    assert "no totals: --assignment" in ran.out
    assert "No totals" in (one.out / "report.html").read_text(encoding="utf-8")


def test_each_column_of_a_gradebook_gets_its_own_assignments_points(one):
    ran = one.grade("rescore", "g", *BOOKS)
    assert ran.status == 0, ran
    rows = {row["ID"]: row for row in table(one.out / "gradebook" / "book.csv")[1:]}
    cells = {who: (row["First (1)"], row["Second (2)"]) for who, row in rows.items()}
    assert cells == {who: cells[:2] for who, cells in FIRST.items()}
    one.hand_in("kim", 50, CNN)
    one.again()
    rows = {row["ID"]: row for row in table(one.out / "gradebook" / "book.csv")[1:]}
    assert rows["kim"]["Second (2)"] == "50"
    assert (one.home / "book.csv").read_text(encoding="utf-8").startswith(BOOK)
    ran = one.grade("rescore", "g", "--forget", "gradebook")
    assert "gradebook/book.csv" in ran.err
    assert not (one.out / "gradebook" / "book.csv").exists()


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ((), "which column gets the points of mlp, cnn"),
        (("mlp=First",), "which column gets the points of cnn"),
        (("mlp=First", "cnn=First"), "the points of mlp and of cnn would go to the same column"),
        (("mlp=First", "cnn=Third"), "no column of the gradebook is named Third"),
        (("mlp=First", "cn=Second"), "there is no assignment cn in this course"),
        (("mlp=First", "Second"), "it is not said which one's points go there"),
        (("mlp=First", "mlp=Second"), "two columns for mlp"),
    ],
)
def test_a_column_that_is_not_clear_is_refused_by_name(one, columns, told):
    before = files(one.out)
    asked = [word for column in columns for word in ("--column", column)]
    for command in (("-o", "g"), ("rescore", "g")):
        ran = one.grade(*command, "--gradebook", "book.csv", *asked)
        assert ran.status == 2
        assert told in ran.err
    assert files(one.out) == before


def test_one_student_anew_in_every_assignment(tmp_path):
    one = OneCourse(tmp_path)
    one.first()
    before = files(one.out)
    one.hand_in("kim", 10, MLP)
    one.hand_in("kim", 20, CNN)
    one.hand_in("lee", 0, MLP)
    ran = one.grade("-o", "g", "--only", "kim")
    assert ran.status == 0, ran
    assert one.points() == {**FIRST, "kim": ("10", "20", "30")}
    assert one.grade("-o", "g", "--only", "choi").status == 0
    now = files(one.out)
    assert all(now[name] == before[name] for name in now if "feedback/lee" in name)


def test_a_decision_of_one_assignment_is_in_the_courses_table(one):
    decided = '[[student]]\nid = "lee"\nscore = 75\nreason = "seen"\n'
    (one.out / CNN / "overrides.toml").write_text(decided, encoding="utf-8")
    ran = one.grade("rescore", "g")
    assert ran.status == 0, ran
    assert one.points() == {**FIRST, "lee": ("60", "75", "135")}


def test_two_courses_are_compared_by_assignment(one):
    shutil.copytree(one.out, one.home / "old")
    one.hand_in("lee", 30, CNN)
    one.again()
    ran = grade("diff", "old", "g", usual=(), home=one.home)
    assert ran.status == 1
    first, _, second = ran.out.partition("\nmlp:")
    assert "cnn:\n\npoints changed for 1" in first
    assert "Lee Seoyeon (lee): 20 → 30" in first
    assert "points changed for 0" in second
    ran = grade("diff", "old", "g/cnn", usual=(), home=one.home)
    assert ran.status == 2
    assert "one of the two is a course" in ran.err


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("-o", "g/mlp"), "one assignment of a course"),
        (("rescore", "g/cnn"), "one assignment of a course"),
        (("all/kim", "-o", "g"), "of 3 students who were graded into this folder"),
        ((*(f"all/{who}/mlp.ipynb" for who in POINTS[MLP]), "-o", "g"), "nobody hands in cnn"),
        (("-o", "g", "--only", "nobody"), "there is no such student"),
        (("all", "-o", "g", "--only", "kim"), "takes no PATH"),
        (("-o", "g", "--course", "--assignment", "mlp"), "cnn was graded in this course"),
        (("-o", "g", "--course", *NAMED, "--assignment", "mlp"), "names mlp twice"),
        (("-o", "g", "--json", "-"), "a course has several"),
        (("-o", "g", "--junit", "x.xml"), "a course has several"),
        (("rescore", "g", "--json", "-"), "a course has several"),
        (("rescore", "g", "--roster", "roster.csv"), "--roster changes that"),
        (("all", "--course"), "no folder was named"),
        (("all", "-o", "h", *NAMED), "--assignment was given 2 times"),
        (("-o", "h", "--course"), "h holds no course"),
    ],
)
def test_what_would_lose_or_mix_anything_is_refused_and_changes_nothing(one, command, told):
    before = files(one.out)
    ran = one.grade(*command)
    assert ran.status == 2
    assert told in ran.err
    assert files(one.out) == before


def test_a_class_that_was_graded_by_itself_is_not_taken_over(one):
    for folder in ("alone", "h/mlp"):
        ran = one.grade("all/kim/mlp.ipynb", "-o", folder, "--assignment", MLP)
        assert ran.status == 0, ran
    for folder in ("alone", "h"):
        ran = one.grade("all", "-o", folder, "--course", *NAMED)
        assert ran.status == 2
        assert "holds a class that was graded by itself" in ran.err


def test_a_run_that_was_stopped_between_assignments_is_told_and_gone_on_with(one):
    one.hand_in("lee", 30, CNN)
    with mock.patch("grader.cli.grade_course.write_index", side_effect=KeyboardInterrupt):
        assert one.again().status == 130
    assert one.grade("-o", "g", "--only", "kim").status == 2
    assert one.grade("rescore", "g").status == 2
    ran = one.again()
    assert "the run before this one was stopped" in ran.err
    assert one.points() == {**FIRST, "lee": ("60", "30", "90")}


def test_the_same_course_in_the_same_order_is_the_same_files(one):
    before = files(one.out)
    assert one.again().status == 0
    assert files(one.out) == before
