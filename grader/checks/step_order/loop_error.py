"""Says on which batch an exception stopped a training loop, and why, where the events show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.checks.remark import Remark, raised
from grader.checks.step_order.events import read_trace

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun


def stopped(run: LoopRun, challenge: StepOrderChallenge) -> Remark:
    """Return the remark on a run's exception: on which batch, and whether the order explains it."""
    error = run["error"]
    assert error is not None
    batches = sum(event[0] == "batch" for event in run["events"])
    epoch, number = run["under_way"] or (1, batches)
    when = f"on batch {number}" if number else "before the first batch"
    if epoch > 1:
        when += f" of epoch {epoch}"
    elif not run["under_way"] and batches and batches % len(challenge["sizes"]) == 0:
        when = f"after batch {batches}"
    when += _sizes(error["message"], number, challenge)
    remark = raised(error, when=when, worked=max(batches - 1, 0))
    done = read_trace(run["events"]).batches[-1:]
    stale = "modified by an inplace operation" in error["message"]
    used_up = "backward through the graph a second time" in error["message"]
    if batches < 2 or not (stale or used_up) or "backward" in done[0]:
        return remark
    # A step before backward invalidates its own batch's forward pass; else it is an earlier one's.
    code = "stale_gradient" if stale and "step" in done[0] else "loss_of_earlier_batches"
    return Remark(code, facts=remark.facts, error=remark.error)


def _sizes(message: str, number: int, challenge: StepOrderChallenge) -> str:
    """Explain the numbers in a message that come from the judge's model, not the student's."""
    layers = [weight.shape for weight, _ in challenge["weights"].values()]
    hidden = {outputs for outputs, _ in layers[:-1]}
    if not hidden & {int(text) for text in re.findall(r"\d{1,9}", message)}:
        return ""
    widths = " → ".join(str(width) for width in (layers[0][1], *(outputs for outputs, _ in layers)))
    sizes = challenge["sizes"]
    size = sizes[max(number - 1, 0) % len(sizes)]
    what = "rows" if challenge["form"] else "images"
    return f" ({size} {what}, with a small model of {widths} numbers)"
