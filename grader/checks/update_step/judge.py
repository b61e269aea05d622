"""Judges where an update takes the parameters: sign first, then scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, close, raised, same_error
from grader.checks.schema import RaisedError
from grader.checks.update_step.challenge import DrawnUpdate
from grader.checks.values import (
    Value,
    alike_values,
    arrays,
    counted,
    factor,
    largest_difference,
    misformed,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check
    from grader.checks.update_step.challenge import UpdateStepChallenge


class UpdateStep(TypedDict):
    """The parameters after one step, and whether the function returned them."""

    returned: bool
    values: list[Value]


class UpdateSteps(TypedDict):
    """The steps of one case, up to the exception that ended them."""

    error: RaisedError | None
    steps: list[UpdateStep]


class UpdateStepObservation(TypedDict):
    """The steps of every case, or the exception of the definitions."""

    error: RaisedError | None
    cases: list[UpdateSteps]


# A case as it was observed, the reference's, and what was drawn for both.
_Case = tuple[UpdateSteps, UpdateSteps, DrawnUpdate]


def judge(
    observed: UpdateStepObservation,
    reference: UpdateStepObservation,
    check: Check,
    challenge: UpdateStepChallenge,
) -> list[Remark]:
    """Return for each parameter what is wrong with its first step, or with a later one."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    for case in observed["cases"]:
        if case["error"] is not None:
            number = len(case["steps"]) + 1
            return [raised(case["error"], when=f"at step {number}", worked=number - 1)]
    cases = list(zip(observed["cases"], reference["cases"], challenge["cases"], strict=True))
    remarks = []
    for place, update in enumerate(check.options["updates"]):
        remark = _parameter(place, cases, challenge)
        if remark is not None:
            code, facts = remark
            name = update["parameter"]
            facts = {"output": f"the new {name}", **facts, "parameter": name}
            remarks.append(Remark(code, blank=update["blank"], facts=facts))
    return remarks


def alike(
    one: UpdateStepObservation, other: UpdateStepObservation, place: int | None = None
) -> bool:
    """Whether two updates went the same way, or failed the same way."""
    if not same_error(one["error"], other["error"]) or len(one["cases"]) != len(other["cases"]):
        return False
    for a, b in zip(one["cases"], other["cases"], strict=True):
        if not same_error(a["error"], b["error"]) or len(a["steps"]) != len(b["steps"]):
            return False
        if not all(
            alike_values(x["values"], y["values"], place)
            for x, y in zip(a["steps"], b["steps"], strict=True)
        ):
            return False
    return True


def same_size(value: UpdateStepObservation, reference: UpdateStepObservation) -> bool:
    """Whether there are as many cases as the reference's, none of them with more steps."""
    if value["error"] is not None:
        return True
    return len(value["cases"]) == len(reference["cases"]) and all(
        (case["error"] is not None or bool(case["steps"]))
        and len(case["steps"]) <= len(wanted["steps"])
        and all(
            counted(step["values"], len(right["values"]))
            for step, right in zip(case["steps"], wanted["steps"], strict=False)
        )
        for case, wanted in zip(value["cases"], reference["cases"], strict=True)
    )


def place(check: Check, blank: int | None) -> int | None:
    """Return the number of the parameter that a blank updates."""
    blanks = [update["blank"] for update in check.options["updates"]]
    return blanks.index(blank) if blank in blanks else None


