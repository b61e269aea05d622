"""Compares the path of the parameters with the reference's; the trace says what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, same_error, together
from grader.checks.step_order.equivalence import Explanation, explained
from grader.checks.step_order.frozen_parameters import (
    changed_between,
    climbs,
    factor,
    made_anew,
    stands_still,
)
from grader.checks.step_order.gradients import parameter_slices
from grader.checks.step_order.loop_error import stopped
from grader.checks.step_order.path import different, facts_of, followed, follows
from grader.checks.step_order.trace import Trace, in_words, read_trace
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun, StepOrderObservation

GENERAL = frozenset(
    {
        "batch_repeated",
        "different_first_step",
        "different_path",
        "doubled_backward",
        "doubled_step",
        "gradient_changed",
        "layers_stand_still",
        "no_batches",
        "optimizer_climbs",
        "optimizer_made_anew",
        "partly_cleared",
        "scaled_gradient",
        "too_few_batches",
    }
)
GUESSED = frozenset({"maximises", "scaled_gradient"})
# The least length of an event, its name included.
_LEAST = {"zero_grad": 3, "backward": 2}
NOTHING_THERE = frozenset({"missing_zero_grad", "missing_backward", "missing_step"})


def judge(
    observed: StepOrderObservation,
    reference: StepOrderObservation,
    check: Check,
    challenge: StepOrderChallenge,
) -> list[Remark]:
    """Return no error when every run follows the reference's path or has a lawful explanation.

    A path that differs is still right when the order is right and each gradient is the true one
    at that point, at most clipped: gradient clipping and learning-rate schedules are lawful.
    """
    runs = list(zip(observed["runs"], reference["runs"], challenge["optimizers"], strict=True))
    broken = next((run for run, _, _ in runs if run["error"] is not None), None)
    if broken is not None:
        remark = stopped(broken, challenge)
        if not all(followed(run, wanted) for run, wanted, _ in runs):
            return [remark]
        # A whole epoch on the right path shows that the update is right. What fails is the training
        # in a later epoch, or a print or a plot, which is not graded.
        if broken["under_way"] and broken["under_way"][0] > 1:
            return [replace(remark, code="stops_later", severity=Severity.PARTIAL)]
        return [replace(remark, severity=Severity.WARNING)]
    if any(read_trace(run["events"]).resets for run, _, _ in runs):
        return [Remark("starts_anew")]
    # A run on the reference's path needs no explanation. But a batch of little loss moves the
    # parameters little, so only the events show that its step was left out.
    wrong = [
        run
        for run in runs
        if not follows(*run[:2]) or read_trace(run[0]["events"]).left_out("step")
    ]
    reasons = [explained(run, challenge) for run, _, _ in wrong]
    lawful = [reason for reason in reasons if reason is not None]
    if len(lawful) == len(wrong):
        return _extras(lawful)
    if all(follows(run, wanted) for run, wanted, _ in runs):
        runs = wrong
    # Plain SGD shows every gradient in full, so it goes first; a line that depends on the loss may
    # differ in the other run alone.
    runs.sort(key=lambda run: run[2]["name"] != "SGD")
    named = (_named(run, wanted, check, challenge) for run, wanted, _ in runs)
    return next(
        (found for found in named if found), [different((run, wanted) for run, wanted, _ in runs)]
    )


def _extras(reasons: Sequence[Explanation]) -> list[Remark]:
    """Return remarks on what is lawful and not in the reference."""
    if any(reason.short_left_out for reason in reasons):
        return [Remark("short_batch_left_out", Severity.WARNING)]
    extra = next((" and ".join(reason.extras) for reason in reasons if reason.extras), "")
    return [Remark("lawful_extra", Severity.INFO, facts={"extra": extra})] if extra else []


def alike(one: StepOrderObservation, other: StepOrderObservation, _place: None = None) -> bool:
    """Whether two loops moved the parameters along the same path, or failed the same way."""
    for a, b in zip(one["runs"], other["runs"], strict=True):
        if not same_error(a["error"], b["error"]) or len(a["states"]) != len(b["states"]):
            return False
        if not follows(a, b):
            return False
        if read_trace(a["events"]).batches != read_trace(b["events"]).batches:
            return False
    return True


def _named(
    run: LoopRun, wanted: LoopRun, check: Check, challenge: StepOrderChallenge
) -> list[Remark]:
    """Return the first cause that is found for a path that differs."""
    trace, options = read_trace(run["events"]), check.options
    facts = facts_of(run, wanted, trace)
    if not trace.batches:
        return [Remark("trains_on_test" if trace.on_test else "no_batches", facts=facts)]
    return (
        _missing(trace, options, facts, set(parameter_slices(challenge)))
        or ([Remark("pass_inside_pass", facts=facts)] if trace.inside else [])
        or ([Remark("trains_on_test_too", facts=facts)] if trace.on_both else [])
        or _at_times(trace, options, facts)
        or _out_of_order(trace, options, facts)
        or _gradient(run, wanted, options, facts)
        or changed_between(run, wanted, facts)
        or climbs(run, facts)
        or made_anew(run, trace, facts)
        or stands_still(run, wanted, challenge, facts)
        or _too_few(trace, len(challenge["sizes"]), facts)
    )


def _too_few(trace: Trace, whole: int, facts: Facts) -> list[Remark]:
    """Return that a pass ended early."""
    least = min(length for _, length in trace.places)
    words = {**facts, "got": str(least), "expected": f"{whole} batches"}
    return [Remark("too_few_batches", facts=words)] if least < whole else []


def _missing(
    trace: Trace, options: Mapping[str, Any], facts: Facts, parameters: set[str]
) -> list[Remark]:
    """Return the lines that never ran, or that did not reach the model's parameters."""
    missing = []
    if not trace.cleared and not trace.clean:
        left = sorted(trace.left & parameters)
        code = "partly_cleared" if 0 < len(left) < len(parameters) else "missing_zero_grad"
        words = {**facts, "left": together(left)}
        missing.append(Remark(code, blank=options["zero_blank"], facts=words))
    if not trace.counts["backward"]:
        code = "backward_elsewhere" if trace.elsewhere else "missing_backward"
        missing.append(Remark(code, blank=options["backward_blank"], facts=facts))
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
            return [Remark(f"{name}_left_out", blank=blank, facts={**facts, "skipped": skipped})]
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


def same_size(value: StepOrderObservation, reference: StepOrderObservation) -> bool:
    """Whether there are as many runs as the reference's, all with its number of parameters."""
    width = reference["runs"][0]["states"].shape[1]
    return len(value["runs"]) == len(reference["runs"]) and all(
        _of_width(run, width) for run in value["runs"]
    )


def _of_width(run: LoopRun, width: int) -> bool:
    arrays = [a for a in (run["states"], run["fresh"], run["used"]) if a is not None]
    used = 0 if run["used"] is None else len(run["used"])
    return (
        all(array.shape[1] == width and len(array) > 0 for array in arrays)
        and len(run["rules"]) == len(run["settings"]) == len(run["makers"]) == used
        and len(run["under_way"]) in (0, 2)
        and all(event and type(event[0]) is str for event in run["events"])
        and all(len(event) >= _LEAST.get(str(event[0]), 1) for event in run["events"])
    )
