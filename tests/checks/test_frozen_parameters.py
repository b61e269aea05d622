"""Why parameters go wrong on right gradients: frozen, changed on the way, or the optimizer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.step_order.frozen_parameters import (
    changed_between,
    climbs,
    factor,
    made_anew,
    stands_still,
)
from grader.checks.step_order.trace import Trace

# Two layers, the first with one lit pixel of two: weight, bias, weight, bias of one number each.
CHALLENGE: Any = {
    "weights": {
        "lin_1": (np.zeros((1, 2)), np.zeros(1)),
        "lin_2": (np.zeros((1, 1)), np.zeros(1)),
    },
    "lit": np.array([1]),
}
STATES = np.array([[0.0, 0, 0, 0], [1, 1, 1, 1]])


def run(states: Any = STATES, *, lr: float = 0.1, **more: Any) -> Any:
    return {"states": np.array(states), "used": STATES, "settings": [{"lr": lr}], **more}


def still(got: Any) -> list[tuple[str, Any]]:
    found = stands_still(got, run(), CHALLENGE, {})
    return [(remark.code, remark.facts["still"]) for remark in found]


def test_parameters_that_never_move_are_named() -> None:
    assert still(run()) == []
    assert still(run([[0, 0, 0, 0], [0, 0, 1, 1]])) == [
        ("layers_stand_still", "lin_1.weight and lin_1.bias")
    ]


def test_where_nothing_moves_the_learning_rate_may_be_0() -> None:
    everything = "lin_1.weight, lin_1.bias, lin_2.weight and lin_2.bias"
    assert still(run(np.zeros((2, 4)), lr=0)) == [("learning_rate_zero", everything)]
    assert still(run(np.zeros((2, 4)))) == []
    assert still(run(np.zeros((2, 4)), lr=0, used=None)) == []


@pytest.mark.parametrize(
    ("used", "change"),
    [
        ([1.0, 2.0], None),
        ([2.0, 4.0], "2 times this gradient"),
        ([-0.5, -1.0], "-0.5 times this gradient"),
        ([2.0, 1.0], "another one"),
        ([np.nan, 1.0], None),
    ],
)
def test_a_gradient_that_is_changed_before_its_step(used: list[float], change: str | None) -> None:
    right = np.array([[1.0, 2.0]])
    got: Any = {"fresh": right, "used": np.array([used])}
    wanted: Any = {"fresh": right}
    found = changed_between(got, wanted, {})
    assert [remark.facts["change"] for remark in found] == ([change] if change else [])


def test_a_gradient_that_was_wrong_before_is_no_change() -> None:
    got: Any = {"fresh": np.array([[1.0, 1.0]]), "used": np.array([[9.0, 1.0]])}
    wanted: Any = {"fresh": np.array([[1.0, 2.0]])}
    assert changed_between(got, wanted, {}) == []


@pytest.mark.parametrize(
    ("settings", "how"),
    [
        ({"lr": 0.1}, None),
        ({"lr": -0.1}, "a learning rate below 0"),
        ({"lr": 0.1, "maximize": 1.0}, "maximize switched on"),
    ],
)
def test_an_optimizer_that_increases_the_loss(settings: Any, how: str | None) -> None:
    found = climbs({"settings": [{"lr": 0.1}, settings]}, {})
    assert [remark.facts["how"] for remark in found] == ([how] if how else [])


@pytest.mark.parametrize(
    ("makers", "often"),
    [
        ([0, 0, 0, 0], None),
        ([0, 1, 0, 1], None),
        ([0, 1, 2, 3], "for every batch"),
        ([0, 0, 1, 1], "for every epoch"),
        ([0, 1, 1, 1], "on the way"),
    ],
)
def test_how_often_an_optimizer_is_made(makers: list[int], often: str | None) -> None:
    trace = Trace((), 2, {}, True, True, 2, places=((0, 2), (1, 2), (0, 2), (1, 2)))
    found = made_anew({"makers": makers}, trace, {})
    assert [remark.facts["often"] for remark in found] == ([often] if often else [])


def test_the_factor_between_gradients() -> None:
    assert factor(np.array([2.0, 4.0]), np.array([1.0, 2.0])) == 2
    assert factor(np.array([1.0, 0.0]), np.zeros(2)) == 0
