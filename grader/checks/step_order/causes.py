"""Names what makes a loop's path differ: the first cause that the events and gradients show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, together
from grader.checks.step_order.events import read_trace
from grader.checks.step_order.foreign_targets import foreign_targets
from grader.checks.step_order.frozen_parameters import (
    changed_beside,
    changed_between,
    climbs,
    factor,
    made_anew,
    stands_still,
)
from grader.checks.step_order.longer import UNUSED
from grader.checks.step_order.path import facts_of
from grader.checks.step_order.same_batch import one_batch_only
from grader.checks.step_order.trace import Trace, in_words
from grader.checks.step_order.watched import parameter_slices

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.assignment import Check
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun

_ADDED = ", so each batch's gradient is added to those of all batches before it"


def first_cause(
    run: LoopRun, wanted: LoopRun, check: Check, challenge: StepOrderChallenge
) -> list[Remark]:
    """Return the first cause that is found for a path that differs."""
    trace, options = read_trace(run["events"]), check.options
    facts = facts_of(run, wanted, trace)
    if not trace.batches:
        return [Remark("trains_on_test" if trace.on_test else "no_batches", facts=facts)]
    if "on_test" in trace.done_at and not trace.counts["backward"]:
        return [Remark("updates_on_test", facts=facts)]
    return (
        _missing(trace, options, facts, set(parameter_slices(challenge)))
        or _passes_at_once(trace, facts)
        or ([Remark("trains_on_test_too", facts=facts)] if trace.on_both else [])
        or _another_on_the_way(trace, facts)
        or _cut_short(trace, len(challenge["sizes"]), facts)
        or _at_times(trace, options, facts)
        or _out_of_order(trace, options, facts)
        or _gradient(run, wanted, options, facts)
        or one_batch_only(run, challenge, facts)
        or foreign_targets(run, challenge, facts)
        or _back_at_the_start(run, facts)
        or changed_between(run, wanted, facts)
        or changed_beside(trace, facts)
        or climbs(run, facts)
        or made_anew(run, trace, facts)
        or stands_still(run, wanted, challenge, facts)
        or _too_few(trace, len(challenge["sizes"]), facts)
    )


def _passes_at_once(trace: Trace, facts: Facts) -> list[Remark]:
    """Return that a pass begins within another one: for every batch, or once, side by side."""
    if not trace.inside:
        return []
    # The first batch of a pass is none of the loop's where another pass begins at once.
    used = sum(map(bool, trace.batches))
    beside = used > trace.inside and len(trace.batches) + trace.inside >= 2 * used
    return [Remark("passes_side_by_side" if beside else "pass_inside_pass", facts=facts)]


def _too_few(trace: Trace, whole: int, facts: Facts) -> list[Remark]:
    """Return that a pass ended early."""
    least = min(length for _, length in trace.places)
    words = {**facts, "got": str(least), "expected": f"{whole} batches"}
    return [Remark("too_few_batches", facts=words)] if least < whole else []


def _cut_short(trace: Trace, whole: int, facts: Facts) -> list[Remark]:
    """Return that every pass ends with a batch that was drawn and not used, as a zip ends it."""
    updated = ["step" in batch for batch in trace.batches]
    last = [number == length - 1 for number, length in trace.places]
    early = all(length < whole for _, length in trace.places)
    if not early or not any(updated) or [not one for one in last] != updated:
        return []
    least = min(length for _, length in trace.places) - 1
    return [
        Remark(
            "too_few_batches", facts={**facts, "got": str(least), "expected": f"{whole} batches"}
        )
    ]


def _missing(
    trace: Trace, options: Mapping[str, Any], facts: Facts, parameters: set[str]
) -> list[Remark]:
    """Return the lines that never ran, or that did not reach the model's parameters."""
    missing = []
    if not trace.cleared and not trace.clean:
        left = sorted(trace.left & parameters)
        code = "partly_cleared" if 0 < len(left) < len(parameters) else "missing_zero_grad"
        words = {
            **facts,
            "left": together(left),
            "added": _ADDED if trace.counts["backward"] else "",
        }
        missing.append(Remark(code, blank=options["zero_blank"], facts=words))
    if not trace.counts["backward"]:
        code = "missing_backward"
        if trace.elsewhere:
            code = "other_model_trained" if "other" in trace.done_at else "backward_elsewhere"
            if code == "other_model_trained":
                return [Remark(code, facts=facts)]
        missing.append(Remark(code, blank=options["backward_blank"], facts=facts))
    elif len(trace.done_at.get("nothing_stored", ())) == trace.counts["step"] > 0 and not (
        trace.cleared_before_step()
    ):
        missing.append(Remark("gradient_not_stored", blank=options["backward_blank"], facts=facts))
        missing = missing[-1:]
    if not trace.counts["step"]:
        missing.append(Remark("missing_step", blank=options["step_blank"], facts=facts))
    return missing


