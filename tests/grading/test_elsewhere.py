"""Findings point at what leads to them, where that is not where it shows."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.grading.gradients_off import _for_all, switched
from grader.report import Status
from tests.notebooks import EVALUATION, TRAINING, cell, changed, solved, text


def pointed_at(report: Any, code: str) -> set[str]:
    """The lines at which findings of a code point, without blanks."""
    found = [f for check in report.checks for f in check.findings if f.code == code]
    return {x.text.strip() for f in found for x in f.excerpt if x.number == f.line}


# What is changed, and the line that binds a name otherwise than the notebook does.
BOUND = {
    "a float": ("EPOCHS, print_every = 10, 1", "EPOCHS = 1e1\nprint_every = 1", "EPOCHS = 1e1"),
    "a text": ("EPOCHS, print_every = 10, 1", "print_every = 1\nEPOCHS = '10'", "EPOCHS = '10'"),
    "another module": (
        "import torch.nn.functional as F",
        "import torch.functional as F",
        "import torch.functional as F",
    ),
}


@pytest.mark.parametrize(("old", "new", "line"), BOUND.values(), ids=BOUND)
def test_a_right_line_raises(old: str, new: str, line: str, grade: Any) -> None:
    assert pointed_at(grade(changed(old, new)), "raises") == {line}


def test_a_cell_that_became_text(grade: Any) -> None:
    notebook = solved()
    cell(notebook, EVALUATION)["cell_type"] = "markdown"
    (found,) = [f for c in grade(notebook).checks for f in c.findings]
    assert found.code == "part_in_text"
    assert "it stands in cell 15" in found.message


# A training cell without a loop, the line that trains in its place, and what else stands there.
FITTED = {
    "keras": (
        "M.compile(optimizer=optm, loss=loss)\nM.fit(train_iter, epochs=EPOCHS)",
        "M.fit(train_iter",
    ),
    "lightning": (
        "trainer = L.Trainer(max_epochs=10)\ntrainer.fit(M, train_iter)",
        "trainer.fit(M",
    ),
    "fastai": (
        "learn = Learner(dls, M, loss_func=loss)\nlearn.fit_one_cycle(n_epoch=10)",
        "learn.fit",
    ),
}


@pytest.mark.parametrize(("source", "line"), FITTED.values(), ids=FITTED)
def test_another_librarys_training(source: str, line: str, grade: Any) -> None:
    notebook = solved()
    cell(notebook, TRAINING)["source"] = source
    report = grade(notebook)
    (pointed,) = pointed_at(report, "trained_by_fit")
    assert pointed.startswith(line)
    assert {c.id for c in report.checks if c.status is not Status.PASSED} == {
        "step_order",
        "learns",
    }


@pytest.mark.parametrize(
    "source",
    [
        "scaler.fit(images)",  # scikit-learn's
        "class Mine:\n    def fit(self, data, epochs):\n        pass\nMine().fit(images, epochs=3)",
    ],
)
def test_what_is_called_fit_may_be_something_else(source: str, grade: Any) -> None:
    notebook = solved()
    cell(notebook, TRAINING)["source"] = source
    assert pointed_at(grade(notebook), "trained_by_fit") == set()


def test_an_empty_copy_below(grade: Any) -> None:
    notebook = solved()
    own = cell(notebook, EVALUATION)
    at = notebook["cells"].index(own)
    filled = text(own)
    copy = filled.replace("y_pred == y_trgt", "# FILL IN HERE")
    copy = copy.replace("batch_in.view(-1, 28*28).to(device)", "# FILL IN HERE")
    notebook["cells"].insert(at + 1, {**own, "source": copy, "id": "copy"})
    report = grade(notebook)
    codes = [f.code for c in report.checks for f in c.findings]
    assert codes == ["not_filled_in", "not_filled_in", "filled_above"]
    assert pointed_at(report, "filled_above") == {"def func_eval(model, data_iter, device):"}


# Code, and whether each switch in it turns gradients on.
SWITCHES = {
    "torch.set_grad_enabled(False)": ([False], []),
    "_ = torch.set_grad_enabled(mode=False)": ([False], []),
    "with torch.set_grad_enabled(False):\n    f()": ([], []),
    "torch.set_grad_enabled(False)\ntorch.set_grad_enabled(True)": ([False, True], []),
    "for p in M.parameters():\n    p.requires_grad = False": ([], [False]),
    "M.lin_1.requires_grad_(False)": ([], [False]),
    "M.eval().requires_grad_()": ([], [True]),
    "x = p.requires_grad": ([], []),
}


@pytest.mark.parametrize(("source", "on"), SWITCHES.items())
def test_what_switches_gradients(source: str, on: tuple[list[bool], list[bool]]) -> None:
    tree = ast.parse(source)
    assert ([o for _, o in sorted(_for_all(tree))], [o for _, o in sorted(switched(tree))]) == on


PARSER = """import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--lr', type=float, default=1e-3)
"""
# How arguments are parsed, and whether that works in a notebook.
PARSED = {
    "args = parser.parse_args()": False,
    "args = parser.parse_args([])": True,
    "args, _ = parser.parse_known_args()": True,
}


@pytest.mark.parametrize(("line", "right"), PARSED.items())
def test_arguments_in_a_notebook(line: str, right: bool, grade: Any) -> None:
    notebook = changed("lr=1e-3", "lr=args.lr")
    report = grade(changed("import numpy as np", f"import numpy as np\n{PARSER}{line}", notebook))
    assert pointed_at(report, "arguments_of_jupyter") == (set() if right else {line})
    assert (report.score == report.max_score) is right


def test_a_function_that_is_replaced_by_its_result(grade: Any) -> None:
    line = "func_eval = func_eval(M, test_iter, device)"
    old = "test_accr = func_eval(M, test_iter, device)\nprint(f'before"
    report = grade(changed(old, f"{line}\ntest_accr = func_eval\nprint(f'before"))
    assert pointed_at(report, "function_replaced") == {line}
