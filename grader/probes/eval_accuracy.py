"""Observes the student's evaluation function on classifiers of known accuracy."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from grader.probes.batches import Batches, datasets, images_tensor
from grader.probes.running import Enough, Runner, StudentError
from grader.probes.stand_ins import KnownClassifier, ScriptedClassifier

_MAX_CALLS = 64


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once for each of the challenge's scenes and report what it did."""
    scenes = [_scene(task, scene, seed) for scene in task["challenge"]["scenes"]]
    return {"scenes": scenes, "moved": _moved(task, seed), "again": _again(task, seed)}


def _again(task: dict[str, Any], seed: int) -> list[Any]:
    """Return what the function returns when it is called for one scene, another, and the first.

    ``None`` where it raises. All other scenes have a notebook of their own.
    """
    challenge = task["challenge"]
    one, other = [s for s in challenge["scenes"] if s["scripted"] is None][1:3]
    known = (challenge["weight"], challenge["bias"], *_made_like(challenge))
    device = torch.device("cpu")
    runner = Runner(task["program"], seed, {"device": device})
    values: list[Any] = []
    for scene in (one, other, one):
        images = images_tensor(scene["images"], challenge["image"])
        batches = Batches(images, torch.from_numpy(scene["labels"].copy()), scene["sizes"])
        model = KnownClassifier(*known, lambda *_seen: None).train()
        try:
            if not values:
                runner.define()
            function = runner.namespace.get(task["program"]["name"])
            values.append(_returned(runner.call(function, model, batches, device)))
        except StudentError:
            values.append(None)
    return values


def _moved(task: dict[str, Any], seed: int) -> bool | None:
    """Say whether the images go to the device that was asked for; ``None`` when that is unknown.

    The device is "meta": tensors without data, which any machine has. The first call of the model
    ends the run.
    """
    challenge = task["challenge"]
    scene = challenge["scenes"][0]
    devices: list[str] = []

    def on_call(inputs: Any, _model: torch.nn.Module) -> None:
        devices.append(inputs.device.type if isinstance(inputs, torch.Tensor) else "")
        raise Enough

    images = images_tensor(scene["images"], challenge["image"])
    batches = Batches(images, torch.from_numpy(scene["labels"].copy()), scene["sizes"])
    model = KnownClassifier(challenge["weight"], challenge["bias"], *_made_like(challenge), on_call)
    device = torch.device("meta")
    roles = {"model": model, **datasets(batches), "device": device}
    roles |= {"train_batches": batches, "test_batches": batches}
    runner = Runner(task["program"], seed, roles)
    try:
        runner.define()
        runner.call(runner.namespace.get(task["program"]["name"]), model, batches, device)
    except (Enough, StudentError):
        pass
    return devices[0] == "meta" if devices else None


def _scene(task: dict[str, Any], scene: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge = task["challenge"]
    shape, like = challenge["image"], _made_like(challenge)
    images = images_tensor(scene["images"], shape)
    labels = torch.from_numpy(scene["labels"].copy())
    calls: list[dict[str, Any]] = []
    seen = {"batch": -1, "drawn": 0, "called": 0, "ahead": 0, "decoy_model": 0, "decoy_batches": 0}
    weight = torch.from_numpy(challenge["projection"].copy())

    def current(inputs: Any) -> int:
        """Return the batch that a call is about: the one drawn last, or the next of a list."""
        last = len(scene["sizes"]) - 1
        if not seen["called"] and 0 < last == seen["batch"]:
            rows = inputs.shape[0] if isinstance(inputs, torch.Tensor) and inputs.dim() else None
            seen["ahead"] = int(rows != scene["sizes"][last])
        seen["called"] += 1
        return min(seen["called"] - 1, last) if seen["ahead"] else max(seen["batch"], 0)

    def on_call(inputs: Any, model: torch.nn.Module) -> None:
        batch = current(inputs)
        if len(calls) < _MAX_CALLS:
            calls.append(
                {
                    **_input(inputs, weight),
                    "batch": batch,
                    "training": model.training,
                    "gradients": torch.is_grad_enabled(),
                }
            )

    def on_batch(number: int) -> None:
        seen["batch"] = number
        seen["drawn"] += 1

    def decoy(what: str) -> Any:
        def seen_it(*_args: object) -> None:
            seen[what] += 1

        return seen_it

    batches = Batches(images, labels, scene["sizes"], on_batch=on_batch, passes=scene["passes"])
    if scene["scripted"] is None:
        model: torch.nn.Module = KnownClassifier(
            challenge["weight"], challenge["bias"], *like, on_call
        )
    else:
        scripted = torch.from_numpy(scene["scripted"].copy()).split(list(scene["sizes"]))
        model = ScriptedClassifier(*like, lambda inputs: scripted[current(inputs)])
    model.train()
    others = Batches(images[:3], labels[:3], [3], on_start=decoy("decoy_batches"))
    # Globals of the same names as in the notebook: reading them instead of the arguments shows.
    decoys = {
        "model": KnownClassifier(
            challenge["decoy"], challenge["bias"], *like, decoy("decoy_model")
        ),
        "train_batches": others,
        "test_batches": others,
        **datasets(others),
        "device": torch.device("cpu"),
    }
    before = {name: value.clone() for name, value in model.state_dict().items()}
    runner = Runner(task["program"], seed, decoys)
    result: dict[str, Any] = {"error": None, "returned": None}
    try:
        runner.define()
        function = runner.namespace.get(task["program"]["name"])
        returned = runner.call(function, model, batches, torch.device("cpu"))
        result["returned"] = _returned(returned)
    except StudentError as error:
        result["error"] = error.data
    after = model.state_dict()
    changed = [
        name for name in before if not torch.equal(before[name], after.get(name, torch.empty(0)))
    ]
    return {
        **result,
        "scripted": scene["scripted"] is not None,
        "calls": calls,
        "drawn": seen["drawn"],
        "batch": seen["batch"],
        "decoy_model": seen["decoy_model"],
        "decoy_batches": seen["decoy_batches"],
        "training_after": model.training,
        "changed": bool(changed),
    }


def _made_like(challenge: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Return what a stand-in has in common with the notebook's own model."""
    return challenge["layers"], challenge["resets"], challenge["interface"]


def _input(inputs: Any, projection: torch.Tensor) -> dict[str, Any]:
    """Describe what the model was shown: its shape, and one number a row that tells rows apart."""
    if not isinstance(inputs, torch.Tensor):
        return {"type": type(inputs).__name__[:60], "shape": None, "rows": None}
    shape = list(inputs.shape)[:8]
    rows = None
    if len(shape) == 2 and shape[1] == len(projection) and shape[0] <= 4096:
        rows = (inputs.detach().to("cpu", torch.float64) @ projection.double()).numpy()
    return {"type": "Tensor", "shape": shape, "rows": rows}


def _returned(value: Any) -> dict[str, Any]:
    """Describe what came back: its type, and its value when that is one number."""
    number: float | None = None
    if isinstance(value, (int, float, np.generic)) or (
        isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_complex()
    ):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
    return {"type": type(value).__name__[:60], "value": number}
