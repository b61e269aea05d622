"""The check ``module_parameters``: the layers that a class builds, of any kind, at drawn sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.checks.arguments import draw_argument, form_errors
from grader.checks.data_form import data_form
from grader.checks.kind import OUTSIDE, Kind
from grader.checks.module_dims import USUAL, dims_errors, draw_dims
from grader.checks.module_observation import whole
from grader.checks.module_parameters.forms import (
    ModuleParametersObservation,
    ModuleParametersOptions,
)
from grader.checks.module_parameters.judging import GENERAL, judge, same_layer
from grader.checks.remark import error_of, same_error

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.checks.module_parameters.forms import LayerInputs, ModuleParametersChallenge
    from grader.decode import DecodingError

_SEEDS = 1 << 31


def draw(
    rng: np.random.Generator, check: Check, assignment: Assignment, *_context: object
) -> ModuleParametersChallenge:
    """Draw dims that no class can have written into it, and what each layer is tried on."""
    # One build at the notebook's dims is enough: the smallest sizes of inputs tell least.
    cases = draw_dims(rng, check.options)[USUAL - 1 :]

    def inputs(layer: Mapping[str, Any], sizes: Mapping[str, int]) -> LayerInputs | None:
        if "inputs" not in layer:
            return None
        drawn = [draw_argument(rng, form, sizes) for form in layer["inputs"]]
        return {"args": drawn, "kwargs": {}}

    return {
        "dims": [case["dims"] for case in cases],
        "layers": {
            layer["name"]: [inputs(layer, case["sizes"]) for case in cases]
            for layer in check.options["layers"]
        },
        "seed": int(rng.integers(_SEEDS)),
        **data_form(assignment),
    }


def alike(
    one: ModuleParametersObservation, other: ModuleParametersObservation, layer: str | None
) -> bool:
    """Whether two observations show the same layer (or, without a name, the same error)."""
    if one["error"] is not None or other["error"] is not None:
        return same_error(one["error"], other["error"])
    for a, b in zip(one["builds"], other["builds"], strict=True):
        if "error" in a or "error" in b:
            if not same_error(error_of(a), error_of(b)):
                return False
        elif layer is None or not same_layer(a["layers"][layer], b["layers"][layer]):
            return False
    return True


def same_size(value: ModuleParametersObservation, reference: ModuleParametersObservation) -> bool:
    """Whether an observation has as many builds as the reference's, and its layers."""
    if value["error"] is not None:
        return True
    names = {name for build in reference["builds"] if "layers" in build for name in build["layers"]}
    return len(value["builds"]) == len(reference["builds"]) and all(
        set(build["layers"]) == names
        and all(
            layer is None or layer["behaviour"] is None or whole(layer["behaviour"])
            for layer in build["layers"].values()
        )
        for build in value["builds"]
        if "layers" in build
    )


def place(check: Check, blank: int | None) -> str | None:
    """Return the name of the layer that a blank makes."""
    return next(
        (layer["name"] for layer in check.options["layers"] if layer["blank"] == blank), None
    )


def contradictions(
    options: ModuleParametersOptions, _assignment: Assignment
) -> Iterator[DecodingError]:
    """Yield an error for each name that is no dim or size."""
    yield from dims_errors(options)
    sizes = {**options["dims"], **options.get("sizes", {})}
    for number, layer in enumerate(options["layers"]):
        for k, form in enumerate(layer.get("inputs", ())):
            yield from form_errors(form, sizes, ("layers", number, "inputs", k))


KIND = Kind(
    draw=draw,
    judge=judge,
    form=ModuleParametersObservation,
    options=ModuleParametersOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    place=place,
    general=GENERAL,
    partly=frozenset({"shared_layer", "sizes_fixed"}),
    provided=OUTSIDE,
    builds=True,
)
