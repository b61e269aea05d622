"""Weights and inputs for the forward pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

_LARGE = 8.0
_FAR = 3.0


def draw(
    rng: np.random.Generator,
    check: Check,
    assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return ``weights`` {layer: (weight (out, in), bias (out,))} and ``inputs`` [(N, in)].

    Weights are scaled so that about half of the hidden units are negative before the
    activation, and biases are as large as the sums: a lost activation or bias can't hide. Some
    inputs are large, so that an activation which ends somewhere (ReLU6) can't either, and one
    number of each parameter is far out, where what keeps parameters within bounds changes it.
    """
    shapes = next(c for c in assignment.checks if c.kind == "layer_shapes").options
    dims = shapes["dims"]
    weights = {}
    for layer in shapes["layers"]:
        inputs, outputs = dims[layer["inputs"]], dims[layer["outputs"]]
        weight = rng.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
        bias = rng.normal(0, 0.5, outputs).astype(np.float32)
        for parameter in (weight, bias):
            parameter.flat[rng.integers(parameter.size)] = rng.choice([-_FAR, _FAR])
        weights[layer["name"]] = (weight, bias)
    width = dims[shapes["layers"][0]["inputs"]]
    return {
        "weights": weights,
        "inputs": [
            (rng.normal(0, 1, (size, width)) * rng.choice([1.0, _LARGE], (size, 1))).astype(
                np.float32
            )
            for size in check.options["batch_sizes"]
        ],
    }
