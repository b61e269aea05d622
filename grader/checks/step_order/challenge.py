"""A small model, batches and two optimizers for watching a training loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import numpy as np

from grader.checks import row_forms
from grader.checks.kind import StandInOptions
from grader.checks.row_forms import ImageOptions, RowForm, RowsOptions, has_rows
from grader.checks.step_order.drawn_images import draw_images
from grader.checks.step_order.drawn_rows import draw_rows
from grader.checks.step_order.gradients import Weights
from grader.requirements import Count, Name, NotEmpty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.checks.step_order.observation import OneLossObservation
    from grader.decode import DecodingError

# What happens once an epoch shows from the second epoch on.
_EPOCHS = 2
# As many rows as a full batch of the notebook has, where the assignment does not say.
_FULL = 256


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


class StepOrderOptions(FullBatch, ImageOptions, RowsOptions):
    """A training loop runs on the judge's model, loss, optimizers and batches.

    ``zero_blank``, ``backward_blank`` and ``step_blank`` are the blanks that clear the gradients,
    compute them, and update the parameters. ``layers`` are the names of the model's layers.
    """

    zero_blank: int
    backward_blank: int
    step_blank: int
    layers: Annotated[tuple[Name, ...], NotEmpty()]


class FullSizes(TypedDict):
    """Batches of the notebook's own sizes: every image of a batch, ``order`` (M,), several times.

    The mean over a batch's images, and with it each gradient, is that of the small batch.
    """

    sizes: list[int]
    order: np.ndarray


class StepOrderChallenge(TypedDict):
    """A model, inputs (N, ...) with targets (N, ...) in batches of ``sizes``, and optimizers.

    Inputs are uint8 images (N, D) with labels (N,), or of the ``form`` that is there. ``weights``
    are weight (out, in) and bias (out,) by layer. ``lit`` (L,) are the pixels, or numbers of a row,
    that are not 0 in all of them. The model has the attributes of ``interface``, and methods
    ``no_ops`` that do nothing. At most ``per_step`` gradients of each kind are kept. ``full_batch``
    is the size of the notebook's own batches, and ``full`` are such. ``constants`` are names of
    numbers by which no update is to be decided. ``reduction`` is PyTorch's word for what the loss
    makes of a batch.
    """

    image: list[int]
    form: RowForm | None
    inputs: np.ndarray
    targets: np.ndarray
    sizes: list[int]
    batch_size: int
    epochs: int
    weights: Weights
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
    options = check.options
    drawn: Any = draw_rows(rng, options) if has_rows(options) else draw_images(rng, options)
    sizes = drawn["sizes"]
    full_batch = int(options.get("full_batch", _FULL))
    return {
        "image": list(options.get("image", ())),
        "form": drawn["form"],
        "inputs": drawn["inputs"],
        "targets": drawn["targets"],
        "sizes": sizes,
        "weights": drawn["weights"],
        "lit": drawn["lit"],
        "batch_size": max(sizes),
        "epochs": _EPOCHS,
        "full_batch": full_batch,
        "constants": list(options.get("constants", ())),
        "reduction": "mean",
        "full": _full_sizes(sizes, full_batch // max(sizes)),
        "interface": dict(options.get("interface", {})),
        "no_ops": list(options.get("no_ops", ())),
        "per_step": 2 * _EPOCHS * len(sizes),
        "optimizers": [
            {"name": "Adam", "options": {"lr": 1e-3}},
            {"name": "SGD", "options": {"lr": 0.01}},
        ],
    }


def contradictions(options: StepOrderOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield what does not fit together in what the options say of the data."""
    yield from row_forms.contradictions(options, ("image", "classes"))


def _full_sizes(sizes: list[int], times: int) -> FullSizes:
    starts = np.cumsum([0, *sizes])
    order = [
        np.tile(np.arange(start, start + size), max(times, 1))
        for start, size in zip(starts, sizes, strict=False)
    ]
    return {"sizes": [size * max(times, 1) for size in sizes], "order": np.concatenate(order)}


def as_run(observed: OneLossObservation, challenge: StepOrderChallenge) -> StepOrderChallenge:
    """Return the challenge as it was run: with batches of the notebook's own sizes, if need was.

    Where a loop cuts its batches itself these are the challenge's, as long as they hold every image
    once; too few for another batch may be left over.
    """
    challenge = {**challenge, "reduction": observed.get("reduction", challenge["reduction"])}
    own, count = observed.get("sizes", []), len(challenge["targets"])
    if own and min(own) > 0 and sum(own) <= count < sum(own) + max(own):
        return {**challenge, "sizes": own, "batch_size": max(own)}
    if not observed.get("full_size"):
        return challenge
    order, sizes = challenge["full"]["order"], challenge["full"]["sizes"]
    inputs, targets = challenge["inputs"][order], challenge["targets"][order]
    size = max(sizes)
    return {**challenge, "inputs": inputs, "targets": targets, "sizes": sizes, "batch_size": size}
