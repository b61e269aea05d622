"""A small model, batches and two optimizers for watching a training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# Enough to tell every listed mistake: what accumulates shows from the second batch on, what
# happens once an epoch from the second epoch on, and five batches tell every other batch from
# once an epoch. The last one is shorter, as the notebook's own is.
_SIZES = (24, 24, 24, 24, 16)
_EPOCHS = 2
_HIDDEN = 8
# Of the pixels, one in so many is lit. The weights of the others have no gradient and are not
# watched, so what is sent and kept of a run is a seventh of what it would be.
_LIT = 8
# The share of each batch that has the label which the model gives it, and how large the model's
# scores are: the losses of the batches lie between about 15 and 0.004 (measured over 6 seeds), so
# that a line which depends on the loss is left out somewhere. The images are those, of so many
# times as many, that the model is surest about.
_RIGHT = (0.0, 1.0, 0.5, 0.0, 0.9)
_SCALE = 10.0
_CHOICE = 8


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return weights {layer: (weight, bias)}, uint8 images (N, D), labels (N,) and optimizers.

    ``lit`` (L,) are the pixels that are not 0 in every image.

    Plain SGD shows the scale and the order of every gradient in full; Adam, the notebook's own
    optimizer, shows what is kept from one batch to the next.
    """
    classes, shape = check.options["classes"], check.options["image"]
    width, count = int(np.prod(shape)), sum(_SIZES)
    names = check.options["layers"]
    sizes = [width, *[_HIDDEN] * (len(names) - 1), classes]
    lit = np.sort(rng.choice(width, width // _LIT, replace=False))
    weights: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for name, inputs, outputs in zip(names, sizes, sizes[1:], strict=False):
        # Images differ by their lit pixels only, so these have to reach the hidden numbers.
        scale = (12 * _LIT if not weights else _SCALE**2) ** 0.5 * inputs**-0.5
        weight = rng.normal(0, scale, (outputs, inputs))
        if not weights:
            # Without its mean over the lit pixels the brightness of an image decides nothing.
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
        "image": shape,
        "images": images,
        "labels": labels.astype(np.int64),
        "sizes": list(_SIZES),
        "batch_size": max(_SIZES),
        "epochs": _EPOCHS,
        "weights": weights,
        "lit": lit.astype(np.int64),
        "interface": dict(check.options.get("interface", {})),
        "no_ops": list(check.options.get("no_ops", ())),
        "per_step": 2 * _EPOCHS * len(_SIZES),
        "optimizers": [
            {"name": "Adam", "options": {"lr": 1e-3}},
            {"name": "SGD", "options": {"lr": 0.01}},
        ],
    }


def _images(
    rng: np.random.Generator,
    weights: dict[str, tuple[np.ndarray, np.ndarray]],
    lit: np.ndarray,
    count: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw images (N, D) that the model is surest about; return them and the classes it says."""
    width = next(iter(weights.values()))[0].shape[1]
    images = np.zeros((_CHOICE * count, width), dtype=np.uint8)
    images[:, lit] = rng.integers(0, 256, (len(images), len(lit)), dtype=np.uint8)
    values = images / 255.0
    for index, (weight, bias) in enumerate(weights.values()):
        values = (np.tanh(values) if index else values) @ weight.T.astype(np.float64) + bias
    best = np.sort(values, axis=1)
    chosen = rng.permutation(np.argsort(best[:, -2] - best[:, -1])[:count])
    return images[chosen], values[chosen].argmax(axis=1)
