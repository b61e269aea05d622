"""Hand-ins of several assignments: told apart by a function, with students told apart once."""

from __future__ import annotations

import pytest

from grader.intake import Archives, Content, find_course
from tests.intake.making import folder, zipped

NOBODY = "it belongs to none"


def found(*paths, **more):
    """Find a course's hand-ins, of which each file's name begins with its assignment."""

    def sort(item):
        name = item.name.partition("_")[0].partition(".")[0]
        return (name, "") if name in ("hw1", "hw2") else (None, NOBODY)

    with Archives() as archives:
        return find_course(
            [str(path) for path in paths],
            sort,
            lambda _item, assignment: Content(True, assignment, 1, 1),
            archives=archives,
            **more,
        )


def who(handed_in):
    return {attempt.student.id: attempt.origin for attempt in handed_in.counted}


@pytest.mark.parametrize(
    "files",
    [
        (
            "submitted/kim/ps1/hw1.ipynb",
            "submitted/kim/ps2/hw2.ipynb",
            "submitted/lee/ps2/hw2.ipynb",
        ),
        (
            "inbound/kim+ps1+2025-03-01 23:58:01 UTC/hw1.ipynb",
            "inbound/kim+ps2+2025-03-02 23:58:01 UTC/hw2.ipynb",
            "inbound/lee+ps2+2025-03-02 23:58:01 UTC/hw2.ipynb",
        ),
        ("kim/hw1.ipynb", "kim/hw2.ipynb", "lee/hw1.ipynb", "lee/hw2.ipynb"),
    ],
)
def test_a_download_of_a_whole_course_is_no_choice_between_assignments(tmp_path, files):
    course, left, _ = found(folder(tmp_path, *files))
    assert left == ()
    assert "kim" in who(course["hw1"])
    assert {"kim", "lee"} == set(who(course["hw2"]))


def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("id,name\nkim,Kim M\nlee,Lee S\n", encoding="utf-8")
    return str(path)


def test_of_one_assignment_a_students_notebooks_are_attempts_and_of_two_they_are_not(tmp_path):
    files = folder(tmp_path / "in", "kim/hw1.ipynb", "kim/hw1_2.ipynb", "kim/hw2.ipynb")
    course, left, _ = found(files, roster=roster(tmp_path))
    assert left == ()
    assert [choice.student.id for choice in course["hw1"].choices] == ["kim"]
    assert course["hw2"].choices == ()


def test_whoever_has_nothing_in_an_assignment_is_missing_there_alone(tmp_path):
    names = "kim/hw1.ipynb", "lee/hw1.ipynb", "lee/hw2.ipynb", "lee/x.ipynb"
    course, left, _ = found(folder(tmp_path / "in", *names), roster=roster(tmp_path))
    assert [student.id for student in course["hw1"].missing] == []
    assert [student.id for student in course["hw2"].missing] == ["kim"]
    assert [(one.origin.rpartition("/")[2], one.reason) for one in left] == [("x.ipynb", NOBODY)]


def test_what_is_said_of_a_notebook_stands_with_its_assignment_and_all_else_with_the_course(
    tmp_path,
):
    names = "kim/hw1.ipynb", "lee/hw2.ipynb", "stranger/hw2.ipynb", "kim/notes.zip"
    course, _, rest = found(folder(tmp_path / "in", *names), roster=roster(tmp_path))
    assert [one.who for one in course["hw2"].unclear] == [True]
    assert course["hw1"].unclear == ()
    assert [one.origin.rpartition("/")[2] for one in rest] == ["notes.zip"]


def test_moodles_numbers_of_two_assignments_are_not_one_person_for_certain(tmp_path):
    names = [f"Participant_{number}_assignsubmission_file" for number in (101, 102, 103)]
    paths = [
        zipped(tmp_path / f"{hw}.zip", *(f"{name}/{hw}.ipynb" for name in names))
        for hw in ("hw1", "hw2")
    ]
    course, _, _ = found(*paths)
    for handed_in in course.values():
        assert handed_in.counted
        assert all(attempt.unsure for attempt in handed_in.counted)
