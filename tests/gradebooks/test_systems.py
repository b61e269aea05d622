"""The grade files of Blackboard, D2L and Sakai come back with points and nothing else changed."""

import pytest

from grader.errors import GraderError
from grader.gradebooks import recognise
from tests.gradebooks.people import fill_in, graded, student

BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"Student ID"\t"Last Access"\t"Availability"\t'
    '"Homework 1 [Total Pts: 100 Score] |409586"\t'
    '"Weighted Total [Total Pts: up to 100 Percentage] |409580"\n'
    '"Kim"\t"Minsu"\t"mkim42"\t"20250001"\t"2025-03-02"\t"Yes"\t"Needs Grading"\t""\n'
    '"Müller"\t"Jörg"\t"jm"\t"00250002"\t""\t"Yes"\t""\t""\n'
    '"Oh"\t"Hana"\t"20250005"\t"20250005"\t""\t"Yes"\t"Exempt"\t""\n'
    '"PreviewUser"\t"T"\t"t1_previewuser"\t""\t""\t"Yes"\t""\t""\n'
)
# Without quotes, in another language, in UTF-8 with commas.
BLACKBOARD_CSV = (
    "Nachname,Vorname,Benutzername,Matrikelnummer,Letzter Zugriff,Verfügbarkeit,"
    "Aufgabe 1 [Gesamtpunktzahl: 100 Punktzahl] |77,Summe [Gesamtpunktzahl: bis zu 100 P] |78\r\n"
    "Kim,Minsu,mkim42,20250001,,Ja,Bewertung erforderlich,\r\n"
    "Müller,Jörg,jm,250002,,Ja,,\r\n"
    "Oh,Hana,hoh,20250005,,Ja,befreit,\r\n"
)
D2L = (
    "OrgDefinedId,Username,Last Name,First Name,Email,"
    "Homework 1 Points Grade <Numeric MaxPoints:100 Weight:10 Category:HW CategoryWeight:40>,"
    "Homework 1 Grade Symbol <Symbol>,End-of-Line Indicator\r\n"
    "#20250001,#mkim42,Kim,Minsu,m@uni.edu,,,#\r\n"
    "#00250002,#jm,Müller,Jörg,j@uni.edu,,,#\r\n"
    "#20250005,#hoh,Oh,Hana,h@uni.edu,Exempt,,#\r\n"
)
# The least that an import needs, in another language.
D2L_SHORT = (
    "Kennung,Aufgabe 1 <Numerisch MaxPoints:100>,Zeilenende\n"
    "#20250001,,#\n#00250002,,#\n#20250005,exempt,#\n"
)
SAKAI = (
    '"Homework 1","SCORE_GRADE_TYPE"\n""\n'
    '"Display ID","ID","Last Name","First Name","grade","Submission date","Late submission"\n'
    '"mkim42","20250001","Kim","Minsu","","2025-03-01T23:58:00Z","On time"\n'
    '"jm","00250002","Müller","Jörg","","2025-03-01T23:58:00Z","On time"\n'
    '"hoh","20250005","Oh","Hana","exempt","",""\n'
)

FILES = {
    "blackboard": ("Blackboard", "\ufeff" + BLACKBOARD, "utf-16-le", '"Needs Grading"'),
    "blackboard csv": ("Blackboard", BLACKBOARD_CSV, "utf-8", "Bewertung erforderlich"),
    "d2l": ("D2L Brightspace", "\ufeff" + D2L, "utf-8", None),
    "d2l short": ("D2L Brightspace", D2L_SHORT, "utf-8", None),
    "sakai": ("Sakai", "\ufeff" + SAKAI, "utf-8", None),
    "sakai ;": ("Sakai", "\ufeff" + SAKAI.replace(",", ";"), "utf-8", None),
}
CLASS = [
    graded(student("20250001.0", "Minsu Kim"), 87.5),
    graded(student("250002", "Joerg Mueller"), 60),
    graded(student("#20250005"), 40),
]


@pytest.mark.parametrize("name", FILES)
def test_points_go_to_everybody_and_nothing_else_changes(tmp_path, name):
    system, text, encoding, _ = FILES[name]
    source, out = tmp_path / "grades.csv", tmp_path / "filled.csv"
    source.write_bytes(text.encode(encoding))
    result = fill_in(source, out, CLASS)
    assert result.system == system
    assert (result.matched, result.written) == (3, 2)
    assert result.unmatched_students == ()
    assert result.unmatched_rows == ()
    before = text.splitlines(keepends=True)
    after = out.read_bytes().decode(encoding).splitlines(keepends=True)
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 2
    points = "87,5" if name == "sakai ;" else "87.5"
    for (old, new), written in zip(changed, (points, "60"), strict=True):
        assert written in new
        left = new.replace(f'"{written}"', "").replace(written, "")
        assert left.replace('"', "") == _emptied(old, FILES[name][3]).replace('"', "")
    assert "say" in "".join(w for w in result.warnings if "stay so" in w)


def _emptied(line, waiting):
    return line.replace(waiting, "") if waiting else line


def test_words_of_an_exempt_student_stay_and_are_told(tmp_path):
    source = tmp_path / "gc.xls"
    source.write_bytes(("\ufeff" + BLACKBOARD).encode("utf-16-le"))
    warnings = fill_in(source, tmp_path / "o.xls", CLASS).warnings
    assert "the cells of these say Exempt and stay so: Oh, Hana" in warnings
    assert "1 cells said Needs Grading and now have points" in warnings
    assert not any("UTF-8" in warning for warning in warnings)


def test_an_unknown_word_stays_unless_most_have_it(tmp_path):
    head = "A,B,C,D,HW [Pts: 100 S] |7\n"
    rows = [f"L{i},F{i},u{i},{100 + i},{'Warten' if i < 4 else 'Frei'}\n" for i in range(5)]
    source, out = tmp_path / "gc.csv", tmp_path / "out.csv"
    source.write_text(head + "".join(rows))
    result = fill_in(source, out, [graded(f"u{i}", 50) for i in range(5)])
    assert [line.rpartition(",")[2] for line in out.read_text().splitlines()[1:]] == [
        *["50"] * 4,
        "Frei",
    ]
    assert "4 cells said Warten and now have points" in result.warnings
    assert any("say Frei and stay so: L4, F4" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SAKAI.replace("SCORE", "LETTER"), "not graded with points"),
        (
            (
                '"HW","SCORE_GRADE_TYPE"\n""\n"Group","ID","Users","grade","date","late"\n'
                '"Team A","g1","kim","","2025-03-01T23:58:00Z",""\n'
            ),
            "lists groups",
        ),
        (D2L.replace(" Points Grade <Numeric MaxPoints:100", " Text Grade <Text"), "no column of"),
        (BLACKBOARD_CSV.replace(": 100", ": bis 100"), "calculated"),
        (
            (
                "First name,ID number,Email,Assignment: HW (Real),Last downloaded\n"
                "Kim,,k@u.edu,-,1740873480\nLee,,l@u.edu,-,1740873480\n"
            ),
            "Moodle's gradebook",
        ),
        ("id,name,grade\n1,Kim,\n", "no gradebook of Canvas, Moodle, Blackboard"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_before_anything_runs(tmp_path, text, says):
    source = tmp_path / "a.csv"
    source.write_text(text)
    with pytest.raises(GraderError, match=says) as caught:
        recognise(source)
    assert caught.value.hint
