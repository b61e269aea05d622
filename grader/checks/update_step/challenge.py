"""Parameters, gradients and learning rates for a student's update, and the options for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict

import numpy as np

from grader.assignment.entries import unknown
from grader.checks import arguments
from grader.checks.arguments import DrawnArgument, SizesOptions, draw_array, draw_sizes
from grader.requirements import NotEmpty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check
    from grader.decode import DecodingError

_CASES = 3
# The second step shows what is kept from the first, the third what grows.
_STEPS = 3


class ParameterUpdate(TypedDict):
    """An update: the arguments ``parameter`` and ``gradient``, and the ``blank`` that makes it."""

    parameter: str
    gradient: str
    blank: int


class UpdateStepOptions(SizesOptions):
    """An update function is called for several steps, each with what the one before returned.

    ``arguments`` are drawn and passed by their place. ``updates`` say which of them are parameters,
    with their gradients; the function returns the new parameters in this order. ``rate`` is the
    argument that is the learning rate.
    """

    arguments: tuple[DrawnArgument, ...]
    updates: Annotated[tuple[ParameterUpdate, ...], NotEmpty()]
    rate: str


class DrawnUpdate(TypedDict):
    """The parameters to begin with, the gradients of each step, and the learning rate."""

    parameters: list[np.ndarray]
    gradients: list[list[np.ndarray]]
    rate: float


class UpdateStepChallenge(TypedDict):
    """Updates to make, and names: of all arguments in order, of parameters, gradients, rate."""

    cases: list[DrawnUpdate]
    order: list[str]
    parameters: list[str]
    gradients: list[str]
    rate: str


def draw(rng: np.random.Generator, check: Check, *_context: object) -> UpdateStepChallenge:
    """Draw the parameters, the gradients of each step and the learning rate of every case."""
    options = check.options
    by_name = {argument["name"]: argument for argument in options["arguments"]}
    parameters = [update["parameter"] for update in options["updates"]]
    gradients = [update["gradient"] for update in options["updates"]]

    def drawn(names: list[str], sizes: dict[str, int]) -> list[np.ndarray]:
        return [draw_array(rng, by_name[name], sizes) for name in names]

    cases: list[DrawnUpdate] = [
        {
            "parameters": drawn(parameters, sizes),
            "gradients": [drawn(gradients, sizes) for _ in range(_STEPS)],
            "rate": float(drawn([options["rate"]], sizes)[0]),
        }
        for sizes in draw_sizes(rng, options.get("sizes", {}), _CASES)
    ]
    return {
        "cases": cases,
        "order": list(by_name),
        "parameters": parameters,
        "gradients": gradients,
        "rate": options["rate"],
    }


def contradictions(options: UpdateStepOptions, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each axis that is no size and each name that is no argument."""
    yield from arguments.contradictions(options, assignment)
    names = [argument["name"] for argument in options["arguments"]]
    if options["rate"] not in names:
        yield unknown("argument", options["rate"], names, ("rate",))
    for place, update in enumerate(options["updates"]):
        for key in ("parameter", "gradient"):
            if update[key] not in names:
                yield unknown("argument", update[key], names, ("updates", place, key))
