"""A given line that a formatter took out: named as that, and nothing else is."""

import pytest

from grader.assignment import load_assignment
from grader.grading.lost_lines import lost_line
from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook
from tests.notebooks import changed, write

LINE = "            y_trgt = batch_out.to(device)\n"


@pytest.fixture(scope="module")
def mlp():
    return load_assignment("mlp")


def lost(tmp_path, mlp, find, replace, name, *, kind="NameError", line=12):
    submission = open_submission(read_notebook(write(changed(find, replace), tmp_path)), mlp)
    cell = submission.parts["evaluation"].cell
    error = {
        "type": kind,
        "message": f"name '{name}' is not defined",
        "frames": [[cell, line]],
    }
    return lost_line(error, submission, mlp)


def test_a_given_line_that_was_taken_out_is_named(tmp_path, mlp):
    found = lost(tmp_path, mlp, LINE, "", "y_trgt")
    assert found == ("y_trgt", "y_trgt = batch_out.to(device)")


@pytest.mark.parametrize("renamed", ["_, _y_pred = torch", "_, _ = torch"])
def test_a_given_name_that_was_changed_is_named(tmp_path, mlp, renamed):
    found = lost(tmp_path, mlp, "_, y_pred = torch", renamed, "y_pred")
    assert found == ("y_pred", "_, y_pred = torch.max(model_pred, 1)")


@pytest.mark.parametrize(
    ("find", "replace", "name", "more"),
    [
        (LINE, LINE, "y_trgt", {}),
        ("y_pred == y_trgt", "y_pred == y_target", "y_target", {}),
        (LINE, "", "y_trgt", {"kind": "UnboundLocalError"}),
        (LINE, "", "y_trgt", {"line": 4000}),
        (LINE, "", "batch_in", {}),
    ],
    ids=["it is there", "a misspelt answer", "another exception", "elsewhere", "a loop's"],
)
def test_what_is_no_lost_line_is_not_called_one(tmp_path, mlp, find, replace, name, more):
    assert lost(tmp_path, mlp, find, replace, name, **more) is None


def test_the_line_of_an_answer_is_never_told(tmp_path, mlp):
    start = "            model_pred = model(\n"
    assert lost(tmp_path, mlp, start, "            other = model(\n", "model_pred") is None
