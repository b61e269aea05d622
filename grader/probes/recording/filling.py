"""Fills a module with numbers that are the same for every module of the same shapes."""

from __future__ import annotations

import zlib
from collections import Counter
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

_MEAN, _SPREAD = 0.3, 0.6


def fill(module: nn.Module, seed: int, groups: Sequence[str] = ()) -> dict[str, list[list[int]]]:
    """Set parameters and running statistics; return the shapes of the parameters by group.

    The k-th parameter of a shape gets the same numbers in every module, however it is called; of
    parameters below a name of ``groups`` these are counted alone. Matrices are scaled so that sums
    are about 1. No vector is all 0 or 1: a lost bias or scale shows.
    """
    seen: Counter[str] = Counter()
    shapes: dict[str, list[list[int]]] = {group: [] for group in groups}
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if nn.parameter.is_lazy(parameter) or not parameter.is_floating_point():
                continue
            group = _group(name, groups)
            if group:
                shapes[group].append(list(parameter.shape))
            key = f"{group} {list(parameter.shape)}"
            seen[key] += 1
            parameter.copy_(_numbers(f"{seed} {key} {seen[key]}", parameter))
        for name, buffer in module.named_buffers():
            kind = name.rpartition(".")[2]
            if kind in ("running_mean", "running_var") and buffer.is_floating_point():
                group = _group(name, groups)
                key = f"{group} {kind} {list(buffer.shape)}"
                seen[key] += 1
                drawn = _numbers(f"{seed} {key} {seen[key]}", buffer)
                buffer.copy_(drawn if kind == "running_mean" else 0.5 + drawn.abs())
    return {group: sorted(found) for group, found in shapes.items()}


def _group(name: str, groups: Sequence[str]) -> str:
    return next((one for one in groups if name == one or name.startswith(f"{one}.")), "")


def _numbers(key: str, like: torch.Tensor) -> torch.Tensor:
    generator = torch.Generator().manual_seed(zlib.crc32(key.encode()))
    drawn: torch.Tensor = torch.randn(like.shape, generator=generator)
    if like.dim() < 2:
        return _MEAN + _SPREAD * drawn
    return drawn.mul(max(like[0].numel(), 1) ** -0.5)