def _parameter(
    place: int, cases: Sequence[_Case], challenge: UpdateStepChallenge
) -> tuple[str, Facts] | None:
    """Return code and facts of the first step of one parameter that is not the reference's."""
    other = _follows_other(place, cases, challenge)
    if other is not None:
        return "follows_other_gradient", other
    for case, right, _ in cases:
        for number, step in enumerate(case["steps"]):
            values = step["values"]
            whole = len(values) == len(challenge["parameters"])
            got, want = values[place] if whole else values[0], _array(right, number, place)
            problem = misformed(got, want, {})
            if problem is not None or not whole:
                return problem or ("value_of_other_type", {"got": "one value"})
    moved = [(_way(case, place, drawn), _way(right, place, drawn)) for case, right, drawn in cases]
    facts: Facts = {"got": shown(moved[-1][0]), "expected": shown(moved[-1][1])}
    if all(close(got, want) for got, want in moved):
        return _later(place, cases)
    if all(not np.any(got) for got, _ in moved):
        return "stands_still", facts
    gradients = [drawn["gradients"][0][place].astype(np.float64) for _, _, drawn in cases]
    for sign, code in ((-1, "ignores_rate"), (1, "climbs")):
        ways = [(got, np.asarray(sign * g)) for (got, _), g in zip(moved, gradients, strict=True)]
        if all(close(got, want) for got, want in ways):
            return code, facts
    scale = factor(moved)
    if scale is None:
        return "wrong_step", {**facts, "way": _how_wrong(moved)}
    code = "climbs" if abs(scale + 1) < 10 * TOLERANCE else "scaled_step"
    return code, {**facts, "scale": f"{scale:.3g}"}


def _how_wrong(moved: Sequence[tuple[np.ndarray, np.ndarray]]) -> str:
    """Return how steps compare with the rule's that are no fixed multiple of them."""
    scales = [factor([pair]) for pair in moved]
    if all(scale is not None and scale > 0 for scale in scales):
        return "has the direction that the rule gives, and not its length"
    if all(scale is not None and scale < 0 for scale in scales):
        return "goes against the direction that the rule gives, and has not its length"
    return "is neither as long nor in the direction that the rule gives"


def _follows_other(
    place: int, cases: Sequence[_Case], challenge: UpdateStepChallenge
) -> Facts | None:
    """Return the facts where a parameter takes another one's step, ``None`` where it does not.

    Where the other gradient has another shape, the parameter takes that shape.
    """
    count = len(challenge["parameters"])
    firsts = [case["steps"][0]["values"] for case, _, _ in cases]
    if any(len(values) != count or "array" not in values[place] for values in firsts):
        return None
    for other in set(range(count)) - {place}:
        ends = [
            np.asarray(drawn["parameters"][place] - drawn["rate"] * drawn["gradients"][0][other])
            for _, _, drawn in cases
        ]
        got = [_array(case, 0, place) for case, _, _ in cases]
        if all(map(close, got, ends)):
            case, right, drawn = cases[-1]
            return {
                "got": shown(_way(case, place, drawn)),
                "expected": shown(_way(right, place, drawn)),
                "other": challenge["gradients"][other],
            }
    return None


def _later(place: int, cases: Sequence[_Case]) -> tuple[str, Facts] | None:
    """Return code and facts of the first later step that is wrong."""
    for case, right, _ in cases:
        for number in range(len(right["steps"])):
            if number >= len(case["steps"]):
                return "later_step_wrong", {"step": number + 1}
            got, want = _array(case, number, place), _array(right, number, place)
            if not close(got, want):
                facts: Facts = {"got": shown(got), "expected": shown(want)}
                return "later_step_wrong", {"step": number + 1, **facts}
    return None


def _array(case: UpdateSteps, number: int, place: int) -> np.ndarray:
    """Return a parameter after a step; it is one whose form was found right."""
    (array,) = arrays([case["steps"][number]["values"][place]])
    return array


def _way(case: UpdateSteps, place: int, drawn: DrawnUpdate) -> np.ndarray:
    """Return by how much the first step has moved a parameter."""
    # numpy makes a plain number of the difference of two arrays without axes.
    return np.asarray(_array(case, 0, place) - drawn["parameters"][place].astype(np.float64))


def deviation(observed: UpdateStepObservation, reference: UpdateStepObservation) -> float | None:
    """Return the largest difference of the parameters after any step, relative to them."""
    if observed["error"] is not None or any(c["error"] is not None for c in observed["cases"]):
        return None
    return largest_difference(
        (step["values"], wanted["values"])
        for case, right in zip(observed["cases"], reference["cases"], strict=True)
        for step, wanted in zip(case["steps"], right["steps"], strict=False)
    )
