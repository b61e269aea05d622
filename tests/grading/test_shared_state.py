"""What one line sets for the whole notebook is seen where it matters, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.notebooks import MODEL, TRAINING, cell, changed, code, solved, sources

if TYPE_CHECKING:
    from grader.report import CheckResult, Report

OFF, ON = "torch.set_grad_enabled(False)", "torch.set_grad_enabled(True)"


def lost(report: Report) -> dict[str, str]:
    return {c.id: c.status.value for c in report.checks if c.status.value != "passed"}


def check(report: Report, name: str) -> CheckResult:
    return next(c for c in report.checks if c.id == name)


def with_cells(before: str, *cells: str) -> dict[str, Any]:
    """The solved notebook with some cells before the one that holds a text."""
    found = sources(solved())
    place = next(k for k, source in enumerate(found) if before in source)
    return code([*found[:place], *cells, *found[place:]])


@pytest.mark.parametrize(
    "switch",
    [
        OFF,
        f"_ = {OFF}",
        "torch.autograd.set_grad_enabled(False)",
        "from torch import set_grad_enabled as s\ntorch.set_grad_enabled(mode=False)",
    ],
)
def test_gradients_switched_off_for_good_stop_the_loop(switch: str, grade: Any) -> None:
    report = grade(with_cells(MODEL, switch))
    assert lost(report) == {"learns": "error"}
    (finding,) = check(report, "learns").findings
    assert (finding.code, finding.blank) == ("gradients_switched_off", None)


@pytest.mark.parametrize(
    "cells", [(OFF, ON), (f"with {OFF}:\n    print(1)",), ("torch.set_grad_enabled",)]
)
def test_gradients_that_are_on_again_cost_nothing(cells: tuple[str, ...], grade: Any) -> None:
    assert lost(grade(with_cells(MODEL, *cells))) == {}


def test_what_follows_the_loop_does_not_reach_it(grade: Any) -> None:
    assert lost(grade(code([*sources(solved()), OFF]))) == {}


def test_an_evaluation_that_leaves_gradients_off_costs_no_other_check(grade: Any) -> None:
    """The checks of a submission share a process; the loop has to be judged by itself."""
    report = grade(
        changed(
            "with torch.no_grad():\n        model.eval()",
            f"{OFF}\n    if True:\n        model.eval()",
        )
    )
    assert lost(report) == {"eval_accuracy": "failed"}
    assert [f.code for f in check(report, "eval_accuracy").findings] == ["gradients_stay_off"]


def test_a_frozen_model_is_not_the_fault_of_a_right_blank(grade: Any) -> None:
    freeze = "for p in M.parameters():\n    p.requires_grad = False"
    report = grade(with_cells(TRAINING, freeze))
    assert lost(report) == {"learns": "error"}
    (finding,) = check(report, "learns").findings
    assert finding.blank is None
    assert "On batch 1 of 50," in finding.message
    assert finding.code == "parameters_frozen"


def test_the_line_that_makes_no_optimizer_is_shown(grade: Any) -> None:
    """Layers of the class are no parameters of its models, so there is nothing to optimize."""
    notebook = solved()
    target = cell(notebook, MODEL)
    target["source"] = (
        target["source"]
        .replace(
            "    def __init__",
            "    lin_1 = nn.Linear(784, 256)\n    lin_2 = nn.Linear(256, 10)\n\n    def __init__",
            1,
        )
        .replace(
            "        self.lin_1 = nn.Linear(\n            self.xdim, self.hdim\n        )\n", ""
        )
        .replace(
            "        self.lin_2 = nn.Linear(\n            self.hdim, self.ydim\n        )\n", ""
        )
    )
    (finding,) = check(grade(notebook), "learns").findings
    assert "empty parameter list" in finding.message
    assert finding.code == "raises"  # the layers are shared by all models
    assert "optim.Adam(" in sources(notebook)[4].split("\n")[(finding.line or 0) - 1]
