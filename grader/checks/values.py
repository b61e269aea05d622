"""Compares what a function returned with what it should have: form first, then numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.remark import TOLERANCE, Remark, close, number, raised, same_error, shape_words
from grader.checks.schema import ERROR, Array, Either, ListOf

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUE = Either(({"type": str}, {"array": Array(), "dtype": str}))
CALL = Either(({"error": ERROR}, {"returned": ListOf(VALUE), "changed": bool}))
# Codes of ``misformed``: what differs, not why.
MISFORMED = frozenset({"value_of_other_type", "value_of_other_shape", "value_not_finite"})


def counted(values: Sequence[Any], count: int) -> bool:
    """Whether there are so many values, or the one thing that came in their place."""
    return len(values) == count or (len(values) == 1 and "type" in values[0])


def alike_values(one: Sequence[Any], other: Sequence[Any], place: int | None) -> bool:
    """Whether two lists of values show the same numbers, all of them or those at one place."""
    if len(one) != len(other):
        return False
    places = range(len(one)) if place is None else [place] if place < len(one) else []
    return bool(places) and all(_alike(one[k], other[k]) for k in places)


def alike_calls(one: Sequence[Any], other: Sequence[Any], place: int | None) -> bool:
    """Whether two lists of calls ended the same way."""
    if len(one) != len(other):
        return False
    for a, b in zip(one, other, strict=True):
        if "error" in a or "error" in b:
            if not same_error(a.get("error"), b.get("error")):
                return False
        elif not alike_values(a["returned"], b["returned"], place):
            return False
    return True


def _alike(a: dict[str, Any], b: dict[str, Any]) -> bool:
    if "array" in a and "array" in b:
        same = np.array_equal(np.isfinite(a["array"]), np.isfinite(b["array"]))
        return close(a["array"], b["array"]) or (
            same and a["array"].shape == b["array"].shape and not np.isfinite(a["array"]).all()
        )
    return a == b if "type" in a and "type" in b else False


def first_error(calls: Sequence[Any], sizes: Sequence[dict[str, int]]) -> Remark | None:
    """Return the remark on the first exception; ``worked`` says whether any call went well."""
    for call, size in zip(calls, sizes, strict=True):
        if "error" in call:
            worked = sum("error" not in other for other in calls)
            return raised(call["error"], when=f"called {with_sizes(size)}", worked=worked)
    return None


def with_sizes(sizes: dict[str, int]) -> str:
    """Return sizes in words: ``with n = 7``."""
    named = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    return f"with {named}" if named else "with drawn numbers"


def misformed(
    got: dict[str, Any], wanted: np.ndarray, sizes: dict[str, int]
) -> tuple[str, dict[str, Any]] | None:
    """Return code and facts of a value with another type, shape or dtype, or without an end."""
    facts: dict[str, Any] = {"sizes": with_sizes(sizes)}
    if "array" not in got:
        return "value_of_other_type", {**facts, "got": got["type"], "expected": "Tensor"}
    array = got["array"]
    if array.shape != wanted.shape:
        shapes = {"got": shape_words(array.shape), "expected": shape_words(wanted.shape)}
        return "value_of_other_shape", {**facts, **shapes}
    if not got["dtype"].startswith("float"):
        return "value_not_float", {**facts, "got": got["dtype"], "expected": "float32"}
    if not np.isfinite(array).all():
        return "value_not_finite", facts
    return None


def factor(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> float | None:
    """Return the one number that turns what was wanted into what was got, if there is one."""
    factors = [one_factor(got, wanted) for got, wanted in pairs]
    known = [f for f in factors if f is not None]
    if not known or len(known) < len(factors):
        return None
    spread = max(known) - min(known)
    return known[0] if spread <= 10 * TOLERANCE * (1 + abs(known[0])) else None


def one_factor(got: np.ndarray, wanted: np.ndarray) -> float | None:
    """Return the factor between two arrays, ``None`` when they are not multiples."""
    square = float((wanted * wanted).sum())
    if not square:
        return None
    scale = float((got * wanted).sum()) / square
    rest = float(np.linalg.norm(got - scale * wanted))
    return scale if rest <= 10 * TOLERANCE * float(np.linalg.norm(wanted)) else None


def by_count(pairs: Sequence[tuple[np.ndarray, np.ndarray]], counts: Sequence[int]) -> float | None:
    """Return c where each value is c times the count too large: a sum instead of a mean."""
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
    pairs: Sequence[tuple[np.ndarray, np.ndarray]], sizes: Sequence[dict[str, int]]
) -> dict[str, Any] | None:
    """Return the facts of the first case whose numbers differ, and how many cases do."""
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
