"""Parameters, gradients and learning rates for a student's update."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.checks.arguments import draw_array, draw_sizes

if TYPE_CHECKING:
    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

_CASES = 3
# The second step shows what is kept from the first, the third what grows.
_STEPS = 3


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return per case the parameters, the gradients of each step and the learning rate."""
    options = check.options
    arguments = {argument["name"]: argument for argument in options["arguments"]}
    cases = []
    for sizes in draw_sizes(rng, options.get("sizes", {}), _CASES):

        def drawn(name: str, sizes: dict[str, int] = sizes) -> np.ndarray:
            return draw_array(rng, arguments[name], sizes)

        cases.append(
            {
                "parameters": [drawn(update["parameter"]) for update in options["updates"]],
                "gradients": [
                    [drawn(update["gradient"]) for update in options["updates"]]
                    for _ in range(_STEPS)
                ],
                "rate": float(drawn(options["rate"])),
            }
        )
    return {
        "cases": cases,
        "order": list(arguments),
        "parameters": [update["parameter"] for update in options["updates"]],
        "gradients": [update["gradient"] for update in options["updates"]],
        "rate": options["rate"],
    }
