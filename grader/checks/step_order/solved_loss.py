"""Holds the solved notebook's first gradient against the loss that the check is told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import Remark
from grader.checks.step_order.challenge import as_run
from grader.checks.step_order.events import read_trace
from grader.checks.step_order.watched import right_gradient

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import StepOrderObservation

_CLOSE = 1e-2


def solved_with_another_loss(
    reference: StepOrderObservation, challenge: StepOrderChallenge
) -> list[Remark]:
    """Return that the solved loop follows another loss: no lawful way could then be told.

    Images have always been compared by cross-entropy, whatever a solved notebook adds to it.
    """
    run, form = reference["runs"][0], challenge["form"]
    first = read_trace(run["events"]).batches[:1]
    if form is None or run["error"] is not None or run["fresh"] is None or run.get("precision"):
        return []
    if not first or first[0].count("backward") != 1 or first[0].count("step") != 1:
        return []
    challenge = as_run(reference, challenge)
    rows = slice(challenge["sizes"][0])
    right = right_gradient(run["states"][0], challenge, rows)
    if np.linalg.norm(run["fresh"][0] - right) <= _CLOSE * np.linalg.norm(right):
        return []
    return [Remark("solved_with_another_loss", facts={"loss": form["loss"]})]
