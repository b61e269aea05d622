"""The kinds of checks: what each brings along, how it judges, how it compares observations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.judges import eval_accuracy, forward_output, layer_shapes, step_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment import Check
    from grader.judges.remark import Remark

_OUTSIDE = frozenset({"device", "train_batches", "test_batches", "train_data", "test_data"})


@dataclass(frozen=True)
class Kind:
    """How one kind of check works.

    ``provided`` are the roles that the judge brings itself, so that the notebook's own need not
    run. ``judge`` and ``alike`` compare observations; a kind without them (``learns``) is judged
    by what only the trusted process knows. ``place`` names the part of an observation that one
    blank answers for.
    """

    provided: frozenset[str]
    judge: Callable[..., list[Remark]] | None = None
    alike: Callable[..., bool] | None = None
    place: Callable[[Check, int | None], Any] = lambda _check, _blank: None


def _layer_of(check: Check, blank: int | None) -> str | None:
    return next(
        (entry["name"] for entry in check.options["layers"] if entry["blank"] == blank), None
    )


def _part_of_function(check: Check, blank: int | None) -> str | None:
    places = {check.options["input_blank"]: "input", check.options["count_blank"]: "count"}
    return places.get(blank)


# One entry a kind of check; its observing half is the file of the same name in probes/.
KINDS = {
    "layer_shapes": Kind(frozenset({"device"}), layer_shapes.judge, layer_shapes.alike, _layer_of),
    "forward_output": Kind(frozenset({"device"}), forward_output.judge, forward_output.alike),
    "eval_accuracy": Kind(
        _OUTSIDE | {"model"}, eval_accuracy.judge, eval_accuracy.alike, _part_of_function
    ),
    "step_order": Kind(
        _OUTSIDE | {"model", "model_class", "loss", "optimizer", "evaluate"},
        step_order.judge,
        step_order.alike,
    ),
    "learns": Kind(_OUTSIDE | {"evaluate"}),
}
