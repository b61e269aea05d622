"""The settings of PyTorch's own layers, in one form for all ways to write them."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

# What says nothing of what a layer computes, or is read off its parameters' shapes.
_NO_SETTINGS = {"training", "inplace", "device", "dtype"}
_TEXT = 60


def family(layer: Any) -> str:
    """Return the name of the class of PyTorch's that a layer is or is derived from, or ""."""
    for cls in type(layer).__mro__:
        if cls.__module__.startswith("torch.nn.modules.") and cls is not nn.Module:
            return cls.__name__.removeprefix("Lazy")
    return ""


def settings(layer: Any) -> dict[str, str]:
    """Return the public attributes of a layer of PyTorch's that are plain values, as texts.

    Sizes in all directions at once are one number, and a padding "same" or "valid" is the number
    that it stands for.
    """
    if not isinstance(layer, nn.Module) or not family(layer):
        return {}
    found: dict[str, Any] = {
        name: _one(value)
        for name, value in vars(layer).items()
        if not name.startswith("_") and name not in _NO_SETTINGS and _is_plain(value)
    }
    if "padding" in found:
        found["padding"] = _padding(found)
    if found.get("stride", 0) is None:
        found["stride"] = found.get("kernel_size")
    own = vars(layer).get("_parameters", {})
    if "bias" in own:
        found["bias"] = own["bias"] is not None
    return {name: str(value)[:_TEXT] for name, value in sorted(found.items())}


def _is_plain(value: Any) -> bool:
    if isinstance(value, (tuple, list)):
        return all(type(one) in (int, float, bool, str) for one in value)
    return value is None or type(value) in (int, float, bool, str, torch.Size)


def _one(value: Any) -> Any:
    """Return a tuple of equal items as one of them."""
    if isinstance(value, (tuple, list)):
        return value[0] if value and len(set(value)) == 1 else tuple(value)
    return value


def _padding(found: dict[str, Any]) -> Any:
    padding = found["padding"]
    if padding == "valid":
        return 0
    kernel, dilation = found.get("kernel_size"), found.get("dilation", 1)
    if padding == "same" and type(kernel) is int and type(dilation) is int:
        reach = dilation * (kernel - 1)
        return padding if reach % 2 else reach // 2
    return padding
