"""A small model, batches and two optimizers for watching a training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# Enough to tell every listed mistake: what accumulates shows from the second batch on, what
# happens once an epoch from the second epoch on, and five batches tell every other batch from
# once an epoch.
_SIZES = (24, 24, 24, 24, 24)
_EPOCHS = 2
_HIDDEN = 8
# Of the pixels, one in so many is lit. The weights of the others stand still, so what is kept of
# a run is a seventh of what it would be, and every distance that is judged is the same.
_LIT = 8


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return weights {layer: (weight, bias)}, uint8 images (N, D), labels (N,) and optimizers.

    Plain SGD shows the scale and the order of every gradient in full; Adam, the notebook's own
    optimizer, shows what is kept from one batch to the next.
    """
    classes, shape = check.options["classes"], check.options["image"]
    width, count = int(np.prod(shape)), sum(_SIZES)
    names = check.options["layers"]
    sizes = [width, *[_HIDDEN] * (len(names) - 1), classes]
    weights = {}
    for name, inputs, outputs in zip(names, sizes, sizes[1:], strict=False):
        weight = rng.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
        weights[name] = (weight, rng.normal(0, 0.1, outputs).astype(np.float32))
    images = np.zeros((count, width), dtype=np.uint8)
    lit = rng.choice(width, width // _LIT, replace=False)
    images[:, lit] = rng.integers(0, 256, (count, len(lit)), dtype=np.uint8)
    return {
        "image": shape,
        "images": images,
        "labels": rng.integers(0, classes, count),
        "sizes": list(_SIZES),
        "epochs": _EPOCHS,
        "weights": weights,
        "interface": dict(check.options.get("interface", {})),
        "no_ops": list(check.options.get("no_ops", ())),
        "per_step": 2 * _EPOCHS * len(_SIZES),
        "optimizers": [
            {"name": "Adam", "options": {"lr": 1e-3}},
            {"name": "SGD", "options": {"lr": 0.1}},
        ],
    }
