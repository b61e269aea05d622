"""What an evaluation did beside counting: to the model, to gradients, and to its iterator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.eval_accuracy.modes import in_train_mode, only_named
from grader.checks.remark import Facts, Remark
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.eval_accuracy.challenge import Scene
    from grader.checks.eval_accuracy.observation import SeenScene

_BACK = "not_back_in_train_mode"
_CHANGES = {
    "values": "the model's parameters have other values than before",
    "kind": "the model's parameters are numbers of another type than before",
    "learning": "the model's parameters no longer ask for gradients as they did before",
}


def side_effects(scenes: Sequence[SeenScene], mode_blank: int | None = None) -> list[Remark]:
    """Return what the function did beside counting, with the lines that were seen doing it.

    ``mode_blank`` is the blank that a call in train mode is blamed on.

    Where it reads another model or iterator than its own, that is all.
    """
    calls = [seen for scene in scenes for seen in scene["calls"]]
    finished = [scene for scene in scenes if scene["error"] is None]
    if any(scene["decoy_model"] for scene in scenes):
        return [Remark("ignores_model_argument", at=_line(scenes, "decoy_model"))]
    if any(scene["others"] and not scene["calls"] for scene in finished):
        return [Remark("evaluates_another_model", at=_line(scenes, "others"))]
    if any(scene["decoy_batches"] for scene in scenes):
        return [Remark("ignores_iterator_argument", at=_line(scenes, "decoy_batches"))]
    remarks = []
    steps = max((scene["steps"] for scene in scenes), default=0)
    changed = next((scene["changed"] for scene in scenes if scene["changed"]), "")
    if steps:
        facts: Facts = {"steps": _steps(steps)}
        remarks.append(Remark("trains_the_model", facts=facts, at=_line(scenes, "steps")))
    elif changed:
        what = _CHANGES.get(changed, _CHANGES["values"])
        remarks.append(Remark("changes_the_model", facts={"what": what}))
    if any(seen["training"] or seen["layers_training"] for seen in calls):
        remarks.append(replace(in_train_mode(scenes), blank=mode_blank))
    remarks += _not_back(finished)
    if any(scene["switched_off"] for scene in finished):
        remarks.append(Remark("gradients_stay_off"))
    if any(seen["gradients"] for seen in calls) and not steps:
        remarks.append(Remark("gradients_on", Severity.PARTIAL))
    return remarks


def _line(scenes: Sequence[SeenScene], what: str) -> list[int] | None:
    """Return the line at which something was first seen."""
    return next((scene["lines"][what] for scene in scenes if what in scene["lines"]), None)


def _not_back(finished: Sequence[SeenScene]) -> list[Remark]:
    if not all(scene["training_after"] for scene in finished):
        what = "the model is"
    elif not all(scene["layers_training_after"] for scene in finished):
        what = "the model's layers are"
    else:
        return []
    named = only_named(finished, "train")
    if named is not None:
        facts: Facts = {"what": what}
        return [Remark("train_not_called", Severity.PARTIAL, facts=facts, at=named, share=_BACK)]
    facts = {"what": what}
    return [Remark(_BACK, Severity.PARTIAL, facts=facts, of_result=True)]


def read_again(got: SeenScene, scene: Scene) -> bool:
    """Whether an iterator was read more often than it can be."""
    return scene["passes"] is not None and got["begun"] > scene["passes"]


def times(count: int) -> str:
    """Return how often in words: ``twice``, ``3 times``."""
    return "twice" if count == 2 else f"{count} times"


def _steps(count: int) -> str:
    return "a step" if count == 1 else f"{count} steps"
