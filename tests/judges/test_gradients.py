"""The judge's own arithmetic against PyTorch's."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from grader.judges.gradients import true_gradient, updates

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


@pytest.mark.parametrize(
    ("kind", "make", "momenta"),
    [
        ("SGD", lambda p: torch.optim.SGD(p, lr=0.1), [0.0] * 5),
        ("SGD", lambda p: torch.optim.SGD(p, lr=0.1), [0.95, 0.9, 0.85, 0.9, 0.95]),
        ("Adam", lambda p: torch.optim.Adam(p, lr=0.1), [0.9] * 5),
        ("Adam", lambda p: torch.optim.Adam(p, lr=0.1), [0.95, 0.9, 0.85, 0.9, 0.95]),
    ],
)
def test_updates_are_the_optimizers(kind: str, make: object, momenta: list[float]) -> None:
    torch.manual_seed(1)
    parameter = nn.Parameter(torch.zeros(6, dtype=torch.float64))
    optimizer = make([parameter])  # type: ignore[operator]
    gradients = torch.randn(5, 6, dtype=torch.float64)
    seen = []
    for gradient, momentum in zip(gradients, momenta, strict=True):
        group = optimizer.param_groups[0]
        if kind == "SGD":
            group["momentum"] = momentum
        else:
            group["betas"] = (momentum, 0.999)
        before = parameter.detach().clone()
        parameter.grad = gradient.clone()
        optimizer.step()
        seen.append((parameter.detach() - before).numpy())
    np.testing.assert_allclose(
        updates(kind, gradients.numpy(), [0.1] * 5, momenta), np.stack(seen), atol=1e-9
    )
