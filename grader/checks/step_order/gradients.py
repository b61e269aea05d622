"""The stand-in model's parameters, and their gradient computed again in numpy.

The judge does not trust a worker to say what the right gradient was: it computes it from the
parameters that the loop had at each batch.
"""

from __future__ import annotations

import numpy as np

# The weight (out, in) and the bias (out,) of each layer, by its name.
Weights = dict[str, tuple[np.ndarray, np.ndarray]]

# How far float32 shares of labels may be off.
_SHARES = 1e-3
# From which share on an image has one label, and which part of the labels may be others.
_SURE = 0.9
_FEW = 0.1


def true_gradient(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Return the gradient of the mean cross-entropy of a tanh network, flat (P,).

    ``parameters`` (P,) holds weight (out, in) and bias (out,) of each layer one after another,
    ``shapes`` the (out, in) of each; ``inputs`` is (N, in), ``labels`` (N,).
    """
    logits = scores_of(parameters, shapes, inputs)
    logits = logits - logits.max(axis=1, keepdims=True)
    share = np.exp(logits)
    share /= share.sum(axis=1, keepdims=True)
    share[np.arange(len(labels)), labels] -= 1
    return backpropagated(parameters, shapes, inputs, share / len(labels))


def outputs_of(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray, rows: int
) -> np.ndarray:
    """Return all numbers (N, M) that the model gives for each of ``rows`` rows, of any places."""
    return scores_of(parameters, shapes, inputs).reshape(rows, -1)


def backpropagated(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray, error: np.ndarray
) -> np.ndarray:
    """Return the gradient, flat (P,), to which one at the scores, ``error``, leads back."""
    layers, values = _values(parameters, shapes, inputs)
    error = error.reshape(values[-1].shape)
    pieces: list[np.ndarray] = []
    for index in range(len(layers) - 1, -1, -1):
        pieces = [(error.T @ values[index]).reshape(-1), error.sum(axis=0), *pieces]
        if index:
            error = (error @ layers[index][0]) * (1 - values[index] ** 2)
    return np.concatenate(pieces)


def scores_of(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray
) -> np.ndarray:
    """Return the scores (N, C) that the model with these parameters gives."""
    return _values(parameters, shapes, inputs)[1][-1]


def label_shares(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray, error: np.ndarray
) -> np.ndarray | None:
    """Return which share each label has in a mean cross-entropy, (N, C), from its gradient.

    ``error`` (N, C) is that at the scores: the softmax without the shares, over N. ``None`` where
    it is of another loss.
    """
    logits = _values(parameters, shapes, inputs)[1][-1]
    if logits.shape != error.shape:
        return None
    chances = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    shares = np.asarray(chances - len(inputs) * error)
    if np.abs(shares.sum(axis=1) - 1).max() > _SHARES or shares.min() < -_SHARES:
        return None
    return shares


def told_other_labels(shares: np.ndarray, labels: np.ndarray) -> int:
    """Return how many images have another label by their ``shares`` (N, C) than by ``labels`` (N,).

    0 where these are a few, or where the shares are those of no label alone.
    """
    foreign = int((shares.argmax(axis=1) != labels).sum())
    sure = shares.max(axis=1).min(initial=1) >= _SURE
    return foreign if sure and foreign > _FEW * len(labels) else 0


def _values(
    parameters: np.ndarray, shapes: list[tuple[int, int]], inputs: np.ndarray
) -> tuple[list[tuple[np.ndarray, np.ndarray]], list[np.ndarray]]:
    """Return weight and bias of each layer, and the inputs and what each layer makes of them."""
    layers: list[tuple[np.ndarray, np.ndarray]] = []
    start = 0
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
    return layers, values
