"""Decides whether a step that is written out does what the notebook's plain SGD would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.events import read_trace
from grader.checks.step_order.watched import right_gradient

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import DrawnOptimizer, StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun

_CLOSE = 1e-2


def written_out(run: LoopRun, challenge: StepOrderChallenge, kind: DrawnOptimizer) -> bool:
    """Whether every batch moves the parameters by its gradient times the learning rate.

    That is a step of plain SGD, so it is right only where the notebook's optimizer is one, with its
    learning rate or that of the optimizer which the judge has put in its place.
    """
    trace, states, sizes = read_trace(run["events"]), run["states"], challenge["sizes"]
    if run.get("own", []) != ["SGD"] or trace.counts["step"] or not trace.changed:
        return False
    if len(trace.batches) < len(sizes) or len(states) != len(trace.batches) + 1:
        return False
    if not np.isfinite(states).all() or any(b.count("backward") != 1 for b in trace.batches):
        return False
    starts = np.cumsum([0, *sizes])
    rates = [*run.get("own_rates", []), kind["options"]["lr"]]
    for k, (place, _) in enumerate(trace.places):
        number = place % len(sizes)
        rows = slice(starts[number], starts[number + 1])
        right = right_gradient(states[k], challenge, rows)
        moved = states[k + 1].astype(np.float64) - states[k]
        rounding = 1e-6 * np.linalg.norm(states[k])
        if not any(
            np.linalg.norm(moved + rate * right) <= _CLOSE * rate * np.linalg.norm(right) + rounding
            for rate in rates
        ):
            return False
    return True
