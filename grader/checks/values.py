"""Compares what a function returned with what it should have: form first, then numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, final

import numpy as np

from grader.checks.remark import (
    TOLERANCE,
    Facts,
    Remark,
    close,
    error_of,
    number,
    raised,
    same_error,
    shape_words,
)
from grader.checks.schema import Array, Failed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@final
class OtherValue(TypedDict):
    """A value that is no number or array: the name of its type."""

    type: str


@final
class ArrayValue(TypedDict):
    """A number or an array, and the dtype that it had in the student's code."""

    array: Array
    dtype: str


Value = OtherValue | ArrayValue


@final
class Returned(TypedDict):
    """A call that ended: one value an output, and whether the arguments were changed."""

    returned: list[Value]
    changed: bool


Call = Failed | Returned
# The general codes of ``misformed``.
MISFORMED = frozenset({"value_of_other_type", "value_of_other_shape", "value_not_finite"})


def arrays(values: Iterable[Value]) -> list[np.ndarray]:
    """Return the arrays among values: all of them, where the values are the reference's."""
    return [value["array"] for value in values if "array" in value]


def counted(values: Sequence[Value], count: int) -> bool:
    """Whether there are ``count`` values, or one thing that is no value in their place."""
    return len(values) == count or (len(values) == 1 and "type" in values[0])


def alike_values(one: Sequence[Value], other: Sequence[Value], place: int | None) -> bool:
    """Whether two lists of values hold the same numbers: all of them, or those at ``place``."""
    if len(one) != len(other):
        return False
    places = range(len(one)) if place is None else [place] if place < len(one) else []
    return bool(places) and all(_alike(one[k], other[k]) for k in places)


def alike_calls(one: Sequence[Call], other: Sequence[Call], place: int | None) -> bool:
    """Whether two lists of calls returned the same, or failed the same way."""
    if len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        if "error" in a or "error" in b:
            if not same_error(error_of(a), error_of(b)):
                return False
        elif not alike_values(a["returned"], b["returned"], place):
            return False
    return True


def _alike(a: Value, b: Value) -> bool:
    if "array" in a and "array" in b:
        same = np.array_equal(np.isfinite(a["array"]), np.isfinite(b["array"]))
        return close(a["array"], b["array"]) or (
            same and a["array"].shape == b["array"].shape and not np.isfinite(a["array"]).all()
        )
    return a == b if "type" in a and "type" in b else False


def first_error(calls: Sequence[Call], sizes: Sequence[Mapping[str, int]]) -> Remark | None:
    """Return the remark on the first exception; ``worked`` counts the calls that went well."""
    for call, size in zip(calls, sizes, strict=True):
        if "error" in call:
            worked = sum("error" not in other for other in calls)
            return raised(call["error"], when=f"called {with_sizes(size)}", worked=worked)
    return None


def with_sizes(sizes: Mapping[str, int]) -> str:
    """Return sizes in words: ``with n = 7``."""
    named = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    return f"with {named}" if named else "with drawn numbers"


def misformed(
    got: Value, wanted: np.ndarray, sizes: Mapping[str, int], dtype: str = "float32"
) -> tuple[str, Facts] | None:
    """Return code and facts of a value of another type, shape or dtype, or that is not finite.

    ``dtype`` is the reference's: floats of any width are alike, and so are whole numbers.
    """
    facts: Facts = {"sizes": with_sizes(sizes)}
    if "array" not in got:
        return "value_of_other_type", {**facts, "got": got["type"], "expected": "Tensor"}
    array = got["array"]
    if array.shape != wanted.shape:
        shapes = {"got": shape_words(array.shape), "expected": shape_words(wanted.shape)}
        return "value_of_other_shape", {**facts, **shapes}
    if _family(got["dtype"]) != _family(dtype):
        code = "value_not_float" if _family(dtype) == "float" else "value_of_other_dtype"
        return code, {**facts, "got": got["dtype"], "expected": dtype}
    if not np.isfinite(array).all():
        return "value_not_finite", facts
    return None


def dtypes(values: Iterable[Value]) -> list[str]:
    """Return the dtypes among values, in the order of ``arrays``."""
    return [value["dtype"] for value in values if "dtype" in value]


def _family(dtype: str) -> str:
    families = {"float": ("float", "bfloat"), "int": ("int", "uint")}
    return next((name for name, all_of in families.items() if dtype.startswith(all_of)), dtype)


def factor(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float | None:
    """Return the one factor between what was got and what was wanted, if all pairs share it."""
    factors = [one_factor(got, wanted) for got, wanted in pairs]
    known = [f for f in factors if f is not None]
    if not known or len(known) < len(factors):
        return None
    spread = max(known) - min(known)
    return known[0] if spread <= 10 * TOLERANCE * (1 + abs(known[0])) else None


def one_factor(got: np.ndarray, wanted: np.ndarray) -> float | None:
    """Return ``got`` as a multiple of ``wanted``, ``None`` where it is none."""
    square = float((wanted * wanted).sum())
    if not square:
        return None
    scale = float((got * wanted).sum()) / square
    rest = float(np.linalg.norm(got - scale * wanted))
    return scale if rest <= 10 * TOLERANCE * float(np.linalg.norm(wanted)) else None


def by_count(pairs: Sequence[tuple[np.ndarray, np.ndarray]], counts: Sequence[int]) -> float | None:
    """Return c where each value is c times its count too large: a sum instead of a mean."""
    return factor(
        [
            (got, np.asarray(wanted * count))
            for (got, wanted), count in zip(pairs, counts, strict=True)
        ]
    )


def shown(array: np.ndarray) -> str:
    """Return an array's first numbers for a reader."""
    flat = array.reshape(-1)
    if array.ndim == 0:
        return number(float(flat[0]))
    return "[" + ", ".join(number(v) for v in flat[:4]) + (", …]" if len(flat) > 4 else "]")


def first_wrong(
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], sizes: Sequence[Mapping[str, int]]
) -> Facts | None:
    """Return the facts of the first case whose numbers differ, with the number of such cases."""
    wrong = [k for k, (got, wanted) in enumerate(pairs) if not close(got, wanted)]
    if not wrong:
        return None
    got, wanted = pairs[wrong[0]]
    return {
        "sizes": with_sizes(sizes[wrong[0]]),
        "wrong": len(wrong),
        "cases": len(pairs),
        "got": shown(got),
        "expected": shown(wanted),
        "difference": number(float(np.abs(got - wanted).max(initial=0))),
    }


def largest_difference(
    pairs: Iterable[tuple[Sequence[Mapping[str, Any]], Sequence[Mapping[str, Any]]]],
) -> float | None:
    """Return the largest difference of values (got, wanted), relative to 1 + the wanted one.

    ``None`` where values cannot be compared: other counts, types or shapes, or not finite.
    """
    largest = 0.0
    for got, wanted in pairs:
        if len(got) != len(wanted):
            return None
        for one, other in zip(got, wanted, strict=True):
            off = relative_difference(one.get("array"), other["array"])
            if off is None:
                return None
            largest = max(largest, off)
    return largest


def relative_difference(got: np.ndarray | None, wanted: np.ndarray) -> float | None:
    """Return the largest difference of two arrays as ``close`` takes it, ``None`` if none has."""
    if got is None or got.shape != wanted.shape or not np.isfinite(got).all():
        return None
    scale = 1 + np.abs(wanted).max(initial=0)
    return float(np.abs(got - wanted).max(initial=0) / scale)
