"""Judges an evaluation that puts together what two passes over a shuffled loader bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.eval_accuracy.results import same_value, shown
from grader.checks.eval_accuracy.side_effects import times
from grader.checks.remark import Facts, Remark

if TYPE_CHECKING:
    from grader.checks.eval_accuracy.challenge import Scene
    from grader.checks.eval_accuracy.observation import SeenReshuffled, SeenScene

CODE = "passes_apart"


def passes_apart(
    seen: SeenReshuffled | None, wanted: SeenScene, scene: Scene, near: float | None
) -> list[Remark]:
    """Return the remark on a result that depends on the second pass having the first one's order.

    ``wanted`` is what the reference did in the scene, and ``near`` what a value may be off.
    """
    right = wanted["returned"]
    if seen is None or right is None or right["value"] is None:
        return []
    if same_value(seen["returned"], right, near):
        return []
    count = sum(scene["sizes"])
    facts: Facts = {
        "times": times(seen["begun"]),
        "images": count,
        "right": round(right["value"] * count),
        "got": shown(seen["returned"]),
        "expected": shown(right),
    }
    return [Remark(CODE, facts=facts, at=seen["second"])]
