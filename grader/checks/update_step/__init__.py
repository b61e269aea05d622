"""The check ``update_step``: where an update takes the parameters: sign first, then scale."""

from __future__ import annotations

from grader.checks.kind import Kind
from grader.checks.solved_code import call_misfits
from grader.checks.update_step import challenge, judge
from grader.checks.values import MISFORMED

KIND = Kind(
    draw=challenge.draw,
    judge=judge.judge,
    form=judge.UpdateStepObservation,
    options=challenge.UpdateStepOptions,
    contradictions=challenge.contradictions,
    same_size=judge.same_size,
    alike=judge.alike,
    place=judge.place,
    general=MISFORMED | {"climbs", "later_step_wrong", "scaled_step", "stands_still", "wrong_step"},
    deviation=judge.deviation,
    misfits=call_misfits,
    partly=frozenset(),
)
