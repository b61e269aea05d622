"""Dims at which the class is built: its defaults, then others that no one can have hard-coded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

_DRAWS = 2


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return ``dims``, first none (the class's defaults), then drawn ones, and layer names."""
    dims: list[dict[str, int]] = [{}]
    for _ in range(_DRAWS):
        # The ranges do not overlap, so that no two dims can be mistaken for each other.
        drawn = check.options["drawn"].items()
        dims.append(
            {name: int(rng.integers(low, high, endpoint=True)) for name, (low, high) in drawn}
        )
    return {"dims": dims, "layers": [layer["name"] for layer in check.options["layers"]]}
