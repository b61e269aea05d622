"""Nobody gets points by a doubtful id or name, and a doubt costs nobody else."""

import pytest

from tests.gradebooks.people import broken_down, decided, fill_in, graded, student

HEAD = "Student,ID,SIS User ID,SIS Login ID,Section,A (5)\n    Points Possible,,,,,100\n"
ROWS = (
    '"Kim, Minsu",0012,S1,mkim,A,\n'
    '"Lee, Seoyeon",13,S2,slee,A,\n'
    '"Kim, Jiho",14,S3,jkim,A,\n'
    '"Oh, Hana",15,S4,hoh,A,33\n'
)


def points(tmp_path, rows, *students):
    """Return each row's cell by name, and the result."""
    source, out = tmp_path / "export.csv", tmp_path / "filled.csv"
    source.write_text(HEAD + rows, encoding="utf-8")
    result = fill_in(source, out, students)
    lines = out.read_text(encoding="utf-8").splitlines()[2:]
    return [line.rpartition(",")[2] for line in lines], result


@pytest.mark.parametrize("id_", ["0012", "12", "12.0", "#0012", "'0012", '="0012"', "s1", "MKIM"])
def test_an_id_as_spreadsheets_write_it(tmp_path, id_):
    cells, _ = points(tmp_path, ROWS, graded(student(id_, "Minsu Kim"), 50))
    assert cells == ["50", "", "", "33"]


def test_an_id_under_another_name_is_listed_and_not_entered(tmp_path):
    cells, result = points(
        tmp_path, ROWS, graded(student("0012", "leeseoyeon"), 50), graded("13", 60)
    )
    assert cells == ["", "60", "", "33"]
    (warning,) = (w for w in result.warnings if "another name" in w)
    assert "leeseoyeon (0012 is Kim, Minsu there)" in warning
    assert result.unmatched_students == ()


@pytest.mark.parametrize("name", ["", "kimminsu", "M. Kim", "김민수", "Minsu Kim (Max)"])
def test_a_name_that_fits_or_cannot_be_compared_is_no_doubt(tmp_path, name):
    cells, _ = points(tmp_path, ROWS, graded(student("0012", name), 50))
    assert cells == ["50", "", "", "33"]


def test_rows_of_one_id_get_nothing_by_it_and_cost_nobody_else(tmp_path):
    rows = ROWS + '"Park, Sol",13,S9,spark,A,\n'
    cells, result = points(
        tmp_path, rows, graded(student("13", "Seoyeon Lee"), 50), graded("14", 60), graded("S9", 70)
    )
    assert cells == ["", "", "60", "33", "70"]
    (warning,) = (w for w in result.warnings if "share an id" in w)
    assert warning.endswith("Lee, Seoyeon; Park, Sol")
    assert [who.id for who in result.unmatched_students] == ["13"]


def test_namesakes_are_told_apart_by_ids_only(tmp_path):
    rows = ROWS + '"Kim, Minsu",16,S5,mkim2,A,\n'
    cells, result = points(
        tmp_path, rows, graded(student("16", "Minsu Kim"), 50), graded(student("x", "민수 김"), 40)
    )
    assert cells == ["", "", "", "33", "50"]
    assert [who.id for who in result.unmatched_students] == ["x"]
    cells, result = points(tmp_path, rows, graded(student("x", "Kim Minsu"), 50))
    assert cells == ["", "", "", "33", ""]


def test_a_row_without_an_id_is_found_by_its_name(tmp_path):
    cells, _ = points(
        tmp_path, ROWS + '"Müller, Jörg",,,,A,\n', graded(student("x", "Joerg Mueller"), 50)
    )
    assert cells[-1] == "50"


def test_members_of_a_team_get_its_points_and_an_unknown_team_nothing(tmp_path):
    cells, result = points(
        tmp_path,
        ROWS,
        graded(student("0012", "Minsu Kim"), 80, team="Team A"),
        graded(student("13", "Seoyeon Lee"), 80, team="Team A"),
        graded(student("14", "14"), 50, team="14"),
        graded(student("Oh Hana", "Oh Hana"), 50, team="oh hana"),
    )
    assert cells == ["80", "80", "", "33"]
    (warning,) = (w for w in result.warnings if "teams" in w)
    assert warning.endswith(": 14, oh hana")


def test_what_could_not_be_read_leaves_the_cell_as_it_was(tmp_path):
    unread = {"cells": (), "score": 0}
    cells, result = points(
        tmp_path,
        ROWS,
        graded("0012", **unread),
        graded("15", **unread),
        decided(graded("13", **unread), score=70.0),
        broken_down("14"),
    )
    assert cells == ["", "70", "", "33"]
    assert (result.matched, result.written) == (4, 1)
    text = "\n".join(result.warnings)
    assert "could not be read, and their cells are as they were: Kim, Minsu; Oh, Hana" in text
    assert "grader itself failed on the work of these, and their cells" in text


def test_points_that_change_are_told(tmp_path):
    _, result = points(tmp_path, ROWS, graded("15", 40))
    assert "other points stood there before: Oh, Hana (33, now 40)" in result.warnings


def test_everyone_who_is_left_out_is_named(tmp_path):
    unread = [graded(f"7{n:03}", cells=(), score=0) for n in range(40)]
    rows = [f'"A very long name of a family, Number {n}",7{n:03},,,,\n' for n in range(40)]
    _, result = points(tmp_path, "".join(rows), *unread)
    (warning,) = (w for w in result.warnings if "could not be read" in w)
    assert warning.count("A very long name of a family, Number") == 40


@pytest.mark.parametrize(("name", "cell"), [("Minsu Kim", "50"), ("", ""), ("Hana Oh", "")])
def test_who_is_in_doubt_is_entered_by_id_and_name_only(tmp_path, name, cell):
    cells, result = points(tmp_path, ROWS, graded(student("0012", name), 50, unsure=True))
    assert cells[0] == cell
    told = any("0012" in w or "Hana Oh" in w for w in result.warnings)
    assert told is not bool(cell)


def test_a_moodle_participants_number_is_nobodys_id_elsewhere(tmp_path):
    cells, _ = points(tmp_path, ROWS, graded("Participant 13", 50))
    assert cells == ["", "", "", "33"]


@pytest.mark.parametrize("cell", ["-", "\u2013", ""])
def test_a_dash_is_an_empty_cell(tmp_path, cell):
    cells, result = points(tmp_path, f'"Kim, Minsu",1,S1,mkim,A,{cell}\n', graded("1", 0))
    assert cells == ["0"]
    assert result.warnings == ()


def test_cells_that_a_program_left_out_at_the_end_are_added(tmp_path):
    cells, _ = points(tmp_path, '"Kim, Minsu",1,S1,mkim\n', graded("1", 12.5))
    assert cells == ["12.5"]


@pytest.mark.parametrize(
    "row",
    [
        '"Student, Test",99999,,3f2a9d0c0ffee,A,\n',
        f'"Estudiante, Prueba",99999,,{"3f2a9d0c0f" * 4},A,\n',
    ],
)
def test_the_teachers_student_view_is_no_student(tmp_path, row):
    _, result = points(tmp_path, ROWS + row)
    assert result.unmatched_rows == ("Kim, Minsu", "Lee, Seoyeon", "Kim, Jiho", "Oh, Hana")


def test_a_student_of_that_name_is_one(tmp_path):
    _, result = points(tmp_path, '"Student, Test",7,S7,tstudent,A,\n')
    assert result.unmatched_rows == ("Student, Test",)
