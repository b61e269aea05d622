"""A roster's columns are known by their names or their form, in every system and language."""

from __future__ import annotations

import pytest

from grader.classroom import Student
from grader.intake.roster import read_roster

KIM = ("Minsu Kim", "mkim@uni.example")


def read(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    roster = read_roster(path)
    assert roster.unclear == ()
    return roster


# A system's file, and the student's id, name and address there.
FILES = {
    "Moodle worksheet": (
        (
            "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade\n"
            "Participant 1001,Minsu Kim,2025,mkim@uni.example,Submitted,,100.00\n"
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet, German": (
        (
            "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung änderbar\n"
            'Teilnehmer/in1001,Minsu Kim,mkim@uni.example,Abgegeben,,"100,00",Ja\n'
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet, French": (
        (
            "Identifiant,Nom complet,Adresse de courriel,Statut,Note,Note maximale,Modifiable\n"
            'Participant1001,Minsu Kim,mkim@uni.example,Remis,,"100,00",Oui\n'
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet, Korean": (
        (
            "식별자,성명,이메일 주소,상태,성적,최고 성적,변경 가능\n"
            "참가자 1001,Minsu Kim,mkim@uni.example,제출됨,,100.00,예\n"
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet in a language that is not known": (
        (
            "სახელი,სრული,ფოსტა,მდგომარეობა,შეფასება,მაქსიმუმი,შეიძლება\n"
            "მონაწილე 1001,Minsu Kim,mkim@uni.example,კი,,100.00,კი\n"
            "მონაწილე 1002,Jiwon Lee,jlee@uni.example,კი,,100.00,კი\n"
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet with other columns in front": (
        (
            "Email address,Identifier,Full name,Status\n"
            "mkim@uni.example,Participant 1001,Minsu Kim,-\n"
        ),
        ("1001", *KIM),
    ),
    "Moodle worksheet with an unknown Latin word": (
        (
            "Tunnus,Nimi,Sahkoposti,Tila,Arvosana,Maksimi,Muutettavissa\n"
            "Dalyvis 1001,Minsu Kim,mkim@uni.example,-,,100.00,-\n"
            "Dalyvis 1002,Jiwon Lee,jlee@uni.example,-,80.00,100.00,-\n"
        ),
        ("1001", *KIM),
    ),
    "Moodle gradebook export": (
        (
            "First name,Last name,ID number,Institution,Department,Email address,Total\n"
            "Minsu,Kim,,,,mkim@uni.example,-\n"
        ),
        ("mkim@uni.example", *KIM),
    ),
    "Canvas": (
        (
            "Student,ID,SIS User ID,SIS Login ID,Section,HW (1)\n"
            '"Kim, Minsu",12345,S1,mkim@uni.example,S,\n'
        ),
        ("12345", "Kim, Minsu", ""),
    ),
    "Canvas with two names": (
        "LastName,FirstName,ID,SIS Login ID,Section,HW (1)\nKim,Minsu,12345,mkim,S,\n",
        ("12345", "Minsu Kim", ""),
    ),
    "D2L": (
        (
            "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n"
            "#20250001,#mkim42,Kim,Minsu,mkim@uni.example,#\n"
        ),
        ("20250001", *KIM),
    ),
    "Sakai": (
        (
            '"Homework 1","SCORE_GRADE_TYPE"\n""\n'
            '"Display ID","ID","Last Name","First Name","grade"\n'
            '"mkim42","mkim42","Kim","Minsu",""\n'
        ),
        ("mkim42", "Minsu Kim", ""),
    ),
    "ILIAS": (
        "login;Lastname;Firstname;Matriculation Number\nmkim42;Kim;Minsu;2025001\n",
        ("2025001", "Minsu Kim", ""),
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Sections\nMinsu,Kim,2025,mkim@uni.example,A\n",
        ("2025", *KIM),
    ),
    "Google Classroom": (
        "Last Name,First Name,Email Address\nKim,Minsu,mkim@uni.example\n",
        ("mkim@uni.example", *KIM),
    ),
    "Teams": (
        "First Name,Last Name,Email Address,HW,Points,Feedback\nMinsu,Kim,mkim@uni.example,,9,\n",
        ("mkim@uni.example", *KIM),
    ),
    "Classroom 50": (
        (
            "username,first_name,last_name,email,section,github_id\n"
            "minsu-kim,Minsu,Kim,mkim@uni.example,A,11\n"
        ),
        ("mkim@uni.example", *KIM),
    ),
    "GitHub Classroom": (
        "identifier,github_username,github_id,name\n2025,minsu-kim,11,Minsu Kim\n",
        ("2025", "Minsu Kim", ""),
    ),
    "by hand, German": (
        "Name;Vorname;Matrikelnummer\nKim;Minsu;2025001\n",
        ("2025001", "Minsu Kim", ""),
    ),
    "by hand, Russian": (
        "Фамилия;Имя;Почта\nKim;Minsu;mkim@uni.example\n",
        ("mkim@uni.example", *KIM),
    ),
    "by hand, Chinese": ("学号,姓名\n20250001,金敏洙\n", ("20250001", "金敏洙", "")),
    "by hand, Arabic": ("الرقم الجامعي,الاسم\n20250001,محمد علي\n", ("20250001", "محمد علي", "")),
    "headers that nobody knows": (
        (
            "колона,друга,трета\n20250001,Minsu Kim,mkim@uni.example\n"
            "20250002,Jiwon Lee,jlee@uni.example\n"
        ),
        ("20250001", *KIM),
    ),
    "a spreadsheet's float and Excel's first line": (
        "sep=;\nid;name\n1001.0;Minsu Kim\n",
        ("1001", "Minsu Kim", ""),
    ),
    "a title without a delimiter": (
        "CS101 in spring\n\nid,name\n1001,Minsu Kim\n",
        ("1001", "Minsu Kim", ""),
    ),
    "an id kept as text": ('id,name\n"=""0012""",Minsu Kim\n', ("0012", "Minsu Kim", "")),
}


@pytest.mark.parametrize("system", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_files_of_systems(tmp_path, system, encoding):
    text, expected = FILES[system]
    first = next(iter(read(tmp_path, text, encoding).students.values()))
    assert (first.id, first.name, first.email) == expected


def test_blackboards_book_with_tabs(tmp_path):
    text = (
        "Last Name\tFirst Name\tUsername\tStudent ID\tHW [Total Pts: 100 Score] |409586\n"
        "Kim\tMinsu\tmkim42\t20250001\tNeeds Grading\n"
    )
    for encoding in ("utf-16", "utf-16-le"):
        roster = read(tmp_path, text, encoding)
        assert list(roster.students.values()) == [Student("20250001", "Minsu Kim")]
        assert roster.having_login("MKIM42") == {"20250001"}


@pytest.mark.parametrize(
    ("roster_has", "asked", "known"),
    [
        ("20250001", "20250001", True),
        ("#20250001", "20250001", True),
        ("20250001.0", "#20250001", True),
        ("S0012", "s0012", True),
        ("12", "0012", True),
        ("0012", "12", True),
        ("0012", "120", False),
        ("12", "S12", False),
    ],
)
def test_ids_as_spreadsheets_write_them(tmp_path, roster_has, asked, known):
    roster = read(tmp_path, f"id,name\n{roster_has},Minsu Kim\n")
    assert bool(roster.having_id(asked)) == known


def test_a_row_number_of_moodle_is_no_student_number(tmp_path):
    roster = read(tmp_path, FILES["Moodle worksheet"][0])
    assert roster.by_participant["1001"] == {"1001"}
    assert roster.having_id("2025") == {"1001"}
    assert "2025" not in roster.by_participant


@pytest.mark.parametrize("ids", ["S0001", "student01", "hw-1001", "20250001"])
def test_ids_with_letters_stay_whole(tmp_path, ids):
    roster = read(tmp_path, f"id,name\n{ids},Minsu Kim\n")
    assert list(roster.students) == [ids]
    assert not roster.by_participant
