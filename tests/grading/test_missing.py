"""What a worker says of missing modules is bounded, and names no package that it likes."""

from __future__ import annotations

from typing import Any

import pytest

from grader.assignment import load_assignment
from grader.checks.remark import Remark, raised
from grader.grading.missing import missing_in, with_missing, without_missing
from grader.grading.verdict import Verdict, verdict
from grader.report import Status

CHECK = next(check for check in load_assignment("mlp").checks if check.id == "eval_accuracy")


def judged(*remarks: Remark) -> Verdict:
    return verdict(CHECK, remarks)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"missing": "sklearn"},
        {"missing": {"sklearn": 1}},
        {"missing": [1, None, "", "a b", "x" * 41, "a;rm", ["pandas"]]},
    ],
)
def test_only_names_are_names(value: Any) -> None:
    assert missing_in(value) == ()


def test_the_judge_of_a_kind_does_not_see_them() -> None:
    value = {"scenes": [], "missing": ["pandas"] * 99}
    assert set(missing_in(value)) == {"pandas"}
    assert len(missing_in(value)) <= 10
    assert without_missing(value) == {"scenes": []}
    assert without_missing([1]) == [1]


def test_it_costs_nothing_and_comes_first_where_nothing_else_explains() -> None:
    wrong = raised({"type": "TypeError", "message": "?", "frames": []}, worked=1)
    before = judged(wrong, Remark("returns_no_number"))
    after = with_missing(before, ["sklearn", "pandas"])
    assert (after.status, after.score) == (before.status, before.score)
    assert after.remarks[0].code == "module_missing"
    assert after.remarks[1:] == (wrong,), "what came of the module is no mistake of its own"
    assert after.remarks[0].facts == {
        "names": "sklearn and pandas",
        "command": " (pip install scikit-learn pandas)",
    }


def test_it_comes_last_where_the_mistake_is_known() -> None:
    after = with_missing(judged(Remark("gradients_on")), ["made_up"])
    assert [remark.code for remark in after.remarks] == ["gradients_on", "module_missing"]
    assert after.remarks[1].facts["command"] == ""


def test_what_passed_is_left_alone() -> None:
    passed = judged()
    assert passed.status is Status.PASSED
    assert with_missing(passed, ["pandas"]) is passed
    wrong = verdict(CHECK, [Remark("part_missing")], status=Status.NOT_ATTEMPTED)
    assert with_missing(wrong, []) is wrong
