"""Tensors on pretended devices say where they were brought, and mixing them is noted."""

from __future__ import annotations

import operator
from typing import Any

import pytest
import torch
from torch import nn

from grader.probes.doubles.devices import CPU, GPU, Pretended, place_of, pretended_gpu, put

ONES = torch.ones(2, 3)
GPU_DEVICE = torch.device(GPU)


def there() -> torch.Tensor:
    return put(torch.ones(2, 3), GPU)


@pytest.mark.parametrize(
    ("move", "place"),
    [
        (lambda x: x.to(GPU_DEVICE), GPU),
        (lambda x: x.to("cuda"), GPU),
        (lambda x: x.to(0), GPU),
        (lambda x: x.to(device=GPU_DEVICE, dtype=torch.float64), GPU),
        (lambda x: x.to(GPU_DEVICE, torch.float16), GPU),
        (lambda x: x.to(there()), GPU),
        (lambda x: x.type_as(there()), GPU),
        (lambda x: x.cuda(), GPU),
        (lambda x: x.cuda(1), "cuda:1"),
        (lambda x: x.to("cuda:1"), "cuda:1"),
        (lambda x: x.to(GPU_DEVICE).cpu(), CPU),
        (lambda x: x.to(GPU_DEVICE).float().view(3, 2)[0], GPU),
        (lambda x: torch.max(x.to(GPU_DEVICE), 1)[1], GPU),
        (lambda x: torch.stack([x.cuda(), x.cuda()]), GPU),
        (lambda _: torch.zeros(3, device=GPU_DEVICE), GPU),
        (lambda x: torch.zeros_like(x.cuda()), GPU),
        (lambda x: x.to(torch.float64), CPU),
        (lambda x: x, CPU),
    ],
)
def test_a_tensor_is_where_it_was_brought(move: Any, place: str) -> None:
    with Pretended() as devices:
        moved = move(ONES)
        assert str(moved.device) == place
        assert moved.is_cuda == place.startswith("cuda")
    assert (devices.notes, place_of(ONES)) == ([], CPU)


@pytest.mark.parametrize(
    ("compute", "what"),
    [
        (lambda x, y: x == y, ["mixed"]),
        (torch.eq, ["mixed"]),
        (lambda x, y: torch.cat([x, y]), ["mixed"]),
        (nn.functional.linear, ["mixed"]),
        (lambda _, y: y.numpy(), ["leaving"]),
        (lambda _, y: y.cpu().numpy(), []),
        (lambda x, y: x.to(y.device) == y, []),
        (lambda x, y: y * x.sum(), []),
        (lambda x, y: x * y.sum(), ["mixed"]),
        (lambda _, y: torch.zeros(1).add_(y.sum()), ["mixed"]),
        (lambda _, y: operator.iadd(torch.zeros(1), (y == 1).sum()), ["mixed"]),
        (lambda _, y: operator.iadd(torch.tensor(0.0), y.sum()), ["mixed"]),
        (lambda _, y: operator.iadd(y.sum(), torch.tensor(1.0)), []),
        (lambda _, y: torch.tensor(0.0) + y.sum(), []),
        (lambda _, y: operator.iadd(0, y.sum()), []),
        (lambda _, y: torch.zeros(3).fill_(y.sum()), []),
        (lambda _, y: torch.vmap(lambda row: row * 2)(y) + y, []),
        (lambda _, y: torch.vmap(nn.functional.linear, (0, None))(y, y) @ y, []),
        (lambda x, y: torch.vmap(lambda row: row * 2)(y) + (x == y), ["mixed"]),
        (lambda _, y: torch.max(torch.vmap(lambda row: row * 2)(y), 1)[0] == y[:, 0], []),
        (lambda _, y: y[torch.tensor([0])], []),
        (lambda x, y: x.copy_(y), []),
        (lambda _, y: (y == 1).sum().item(), []),
        (lambda _, y: y.tolist(), []),
    ],
)
def test_what_would_stop_on_a_real_device_is_noted(compute: Any, what: list[str]) -> None:
    with Pretended() as devices:
        compute(ONES.clone(), there())
    assert [note["what"] for note in devices.notes] == what


def test_a_model_moves_with_its_parameters() -> None:
    with Pretended() as devices:
        model = nn.Linear(3, 2).to(GPU_DEVICE)
        assert str(next(model.parameters()).device) == GPU
        assert str(model(ONES.cuda()).device) == GPU
        assert str(next(model.cpu().parameters()).device) == CPU
    assert devices.notes == []


def test_a_gpu_is_there_only_while_it_is_pretended() -> None:
    before = torch.cuda.is_available()
    with pretended_gpu(there=True):
        assert torch.cuda.is_available()
    with pretended_gpu(there=False):
        assert torch.cuda.is_available() is before
    assert torch.cuda.is_available() is before
