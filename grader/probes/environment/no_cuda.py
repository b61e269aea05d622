"""Lets a notebook that says ``.to('cuda')`` run where there is no GPU."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class _OnTheCpu(TorchFunctionMode):
    """Replaces CUDA devices by the CPU in the arguments of every PyTorch function."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.Tensor.cuda:
            return args[0]
        given = {key: _cpu(value) for key, value in (kwargs or {}).items()}
        return func(*(_cpu(value) for value in args), **given)


def _cpu(value: Any) -> Any:
    if isinstance(value, str) and (value == "cuda" or value.startswith("cuda:")):
        return "cpu"
    if isinstance(value, torch.device) and value.type == "cuda":
        return torch.device("cpu")
    return value


def without_cuda(program: dict[str, Any]) -> AbstractContextManager[Any]:
    """Return a context to run a program in; it replaces CUDA where that is named and absent.

    A notebook that names the device was written on a machine with a GPU. That this one has none is
    no mistake of the student's.
    """
    named = any("cuda" in text for text, *_ in program["entries"])
    return _OnTheCpu() if named and not _has_gpu() else nullcontext()


@cache  # called before each call of student code; uncached it searches for the driver's library
def _has_gpu() -> bool:
    return torch.cuda.is_available()
