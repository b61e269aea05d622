"""What is watched of a challenge's model, and the right gradient for some of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.losses import OF_LABELS, loss_gradient
from grader.checks.row_forms import features_of
from grader.checks.step_order.gradients import backpropagated, outputs_of, true_gradient

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge

# Which of all rows.
Chosen = slice | np.ndarray


def watched_layers(challenge: StepOrderChallenge) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return the initial weight (out, in) and bias (out,) of each layer, as far as it is watched.

    Of the first layer's weights only those of lit pixels are: the others have no gradient.
    """
    layers = dict(challenge["weights"])
    first = next(iter(layers))
    weight, bias = layers[first]
    return {**layers, first: (weight[:, challenge["lit"]], bias)}


def watched_shapes(challenge: StepOrderChallenge) -> list[tuple[int, int]]:
    """Return the (out, in) of each layer, as far as it is watched."""
    weights = [weight for weight, _ in watched_layers(challenge).values()]
    return [(weight.shape[0], weight.shape[1]) for weight in weights]


def parameter_slices(challenge: StepOrderChallenge) -> dict[str, slice]:
    """Return the place of each parameter among all that are watched, flat (P,)."""
    found: dict[str, slice] = {}
    start = 0
    for layer, (weight, bias) in watched_layers(challenge).items():
        for name, values in (("weight", weight), ("bias", bias)):
            found[f"{layer}.{name}"] = slice(start, start + values.size)
            start += values.size
    return found


def watched_inputs(challenge: StepOrderChallenge, chosen: Chosen) -> np.ndarray:
    """Return the numbers (R, L) of some rows that watched weights work on, a row for each place."""
    form = challenge["form"]
    if form is None:
        return np.asarray(challenge["inputs"][chosen][:, challenge["lit"]] / 255.0)
    return features_of(form, challenge["inputs"][chosen])[:, challenge["lit"]]


def right_gradient(
    parameters: np.ndarray, challenge: StepOrderChallenge, chosen: Chosen
) -> np.ndarray:
    """Return the gradient (P,) of the notebook's loss for some rows, at these parameters."""
    shapes = watched_shapes(challenge)
    inputs, targets = watched_inputs(challenge, chosen), challenge["targets"][chosen]
    if challenge["form"] is None:
        return true_gradient(parameters, shapes, inputs, targets)
    outputs = outputs_of(parameters, shapes, inputs, len(targets))
    error = loss_at(outputs, targets, challenge)
    return backpropagated(parameters, shapes, inputs, error)


def loss_at(outputs: np.ndarray, targets: np.ndarray, challenge: StepOrderChallenge) -> np.ndarray:
    """Return the gradient of the notebook's loss at a model's outputs (N, M)."""
    form = challenge["form"]
    name, classes = (form["loss"], form["classes"]) if form else (OF_LABELS, outputs.shape[1])
    return loss_gradient(name, outputs, targets, classes)
