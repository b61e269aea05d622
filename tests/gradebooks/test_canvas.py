"""The gradebook that Canvas exported comes back with one column filled in."""

import csv

import pytest

from grader.errors import GraderError
from tests.gradebooks.people import broken_down, decided, fill_in, graded, student

# As Canvas' exporter writes it: a row for assignments posted by hand, points, totals to the right.
EXPORT = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Notes,Quiz (17),MLP on MNIST (4711),"
    "Assignments Current Score,Override Score (2024)\r\n"
    ",,,,,,,Manual Posting,,\r\n"
    '"    Points Possible",,,,,,10.00,100.00,(read only),\r\n'
    '"Kim, Minsu",1001,S-17,minsu.kim,"Lab A, morning",,9.00,,90,\r\n'
    '"O""Brien, Pat ""P""",1002,S-18,pat,Lab B,"said ""late"", twice",,85.00,,\r\n'
    "김민수,1003,S-19,ms,실습 1,,,EX,,\r\n"
    '"=""=cmd|calc""",1004,S-20,evil,Lab B,=1+1,,N/A,,\r\n'
    '"Lee, Jae",1005,S-21,jae,Lab B,,,12.00,,\r\n'
    '"Student, Test",1099,,f00,Lab B,,,,,\r\n'
)


def filled_in(tmp_path, data, *students, column=None):
    """Return what became of it, with the old and the new rows."""
    source, out = tmp_path / "export.csv", tmp_path / "filled.csv"
    source.write_bytes(data if isinstance(data, bytes) else data.encode())
    result = fill_in(source, out, students, column)
    return result, source.read_bytes(), out.read_bytes()


def column_of(data, number, delimiter=","):
    rows = csv.reader(data.decode("utf-8-sig").splitlines(), delimiter=delimiter)
    return [row[number] for row in rows]


def test_the_column_is_filled_in_and_nothing_else(tmp_path):
    result, before, after = filled_in(
        tmp_path,
        EXPORT,
        graded("1001", 87.5),
        graded("1002", 85),
        graded("1003", 40),
        graded("1004", 40),
        graded(student("x", "Jae Lee"), 100),
        column="MLP on MNIST",
    )
    expected = before.replace(b"9.00,,90", b"9.00,87.5,90").replace(b",12.00,", b",100,")
    assert after == expected
    assert result.system == "Canvas"
    assert result.column == "MLP on MNIST (4711)"
    assert (result.matched, result.written) == (5, 3)
    assert result.unmatched_students == ()
    assert result.unmatched_rows == ()  # nobody waits for the teacher's student view
    text = "\n".join(result.warnings)
    assert "say EX and stay so: 김민수" in text
    assert "say N/A and stay so: =" in text
    assert "Lee, Jae (12.00, now 100)" in text
    assert "Pat" not in text  # 85.00 is 85


def test_semicolons_commas_a_mark_and_lf_stay(tmp_path):
    export = (
        "\ufeffStudent;ID;SIS Login ID;Section;Übung 1, Teil 2 (5)\n"
        "    Points Possible;;;;100,00\n"
        "Müller, Jörg;7;joerg;A;\n"
        "Groß, Ina;8;ina;A;50,00\n"
    )
    result, before, after = filled_in(tmp_path, export, graded("7", 12.5), graded("ina", 20))
    assert after == before.replace(b"joerg;A;", b"joerg;A;12,5").replace(b"50,00", b"20")
    assert result.column == "Übung 1, Teil 2 (5)"


@pytest.mark.parametrize(("possible", "points"), [("100", "12,5"), ("100.00", "12.5")])
def test_a_semicolon_makes_room_for_a_comma_unless_the_file_has_points(tmp_path, possible, points):
    export = f"Student;ID;SIS Login ID;Section;A (5)\n    Points Possible;;;;{possible}\nX;7;x;A;\n"
    _, _, after = filled_in(tmp_path, export, graded("7", 12.5))
    assert after.decode().endswith(f"X;7;x;A;{points}\n")


def test_a_comma_file_with_decimal_commas_is_quoted(tmp_path):
    export = 'Student,ID,SIS Login ID,Section,A (5)\n    Points Possible,,,,"100,00"\nX,7,x,A,\n'
    _, _, after = filled_in(tmp_path, export, graded("7", 12.5))
    assert after.endswith(b'X,7,x,A,"12,5"\n')


def test_other_schools_columns(tmp_path):
    export = (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Integration ID,Root Account,Section,"
        "A (5)\nKim,Minsu,7,,mk,I-9,uni.edu,A,\nLee,Jae,8,,jl,,uni.edu,A,"
    )
    result, _, after = filled_in(
        tmp_path, export, graded("I-9", 10), graded(student("q", "Jae Lee"), 20)
    )
    assert column_of(after, 8) == ["A (5)", "10", "20"]
    assert not result.warnings


