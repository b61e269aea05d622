"""Draws a small model, and images with labels of which it gets some right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.checks.step_order.gradients import Weights

# Enough to tell the listed mistakes apart: what accumulates shows from the second batch on, what
# happens once an epoch from the second epoch on, and five batches tell every other batch from
# once an epoch. The last one is shorter: an eighth of the notebook's, as the others are.
_SIZES = (32, 32, 32, 32, 12)
_HIDDEN = 8
# One pixel in so many is lit. The weights of the others have no gradient and are not watched, so
# an observation has a seventh of its full size.
_LIT = 8
# The share of each batch whose label is the model's prediction, and the scale of the model's
# scores. The batches' losses then lie between about 15 and 0.004 (measured over 6 seeds), so a line
# that depends on the loss is left out somewhere. Of ``_CHOICE`` times as many images those are
# taken that the model is surest about.
_RIGHT = (0.0, 1.0, 0.5, 0.0, 0.9)
_SCALE = 10.0
_CHOICE = 8


def draw_images(rng: np.random.Generator, options: Mapping[str, Any]) -> dict[str, Any]:
    """Draw images that the model is surest about, with right and wrong labels, and the model."""
    classes, shape = options["classes"], options["image"]
    width, count = int(np.prod(shape)), sum(_SIZES)
    names = options["layers"]
    sizes = [width, *[_HIDDEN] * (len(names) - 1), classes]
    lit = np.sort(rng.choice(width, width // _LIT, replace=False))
    weights: Weights = {}
    for name, inputs, outputs in zip(names, sizes, sizes[1:], strict=False):
        # Images differ only in their lit pixels, so these have to reach the hidden units.
        scale = (12 * _LIT if not weights else _SCALE**2) ** 0.5 * inputs**-0.5
        weight = rng.normal(0, scale, (outputs, inputs))
        if not weights:
            # Centred over the lit pixels, so that the brightness of an image decides nothing.
            weight -= weight[:, lit].mean(axis=1, keepdims=True)
        bias = rng.normal(0, 0.1, outputs).astype(np.float32)
        weights[name] = (weight.astype(np.float32), bias)
    images, predicted = _images(rng, weights, lit, count)
    labels = (predicted + rng.integers(1, classes, count)) % classes
    start = 0
    for size, share in zip(_SIZES, _RIGHT, strict=True):
        right = start + rng.permutation(size)[: round(share * size)]
        labels[right] = predicted[right]
        start += size
    return {
        "form": None,
        "inputs": images,
        "targets": labels.astype(np.int64),
        "sizes": list(_SIZES),
        "weights": weights,
        "lit": lit.astype(np.int64),
    }


def _images(
    rng: np.random.Generator,
    weights: dict[str, tuple[np.ndarray, np.ndarray]],
    lit: np.ndarray,
    count: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw images (N, D) that the model is surest about; return them and its predictions (N,)."""
    width = next(iter(weights.values()))[0].shape[1]
    images = np.zeros((_CHOICE * count, width), dtype=np.uint8)
    images[:, lit] = rng.integers(0, 256, (len(images), len(lit)), dtype=np.uint8)
    values = images / 255.0
    for index, (weight, bias) in enumerate(weights.values()):
        values = (np.tanh(values) if index else values) @ weight.T.astype(np.float64) + bias
    best = np.sort(values, axis=1)
    chosen = rng.permutation(np.argsort(best[:, -2] - best[:, -1])[:count])
    return images[chosen], values[chosen].argmax(axis=1)
