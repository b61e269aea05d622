"""Observes the student's evaluation function on classifiers of known accuracy."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.borrowing import Borrower, standing_for
from grader.probes.doubles.pictures import Pictures
from grader.probes.doubles.stand_ins import KnownClassifier, ScriptedClassifier, let_go
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.recording.evaluating import CallRecord, changed, state_of
from grader.probes.recording.rows import KnownRows

if TYPE_CHECKING:
    from torch import nn

# Where the function is called several times, the model changes after so many calls.
_LEARNS_BEFORE = 2
_FEW = 3


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once for each of the challenge's scenes and report what it did.

    ``again`` is what it returns in three calls in one notebook, ``moved`` see ``_moved``.
    """
    scenes: list[dict[str, Any]] = []
    for scene in task["challenge"]["scenes"]:
        # Where the rows came batch by batch, both kinds of told scores are the same.
        same = scene["told"] == "row" and scenes[-1]["as_batches"]
        scenes.append(scenes[-1] | {"told": "row"} if same else _scene(task, scene, seed))
    return {"scenes": scenes, "moved": _moved(task, seed), "again": _again(task, seed)}


def _scene(task: dict[str, Any], scene: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge, sizes = task["challenge"], scene["sizes"]
    notes = CallRecord(sizes, challenge["projection"])
    data = _pictures(scene, challenge)
    batches = Batches(data, sizes, on_batch=notes.on_batch, passes=scene["passes"])
    if scene["told"]:
        model: Borrower = _scripted(scene, data, challenge, notes)
    else:
        model = _known(challenge, challenge["weight"], notes.on_call)
    model.train()
    decoys = _decoys(challenge, scene, notes)
    before = state_of(model)
    runner = Namespace(task["program"], seed, decoys)
    result: dict[str, Any] = {"error": None, "returned": None}
    recording = True
    try:
        runner.define()
        recording = torch.is_grad_enabled()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(task["program"]["name"])
        with notes.running(model, decoys["model"]):
            returned = runner.call(function, model, batches, decoys["device"])
        result["returned"] = _returned(returned)
    except StudentError as error:
        result["error"] = error.data
    seen = {
        **result,
        **notes.to_plain(),
        "told": scene["told"],
        "begun": batches.begun,
        "training_after": model.training,
        "layers_training_after": all(layer.training for layer in model.children()),
        "switched_off": recording and not torch.is_grad_enabled(),
        "changed": changed(before, model),
    }
    let_go(model, decoys["model"])
    return seen


def _again(task: dict[str, Any], seed: int) -> list[Any]:
    """Return what the function returns when it is called for one scene, another, and the first.

    It is one model, as in a notebook, and before the last call it has learned something. All other
    scenes have a notebook of their own.
    """
    challenge = task["challenge"]
    scenes = [scene for scene in challenge["scenes"] if not scene["told"]][1:3]
    one, other = (Batches(_pictures(scene, challenge), scene["sizes"]) for scene in scenes)
    model = _known(challenge, challenge["weight"])
    decoys = _decoys(challenge, scenes[0])
    runner = Namespace(task["program"], seed, decoys)
    values: list[Any] = []
    for batches in (one, other, one):
        if len(values) == _LEARNS_BEFORE:
            model.become(challenge["decoy"], challenge["bias"])
        try:
            if not values:
                runner.define()
                model.borrow_from(runner.own_class())
            function = runner.namespace.get(task["program"]["name"])
            returned = runner.call(function, model.train(), batches, decoys["device"])
            values.append(_returned(returned))
        except StudentError as error:
            values.append({"error": error.data})
    let_go(model, decoys["model"])
    return values


def _moved(task: dict[str, Any], seed: int) -> bool | None:
    """Say whether the images go to the device that was asked for; ``None`` when that is unknown.

    The device is "meta": tensors without data, which any machine has. The model lies there, as it
    would: its own device may be asked for as well. Its first call ends the run.
    """
    challenge = task["challenge"]
    scene = min(challenge["scenes"], key=lambda scene: sum(scene["sizes"]))
    devices: list[str] = []

    def on_call(inputs: Any, _model: nn.Module) -> None:
        devices.append(inputs.device.type if isinstance(inputs, torch.Tensor) else "")
        raise Enough

    batches = Batches(_pictures(scene, challenge), scene["sizes"])
    device = torch.device("meta")
    model = _known(challenge, challenge["weight"], on_call)
    model.to(device)
    given = _decoys(challenge, scene) | {"model": model, "device": device}
    given |= {"train_batches": batches, "test_batches": batches, **datasets(batches)}
    runner = Namespace(task["program"], seed, given)
    try:
        runner.define()
        model.borrow_from(runner.own_class())
        runner.call(runner.namespace.get(task["program"]["name"]), model, batches, device)
    except (Enough, StudentError):
        pass
    let_go(given["model"])
    return devices[0] == "meta" if devices else None


def _pictures(
    scene: dict[str, Any], challenge: dict[str, Any], count: int | None = None
) -> Pictures:
    """Return a scene's images, or the first few of them."""
    order = np.arange(len(scene["labels"])) if scene["order"] is None else scene["order"]
    classes = len(challenge["bias"])
    return Pictures(
        scene["images"], challenge["image"], scene["labels"], order[:count], classes=classes
    )


def _known(
    challenge: dict[str, Any], weight: np.ndarray, on_call: Any = lambda *_seen: None
) -> KnownClassifier:
    return KnownClassifier(weight, challenge["bias"], *_made_like(challenge), on_call)


def _scripted(
    scene: dict[str, Any], data: Pictures, challenge: dict[str, Any], notes: CallRecord
) -> ScriptedClassifier:
    """Return a model that is told its scores: for the batch at hand, or for every row it knows."""
    script = torch.from_numpy(scene["scripted"].copy())
    batches = torch.arange(len(script)).split(scene["sizes"])
    known = KnownRows(data[:][0], challenge["projection"])

    def told(inputs: Any) -> torch.Tensor:
        batch, places = batches[notes.current(inputs)], known.places(inputs)
        notes.as_batches &= places is not None and torch.equal(places, batch)
        return script[places if scene["told"] == "row" and places is not None else batch]

    return ScriptedClassifier(*_made_like(challenge), told)


def _decoys(
    challenge: dict[str, Any], scene: dict[str, Any], notes: CallRecord | None = None
) -> dict[str, Any]:
    """Return globals of the notebook's names: using them instead of the arguments is noted."""
    notes = notes or CallRecord([], challenge["projection"])
    few = _pictures(scene, challenge, _FEW)
    others = Batches(few, [len(few)], on_start=notes.on_decoy_batches)
    return {
        "model": _known(challenge, challenge["decoy"], notes.on_decoy_model),
        "model_class": standing_for(Borrower, lambda: _known(challenge, challenge["decoy"])),
        "train_batches": others,
        "test_batches": others,
        **datasets(others),
        "device": torch.device("cpu"),
    }


def _made_like(challenge: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Return what a stand-in has in common with the notebook's own model."""
    return challenge["layers"], challenge["resets"], challenge["interface"]


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
