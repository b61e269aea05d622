"""The judge's own arithmetic against PyTorch's."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from grader.checks.step_order.gradients import true_gradient

SHAPES = [(5, 12), (4, 5), (3, 4)]


def network() -> tuple[list[nn.Linear], np.ndarray]:
    torch.manual_seed(3)
    layers = [nn.Linear(inputs, outputs) for outputs, inputs in SHAPES]
    return layers, flat([p for layer in layers for p in (layer.weight, layer.bias)])


def flat(tensors: list[torch.Tensor]) -> np.ndarray:
    return torch.cat([t.detach().reshape(-1) for t in tensors]).numpy()


def test_gradient_is_autograds() -> None:
    layers, parameters = network()
    inputs, labels = torch.rand(7, 12), torch.randint(0, 3, (7,))
    hidden = inputs
    for layer in layers[:-1]:
        hidden = torch.tanh(layer(hidden))
    nn.functional.cross_entropy(layers[-1](hidden), labels).backward()
    expected = flat([p.grad for layer in layers for p in (layer.weight, layer.bias)])
    got = true_gradient(parameters, SHAPES, inputs.numpy(), labels.numpy())
    np.testing.assert_allclose(got, expected, atol=1e-6)
