"""A check that was weakened on purpose turns the audit red: the proof that it would be noticed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.checks import forward_output, layer_shapes
from grader.checks.eval_accuracy import results as eval_accuracy
from grader.checks.kinds import KINDS
from grader.checks.step_order import judge as step_order
from grader.cli import main
from tests.template.course import course, keep, replace_in

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("workers")]


def audited(assignment: Assignment, capsys: Any, *more: str) -> tuple[int, str]:
    words = ["--assignment", str(assignment.folder), "--seeds", "1", *more]
    status = main(["audit", *words])
    said = capsys.readouterr()
    return status, said.out + said.err


ALONE = ("--pairs", "0", "--mutants", "0")


@pytest.fixture
def mlp(tmp_path: Path) -> Assignment:
    assignment = course(tmp_path)
    codes = ("hard_coded_dims", "lost_relu", "mean_of_batches", "missing_zero_grad", "maximises")
    keep(assignment, codes)
    return assignment


def test_whole_checks_are_green(mlp: Assignment, capsys: Any) -> None:
    status, said = audited(mlp, capsys, "--pairs", "4", "--mutants", "0")
    assert status == 0, said
    assert "margins" in said


def test_a_mutant_without_a_record_is_red(mlp: Assignment, capsys: Any) -> None:
    status, said = audited(mlp, capsys, "--pairs", "0", "--mutants", "40")
    assert status == 1
    assert "no check notices this change" in said


def test_layer_shapes_that_looks_at_the_default_sizes_only(
    mlp: Assignment, monkeypatch: Any, capsys: Any
) -> None:
    def defaults_only(observed: Any, reference: Any, check: Any, challenge: Any) -> Any:
        first = [
            {**seen, "builds": seen["builds"][:1], "beyond": []} for seen in (observed, reference)
        ]
        one, other = first
        return layer_shapes.judge(one, other, check, {**challenge, "dims": challenge["dims"][:1]})

    weak = replace(KINDS["layer_shapes"], judge=defaults_only)
    monkeypatch.setitem(KINDS, "layer_shapes", weak)
    status, said = audited(mlp, capsys, *ALONE)
    assert status == 1
    assert "hard_coded_dims: 784, 256: layer_shapes is passed, 20 of 20, should be partial" in said
    assert "is not named hard_coded_dims, but nothing" in said


def test_forward_output_that_takes_any_number(
    mlp: Assignment, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(forward_output, "close", lambda got, wanted: got.shape == wanted.shape)
    status, said = audited(mlp, capsys, *ALONE)
    assert status == 1
    assert "lost_relu: self.lin_1(x): is not named lost_relu" in said


def test_eval_accuracy_that_allows_a_difference(
    mlp: Assignment, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(eval_accuracy, "EXACT", 0.2)
    status, said = audited(mlp, capsys, *ALONE)
    assert status == 1
    assert "eval_accuracy is passed, 20 of 20, should be failed" in said


def test_step_order_that_does_not_compare_the_path(
    mlp: Assignment, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(step_order, "follows", lambda *_: True)
    status, said = audited(mlp, capsys, *ALONE)
    assert status == 1
    assert "missing_zero_grad: # FILL IN HERE: step_order is passed" in said


def test_learns_that_is_content_with_anything(mlp: Assignment, capsys: Any) -> None:
    rubric = mlp.folder / "assignment.toml"
    replace_in(rubric, "passed = 0.75, partial = 0.26", "passed = 0.0, partial = 0.0")
    status, said = audited(mlp, capsys, *ALONE)
    assert status == 1
    uphill = "maximises: (-loss_out).backward()"
    assert f"{uphill}: learns is partial, 10 of 20 (learns_too_little), should be failed" in said


def test_a_loss_that_is_tried_with_one_point_only(tmp_path: Path, capsys: Any) -> None:
    """The mean of one number is their sum, and any number of points is one."""
    line = course(tmp_path, load_assignment("linear_regression"))
    status, said = audited(line, capsys, *ALONE)
    assert status == 0, said
    loss = 'sizes = { n = [1, 40] }\ncount = "n"\narguments = [{ name = "y_hat"'
    replace_in(line.folder / "assignment.toml", loss, loss.replace("40", "1"))
    status, said = audited(line, capsys, *ALONE)
    assert status == 1
    wrong = (
        "loss_square_of_mean: (y_hat - y).mean() ** 2: loss is passed, 15 of 15, should be failed"
    )
    assert wrong in said
