"""Observes the layers that a student's class builds: their parameters, settings and behaviour."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from grader.probes.doubles.given import stand_ins
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.constructing import Builder
from grader.probes.recording.filling import fill
from grader.probes.recording.layer_settings import family, settings
from grader.probes.recording.module_calls import module_calls

_MOST_SHAPES = 64


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Build the class for each case and describe its listed layers, ``None`` for a missing one.

    Per case ``{"error": …, "tuples": […]}`` or ``{"layers": {name: …}}``. ``shared`` names the
    layers that two objects of the class have in common.
    """
    challenge = task["challenge"]
    runner = Namespace(task["program"], seed, stand_ins(challenge))
    names = list(challenge["layers"])
    try:
        builder = Builder(runner, challenge["dims"][0])
    except StudentError as error:
        return {"error": error.data, "builds": [], "shared": []}
    models: list[Any] = []
    builds = []
    for number, dims in enumerate(challenge["dims"]):
        usual = dims == challenge["dims"][0]
        try:
            model = builder.build(dims, known_only=usual)
        except StudentError as error:
            tuples = [n for n in names if isinstance(_found(builder.last, n), tuple)]
            builds.append({"error": error.data, "tuples": tuples})
            continue
        models.append((dims, model))
        layers = {}
        for name in names:
            inputs = challenge["layers"][name][number]
            layers[name] = _layer(runner, _found(model, name), inputs, challenge["seed"] + number)
        builds.append({"layers": layers})
    return {"error": None, "builds": builds, "shared": _shared(builder, models, names)}


def _found(model: Any, name: str) -> Any:
    """Return the layer of a dotted name, such as ``blocks.0.norm``; ``None`` if there is none."""
    try:
        for step in name.split("."):
            several = isinstance(model, (nn.Sequential, nn.ModuleList, list, tuple))
            model = model[int(step)] if several and step.isdigit() else getattr(model, step)
    except Exception:  # noqa: BLE001 - looking an attribute up may run the student's code
        return None
    return model


def _layer(
    runner: Namespace, layer: Any, inputs: dict[str, Any] | None, seed: int
) -> dict[str, Any] | None:
    if layer is None:
        return None
    seen: dict[str, Any] = {"type": type(layer).__name__[:60], "behaviour": None}
    if isinstance(layer, nn.Module) and inputs is not None:
        _materialise(runner, layer, inputs)
    named = list(layer.named_parameters()) if isinstance(layer, nn.Module) else []
    seen["family"] = family(layer)
    seen["names"] = [name[:100] for name, _ in named[:_MOST_SHAPES]]
    seen["shapes"] = [_shape(p) for _, p in named[:_MOST_SHAPES]]
    seen["trainable"] = all(p.requires_grad for _, p in named)
    seen["settings"] = settings(layer)
    if inputs is not None and callable(layer):
        if isinstance(layer, nn.Module):
            fill(layer, seed)
        seen["behaviour"] = module_calls(runner, layer, layer, inputs)
    return seen


def _materialise(runner: Namespace, layer: nn.Module, inputs: dict[str, Any]) -> None:
    """Call a lazy layer once: only then has it parameters."""
    if any(nn.parameter.is_lazy(p) for p in layer.parameters()):
        module_calls(runner, layer, layer, inputs)


def _shape(parameter: torch.Tensor) -> list[int]:
    """Return a parameter's shape, whatever its class says that it is."""
    if nn.parameter.is_lazy(parameter):
        return []
    with torch._C.DisableTorchFunctionSubclass():  # noqa: SLF001 - it has no public name
        return [torch.Tensor.size(parameter, k) for k in range(torch.Tensor.dim(parameter))]


def _shared(
    builder: Builder, models: list[tuple[dict[str, int], Any]], names: list[str]
) -> list[str]:
    """Return the layers of a new object whose parameters belong to one built before as well."""
    if not models:
        return []
    try:
        other = builder.build(models[-1][0], known_only=True)
    except StudentError:
        return []
    ours = {
        id(p) for _, model in models for name in names for p in _parameters(_found(model, name))
    }
    return [name for name in names if any(id(p) in ours for p in _parameters(_found(other, name)))]


def _parameters(layer: Any) -> list[Any]:
    return list(layer.parameters()) if isinstance(layer, nn.Module) else []
