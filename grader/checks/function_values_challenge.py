"""Arguments of several sizes for a student's function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.checks.arguments import draw_array, draw_sizes

if TYPE_CHECKING:
    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return ``cases``, each the function's arguments in order, and how many values it returns."""
    cases = draw_sizes(rng, check.options.get("sizes", {}))
    arguments = check.options["arguments"]
    return {
        "sizes": cases,
        "cases": [[draw_array(rng, argument, sizes) for argument in arguments] for sizes in cases],
        "outputs": len(check.options["outputs"]),
    }
