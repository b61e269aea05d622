"""The check ``layer_shapes``: the layers that a class builds, and the reference's, dims by dims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.assignment.entries import unknown
from grader.checks.data_form import data_form
from grader.checks.kind import OUTSIDE, Kind
from grader.checks.layer_shapes.forms import LayerShapesObservation, LayerShapesOptions
from grader.checks.layer_shapes.judging import judge
from grader.checks.remark import error_of, same_error
from grader.checks.solved_code import dims_misfits, layer_misfits
from grader.decode import DecodingError, MissingKeyError

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping

    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.checks.layer_shapes.forms import LayerShapesChallenge

# Above the numbers that are written into layers of first courses, 1024 among them, and below.
_LARGE = (1100, 2000)
_SMALL = (3, 2, 1)


def draw(
    rng: np.random.Generator, check: Check, assignment: Assignment, *_context: object
) -> LayerShapesChallenge:
    """Draw dims that no class can have hard-coded, to follow the solved notebook's.

    Two further builds have dims above and below the numbers that may bound a layer, each of the
    dims once large and once small, so that no layer is large.
    """
    usual = check.options["dims"]
    # The ranges do not overlap, so that no two dims can be mistaken for each other.
    some = {
        name: int(rng.choice([n for n in range(low, high + 1) if n != usual[name]]))
        for name, (low, high) in check.options["drawn"].items()
    }
    large = [int(size) for size in rng.integers(*_LARGE, len(some))]
    small = [*_SMALL, *[_SMALL[-1]] * len(some)]
    bounds = [
        {name: (large if at % 2 == odd else small)[at] for at, name in enumerate(some)}
        for odd in (0, 1)
    ]
    return {
        "dims": [dict(usual), some, *bounds],
        "layers": [layer["name"] for layer in check.options["layers"]],
        **data_form(assignment),
    }


def alike(one: LayerShapesObservation, other: LayerShapesObservation, layer: str | None) -> bool:
    """Whether two observations show the same layer (or, without a name, the same error)."""
    if one["error"] is not None or other["error"] is not None:
        return same_error(one["error"], other["error"])
    for a, b in zip(one["builds"], other["builds"], strict=True):
        if "error" in a or "error" in b:
            if not same_error(error_of(a), error_of(b)):
                return False
        elif layer is None or a["layers"][layer] != b["layers"][layer]:
            return False
    return True


def same_size(value: LayerShapesObservation, reference: LayerShapesObservation) -> bool:
    """Whether an observation has as many builds as the reference's, and its layers."""
    names = {name for build in reference["builds"] if "layers" in build for name in build["layers"]}
    return value["error"] is not None or (
        len(value["builds"]) == len(reference["builds"])
        and all(set(build["layers"]) == names for build in value["builds"] if "layers" in build)
    )


def place(check: Check, blank: int | None) -> str | None:
    """Return the name of the layer that a blank makes."""
    return next(
        (layer["name"] for layer in check.options["layers"] if layer["blank"] == blank), None
    )


def contradictions(options: LayerShapesOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each name that is no dim."""
    dims = options["dims"]
    for name, (low, high) in options["drawn"].items():
        if name not in dims:
            yield unknown("dim", name, dims, ("drawn",))
        elif low == high == dims[name]:
            hint = "give a range with other numbers"
            yield DecodingError(f"{low} alone is the notebook's own size", hint, ("drawn", name))
    for name in dims:
        if name not in options["drawn"]:
            yield MissingKeyError(name, tuple[int, int]).below("drawn")
    for place, layer in enumerate(options["layers"]):
        for key, name in (("inputs", layer["inputs"]), ("outputs", layer["outputs"])):
            if name not in dims:
                yield unknown("dim", name, dims, ("layers", place, key))


def misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Yield an error for each layer and each dim that the solved notebook's class has not."""
    yield from layer_misfits(check, code)
    yield from dims_misfits(check, code)


KIND = Kind(
    draw=draw,
    judge=judge,
    form=LayerShapesObservation,
    options=LayerShapesOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    place=place,
    general=frozenset({"wrong_layer_type", "wrong_shape"}),
    elsewhere=frozenset({"bounded_dims"}),
    provided=OUTSIDE,
    builds=True,
    misfits=misfits,
    partly=frozenset({"hard_coded_dims", "shared_layer", "size_overwritten"}),
)
