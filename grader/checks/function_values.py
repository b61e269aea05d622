"""The check ``function_values``: what a function returns for drawn arguments, and the reference's.

The outputs are compared one by one, each with the blank that makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from grader.checks.arguments import (
    DrawnArgument,
    SizesOptions,
    contradictions,
    draw_argument,
    draw_sizes,
)
from grader.checks.kind import Kind
from grader.checks.remark import Facts, Remark, raised, same_error
from grader.checks.schema import RaisedError
from grader.checks.solved_code import call_misfits
from grader.checks.values import (
    MISFORMED,
    Call,
    Value,
    alike_calls,
    arrays,
    by_count,
    counted,
    dtypes,
    factor,
    first_error,
    first_wrong,
    largest_difference,
    misformed,
)
from grader.report import Severity
from grader.requirements import NotEmpty

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from grader.assignment import Check


class BlankOutput(TypedDict):
    """A value that a function returns: its ``name`` in words, and the ``blank`` that makes it."""

    name: str
    blank: int


class FunctionValuesOptions(SizesOptions):
    """The arguments of a function in their order, and what it returns.

    ``arguments`` are drawn anew for each call and passed by their place. ``outputs`` are what the
    function returns, in order: one value, or a tuple of several.
    """

    arguments: tuple[DrawnArgument, ...]
    outputs: Annotated[tuple[BlankOutput, ...], NotEmpty()]


class FunctionValuesChallenge(TypedDict):
    """For each case its sizes by name and the arguments in order; the number of outputs."""

    sizes: list[dict[str, int]]
    cases: list[list[Any]]
    outputs: int


class FunctionValuesObservation(TypedDict):
    """One call a case, or the exception of the definitions."""

    error: RaisedError | None
    calls: list[Call]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> FunctionValuesChallenge:
    """Draw the arguments of several calls, of several sizes."""
    cases = draw_sizes(rng, check.options.get("sizes", {}))
    arguments = check.options["arguments"]
    return {
        "sizes": cases,
        "cases": [
            [draw_argument(rng, argument, sizes) for argument in arguments] for sizes in cases
        ],
        "outputs": len(check.options["outputs"]),
    }


def judge(
    observed: FunctionValuesObservation,
    reference: FunctionValuesObservation,
    check: Check,
    challenge: FunctionValuesChallenge,
) -> list[Remark]:
    """Return for each output what differs, in the order: runs, form, numbers."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    ended = [call["returned"] for call in reference["calls"] if "returned" in call]
    wanted, kinds = [arrays(values) for values in ended], [dtypes(values) for values in ended]
    return compared(observed["calls"], wanted, check, challenge, kinds)


def compared(
    calls: Sequence[Call],
    wanted: Sequence[Sequence[np.ndarray]],
    check: Check,
    challenge: FunctionValuesChallenge,
    kinds: Sequence[Sequence[str]] = (),
) -> list[Remark]:
    """Return the remarks on calls, given the arrays that each should have returned.

    ``kinds`` are their dtypes, without which all are floats.
    """
    error = first_error(calls, challenge["sizes"])
    if error is not None:
        return [error]
    ended = [call for call in calls if "returned" in call]
    remarks = []
    outputs = check.options["outputs"]
    for place, output in enumerate(outputs):
        got = [call["returned"] for call in ended]
        kind = kinds[0][place] if kinds else "float32"
        remark = _output(place, output, got, wanted, check, challenge, kind)
        if remark is not None:
            remarks.append(remark)
    if not remarks and any(call["changed"] for call in ended):
        remarks.append(Remark("changes_arguments", Severity.PARTIAL))
    # A function that returns something else altogether gets one remark, not one an output.
    whole = [remark for remark in remarks if remark.code == "value_of_other_type"]
    return whole[:1] if len(outputs) > 1 and len(whole) == len(outputs) else remarks


def _output(
    place: int,
    output: Mapping[str, Any],
    calls: Sequence[Sequence[Value]],
    wanted: Sequence[Sequence[np.ndarray]],
    check: Check,
    challenge: FunctionValuesChallenge,
    dtype: str,
) -> Remark | None:
    blank = output["blank"]
    name: Facts = {"output": output["name"]}
    pairs = []
    for returned, want, sizes in zip(calls, wanted, challenge["sizes"], strict=True):
        got = returned[place] if len(returned) == len(want) else returned[0]
        problem = misformed(got, want[place], sizes, dtype)
        if problem is not None:
            code, facts = problem
            return Remark(code, blank=blank, facts={**name, **facts})
        pairs += [(array, want[place]) for array in arrays([got])]
    wrong = first_wrong(pairs, challenge["sizes"])
    if wrong is None:
        return None
    facts = {**wrong, **name}
    if not dtype.startswith(("float", "bfloat")):
        return Remark("wrong_value", blank=blank, facts=facts)
    scale = factor(pairs)
    if scale is not None:
        code = "opposite_sign" if abs(scale + 1) < 1e-2 else "scaled_value"
        return Remark(code, blank=blank, facts={**facts, "scale": f"{scale:.3g}"})
    if "count" in check.options:
        counts = [sizes[check.options["count"]] for sizes in challenge["sizes"]]
        scale = by_count(pairs, counts)
        if scale is not None:
            words = "" if abs(scale - 1) < 1e-2 else f", times {scale:.3g}"
            return Remark("sum_instead_of_mean", blank=blank, facts={**facts, "scale": words})
    return Remark("wrong_value", blank=blank, facts=facts)


def alike(
    one: FunctionValuesObservation, other: FunctionValuesObservation, place: int | None = None
) -> bool:
    """Whether two functions returned the same, or failed the same way."""
    return same_error(one["error"], other["error"]) and alike_calls(
        one["calls"], other["calls"], place
    )


def same_size(value: FunctionValuesObservation, reference: FunctionValuesObservation) -> bool:
    """Whether there is one call a case, with one value an output or one that is none of them."""
    if value["error"] is not None:
        return True
    if len(value["calls"]) != len(reference["calls"]):
        return False
    return all(
        "returned" not in call
        or ("returned" in wanted and counted(call["returned"], len(wanted["returned"])))
        for call, wanted in zip(value["calls"], reference["calls"], strict=True)
    )


def place(check: Check, blank: int | None) -> int | None:
    """Return the number of the output that a blank makes."""
    blanks = [output["blank"] for output in check.options["outputs"]]
    return blanks.index(blank) if blank in blanks else None


def deviation(
    observed: FunctionValuesObservation, reference: FunctionValuesObservation
) -> float | None:
    """Return the largest difference of what a function returned, relative to it."""
    calls = [call for call in observed["calls"] if "returned" in call]
    if observed["error"] is not None or len(calls) < len(observed["calls"]):
        return None
    wanted = [call["returned"] for call in reference["calls"] if "returned" in call]
    got = [call["returned"] for call in calls]
    return largest_difference(zip(got, wanted, strict=True))


GENERAL = MISFORMED | {"opposite_sign", "scaled_value", "sum_instead_of_mean", "wrong_value"}
KIND = Kind(
    draw=draw,
    judge=judge,
    form=FunctionValuesObservation,
    options=FunctionValuesOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    place=place,
    general=GENERAL,
    deviation=deviation,
    misfits=call_misfits,
    partly=frozenset({"changes_arguments"}),
)
