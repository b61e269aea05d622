"""Plain Python values as a worker describes them: made again, compared, and shown to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader.checks.remark import TOLERANCE, number, shape_words
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

# Python's own numbers are of double precision.
_CLOSE = 1e-6
_LONGEST = 160
_MOST_DIGITS = 2000
_TOO_DEEP = 12
# Numbers can be chosen so that a set of them takes the square of their count to make.
_MOST_HASHED = 2000


@dataclass(frozen=True)
class OtherObject:
    """A value that is no plain one: the name of its class, and why it could not be sent.

    ``items`` are those of an iterator, a range or a view; of other objects the class alone counts.
    """

    of: str
    why: str = ""
    items: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        """Return how a reader is told of it."""
        return f"<{self.of}>"


@dataclass(frozen=True)
class Difference:
    """Where two values differ first, and how.

    ``path`` is how Python reaches it: ``[2]['a']``, "" for the whole. ``what`` is "type", "length",
    "keys", "shape", "dtype", "sign" or "value".
    """

    path: str
    what: Literal["type", "length", "keys", "shape", "dtype", "value"]
    got: Any
    wanted: Any


def rebuilt(told: Any, depth: int = _TOO_DEEP) -> Any:
    """Return the value that a worker described.

    Raises ``ValueError`` or another plain exception for what no probe sends.
    """
    if depth == 0 or type(told) is not dict:
        raise ValueError("no description of a value")
    make = _MAKE.get(told["type"])
    if make is None:
        raise ValueError("no such type")
    return make(told, depth)


def readable(told: Any) -> bool:
    """Whether a worker's description is one of a value: a forged one need not be."""
    try:
        rebuilt(told)
    except (ValueError, TypeError, LookupError, OverflowError):
        return False
    return True


def _whole(told: Mapping[str, Any], _depth: int) -> int:
    if len(told["digits"]) > _MOST_DIGITS:
        raise ValueError("too many digits")
    return int(told["digits"], 16)


def _dict(told: Mapping[str, Any], depth: int) -> dict[Any, Any]:
    if len(told["keys"]) > _MOST_HASHED:
        raise ValueError("too many items")
    keys, values = ([rebuilt(one, depth - 1) for one in told[key]] for key in ("keys", "values"))
    return dict(zip(keys, values, strict=True))


def _items(
    kind: Callable[[Any], Any], most: int | None = None
) -> Callable[[Mapping[str, Any], int], Any]:
    def make(told: Mapping[str, Any], depth: int) -> Any:
        if most is not None and len(told["items"]) > most:
            raise ValueError("too many items")
        return kind(rebuilt(one, depth - 1) for one in told["items"])

    return make


def _of_type(kind: type) -> Callable[[Mapping[str, Any], int], Any]:
    def make(told: Mapping[str, Any], _depth: int) -> Any:
        value = told["verbatim" if kind is str else "value"]
        if type(value) is not kind:
            raise ValueError("a value of another type")
        return value

    return make


def _array(told: Mapping[str, Any], _depth: int) -> np.ndarray:
    array, dtype = told["array"], _DTYPES[told["dtype"]]
    if not isinstance(array, np.ndarray):
        raise ValueError("no array")  # noqa: TRY004 - one kind of error for what is forged
    with np.errstate(all="ignore"):
        return array.astype(dtype)


_NAMES = (
    *("float16", "float32", "float64", "bool"),
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)),
)
_DTYPES = {name: np.dtype(name) for name in _NAMES} | {"bfloat16": np.dtype("float32")}
_MAKE: dict[str, Callable[[Mapping[str, Any], int], Any]] = {
    "NoneType": lambda _told, _depth: None,
    "bool": _of_type(bool),
    "float": _of_type(float),
    "str": _of_type(str),
    "int": _whole,
    "complex": lambda told, _depth: complex(*told["parts"]),
    "bytes": lambda told, _depth: bytes.fromhex(told["digits"]),
    "list": _items(list),
    "tuple": _items(tuple),
    "set": _items(set, _MOST_HASHED),
    "frozenset": _items(frozenset, _MOST_HASHED),
    "dict": _dict,
    "Tensor": _array,
    "ndarray": _array,
    "other": lambda told, depth: OtherObject(
        str(told["of"]),
        str(told["why"]),
        tuple(rebuilt(one, depth - 1) for one in told.get("items", ())),
    ),
}