def _at_times(trace: Trace, options: Mapping[str, Any], facts: Facts) -> list[Remark]:
    """Return the line that ran for some batches only."""
    zero, back, step = (options[f"{name}_blank"] for name in ("zero", "backward", "step"))
    for name, blank in (("step", step), ("backward", back), ("zero_grad", zero)):
        if trace.once_per_epoch(name):
            words = {**facts, "times": trace.counts[name]}
            return [Remark(f"{name}_once_per_epoch", blank=blank, facts=words)]
    for name, blank in (("step", step), ("backward", back), ("zero_grad", zero)):
        skipped = trace.left_out(name)
        # Gradients can be cleared by other means than zero_grad.
        if skipped and not (name == "zero_grad" and trace.clean):
            lost = trace.clean and not trace.left_out("backward")
            words = {**facts, "skipped": skipped, "rhythm": "", "unused": UNUSED if lost else ""}
            return [Remark(f"{name}_left_out", blank=blank, facts=words)]
    return []


def _out_of_order(trace: Trace, options: Mapping[str, Any], facts: Facts) -> list[Remark]:
    """Return the line that runs too early, or too often."""
    zero, back, step = (options[f"{name}_blank"] for name in ("zero", "backward", "step"))
    for code, blank, batch in (
        ("cleared_before_step", zero, trace.cleared_before_step()),
        ("step_before_backward", step, trace.step_before_backward()),
        ("doubled_step", step, trace.doubled("step")),
        ("doubled_backward", back, trace.doubled("backward")),
    ):
        if batch is not None:
            return [Remark(code, blank=blank, facts={**facts, "got": in_words(batch)})]
    often = trace.repeated()
    return [Remark("batch_repeated", facts={**facts, "times": often})] if often > 1 else []


def _back_at_the_start(run: LoopRun, facts: Facts) -> list[Remark]:
    """Return that the parameters are again what they were before the first batch."""
    same = (run["states"] == run["states"][0]).all(axis=1)
    left = np.flatnonzero(~same)
    again = len(left) > 0 and bool(same[left[0] :].any())
    return [Remark("starts_anew", facts=facts)] if again else []


def _another_on_the_way(trace: Trace, facts: Facts) -> list[Remark]:
    """Return that the batches go to another model once the training has begun."""
    without = [k for k, batch in enumerate(trace.batches, start=1) if "backward" not in batch]
    if not (trace.elsewhere and "other" in trace.done_at and without and trace.counts["backward"]):
        return []
    return [Remark("other_model_later", facts={**facts, "batch": without[0]})]


def _gradient(
    run: LoopRun, wanted: LoopRun, options: Mapping[str, Any], facts: Facts
) -> list[Remark]:
    """Compare the first batch's gradient, at the same parameters, with the reference's."""
    fresh, right = run["fresh"], wanted["fresh"]
    if fresh is None or right is None or not np.isfinite(fresh[0]).all():
        return []
    scale = factor(fresh[0], right[0])
    rest = np.linalg.norm(fresh[0] - scale * right[0]) / np.linalg.norm(right[0])
    # A gradient near 0 is near a multiple of any other.
    if rest > TOLERANCE * abs(scale) or abs(scale - 1) <= TOLERANCE:
        return []
    code = "maximises" if scale < 0 else "scaled_gradient"
    return [Remark(code, blank=options["backward_blank"], facts={**facts, "scale": f"{scale:.3g}"})]
