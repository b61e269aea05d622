"""Clones of GitHub Classroom's repositories."""

from __future__ import annotations

import pytest

from tests.intake.making import folder, found, ids, reasons, zipped

NAMES = (
    "hw-mlp-minsu-kim/mlp.ipynb",
    "hw-mlp-minsu-kim/.git/HEAD",
    "hw-mlp-minsu-kim/.git/mlp.ipynb",
    "hw-mlp-jiwon/mlp.ipynb",
    "hw-mlp-jiwon/.git/HEAD",
    "hw-mlp-octocat/homework/mlp.ipynb",
    "hw-mlp-octocat/.git/HEAD",
    "hw-mlp-octocat/README.md",
)
LOGINS = ["jiwon", "minsu-kim", "octocat"]


@pytest.mark.parametrize("make", [folder, zipped])
@pytest.mark.parametrize("parent", ["", "class/"])
def test_logins_are_students(tmp_path, make, parent):
    handed_in = found(make(tmp_path / "c.zip", *(parent + name for name in NAMES)))
    assert handed_in.layout == "clones from GitHub Classroom"
    assert ids(handed_in) == LOGINS
    assert handed_in.unclear == ()


def test_clones_named_one_by_one(tmp_path):
    folder(tmp_path, *NAMES)
    assert ids(found(*tmp_path.iterdir())) == LOGINS


def test_the_folder_that_gh_makes_tells_the_assignment(tmp_path):
    names = [f"mlp-kim-{n}/{file}" for n in "ab" for file in ("mlp.ipynb", ".git/HEAD")]
    assert ids(found(folder(tmp_path / "mlp-submissions", *names))) == ["kim-a", "kim-b"]
    assert ids(found(folder(tmp_path / "mlp-submissions" / ".." / "x", *names))) == ["a", "b"]


def test_a_course_that_is_a_repository_itself(tmp_path):
    root = folder(tmp_path, ".git/HEAD", "kim.ipynb", "lee.ipynb")
    assert ids(found(root)) == ["kim", "lee"]


def test_the_homework_among_other_notebooks(tmp_path):
    folder(tmp_path, *NAMES, "hw-mlp-jiwon/scratch.ipynb")
    handed_in = found(tmp_path)
    assert ids(handed_in) == LOGINS
    assert handed_in.counted[0].origin.endswith("jiwon/mlp.ipynb")
    (choice,) = handed_in.choices
    assert [left.rpartition("/")[2] for left in choice.left] == ["scratch.ipynb"]
    assert choice.why == "named like most of the class, unlike scratch.ipynb"


def test_a_clone_without_a_notebook(tmp_path):
    folder(tmp_path, *NAMES, "hw-mlp-dain/.git/HEAD", "hw-mlp-dain/mlp.py")
    handed_in = found(tmp_path)
    assert ids(handed_in) == LOGINS
    assert "not as a notebook" in reasons(handed_in)["mlp.py"]
