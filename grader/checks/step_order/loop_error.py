"""Says on which batch a training loop stopped with an exception, and what is known of why."""

from __future__ import annotations

import re
from typing import Any

from grader.checks.remark import Remark, raised
from grader.checks.step_order.trace import read_trace


def stopped(run: dict[str, Any], challenge: dict[str, Any]) -> Remark:
    """Return the remark on a run's exception: on which batch, and what the order tells of it."""
    batches = sum(event[0] == "batch" for event in run["events"])
    epoch, number = run["under_way"] or (1, batches)
    when = f"on batch {number}" if number else "before the first batch"
    if epoch > 1:
        when += f" of epoch {epoch}"
    elif not run["under_way"] and batches and batches % len(challenge["sizes"]) == 0:
        when = f"after batch {batches}"
    when += _sizes(run["error"]["message"], number, challenge)
    remark = raised(run["error"], when=when, worked=max(batches - 1, 0))
    done = read_trace(run["events"]).batches[-1:]
    stale = "modified by an inplace operation" in run["error"]["message"]
    used_up = "backward through the graph a second time" in run["error"]["message"]
    if batches < 2 or not (stale or used_up) or "backward" in done[0]:
        return remark
    # A step before backward spoils the forward pass of its own batch; else an earlier one is meant.
    code = "stale_gradient" if stale and "step" in done[0] else "loss_of_earlier_batches"
    return Remark(code, facts=remark.facts, error=remark.error)


def _sizes(message: str, number: int, challenge: dict[str, Any]) -> str:
    """Explain the numbers in a message that come from the judge's model, not the student's."""
    layers = [weight.shape for weight, _ in challenge["weights"].values()]
    hidden = {outputs for outputs, _ in layers[:-1]}
    if not hidden & {int(text) for text in re.findall(r"\d{1,9}", message)}:
        return ""
    widths = " → ".join(str(width) for width in (layers[0][1], *(outputs for outputs, _ in layers)))
    sizes = challenge["sizes"]
    size = sizes[max(number - 1, 0) % len(sizes)]
    return f" ({size} images, with a small model of {widths} numbers)"
