"""Observes the student's evaluation function on classifiers of known accuracy."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.probes.doubles.stand_ins import let_go
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.evaluation.beyond import beyond
from grader.probes.evaluation.elsewhere import on_devices
from grader.probes.evaluation.making import batches_of, decoys, known, pictures, scripted
from grader.probes.evaluation.reshuffled import reshuffled
from grader.probes.recording.evaluating import CallRecord, changed, state_of

if TYPE_CHECKING:
    from grader.probes.doubles.borrowing import Borrower

# Where the function is called several times, the model changes after so many calls.
_LEARNS_BEFORE = 2
_FIRST_CALLS = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once for each of the challenge's scenes and report what it did.

    ``again`` is what it returns in three calls in one notebook, ``devices`` what would stop on
    other devices, and ``beyond`` what it does beyond the numbers in its code.
    ``reshuffled`` is what it returns where a second pass brings another order.
    """
    scenes: list[dict[str, Any]] = []
    for scene in task["challenge"]["scenes"]:
        # Where the rows came batch by batch, both kinds of told scores are the same.
        same = scene["told"] == "row" and scenes[-1]["as_batches"]
        scenes.append(scenes[-1] | {"told": "row"} if same else _scene(task, scene, seed))
    return {
        "scenes": scenes,
        "devices": on_devices(task, seed),
        "again": _again(task, seed),
        "beyond": beyond(task, seed, _returned),
        "reshuffled": reshuffled(task, seed, scenes, _returned),
    }


def _scene(task: dict[str, Any], scene: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge, sizes = task["challenge"], scene["sizes"]
    # Of repeated images nobody can tell which ones the model was shown.
    most = {} if scene["order"] is None else {"most": _FIRST_CALLS}
    notes = CallRecord(sizes, challenge["projection"], **most)
    data = pictures(scene, challenge)
    batches = batches_of(scene, data, notes)
    if scene["told"]:
        model: Borrower = scripted(scene, data, challenge, notes)
    else:
        model = known(challenge, challenge["weight"], notes.on_call)
    model.train()
    others = decoys(task, scene, notes)
    before = state_of(model)
    runner = Namespace(task["program"], seed, others)
    result: dict[str, Any] = {"error": None, "returned": None}
    recording = True
    try:
        runner.define()
        recording = torch.is_grad_enabled()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(task["program"]["name"])
        with notes.running(model, others.get("model")):
            returned = runner.call(function, model, batches, others["device"])
        result["returned"] = _returned(returned)
    except StudentError as error:
        result["error"] = error.data
    idle = notes.idle_pass() if len(batches.begun_at) == len(notes.before) else None
    seen = {
        **result,
        **notes.to_plain(),
        "told": scene["told"],
        "begun": batches.begun,
        "idle_at": None if idle is None else batches.begun_at[idle],
        "left_at": batches.left_at,
        "training_after": model.training,
        "layers_training_after": all(layer.training for layer in model.children()),
        "switched_off": recording and not torch.is_grad_enabled(),
        "changed": changed(before, model),
        "laid_out_at": getattr(model, "laid_out_at", None),
    }
    let_go(model, others.get("model"))
    return seen


def _again(task: dict[str, Any], seed: int) -> list[Any]:
    """Return what the function returns when it is called for one scene, another, and the first.

    It is one model, as in a notebook, and before the last call it has learned something. All other
    scenes have a notebook of their own.
    """
    challenge = task["challenge"]
    scenes = [scene for scene in challenge["scenes"] if not scene["told"]][1:3]
    one, other = (
        batches_of({**scene, "passes": None}, pictures(scene, challenge)) for scene in scenes
    )
    model = known(challenge, challenge["weight"])
    others = decoys(task, scenes[0])
    runner = Namespace(task["program"], seed, others)
    values: list[Any] = []
    for batches in (one, other, one):
        if len(values) == _LEARNS_BEFORE:
            model.become(challenge["decoy"], challenge["bias"])
        try:
            if not values:
                runner.define()
                model.borrow_from(runner.own_class())
            function = runner.namespace.get(task["program"]["name"])
            returned = runner.call(function, model.train(), batches, others["device"])
            values.append(_returned(returned))
        except StudentError as error:
            values.append({"error": error.data})
    let_go(model, others.get("model"))
    return values


def _returned(value: Any) -> dict[str, Any]:
    """Describe what came back: its type, and its value when that is one number."""
    number: float | None = None
    if isinstance(value, (Real, np.generic)) or (
        (isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_complex())
        or (isinstance(value, np.ndarray) and value.ndim == 0)
    ):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
    return {"type": type(value).__name__[:60], "value": number}
