"""Compares the path of the parameters with the reference's; the trace says what differs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.remark import Remark, same_error
from grader.checks.step_order.causes import first_cause
from grader.checks.step_order.challenge import as_run
from grader.checks.step_order.equivalence import Explanation, explained
from grader.checks.step_order.events import line_of, read_trace
from grader.checks.step_order.hand_written import written_out
from grader.checks.step_order.lines import with_lines
from grader.checks.step_order.longer import beyond, by_a_constant, epochs_left_out
from grader.checks.step_order.loop_error import stopped
from grader.checks.step_order.other_loss import PENALTY
from grader.checks.step_order.otherwise import right_otherwise
from grader.checks.step_order.path import different, followed, follows
from grader.checks.step_order.places import other_places
from grader.checks.step_order.solved_loss import solved_with_another_loss
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import (
        LoopRun,
        OneLossObservation,
        StepOrderObservation,
    )
    from grader.checks.step_order.trace import Trace

GENERAL = frozenset(
    {
        "another_loss",
        "batch_repeated",
        "different_first_step",
        "different_path",
        "foreign_labels",
        "doubled_backward",
        "doubled_step",
        "gradient_changed",
        "layers_stand_still",
        "loss_with_penalty",
        "no_batches",
        "one_batch_only",
        "optimizer_climbs",
        "optimizer_made_anew",
        "other_images",
        "parameters_changed",
        "part_of_batch",
        "partly_cleared",
        "scaled_gradient",
        "too_few_batches",
    }
)
# What other images lead to as well: with large numbers the judge's model may be saturated.
_MAY_BE_ITS_IMAGES = frozenset({"different_first_step", "different_path", "layers_stand_still"})
GUESSED = frozenset({"maximises", "scaled_gradient"})
NOTHING_THERE = frozenset({"missing_zero_grad", "missing_backward", "missing_step"})


def judge(
    observed: OneLossObservation,
    reference: StepOrderObservation,
    check: Check,
    challenge: StepOrderChallenge,
) -> list[Remark]:
    """Return remarks on the updates; where these are right, on what devices they use."""
    remarks = solved_with_another_loss(reference, challenge)
    remarks = remarks or _of_updates(observed, reference, check, challenge)
    altered = read_trace(observed["runs"][0]["events"]).done_at.get("altered_while_scaled", ())
    if altered and not any(remark.error for remark in remarks):
        return [Remark("altered_while_scaled", lines=altered[:1])]
    if any(remark.severity is Severity.ERROR for remark in remarks):
        return remarks
    waits = by_a_constant(observed, check.options.get("constants", ()))
    if waits:
        return waits
    # Where the solved notebook moves nothing to a device, nobody has to.
    told = [] if reference.get("devices") else observed.get("devices", [])
    return remarks + other_places(told)


def _of_updates(
    observed: OneLossObservation,
    reference: StepOrderObservation,
    check: Check,
    challenge: StepOrderChallenge,
) -> list[Remark]:
    """Return no error when every run follows the reference's path or has a lawful explanation.

    A path that differs is still right when the order is right and each gradient is the true one
    at that point, at most clipped: gradient clipping and learning-rate schedules are lawful.
    """
    images = len(challenge["targets"])
    small, challenge = challenge, as_run(observed, challenge)
    runs = list(zip(observed["runs"], reference["runs"], challenge["optimizers"], strict=True))
    broken = next((run for run, _, _ in runs if run["error"] is not None), None)
    if broken is not None:
        remark = stopped(broken, challenge)
        right = all(followed(run, wanted) for run, wanted, _ in runs)
        return [_in_later_epoch(remark, broken) if right else remark]
    others = [found for run, _, _ in runs for found in _another_model(run, observed)]
    if others:
        return others[:1]
    # A run on the reference's path needs no explanation. But a batch of little loss moves the
    # parameters little, so only the events show that its step was left out.
    wrong = [
        run
        for run in runs
        if not follows(*run[:2]) or read_trace(run[0]["events"]).left_out("step")
    ]
    reasons = [explained(run, challenge) for run, _, _ in wrong]
    lawful = [reason for reason in reasons if reason is not None]
    # A pass within another one is what the loop's conditions are not to blame for.
    nested = any(read_trace(run["events"]).inside for run, _, _ in runs)
    later = [] if nested else beyond(observed, check.options, images)
    if len(lawful) == len(wrong):
        ends = _used_up(runs[0][0], observed) or _endless(observed)
        return later or ends or _extras(lawful, observed["runs"])
    otherwise = right_otherwise(observed, small, challenge, later)
    if otherwise:
        return otherwise
    if all(written_out(run, challenge, kind) for run, _, kind in runs):
        return later or [Remark("hand_written_step", Severity.WARNING)]
    if all(follows(run, wanted) for run, wanted, _ in runs):
        runs = wrong
    # Plain SGD shows every gradient in full, so it goes first; a line that depends on the loss may
    # differ in the other run alone.
    runs.sort(key=lambda run: run[2]["name"] != "SGD")
    idle = epochs_left_out(_by_epoch(read_trace(observed["runs"][0]["events"])))
    if idle or (later and later[0].code != "too_few_batches"):
        return idle or later
    named = (first_cause(run, wanted, check, challenge) for run, wanted, _ in runs)
    found = next(
        (found for found in named if found), [different((run, wanted) for run, wanted, _ in runs)]
    )
    if observed.get("altered") and found[0].code in _MAY_BE_ITS_IMAGES:
        found = [replace(found[0], code="other_images")]
    return [with_lines(remark, observed, runs[0][0]) for remark in found]


def _another_model(run: LoopRun, observed: OneLossObservation) -> list[Remark]:
    """Return that the loop sets its model anew, or trains a copy that its optimizer lacks."""
    trace = read_trace(run["events"])
    if trace.resets:
        return [with_lines(Remark("starts_anew"), observed, run)]
    copied = trace.done_at.get("copy", ())
    if copied and "step_elsewhere" in trace.done_at and not trace.counts["step"]:
        return [Remark("other_model_trained", lines=copied[:1])]
    return []


def _in_later_epoch(remark: Remark, run: LoopRun) -> Remark:
    """Return the remark on an exception after a whole epoch on the right path.

    Such an epoch shows that the update is right. What fails is the training in a later epoch, or a
    print or a plot, which is not graded.
    """
    if remark.error is not None and remark.error["type"] == "StopIteration":
        return replace(remark, code="no_batch_left", severity=Severity.PARTIAL)
    if run["under_way"] and run["under_way"][0] > 1:
        return replace(remark, code="stops_later", severity=Severity.PARTIAL)
    return replace(remark, severity=Severity.WARNING)


def _by_epoch(trace: Trace) -> list[str]:
    """Return a text for each epoch, with "1" for a batch with any update and "0" for another."""
    epochs: list[str] = []
    for batch, (place, _) in zip(trace.batches, trace.places, strict=True):
        if place == 0 or not epochs:
            epochs.append("")
        epochs[-1] += "1" if {"backward", "step"} & set(batch) else "0"
    return epochs


def _used_up(run: LoopRun, observed: OneLossObservation) -> list[Remark]:
    """Return that a pass which had ended was gone on with: it has no batches for a later epoch."""
    again = [event for event in run["events"] if event[0] == "again"]
    at = tuple(line for line in map(line_of, again[:1]) if line is not None)
    own = observed.get("used_up", [])
    if not again and len(own) == len(("entry", "node")):
        at = ((own[0], own[1]),)
    return [Remark("iterator_used_up", Severity.PARTIAL, lines=at)] if again or own else []


def _endless(observed: OneLossObservation) -> list[Remark]:
    """Return that the training never ends by itself."""
    line = observed.get("endless", [])
    if len(line) != len(("entry", "node")):
        return []
    return [Remark("never_ends", Severity.PARTIAL, lines=((line[0], line[1]),))]


def _extras(reasons: Sequence[Explanation], runs: Sequence[LoopRun]) -> list[Remark]:
    """Return remarks on what is lawful and not in the reference."""
    other = next((reason.other_loss for reason in reasons if reason.other_loss), "")
    if other:
        at = read_trace(runs[0]["events"]).line("backward")
        facts = {"other": other}
        # Such a loss is a right one wherever it is made; another may be a blank's mistake.
        code = "loss_with_penalty" if other == PENALTY else "another_loss"
        return [Remark(code, Severity.WARNING, facts=facts, lines=at)]
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
