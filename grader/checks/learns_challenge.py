"""The images to train on, in a drawn order, and the held-back images without their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# More than this many images tell nothing more in so few steps, and cost time to send.
_MOST_TRAIN = 8000
_MOST_HELD_BACK = 2000


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    given: DigitsData | None,
    device: str,
) -> dict[str, Any]:
    """Return train images (N, H, W) uint8, labels, ``order`` (steps, batch), held-back images."""
    data = _needed(given)
    budget = check.on_data("training", data.name)
    steps, size = int(budget["steps"]), int(budget["batch_size"])
    chosen = rng.permutation(len(data.train_images))[:_MOST_TRAIN]
    # Passes through all images, each in an order of its own, as a shuffling loader gives them.
    passes = -(-steps * size // len(chosen))
    order = np.concatenate([rng.permutation(len(chosen)) for _ in range(passes)])
    return {
        "device": device,
        "data": data.name,
        "image": [1, *data.train_images.shape[1:]],
        "train_images": data.train_images[chosen],
        "train_labels": data.train_labels[chosen].astype(np.int64),
        "order": order[: steps * size].reshape(steps, size).astype(np.int64),
        "layers": list(check.options.get("layers", ())),
        "steps": steps,
        "batch_size": size,
        "held_back": data.test_images[:_MOST_HELD_BACK].reshape(-1, data.test_images[0].size),
    }


def held_back_labels(
    _check: Check, _challenge: dict[str, Any], data: DigitsData | None
) -> np.ndarray:
    """Return the labels of the challenge's held-back images, which stay with the judge."""
    return _needed(data).test_labels[:_MOST_HELD_BACK]


def _needed(data: DigitsData | None) -> DigitsData:
    if data is None:
        raise AssignmentError(
            "a check of kind learns trains on pictures, and the assignment has none",
            'name their folder in assignment.toml: data = "data"',
        )
    return data
