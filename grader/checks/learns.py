"""The check ``learns``: the accuracy of the trained model on images whose labels the judge has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, TypeGuard

import numpy as np

from grader.checks.kind import TRAINING, AdviceOptions, Kind, Measure
from grader.checks.remark import Remark, raised, together
from grader.checks.schema import Array, RaisedError
from grader.checks.standing_still import REASONS, cause_of_standing_still
from grader.decode import DecodingError, MissingKeyError
from grader.errors import AssignmentError
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# More than this many images tell nothing more in so few steps, and cost time to send.
_MOST_TRAIN = 8000
_MOST_HELD_BACK = 2000


class TrainingBudget(TypedDict):
    """How long to train on a data set, and the shares of right answers that are needed."""

    steps: int
    batch_size: int
    passed: float
    partial: float


class TrainedLayers(TypedDict, total=False):
    """The layers whose parameters have to change."""

    layers: tuple[str, ...]


class LearnsOptions(AdviceOptions, TrainedLayers):
    """The number of classes, and the budget by data set: ``custom`` for any that is not named."""

    classes: int
    training: dict[str, TrainingBudget]


class LearnsChallenge(TypedDict):
    """Images (N, H, W) uint8 and labels (N,) to train on, ``order`` (steps, batch) of indices.

    ``held_back`` are other images (M, H·W), ``data`` the name of the data set, ``image`` the shape
    of one image in the notebook, and ``layers`` the names of those whose parameters are watched.
    """

    device: str
    data: str
    image: list[int]
    train_images: np.ndarray
    train_labels: np.ndarray
    order: np.ndarray
    layers: list[str]
    steps: int
    batch_size: int
    held_back: np.ndarray


class _Observation(TypedDict):
    error: RaisedError | None
    steps: int
    before: Array | None
    after: Array | None


class LearnsObservation(_Observation, total=False):
    """Logits (M, C) of the held-back images before and after training, and the steps made.

    Parameters that did not change are ``still``; of all ``layers`` many, some are ``frozen`` or
    ``unheld`` by the optimizer. ``late`` is an exception after the last step.
    """

    still: list[str]
    layers: int
    frozen: list[str]
    unheld: list[str]
    no_rate: bool
    uphill: bool
    device: str
    late: RaisedError | None


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: object,
    given: DigitsData | None,
    device: str,
) -> LearnsChallenge:
    """Draw the images to train on and their order; the held-back images come without labels."""
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


def held_back_labels(_check: object, _challenge: object, data: DigitsData | None) -> np.ndarray:
    """Return the labels of the challenge's held-back images, which stay with the judge."""
    return _needed(data).test_labels[:_MOST_HELD_BACK]


def _needed(data: DigitsData | None) -> DigitsData:
    if data is None:
        raise AssignmentError(
            "a check of kind learns trains on pictures, and the assignment has none",
            'name their folder in assignment.toml: data = "data"',
        )
    return data


def judge(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
) -> list[Remark]:
    """Compare accuracy with the rubric's thresholds, and the loss after with the loss before."""
    thresholds = check.on_data("training", challenge["data"])
    classes = int(check.options["classes"])
    if observed["error"] is not None:
        number = observed["steps"]
        when = f"on batch {number} of {challenge['steps']}" if number else "before the first batch"
        return [raised(observed["error"], when=when)]
    before, after = observed["before"], observed["after"]
    steps = observed["steps"]
    facts: dict[str, str | int] = {
        "batches": "one batch" if steps == 1 else f"{steps} batches",
        "images": len(labels),
    }
    if not steps:
        return [Remark("draws_no_batches", facts=facts)]
    if not (_scores(before, labels, classes) and _scores(after, labels, classes)):
        return [Remark("no_class_scores", facts=facts)]
    if not np.isfinite(after).all():
        return [Remark("training_not_finite", facts=facts)]
    accuracy = _accuracy(after, labels)
    first, last = _loss(before, labels), _loss(after, labels)
    facts |= {
        "accuracy": f"{100 * accuracy:.1f} %",
        "started": f"{100 * _accuracy(before, labels):.1f} %",
        "loss_before": f"{first:.2f}",
        "loss_after": f"{last:.2f}",
        "got": f"{100 * accuracy:.1f} % right",
        "expected": f"at least {100 * thresholds['passed']:.0f} %",
    }
    still = observed.get("still", [])
    if still:
        whole = len(still) == observed.get("layers")
        facts["still"] = "all parameters" if whole else together(still)
        cause = cause_of_standing_still(observed)
        facts["reason"] = REASONS[cause]
        learned = accuracy >= thresholds["partial"]
        severity = Severity.PARTIAL if learned else Severity.ERROR
        return [Remark("parameters_stand_still", severity, facts=facts, cause=cause)]
    if accuracy >= thresholds["passed"] and last < first:
        late = observed.get("late")
        when = "after the last batch"
        return [replace(raised(late, when=when), severity=Severity.WARNING)] if late else []
    if accuracy >= thresholds["partial"]:
        return [Remark("learns_too_little", Severity.PARTIAL, facts=facts)]
    climbs = observed.get("uphill", False)
    facts["reason"] = " The optimizer is set to make the loss larger." if climbs else ""
    return [Remark("does_not_learn", facts=facts)]


def _scores(logits: np.ndarray | None, labels: np.ndarray, classes: int) -> TypeGuard[np.ndarray]:
    """Whether there is a row for each label, of at least as many scores as there are classes."""
    return (
        logits is not None
        and logits.ndim == 2
        and len(logits) == len(labels)
        and logits.shape[1] >= classes
    )


def _accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logits.argmax(axis=1) == labels).mean())


def _loss(logits: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean cross-entropy of logits (N, C)."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    picked = shifted[np.arange(len(labels)), labels]
    return float((np.log(np.exp(shifted).sum(axis=1)) - picked).mean())


def measure(
    observed: LearnsObservation, labels: np.ndarray, check: Check, challenge: LearnsChallenge
) -> Measure | None:
    """Return the accuracy after training; a model with a parameter that is still cannot pass."""
    after = observed["after"]
    if after is None or after.ndim != 2 or len(after) != len(labels):
        return None
    limits = check.on_data("training", challenge["data"])
    return Measure(_accuracy(after, labels), limits, cannot_pass=bool(observed.get("still")))


def contradictions(options: LearnsOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error where there is no budget for a data set that has no name."""
    if "custom" not in options["training"]:
        yield MissingKeyError("custom", TrainingBudget).below("training")


KIND = Kind(
    draw=draw,
    judge=judge,
    form=LearnsObservation,
    options=LearnsOptions,
    contradictions=contradictions,
    provided=TRAINING,
    known=held_back_labels,
    together=True,
    measure=measure,
)
