"""The tables that are our own: grades.csv, and nbgrader's columns."""

import csv
import tracemalloc
from dataclasses import replace

import pytest

from grader.errors import GraderError
from grader.gradebooks import write_grades, write_nbgrader
from tests.gradebooks.people import broken_down, decided, graded, student

HOSTILE = student('=HYPERLINK("http://x")', '+Evil,\n\x1b[31m; "name"', "@a@b", "-1+1")


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_grades(tmp_path):
    path = tmp_path / "grades.csv"
    students = [
        graded(student("20231234", "김민수", "ms@uni.kr", "A"), 92.5, late=True, group="9f3a"),
        decided(graded("lee", 40), checks={"learns": 12.5}, reason="=cell crashed, seen", by="Kim"),
        broken_down("jo"),
        graded("unread", 0, cells=()),
    ]
    write_grades(path, iter(students), iter([student("gone", "Gone, Al")]))
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid,name,email,section,score,max_score,layer_shapes,")
    assert data.count(b"\r\n") == data.count(b"\n") == 6
    one, two, three, four, five = rows(path)
    assert ",".join(one) == (
        "id,name,email,section,score,max_score,layer_shapes,forward_output,eval_accuracy,"
        "step_order,learns,status,late,override_reason,override_by,group,file,team,handed_in,days_late,deduction"
    )
    assert "|".join(one.values()) == (
        "20231234|김민수|ms@uni.kr|A|92.5|100|20|20|20|20|12.5|failed|yes|||9f3a|20231234.ipynb||||"
    )
    assert (two["score"], two["learns"]) == ("52.5", "12.5")
    assert (two["override_reason"], two["override_by"]) == ("'=cell crashed, seen", "Kim")
    assert (three["score"], three["learns"], three["step_order"]) == ("", "", "20")
    assert three["status"] == "internal_error"
    assert (four["status"], four["score"], four["learns"]) == ("unreadable", "", "")
    assert (five["id"], five["name"], five["score"]) == ("gone", "Gone, Al", "")
    assert (five["status"], five["max_score"], five["file"]) == ("missing", "100", "")


def test_hostile_names_are_text_and_one_row_each(tmp_path):
    path = tmp_path / "grades.csv"
    write_grades(path, [graded(HOSTILE, origin="=x\r\n.ipynb")], [HOSTILE])
    assert len(rows(path)) == 2
    assert rows(path)[0]["file"] == "'=x .ipynb"
    for row in rows(path):
        assert row["id"] == '\'=HYPERLINK("http://x")'
        assert row["name"] == '\'+Evil, ; "name"'
        assert (row["email"], row["section"]) == ("'@a@b", "'-1+1")


def test_nobody_handed_in_anything(tmp_path):
    path = tmp_path / "grades.csv"
    write_grades(path, [], [student("a")])
    (only,) = rows(path)
    assert (only["id"], only["score"], only["status"]) == ("a", "", "missing")
    write_nbgrader(tmp_path / "n.csv", [], [])
    assert (tmp_path / "n.csv").read_text().count("\n") == 1


@pytest.mark.parametrize("write", [write_grades, write_nbgrader])
def test_a_failure_leaves_the_file_before(tmp_path, write):
    path = tmp_path / "grades.csv"
    path.write_text("before")

    def students():
        yield graded("a")
        raise RuntimeError("stopped")

    with pytest.raises(RuntimeError):
        write(path, students(), [])
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", [write_grades, write_nbgrader])
def test_a_place_that_cannot_be_written_to(tmp_path, write):
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (tmp_path / "no" / "grades.csv", folder):
        with pytest.raises(GraderError, match="cannot write"):
            write(path, [graded("a")], [])
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.slow
def test_ten_thousand_students_need_no_more_memory_than_a_few(tmp_path):
    def peak(count):
        one = graded("x", 50)
        students = (
            replace(one, student=student(str(i), "n" * 200), origin="o" * 200) for i in range(count)
        )
        tracemalloc.start()
        write_grades(tmp_path / "grades.csv", students, [])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(10)
    assert peak(10_000) < peak(500) + 100_000


def test_nbgrader(tmp_path):
    path = tmp_path / "n.csv"
    write_nbgrader(
        path,
        iter(
            [
                graded(student("kim", "Kim, Minsu", "k@u.edu"), 92.5),
                decided(graded(student("min", "김민수"), 40), score=50.0),
                broken_down("jo"),
                graded(HOSTILE, 10),
            ]
        ),
        iter([student("gone")]),
    )
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    assert header == (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,"
        "raw_score,late_submission_penalty,score,max_score"
    )
    assert lines[0] == "mlp,,,kim,Kim,Minsu,k@u.edu,92.5,0,92.5,100"
    assert lines[1] == "mlp,,,min,김민수,,,50,0,50,100"
    assert lines[2] == "mlp,,,jo,,,,,0,,100"
    assert lines[4] == "mlp,,,gone,,,,,0,,100"
    assert b"\r" not in path.read_bytes()
    evil = next(csv.reader([lines[3]]))
    assert evil[3] == '\'=HYPERLINK("http://x")'
    assert evil[4] == "'+Evil"
