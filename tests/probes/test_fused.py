"""Fused steps are the same steps, and are nobody's who chose others."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn
from torch.optim import adam, adamw

from grader.probes.environment.fused import can_fuse, fused_steps

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


_VERSION = tuple(int(number) for number in torch.__version__.split(".")[:2])


def _trained(make: Any, steps: AbstractContextManager[None]) -> tuple[torch.Tensor, int]:
    """Return all parameters after some steps, and how often autograd heard of a change."""
    torch.manual_seed(3)
    model = nn.Sequential(nn.Linear(6, 5), nn.ReLU(), nn.Linear(5, 3))
    optimizer = make(model.parameters())
    inputs, labels = torch.rand(20, 6), torch.randint(3, (20,))
    with steps:
        for _ in range(12):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(inputs), labels).backward()
            optimizer.step()
    assert not any(group["fused"] for group in optimizer.param_groups)
    return torch.cat([p.detach().flatten() for p in model.parameters()]), model[0].weight._version


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each step that Adam or AdamW made was fused."""
    # Tried out before steps are noted. PyTorch 2.5 was the first that could: 2.4 has fused steps,
    # but counts up one tensor's version at a time.
    assert can_fuse() or _VERSION < (2, 5)
    seen: list[bool] = []

    def noting(step: Any, *args: Any, **kwargs: Any) -> None:
        seen.append(bool(kwargs["fused"]))
        step(*args, **kwargs)

    # AdamW has steps of its own before PyTorch 2.6.
    for module, name in ((adam, "adam"), (adamw, "adamw")):
        monkeypatch.setattr(module, name, partial(noting, getattr(module, name)))
    return seen


_OPTIONS: list[dict[str, Any]] = [
    {"lr": 0.01},
    {"lr": torch.tensor(0.01)},
    {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-4, "weight_decay": 0.1},
    {"lr": 0.01, "amsgrad": True},
    {"lr": 0.01, "maximize": True},
]


@pytest.mark.parametrize("kind", [torch.optim.Adam, torch.optim.AdamW])
@pytest.mark.parametrize("options", _OPTIONS, ids="-".join)
def test_fused_steps_end_where_the_others_do(
    kind: Any, options: dict[str, Any], noted: list[bool]
) -> None:
    def make(parameters: Any) -> Any:
        return kind(parameters, **options)

    plain, told = _trained(make, nullcontext())
    fused, told_too = _trained(make, fused_steps())
    torch.testing.assert_close(plain, fused, rtol=1e-5, atol=1e-6)
    assert noted == [False] * 12 + [can_fuse()] * 12
    # What PyTorch's own fused steps leave out: it is what makes it refuse a stale graph.
    assert min(told, told_too) >= 12


def test_a_backward_pass_after_the_step_is_refused_all_the_same() -> None:
    layer = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    optimizer = torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 2)).sum().backward()
    with fused_steps():
        loss = layer(torch.ones(1, 2)).sum()
        optimizer.step()
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            loss.backward()


class _Own(torch.optim.Adam):
    """One that makes steps of its own."""

    @torch.no_grad()
    def step(self, _closure: Any = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                parameter.sub_(group["lr"] * parameter.grad)


@pytest.mark.parametrize(
    "make",
    [
        lambda parameters: torch.optim.SGD(parameters, lr=0.1),
        lambda parameters: torch.optim.Adam(parameters, foreach=True),
        lambda parameters: _Own(parameters, lr=0.1),
    ],
    ids=["another", "foreach", "derived"],
)
def test_others_are_left_as_they_are(make: Any, noted: list[bool]) -> None:
    _trained(make, fused_steps())
    assert not any(noted)


@pytest.mark.parametrize(
    ("numbers", "gradient"),
    [
        (torch.zeros(2, dtype=torch.complex64), torch.ones(2, dtype=torch.complex64)),
        (torch.zeros(4, 3)[:, ::2], torch.ones(4, 2)),
        (torch.zeros(3, 2), torch.ones(2, 3).t()),
    ],
    ids=["complex", "with gaps", "gradient in another order"],
)
def test_numbers_that_cannot_be_fused_are_left_as_they_are(
    numbers: torch.Tensor, gradient: torch.Tensor, noted: list[bool]
) -> None:
    parameter = nn.Parameter(numbers)
    parameter.grad = gradient
    with fused_steps():
        torch.optim.Adam([parameter]).step()
    assert noted == [False]


def test_after_a_step_that_raised_all_is_as_it_was() -> None:
    parameter = nn.Parameter(torch.zeros(2))
    optimizer = torch.optim.Adam([parameter])

    def closure() -> None:
        raise ValueError("in the middle")

    with fused_steps(), pytest.raises(ValueError, match="in the middle"):
        optimizer.step(closure)
    assert optimizer.param_groups[0]["fused"] is None
