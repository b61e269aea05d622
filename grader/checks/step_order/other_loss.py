"""Decides whether a gradient is that of another loss than the notebook's, on the same images.

What a student changes around the blanks costs nothing: with a penalty on the parameters, or with
another loss, the update is right where it follows that loss's gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.losses import OF_LABELS, off_target
from grader.checks.step_order.frozen_parameters import factor
from grader.checks.step_order.gradients import (
    backpropagated,
    label_shares,
    outputs_of,
    told_other_labels,
)
from grader.checks.step_order.watched import (
    parameter_slices,
    right_gradient,
    watched_inputs,
    watched_shapes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge

PENALTY = "a penalty on the parameters"
# For a share of so many images that the model gets wrong, the loss must ask for more of the right
# class than of the one that is ahead.
_MOST = 0.8
# How near a multiple of the notebook's own loss a gradient is that counts as one.
_SCALED = 1e-2


def left_out_rows(rows: Sequence[bool], period: int) -> int:
    """Return on how many images the loss does not depend, though it does on the same elsewhere.

    ``rows`` tells of each image whether it does; every ``period`` the images come again.
    """
    every = np.asarray(rows, dtype=bool)
    anywhere = np.array([every[k % period :: period].any() for k in range(len(every))])
    return int((anywhere & ~every).sum())


def is_other_loss(
    gradient: np.ndarray,
    scores: np.ndarray,
    parameters: np.ndarray,
    rows: slice,
    challenge: StepOrderChallenge,
    tolerance: float,
) -> str:
    """Return what explains a gradient (P,) at ``parameters`` (P,): a penalty, another loss, or "".

    ``scores`` (N, M) is the loss's gradient at the model's outputs for the batch ``rows``. From
    there it must lead back to the parameters through the model as it is, and what is left must be
    a multiple of the parameters, or of their signs, as of the usual penalties.
    """
    targets, shapes = challenge["targets"][rows], watched_shapes(challenge)
    inputs = watched_inputs(challenge, rows)
    outputs = outputs_of(parameters, shapes, inputs, len(targets))
    if scores.shape != outputs.shape or not np.isfinite(scores).all():
        return ""
    if not _asks_for_the_right(scores, outputs, targets, challenge):
        return ""
    if challenge["form"] is None:
        shares = label_shares(parameters, shapes, inputs, scores.astype(np.float64))
        if shares is not None and told_other_labels(shares, targets):
            return ""  # the notebook's own loss, for other labels
    through = backpropagated(parameters, shapes, inputs, scores.astype(np.float64))
    rest = gradient - through
    size = float(np.linalg.norm(gradient))
    right = right_gradient(parameters, challenge, rows)
    scale = factor(through, right)
    off, length = np.linalg.norm(through - scale * right), np.linalg.norm(through)
    if abs(scale - 1) > _SCALED and length > 0 and off <= _SCALED * length:
        return ""  # the notebook's own loss, multiplied
    if np.linalg.norm(rest) <= tolerance * size:
        return "another loss"
    # A batch of many images leads to any weights of the first layer, so a penalty goes before.
    if of_the_parameters(rest, parameters, challenge, tolerance * size):
        return PENALTY
    # Rows of few numbers lead to any weights of the first layer, and tell nothing.
    if challenge["form"] and (len(shapes) == 1 or inputs.shape[1] < len(inputs)):
        return ""
    if _of_the_hidden(rest, through, inputs, shapes[0], tolerance * size):
        return "a term of the hidden layer's numbers"
    return ""


def of_the_parameters(
    rest: np.ndarray, parameters: np.ndarray, challenge: StepOrderChallenge, most: float
) -> bool:
    """Whether the ``rest`` of a gradient is that of a penalty on the parameters."""
    for part in parameter_slices(challenge).values():
        values = parameters[part].astype(np.float64)
        basis = np.stack([values, np.sign(values)], axis=1)
        factors, *_ = np.linalg.lstsq(basis, rest[part], rcond=None)
        left = np.linalg.norm(rest[part] - basis @ factors)
        if left > most or (factors < -most).any():
            return False
    return True


def _asks_for_the_right(
    asked: np.ndarray, outputs: np.ndarray, targets: np.ndarray, challenge: StepOrderChallenge
) -> bool:
    """Whether a gradient at the outputs moves them towards the targets, where these are not met.

    A loss may ask for less of what is ahead already, as with smoothed labels.
    """
    form = challenge["form"]
    if form is not None and form["loss"] != OF_LABELS:
        ways = off_target(form["loss"], outputs, targets)
        off = ways != 0
        return not off.any() or bool((np.sign(asked[off]) == -ways[off]).mean() >= _MOST)
    classes = form["classes"] if form is not None else outputs.shape[1]
    asked, scores, labels = (
        asked.reshape(-1, classes),
        outputs.reshape(-1, classes),
        targets.reshape(-1),
    )
    every, ahead = np.arange(len(labels)), scores.argmax(axis=1)
    wrong = ahead != labels
    towards = asked[every, labels] < asked[every, ahead]
    return not wrong.any() or bool(towards[wrong].mean() >= _MOST)


def _of_the_hidden(
    rest: np.ndarray,
    through: np.ndarray,
    images: np.ndarray,
    shape: tuple[int, int],
    most: float,
) -> bool:
    """Whether the ``rest`` of a gradient is that of a term of what the first layer gives.

    Such a term leads back to the first layer alone: each unit's weights get a mixture of the
    images, and its bias the sum of the same factors.
    """
    outputs, width = shape
    first = outputs * (width + 1)
    # Where the first layer is cut off from the loss, the rest takes back what would lead to it.
    if np.linalg.norm((rest + through)[:first]) <= _SCALED * np.linalg.norm(through[:first]):
        return False
    if np.linalg.norm(rest[first:]) > most:
        return False
    weights, biases = rest[: outputs * width].reshape(outputs, width), rest[outputs * width : first]
    basis = np.hstack([images, np.ones((len(images), 1))]).T
    wanted = np.vstack([weights.T, biases])
    factors, *_ = np.linalg.lstsq(basis, wanted, rcond=None)
    return bool(np.linalg.norm(wanted - basis @ factors) <= most)
