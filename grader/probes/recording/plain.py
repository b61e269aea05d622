"""Describes any Python value as plain data that says its types: for functions without tensors."""

from __future__ import annotations

from itertools import islice
from types import GeneratorType
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_DEEPEST = 8
_MOST_ITEMS = 20_000
_MOST_HASHED = 2000
_MOST_NUMBERS = 100_000
_LONGEST_TEXT = 20_000
_MOST_BITS = 6_000
_LONGEST_NAME = 60
_ITEMS: dict[type, Callable[[Any], Iterator[Any]]] = {
    list: list.__iter__,
    tuple: tuple.__iter__,
    set: set.__iter__,
    frozenset: frozenset.__iter__,
}
# What gives its items one by one; a student's own iterator is an object of its class.
_LAZY: tuple[type, ...] = (
    *(GeneratorType, range, map, filter, zip, enumerate, reversed),
    *(type({}.keys()), type({}.values()), type({}.items())),
)


class TooMuchError(Exception):
    """A value has more items than a worker sends."""


def described(value: Any) -> dict[str, Any]:
    """Return a value as ``{"type": …}`` with what it holds.

    A value of a subclass, such as a ``Counter``, is described as what it derives from. What is no
    plain value has its class's name in ``of``; so has one that is too large or too deep.
    """
    try:
        return _described(value, _DEEPEST, [_MOST_ITEMS])
    except TooMuchError:
        return _other(value, "too large")


def _described(value: Any, depth: int, left: list[int]) -> dict[str, Any]:
    left[0] -= 1
    if left[0] < 0:
        raise TooMuchError
    kind = type(value)
    if value is None:
        return {"type": "NoneType"}
    if issubclass(kind, (torch.Tensor, np.ndarray)):
        return _array(value)
    if issubclass(kind, np.generic):
        value = value.item()
        kind = type(value)
    if issubclass(kind, (str, bytes)):
        return _text(value, kind)
    if issubclass(kind, (int, float, complex)):
        return _number(value, kind)
    return _container(value, kind, depth, left)


def _number(value: Any, kind: type) -> dict[str, Any]:
    if issubclass(kind, bool):
        return {"type": "bool", "value": bool(value)}
    if issubclass(kind, float):
        return {"type": "float", "value": float.__float__(value)}
    if issubclass(kind, complex):
        return {"type": "complex", "parts": [complex(value).real, complex(value).imag]}
    if int.bit_length(value) > _MOST_BITS:
        return _other(value, "too large")
    # Not a number of JSON: it may have more digits than the wire carries.
    return {"type": "int", "digits": int.__format__(value, "x")}


def _text(value: Any, kind: type) -> dict[str, Any]:
    base: Any = str if issubclass(kind, str) else bytes
    if base.__len__(value) > _LONGEST_TEXT:
        return _other(value, "too large")
    if base is bytes:
        return {"type": "bytes", "digits": bytes.hex(value)}
    return {"type": "str", "verbatim": _without_surrogates(value)}


def _container(value: Any, kind: type, depth: int, left: list[int]) -> dict[str, Any]:
    if depth == 0:
        return _other(value, "too deep")
    if issubclass(kind, (dict, set, frozenset)) and len(value) > _MOST_HASHED:
        return _other(value, "too large")
    if issubclass(kind, dict):
        pairs: Iterable[Any] = dict.items(value)
        items = [_described(one, depth - 1, left) for pair in pairs for one in pair]
        return {"type": "dict", "keys": items[::2], "values": items[1::2]}
    for base, each in _ITEMS.items():
        if issubclass(kind, base):
            items = [_described(one, depth - 1, left) for one in each(value)]
            return {"type": base.__name__, "items": items}
    if issubclass(kind, _LAZY):
        items = [_described(one, depth - 1, left) for one in islice(value, _MOST_ITEMS)]
        return {**_other(value), "items": items}
    return _other(value)


def _array(value: Any) -> dict[str, Any]:
    """Describe a tensor or an array; numbers keep their dtype's name and arrive as they are."""
    kind = "Tensor" if isinstance(value, torch.Tensor) else "ndarray"
    if isinstance(value, torch.Tensor):
        if value.is_sparse or value.is_complex() or value.numel() > _MOST_NUMBERS:
            return _other(value)
        dtype = str(value.dtype).removeprefix("torch.")
        whole = not value.is_floating_point()
        array = value.detach().to("cpu", torch.int64 if whole else torch.float64).numpy()
    else:
        dtype = str(value.dtype)
        if value.dtype.kind not in "fiub" or value.size > _MOST_NUMBERS:
            return _other(value)
        array = np.array(value, np.float64 if value.dtype.kind == "f" else np.int64)
    return {"type": kind, "dtype": dtype[:_LONGEST_NAME], "array": array}


def _other(value: Any, why: str = "") -> dict[str, Any]:
    return {"type": "other", "of": type(value).__name__[:_LONGEST_NAME], "why": why}


def _without_surrogates(text: str) -> str:
    return str.encode(text, "utf-8", "replace").decode("utf-8", "replace")
