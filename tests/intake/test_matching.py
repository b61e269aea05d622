"""A roster settles who is who, and never by a guess."""

from __future__ import annotations

import time

import pytest

from grader.classroom import Student
from grader.intake.roster import Roster, RosterStudent, known
from tests.intake.making import folder, found, ids, reasons, zipped

ROSTER = """id,name,email,github,section
20230001,김민수,minsu@uni.ac.kr,octo-cat,1
20230002,"Lee, Jiwon",jiwon@uni.ac.kr,,1
20230003,Park Seo Jun,sj@uni.ac.kr,,2
20230010,Choi Dain,dain@uni.ac.kr,,2
20230011,Choi Dain,dain2@uni.ac.kr,,2
"""


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text(ROSTER, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "who"),
    [
        # ids, logins, mail addresses, names
        ("20230001.ipynb", "20230001"),
        ("jiwon.ipynb", "20230002"),
        ("SJ@uni.ac.kr.ipynb", "20230003"),
        ("octo-cat.ipynb", "20230001"),
        ("020230001.ipynb", "20230001"),
        ("20230001.0.ipynb", "20230001"),
        ("#20230001.ipynb", "20230001"),
        ("김민수.ipynb", "20230001"),
        ("\u1100\u1175\u11b7민수.ipynb", "20230001"),
        ("Jiwon Lee.ipynb", "20230002"),
        ("lee_jiwon.ipynb", "20230002"),
        # what stands between other words
        ("mlp_20230003.ipynb", "20230003"),
        ("HW1_20230001_김민수(final).ipynb", "20230001"),
        ("김민수20230001.ipynb", "20230001"),
        ("week3-김민수-mlp.ipynb", "20230001"),
        ("mlp Seo Jun Park.ipynb", "20230003"),
        # nobody, or nobody in particular
        ("2023000.ipynb", None),
        ("kim.ipynb", None),
        ("Choi Dain.ipynb", None),
        ("20230001_20230002.ipynb", None),
    ],
)
def test_plain_names(tmp_path, roster, name, who):
    handed_in = found(folder(tmp_path / "x", name), roster=roster)
    (only,) = handed_in.counted
    if who is not None:
        assert only.student.id == who
        assert only.student.email
        assert only.student.section
        assert handed_in.unclear == ()
        assert who not in [student.id for student in handed_in.missing]
    else:
        assert not only.student.email
        assert len(handed_in.missing) == 5
        (told,) = handed_in.unclear
        assert told.origin == only.origin
        assert told.reason.endswith(f"graded as {only.student.id}")


def test_doubts_are_named(tmp_path, roster):
    handed_in = found(folder(tmp_path / "x", "Choi Dain.ipynb", "kim.ipynb"), roster=roster)
    said = reasons(handed_in)
    assert said["Choi Dain.ipynb"] == (
        "may be 20230010 Choi Dain or 20230011 Choi Dain of the roster; graded as Choi Dain"
    )
    assert said["kim.ipynb"] == "nobody in the roster; graded as kim"


def test_canvas_by_name(tmp_path, roster):
    names = ("김민수_1_10_a.ipynb", "leejiwon_LATE_2_11_a.ipynb", "parkseojun_3_12_a.ipynb")
    handed_in = found(zipped(tmp_path / "s.zip", *names, "choidain_4_13_a.ipynb"), roster=roster)
    assert ids(handed_in) == ["4", "20230001", "20230002", "20230003"]
    assert [a.student.section for a in handed_in.counted] == ["", "1", "1", "2"]
    assert [s.id for s in handed_in.missing] == ["20230010", "20230011"]
    assert len(handed_in.unclear) == 1


def test_moodle_by_name_in_either_order(tmp_path, roster):
    names = (
        "Jiwon Lee_7_assignsubmission_file/x.ipynb",
        "Seo Jun Park_8_assignsubmission_file/x.ipynb",
    )
    handed_in = found(zipped(tmp_path / "s.zip", *names), roster=roster)
    assert ids(handed_in) == ["20230002", "20230003"]


