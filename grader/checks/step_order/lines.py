"""Finds the lines that did what a remark on a loop is about, among those that were observed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.step_order.events import read_trace

if TYPE_CHECKING:
    from grader.checks.remark import Remark
    from grader.checks.step_order.observation import LoopRun, OneLossObservation
    from grader.checks.step_order.trace import Line, Trace

# The events beside the batches that show the lines of a code.
_BESIDE = {
    "backward_elsewhere": "elsewhere",
    "no_batches": "stopped",
    "optimizer_made_anew": "made",
    "other_model_later": "other",
    "other_model_trained": "other",
    "starts_anew": "reset",
    "too_few_batches": "stopped",
    "trains_on_test": "on_test",
    "trains_on_test_too": "test_batch",
    "updates_on_test": "on_test",
}
# What a line changes by itself that leads to a code.
_CHANGES = {
    "gradient_changed": "gradients",
    "learning_rate_zero": "settings",
    "optimizer_climbs": "settings",
    "parameters_changed": "parameters",
    "starts_anew": "parameters",
}
# The event of a batch, and which of several, that is one too many or in the wrong place.
_EVENTS = {
    "cleared_before_step": ("zero_grad", 0),
    "doubled_backward": ("backward", 1),
    "doubled_step": ("step", 1),
    "gradient_not_stored": ("backward", 0),
    "maximises": ("backward", 0),
    "one_batch_only": ("forward", 0),
    "other_images": ("forward", 0),
    # What is missing has no line; these show where the others are.
    "missing_backward": ("step", 0),
    "missing_step": ("backward", 0),
    "missing_zero_grad": ("backward", 0),
    "scaled_gradient": ("backward", 0),
    "step_before_backward": ("step", 0),
}


def with_lines(remark: Remark, observed: OneLossObservation, run: LoopRun) -> Remark:
    """Return a remark with the lines that were seen to do what it says."""
    found = _found(remark.code, observed, read_trace(run["events"]))
    return replace(remark, lines=found[:1]) if found else remark


def _found(code: str, observed: OneLossObservation, trace: Trace) -> tuple[Line, ...]:
    changed = [
        (change["at"][0], change["at"][1])
        for change in observed.get("changes", [])
        if change["what"] == _CHANGES.get(code) and len(change["at"]) == 2
    ]
    if changed:
        return tuple(changed)
    if code in ("learning_rate_zero", "optimizer_climbs"):
        return trace.done_at.get("made", ())
    if code in _BESIDE:
        return trace.done_at.get(_BESIDE[code], ())
    name, number = _EVENTS.get(code, ("", 0))
    return trace.line(name, number=number) if name else ()
