"""What a worker says of its optimizer explains a path only where it says something."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from grader.assignment import load_assignment
from grader.checks.step_order.challenge import draw
from grader.checks.step_order.equivalence import Explanation, explained
from grader.checks.step_order.gradients import true_gradient
from grader.checks.step_order.watched import watched_layers

RATE = 0.01


def run_with(
    rates: list[float], *, moves: bool = True, order: tuple[int, ...] = (0, 1, 2, 3, 4)
) -> tuple[dict, dict]:
    """A run of plain SGD with the true gradients, and its challenge; or one that stands still.

    It takes the batches in an order, one epoch.
    """
    check = next(c for c in load_assignment("mlp").checks if c.id == "step_order")
    challenge = draw(np.random.default_rng(1), check)
    layers = watched_layers(challenge).values()
    shapes = [weight.shape for weight, _ in layers]
    flat = [a.reshape(-1) for pair in layers for a in pair]
    states, gradients = [np.concatenate(flat)], []
    places = list(pairwise(np.cumsum([0, *challenge["sizes"]])))
    for rate, (first, last) in zip(rates, [places[number] for number in order], strict=True):
        images = challenge["inputs"][first:last, challenge["lit"]] / 255.0
        gradients.append(
            true_gradient(states[-1], shapes, images, challenge["targets"][first:last])
        )
        moved = states[-1] - rate * gradients[-1] if moves else states[-1]
        states.append(moved.astype(np.float32))
    batch = [["batch"], ["forward", True, True], ["zero_grad", True, True]]
    kept = np.stack(gradients).astype(np.float32)
    return {
        "events": [["epoch"], *(len(order) * [*batch, ["backward", True], ["step"]])],
        "states": np.stack(states),
        "fresh": kept,
        "used": kept,
        "rules": ["SGD"] * len(order),
        "settings": [{"lr": rate} for rate in rates],
    }, challenge


def test_true_gradients_and_their_rate_explain_a_path() -> None:
    assert explained(*run_with([RATE] * 5)) == Explanation()


@pytest.mark.parametrize("order", [(3, 1, 4, 0, 2), (4, 3, 2, 1, 0)])
def test_an_epoch_may_take_its_batches_in_any_order(order: tuple[int, ...]) -> None:
    assert explained(*run_with([RATE] * 5, order=order)) == Explanation()


@pytest.mark.parametrize("order", [(0, 1, 2, 3, 3), (0, 0, 0, 0, 0), (0, 1, 2, 4), (0,), (4,)])
def test_an_epoch_has_to_take_each_full_batch_once(order: tuple[int, ...]) -> None:
    assert explained(*run_with([RATE] * len(order), order=order)) is None


def test_the_shorter_last_batch_may_be_left_out() -> None:
    found = explained(*run_with([RATE] * 4, order=(0, 1, 2, 3)))
    assert found == Explanation(short_left_out=True)


def test_a_path_uphill_is_lawful_at_no_rate() -> None:
    assert explained(*run_with([-RATE] * 5)) is None


@pytest.mark.parametrize("rate", [RATE, float("nan"), float("inf")])
def test_a_path_that_stands_still_is_explained_by_no_rate(rate: float) -> None:
    assert explained(*run_with([rate] * 5, moves=False)) is None
