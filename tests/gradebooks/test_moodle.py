"""Moodle's grading worksheet comes back with its grades, whatever its language."""

import pytest

from grader.errors import GraderError
from tests.gradebooks.people import fill_in, graded, student

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Online text","Last modified (grade)","Feedback comments"\n'
    '"Participant 501","Minsu Kim",minsu@uni.edu,"Submitted for grading",,100.00,Yes,'
    '"Monday, 2 December 2024, 10:37 AM","<p>He said ""hi"",\nthen left</p>",-,\n'
    '"Participant 502","Pat ""P"" O\'Brien, Jr.",pat@uni.edu,"No submission",55.00,100.00,Yes,-,,'
    '"Tuesday, 3 December 2024, 9:00 AM","=1+1"\n'
    '"Participant 503",김민수,ms@uni.edu,"No submission",,100.00,Yes,-,,-,\n'
)
GERMAN = (
    'ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,'
    '"Bewertung kann geändert werden","Zuletzt geändert (Bewertung)","Feedback als Kommentar"\n'
    'Teilnehmer/in501,"Jörg Müller",jm@uni.de,"Zur Bewertung abgegeben",,"100,00",Ja,-,\n'
    'Teilnehmer/in502,"Ina Groß",ig@uni.de,"Keine Abgabe","20,00","100,00",Ja,-,\n'
)
KOREAN = (
    "식별자,성명,이메일 주소,상태,성적,최대 성적,성적을 바꿀 수 있음,마지막 수정됨(성적)\r\n"
    "참가자501,김민수,ms@uni.kr,채점을 위해 제출되었습니다.,,100.00,예,-\r\n"
    "참가자502,이재,jae@uni.kr,제출이 없습니다.,,100.00,예,-\r\n"
)


def filled_in(tmp_path, data, *students, column=None):
    source, out = tmp_path / "worksheet.csv", tmp_path / "filled.csv"
    source.write_bytes(data.encode())
    result = fill_in(source, out, students, column)
    return result, source.read_bytes(), out.read_bytes()


def test_only_the_grades_change(tmp_path):
    result, before, after = filled_in(
        tmp_path, ENGLISH, graded("501", 87.5), graded(student("x", email="pat@uni.edu"), 60)
    )
    expected = before.replace(b'grading",,100', b'grading",87.5,100').replace(b"55.00", b"60")
    assert after == expected
    assert (result.system, result.column) == ("Moodle", "Grade")
    assert (result.matched, result.written) == (2, 2)
    assert result.unmatched_rows == ("김민수",)
    assert result.warnings == (
        'other points stood there before: Pat "P" O\'Brien, Jr. (55.00, now 60)',
    )


def test_german(tmp_path):
    result, before, after = filled_in(tmp_path, GERMAN, graded("501", 12.5), graded("502", 20))
    assert after == before.replace(b'abgegeben",,', b'abgegeben","12,5",')
    assert result.column == "Bewertung"
    assert result.written == 2


def test_korean(tmp_path):
    result, _, after = filled_in(
        tmp_path, KOREAN, graded("501", 90), graded(student("x", "이재"), 80)
    )
    assert "제출되었습니다.,90,100.00,예,-\r\n" in after.decode()
    assert "없습니다.,80,100.00,예,-\r\n" in after.decode()
    assert result.column == "성적"


@pytest.mark.parametrize(
    ("identifier", "grade", "most"),
    [
        ("Identifiant,Participant 5,Participant 6", "Note", "Note maximale"),
        ("Identificador,Participante5,Participante6", "Calificación", "Calificación máxima"),
        ("ID,参加者5,参加者6", "評点", "最大評点"),
        ("TH,ผู้เข้าร่วม5,ผู้เข้าร่วม6", "คะแนน", "คะแนนสูงสุด"),  # a language nobody taught it
    ],
)
def test_other_languages(tmp_path, identifier, grade, most):
    head, one, two = identifier.split(",")
    sheet = (
        f"{head},Name,Status,{grade},{most},Changes,Date\n"
        f"{one},A B,x,,10,Yes,-\n{two},C D,x,0,10,Yes,-\n"
    )
    result, _, after = filled_in(tmp_path, sheet, graded("5", 9), graded("6", 8))
    assert result.column == grade
    assert f"{one},A B,x,9,10" in after.decode()
    assert f"{two},C D,x,8,10" in after.decode()


def test_an_anonymous_worksheet(tmp_path):
    sheet = "Identifier,Status,Grade,Maximum Grade,Last modified (grade)\n" + "".join(
        f"Participant {i},No submission,,100,-\n" for i in range(1, 5)
    )
    result, _, after = filled_in(
        tmp_path, sheet, graded("2", 9), graded(student("x", "No submission"), 50)
    )
    assert after.decode().splitlines()[2] == "Participant 2,No submission,9,100,-"
    assert after.count(b",50,") == 0
    assert result.unmatched_rows == ("Participant 1", "Participant 3", "Participant 4")


