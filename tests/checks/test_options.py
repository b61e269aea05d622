"""An option that a check's kind does not take is refused, with its line and a hint."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from grader.assignment import all_assignments, load_assignment
from grader.errors import AssignmentError
from grader.grading.known_options import require_options
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def complaint(name: str, find: str, put: str, folder: Path) -> tuple[str, str, str | None]:
    """Return the changed line, and the message and the hint of the error."""
    shutil.copytree(ROOT / "reference" / name, folder / name)
    path = folder / name / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    assert find in text
    path.write_text(text.replace(find, put, 1), encoding="utf-8")
    for mistakes in (folder / name / "mistakes").iterdir():
        # They would name a check that was renamed.
        mistakes.write_text("", encoding="utf-8")
    with pytest.raises(AssignmentError) as caught:
        require_options(load_assignment(str(folder / name)))
    where, message = caught.value.message.split(": ", 1)
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[int(where.rpartition(" ")[2]) - 1], message, caught.value.hint


@pytest.mark.parametrize("one", all_assignments(), ids=lambda one: one.id)
def test_the_shipped_assignments_are_in_order(one):
    require_options(one)


@pytest.mark.parametrize(
    ("find", "put", "message", "hint"),
    [
        (
            "needs_right =",
            "needs_rigth =",
            'check forward_output has no key "needs_rigth"',
            'did you mean "needs_right"?',
        ),
        (
            "batch_sizes =",
            "batch_size =",
            'check forward_output has no key "batch_size"',
            'did you mean "batch_sizes"?',
        ),
        (
            "input_blank = 3",
            "input_blank = 5",
            "check eval_accuracy, input_blank: there is no blank 5",
            "the blanks are 3, 4",
        ),
        (
            "classes = 10",
            'classes = "10"',
            'check eval_accuracy, classes: it has to be a whole number, not "10"',
            "for example: 1",
        ),
        (
            "image = [1, 28, 28]",
            "image = [28, 28]",
            "check eval_accuracy, image: it has to be a list of 3, not a list",
            "for example: [1, 1, 1]",
        ),
        (
            "drawn = { xdim",
            "drawn = { xdmi",
            'check layer_shapes, drawn: there is no dim "xdmi"',
            'did you mean "xdim"?',
        ),
        (
            '"lin_1", blank = 1, inputs = "xdim"',
            '"lin_1", blank = 1, inputs = "x"',
            'check layer_shapes, layer lin_1, inputs: there is no dim "x"',
            "the dims are xdim, hdim, ydim",
        ),
        (
            '"lin_1", blank = 1',
            '"lin_1", blnk = 1',
            'check layer_shapes, layer lin_1 has no key "blnk"',
            'did you mean "blank"?',
        ),
        (
            "mnist = { steps = 60",
            "mnist = { step = 60",
            'check learns, training, mnist has no key "step"',
            'did you mean "steps"?',
        ),
    ],
)
def test_an_option_of_the_mlp(find, put, message, hint, tmp_path):
    line, said, advice = complaint("mlp", find, put, tmp_path)
    assert put in line or line == "layers = ["
    assert (said, advice) == (message, hint)


@pytest.mark.parametrize(
    ("find", "put", "at", "message", "hint"),
    [
        (
            'kind = "function_values"',
            'kind = "function_value"',
            'kind = "function_value"',
            'check prediction, kind: there is no kind "function_value"',
            'did you mean "function_values"?',
        ),
        (
            "sizes = { n = [1, 40] }\n",
            "",
            'arguments = [{ name = "x", shape = ["n"] }, { name = "w" }, { name = "b" }]',
            'check prediction, argument x, shape: there is no size "n"',
            "the sizes are none",
        ),
        (
            'outputs = [{ name = "the prediction", blank = 1 }]\n',
            "",
            "[[checks]]",
            'check prediction: the key "outputs" is missing',
            "add outputs = [{ name = … }]: a list: a table, …",
        ),
        (
            'rate = "eta"',
            'rate = "etta"',
            'rate = "etta"',
            'check update, rate: there is no argument "etta"',
            'did you mean "eta"?',
        ),
        (
            'reference_parts = ["prediction", "loss"]',
            'reference_parts = ["prediction", "los"]',
            'reference_parts = ["prediction", "los"]',
            'check gradients, reference_parts: there is no part "los"',
            'did you mean "loss"?',
        ),
    ],
)
def test_an_option_of_the_regression(find, put, at, message, hint, tmp_path):
    assert complaint("linear_regression", find, put, tmp_path) == (at, message, hint)


def test_a_check_without_a_kind_is_of_the_kind_of_its_id(tmp_path):
    line, said, hint = complaint("mlp", 'id = "learns"', 'id = "learn"', tmp_path)
    assert line == 'id = "learn"'
    assert (said, hint) == ('check learn, id: there is no kind "learn"', 'did you mean "learns"?')


def test_the_forward_pass_needs_the_shapes():
    mlp = load_assignment("mlp")
    with pytest.raises(AssignmentError) as caught:
        require_options(replace(mlp, checks=mlp.checks[1:2]))
    assert 'there has to be a check of the kind "layer_shapes", too' in caught.value.message


def test_training_needs_a_budget_for_other_data(tmp_path):
    line, said, _ = complaint("mlp", "custom = {", "costum = {", tmp_path)
    assert line == "[checks.training]"
    assert said == 'check learns, training: the key "custom" is missing'
