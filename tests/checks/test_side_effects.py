"""What an evaluation does beside counting is told, each thing by its code."""

from __future__ import annotations

from typing import Any

import pytest

from grader.checks.eval_accuracy.side_effects import read_again, side_effects, times
from tests.checks.scenes import ERROR, ROWS, call, drawn, scene

TRAINING = [call(0, ROWS, training=True, layers_training=True)]
LAYERS = [call(0, ROWS, layers_training=True)]


def seen(**more: Any) -> list[tuple[str, str]]:
    scenes: Any = [scene(), scene(**more)]
    return [(remark.code, remark.severity.value) for remark in side_effects(scenes)]


def test_the_solved_function_does_nothing_else() -> None:
    assert seen() == []


@pytest.mark.parametrize(
    ("more", "code", "severity"),
    [
        ({"decoy_model": 1}, "ignores_model_argument", "error"),
        ({"others": 2, "calls": []}, "evaluates_another_model", "error"),
        ({"decoy_batches": 1}, "ignores_iterator_argument", "error"),
        ({"steps": 3}, "trains_the_model", "error"),
        ({"changed": "kind"}, "changes_the_model", "error"),
        ({"calls": TRAINING}, "not_in_eval_mode", "error"),
        ({"calls": TRAINING, "decoy_switched": True}, "switches_another_model", "error"),
        ({"training_after": False}, "not_back_in_train_mode", "partial"),
        ({"layers_training_after": False}, "not_back_in_train_mode", "partial"),
        ({"switched_off": True}, "gradients_stay_off", "error"),
        ({"calls": [call(0, ROWS, gradients=True)]}, "gradients_on", "partial"),
    ],
)
def test_a_side_effect_has_its_code(more: dict[str, Any], code: str, severity: str) -> None:
    assert seen(**more) == [(code, severity)]


def test_another_model_or_iterator_hides_the_rest() -> None:
    assert [code for code, _ in seen(decoy_model=1, steps=2)] == ["ignores_model_argument"]


def test_another_model_beside_the_given_one_is_no_matter() -> None:
    assert seen(others=2) == []


def test_several_side_effects_are_all_told() -> None:
    codes = [code for code, _ in seen(changed="values", calls=LAYERS, training_after=False)]
    assert codes == ["changes_the_model", "not_in_eval_mode", "not_back_in_train_mode"]


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"calls": TRAINING}, "it was"),
        ({"calls": LAYERS}, "its layers were"),
        ({"training_after": False}, "the model is"),
        ({"layers_training_after": False}, "the model's layers are"),
    ],
)
def test_the_model_is_told_from_its_layers(more: dict[str, Any], what: str) -> None:
    scenes: Any = [scene(**more)]
    assert side_effects(scenes)[0].facts["what"] == what


def test_a_function_that_failed_leaves_nothing_to_put_back() -> None:
    assert seen(error=ERROR, training_after=False, switched_off=True) == []


@pytest.mark.parametrize(
    ("passes", "begun", "again"), [(None, 5, False), (1, 1, False), (1, 2, True)]
)
def test_what_is_read_too_often(passes: int | None, begun: int, again: bool) -> None:
    got: Any = scene(begun=begun)
    one: Any = drawn(passes=passes)
    assert read_again(got, one) is again


def test_how_often_in_words() -> None:
    assert (times(2), times(3)) == ("twice", "3 times")
