"""An assignment's files are read, and refused when they contradict themselves."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
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


@pytest.mark.parametrize(
    ("find", "put", "words"),
    [
        ('number = 1\npart = "model"', 'number = 1\npart = "modell"', "no known part"),
        ('part = "model"\n\n[[roles]]', 'part = "modell"\n\n[[roles]]', "no part 'modell'"),
        ("blanks = [1, 2]", "blanks = [1, 9]", "no blank 9"),
        ('needs_right = ["layer_shapes"]', 'needs_right = ["shapes"]', "unknown 'shapes'"),
        ("points = 20", "pionts = 20", "'points' is missing"),
        ('credit = "each_blank"', 'credit = "some"', "credit is one of"),
        ('id = "mlp"', "id = mlp", "not valid TOML"),
    ],
)
def test_contradictions_are_named(find: str, put: str, words: str, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "reference" / "mlp", tmp_path / "own")
    path = tmp_path / "own" / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put, 1), encoding="utf-8")
    with pytest.raises(AssignmentError, match=words):
        load_assignment(str(tmp_path / "own"))
