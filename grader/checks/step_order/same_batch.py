"""Notices a loop that computes every loss from one and the same batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark
from grader.checks.step_order.events import read_trace
from grader.checks.step_order.watched import right_gradient

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun

_LEAST = 3


def one_batch_only(run: LoopRun, challenge: StepOrderChallenge, facts: Facts) -> list[Remark]:
    """Return that the first batch's gradient is followed on each batch, at the parameters of it."""
    trace, fresh, states = read_trace(run["events"]), run["fresh"], run["states"]
    steady = all(batch.count("backward") == batch.count("step") == 1 for batch in trace.batches)
    if fresh is None or not steady or not _LEAST <= len(fresh) <= len(states):
        return []
    size = challenge["sizes"][0]
    for gradient, state in zip(fresh, states, strict=False):
        if not (np.isfinite(gradient).all() and np.isfinite(state).all()):
            return []
        right = right_gradient(state, challenge, slice(size))
        if np.linalg.norm(gradient - right) > TOLERANCE * (1 + np.linalg.norm(right)):
            return []
    return [Remark("one_batch_only", facts=facts)]
