"""Layers like the notebook's that together are one linear layer of the judge's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHIFT = 100.0  # more than the difference of any two scores


class _Zeros(nn.Linear):
    """A layer that begins with zeros: drawing takes longer, and moves the random generator."""

    def reset_parameters(self) -> None:
        for parameter in self.parameters():
            nn.init.zeros_(parameter)


def add_layers(model: nn.Module, layers: Sequence[tuple[str, int, int]]) -> None:
    """Add layers of a name, a number of inputs and one of outputs to a model, all zeros."""
    for name, inputs, outputs in layers:
        layer = _Zeros(inputs, outputs)
        layer.__class__ = nn.Linear  # type: ignore[assignment]  # the class that student code sees
        setattr(model, name, layer)


def used_units(classes: int) -> int:
    """Return how many hidden units ``make_linear`` uses; the others are 0."""
    return 2 * classes + 1


def make_linear(layers: Sequence[nn.Linear], weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Make layers with ReLUs between them one linear layer of ``weight`` (C, D), ``bias`` (C,).

    Each score passes a ReLU in two hidden units: x = relu(x) - relu(-x). One more hidden unit is
    always negative: where the ReLUs are left out, it shifts every score. The last bias is the same
    for all scores and changes no prediction; it is there so that losing it can be seen.
    """
    classes = len(weight)
    with torch.no_grad():
        if len(layers) == 1:
            layers[0].weight.copy_(weight)
            layers[0].bias.copy_(bias)
            return
        layers[0].weight[: 2 * classes] = torch.cat([weight, -weight])
        layers[0].bias[: 2 * classes] = torch.cat([bias, -bias])
        for layer in layers[1:-1]:
            layer.weight[: 2 * classes, : 2 * classes] = torch.eye(2 * classes)
        both = torch.eye(classes)
        layers[-1].weight[:, : 2 * classes] = torch.cat([both, -both], dim=1)
        for layer in layers[:-1]:
            layer.bias[2 * classes] = -1
        layers[-1].weight[:, 2 * classes] = _SHIFT * torch.arange(classes)
        layers[-1].bias.fill_(0.5)
