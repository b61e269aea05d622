"""A finding about no blank points at the line that shows what was observed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import changed, filled

DEF = "def func_eval(model, data_iter, device):"


def first(report: Any, check: str) -> tuple[Any, str | None]:
    """The check's first finding, and the student's line that it points at, if any."""
    found = next(c for c in report.checks if c.id == check).findings[0]
    lines = (line.text.strip() for line in found.excerpt if line.number == found.line)
    return found, next(lines, None)


@pytest.mark.parametrize(
    ("find", "replace", "code", "line"),
    [
        ("return val_accr", "return [val_accr]", "returns_no_number", "return [val_accr]"),
        ("return val_accr", "return val_accr * 100", "percentage", "return val_accr * 100"),
        (
            "val_accr = n_correct / n_total",
            "val_accr = n_correct // n_total",
            "whole_number_division",
            "val_accr = n_correct // n_total",
        ),
        (
            "val_accr = n_correct / n_total",
            "val_accr = n_correct / n_total + 1",
            "wrong_accuracy",
            "val_accr = n_correct / n_total + 1",
        ),
        ("n_correct += (", "n_correct = (", "keeps_last_batch_only", "n_correct = ("),
        ("return val_accr", "return n_correct", "returns_count", "return n_correct"),
        (
            "n_total += batch_in.size(0)",
            "n_total += batch_in.size(0)\n            model.train(mode=True)",
            "back_in_train_mode",
            "model.train(mode=True)",
        ),
        ("        model.eval()\n", "        model.eval\n", "eval_not_called", "model.eval"),
        ("model_pred = model(", "model_pred = M(", "ignores_model_argument", "model_pred = M("),
        ("        model.train()\n", "", "not_back_in_train_mode", DEF),
        ("        model.eval()\n", "", "not_in_eval_mode", DEF),
        ("    with torch.no_grad():\n", "    if True:\n", "gradients_on", DEF),
        ("        n_total, n_correct = 0, 0\n", "", "counters_missing", DEF),
        (
            "            y_trgt =",
            "            if len(batch_in) < 256:\n                continue\n            y_trgt =",
            "short_batches_left_out",
            "if len(batch_in) < 256:",
        ),
        (
            "        val_accr =",
            "        model.lin_2.bias.fill_(0)\n        val_accr =",
            "changes_the_model",
            "model.lin_2.bias.fill_(0)",
        ),
    ],
)
def test_the_line_in_the_evaluation(
    find: str, replace: str, code: str, line: str | None, grade: Any
) -> None:
    finding, shown = first(grade(changed(find, replace)), "eval_accuracy")
    assert (finding.code, finding.blank, shown) == (code, None, line)


@pytest.mark.parametrize(
    ("find", "replace", "check", "code", "line"),
    [
        ("F.relu(self.lin_1(x))", "self.lin_1(x)", "forward_output", "lost_relu", "hidden ="),
        ("        super().__init__()\n", "", "layer_shapes", "no_super_init", "def __init__("),
        (
            "        hidden = F.relu",
            "        self.init_param()\n        hidden = F.relu",
            "forward_output",
            "starts_anew_in_forward",
            "self.init_param()",
        ),
        (
            "y_pred = M(batch_in.view(-1, 28*28)",
            "y_pred = M(batch_in",
            "learns",
            "fails_",
            "y_pred =",
        ),
    ],
)
def test_the_only_line_that_differs(
    find: str, replace: str, check: str, code: str, line: str, grade: Any
) -> None:
    finding, shown = first(grade(changed(find, replace)), check)
    assert finding.code.startswith(code)
    assert str(shown).startswith(line)


def test_of_two_lines_that_differ_none_is_shown(grade: Any) -> None:
    notebook = changed("n_total += batch_in.size(0)", "n_total += batch_in.size(0) + 1")
    notebook = changed(
        "val_accr = n_correct / n_total", "val_accr = 1 - n_correct / n_total", notebook
    )
    finding, shown = first(grade(notebook), "eval_accuracy")
    assert (finding.code, finding.cell, shown) == ("wrong_accuracy", 15, None)


def test_a_result_that_an_earlier_call_decided(grade: Any) -> None:
    notebook = changed(
        "def func_eval(model, data_iter, device):",
        "kept = []\n\n\ndef func_eval(model, data_iter, device):",
    )
    notebook = changed("return val_accr", "kept.append(val_accr)\n    return max(kept)", notebook)
    finding, shown = first(grade(notebook), "eval_accuracy")
    assert (finding.code, shown) == ("remembers_earlier_calls", "return max(kept)")
    assert "third call" in finding.message


def test_numbers_of_the_judges_own_model_are_explained(grade: Any) -> None:
    notebook = changed(
        "y_pred = M(batch_in.view(-1, 28*28).to(device))",
        "y_pred = M(batch_in.view(-1, 28).to(device))",
    )
    finding, _ = first(grade(notebook), "step_order")
    assert "784x8" in finding.message
    assert "32 images, with a small model of 784 → 8 → 10 numbers" in finding.message


def test_a_right_line_after_a_wrong_one_is_not_blamed_in_words(grade: Any) -> None:
    """What stands in the blank is right, so no mistake that is listed for it is named."""
    notebook = changed(
        "loss_out = loss(y_pred, batch_out.to(device))",
        "loss_out = loss(y_pred.detach(), batch_out.to(device))",
    )
    finding, _ = first(grade(notebook), "step_order")
    assert finding.code == "scores_cut_off"


def test_a_line_that_depends_on_the_loss_is_counted(grade: Any) -> None:
    finding, shown = first(grade(filled({7: "if loss_out > 1: optm.step()"})), "step_order")
    assert (finding.code, finding.blank, shown) == (
        "step_left_out",
        7,
        "if loss_out > 1: optm.step()",
    )
    assert "of 10 batches" in finding.message
