"""What scores of classes, a row for each image, say about a model."""

from __future__ import annotations

from typing import TypeGuard

import numpy as np


def are_scores(
    logits: np.ndarray | None, labels: np.ndarray, classes: int
) -> TypeGuard[np.ndarray]:
    """Whether there is a row for each label, of at least as many scores as there are classes."""
    return (
        logits is not None
        and logits.ndim == 2
        and len(logits) == len(labels)
        and logits.shape[1] >= classes
    )


def accuracy_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of labels that have the highest score in their row."""
    return float((logits.argmax(axis=1) == labels).mean())


def loss_of(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of logits (N, C)."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - picked).mean())
