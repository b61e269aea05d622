"""The check ``step_order``: what a training loop does with each batch, and where it leads."""

from __future__ import annotations

from grader.checks.kind import TRAINING, Kind
from grader.checks.solved_code import stand_in_misfits
from grader.checks.step_order import challenge, judge, observation, own_loss, path, places

KIND = Kind(
    draw=challenge.draw,
    judge=own_loss.judge,
    form=observation.StepOrderObservation,
    options=challenge.StepOrderOptions,
    contradictions=challenge.contradictions,
    same_size=own_loss.same_size,
    alike=judge.alike,
    general=judge.GENERAL,
    guessed=judge.GUESSED,
    nothing_there=judge.NOTHING_THERE,
    provided=TRAINING | {"model", "model_class", "loss", "optimizer"},
    around={"another_loss": "another_gradient"},
    moved=places.ON_DEVICES,
    single=frozenset({"optimizer"}),
    deviation=path.deviation,
    misfits=stand_in_misfits,
    partly=frozenset({"device", "iterator_used_up", "never_ends", "no_batch_left", "stops_later"}),
)
