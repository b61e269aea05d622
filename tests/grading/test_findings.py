"""What a finding says is bounded, whatever a worker was made to say."""

from __future__ import annotations

from grader.assignment import load_assignment
from grader.checks.remark import Remark
from grader.grading.findings import finding
from grader.grading.submission import open_submission
from grader.notebook.read import read_notebook


def test_text_that_was_forged_to_be_long_is_cut() -> None:
    mlp = load_assignment("mlp")
    submission = open_submission(read_notebook(mlp.reference), mlp)
    check = next(check for check in mlp.checks if check.id == "eval_accuracy")
    remark = Remark("wrong_accuracy", facts={"got": "x" * 2_000_000, "expected": 0.25})
    found = finding(remark, check, submission, mlp)
    assert found.got.startswith("xxx")
    assert len(found.got) == 1000
    assert found.expected == 0.25
