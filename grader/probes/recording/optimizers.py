"""Describes an optimizer as plain data: its rule, and the numbers that it is set to."""

from __future__ import annotations

from numbers import Real
from typing import Any

import torch

# The settings on which the steps of PyTorch's optimizers depend.
_SETTINGS = (
    *("lr", "momentum", "dampening", "nesterov", "weight_decay", "decoupled_weight_decay"),
    *("maximize", "eps", "amsgrad", "alpha", "centered", "momentum_decay", "rho", "lr_decay"),
    "initial_accumulator_value",
)


def rule_of(optimizer: Any) -> str:
    """Return the class of an optimizer; one that is not PyTorch's own is marked as such."""
    kind = type(optimizer)
    own = kind.__module__.startswith("torch.optim")
    return kind.__name__[:60] if own else f"own {kind.__name__[:50]}"


def settings_of(group: dict[str, Any]) -> dict[str, float]:
    """Return the numbers that an optimizer's group of parameters is set to, by name."""
    found = {
        name: float(group[name])
        for name in _SETTINGS
        if isinstance(group.get(name), (Real, torch.Tensor))
        and not (isinstance(group[name], torch.Tensor) and group[name].numel() != 1)
    }
    # PyTorch has both factors in one tuple.
    first, second = group.get("betas", (None, None))
    return found if first is None else {**found, "beta_1": float(first), "beta_2": float(second)}
