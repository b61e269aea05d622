"""Tries an evaluation that reads its batches several times on a loader that shuffles each time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.probes.doubles.stand_ins import let_go
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.evaluation.making import batches_of, decoys, known, pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def reshuffled(
    task: dict[str, Any],
    seed: int,
    seen: Sequence[dict[str, Any]],
    returned: Callable[[Any], Any],
) -> dict[str, Any] | None:
    """Call the function for the first scene, each pass in another order; return what it returns.

    ``seen`` are the scenes that were observed. ``None`` where the first was read once, or the call
    ends in an exception. ``second`` is the line that began the second pass.
    """
    if seen[0]["begun"] < 2:
        return None
    challenge = task["challenge"]
    scene = challenge["scenes"][0]
    batches = batches_of(scene, pictures(scene, challenge), reshuffles=True)
    model = known(challenge, challenge["weight"])
    others = decoys(task, scene)
    runner = Namespace(task["program"], seed, others)
    try:
        runner.define()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(task["program"]["name"])
        value = returned(runner.call(function, model.train(), batches, others["device"]))
    except StudentError:
        return None
    finally:
        let_go(model, others.get("model"))
    second = batches.begun_at[1] if len(batches.begun_at) > 1 else None
    return {"returned": value, "begun": batches.begun, "second": second}
