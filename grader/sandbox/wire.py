"""Encodes plain data for the way between the trusted process and a worker; never pickle.

The format: four bytes with the length of a JSON text, the text, then the arrays' bytes in the
text's order (C order, little endian). Spaces after the text align the first array. Every JSON
object has one key: ``"="`` for a dict, ``"#"`` for an array as ``[dtype, shape]``. Tuples arrive as
lists.
"""

from __future__ import annotations

import json
import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from mmap import mmap

_LENGTH = struct.Struct("<I")
_DICT, _ARRAY = "=", "#"
_DTYPES = {name: np.dtype(name).newbyteorder("<") for name in ("float32", "float64", "int64")}
_DTYPES |= {name: np.dtype(name).newbyteorder("<") for name in ("int32", "uint8", "bool")}
_MAX_DIMENSIONS = 16
_ALIGNED = 64
# Integers must fit into a float, so that judges can compare them with floats.
_MAX_INT_DIGITS = 300
_MAX_INT_BITS = 990


class WireError(Exception):
    """The bytes, or the value, are not plain data within the bounds."""


@dataclass(frozen=True)
class Bounds:
    """What the reader accepts; checked before memory of that size is allocated.

    ``frame_bytes`` limits one value, ``total_bytes`` all that one process sends, ``text_bytes`` the
    JSON part of a value, ``string_chars`` one string.
    """

    frame_bytes: int = 16 << 20
    total_bytes: int = 64 << 20
    text_bytes: int = 2 << 20
    string_chars: int = 1 << 16
    arrays: int = 4096
    depth: int = 32


# For data that the trusted process wrote, which may be large.
TRUSTED = Bounds(frame_bytes=1 << 40, text_bytes=1 << 40, string_chars=1 << 40, arrays=1 << 20)


def encode(value: Any) -> bytes:
    """Return the bytes of None, bool, int, float, str, list, tuple, dict[str, ...] and arrays.

    Subclasses, which could override methods, are refused. Raises ``WireError``.
    """
    buffers: list[bytes] = []
    tree = _flatten(value, buffers, Bounds.depth)
    # A lone surrogate has no UTF-8 and becomes a question mark.
    text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    data = text.encode("utf-8", "replace")
    if buffers:
        data += b" " * (-(_LENGTH.size + len(data)) % _ALIGNED)
    return b"".join((_LENGTH.pack(len(data)), data, *buffers))


def decode(data: bytes | mmap, bounds: Bounds | None = None, *, copy: bool = True) -> Any:
    """Return the value that ``data`` holds, arrays as fresh writable copies.

    Without ``copy`` aligned arrays are views of ``data``. Raises ``WireError``, and nothing else,
    for bytes that ``encode`` would not write or that exceed ``bounds``.
    """
    bounds = bounds or Bounds()
    if len(data) > bounds.frame_bytes:
        raise WireError(f"{len(data)} bytes, more than {bounds.frame_bytes}")
    if len(data) < _LENGTH.size:
        raise WireError("no length")
    start = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    if start > len(data) or start > bounds.text_bytes:
        raise WireError(f"a text of {start} bytes is cut short or too long")
    try:
        tree = json.loads(
            data[_LENGTH.size : start].decode(),
            object_pairs_hook=_Pairs,
            parse_int=_parse_int,
        )
        builder = _Builder(data, start, bounds, copy=copy)
        value = builder.build(tree, bounds.depth)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise WireError(f"malformed: {type(error).__name__}") from None
    builder.finish()
    return value


