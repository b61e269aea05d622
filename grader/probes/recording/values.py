"""Describes what a student's function returns as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.probes.environment.running import Namespace

_MOST = 100_000


def tensors(arrays: Sequence[np.ndarray]) -> list[torch.Tensor]:
    """Return copies of arrays as tensors, for student code to change."""
    return [torch.from_numpy(np.array(array)) for array in arrays]


def outputs(returned: Any, count: int) -> list[dict[str, Any]]:
    """Describe each of ``count`` returned values, or what was returned instead, as one."""
    if count == 1:
        return [described(returned)]
    if isinstance(returned, (tuple, list)) and len(returned) == count:
        return [described(value) for value in returned]
    if isinstance(returned, torch.Tensor) and returned.dim() and len(returned) == count:
        return [described(value) for value in returned]
    return [{"type": type(returned).__name__[:60]}]


def described(value: Any) -> dict[str, Any]:
    """Return a value's numbers and dtype, or its type alone where it is no number or array."""
    kind = type(value).__name__[:60]
    if isinstance(value, torch.Tensor):
        if value.numel() > _MOST or value.is_complex() or value.is_sparse:
            return {"type": kind}
        array = value.detach().to("cpu", torch.float64).numpy()
        return {"array": array, "dtype": str(value.dtype).removeprefix("torch.")[:20]}
    if isinstance(value, (bool, int, float, np.ndarray, np.generic)):
        plain = np.asarray(value)
        if plain.size > _MOST or plain.dtype.kind not in "fiub":
            return {"type": kind}
        return {"array": plain.astype(np.float64), "dtype": str(plain.dtype)[:20]}
    return {"type": kind}


def function_of(runner: Namespace, program: dict[str, Any]) -> Any:
    """Run a program's definitions and return its function."""
    runner.define()
    return runner.namespace.get(program["name"])
