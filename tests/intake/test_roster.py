"""Reading rosters: from spreadsheets, from systems, by hand."""

from __future__ import annotations

import pytest

from grader.classroom import Student
from grader.errors import GraderError
from grader.intake.roster import read_roster

PEOPLE = [
    Student("20230001", "김민수", "minsu@uni.ac.kr", "1"),
    Student("020", "Lee, Jiwon", "jiwon@uni.ac.kr", "2"),
]


def students(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return list(read_roster(path).students.values())


def refused(tmp_path, text):
    with pytest.raises(GraderError) as caught:
        students(tmp_path, text)
    assert caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    assert "class.csv" in caught.value.message
    return caught.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp949"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        (
            "id,name,email,section\n"
            "20230001,김민수,minsu@uni.ac.kr,1\n"
            '020,"Lee, Jiwon",jiwon@uni.ac.kr,2\n'
        ),
        (
            "학번;이름;이메일;분반\n"
            "20230001;김민수;minsu@uni.ac.kr;1\n"
            "020;Lee, Jiwon;jiwon@uni.ac.kr;2"
        ),
        (
            "분반\tE-Mail Address\t 성명 \tStudent ID\n"
            "1\tminsu@uni.ac.kr\t김민수\t20230001\n\n"
            "2\tjiwon@uni.ac.kr\tLee, Jiwon\t020\n\t\t\t\n"
        ),
    ],
)
def test_delimiters_headers_and_encodings(tmp_path, text, newline, encoding):
    assert students(tmp_path, text.replace("\n", newline), encoding) == PEOPLE


def test_western_encoding(tmp_path):
    assert students(tmp_path, "id,name\n1,José Müller\n", "cp1252")[0].name == "José Müller"


def test_the_gradebook_that_canvas_exports(tmp_path):
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,MLP (99)\n"
        "    Points Possible,,,,,100\n"
        '"Kim, Minsu",12345,20230001,minsu,S1,\n'
    )
    assert students(tmp_path, text) == [Student("12345", "Kim, Minsu", "", "S1")]
    roster = read_roster(tmp_path / "class.csv")
    assert roster.by_id["20230001"] == {"12345"}
    assert roster.by_login["minsu"] == {"12345"}
    assert roster.by_name["minsukim"] == roster.by_name["kimminsu"] == {"12345"}


def test_the_worksheet_that_moodle_exports(tmp_path):
    text = "Identifier,Full name,Email address,Status,Grade\nParticipant 77,Minsu Kim,m@u.kr,,\n"
    assert students(tmp_path, text) == [Student("77", "Minsu Kim", "m@u.kr")]
    roster = read_roster(tmp_path / "class.csv")
    assert roster.by_participant["77"] == roster.having_id("participant 77") == {"77"}


def test_two_columns_of_names(tmp_path):
    assert students(tmp_path, "id,first_name,last_name\n1,Minsu,Kim\n")[0].name == "Minsu Kim"
    assert students(tmp_path, "학번,성,이름\n1,김,민수\n")[0].name == "김민수"


def test_the_roster_of_github_classroom(tmp_path):
    text = '"identifier","github_username","github_id","name"\n"m@u.kr","octo-cat","5","Kim"\n'
    assert students(tmp_path, text) == [Student("m@u.kr", "Kim")]
    assert read_roster(tmp_path / "class.csv").by_login["octo-cat"] == {"m@u.kr"}


def test_without_ids_the_mail_address_is_one(tmp_path):
    assert students(tmp_path, "name,email\nKim,m@u.kr\n") == [Student("m@u.kr", "Kim", "m@u.kr")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column"),
        ("\n\n", "no column"),
        ("20230001,김민수\n", "no column"),
        ("id,name\n", "lists no students"),
        ("id,name\n1,\0\n", "not text"),
        (b"\xff\xfea", "encoding"),
        (b"PK\x03\x04xlsx", "spreadsheet"),
    ],
)
def test_broken(tmp_path, text, says):
    assert says in refused(tmp_path, text)


def test_no_file(tmp_path):
    for path in (tmp_path / "gone.csv", tmp_path):
        with pytest.raises(GraderError, match="cannot be read"):
            read_roster(path)


def test_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.intake.caps.ROSTER_BYTES", 10)
    assert "larger than" in refused(tmp_path, "id,name\n1,Kim\n")
