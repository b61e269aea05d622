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
    """Reads every request for a CUDA device as one for the CPU."""

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
    """Return a context for running a program: active only where CUDA is asked for and absent.

    A student who wrote the device's name by hand worked on a machine that had one; that the
    grader's has none is not their mistake.
    """
    named = any("cuda" in text for text, *_ in program["entries"])
    return _OnTheCpu() if named and not _has_gpu() else nullcontext()


@cache  # asked before each of a student's calls, it looks for the driver's library each time
def _has_gpu() -> bool:
    return torch.cuda.is_available()
