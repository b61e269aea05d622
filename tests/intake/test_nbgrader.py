"""nbgrader: submitted/<student>/<assignment>/<notebook>.ipynb"""

from __future__ import annotations

import pytest

from grader.errors import GraderError
from tests.intake.making import folder, found, ids, zipped

NAMES = (
    "submitted/kim/mlp/mlp.ipynb",
    "submitted/kim/mlp/timestamp.txt",
    "submitted/kim/mlp/.ipynb_checkpoints/mlp-checkpoint.ipynb",
    "submitted/lee/mlp/mlp.ipynb",
    "submitted/20231234/mlp/mlp.ipynb",
)


@pytest.mark.parametrize("below", ["", "submitted"])
def test_the_course_or_its_folder(tmp_path, below):
    handed_in = found(folder(tmp_path, *NAMES) / below)
    assert handed_in.layout == "nbgrader's submitted folder"
    assert ids(handed_in) == ["20231234", "kim", "lee"]
    assert handed_in.unclear == ()


@pytest.mark.parametrize(
    "below", ["submitted/kim", "submitted/kim/mlp", "submitted/kim/mlp/mlp.ipynb"]
)
def test_one_student(tmp_path, below):
    handed_in = found(folder(tmp_path, *NAMES) / below)
    assert ids(handed_in) == ["kim"]


def test_packed(tmp_path):
    assert ids(found(zipped(tmp_path / "a.zip", *NAMES))) == ["20231234", "kim", "lee"]
    short = [name.removeprefix("submitted/") for name in NAMES]
    assert ids(found(zipped(tmp_path / "submitted.zip", *short))) == ["20231234", "kim", "lee"]


def test_several_assignments_are_not_guessed_between(tmp_path):
    folder(tmp_path, *NAMES, "submitted/lee/cnn/cnn.ipynb")
    with pytest.raises(GraderError) as caught:
        found(tmp_path)
    assert "cnn, mlp" in caught.value.message
    assert "submitted/*/cnn" in (caught.value.hint or "")
    assert ids(found(*tmp_path.glob("submitted/*/mlp"))) == ["20231234", "kim", "lee"]


def test_a_plain_folder_of_that_name(tmp_path):
    assert ids(found(folder(tmp_path / "submitted", "kim.ipynb", "lee.ipynb"))) == ["kim", "lee"]
    other = folder(tmp_path / "x" / "submitted", "kim/mlp.ipynb", "lee/mlp.ipynb")
    assert ids(found(other)) == ["kim", "lee"]