def test_a_number_of_the_school_is_a_key_and_a_shared_word_is_none(tmp_path):
    sheet = (
        "Identifier,Full name,ID number,Group,Grade,Maximum grade,Last modified (grade)\n"
        "Participant 1,A B,20241,lab1,,100,-\nParticipant 2,C D,20242,lab2,,100,-\n"
        "Participant 3,E F,20243,lab1,,100,-\n"
    )
    result, _, after = filled_in(tmp_path, sheet, graded("20242", 9), graded("lab2", 50))
    assert "C D,20242,lab2,9,100" in after.decode()
    assert [s.id for s in result.unmatched_students] == ["lab2"]


def test_an_id_that_is_also_anothers_number_needs_the_name(tmp_path):
    sheet = (
        "Identifier,Full name,ID number,Grade,Maximum grade,Last modified (grade)\n"
        "Participant 1,Ann Bell,2,,100,-\nParticipant 2,Cem Dal,7,,100,-\n"
    )
    _, before, after = filled_in(tmp_path, sheet, graded("2", 9))
    assert after == before
    _, _, after = filled_in(tmp_path, sheet, graded(student("2", "Ann Bell"), 9))
    assert b"Ann Bell,2,9,100" in after


def test_more_points_than_moodle_takes_are_said(tmp_path):
    result, _, after = filled_in(
        tmp_path, ENGLISH.replace("100.00", "10.00"), graded("501", 87), graded("503", 5)
    )
    assert b",87,10.00" in after
    assert any("1 above 10: Moodle leaves" in w for w in result.warnings)


def test_a_scale_is_refused(tmp_path):
    sheet = ENGLISH.replace("Maximum grade", "Scale").replace("100.00", '"Fail\nPass"')
    with pytest.raises(GraderError, match="scale of words"):
        filled_in(tmp_path, sheet, graded("501"))


def test_an_uncertain_column_lists_the_headers(tmp_path):
    sheet = "X,Y,Z,W\nParticipant 1,,,a\nParticipant 2,,,b\n"
    with pytest.raises(GraderError) as caught:
        filled_in(tmp_path, sheet, graded("1"))
    assert "--column" in caught.value.hint
    assert "'Y', 'Z', 'W'" in caught.value.hint
    result, _, after = filled_in(tmp_path, sheet, graded("1", 7), column="z")
    assert b"Participant 1,,7,a\n" in after
    assert result.column == "Z"
    with pytest.raises(GraderError, match="no column"):
        filled_in(tmp_path, sheet, graded("1"), column="Q")


@pytest.mark.parametrize(
    "data",
    [
        "id,name\nkim,Kim\nlee,Lee\n",
        "id,name\nkim1,Kim\nkim1,Lee\n",
        "id,name\nParticipant 1,Kim\nTeilnehmer 2,Lee\n",
        "id,name\n1,Kim\n2,Lee\n",
        "id,name\n",
    ],
)
def test_another_file_is_no_worksheet(tmp_path, data):
    source = tmp_path / "a.csv"
    source.write_text(data)
    with pytest.raises(GraderError, match="no gradebook of Canvas, Moodle") as caught:
        fill_in(source, tmp_path / "b.csv", [])
    assert "'id', 'name'" in caught.value.message


def test_a_participants_number_is_no_name_that_could_contradict(tmp_path):
    sheet = "Identifier,Status,Grade,Maximum Grade\nParticipant 1,x,,100\nParticipant 2,x,,100\n"
    _, _, after = filled_in(tmp_path, sheet, graded(student("Participant_2", "Minsu Kim"), 9))
    assert after.decode().splitlines()[2] == "Participant 2,x,9,100"


def test_a_class_of_namesakes_has_names(tmp_path):
    sheet = (
        "Identifier,Full name,Email address,Grade,Maximum grade\n"
        "Participant 1,Minsu Kim,a@u.edu,,100\nParticipant 2,Minsu Kim,b@u.edu,,100\n"
    )
    _, before, after = filled_in(tmp_path, sheet, graded(student("x", "Minsu Kim"), 9))
    assert after == before
    _, _, after = filled_in(tmp_path, sheet, graded(student("2", "Minsu Kim"), 9))
    assert after.decode().splitlines()[2] == "Participant 2,Minsu Kim,b@u.edu,9,100"


@pytest.mark.parametrize("id_", ["Participant 502", "Teilnehmer/in502", "참가자 502", "502"])
def test_a_participant_is_known_in_any_language(tmp_path, id_):
    _, before, after = filled_in(tmp_path, ENGLISH, graded(student(id_), 60))
    assert after == before.replace(b"55.00", b"60")
