"""Decides whether an update that only an optimizer of the notebook's own class makes may be right.

Such a class may do more than the solved notebook's lines: compute gradients twice for a step, or
move the parameters in between. What is left to ask is that gradients are cleared before a batch's
own, that each batch's gradient reaches its step, and that the parameters go down along it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.events import read_trace
from grader.checks.step_order.gradients import parameter_slices, true_gradient, watched_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun

# How far a gradient may point elsewhere than the one at the parameters before the batch: it may be
# computed a little way from there.
_LIKE = 0.5
# Of a batch with as good as no loss the gradient points anywhere.
_SMALL = 1e-2
# How near a step's gradient is to what backward brought.
_SAME = 1e-3


def own_update(run: LoopRun, challenge: StepOrderChallenge) -> bool:
    """Whether every batch has its gradient, on cleared ones, and one step down along it."""
    trace, states = read_trace(run["events"]), run["states"]
    sizes = challenge["sizes"]
    batches = len(trace.batches)
    if len(states) != batches + 1 or not batches or batches % len(sizes):
        return False
    if not trace.clean or trace.resets or trace.on_test or not np.isfinite(states).all():
        return False
    if not all(map(_one_update, trace.batches)):
        return False
    changes = states[1:].astype(np.float64) - states[:-1]
    if not all(changes[:, part].any() for part in parameter_slices(challenge).values()):
        return False
    right = [_right(states[k], k % len(sizes), challenge) for k in range(batches)]
    if _likeness(-changes[0], right[0]) <= 0:
        return False
    fresh, used = run["fresh"], run["used"]
    if fresh is None or used is None or not len(fresh) == len(used) == batches:
        return False
    if np.abs(used - fresh).max() > _SAME * np.abs(fresh).max():
        return False
    largest = max(np.linalg.norm(one) for one in right)
    return all(
        _likeness(found, wanted) > _LIKE
        for found, wanted in zip(fresh, right, strict=True)
        if np.linalg.norm(wanted) > _SMALL * largest
    )


def _one_update(batch: Sequence[str]) -> bool:
    """Whether a batch's last gradient reaches its only step."""
    done = [name for name in batch if name in ("zero_grad", "backward", "step")]
    if done.count("step") != 1 or not 0 < done.count("backward") <= batch.count("forward"):
        return False
    at = done.index("step")
    return at > 0 and done[at - 1] == "backward" and "backward" not in done[at:]


def _right(parameters: np.ndarray, number: int, challenge: StepOrderChallenge) -> np.ndarray:
    """Return the gradient of a batch at some parameters."""
    start = int(sum(challenge["sizes"][:number]))
    rows = slice(start, start + challenge["sizes"][number])
    shapes = [weight.shape for weight, _ in watched_layers(challenge).values()]
    pixels = challenge["images"][rows][:, challenge["lit"]] / 255.0
    return true_gradient(parameters, shapes, pixels, challenge["labels"][rows])


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the cosine of the angle between two directions, 0 where one is none."""
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one.astype(np.float64) @ other) / length if length > 0 else 0.0
