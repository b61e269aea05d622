"""Observes the student's forward pass under the judge's weights and inputs."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import torch
from torch import nn

from grader.probes.doubles.given import stand_ins
from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.constructing import Builder
from grader.probes.recording.layers_used import layers_used

_OTHER_BATCH = 5
# One row may be the one that sets a largest value for all.
_ALONE = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Load the challenge's weights into the student's layers and report the outputs.

    Per input of shape (N, inputs) and per mode (eval, train, eval again) one
    ``{"output": array}``, ``{"error": …}``, ``{"type": …}`` of what is no tensor, or
    ``{"shape": …}`` of a tensor that is too large. ``changed`` are the parameters that these calls
    have changed. ``other`` is a call of a model of other sizes, ``layers`` are those that one more
    call uses. ``alone`` are outputs of rows that are given one by one.
    """
    challenge = task["challenge"]
    runner = Namespace(task["program"], seed, stand_ins(challenge))
    try:
        builder = Builder(runner, challenge["dims"])
        model = builder.build(challenge["dims"], known_only=True)
    except StudentError as error:
        return {"error": error.data, "outputs": []}
    if not isinstance(model, nn.Module):
        return {"error": None, "outputs": [], "no_module": type(model).__name__[:60]}
    loaded = _loaded(model, challenge["weights"])
    if isinstance(loaded, str):
        return {"error": None, "outputs": [], "unfit": loaded}
    outputs = []
    for inputs in challenge["inputs"]:
        for mode in ("eval", "train", "eval"):
            outputs.append(
                {"mode": mode, **_output(runner, model, mode, torch.from_numpy(inputs.copy()))}
            )
    changed = _changed(model, loaded)
    used = _layers(runner, model, torch.from_numpy(challenge["inputs"][-1].copy()))
    rows = torch.from_numpy(challenge["inputs"][-1][:_ALONE].copy()).split(1)
    alone = [{"mode": "eval", **_output(runner, model, "eval", row)} for row in rows]
    other = _other(runner, builder, challenge["other"], seed)
    return {
        "error": None,
        "outputs": outputs,
        "changed": changed,
        "other": other,
        "layers": used,
        "alone": alone,
    }


def _layers(runner: Namespace, model: nn.Module, inputs: torch.Tensor) -> list[dict[str, Any]]:
    """Return the layers of a call in train mode, those before an exception where it raises one."""
    with layers_used(model) as noted, suppress(StudentError):
        runner.call(lambda: model.train()(inputs))
    return noted.found


def _other(
    runner: Namespace, builder: Builder, sizes: dict[str, Any], seed: int
) -> dict[str, Any] | None:
    """Return a call in eval mode of a model of other sizes, ``None`` where it has not these.

    Weights and inputs are drawn here: they would be large to send.
    """
    numbers = torch.Generator().manual_seed(seed)
    weights = {
        name: (
            ((torch.rand(shape, generator=numbers) - 0.5) / shape[1] ** 0.5).numpy(),
            (torch.rand(shape[0], generator=numbers) - 0.5).numpy(),
        )
        for name, shape in sizes["shapes"].items()
    }
    width = next(iter(sizes["shapes"].values()))[1]
    inputs = torch.randn(_OTHER_BATCH, width, generator=numbers)
    try:
        model = builder.build(sizes["dims"], known_only=True)
    except StudentError:
        return None
    if not isinstance(model, nn.Module) or isinstance(_loaded(model, weights), str):
        return None
    return {"mode": "eval", **_output(runner, model, "eval", inputs)}


def _loaded(model: nn.Module, weights: dict[str, Any]) -> dict[tuple[str, str], torch.Tensor] | str:
    """Load weights into layers and return copies, or the name of a layer that they do not fit."""
    loaded: dict[tuple[str, str], torch.Tensor] = {}
    with torch.no_grad():
        for name, (weight, bias) in weights.items():
            layer: Any = getattr(model, name, None)
            fits = (
                isinstance(getattr(layer, "weight", None), torch.Tensor)
                and isinstance(getattr(layer, "bias", None), torch.Tensor)
                and tuple(layer.weight.shape) == weight.shape
                and tuple(layer.bias.shape) == bias.shape
            )
            if not fits:
                return name
            layer.weight.copy_(torch.from_numpy(weight))
            layer.bias.copy_(torch.from_numpy(bias))
            loaded |= {(name, kind): getattr(layer, kind).clone() for kind in ("weight", "bias")}
    return loaded


def _changed(model: nn.Module, loaded: dict[tuple[str, str], torch.Tensor]) -> list[str]:
    """Return the parameters that no longer hold what was loaded, such as ``lin_1.weight``."""
    changed = []
    for (layer, name), value in loaded.items():
        now = getattr(getattr(model, layer, None), name, None)
        if not isinstance(now, torch.Tensor) or not torch.equal(now.to(value), value):
            changed.append(f"{layer}.{name}")
    return changed


def _output(runner: Namespace, model: Any, mode: str, inputs: torch.Tensor) -> dict[str, Any]:
    try:
        # The class may have put something else in the place of these methods.
        runner.call(lambda: model.train() if mode == "train" else model.eval())
        output = runner.call(model, inputs)
    except StudentError as error:
        return {"error": error.data}
    if not isinstance(output, torch.Tensor):
        return {"type": type(output).__name__[:60]}
    if output.numel() > 100_000 or output.is_complex() or output.is_sparse:
        return {"shape": [int(size) for size in output.shape[:8]]}
    return {"output": output.detach().to("cpu", torch.float32).numpy()}
