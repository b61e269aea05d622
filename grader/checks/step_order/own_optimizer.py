"""Decides whether an update that only an optimizer of the notebook's own class makes may be right.

Such a class may do more than the solved notebook's lines: compute gradients twice for a step, or
move the parameters in between. What is left to ask is that gradients are cleared before a batch's
own, that each batch's gradient reaches its step, and that the parameters go down along it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.equivalence import explained
from grader.checks.step_order.events import read_trace
from grader.checks.step_order.lawful_steps import made_smaller
from grader.checks.step_order.watched import parameter_slices, right_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun, OneLossObservation

# How far a gradient may point elsewhere than the one at the parameters before the batch: it may be
# computed a little way from there.
_LIKE = 0.5
# Of a batch with as good as no loss the gradient points anywhere.
_SMALL = 1e-2
# How far changes that no step made point down the right gradient, on average: such of any other
# origin point nowhere near it.
_DOWN = 0.1
_UPDATES = ("zero_grad", "backward", "step")


def by_own_optimizer(observed: OneLossObservation, challenge: StepOrderChallenge) -> bool:
    """Whether the loop is right with the notebook's own optimizer, of a class of its own."""
    if observed.get("own_optimizer"):
        return all(own_update(run, challenge) for run in observed["runs"])
    own = observed.get("with_own", [])
    return bool(own) and all(
        # A loop that moves the parameters itself leaves its optimizer, of whatever class, unused.
        run["error"] is None
        and bool(read_trace(run["events"]).counts["step"])
        and (explained(run, challenge) or own_update(run, challenge))
        for run in own
    )


def own_update(run: LoopRun, challenge: StepOrderChallenge) -> bool:
    """Whether every batch has its gradient, on cleared ones, and a step down along it."""
    trace, states = read_trace(run["events"]), run["states"]
    sizes = challenge["sizes"]
    batches = len(trace.batches)
    if len(states) != batches + 1 or not batches or batches % len(sizes):
        return False
    if not trace.clean or trace.resets or trace.on_test or not np.isfinite(states).all():
        return False
    by_hand = not trace.counts["step"]
    if not all(updates_at_last(batch, by_hand=by_hand) for batch in trace.batches):
        return False
    changes = states[1:].astype(np.float64) - states[:-1]
    if not all(changes[:, part].any() for part in parameter_slices(challenge).values()):
        return False
    right = [_right(states[k], k % len(sizes), challenge) for k in range(batches)]
    largest = max(np.linalg.norm(one) for one in right)
    counted = [np.linalg.norm(one) > _SMALL * largest for one in right]
    if _likeness(-changes[0], right[0]) <= 0:
        return False
    if by_hand:
        down = [_likeness(-c, r) for c, r in zip(changes, right, strict=True)]
        return float(np.mean(down)) > _DOWN and bool(changes.any(axis=1)[counted].all())
    fresh, used = run["fresh"], run["used"]
    if fresh is None or used is None:
        return False
    # A step that is made within another one brings no gradient of its own.
    each = [k for k, batch in enumerate(trace.batches) for name in batch if name == "step"]
    of = each if len(fresh) == len(each) else range(batches)
    if len(fresh) != len(of):
        return False
    if len(used) == len(of) and not made_smaller(fresh, used, [sizes[k % len(sizes)] for k in of]):
        return False
    return all(
        _likeness(found, right[k]) > _LIKE for k, found in zip(of, fresh, strict=True) if counted[k]
    )


def updates_at_last(batch: Sequence[str], *, by_hand: bool = False) -> bool:
    """Whether a batch's gradients lead to a step, the last of them to its last one."""
    done = [name for name in batch if name in _UPDATES]
    if not 0 < done.count("backward") <= batch.count("forward"):
        return False
    while done and done[-1] == "zero_grad":
        done.pop()
    return done[-1:] == ["backward"] if by_hand else done[-2:] == ["backward", "step"]


def _right(parameters: np.ndarray, number: int, challenge: StepOrderChallenge) -> np.ndarray:
    """Return the gradient of a batch at some parameters."""
    start = int(sum(challenge["sizes"][:number]))
    rows = slice(start, start + challenge["sizes"][number])
    return right_gradient(parameters, challenge, rows)


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    """Return the cosine of the angle between two directions, 0 where one is none."""
    length = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one.astype(np.float64) @ other) / length if length > 0 else 0.0
