"""The sizes that a class is built with, and those of what it is called with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from grader.assignment.entries import unknown
from grader.checks.arguments import draw_sizes, form_errors
from grader.checks.axis_sizes import size_of
from grader.decode import DecodingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np

# At the notebook's own sizes, then at drawn ones.
USUAL, DRAWN = 2, 2


class _Sizes(TypedDict, total=False):
    """The ranges of sizes that no object keeps: rows of a batch, lengths of sequences."""

    sizes: dict[str, tuple[int, int]]


class ModuleDims(_Sizes):
    """The sizes that the class is built with.

    ``dims`` are arguments of ``__init__`` with the solved notebook's values, ``drawn`` the ranges
    that others are drawn from; one that depends on others is written as a sum or product of them,
    such as ``"3*heads"``. ``sizes`` are ranges of sizes of the arguments alone.
    """

    dims: dict[str, int]
    drawn: dict[str, tuple[int, int] | str]


class DrawnDims(TypedDict):
    """The dims of one object, and with them the sizes of what it is called with."""

    dims: dict[str, int]
    sizes: dict[str, int]


def draw_dims(rng: np.random.Generator, options: Mapping[str, Any]) -> list[DrawnDims]:
    """Return the sizes of each case: some at the notebook's dims, the first smallest, then others.

    No two sizes of a case are equal where their ranges allow it.
    """
    usual, drawn, sizes = options["dims"], options["drawn"], options.get("sizes", {})
    found: list[DrawnDims] = [
        {"dims": dict(usual), "sizes": {**usual, **case}} for case in draw_sizes(rng, sizes, USUAL)
    ]
    ranges = {name: ends for name, ends in drawn.items() if not isinstance(ends, str)}
    # A size is drawn once where its range allows it, and is never the notebook's.
    used = {name: {usual[name]} for name in ranges}
    for case in draw_sizes(rng, sizes, 1 + DRAWN)[1:]:
        dims, taken = dict(usual), set(case.values())
        for name, (low, high) in ranges.items():
            free = [n for n in range(low, high + 1) if n not in used[name]]
            dims[name] = int(rng.choice([n for n in free if n not in taken] or free or [high]))
            used[name].add(dims[name])
            taken.add(dims[name])
        dims |= {
            name: size_of(written, dims)
            for name, written in drawn.items()
            if isinstance(written, str)
        }
        found.append({"dims": dims, "sizes": {**dims, **{name: case[name] for name in sizes}}})
    return found


def dims_errors(options: Mapping[str, Any]) -> Iterator[DecodingError]:
    """Yield an error for each name that is no dim, with its path below the check."""
    dims = options["dims"]
    for name, written in options["drawn"].items():
        if name not in dims:
            yield unknown("dim", name, dims, ("drawn",))
        elif isinstance(written, str):
            for error in form_errors({"shape": [written]}, dims, ()):
                yield DecodingError(error.problem, error.hint, ("drawn", name))


def named(dims: Mapping[str, int]) -> str:
    """Return dims as an instructor would write them in a call: ``width=3, classes=7``."""
    return ", ".join(f"{name}={size}" for name, size in dims.items())
