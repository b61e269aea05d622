"""Arguments for a student's function: named arrays of drawn sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from grader.assignment.entries import unknown
from grader.requirements import NumberRange, SizeRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment import Assignment
    from grader.decode import DecodingError

_CASES = 4


class ArgumentForm(TypedDict, total=False):
    """The names of an argument's axes, none for a number, and a range instead of a normal."""

    shape: tuple[str, ...]
    range: NumberRange


class DrawnArgument(ArgumentForm):
    """An argument by its name."""

    name: str


class SizesOptions(TypedDict, total=False):
    """The sizes of axes by name.

    ``sizes`` maps each name to the range that it is drawn from, both ends included. ``count`` is
    the size over which a mean is taken: a sum in its place is then told by name.
    """

    sizes: dict[str, SizeRange]
    count: str


def draw_sizes(
    rng: np.random.Generator, ranges: Mapping[str, Sequence[int]], cases: int = _CASES
) -> list[dict[str, int]]:
    """Return sizes by name for each case; the first case has the smallest of every range.

    In a case no two sizes are equal where the ranges allow it: an axis can't pass for another.
    """
    found = [{name: int(low) for name, (low, _) in ranges.items()}]
    while len(found) < cases:
        taken: set[int] = set()
        sizes = {}
        for name, (low, high) in ranges.items():
            free = [n for n in range(low + 1, high + 1) if n not in taken] or [high]
            sizes[name] = int(rng.choice(free))
            taken.add(sizes[name])
        found.append(sizes)
    return found


def draw_array(
    rng: np.random.Generator, argument: Mapping[str, Any], sizes: Mapping[str, int]
) -> np.ndarray:
    """Return a float32 array of an argument's shape: normal, or uniform in its ``range``."""
    shape = [sizes[axis] for axis in argument.get("shape", ())]
    if "range" in argument:
        low, high = argument["range"]
        return np.asarray(rng.uniform(low, high, shape), np.float32)
    return np.asarray(rng.normal(0, 1, shape), np.float32)


def contradictions(options: Mapping[str, Any], _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each axis that is no size, with its path below the check."""
    sizes = options.get("sizes", {})
    for key in ("arguments", "parameters"):
        for place, argument in enumerate(options.get(key, ())):
            for axis in argument.get("shape", ()):
                if axis not in sizes:
                    yield unknown("size", axis, sizes, (key, place, "shape"))
    if options.get("count", "") not in {"", *sizes}:
        yield unknown("size", options["count"], sizes, ("count",))