def test_two_people_of_one_name_where_the_roster_has_one(tmp_path, roster):
    names = ("김민수_1_10_a.ipynb", "김민수_2_11_a.ipynb", "leejiwon_3_12_a.ipynb")
    handed_in = found(zipped(tmp_path / "s.zip", *names), roster=roster)
    assert ids(handed_in) == ["1", "2", "20230002"]
    assert "but so may 2" in reasons(handed_in)["김민수_1_10_a.ipynb"]


def test_a_number_of_another_system_is_not_an_id(tmp_path):
    """The roster counts its rows, Canvas its users: 2 and 2 are two people."""
    roster = tmp_path / "class.csv"
    roster.write_text("id,name\n1,Kim Minsu\n2,Lee Jiwon\n")
    handed_in = found(
        zipped(tmp_path / "s.zip", "kimminsu_2_10_a.ipynb", "leejiwon_777_11_a.ipynb"),
        roster=roster,
    )
    assert ids(handed_in) == ["2", "2 (kimminsu)"]
    assert handed_in.counted[0].member == "leejiwon_777_11_a.ipynb"
    said = reasons(handed_in)["kimminsu_2_10_a.ipynb"]
    assert said.startswith("the id is that of 2 Lee Jiwon in class.csv, but the name that of 1 Kim")


def test_a_students_file_name_is_not_their_word(tmp_path, roster):
    """In a download, only what the system wrote says who somebody is."""
    names = ("parkseojun_3_12_20230001_김민수.ipynb", "leejiwon_4_13_octo-cat.ipynb")
    handed_in = found(zipped(tmp_path / "s.zip", *names), roster=roster)
    assert ids(handed_in) == ["20230002", "20230003"]


def test_attempts_by_mail_and_by_canvas_meet(tmp_path, roster):
    canvas = zipped(tmp_path / "s.zip", "leejiwon_2_11_a.ipynb", "김민수_1_10_a.ipynb")
    late = folder(tmp_path / "mail", "20230002.ipynb", time=4e9)
    handed_in = found(canvas, late, roster=roster)
    assert ids(handed_in) == ["20230001", "20230002"]
    assert handed_in.counted[1].path == late / "20230002.ipynb"
    assert [a.member for a in handed_in.earlier] == ["leejiwon_2_11_a.ipynb"]


def test_missing_in_order(tmp_path, roster):
    handed_in = found(folder(tmp_path / "x", "20230002.ipynb"), roster=roster)
    assert [s.id for s in handed_in.missing] == ["20230001", "20230003", "20230010", "20230011"]
    assert found(tmp_path / "x").missing == ()


def test_logins_of_clones(tmp_path, roster):
    names = [f"mlp-{login}/{f}" for login in ("octo-cat", "zed") for f in (".git/HEAD", "a.ipynb")]
    handed_in = found(folder(tmp_path / "x", *names), roster=roster)
    assert ids(handed_in) == ["20230001", "zed"]


def test_a_roster_of_another_class_is_told_once(tmp_path, roster):
    handed_in = found(
        folder(tmp_path / "x", *(f"nobody{n}.ipynb" for n in range(50))), roster=roster
    )
    assert len(handed_in.counted) == 50
    (told,) = handed_in.unclear
    assert told.origin == "class.csv"
    assert "nobody who handed in is in this roster" in told.reason


def test_known_is_quick_on_a_large_class():
    people = [
        RosterStudent(Student(f"2025{n:05}", f"Ada{n:05} Kim"), logins=(f"ada{n}",))
        for n in range(10_000)
    ]
    roster = Roster(people, "class.csv")
    began = time.perf_counter()
    for n in range(10_000):
        for text in ("submissions", "HW 1", f"2025{n:05}", f"Kim_Ada{n:05}", f"ada{n}"):
            assert (known(text, roster) == {f"2025{n:05}"}) == (text not in {"submissions", "HW 1"})
    assert time.perf_counter() - began < 10
