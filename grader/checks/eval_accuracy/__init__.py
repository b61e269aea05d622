"""The check ``eval_accuracy``: what a function that measures accuracy returns, and does beside.

It is called with classifiers of known accuracy.
"""

from __future__ import annotations

from grader.checks.eval_accuracy import challenge, judge, observation, passes_apart, results
from grader.checks.kind import OUTSIDE, Kind
from grader.checks.solved_code import stand_in_misfits

KIND = Kind(
    draw=challenge.draw,
    judge=judge.judge,
    form=observation.EvalAccuracyObservation,
    options=challenge.EvalAccuracyOptions,
    same_size=judge.same_size,
    alike=judge.alike,
    place=judge.place,
    general=judge.GENERAL,
    guessed=judge.GUESSED,
    beside=frozenset({"changes_the_model", "trains_the_model"}),
    shuffled=frozenset({passes_apart.CODE}),
    provided=OUTSIDE | {"model", "model_class"},
    deviation=judge.deviation,
    tolerance=results.EXACT,
    misfits=stand_in_misfits,
    partly=frozenset({"device", "gradients_on", "not_back_in_train_mode", "rounds_the_share"}),
)
