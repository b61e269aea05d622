"""PyTorch's losses in numpy: what each asks of a model's outputs.

Outputs are (N, M): all numbers that a model gives for each row of a batch. Of cross-entropy these
are M/C positions with a score for each of C classes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

LossName = Literal[
    "CrossEntropyLoss", "MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCEWithLogitsLoss"
]
# The loss whose targets are labels of classes, and the one whose targets are 0 and 1 as floats.
OF_LABELS, OF_TRUTH = "CrossEntropyLoss", "BCEWithLogitsLoss"
# From this far from its target on an output has to be moved towards it.
_OFF = 1e-3


def _squared(off: np.ndarray) -> np.ndarray:
    return 2 * off


def _bounded(off: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(off, -1, 1))


# What each loss of floats gives for outputs minus targets, times the number of outputs.
_OF_FLOATS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "MSELoss": _squared,
    "L1Loss": np.sign,
    "SmoothL1Loss": _bounded,
    "HuberLoss": _bounded,
}


def loss_gradient(name: str, outputs: np.ndarray, targets: np.ndarray, classes: int) -> np.ndarray:
    """Return the gradient of the mean loss at the outputs (N, M), for targets (N, ...)."""
    outputs = outputs.astype(np.float64)
    if name == OF_LABELS:
        share = _shares(outputs.reshape(-1, classes))
        share[np.arange(len(share)), targets.reshape(-1)] -= 1
        return (share / len(share)).reshape(outputs.shape)
    wanted = targets.reshape(len(targets), -1).astype(np.float64)
    if name == OF_TRUTH:
        return np.asarray((_sigmoid(outputs) - wanted) / outputs.size)
    return np.asarray(_OF_FLOATS[name](outputs - wanted) / outputs.size)


def loss_value(name: str, outputs: np.ndarray, targets: np.ndarray, classes: int) -> float:
    """Return the mean loss of outputs (N, M) for targets (N, ...)."""
    outputs = outputs.astype(np.float64)
    if name == OF_LABELS:
        scores = outputs.reshape(-1, classes)
        scores = scores - scores.max(axis=1, keepdims=True)
        picked = scores[np.arange(len(scores)), targets.reshape(-1)]
        return float((np.log(np.exp(scores).sum(axis=1)) - picked).mean())
    wanted = targets.reshape(len(targets), -1).astype(np.float64)
    off = outputs - wanted
    if name == OF_TRUTH:
        return float((np.logaddexp(0, outputs) - wanted * outputs).mean())
    if name == "MSELoss":
        return float((off**2).mean())
    if name == "L1Loss":
        return float(np.abs(off).mean())
    return float(np.where(np.abs(off) < 1, off**2 / 2, np.abs(off) - 0.5).mean())


def told_targets(
    name: str, outputs: np.ndarray, error: np.ndarray, classes: int
) -> np.ndarray | None:
    """Return which targets (N, ...) lead to a gradient at the outputs (N, M).

    ``None`` where the loss does not tell, or the gradient is of another loss.
    """
    if name == OF_LABELS:
        scores = _shares(outputs.reshape(-1, classes))
        shares = scores - len(scores) * error.reshape(-1, classes)
        if np.abs(shares.max(axis=1) - 1).max() > _OFF or np.abs(shares).sum(axis=1).max() > 1.01:
            return None
        return np.asarray(shares.argmax(axis=1).reshape(len(outputs), -1))
    if name == "MSELoss":
        return np.asarray(outputs - error * outputs.size / 2)
    return np.asarray(_sigmoid(outputs) - error * outputs.size) if name == OF_TRUTH else None


def off_target(name: str, outputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return where outputs (N, M) have to move, and in which direction: 1, -1, or 0 for nowhere."""
    wanted = targets.reshape(len(targets), -1)
    if name == OF_TRUTH:
        return np.where((outputs > 0) == (wanted > 0), 0, np.where(wanted > 0, 1, -1))
    off = wanted - outputs
    return np.where(np.abs(off) > _OFF, np.sign(off), 0)


def _shares(scores: np.ndarray) -> np.ndarray:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _sigmoid(outputs: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(outputs / 2)))
