"""What ran and is not in the file is told: a student sees points of another text otherwise."""

import json
import os
from types import SimpleNamespace

import pytest

from grader.jupyter import unsaved
from grader.jupyter.unsaved import Runs, words
from tests.notebooks import code


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "homework.ipynb"
    path.write_text(json.dumps(code(["x = 1\n", "%load_ext grader\n%grade"])), encoding="utf-8")
    os.utime(path, (1000, 1000))
    return path


def ran(monkeypatch, *runs):
    """Runs of a shell: each the time and the text of a cell."""
    shell = SimpleNamespace(execution_count=0)
    noted = Runs(shell)
    for at, text in runs:
        shell.execution_count += 1
        monkeypatch.setattr(unsaved.time, "time", lambda at=at: at)
        noted.note(SimpleNamespace(raw_cell=text))
    return noted


@pytest.mark.parametrize(
    ("runs", "missing"),
    [
        ([(1001, "x = 2")], [1]),
        ([(999, "x = 2")], []),  # it was edited again, or taken out, and then saved
        ([(1001, "x = 1")], []),
        ([(1001, "  \nx = 1   \n")], []),
        ([(1001, "%grade --seed 1")], []),
        ([(1001, "%load_ext grader\n%grade")], []),
        ([(999, "x = 0"), (1001, "x = 1"), (1002, "y = 1"), (1003, "y = 2")], [3, 4]),
        ([(1001, "")], []),
    ],
)
def test_cells_that_ran_after_the_file_was_saved_are_looked_for_in_it(
    runs, missing, file, monkeypatch
):
    assert [run.number for run in ran(monkeypatch, *runs).missing_in(file)] == missing


def test_the_warning_names_the_cells_as_the_page_does(file, monkeypatch):
    noted = ran(monkeypatch, (1001, "x = 2"))
    assert words(noted.missing_in(file)).startswith("In [1] ran after the file was saved and is")
    noted = ran(monkeypatch, (1001, "x = 2"), (1002, "y = 3"))
    assert words(noted.missing_in(file)).startswith("In [1], In [2] ran after")
    assert words(()) == ""


def test_a_file_that_cannot_be_read_is_told_by_the_grading(tmp_path, monkeypatch):
    noted = ran(monkeypatch, (1001, "x = 2"))
    assert noted.missing_in(tmp_path / "gone.ipynb") == ()
    (tmp_path / "torn.ipynb").write_text("{", encoding="utf-8")
    assert noted.missing_in(tmp_path / "torn.ipynb") == ()
