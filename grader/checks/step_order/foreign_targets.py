"""Notices a loss that compares the first batch with other rows' targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.losses import OF_LABELS, told_targets
from grader.checks.remark import Facts, Remark
from grader.checks.step_order.gradients import label_shares, outputs_of, told_other_labels
from grader.checks.step_order.watched import watched_inputs, watched_shapes

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun

# What float32 leaves of a target that is read off a gradient, as a share of the largest.
_CLOSE = 1e-3
_MIXED = " These are the batch's own labels, in another order than its images."


def foreign_targets(run: LoopRun, challenge: StepOrderChallenge, facts: Facts) -> list[Remark]:
    """Return that the loss compares the first batch's rows with other targets than theirs."""
    scores = run.get("scores", [])
    if not scores or not np.isfinite(scores[0]).all():
        return []
    error = scores[0].astype(np.float64)
    if challenge["form"] is not None:
        got, order = _of_rows(run, challenge, error), ""
    else:
        got, order = _of_images(run, challenge, error)
    if not got:
        return []
    return [Remark("foreign_labels", facts={**facts, "got": got, "order": order})]


def _of_images(run: LoopRun, challenge: StepOrderChallenge, error: np.ndarray) -> tuple[str, str]:
    """Return how many images are told another label, and whether it is the batch's own."""
    size = challenge["sizes"][0]
    order = np.arange(size)
    # The images may have been mixed and their labels not.
    if sorted(run.get("first_rows", [])) == order.tolist():
        order = np.asarray(run["first_rows"])
    images, labels = watched_inputs(challenge, order), challenge["targets"][order]
    shares = label_shares(run["states"][0], watched_shapes(challenge), images, error)
    foreign = 0 if shares is None else told_other_labels(shares, labels)
    # All the same, or whatever the model says, is no mix-up.
    if shares is None or not foreign or len(set(shares.argmax(axis=1).tolist())) < 2:
        return "", ""
    own = sorted(shares.argmax(axis=1).tolist()) == sorted(labels.tolist())
    return f"{foreign} of {size} images", _MIXED if own else ""


def _of_rows(run: LoopRun, challenge: StepOrderChallenge, error: np.ndarray) -> str:
    """Return how many rows are told a target that is another row's; "" where none shows it."""
    form, size = challenge["form"], challenge["sizes"][0]
    assert form is not None
    inputs = watched_inputs(challenge, slice(size))
    outputs = outputs_of(run["states"][0], watched_shapes(challenge), inputs, size)
    if outputs.shape != error.shape:
        return ""
    told = told_targets(form["loss"], outputs, error, form["classes"])
    if told is None:
        return ""
    known = challenge["targets"].reshape(len(challenge["targets"]), -1)
    near = _CLOSE * max(1.0, float(np.abs(known).max())) if form["loss"] != OF_LABELS else 0.5
    own = np.abs(told - known[:size]).max(axis=1) <= near
    # Each target is one that there is, of whichever row; all the same is no mix-up.
    one_of_them = np.array([(np.abs(known - row).max(axis=1) <= near).any() for row in told])
    foreign = int((~own).sum())
    if foreign <= size / 10 or not one_of_them.all() or len(np.unique(told.round(2), axis=0)) < 2:
        return ""
    return f"{foreign} of {size} rows"
