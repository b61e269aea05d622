"""An odd row of a roster is listed, and costs nobody else."""

from __future__ import annotations

import pytest

from grader.intake.roster import read_roster


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    roster = read_roster(path)
    assert all(one.origin.startswith("class.csv, line ") for one in roster.unclear)
    return roster


HEAD = "id,name,email\n"


@pytest.mark.parametrize(
    ("text", "ids", "said"),
    [
        # no id: the next that identifies
        (HEAD + "1,Kim,k@x.kr\n,Lee,l@x.kr\n", ["1", "l@x.kr"], []),
        ("id,login,name\n1,kim,Kim\n,lee,Lee\n", ["1", "lee"], []),
        (HEAD + "1,Kim,k@x.kr\n,Lee,\n", ["1", "Lee"], ["line 3 has no id"]),
        (HEAD + "1,Kim,k@x.kr\n,Lee,\n,Lee,\n", ["1"], ["line 3 has no id", "line 4 has no id"]),
        (HEAD + "1,Kim,k@x.kr\n,,\n , ,\n", ["1"], []),
        # one id twice
        (
            HEAD + "1,Kim,k@x.kr\n\n1,Lee,l@x.kr\n2,Oh,\n",
            ["k@x.kr", "l@x.kr", "2"],
            ["line 2 has the id 1, as another line has", "line 4 has the id 1"],
        ),
        ("id,name\n1,Kim\n1.0,Lee\n2,Oh\n", ["Kim", "Lee", "2"], ["line 2 has", "line 3 has"]),
        ("id,name,section\n1,Kim,A\n1,Kim,B\n", ["1"], []),
        # too many cells
        ("id,name\n1,Kim, Minsu\n2,Lee\n", ["1", "2"], []),
        ("name,id\nKim, Minsu,1\nLee,2\n", ["1", "2"], []),
        ("id,name\n1,Kim,,\n2,Lee\n", ["1", "2"], []),
        ("id,name,email\n1,Kim,a@b.c,7,8\n2,Lee\n", ["2"], ["line 2 has more cells"]),
        ("id,name,email\n1\n2,Lee\n", ["1", "2"], []),
        # quotes
        ('id,name\n1,"Kim\n2,Lee\n', ["1", "2"], ["line 2 has a quote"]),
        ('id,name\n1,"Kim\n2,Lee"\n3,Oh\n', ["1", "2", "3"], ["line 2 has a quote"]),
        ('id,name\n1,"Kim"x\n2,Lee\n', ["1", "2"], ["line 2 has a quote"]),
        ('id,name,note,more\n1,Kim,"a\nb, c",\n2,Lee,"\n",x\n', ["1", "2"], []),
        ('id,name\n1,"Kim\nMinsu"\n2,Lee\n', ["1", "2"], []),
        ("id,name\n1," + "x" * 200_000 + "\n2,Lee\n", ["1", "2"], []),
    ],
)
def test_rows(tmp_path, text, ids, said):
    roster = read(tmp_path, text)
    assert list(roster.students) == ids
    told = [f"{one.origin.removeprefix('class.csv, ')} {one.reason}" for one in roster.unclear]
    assert len(told) == len(said)
    assert all(one.startswith(beginning) for one, beginning in zip(told, said, strict=True))


def test_names_that_were_split_or_broken_are_whole(tmp_path):
    names = [
        s.name for s in read(tmp_path, 'id,name\n1,Kim, Minsu\n2,"Lee\nJi"\n').students.values()
    ]
    assert names == ["Kim, Minsu", "Lee Ji"]


def test_hostile_cells_are_told_safely(tmp_path):
    roster = read(tmp_path, "id,name\n\x1b[31m,Kim\n\x1b[31m,Lee\n1,Oh\n")
    assert all(one.reason.isprintable() for one in roster.unclear)
    assert len(roster.unclear) == 2


def test_a_shared_id_matches_nobody(tmp_path):
    roster = read(tmp_path, "id,name\n7,Kim\n7,Lee\n8,Oh\n")
    assert roster.having_id("7") == frozenset()
    assert roster.having_name("Kim") == {"Kim"}


CANVAS = "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n"
NOBODY = [
    "    Points Possible,,,,,100\n",
    ",,,,,Manual Posting\n",
    '"Student, Test",99,,3f2a9d0c0ffee,S1,\n',
    f"Estudiante de prueba,99,,{'0af3' * 10},S1,\n",
    "Test Student,99,,x,S1,\n",
    ",,,,,\n",
]


@pytest.mark.parametrize("row", NOBODY)
def test_rows_of_canvas_that_are_no_students(tmp_path, row):
    roster = read(tmp_path, CANVAS + row + '"Kim, Minsu",1,S1,kim,S1,\n' + row)
    assert list(roster.students) == ["1"]
    assert roster.unclear == ()


def test_a_student_whose_login_looks_like_canvas_own(tmp_path):
    roster = read(tmp_path, CANVAS + '"Kim, Minsu",1,S1,3f2a9d0c0ffee,S1,\n')
    assert list(roster.students) == ["1"]


def test_broken_quotes_take_no_time_to_speak_of(tmp_path):
    roster = read(tmp_path, "id,name\n" + "".join(f'{n},"Kim\n' for n in range(20_001)))
    assert len(roster.students) == 20_001