def _flatten(value: Any, buffers: list[bytes], depth: int) -> Any:
    """Return what ``json`` writes for ``value``; append the arrays' bytes to ``buffers``."""
    kind = type(value)
    if value is None or kind in (bool, float, str):
        return value
    if kind is int:
        if value.bit_length() > _MAX_INT_BITS:
            raise WireError("an integer is too large")
        return value
    if depth == 0:
        raise WireError("nested too deeply")
    if kind in (list, tuple):
        return [_flatten(item, buffers, depth - 1) for item in value]
    if kind is dict:
        if any(type(key) is not str for key in value):
            raise WireError("a dict's keys must be strings")
        return {_DICT: {k: _flatten(item, buffers, depth - 1) for k, item in value.items()}}
    if kind is np.ndarray:
        dtype = _DTYPES.get(value.dtype.name)
        if dtype is None:
            raise WireError(f"cannot send an array of {value.dtype.name}")
        buffers.append(value.astype(dtype, copy=False).tobytes(order="C"))
        return {_ARRAY: [value.dtype.name, list(value.shape)]}
    raise WireError(f"cannot send a {kind.__name__}")


def _parse_int(text: str) -> int:
    """Refuse integers that take long to parse."""
    if len(text) > _MAX_INT_DIGITS:
        raise ValueError("an integer is too large")
    return int(text)


class _Pairs(tuple):  # type: ignore[type-arg]  # noqa: SLOT001  # only marks json's objects
    """A JSON object as a tuple of pairs, so that repeated keys are seen."""


class _Builder:
    """Rebuilds the value, taking the arrays' bytes one after another."""

    def __init__(self, data: bytes | mmap, start: int, bounds: Bounds, *, copy: bool) -> None:
        self._data = data
        self._copy = copy
        self._position = start
        self._bounds = bounds
        self._arrays = 0

    def build(self, tree: Any, depth: int) -> Any:
        if type(tree) is str:
            if len(tree) > self._bounds.string_chars:
                raise WireError(f"a string of {len(tree)} characters")
            tree.encode()  # a lone surrogate raises here, not when the report is written
            return tree
        if not isinstance(tree, (list, _Pairs)):
            return tree
        if depth == 0:
            raise WireError("nested too deeply")
        if isinstance(tree, list):
            return [self.build(item, depth - 1) for item in tree]
        if len(tree) != 1:
            raise WireError("an object without its tag")
        tag, content = tree[0]
        if tag == _DICT and isinstance(content, _Pairs):
            return self._dict(content, depth - 1)
        if tag == _ARRAY and type(content) is list:
            return self._array(content)
        raise WireError("an object with an unknown tag")

    def finish(self) -> None:
        if self._position != len(self._data):
            raise WireError("bytes are left over")

    def _dict(self, pairs: _Pairs, depth: int) -> dict[str, Any]:
        value = {self.build(key, depth): self.build(item, depth) for key, item in pairs}
        if len(value) != len(pairs):
            raise WireError("a key is there twice")
        return value

    def _array(self, content: list[Any]) -> np.ndarray[Any, Any]:
        self._arrays += 1
        if self._arrays > self._bounds.arrays:
            raise WireError("too many arrays")
        if len(content) != 2 or type(content[0]) is not str or type(content[1]) is not list:
            raise WireError("an array without dtype and shape")
        dtype, shape = _DTYPES.get(content[0]), content[1]
        if dtype is None:
            raise WireError("an array of an unknown dtype")
        sizes = [n for n in shape if type(n) is int and 0 <= n <= self._bounds.frame_bytes]
        if len(sizes) != len(shape) or len(shape) > _MAX_DIMENSIONS:
            raise WireError("an array with an impossible shape")
        start, self._position = self._position, self._position + math.prod(sizes) * dtype.itemsize
        if self._position > len(self._data):
            raise WireError("an array is cut short")
        count = math.prod(sizes)
        if dtype == np.bool_ and np.any(np.frombuffer(self._data, np.uint8, count, start) > 1):
            raise WireError("a boolean that is neither true nor false")
        flat = np.frombuffer(self._data, dtype, count, start)
        copy = self._copy or not flat.flags.aligned
        return flat.reshape(sizes).astype(dtype.newbyteorder("="), copy=copy)
