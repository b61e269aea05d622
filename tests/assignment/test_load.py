"""An assignment's files are read, and refused when they contradict themselves."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.assignment import all_assignments, lasting_name, load_assignment
from grader.assignment.find import known_assignments
from grader.errors import AssignmentError
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_the_mlp_assignment() -> None:
    assignment = load_assignment("mlp")
    assert [blank.number for blank in assignment.blanks] == [1, 2, 3, 4, 5, 6, 7]
    assert sum(check.points for check in assignment.checks) == 100
    assert [check.id for check in assignment.checks] == [
        "layer_shapes",
        "forward_output",
        "eval_accuracy",
        "step_order",
        "learns",
    ]
    assert assignment.reference.is_file()
    assert assignment.template.is_file()


def test_an_assignment_by_its_folder(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "reference" / "mlp", tmp_path / "own")
    assert load_assignment(str(tmp_path / "own")).folder == (tmp_path / "own").resolve()


@pytest.mark.parametrize("name", ["nothing", "../mlp", "", "/etc"])
def test_no_such_assignment(name: str) -> None:
    with pytest.raises(AssignmentError) as error:
        load_assignment(name)
    assert "mlp" in (error.value.hint or "")


def test_the_course_around_the_working_folder_comes_first(tmp_path, monkeypatch):
    own = tmp_path / "reference" / "own"
    shutil.copytree(load_assignment("linear_regression").folder, own)
    rubric = own / "assignment.toml"
    text = rubric.read_text(encoding="utf-8").replace('"linear_regression"', '"own"', 1)
    rubric.write_text(text, encoding="utf-8")
    shutil.copytree(load_assignment("mlp").folder, tmp_path / "reference" / "mlp")
    deeper = tmp_path / "submissions" / "week 3"
    deeper.mkdir(parents=True)
    monkeypatch.chdir(deeper)
    found = {one.id: one.folder for one in all_assignments()}
    ours = [name for name in known_assignments() if name not in ("mlp", "own")]
    assert list(found) == ["mlp", "own", *ours]
    assert found["own"] == load_assignment("own").folder == own
    assert found["mlp"] == load_assignment("mlp").folder == tmp_path / "reference" / "mlp"
    assert lasting_name(load_assignment("own")) == str(own)
    assert lasting_name(load_assignment("linear_regression")) == "linear_regression"
    with pytest.raises(AssignmentError) as error:
        load_assignment("linear_regresion")
    assert error.value.hint == 'did you mean "linear_regression"?'
