"""Judges a loop by what it does with the mean loss, and with the notebook's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.step_order import judge as one_loss
from grader.report import Severity

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import (
        LoopRun,
        OneLossObservation,
        StepOrderObservation,
    )

# What the mean leads to where a loop expects a sum, or a number for each image.
_MAY_BE_ITS_LOSS = frozenset({"raises", "scaled_gradient"})
# The least length of an event, its name included.
_LEAST = {"zero_grad": 3, "backward": 2}


def judge(
    observed: StepOrderObservation,
    reference: StepOrderObservation,
    check: Check,
    challenge: StepOrderChallenge,
) -> list[Remark]:
    """Return remarks on the loop, which is right if it is with one of the losses.

    Blanks that are right with the mean do what the solved notebook's would do here.
    """
    remarks = one_loss.judge(observed, reference, check, challenge)
    own = observed.get("own_loss")
    if own is None or not _wrong(remarks):
        return remarks
    with_own = one_loss.judge(own, reference, check, challenge)
    return remarks if _wrong(with_own) and remarks[0].code not in _MAY_BE_ITS_LOSS else with_own


def _wrong(remarks: list[Remark]) -> bool:
    return any(remark.severity is Severity.ERROR for remark in remarks)


def same_size(value: StepOrderObservation, reference: StepOrderObservation) -> bool:
    """Whether there are as many runs as the reference's, all with its number of parameters."""
    width = reference["runs"][0]["states"].shape[1]
    seen: list[OneLossObservation] = [value, *([value["own_loss"]] if "own_loss" in value else [])]
    runs = [run for one in seen for run in one["runs"]]
    runs += [further["run"] for one in seen for further in one.get("accumulated", [])]
    runs += [run for one in seen for run in one.get("with_own", [])]
    return all(len(one["runs"]) == len(reference["runs"]) for one in seen) and all(
        _of_width(run, width) for run in runs
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
