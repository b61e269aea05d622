"""A course's file: what it stands for, what wins over it, and what it may never say."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.cli.arguments import parse
from grader.cli.course_options import with_course_options
from grader.errors import GraderError

FILES = {"grader.toml": "{}", "pyproject.toml": "[project]\nname = 'x'\n[tool.grader]\n{}"}


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course's folder with a working folder in it, which the command runs in."""
    here = tmp_path / "course" / "week1"
    (here / "handed_in").mkdir(parents=True)
    (here / "a.ipynb").touch()
    monkeypatch.chdir(here)
    return tmp_path / "course"


def filled(*argv):
    return with_course_options(parse(argv))


@pytest.mark.parametrize(("name", "form"), FILES.items())
def test_the_nearest_file_above_gives_what_was_not_given(course, capsys, name, form):
    text = 'assignment = "mlp"\ndetail = "hint"\ntimeout = 60\nroster = "class.csv"\nzip = "moodle"'
    (course / name).write_text(form.format(text))
    (course.parent / name).write_text(form.format('assignment = "cnn"'))
    one = filled("a.ipynb")
    assert (one.assignment, one.batch.detail, one.timeout) == ("mlp", "hint", 60.0)
    assert (one.batch.roster, one.batch.zips) == (None, ()), "these are for a class"
    told = capsys.readouterr()
    assert told.err == f"from {course / name}: --assignment mlp --timeout 60.0 --detail hint\n"
    assert told.out == ""
    a_class = filled("handed_in", "-o", "out").batch
    assert (a_class.roster, a_class.zips) == (str(course / "class.csv"), ("moodle",))
    assert a_class.assignments == ("mlp",)


def test_the_command_line_comes_first(course):
    (course / "grader.toml").write_text('assignment = "mlp"\ndetail = "hint"\nroster = "a.csv"')
    given = filled("handed_in", "--assignment", "cnn", "--detail", "full", "--roster", "b.csv")
    assert (given.assignment, given.batch.detail, given.batch.roster) == ("cnn", "full", "b.csv")


@pytest.mark.parametrize("database", ["grades.db", "mlp/grades.db"])
def test_a_class_that_is_graded_already_goes_by_its_own_memory(course, database):
    (course / "grader.toml").write_text('assignment = "mlp"')
    place = Path("out") / database
    place.parent.mkdir(parents=True)
    place.touch()
    assert filled("handed_in", "-o", "out").assignment is None


@pytest.mark.parametrize(("argv", "names"), [((), ()), (("--course", "-o", "out"), ("mlp", "cnn"))])
def test_several_assignments_are_for_a_course(course, argv, names):
    (course / "grader.toml").write_text('assignment = ["mlp", "cnn"]')
    assert filled("handed_in", *argv).batch.assignments == names


@pytest.mark.parametrize("key", ["isolation", "python", "scheduler", "data", "show-answers"])
def test_what_a_hand_in_could_misuse_is_refused(course, key):
    (course / "grader.toml").write_text(f'{key} = "none"')
    with pytest.raises(GraderError, match=f"{key}: it is given on the command line alone"):
        filled("a.ipynb")


@pytest.mark.parametrize("path", [".", "..", "../week1"])
@pytest.mark.parametrize("text", ['assignment = "mlp"', "broken ["])
def test_a_file_within_what_is_graded_is_not_read(course, capsys, path, text):
    (course / "week1" / "grader.toml").write_text(text)
    assert filled(path).assignment is None
    assert "is not used: it lies in what is graded" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ('asignment = "mlp"', 'line 1: the file has no key "asignment"', "assignment"),
        ('detail = "all"', "line 1: detail: it has to be one of", "score"),
        ('\ndevice = "gpu"', "line 2: device: gpu: no such device", "cuda:0"),
        ("timeout = -1", "not a time limit", "more than 0"),
        ("jobs = -2", "not a number of notebooks", "1 or more"),
        ('jobs = "3"', "a whole number", "1"),
        ('assignment = "../other"', "no assignment's name", "reference/"),
        ("assignment = [1]", "assignment", ""),
        ("a = ", "not valid TOML", ""),
    ],
)
@pytest.mark.parametrize(("name", "form"), FILES.items())
def test_what_is_wrong_is_told_with_file_and_line(course, text, problem, hint, name, form):
    (course / name).write_text(form.format(text))
    with pytest.raises(GraderError) as told:
        filled("a.ipynb")
    assert name in told.value.message
    if name == "grader.toml":
        assert problem in told.value.message
        assert hint in (told.value.hint or "")


def test_other_projects_files_are_passed_by(course):
    (course / "week1" / "pyproject.toml").write_text("[tool.grader-like]\nx = 1")
    (course / "grader.toml").write_text('assignment = "mlp"')
    assert filled("a.ipynb").assignment == "mlp"


def test_a_folder_that_is_gone_or_closed_has_no_options(course, monkeypatch):
    (course / "grader.toml").write_text('assignment = "mlp"')
    assert filled("a" * 5000, "x\0y").batch.assignments == ("mlp",)
    gone = course / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert filled("a.ipynb").assignment is None
