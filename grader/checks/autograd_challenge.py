"""Arguments for a student's gradients, and the point at which autograd is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.checks import function_values_challenge
from grader.checks.arguments import draw_array

if TYPE_CHECKING:
    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData


def draw(
    rng: np.random.Generator,
    check: Check,
    assignment: Assignment,
    data: DigitsData | None,
    device: str,
) -> dict[str, Any]:
    """Return what ``function_values`` draws, and ``parameters`` of the model in each case.

    ``model`` and ``loss`` name the functions and their arguments, which only the reference's
    program has.
    """
    drawn = function_values_challenge.draw(rng, check, assignment, data, device)
    parameters = check.options["parameters"]
    return {
        **drawn,
        "names": [argument["name"] for argument in check.options["arguments"]],
        "parameters": [
            [draw_array(rng, parameter, sizes) for parameter in parameters]
            for sizes in drawn["sizes"]
        ],
        "parameter_names": [parameter["name"] for parameter in parameters],
        "model": dict(check.options["model"]),
        "loss": dict(check.options["loss"]),
    }
