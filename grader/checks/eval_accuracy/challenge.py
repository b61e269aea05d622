"""Classifiers, images and labels for which the accuracy is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

_AROUND = 0.15
_MARGIN = 0.02


@dataclass(frozen=True)
class _Scene:
    """What the function is called for.

    ``share`` of the answers are right, give or take ``_AROUND``: who knows this file must not know
    what is right. ``passes`` are those that the iterator allows. A ``told`` model gives scores
    that were drawn, to the "batch" at hand, or to each "row" that it knows. Of so many ``distinct``
    images are all that the scene shows.
    """

    sizes: tuple[int, ...]
    share: float
    passes: int | None = None
    told: str = ""
    distinct: int | None = None


# A short last batch; unequal sizes, where a mean of the batches' accuracies differs from the
# accuracy; an iterator that can be run through once only; batches of one; more batches and more
# images than somebody lets it be who counts them and stops. These are a prime number: no share of
# the images has the accuracy of all of them.
_SCENES = (
    _Scene((256, 256, 40), 0.62),
    _Scene((5, 17, 1, 30), 0.35),
    _Scene((20, 20, 7), 0.80, passes=1),
    _Scene((1, 1, 1), 0.34),
    _Scene((*(256,) * 4, *(2, 1, 3, 2) * 7, 2, 1, 4), 0.58, distinct=40),
)
# What the counting does: whatever the model was given; and with the images in any portions.
_TOLD = _Scene((40, 40, 13), 0.55, told="batch")


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return a linear classifier (C, D), a decoy, and scenes of uint8 images (N, D) with labels.

    ``layers`` are the names, inputs and outputs of the layers that the classifier is made of.

    No two classes are nearer than a margin for any image, so that the order in which floats are
    added can't change a prediction.
    """
    classes, shape = check.options["classes"], check.options["image"]
    width = int(np.prod(shape))
    weight = _weight(rng, classes, width)
    bias = rng.normal(0, 0.15, classes).astype(np.float32)
    told = _drawn(rng, _TOLD, weight, bias)
    scenes = [
        *(_drawn(rng, scene, weight, bias) for scene in _SCENES),
        told,
        told | {"told": "row"},
    ]
    return {
        "image": shape,
        "interface": dict(check.options.get("interface", {})),
        "resets": list(check.options.get("resets", ())),
        "layers": [[name, *sizes] for name, sizes in check.options["layers"].items()],
        "weight": weight,
        "bias": bias,
        "decoy": _weight(rng, classes, width),
        "projection": rng.normal(0, 1, width),
        "scenes": scenes,
    }


def _drawn(
    rng: np.random.Generator, scene: _Scene, weight: np.ndarray, bias: np.ndarray
) -> dict[str, Any]:
    """Return a scene as the worker is told it; ``order`` says which image the k-th one is."""
    count, classes = sum(scene.sizes), len(weight)
    images, logits = _images(rng, weight, bias, scene.distinct or count)
    script = _script(rng, count, classes) if scene.told else None
    predicted = (logits if script is None else script).argmax(axis=1)
    labels = _labels(rng, predicted, scene.share, classes)
    if scene.told:
        labels = _telling(predicted, labels, scene.sizes)
    return {
        "sizes": list(scene.sizes),
        "passes": scene.passes,
        "images": images,
        "labels": labels,
        "order": rng.integers(0, scene.distinct, count) if scene.distinct else None,
        "told": scene.told,
        "scripted": script,
    }


def _telling(predicted: np.ndarray, labels: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return labels with all of the last batch right; those before it in another one's place.

    A batch that is right as a whole is told from nothing at all, and from one whose digits are
    right but not where they stand.
    """
    right = len(labels) - sizes[-1]
    moved = slice(right - sizes[-2], right)
    return np.concatenate([labels[: moved.start], np.roll(predicted[moved], 1), predicted[right:]])


def _script(rng: np.random.Generator, count: int, classes: int) -> np.ndarray:
    """Return scores (N, C): the whole numbers from 0 in some order, in every third row below 0."""
    scores = rng.permuted(np.tile(np.arange(classes), (count, 1)), axis=1).astype(np.float32)
    scores[::3] -= classes + 0.5
    return scores


def _weight(rng: np.random.Generator, classes: int, width: int) -> np.ndarray:
    weight = rng.normal(0, 2 * width**-0.5, (classes, width))
    # Without its mean the brightness of an image alone decides nothing.
    centred: np.ndarray = (weight - weight.mean(axis=1, keepdims=True)).astype(np.float32)
    return centred


def _images(
    rng: np.random.Generator, weight: np.ndarray, bias: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    kept, scores = [], []
    have = 0
    while have < count:
        images = rng.integers(0, 256, (2 * count + 8, weight.shape[1]), dtype=np.uint8)
        # A black and a white point, as in an image of the notebook's: a batch of one, too, goes
        # from 0 to 1.
        images[:, 0], images[:, -1] = 0, 255
        logits = (images / 255.0) @ weight.T.astype(np.float64) + bias
        best = np.sort(logits, axis=1)
        clear = best[:, -1] - best[:, -2] > _MARGIN
        kept.append(images[clear])
        scores.append(logits[clear])
        have += int(clear.sum())
    return np.concatenate(kept)[:count], np.concatenate(scores)[:count]


def _labels(
    rng: np.random.Generator, predicted: np.ndarray, share: float, classes: int
) -> np.ndarray:
    """Return labels of which about ``share`` agree with the predictions, none by chance.

    Some do, and some do not.
    """
    count = len(predicted)
    least = max(1, math.floor((share - _AROUND) * count))
    most = min(count - 1, math.ceil((share + _AROUND) * count))
    labels = (predicted + rng.integers(1, classes, len(predicted))) % classes
    right = rng.permutation(count)[: rng.integers(least, most, endpoint=True)]
    labels[right] = predicted[right]
    return labels.astype(np.int64)
