"""Decides whether a loop follows its loss's gradient on images that it alters at random.

Noise, shifts, masks and mixtures make a network see more than there is; they are drawn anew each
time. An alteration that is always the same is none: the evaluation does not make it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.events import read_trace
from grader.checks.step_order.gradients import backpropagated, label_shares, outputs_of
from grader.checks.step_order.lawful_steps import by_rule, made_smaller
from grader.checks.step_order.watched import loss_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import AlteredRun, OneLossObservation

_CLOSE = 1e-3
_DRAWN = 1e-4
# A row is taken for a batch's image from this correlation on, else for that in its place.
_ALIKE = 0.4
# So many rows must be told the label of an image that is in them, at least this share of it.
_MOST = 0.8
_SHARE = 0.25


def altered_at_random(observed: OneLossObservation, challenge: StepOrderChallenge) -> bool:
    """Whether both runs on altered images are right, and these are drawn anew each time."""
    runs = observed.get("altered", [])
    return (
        len(runs) > 1
        and all(_follows(seen, challenge) for seen in runs)
        and any(
            one.shape == other.shape and bool(np.abs(one - other).max() > _DRAWN)
            for one, other in zip(runs[0]["inputs"], runs[1]["inputs"], strict=False)
        )
    )


def _follows(seen: AlteredRun, challenge: StepOrderChallenge) -> bool:
    """Whether each step follows the gradient on what the model was given, by the right labels."""
    run, sizes = seen["run"], challenge["sizes"]
    trace = read_trace(run["events"])
    fresh, used, states = run["fresh"], run["used"], run["states"]
    if fresh is None or used is None or not trace.in_order:
        return False
    if any(length != len(sizes) for _, length in trace.places):
        return False
    places = [place for place, _ in trace.places]
    if not _has_form(seen, fresh, used, places, challenge):
        return False
    shapes = [weight.shape for weight, _ in challenge["weights"].values()]
    starts = np.cumsum([0, *sizes])
    for k, place in enumerate(places):
        rows = slice(starts[place], starts[place + 1])
        given, error = (a[k].astype(np.float64) for a in (seen["inputs"], run["scores"]))
        through = backpropagated(states[k], shapes, given, error)
        if np.linalg.norm(fresh[k] - through) > _CLOSE * np.linalg.norm(fresh[k]):
            return False
        if challenge["form"] is not None:
            outputs = outputs_of(states[k], shapes, given, len(error))
            wanted = loss_at(outputs, challenge["targets"][rows], challenge)
            if np.linalg.norm(error - wanted) > _CLOSE * np.linalg.norm(wanted):
                return False
            continue
        shares = label_shares(states[k], shapes, given, error)
        if shares is None or not _told_its_labels(given, shares, rows, challenge):
            return False
    return made_smaller(fresh, used, [sizes[place] for place in places]) and by_rule(
        states[:-1], states[1:], used, run["rules"], run["settings"]
    )


def _has_form(
    seen: AlteredRun,
    fresh: np.ndarray,
    used: np.ndarray,
    numbers: Sequence[int],
    challenge: StepOrderChallenge,
) -> bool:
    """Whether there are numbers of the right shape for each batch, all finite."""
    states, scores, inputs = seen["run"]["states"], seen["run"].get("scores", []), seen["inputs"]
    shapes = [weight.shape for weight, _ in challenge["weights"].values()]
    width = sum(outputs * (inputs + 1) for outputs, inputs in shapes)
    if any(array.shape[1] != width for array in (fresh, used, states)):
        return False
    if {len(fresh), len(used), len(inputs), len(scores), len(states) - 1} != {len(numbers)}:
        return False
    sizes = [challenge["sizes"][place] for place in numbers]
    form = challenge["form"]
    places = math.prod(form["positions"]) if form is not None else 1
    if [rows.shape for rows in inputs] != [(size * places, shapes[0][1]) for size in sizes]:
        return False
    if [rows.shape for rows in scores] != [(size, places * shapes[-1][0]) for size in sizes]:
        return False
    return all(np.isfinite(array).all() for array in (fresh, used, states, *inputs, *scores))


def _told_its_labels(
    given: np.ndarray, shares: np.ndarray, rows: slice, challenge: StepOrderChallenge
) -> bool:
    """Whether most rows are told a label of the images that are in them."""
    alike = _centred(given) @ _centred(challenge["inputs"][rows] / 255.0).T
    own = np.arange(len(given))
    nearest = np.where(alike.max(axis=1) >= _ALIKE, alike.argmax(axis=1), own)
    labels = challenge["targets"][rows]
    return bool((shares[own, labels[nearest]] >= _SHARE).mean() >= _MOST)


def _centred(rows: np.ndarray) -> np.ndarray:
    """Return rows (N, D) of mean 0 and length 1."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
