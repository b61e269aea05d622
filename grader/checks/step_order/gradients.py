"""The stand-in model's gradient, worked out again in numpy.

The judge does not take a worker's word for what the right gradient was: it is computed here from
the parameters the loop had at each batch.
"""

from __future__ import annotations

import numpy as np


def true_gradient(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Return the gradient of the mean cross-entropy of a tanh network, flat (P,).

    ``parameters`` (P,) holds weight (out, in) and bias (out,) of each layer one after another,
    ``shapes`` the (out, in) of each; ``inputs`` is (N, in), ``labels`` (N,).
    """
    layers, start = [], 0
    for outputs, width in shapes:
        weight = parameters[start : start + outputs * width].reshape(outputs, width)
        start += outputs * width
        layers.append(
            (weight.astype(np.float64), parameters[start : start + outputs].astype(np.float64))
        )
        start += outputs
    values = [inputs.astype(np.float64)]
    for index, (weight, bias) in enumerate(layers):
        total = values[-1] @ weight.T + bias
        values.append(np.tanh(total) if index < len(layers) - 1 else total)
    logits = values[-1] - values[-1].max(axis=1, keepdims=True)
    share = np.exp(logits)
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(labels)), labels] -= 1
    error = share / len(labels)
    pieces: list[np.ndarray] = []
    for index in range(len(layers) - 1, -1, -1):
        pieces = [(error.T @ values[index]).reshape(-1), error.sum(axis=0), *pieces]
        if index:
            error = (error @ layers[index][0]) * (1 - values[index] ** 2)
    return np.concatenate(pieces)
