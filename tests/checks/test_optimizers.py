"""The judge's own rules of the optimizers against PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from grader.checks.step_order.optimizers import RULES, updates, usable
from grader.probes.recording.optimizers import settings_of

STEPS = 8  # RAdam begins to divide by its second average at the sixth
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {"lr": 0.1, "amsgrad": True}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.1}),
    ("NAdam", {"lr": 0.1}),
    ("NAdam", {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {"lr": 0.1, "weight_decay": 0.1}),
    ("Adamax", {"lr": 0.1, "weight_decay": 0.1}),
    ("RMSprop", {"lr": 0.1}),
    ("RMSprop", {"lr": 0.1, "momentum": 0.9, "centered": True, "weight_decay": 0.1}),
    ("Adagrad", {"lr": 0.1, "lr_decay": 0.1, "initial_accumulator_value": 0.5}),
    ("Adadelta", {"lr": 1.0, "weight_decay": 0.1}),
]


def path(
    kind: str, options: dict[str, Any], momenta: list[float] | None = None
) -> tuple[np.ndarray, np.ndarray, list[dict[str, float]]]:
    """The gradients, the parameters from first to last, and the settings of a few steps."""
    torch.manual_seed(1)
    parameter = nn.Parameter(torch.randn(6, dtype=torch.float64))
    optimizer = getattr(torch.optim, kind)([parameter], **options)
    gradients = torch.randn(STEPS, 6, dtype=torch.float64)
    states, settings = [parameter.detach().numpy().copy()], []
    for k, gradient in enumerate(gradients):
        group = optimizer.param_groups[0]
        if momenta and "betas" in group:
            group["betas"] = (momenta[k], 0.999)
        elif momenta:
            group["momentum"] = momenta[k]
        settings.append(settings_of(group))
        parameter.grad = gradient.clone()
        optimizer.step()
        states.append(parameter.detach().numpy().copy())
    return gradients.numpy(), np.stack(states), settings


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_updates_are_the_optimizers(kind: str, options: dict[str, Any]) -> None:
    gradients, states, settings = path(kind, options)
    assert all(usable(kind, one) for one in settings)
    got = updates(kind, gradients, states[:-1], settings)
    np.testing.assert_allclose(got, np.diff(states, axis=0), atol=1e-7)


@pytest.mark.parametrize("kind", ["SGD", "Adam"])
def test_a_schedule_may_change_the_momentum(kind: str) -> None:
    momenta = list(np.linspace(0.95, 0.85, STEPS))
    gradients, states, settings = path(kind, {"lr": 0.1}, momenta)
    got = updates(kind, gradients, states[:-1], settings)
    np.testing.assert_allclose(got, np.diff(states, axis=0), atol=1e-7)


def test_every_rule_is_compared() -> None:
    assert {kind for kind, _ in KINDS} == set(RULES)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("SGD", {}),
        ("SGD", {"lr": -0.1}),
        ("SGD", {"lr": float("nan")}),
        ("SGD", {"lr": 0.1, "momentum": 1.0}),
        ("SGD", {"lr": 0.1, "maximize": 1.0}),
        ("Adam", {"lr": 0.1}),
        ("LBFGS", {"lr": 0.1}),
        ("mine", {"lr": 0.1, "beta_1": 0.9, "beta_2": 0.9, "eps": 0.1}),
    ],
)
def test_settings_that_explain_nothing(kind: str, settings: dict[str, float]) -> None:
    assert not usable(kind, settings)
