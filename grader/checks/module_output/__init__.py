"""The check ``module_output``: what a module returns for drawn arguments, in both modes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.assignment.entries import unknown
from grader.checks.arguments import draw_argument, form_errors
from grader.checks.data_form import data_form
from grader.checks.kind import OUTSIDE, Kind
from grader.checks.module_dims import dims_errors, draw_dims
from grader.checks.module_observation import EVAL, same_behaviour, whole
from grader.checks.module_output.forms import ModuleOutputObservation, ModuleOutputOptions
from grader.checks.module_output.judging import GENERAL, judge
from grader.checks.remark import error_of, same_error
from grader.checks.values import relative_difference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.checks.module_output.forms import ModuleOutputChallenge, OutputCase
    from grader.decode import DecodingError

_SEEDS = 1 << 31


def draw(
    rng: np.random.Generator, check: Check, assignment: Assignment, *_context: object
) -> ModuleOutputChallenge:
    """Draw the sizes of several models and the arguments of a call of each."""
    cases: list[OutputCase] = []
    for case in draw_dims(rng, check.options):
        values = [
            (argument, draw_argument(rng, argument, case["sizes"]))
            for argument in check.options["arguments"]
        ]
        args = [value for argument, value in values if not argument.get("keyword")]
        kwargs = {a["name"]: value for a, value in values if a.get("keyword")}
        cases.append({**case, "args": args, "kwargs": kwargs})
    return {
        "rows": _batched(check.options),
        "cases": cases,
        "method": check.options.get("method", "forward"),
        "layers": list(check.options.get("layers", _listed(check, assignment))),
        "seed": int(rng.integers(_SEEDS)),
        **data_form(assignment),
    }


def _batched(options: Mapping[str, Any]) -> list[int | str]:
    """Return the arguments whose first axis counts the rows of a batch, by place or by keyword."""
    by_place = [a for a in options["arguments"] if not a.get("keyword")]
    keys: dict[str, int | str] = {a["name"]: place for place, a in enumerate(by_place)}
    return [
        keys.get(argument["name"], argument["name"])
        for argument in options["arguments"]
        if "batch" in options and list(argument.get("shape", ()))[:1] == [options["batch"]]
    ]


def _listed(check: Check, assignment: Assignment) -> list[str]:
    """Return the layers that another check of the same parts compares."""
    return [
        layer["name"]
        for other in assignment.checks
        if other.kind == "module_parameters" and set(other.parts) & set(check.parts)
        for layer in other.options["layers"]
    ]


def alike(
    one: ModuleOutputObservation, other: ModuleOutputObservation, _place: None = None
) -> bool:
    """Whether two observations show the same module."""
    if one["error"] is not None or other["error"] is not None:
        return same_error(one["error"], other["error"])
    return all(map(_alike, one["cases"], other["cases"]))


def _alike(a: Any, b: Any) -> bool:
    if "calls" in a and "calls" in b:
        same = a["shapes"] == b["shapes"] and bool(a["moved"]) == bool(b["moved"])
        same = same and a["unreached"] == b["unreached"] and a["changed"] == b["changed"]
        return same and same_error(a["backward"], b["backward"]) and same_behaviour(a, b)
    if "error" in a or "error" in b:
        return same_error(error_of(a), error_of(b))
    return bool(a == b)


def same_size(value: ModuleOutputObservation, reference: ModuleOutputObservation) -> bool:
    """Whether there are as many cases as the reference's, and in each a call for every mode."""
    return value["error"] is not None or (
        len(value["cases"]) == len(reference["cases"])
        and all(whole(case) for case in value["cases"] if "calls" in case)
    )


def deviation(
    observed: ModuleOutputObservation, reference: ModuleOutputObservation
) -> float | None:
    """Return the largest difference of an output in eval mode, relative to 1 + the largest."""
    largest = 0.0
    for got, wanted in zip(observed["cases"], reference["cases"], strict=False):
        if "calls" not in got or "calls" not in wanted:
            return None
        one, other = got["calls"][EVAL], wanted["calls"][EVAL]
        if "leaves" not in one or "leaves" not in other:
            return None
        if len(one["leaves"]) != len(other["leaves"]):
            return None
        for a, b in zip(one["leaves"], other["leaves"], strict=True):
            off = (
                relative_difference(a["array"], b["array"])
                if "array" in a and "array" in b
                else None
            )
            if off is None:
                return None
            largest = max(largest, off)
    return largest


def contradictions(
    options: ModuleOutputOptions, _assignment: Assignment
) -> Iterator[DecodingError]:
    """Yield an error for each name that is no dim or size."""
    yield from dims_errors(options)
    sizes = {**options["dims"], **options.get("sizes", {})}
    if options.get("batch", "") not in {"", *sizes}:
        yield unknown("size", options["batch"], sizes, ("batch",))
    for number, argument in enumerate(options["arguments"]):
        yield from form_errors(argument, sizes, ("arguments", number))


KIND = Kind(
    draw=draw,
    judge=judge,
    form=ModuleOutputObservation,
    options=ModuleOutputOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    general=GENERAL,
    partly=frozenset({"differs_in_train_mode", "forward_changes_its_input", "sizes_in_forward"}),
    provided=OUTSIDE,
    builds=True,
    deviation=deviation,
)
