"""Draws what a submission is tried on: fresh numbers from a seed, known to the judge alone."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.challenges import eval_accuracy, forward_output, layer_shapes, learns, step_order

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# One file a kind of check.
DRAW = {
    "layer_shapes": layer_shapes.draw,
    "forward_output": forward_output.draw,
    "eval_accuracy": eval_accuracy.draw,
    "step_order": step_order.draw,
    "learns": learns.draw,
}


def draw_challenge(
    check: Check, assignment: Assignment, data: DigitsData, seed: int, device: str
) -> dict[str, Any]:
    """Return the challenge of one check; the same seed gives the same numbers.

    What is returned goes to the worker, so no expected value and no held-back label is in it.
    """
    # Each check draws from its own stream: adding a check changes no other's numbers.
    rng = np.random.default_rng([seed, zlib.crc32(check.id.encode())])
    return DRAW[check.kind](rng, check, assignment, data, device)
