"""Classifiers, images and labels for which the accuracy is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from grader.checks.kind import ModelInput, StandInOptions
from grader.requirements import Classes, Count

if TYPE_CHECKING:
    from grader.assignment import Check

_AROUND = 0.15
# More than scores that are rounded to bfloat16 can come nearer: below 8 by 1/32.
_MARGIN = 0.05


@dataclass(frozen=True)
class _Scene:
    """How a scene is drawn.

    About ``share`` of the answers are right, give or take ``_AROUND``: reading this file tells
    nobody what is right. ``passes`` limits how often the iterator can be read. A model that is
    ``told`` its scores gives drawn ones, for the "batch" at hand or for each "row" that it knows.
    The images of a scene are repeated from ``distinct`` ones, where that is set.
    """

    sizes: tuple[int, ...]
    share: float
    passes: int | None = None
    told: str = ""
    distinct: int | None = None


# A short last batch; unequal sizes, where a mean of the batches' accuracies differs from the
# accuracy; an iterator that can be read once; batches of one; more batches than an epoch of MNIST
# in batches of 256 has, and a larger one. The number of these images is prime: no part of them has
# the accuracy of all.
_SCENES = (
    _Scene((256, 256, 40), 0.62),
    _Scene((5, 17, 1, 30), 0.35),
    _Scene((20, 20, 7), 0.80, passes=1),
    _Scene((1, 1, 1), 0.34),
    _Scene((600, *(1, 2, 1, 1, 3) * 60, 1, 2, 4), 0.58, distinct=40),
)
# Shows the counting alone: the scores do not depend on what the model is given.
_TOLD = _Scene((40, 40, 13), 0.55, told="batch")


class Scene(TypedDict):
    """One call of the function: uint8 images (N, D) with labels (M,), in batches of ``sizes``.

    ``order`` (M,) says which image the k-th one of the data set is, ``None`` if the k-th, and
    ``loaded`` (M,) in which order the batches bring these, as a loader does that shuffles.
    ``scripted`` are the scores (M, C) that a model is ``told``.
    """

    sizes: list[int]
    passes: int | None
    images: np.ndarray
    labels: np.ndarray
    order: np.ndarray | None
    loaded: np.ndarray | None
    told: str
    scripted: np.ndarray | None


class ModeBlank(TypedDict, total=False):
    """``mode_blank`` is the blank that switches the model to eval mode, if there is one."""

    mode_blank: int


class EvalAccuracyOptions(StandInOptions, ModelInput, ModeBlank):
    """An evaluation is called with the judge's model, batches and device.

    ``input_blank`` is the blank that makes the model's input, ``count_blank`` the one that counts
    right predictions. ``classes`` is the number of classes, ``image`` the shape of one image:
    channels, height, width. ``layers`` maps the names of the model's layers to their numbers of
    inputs and outputs.
    """

    input_blank: int
    count_blank: int
    classes: Classes
    image: tuple[Count, Count, Count]
    layers: dict[str, tuple[Count, Count]]


class EvalAccuracyChallenge(TypedDict):
    """A linear classifier: weight (C, D) and bias (C,), and the scenes that it is tried on.

    ``layers`` are name, inputs and outputs of the layers that it is made of. ``decoy`` is another
    weight, ``projection`` (D,) makes one number of an image, ``image`` is its shape. The model
    takes images of the shape ``takes``, or rows where that is empty. It has the attributes of
    ``interface``, and methods ``resets`` that clear its parameters.
    """

    image: list[int]
    takes: list[int]
    interface: dict[str, Any]
    resets: list[str]
    layers: list[list[Any]]
    weight: np.ndarray
    bias: np.ndarray
    decoy: np.ndarray
    projection: np.ndarray
    scenes: list[Scene]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> EvalAccuracyChallenge:
    """Draw a classifier, a decoy, and scenes whose accuracy is known.

    For no image do the scores of the best two classes come nearer than a margin, so rounding
    cannot change a prediction.
    """
    classes, shape = check.options["classes"], check.options["image"]
    width = int(np.prod(shape))
    weight = _weight(rng, classes, width)
    bias = rng.normal(0, 0.15, classes).astype(np.float32)
    told = _drawn(rng, _TOLD, weight, bias)
    scenes: list[Scene] = [
        *(_drawn(rng, scene, weight, bias) for scene in _SCENES),
        told,
        {**told, "told": "row"},
    ]
    return {
        "image": shape,
        "takes": list(shape) if check.options.get("model_input") == "images" else [],
        "interface": dict(check.options.get("interface", {})),
        "resets": list(check.options.get("resets", ())),
        "layers": [[name, *sizes] for name, sizes in check.options["layers"].items()],
        "weight": weight,
        "bias": bias,
        "decoy": _weight(rng, classes, width),
        "projection": rng.normal(0, 1, width),
        "scenes": scenes,
    }


def _drawn(rng: np.random.Generator, scene: _Scene, weight: np.ndarray, bias: np.ndarray) -> Scene:
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
        "loaded": None if scene.told else rng.permutation(count),
        "told": scene.told,
        "scripted": script,
    }


def _telling(predicted: np.ndarray, labels: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return labels that are right for all of the last batch, and shifted for the one before it.

    A count of right batches or of equal sets of digits then differs from the count of right digits.
    """
    right = len(labels) - sizes[-1]
    moved = slice(right - sizes[-2], right)
    return np.concatenate([labels[: moved.start], np.roll(predicted[moved], 1), predicted[right:]])


def _script(rng: np.random.Generator, count: int, classes: int) -> np.ndarray:
    """Return scores (N, C): each row a permutation of 0 to C - 1, every third row below 0."""
    scores = rng.permuted(np.tile(np.arange(classes), (count, 1)), axis=1).astype(np.float32)
    scores[::3] -= classes + 0.5
    return scores


def _weight(rng: np.random.Generator, classes: int, width: int) -> np.ndarray:
    weight = rng.normal(0, 2 * width**-0.5, (classes, width))
    # Centred, so that the brightness of an image decides nothing.
    centred: np.ndarray = (weight - weight.mean(axis=1, keepdims=True)).astype(np.float32)
    return centred


def _images(
    rng: np.random.Generator, weight: np.ndarray, bias: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw images (N, D) that are clear of the margin; return them and their logits (N, C)."""
    kept, scores = [], []
    have = 0
    while have < count:
        images = rng.integers(0, 256, (2 * count + 8, weight.shape[1]), dtype=np.uint8)
        # A black and a white pixel, so that even a batch of one spans 0 to 1.
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
    """Return labels of which about ``share`` agree with the predictions: some, never all."""
    count = len(predicted)
    least = max(1, math.floor((share - _AROUND) * count))
    most = min(count - 1, math.ceil((share + _AROUND) * count))
    labels = (predicted + rng.integers(1, classes, len(predicted))) % classes
    right = rng.permutation(count)[: rng.integers(least, most, endpoint=True)]
    labels[right] = predicted[right]
    return labels.astype(np.int64)
