"""What a model's outputs for rows that were held back say about what it has learned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.losses import OF_LABELS, OF_TRUTH, loss_value
from grader.checks.scores import accuracy_of, loss_of

if TYPE_CHECKING:
    from grader.checks.row_forms import RowForm


@dataclass(frozen=True)
class Knowledge:
    """How much a model knows, from 0 to 1 or below, and its loss.

    ``short`` is that amount in words, ``knows`` what "your model" does, ``told`` a sentence of its
    own, and ``got`` what stands beside what is ``expected``.
    """

    value: float
    loss: float
    short: str
    knows: str
    told: str
    got: str


def of_images(logits: np.ndarray, labels: np.ndarray) -> Knowledge:
    """Return what logits (M, C) say: the share of images that are classified rightly."""
    accuracy, count = accuracy_of(logits, labels), len(labels)
    short, rest = f"{100 * accuracy:.1f} %", f"{count} images it has never seen"
    return Knowledge(
        accuracy,
        loss_of(logits, labels),
        short,
        f"classifies {short} of {rest}",
        f"Of {rest} it classifies {short}",
        f"{short} right",
    )


def of_rows(form: RowForm, outputs: np.ndarray, targets: np.ndarray) -> Knowledge:
    """Return what outputs (M, *output) say.

    That is the share of right answers; of floats, how much smaller the loss is than that of the
    best constant, as a share of it.
    """
    name, classes, count = form["loss"], form["classes"], len(targets)
    flat = _rows_of(form, outputs)
    loss = loss_value(name, flat, targets, classes)
    if name in (OF_LABELS, OF_TRUTH):
        if name == OF_LABELS:
            right = flat.reshape(count, -1, classes).argmax(axis=2) == targets.reshape(count, -1)
        else:
            right = (flat > 0) == (targets.reshape(count, -1) > 0)
        value = float(right.mean())
        short, rest = f"{100 * value:.1f} %", f"{count} rows it has never seen"
        if right.shape[1] > 1:
            rest = f"{right.size} targets in {rest}"
        return Knowledge(
            value,
            loss,
            short,
            f"is right about {short} of {rest}",
            f"Of {rest} it is right about {short}",
            f"{short} right",
        )
    left = loss / max(_of_a_constant(name, targets), 1e-12)
    short = f"{100 * left:.1f} %"
    where = f"{count} rows it has never seen"
    return Knowledge(
        1 - left,
        loss,
        short,
        f"has a loss that is {short} of the best constant's on {where}",
        f"On {where} its loss is {short} of the best constant's",
        f"{short} of a constant's loss",
    )


def wanted_shape(form: RowForm, count: int) -> tuple[int, ...]:
    """Return the shape of the outputs for so many rows."""
    return (count, *form["output"])


def threshold(form: RowForm | None, share: float) -> str:
    """Return a threshold in words, as ``Knowledge.got`` has the number."""
    if form is None or form["loss"] in (OF_LABELS, OF_TRUTH):
        return f"at least {100 * share:.0f} %"
    return f"at most {100 * (1 - share):.0f} %"


def _rows_of(form: RowForm, outputs: np.ndarray) -> np.ndarray:
    """Return outputs as (M, numbers), the scores of a place side by side."""
    if form["classes"] and form["scores"] == "first":
        outputs = np.moveaxis(outputs, 1, -1)
    return outputs.reshape(len(outputs), math.prod(outputs.shape[1:])).astype(np.float64)


def _of_a_constant(name: str, targets: np.ndarray) -> float:
    """Return the loss of the better of each number's mean and median."""
    flat = targets.reshape(len(targets), -1)
    guesses = (np.mean(flat, axis=0), np.median(flat, axis=0))
    return min(loss_value(name, np.tile(one, (len(flat), 1)), targets, 0) for one in guesses)
