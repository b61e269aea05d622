"""Names what makes a loop right that the runs with the judge's own optimizers do not explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.remark import Remark
from grader.checks.step_order.accumulation import accumulated, not_collected
from grader.checks.step_order.altered_images import altered_at_random
from grader.checks.step_order.own_optimizer import by_own_optimizer
from grader.report import Severity

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import OneLossObservation


def right_otherwise(
    observed: OneLossObservation,
    small: StepOrderChallenge,
    challenge: StepOrderChallenge,
    later: list[Remark],
) -> list[Remark]:
    """Return what further runs explain: other images, several batches a step, its own optimizer.

    ``small`` is the challenge as it was drawn, ``later`` what the longer runs show.
    """
    if altered_at_random(observed, small):
        what = "inputs" if challenge["form"] else "images"
        extra = f"random alteration of the {what}"
    elif together := accumulated(observed, small):
        later = [remark for remark in later if not_collected(remark, together)]
        extra = f"gradient accumulation over {together} batches"
    elif by_own_optimizer(observed, challenge):
        extra = "an optimizer of the notebook's own"
    else:
        return []
    return later or [Remark("lawful_extra", Severity.INFO, facts={"extra": extra})]
