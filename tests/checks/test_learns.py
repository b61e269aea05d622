"""The judge of a training: accuracy against thresholds, and what kept a model from learning."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checks.learns import judge

LABELS = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
CHECK: Any = SimpleNamespace(
    options={"classes": 3}, on_data=lambda _option, _data: {"passed": 0.8, "partial": 0.5}
)
CHALLENGE: Any = {"data": "digits", "steps": 50}
ERROR = {"type": "ValueError", "message": "boom", "frames": []}


def logits(right: int) -> np.ndarray:
    """Scores of a model that is right, and surely so, on the first so many images."""
    said = np.where(np.arange(len(LABELS)) < right, LABELS, (LABELS + 1) % 3)
    return 4.0 * np.eye(3)[said]


def observed(right: int = 9, **more: Any) -> Any:
    seen = {"error": None, "steps": 50, "before": np.zeros((10, 3)), "after": logits(right)}
    return {**seen, **more}


def codes(seen: Any) -> list[tuple[str, str]]:
    found = judge(seen, LABELS, CHECK, CHALLENGE)
    return [(remark.code, remark.severity.value) for remark in found]


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        (10, []),
        (8, []),
        (7, [("learns_too_little", "partial")]),
        (5, [("learns_too_little", "partial")]),
        (4, [("does_not_learn", "error")]),
    ],
)
def test_accuracy_is_compared_with_the_thresholds(right: int, expected: Any) -> None:
    assert codes(observed(right)) == expected


def test_the_loss_has_to_fall() -> None:
    assert codes(observed(9, before=logits(10))) == [("learns_too_little", "partial")]


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (observed(steps=0), "draws_no_batches"),
        (observed(after=None), "no_class_scores"),
        (observed(before=None), "no_class_scores"),
        (observed(after=np.zeros((10, 2))), "no_class_scores"),
        (observed(after=np.zeros((9, 3))), "no_class_scores"),
        (observed(after=np.zeros(10)), "no_class_scores"),
        (observed(after=np.full((10, 3), np.nan)), "training_not_finite"),
    ],
)
def test_a_training_that_shows_no_accuracy(seen: Any, code: str) -> None:
    assert codes(seen) == [(code, "error")]


@pytest.mark.parametrize(
    ("steps", "when"), [(3, "on batch 3 of 50"), (0, "before the first batch")]
)
def test_an_exception_is_told_with_its_batch(steps: int, when: str) -> None:
    (remark,) = judge(observed(error=ERROR, steps=steps), LABELS, CHECK, CHALLENGE)
    assert (remark.code, remark.facts["when"]) == ("raises", when)


def test_an_exception_after_the_training_is_a_warning() -> None:
    (remark,) = judge(observed(late=ERROR), LABELS, CHECK, CHALLENGE)
    assert (remark.code, remark.severity.value) == ("raises", "warning")
    assert remark.facts["when"] == "after the last batch"


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, ""),
        ({"frozen": ["lin_1.bias"]}, "requires_grad is off"),
        ({"unheld": ["lin_1.bias"]}, "made for other parameters"),
        ({"no_rate": True}, "learning rate is 0"),
    ],
)
def test_parameters_that_stand_still_have_a_reason(more: dict[str, Any], reason: str) -> None:
    seen = observed(still=["lin_1.bias"], layers=4, **more)
    (remark,) = judge(seen, LABELS, CHECK, CHALLENGE)
    assert (remark.code, remark.severity.value) == ("parameters_stand_still", "partial")
    assert remark.facts["still"] == "lin_1.bias"
    assert reason in str(remark.facts["reason"])
    assert bool(reason) == bool(remark.facts["reason"])


def test_where_all_parameters_stand_still_nothing_is_learned() -> None:
    seen = observed(3, still=["lin_1.weight", "lin_1.bias"], layers=2)
    (remark,) = judge(seen, LABELS, CHECK, CHALLENGE)
    assert (remark.severity.value, remark.facts["still"]) == ("error", "all parameters")


def test_an_optimizer_that_goes_uphill_is_told() -> None:
    (remark,) = judge(observed(0, uphill=True), LABELS, CHECK, CHALLENGE)
    assert "make the loss larger" in str(remark.facts["reason"])
