"""The kinds of checks: what each draws, brings along, judges, and how it compares observations.

All that the engine knows of a kind stands in its entry here. A new kind is a file in
``challenges/``, one in ``probes/``, one in ``judges/`` and one in ``words/en/``, an entry here and
one in ``probes/__init__.py``, which is the worker's half of this list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.checks import (
    autograd,
    converges,
    forward_output,
    function_values,
    layer_shapes,
    learns,
    update_step,
)
from grader.checks.autograd_challenge import draw as arguments_and_point
from grader.checks.converges_challenge import best_lines
from grader.checks.converges_challenge import draw as points
from grader.checks.eval_accuracy import judge as eval_accuracy
from grader.checks.eval_accuracy.challenge import draw as classifiers
from grader.checks.forward_output_challenge import draw as weights_and_inputs
from grader.checks.function_values_challenge import draw as arguments
from grader.checks.layer_shapes_challenge import draw as dims
from grader.checks.learns_challenge import draw as pictures
from grader.checks.learns_challenge import held_back_labels
from grader.checks.step_order import judge as step_order
from grader.checks.step_order.challenge import draw as model_and_batches
from grader.checks.update_step_challenge import draw as parameters_and_gradients
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment import Check
    from grader.checks.remark import Remark

_OUTSIDE = frozenset({"device", "train_batches", "test_batches", "train_data", "test_data"})
# A loop may compare with the size of a full batch, or count batches by it.
_TRAINING = _OUTSIDE | {"batch_size", "evaluate"}


def _any_size(_value: Any, _reference: Any) -> bool:
    return True


def _no_place(_check: Check, _blank: int | None) -> Any:
    return None


@dataclass(frozen=True)
class Kind:
    """How one kind of check works.

    ``draw`` gives the challenge from (generator, check, assignment, data, device). ``judge`` gives
    the remarks on (observation, what is expected, check, challenge): the reference's observation,
    or what ``known`` gives from (check, challenge, data) because only the trusted process may know
    it. ``form`` and ``same_size`` say what an observation must look like to be judged at all.

    ``alike`` tells whether two observations show the same mistake; a kind without it names none
    by behaviour. ``place`` names the part of an observation that one blank answers for.
    ``general`` are codes that say what differs without saying why: a listed mistake may know
    better. The blank of those that are ``guessed`` is the likeliest place, not one that was seen
    to be wrong by itself. Where all of ``nothing_there`` is noticed in a part without any answer,
    it was never begun.

    ``provided`` are the roles that the judge brings itself, so that the notebook's own need not
    run. A kind that is judged ``together`` runs the student's own parts with each other, after
    the checks that it needs, and its blanks are not told apart.
    """

    draw: Callable[..., dict[str, Any]]
    judge: Callable[..., list[Remark]]
    form: Any
    same_size: Callable[[Any, Any], bool] = _any_size
    alike: Callable[..., bool] | None = None
    place: Callable[[Check, int | None], Any] = _no_place
    general: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    nothing_there: frozenset[str] = frozenset()
    provided: frozenset[str] = frozenset()
    known: Callable[..., Any] | None = None
    together: bool = False

    @property
    def stands_in(self) -> bool:
        """Whether the judge's own model stands for the notebook's."""
        return "model" in self.provided


def kind_of(check: Check) -> Kind:
    """Return the kind of a check; raises ``AssignmentError`` for one that is not known."""
    if check.kind not in KINDS:
        raise AssignmentError(
            f"check {check.id}: there is no kind of check {check.kind!r}",
            f"the kinds are {', '.join(KINDS)}",
        )
    return KINDS[check.kind]


KINDS = {
    "layer_shapes": Kind(
        draw=dims,
        judge=layer_shapes.judge,
        form=layer_shapes.FORM,
        same_size=layer_shapes.same_size,
        alike=layer_shapes.alike,
        place=layer_shapes.place,
        general=layer_shapes.GENERAL,
        provided=frozenset({"device"}),
    ),
    "forward_output": Kind(
        draw=weights_and_inputs,
        judge=forward_output.judge,
        form=forward_output.FORM,
        same_size=forward_output.same_size,
        alike=forward_output.alike,
        general=forward_output.GENERAL,
        provided=frozenset({"device"}),
    ),
    "eval_accuracy": Kind(
        draw=classifiers,
        judge=eval_accuracy.judge,
        form=eval_accuracy.FORM,
        same_size=eval_accuracy.same_size,
        alike=eval_accuracy.alike,
        place=eval_accuracy.place,
        general=eval_accuracy.GENERAL,
        guessed=eval_accuracy.GUESSED,
        provided=_OUTSIDE | {"model", "model_class"},
    ),
    "step_order": Kind(
        draw=model_and_batches,
        judge=step_order.judge,
        form=step_order.FORM,
        same_size=step_order.same_size,
        alike=step_order.alike,
        general=step_order.GENERAL,
        guessed=step_order.GUESSED,
        nothing_there=step_order.NOTHING_THERE,
        provided=_TRAINING | {"model", "model_class", "loss", "optimizer"},
    ),
    "learns": Kind(
        draw=pictures,
        judge=learns.judge,
        form=learns.FORM,
        provided=_TRAINING,
        known=held_back_labels,
        together=True,
    ),
    "function_values": Kind(
        draw=arguments,
        judge=function_values.judge,
        form=function_values.FORM,
        same_size=function_values.same_size,
        alike=function_values.alike,
        place=function_values.place,
        general=function_values.GENERAL,
    ),
    "autograd": Kind(
        draw=arguments_and_point,
        judge=autograd.judge,
        form=autograd.FORM,
        same_size=autograd.same_size,
        alike=autograd.alike,
        place=autograd.place,
        general=autograd.GENERAL,
    ),
    "update_step": Kind(
        draw=parameters_and_gradients,
        judge=update_step.judge,
        form=update_step.FORM,
        same_size=update_step.same_size,
        alike=update_step.alike,
        place=update_step.place,
        general=update_step.GENERAL,
    ),
    "converges": Kind(
        draw=points,
        judge=converges.judge,
        form=converges.FORM,
        known=best_lines,
        together=True,
    ),
}
