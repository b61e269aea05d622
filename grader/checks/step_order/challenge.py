"""A small model, batches and two optimizers for watching a training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import numpy as np

from grader.checks.kind import StandInOptions
from grader.requirements import Classes, Count, Name, NotEmpty

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.step_order.observation import OneLossObservation

# Enough to tell the listed mistakes apart: what accumulates shows from the second batch on, what
# happens once an epoch from the second epoch on, and five batches tell every other batch from
# once an epoch. The last one is shorter: an eighth of the notebook's, as the others are.
_SIZES = (32, 32, 32, 32, 12)
_EPOCHS = 2
# As many images as a full batch of the notebook has, where the assignment does not say.
_FULL = 256
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


class DrawnOptimizer(TypedDict):
    """An optimizer of PyTorch: its class and its arguments."""

    name: str
    options: dict[str, float]


class FullBatch(StandInOptions, total=False):
    """``full_batch`` is the size of the notebook's own batches: a condition may be on it.

    ``constants`` are names of numbers in the notebook by which no update is to be decided.
    """

    full_batch: Count
    constants: tuple[Name, ...]


class StepOrderOptions(FullBatch):
    """A training loop runs on the judge's model, loss, optimizers and batches.

    ``zero_blank``, ``backward_blank`` and ``step_blank`` are the blanks that clear the gradients,
    compute them, and update the parameters. ``classes`` is the number of classes, ``image`` the
    shape of one image: channels, height, width. ``layers`` are the names of the model's layers.
    """

    zero_blank: int
    backward_blank: int
    step_blank: int
    classes: Classes
    image: tuple[Count, Count, Count]
    layers: Annotated[tuple[Name, ...], NotEmpty()]


class FullSizes(TypedDict):
    """Batches of the notebook's own sizes: every image of a batch, ``order`` (M,), several times.

    The mean over a batch's images, and with it each gradient, is that of the small batch.
    """

    sizes: list[int]
    order: np.ndarray


class StepOrderChallenge(TypedDict):
    """A model, uint8 images (N, D) with labels (N,) in batches of ``sizes``, and optimizers.

    ``weights`` are weight (out, in) and bias (out,) by layer. ``lit`` (L,) are the pixels that are
    not 0 in every image. The model has the attributes of ``interface``, and methods ``no_ops`` that
    do nothing. At most ``per_step`` gradients of each kind are kept. ``full_batch`` is the size of
    the notebook's own batches, and ``full`` are such. ``constants`` are names of numbers by which
    no update is to be decided. ``reduction`` is PyTorch's word for what the loss makes of a batch.
    """

    image: list[int]
    images: np.ndarray
    labels: np.ndarray
    sizes: list[int]
    batch_size: int
    epochs: int
    weights: dict[str, tuple[np.ndarray, np.ndarray]]
    lit: np.ndarray
    full_batch: int
    constants: list[str]
    reduction: str
    full: FullSizes
    interface: dict[str, Any]
    no_ops: list[str]
    per_step: int
    optimizers: list[DrawnOptimizer]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> StepOrderChallenge:
    """Draw a model and batches, for plain SGD and for Adam.

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
    full_batch = int(check.options.get("full_batch", _FULL))
    return {
        "image": shape,
        "images": images,
        "labels": labels.astype(np.int64),
        "sizes": list(_SIZES),
        "batch_size": max(_SIZES),
        "epochs": _EPOCHS,
        "weights": weights,
        "lit": lit.astype(np.int64),
        "full_batch": full_batch,
        "constants": list(check.options.get("constants", ())),
        "reduction": "mean",
        "full": _full_sizes(full_batch // max(_SIZES)),
        "interface": dict(check.options.get("interface", {})),
        "no_ops": list(check.options.get("no_ops", ())),
        "per_step": 2 * _EPOCHS * len(_SIZES),
        "optimizers": [
            {"name": "Adam", "options": {"lr": 1e-3}},
            {"name": "SGD", "options": {"lr": 0.01}},
        ],
    }


def _full_sizes(times: int) -> FullSizes:
    starts = np.cumsum([0, *_SIZES])
    order = [
        np.tile(np.arange(start, start + size), max(times, 1))
        for start, size in zip(starts, _SIZES, strict=False)
    ]
    return {"sizes": [size * max(times, 1) for size in _SIZES], "order": np.concatenate(order)}


def as_run(observed: OneLossObservation, challenge: StepOrderChallenge) -> StepOrderChallenge:
    """Return the challenge as it was run: with batches of the notebook's own sizes, if need was.

    Where a loop cuts its batches itself these are the challenge's, as long as they hold every image
    once; too few for another batch may be left over.
    """
    challenge = {**challenge, "reduction": observed.get("reduction", challenge["reduction"])}
    own, images = observed.get("sizes", []), len(challenge["labels"])
    if own and min(own) > 0 and sum(own) <= images < sum(own) + max(own):
        return {**challenge, "sizes": own, "batch_size": max(own)}
    if not observed.get("full_size"):
        return challenge
    order, sizes = challenge["full"]["order"], challenge["full"]["sizes"]
    images, labels = challenge["images"][order], challenge["labels"][order]
    size = max(sizes)
    return {**challenge, "images": images, "labels": labels, "sizes": sizes, "batch_size": size}


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
