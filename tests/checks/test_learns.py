"""The judge of a training: accuracy against thresholds, and what kept a model from learning."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.assignment import load_assignment
from grader.checks import generator
from grader.checks.kind import Measure
from grader.checks.learns.challenge import draw, draw_again
from grader.checks.learns.judge import by_other_means, judge, measure, unsure
from grader.checks.row_forms import row_form
from grader.data import load_digits_set

LABELS = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
LIMITS = {"sure": 0.85, "passed": 0.8, "partial": 0.5}
CHECK: Any = SimpleNamespace(options={"classes": 3}, on_data=lambda _option, _data: LIMITS)
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


def test_where_nothing_changed_nothing_is_learned_however_much_is_known() -> None:
    seen = observed(9, still=["lin_1.weight", "lin_1.bias"], layers=2)
    (remark,) = judge(seen, LABELS, CHECK, CHALLENGE)
    assert (remark.code, remark.severity.value) == ("parameters_stand_still", "error")


@pytest.mark.parametrize(
    ("right", "update_right", "expected"),
    [
        (10, True, False),
        (9, True, False),
        (8, True, True),
        (1, True, True),
        (10, False, False),
        (8, False, True),
        (7, False, False),
        (5, False, True),
        (1, False, False),
    ],
)
def test_a_result_is_in_doubt_near_a_threshold_or_below_a_sure_one(
    right: int, update_right: bool, expected: bool
) -> None:
    doubt = partial(unsure, right=update_right)
    assert doubt(observed(right), LABELS, CHECK, CHALLENGE) is expected


@pytest.mark.parametrize(
    "seen", [observed(5, steps=0), observed(after=None), observed(5, still=["lin_1.bias"])]
)
def test_no_further_run_could_change_what_is_certain(seen: Any) -> None:
    assert not unsure(seen, LABELS, CHECK, CHALLENGE, right=True)


@pytest.mark.parametrize(
    ("controls", "without"),
    [
        ({}, None),
        ({"the update lines": 0.54, "gradients": 0.54}, None),
        ({"the update lines": 0.56, "gradients": 0.4}, "the update lines"),
        ({"the update lines": 0.1, "gradients": 0.9}, "gradients"),
    ],
)
def test_what_is_known_without_the_update_was_not_learned_by_it(
    controls: dict[str, float], without: str | None
) -> None:
    measured = {name: Measure(value, LIMITS) for name, value in controls.items()}
    found = by_other_means(Measure(0.9, LIMITS), measured)
    assert [remark.facts["without"] for remark in found] == ([without] if without else [])
    assert all(remark.severity.value == "error" for remark in found)


FLOATS = np.arange(10, dtype=np.float32).reshape(10, 1)
ROWS: Any = {
    "data": "custom",
    "steps": 50,
    "form": row_form({"input": [3], "target": [1], "loss": "MSELoss"}, generator(1, "form")),
}


@pytest.mark.parametrize(
    ("off", "expected"),
    [
        (0.0, []),
        (1.2, []),
        (1.4, [("learns_too_little", "partial")]),
        (2.1, [("does_not_learn", "error")]),
    ],
)
def test_a_loss_is_compared_with_that_of_the_best_constant(off: float, expected: Any) -> None:
    # The loss of the best constant, which is 4.5, is 8.25: a fifth of it is 1.28 squared.
    seen = observed(before=np.full((10, 1), 9.0), after=FLOATS + off)
    found = judge(seen, FLOATS, CHECK, ROWS)
    assert [(remark.code, remark.severity.value) for remark in found] == expected
    measured = measure(seen, FLOATS, CHECK, ROWS)
    assert measured is not None
    assert measured.value == pytest.approx(1 - off**2 / 8.25)


@pytest.mark.parametrize("after", [None, FLOATS[:9], FLOATS[:, 0], FLOATS[..., None]])
def test_outputs_have_the_shape_that_the_targets_ask_for(after: Any) -> None:
    (remark,) = judge(observed(before=FLOATS, after=after), FLOATS, CHECK, ROWS)
    assert remark.code == "outputs_of_other_shape"
    assert measure(observed(after=after), FLOATS, CHECK, ROWS) is None


MLP = load_assignment("mlp")
LEARNS = next(check for check in MLP.checks if check.id == "learns")
PICTURES = load_digits_set(MLP.data) if MLP.data else None


def drawn(seed: int, *, again: bool = False) -> Any:
    context = (generator(seed, "learns"), LEARNS, MLP, PICTURES, "cpu")
    return draw_again(*context, right=True) if again else draw(*context)


@pytest.mark.parametrize("again", [False, True])
def test_every_run_has_pictures_of_its_own(again: bool) -> None:
    one, same, other = (drawn(seed, again=again) for seed in (1, 1, 2))
    for name in ("train_inputs", "held_back", "kept"):
        assert np.array_equal(one[name], same[name]), name
        assert not np.array_equal(one[name], other[name]), name
    assert PICTURES is not None
    known = {row.tobytes() for row in np.sort(PICTURES.test_images.reshape(360, -1))}
    # Not even the order of a picture's own numbers gives it away.
    assert not known & {row.tobytes() for row in np.sort(one["held_back"])}


@pytest.mark.parametrize(("again", "neighbours"), [(False, False), (True, True)])
def test_pixels_change_places(again: bool, neighbours: bool) -> None:
    assert PICTURES is not None
    test = PICTURES.test_images.reshape(360, -1).astype(float)
    seen = drawn(3, again=again)
    assert sorted(seen["kept"]) == sorted(PICTURES.test_labels)
    # Each pixel's sum over all pictures tells where it went.
    was, now = test.sum(axis=0), seen["held_back"].astype(float).sum(axis=0)
    assert np.abs(np.sort(now) - np.sort(was)).max() < 0.02 * was.max()
    side = np.abs(np.diff(now.reshape(28, 28), axis=1)).mean()
    usual = np.abs(np.diff(was.reshape(28, 28), axis=1)).mean()
    assert (side < 2 * usual) == neighbours


def test_noise_leaves_no_picture_out_of_bounds() -> None:
    seen = drawn(4)
    assert seen["held_back"].dtype == seen["train_inputs"].dtype == np.uint8
    assert seen["held_back"].max() > 240  # nothing wrapped around
    assert np.median(seen["held_back"]) < 100
