"""What a judge stumbles over in a forged answer is the submission's; in our own it is ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.assignment import load_assignment
from grader.grading.forms import with_form
from grader.grading.guard import UnfitError, ask
from grader.grading.observe import Observation
from grader.locate.program import Program
from tests.attacks.bombs import BOMBS
from tests.attacks.notebooks import attacking


def test_a_forged_number_costs_its_own_check(grade: Any) -> None:
    report = grade(attacking(BOMBS["numbers that no judge can compare"]))
    by_id = {check.id: check for check in report.checks}
    assert (by_id["step_order"].status.value, by_id["step_order"].score) == ("crashed", 0)
    (found,) = by_id["step_order"].findings
    assert found.code == "garbled"
    assert "TypeError" in found.message
    assert by_id["eval_accuracy"].status.value == "passed"


def test_what_only_a_submissions_value_leads_to_is_its_own() -> None:
    with pytest.raises(UnfitError, match="ZeroDivisionError"):
        ask(lambda value: 1 / value, 0, lambda: 1)


def test_what_our_own_value_leads_to_is_ours() -> None:
    with pytest.raises(ZeroDivisionError):
        ask(lambda value: value / 0, 1, lambda: 2)


def test_absurd_numbers_warn_nobody() -> None:
    assert np.isnan(ask(lambda value: value - value, np.array([np.inf]), lambda: None)).all()


def test_a_probe_whose_answer_has_another_form_is_our_fault_and_not_the_students() -> None:
    check = load_assignment("linear_regression").checks[0]
    seen = Observation(Program((), "", {}), {"error": None, "calls": 3}, 0.1)
    trouble = with_form(check, seen).trouble
    assert trouble is not None
    assert trouble.code == "internal"
    assert "function_values" in str(trouble.facts["detail"])
    right = replace(seen, value={"error": None, "calls": []})
    assert with_form(check, right) is right
