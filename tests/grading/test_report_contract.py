"""What is relied on from outside: keys, reproducibility, what a finding points at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader import grade as grade_once
from grader.grading.grader import Grader
from tests.notebooks import REFERENCE, filled, write

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {
    1: "self.hdim, self.xdim",
    3: "batch_in.view(256, 28*28)",
    4: "y_pred != y_trgt",
    5: "pass",
}


def without_times(report: Any) -> str:
    data = report.to_json()
    for check in data["checks"]:
        check["seconds"] = None
    return json.dumps(data, sort_keys=True)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    path = write(filled(WRONG), tmp_path)
    reports = []
    for _ in range(2):
        with Grader("mlp", seed=7, device="cpu") as grader:
            grader.grade(REFERENCE)
            reports.append(without_times(grader.grade(path)))
    assert reports[0] == reports[1]


@pytest.mark.usefixtures("workers")
def test_a_seed_is_drawn_and_named_when_none_is_given(tmp_path: Path) -> None:
    path = write(filled({}), tmp_path)
    one, other = grade_once(path), grade_once(path)
    assert one.score == other.score == 100
    assert one.environment.seed != other.environment.seed


def test_every_key_of_the_contract_is_there(grader: Any, tmp_path: Path) -> None:
    data = grader.grade(write(filled(WRONG), tmp_path)).to_json()
    assert data["schema"] == "grader-report/1"
    assert {
        "assignment",
        "submission",
        "environment",
        "score",
        "max_score",
        "checks",
        "notes",
    } <= set(data)
    assert {"path", "sha256", "student"} <= set(data["submission"])
    wanted = {"python", "torch", "device", "threads", "seed", "dataset", "isolation"}
    assert wanted <= set(data["environment"])
    assert [c["id"] for c in data["checks"]] == [
        "layer_shapes",
        "forward_output",
        "eval_accuracy",
        "step_order",
        "learns",
    ]
    for check in data["checks"]:
        assert {"id", "title", "status", "score", "max_score", "seconds", "findings"} <= set(check)
        for finding in check["findings"]:
            keys = {
                "code",
                "severity",
                "blank",
                "cell",
                "line",
                "message",
                "hint",
                "got",
                "expected",
            }
            assert keys <= set(finding)
    json.dumps(data, allow_nan=False)


def test_the_reference_and_its_words_stay_out_of_a_report(grader: Any, tmp_path: Path) -> None:
    """A hint does not print the answer of the blank it is about."""
    answers = ("self.xdim, self.hdim", "zero_grad()", "loss_out.backward()", "y_pred == y_trgt")
    report = grader.grade(
        write(filled({1: "self.hdim, self.xdim", 4: "y_pred != y_trgt", 5: "pass"}), tmp_path)
    )
    for check in report.checks:
        for finding in check.findings:
            said = " ".join(
                str(w) for w in (finding.message, finding.hint, finding.why, finding.expected)
            )
            assert not any(answer in said for answer in answers)
