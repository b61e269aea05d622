"""Calls a module in both modes, and describes what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from grader.probes.environment.running import StudentError
from grader.probes.recording.values import argument, leaves, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.probes.environment.running import Namespace

# Twice each: chance shows. The last call shows what training has left behind.
MODES = ("eval", "eval", "train", "train", "eval")


def module_calls(
    runner: Namespace, module: Any, call: Callable[..., Any], case: dict[str, Any]
) -> dict[str, Any]:
    """Call ``call`` with a case's arguments once for each of ``MODES``.

    Each of ``calls`` is what it returned or raised. ``changed`` says whether an argument was
    changed in eval mode, ``unreached`` which parameters no gradient of that output reaches, and
    ``backward`` what computing these raised.
    """
    found: dict[str, Any] = {"calls": [], "changed": False, "unreached": [], "backward": None}
    for number, mode in enumerate(MODES):
        given = [argument(value) for value in case["args"]]
        named = {name: argument(value) for name, value in case["kwargs"].items()}
        try:
            if isinstance(module, nn.Module):
                # The class may have put something else in the place of these methods.
                runner.call(module.train if mode == "train" else module.eval)
            returned = runner.call(call, *given, **named)
        except StudentError as error:
            found["calls"].append({"mode": mode, "error": error.data})
            continue
        found["calls"].append({"mode": mode, "leaves": leaves(returned)})
        if number == 0:
            found["changed"] = not same(given, [argument(value) for value in case["args"]])
            if isinstance(module, nn.Module):
                found |= _gradients(runner, module, returned)
    return found


def _gradients(runner: Namespace, module: nn.Module, returned: Any) -> dict[str, Any]:
    """Return the names of the parameters that no gradient of what was returned reaches."""
    named = {name: p for name, p in module.named_parameters() if p.requires_grad}
    outputs = [tensor for tensor in _tensors(returned) if tensor.requires_grad and tensor.numel()]
    if not outputs or not named:
        return {"unreached": sorted(named)}
    # Not the plain sum: that of a softmax has no gradient.
    weights = [torch.linspace(0.5, 1.5, t.numel()).reshape(t.shape).to(t) for t in outputs]
    try:
        found = runner.call(
            torch.autograd.grad, outputs, list(named.values()), weights, allow_unused=True
        )
    except StudentError as error:
        return {"backward": error.data}
    return {"unreached": [name for name, grad in zip(named, found, strict=True) if grad is None]}


def _tensors(value: Any) -> list[torch.Tensor]:
    if isinstance(value, torch.Tensor):
        return [value] if value.is_floating_point() else []
    inner = value.values() if isinstance(value, dict) else value
    if isinstance(inner, (tuple, list)) or isinstance(value, dict):
        return [tensor for one in inner for tensor in _tensors(one)]
    return []
