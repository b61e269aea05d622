"""Tries an evaluation on a device that is pretended, whatever this machine has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from grader.probes.doubles.batches import datasets
from grader.probes.doubles.devices import (
    CPU,
    GPU,
    Pretended,
    moved_at,
    place_of,
    pretended_gpu,
    put,
)
from grader.probes.doubles.stand_ins import let_go
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.evaluation.making import batches_of, decoys, known, pictures

if TYPE_CHECKING:
    from torch import nn


def on_devices(task: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return what would stop on a GPU, and on a machine without one where the code names one.

    Each note has the ``device`` that the function was told, beside what ``Pretended`` notes.
    """
    named = any("cuda" in text for text, *_ in task["program"]["entries"])
    found: list[dict[str, Any]] = []
    for device in (GPU, CPU) if named else (GPU,):
        noted = _tried(task, seed, device)
        found += [{"device": device, **note} for note in noted]
    return found


def _tried(task: dict[str, Any], seed: int, device: str) -> list[dict[str, Any]]:
    """Call the function for a model on a device; the model and that device are global, too."""
    challenge = task["challenge"]
    # Batches of one would do, but a single number may meet one that lies elsewhere.
    several = [scene for scene in challenge["scenes"] if min(scene["sizes"]) > 1]
    scene = min(several, key=lambda scene: sum(scene["sizes"]))
    places = Pretended(device)

    def on_call(inputs: Any, model: nn.Module) -> None:
        if not isinstance(inputs, torch.Tensor) or places.lost(inputs):
            return
        lies = place_of(next(model.parameters()))
        if place_of(inputs) != lies:
            places.note("input", place_of(inputs))
            put(inputs, lies)  # said once, not for every layer

    batches = batches_of({**scene, "passes": None}, pictures(scene, challenge))
    model = known(challenge, challenge["weight"], on_call)
    for tensor in model.parameters():
        put(tensor, device)
    given = decoys(task, scene) | {"model": model, "device": torch.device(device)}
    given |= {"train_batches": batches, "test_batches": batches, **datasets(batches)}
    # Of several global devices the first is the notebook's own, which it hands to the function.
    program = task["program"]
    own, *others = program["roles"].get("device", ()) or ("device",)
    roles = {**program["roles"], "device": [own], "another_device": others}
    given["another_device"] = torch.device(CPU)
    runner = Namespace({**program, "roles": roles}, seed, given, places)
    asks = any("is_available" in text for text, _, own in program["entries"] if own)
    try:
        runner.define()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(program["name"])
        places.notes.clear()
        with pretended_gpu(there=asks and device != CPU):
            runner.call(function, model, batches, given["device"])
        for tensor in model.parameters():
            if place_of(tensor) != device:
                places.note("model", place_of(tensor), line=moved_at(tensor))
    except (Enough, StudentError):
        pass
    let_go(given["model"])
    return [note for note in places.notes if note["line"] is not None]
