"""Observes the student's evaluation function on classifiers of known accuracy."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.probes.batches import Batches, datasets
from grader.probes.pictures import Pictures
from grader.probes.running import Enough, Runner, StudentError
from grader.probes.stand_ins import KnownClassifier, ScriptedClassifier

if TYPE_CHECKING:
    from grader.probes.borrowing import Borrower

_MAX_CALLS = 64
# So many calls of a model before it learns, where a function is called several times.
_LEARNS_BEFORE = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Call the function once for each of the challenge's scenes and report what it did."""
    scenes = [_scene(task, scene, seed) for scene in task["challenge"]["scenes"]]
    return {"scenes": scenes, "moved": _moved(task, seed), "again": _again(task, seed)}


def _again(task: dict[str, Any], seed: int) -> list[Any]:
    """Return what the function returns when it is called for one scene, another, and the first.

    ``None`` where it raises. It is one model, as in a notebook, and before the last call it has
    learned something. All other scenes have a notebook of their own.
    """
    challenge = task["challenge"]
    one, other = (
        _batches(scene, challenge)
        for scene in [s for s in challenge["scenes"] if s["scripted"] is None][1:3]
    )
    bias = challenge["bias"]
    model = KnownClassifier(challenge["weight"], bias, *_made_like(challenge), lambda *_seen: None)
    device = torch.device("cpu")
    # What it may read there beside its arguments: sizes, not images.
    roles = {"device": device, "train_batches": one, "test_batches": one, **datasets(one)}
    runner = Runner(task["program"], seed, roles)
    values: list[Any] = []
    for batches in (one, other, one):
        if len(values) == _LEARNS_BEFORE:
            model.become(challenge["decoy"], bias)
        try:
            if not values:
                runner.define()
                model.borrow_from(runner.own_class())
            function = runner.namespace.get(task["program"]["name"])
            values.append(_returned(runner.call(function, model.train(), batches, device)))
        except StudentError:
            values.append(None)
    return values


def _moved(task: dict[str, Any], seed: int) -> bool | None:
    """Say whether the images go to the device that was asked for; ``None`` when that is unknown.

    The device is "meta": tensors without data, which any machine has. The first call of the model
    ends the run.
    """
    challenge = task["challenge"]
    scene = min(challenge["scenes"], key=lambda scene: len(scene["images"]))
    devices: list[str] = []

    def on_call(inputs: Any, _model: torch.nn.Module) -> None:
        devices.append(inputs.device.type if isinstance(inputs, torch.Tensor) else "")
        raise Enough

    batches = _batches(scene, challenge)
    model = KnownClassifier(challenge["weight"], challenge["bias"], *_made_like(challenge), on_call)
    device = torch.device("meta")
    roles = {"model": model, **datasets(batches), "device": device}
    roles |= {"train_batches": batches, "test_batches": batches}
    runner = Runner(task["program"], seed, roles)
    try:
        runner.define()
        model.borrow_from(runner.own_class())
        runner.call(runner.namespace.get(task["program"]["name"]), model, batches, device)
    except (Enough, StudentError):
        pass
    return devices[0] == "meta" if devices else None


def _batches(scene: dict[str, Any], challenge: dict[str, Any]) -> Batches:
    return Batches(_pictures(scene, challenge), scene["sizes"])


def _pictures(
    scene: dict[str, Any], challenge: dict[str, Any], count: int | None = None
) -> Pictures:
    """Return a scene's images, or the first few of them."""
    order = np.arange(len(scene["labels"]))[:count]
    classes = len(challenge["bias"])
    return Pictures(scene["images"], challenge["image"], scene["labels"], order, classes=classes)


def _scene(task: dict[str, Any], scene: dict[str, Any], seed: int) -> dict[str, Any]:
    challenge = task["challenge"]
    like = _made_like(challenge)
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

    data = _pictures(scene, challenge)
    batches = Batches(data, scene["sizes"], on_batch=on_batch, passes=scene["passes"])
    if scene["scripted"] is None:
        model: Borrower = KnownClassifier(challenge["weight"], challenge["bias"], *like, on_call)
    else:
        scripted = torch.from_numpy(scene["scripted"].copy()).split(list(scene["sizes"]))
        model = ScriptedClassifier(*like, lambda inputs: scripted[current(inputs)])
    model.train()
    others = Batches(_pictures(scene, challenge, 3), [3], on_start=decoy("decoy_batches"))
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
    before = _state(model)
    runner = Runner(task["program"], seed, decoys)
    result: dict[str, Any] = {"error": None, "returned": None}
    recording = True
    try:
        runner.define()
        recording = torch.is_grad_enabled()
        model.borrow_from(runner.own_class())
        function = runner.namespace.get(task["program"]["name"])
        returned = runner.call(function, model, batches, torch.device("cpu"))
        result["returned"] = _returned(returned)
    except StudentError as error:
        result["error"] = error.data
    return {
        **result,
        "scripted": scene["scripted"] is not None,
        "calls": calls,
        "drawn": seen["drawn"],
        "batch": seen["batch"],
        "decoy_model": seen["decoy_model"],
        "decoy_batches": seen["decoy_batches"],
        "begun": batches.begun,
        "training_after": model.training,
        "switched_off": recording and not torch.is_grad_enabled(),
        "changed": _changed(before, _state(model)),
    }


def _state(model: torch.nn.Module) -> dict[str, tuple[torch.Tensor, bool]]:
    """Return copies of a model's parameters, and whether each of them can learn."""
    return {
        name: (value.detach().clone(), value.requires_grad)
        for name, value in model.named_parameters()
    }


def _changed(
    before: dict[str, tuple[torch.Tensor, bool]], after: dict[str, tuple[torch.Tensor, bool]]
) -> str:
    """Name what is no longer as it was: "values", "kind" of number, "learning", or nothing."""
    if list(before) != list(after):
        return "values"
    pairs = list(zip(before.values(), after.values(), strict=True))
    if any(one.dtype != other.dtype for (one, _), (other, _) in pairs):
        return "kind"
    if not all(torch.equal(one, other.to(one.device)) for (one, _), (other, _) in pairs):
        return "values"
    return "learning" if any(was != now for (_, was), (_, now) in pairs) else ""


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
    if isinstance(value, (Real, np.generic)) or (
        (isinstance(value, torch.Tensor) and value.numel() == 1 and not value.is_complex())
        or (isinstance(value, np.ndarray) and value.ndim == 0)
    ):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            number = None
    return {"type": type(value).__name__[:60], "value": number}
