"""The stand-in model's gradient and the optimizers' rules, worked out again in numpy.

The judge does not take a worker's word for what the right gradient was: it is computed here from
the parameters the loop had at each batch.
"""

from __future__ import annotations

import numpy as np

# Adam's constants, but for the first beta, as torch.optim.Adam has them by default.
_BETA2, _EPSILON = 0.999, 1e-8


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


def updates(
    rule: str, gradients: np.ndarray, rates: list[float], momenta: list[float]
) -> np.ndarray:
    """Return what each step of the named optimizer changes, (K, P), for its gradients (K, P).

    ``rates`` and ``momenta`` (SGD's momentum, Adam's first beta) are those of each step, since
    schedulers change both.
    """
    mean = np.zeros(gradients.shape[1])
    square = np.zeros(gradients.shape[1])
    changes = []
    rows = zip(rates, momenta, gradients.astype(np.float64), strict=True)
    for k, (rate, momentum, g) in enumerate(rows, start=1):
        if rule == "SGD":
            mean = momentum * mean + g
            changes.append(-rate * mean)
            continue
        mean = momentum * mean + (1 - momentum) * g
        square = _BETA2 * square + (1 - _BETA2) * g * g
        step = (mean / (1 - momentum**k)) / (np.sqrt(square / (1 - _BETA2**k)) + _EPSILON)
        changes.append(-rate * step)
    return np.stack(changes)
