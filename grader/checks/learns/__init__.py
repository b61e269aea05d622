"""The check ``learns``: the accuracy of the trained model on images whose labels the judge has."""

from __future__ import annotations

from grader.checks.kind import TRAINING, Kind
from grader.checks.learns import challenge, judge
from grader.checks.solved_code import layer_misfits

KIND = Kind(
    draw=challenge.draw,
    redraw=challenge.draw_again,
    judge=judge.judge,
    form=judge.LearnsObservation,
    options=challenge.LearnsOptions,
    contradictions=challenge.contradictions,
    provided=TRAINING,
    known=challenge.held_back_labels,
    together=True,
    measure=judge.measure,
    unsure=judge.unsure,
    controls=challenge.CONTROLS,
    by_other_means=judge.by_other_means,
    misfits=layer_misfits,
    partly=frozenset({"learns_too_little", "parameters_stand_still"}),
)