def type_name(value: Any) -> str:
    """Return what Python calls a value's type; a number's stays ``int`` or ``float``."""
    return value.of if isinstance(value, OtherObject) else type(value).__name__


def difference(
    got: Any,
    wanted: Any,
    *,
    alike: Sequence[Collection[str]] = (),
    tolerance: float = _CLOSE,
    path: str = "",
) -> Difference | None:
    """Return the first difference of two values, ``None`` where they are equal.

    Numbers are equal within ``tolerance``, relative and absolute; ``3`` equals ``3.0``, and
    ``True`` is no number. Types that stand together in ``alike`` count as one.
    """
    deeper: dict[str, Any] = {"alike": alike, "tolerance": tolerance}
    if _number(got) and _number(wanted):
        return None if _near(got, wanted, tolerance) else Difference(path, "value", got, wanted)
    if not _same_type(got, wanted, alike):
        return Difference(path, "type", got, wanted)
    if isinstance(wanted, np.ndarray):
        return _arrays(np.asarray(got), wanted, path, tolerance)
    if isinstance(wanted, dict):
        return _dicts(got, wanted, path, deeper)
    if isinstance(wanted, (set, frozenset)) or isinstance(got, (set, frozenset)):
        same = len(got) == len(wanted) and set(got) == set(wanted)
        return None if same else Difference(path, "value", got, wanted)
    if isinstance(wanted, (list, tuple)):
        if len(got) != len(wanted):
            return Difference(path, "length", got, wanted)
        for place, (one, other) in enumerate(zip(got, wanted, strict=True)):
            found = difference(one, other, path=f"{path}[{place}]", **deeper)
            if found is not None:
                return found
        return None
    return None if got == wanted else Difference(path, "value", got, wanted)


def _number(value: Any) -> bool:
    return type(value) in (int, float, complex)


def _near(got: Any, wanted: Any, tolerance: float) -> bool:
    if type(got) is type(wanted) is int:
        return bool(got == wanted)
    try:
        if got == wanted or (got != got and wanted != wanted):  # noqa: PLR0124 - NaN
            return True
        return bool(abs(got - wanted) <= tolerance * (1 + abs(wanted)))
    except OverflowError:  # an integer that is no float
        return False


def _same_type(got: Any, wanted: Any, alike: Sequence[Collection[str]]) -> bool:
    one, other = type_name(got), type_name(wanted)
    plain = isinstance(got, OtherObject) == isinstance(wanted, OtherObject)
    return plain and (one == other or any({one, other} <= set(group) for group in alike))


def _dicts(
    got: Mapping[Any, Any], wanted: Mapping[Any, Any], path: str, deeper: Mapping[str, Any]
) -> Difference | None:
    if got.keys() != wanted.keys():
        return Difference(path, "keys", got, wanted)
    for key in wanted:
        found = difference(got[key], wanted[key], path=f"{path}[{shown(key)}]", **deeper)
        if found is not None:
            return found
    return None


def _arrays(got: np.ndarray, wanted: np.ndarray, path: str, tolerance: float) -> Difference | None:
    if got.shape != wanted.shape:
        return Difference(path, "shape", shape_words(got.shape), shape_words(wanted.shape))
    if got.dtype.kind != wanted.dtype.kind:
        return Difference(path, "dtype", str(got.dtype), str(wanted.dtype))
    room = TOLERANCE if wanted.dtype.itemsize <= np.dtype(np.float32).itemsize else tolerance
    scale = 1 + np.abs(wanted.astype(float)).max(initial=0)
    with np.errstate(all="ignore"):
        off = np.abs(got.astype(float) - wanted.astype(float))
    equal = (got == wanted) | (np.isnan(got.astype(float)) & np.isnan(wanted.astype(float)))
    right = bool((equal | (off <= room * scale)).all())
    return None if right else Difference(path, "value", got, wanted)


def shown(value: Any) -> str:
    """Return a value as Python writes it, cut, safe to show: texts stand in their quotes."""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, np.ndarray):
        return printable(np.array2string(value, threshold=8, precision=4), _LONGEST)
    try:
        return printable(repr(value), _LONGEST, keep_lines=True)
    except ValueError:  # more digits than Python writes
        return "a very large number"
