"""Makes a student's arguments from plain data, and describes what comes back as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.probes.environment.running import Namespace

_MOST = 100_000
_MOST_LEAVES = 100
_DEEPEST = 6


def tensors(values: Sequence[Any]) -> list[Any]:
    """Return copies of drawn arguments for student code to change: arrays become tensors."""
    return [argument(value) for value in values]


def argument(value: Any) -> Any:
    """Return a drawn argument, see ``grader.checks.arguments.draw_argument``."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(np.array(value))
    if isinstance(value, list):
        return [argument(one) for one in value]
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(argument(one) for one in value["tuple"])
        return {key: argument(one) for key, one in value["dict"].items()}
    return value


def same(now: Any, then: Any) -> bool:
    """Whether two arguments hold the same."""
    if isinstance(now, torch.Tensor) and isinstance(then, torch.Tensor):
        return now.shape == then.shape and torch.equal(now.to(then.dtype), then)
    if type(now) is not type(then):
        return False
    if isinstance(now, (list, tuple)):
        return len(now) == len(then) and all(map(same, now, then))
    if isinstance(now, dict):
        return now.keys() == then.keys() and all(same(now[key], then[key]) for key in then)
    return bool(now == then)


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


def leaves(value: Any) -> list[dict[str, Any]]:
    """Describe every value in nested tuples, lists and dicts, each with the ``path`` to it."""
    found: list[dict[str, Any]] = []
    for path, leaf in _walk(value, "", _DEEPEST):
        if len(found) == _MOST_LEAVES:
            break
        found.append({"path": path[:200], **described(leaf)})
    return found


def _walk(value: Any, path: str, deepest: int) -> Iterator[tuple[str, Any]]:
    if deepest and isinstance(value, (tuple, list)):
        for number, one in enumerate(value):
            yield from _walk(one, f"{path}[{number}]", deepest - 1)
    elif deepest and isinstance(value, dict):
        for key in value:
            named = repr(key[:40]) if type(key) is str else type(key).__name__
            yield from _walk(value[key], f"{path}[{named}]", deepest - 1)
    else:
        yield path, value


def function_of(runner: Namespace, program: dict[str, Any]) -> Any:
    """Run a program's definitions and return its function."""
    runner.define()
    return runner.namespace.get(program["name"])
