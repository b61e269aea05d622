"""Observes the layers of the student's class at several dims."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from grader.probes.environment.running import Namespace, StudentError


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Build the class at each of the challenge's dims and report every named layer.

    Per dims: ``{"error": …}`` or ``{"layers": {name: {"type", "weight", "bias"}}}``, shapes as
    lists, ``bias`` ``None`` where there is none. ``shared`` names the layers that two objects of
    the class have in common.
    """
    challenge = task["challenge"]
    runner = Namespace(task["program"], seed, {"device": torch.device("cpu")})
    try:
        runner.define()
    except StudentError as error:
        return {"error": error.data, "builds": [], "shared": []}
    cls = runner.namespace.get(task["program"]["name"])
    builds, models = [], []
    for dims in challenge["dims"]:
        try:
            # The defaults are the class's own: the first build passes no dims at all.
            model = runner.call(cls, **dims)
        except StudentError as error:
            builds.append({"error": error.data})
            continue
        models.append((dims, model))
        builds.append({"layers": {name: _layer(model, name) for name in challenge["layers"]}})
    shared = _shared(runner, cls, models, challenge["layers"]) if models else []
    return {"error": None, "builds": builds, "shared": shared}


def _shared(
    runner: Namespace, cls: Any, models: list[tuple[dict[str, int], Any]], names: list[str]
) -> list[str]:
    """Return the layers of a new object that belong to one built before as well."""
    try:
        other = runner.call(cls, **models[-1][0])
    except StudentError:
        return []
    return [
        name
        for name in names
        if isinstance(weight := _weight(other, name), torch.Tensor)
        and any(_weight(model, name) is weight for _, model in models)
    ]


def _weight(model: Any, name: str) -> Any:
    return getattr(getattr(model, name, None), "weight", None)


def _layer(model: Any, name: str) -> dict[str, Any] | None:
    layer = getattr(model, name, None)
    if layer is None:
        return None
    weight, bias = getattr(layer, "weight", None), getattr(layer, "bias", None)
    return {
        "type": type(layer).__name__[:60],
        "linear": isinstance(layer, nn.Linear),
        "weight": list(weight.shape) if isinstance(weight, torch.Tensor) else None,
        "bias": list(bias.shape) if isinstance(bias, torch.Tensor) else None,
        "trainable": isinstance(weight, torch.Tensor) and weight.requires_grad,
    }