@pytest.mark.parametrize("name", ["mlp on mnist", "MLP on MNIST (4711)", "4711", " 4711 "])
def test_the_column_goes_by_several_names(tmp_path, name):
    result, _, _ = filled_in(tmp_path, EXPORT, graded("1001"), column=name)
    assert result.column == "MLP on MNIST (4711)"


@pytest.mark.parametrize("name", [None, "mlp", "Override Score (2024)", "Notes", ""])
def test_an_open_column_lists_what_there_is(tmp_path, name):
    with pytest.raises(GraderError) as caught:
        filled_in(tmp_path, EXPORT, graded("1001"), column=name)
    assert "'Quiz (17)', 'MLP on MNIST (4711)'" in caught.value.hint
    assert "Override" not in caught.value.hint
    assert not (tmp_path / "filled.csv").exists()


def test_a_column_that_canvas_ignores_is_none(tmp_path):
    export = (
        "Student,ID,SIS Login ID,Section,Synced (5),A (6)\n"
        "    Points Possible,,,,(read only),100\nX,7,x,A,,\n"
    )
    result, _, _ = filled_in(tmp_path, export, graded("7"))
    assert result.column == "A (6)"
    with pytest.raises(GraderError, match="no column of an assignment"):
        filled_in(tmp_path, export.replace("A (6)", "Notes"), graded("7"))


def test_points_are_never_scaled(tmp_path):
    export = "Student,ID,SIS Login ID,Section,A (5)\n    Points Possible,,,,10\nX,7,x,A,\n"
    result, _, after = filled_in(tmp_path, export, graded("7", 85))
    assert after.endswith(b"X,7,x,A,85\n")
    assert any("has 10 points" in w and "the grader 100" in w for w in result.warnings)


def test_a_decision_counts_and_the_graders_own_failure_does_not(tmp_path):
    export = "Student,ID,SIS Login ID,Section,A (5)\n" + "".join(
        f"S{i},{i},s{i},A,1\n" for i in range(5)
    )
    result, _, after = filled_in(
        tmp_path,
        export,
        decided(graded("0", 40), score=66.0),
        decided(graded("1", 40), checks={"learns": 20.0}),
        broken_down("2"),
        decided(broken_down("3"), checks={"learns": 15.0}),
        decided(broken_down("4"), score=90.0),
    )
    assert column_of(after, 4)[1:] == ["66", "60", "1", "95", "90"]
    assert any("grader itself failed" in w and "S2" in w for w in result.warnings)


def test_strangers_and_doubles_are_returned_and_not_guessed(tmp_path):
    twins = [graded(student(i, "Minsu Kim"), 50) for i in ("a", "b")]
    stranger = graded(student("c", "=nobody"), 50)
    result, before, after = filled_in(tmp_path, EXPORT, *twins, stranger, column="4711")
    assert after == before
    assert {s.id for s in result.unmatched_students} == {"a", "b", "c"}
    assert "Kim, Minsu" in result.unmatched_rows
    assert any("more than one student" in w and "Kim, Minsu" in w for w in result.warnings)
    assert any("right course" in w for w in result.warnings)


def test_what_a_file_says_is_safe_to_show(tmp_path):
    export = "Student,ID,SIS Login ID,Section,A (5)\n\x1b[31mEvil\u202e,7,x,A,\x1b]0;t\x07\n"
    result, before, after = filled_in(tmp_path, export, graded("7", 5))
    assert "\x1b" not in "".join(result.warnings)
    assert "\u202e" not in "".join(result.warnings)
    assert after == before  # an unknown word may excuse the student
    assert any("stay so: Evil" in warning for warning in result.warnings)


def test_the_export_itself_is_never_replaced(tmp_path):
    source = tmp_path / "export.csv"
    source.write_text(EXPORT)
    link = tmp_path / "link.csv"
    link.symlink_to(source)
    for out in (source, link):
        with pytest.raises(GraderError, match="take the place"):
            fill_in(source, out, [graded("1001")], "4711")
    assert source.read_text() == EXPORT.replace("\r\n", "\n")


def test_a_failure_in_the_middle_leaves_the_file_before(tmp_path):
    source, out = tmp_path / "export.csv", tmp_path / "filled.csv"
    source.write_text(EXPORT)
    out.write_text("before")

    def students():
        yield graded("1001")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fill_in(source, out, students(), "4711")
    assert out.read_text() == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.csv", "filled.csv"]


def test_a_file_of_excel_is_filled_in_with_a_word_on_its_encoding(tmp_path):
    export = "Student,ID,SIS Login ID,Section,A (5)\r\n김민수,7,x,A,\r\n".encode("cp949")
    result, before, after = filled_in(tmp_path, export, graded(student("q", "김민수"), 5))
    assert after == before.replace(b"x,A,", b"x,A,5")
    assert any("UTF-8" in w for w in result.warnings)
