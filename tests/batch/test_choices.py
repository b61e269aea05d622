"""Which of a student's notebooks is graded, from the command to the outputs."""

from __future__ import annotations

import json
import os

import pytest

from grader.assignment import load_assignment
from tests.batch.grading import table
from tests.batch.marked import marked, notebook
from tests.notebooks import code

OTHER = load_assignment("linear_regression").reference.read_bytes()
SCRATCH = json.dumps(code(["print(1)"])).encode()


def hand_in(root, files):
    """Write notebooks, all of one time; a number is what is planted, a negative one is blank."""
    for name, content in files.items():
        path = root / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        planted = isinstance(content, int)
        path.write_bytes(notebook(abs(content), blank=content < 0) if planted else content)
        os.utime(path, (1e9, 1e9))


def score_of(student, out):
    return next(row["score"] for row in table(out / "grades.csv") if row["id"] == student)


CLASS = {"lee/mlp": 50, "choi/mlp": 60, "park/mlp": 70}
KIM = {
    "a blank copy": ({"mlp": 80, "mlp-Copy1": -9}, "80", "nothing is filled in in mlp-Copy1.ipynb"),
    "another course's": ({"zz": 80, "mlp": OTHER}, "80", "of another assignment: mlp.ipynb"),
    "no notebook": ({"zz": 80, "mlp": b"PK\3\4"}, "80", "cannot be read: mlp.ipynb"),
    "a scratch pad": (
        *({"zz": 80, "mlp": SCRATCH}, "80"),
        "no part of the assignment is in mlp.ipynb",
    ),
    "a copy": ({"mlp": 80, "mlp (1)": 90}, "80", "only a copy: mlp (1).ipynb"),
    "of another assignment alone": ({"a": OTHER, "b": -9}, "0", "of another assignment: a.ipynb"),
}


@pytest.mark.parametrize(("files", "score", "why"), KIM.values(), ids=KIM)
def test_the_notebook_that_was_meant_is_graded_and_the_rest_is_told(tmp_path, files, score, why):
    hand_in(tmp_path / "class", CLASS | {f"kim/{name}": what for name, what in files.items()})
    ran = marked("class", "-o", "out", home=tmp_path)
    assert ran.status == 0, ran.err
    assert score_of("kim", tmp_path / "out") == score
    told = " ".join(ran.out.split())
    assert "to look at 1 student " in told
    assert why in told
    page = (tmp_path / "out/report.html").read_text(encoding="utf-8")
    assert all(f"class/kim/{name}.ipynb" in page for name in files)
    assert why in page
    again = marked("rescore", "out", home=tmp_path)
    assert why in " ".join(again.out.split())


def test_the_assignment_that_is_named_decides(tmp_path):
    hand_in(tmp_path / "class", CLASS | {"kim/mlp": 80, "kim/regression": OTHER})
    ran = marked("class", "-o", "out", "--assignment", "linear_regression", home=tmp_path)
    assert "of another assignment: mlp.ipynb" in " ".join(ran.out.split())
