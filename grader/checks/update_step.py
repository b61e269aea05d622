"""Compares the way that an update takes the parameters with the reference's: sign, then scale."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.remark import TOLERANCE, Remark, close, raised, same_error
from grader.checks.schema import ERROR, ListOf, Maybe
from grader.checks.values import MISFORMED, VALUE, alike_values, counted, factor, misformed, shown

_STEP = {"returned": bool, "values": ListOf(VALUE)}
FORM = {
    "error": Maybe(ERROR),
    "cases": ListOf({"error": Maybe(ERROR), "steps": ListOf(_STEP)}),
}
GENERAL = MISFORMED | {"climbs", "later_step_wrong", "scaled_step", "stands_still", "wrong_step"}


def judge(
    observed: dict[str, Any], reference: dict[str, Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return for each parameter what is wrong with its first step, or with a later one."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    for case in observed["cases"]:
        if case["error"] is not None:
            number = len(case["steps"]) + 1
            return [raised(case["error"], when=f"at step {number}", worked=number - 1)]
    remarks = []
    for place, update in enumerate(check.options["updates"]):
        remark = _parameter(place, observed["cases"], reference["cases"], challenge)
        if remark is not None:
            code, facts = remark
            facts["parameter"] = update["parameter"]
            facts.setdefault("output", f"the new {update['parameter']}")
            remarks.append(Remark(code, blank=update["blank"], facts=facts))
    return remarks


def alike(one: dict[str, Any], other: dict[str, Any], place: int | None = None) -> bool:
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


def same_size(value: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Whether there are as many cases as the reference's, none of them with more steps."""
    if value["error"] is not None:
        return True
    return len(value["cases"]) == len(reference["cases"]) and all(
        (case["error"] is not None or case["steps"])
        and len(case["steps"]) <= len(wanted["steps"])
        and all(
            counted(step["values"], len(right["values"]))
            for step, right in zip(case["steps"], wanted["steps"], strict=False)
        )
        for case, wanted in zip(value["cases"], reference["cases"], strict=True)
    )


def place(check: Any, blank: int | None) -> int | None:
    """Return the number of the parameter that a blank updates."""
    blanks = [update["blank"] for update in check.options["updates"]]
    return blanks.index(blank) if blank in blanks else None


def _parameter(
    place: int, cases: list[Any], wanted: list[Any], challenge: dict[str, Any]
) -> tuple[str, dict[str, Any]] | None:
    """Return code and facts of the first step of one parameter that is not the reference's."""
    other = _follows_other(place, cases, wanted, challenge)
    if other is not None:
        return "follows_other_gradient", other
    for case, right in zip(cases, wanted, strict=True):
        for number, step in enumerate(case["steps"]):
            values = step["values"]
            want = right["steps"][number]["values"][place]["array"]
            whole = len(values) == len(challenge["parameters"])
            problem = misformed(values[place] if whole else values[0], want, {})
            if problem is not None or not whole:
                return problem or ("value_of_other_type", {"got": "one value"})
    moved = [
        (_way(case, 0, place, drawn), _way(right, 0, place, drawn))
        for case, right, drawn in zip(cases, wanted, challenge["cases"], strict=True)
    ]
    facts: dict[str, Any] = {"got": shown(moved[-1][0]), "expected": shown(moved[-1][1])}
    if all(close(got, want) for got, want in moved):
        return _later(place, cases, wanted)
    if all(not np.any(got) for got, _ in moved):
        return "stands_still", facts
    return _first(place, moved, challenge, facts)


def _first(
    place: int, moved: list[Any], challenge: dict[str, Any], facts: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    drawn = challenge["cases"]
    for scaled, code in ((1.0, "ignores_rate"), (-1.0, "climbs")):
        by_gradient = [
            (got, np.asarray(-scaled * case["gradients"][0][place].astype(np.float64)))
            for (got, _), case in zip(moved, drawn, strict=True)
        ]
        if all(close(got, want) for got, want in by_gradient):
            return code, facts
    scale = factor(moved)
    if scale is not None:
        code = "climbs" if abs(scale + 1) < 10 * TOLERANCE else "scaled_step"
        return code, {**facts, "scale": f"{scale:.3g}"}
    return "wrong_step", facts


def _follows_other(
    place: int, cases: list[Any], wanted: list[Any], challenge: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the facts where a parameter takes another one's step, ``None`` where it does not.

    The other gradient may have another shape, and then the parameter takes that, too.
    """
    count = len(challenge["parameters"])
    firsts = [case["steps"][0]["values"] for case in cases]
    if any(len(values) != count or "array" not in values[place] for values in firsts):
        return None
    drawn = challenge["cases"]
    for other in set(range(count)) - {place}:
        ends = [
            case["parameters"][place] - case["rate"] * case["gradients"][0][other] for case in drawn
        ]
        if all(
            close(values[place]["array"], np.asarray(end))
            for values, end in zip(firsts, ends, strict=True)
        ):
            moved = [_way(case, 0, place, drawn[-1]) for case in (cases[-1], wanted[-1])]
            return {
                "got": shown(moved[0]),
                "expected": shown(moved[1]),
                "other": challenge["gradients"][other],
            }
    return None


def _later(place: int, cases: list[Any], wanted: list[Any]) -> tuple[str, dict[str, Any]] | None:
    for case, right in zip(cases, wanted, strict=True):
        for number, want in enumerate(right["steps"]):
            if number >= len(case["steps"]):
                return "later_step_wrong", {"step": number + 1}
            got = case["steps"][number]["values"][place]["array"]
            if not close(got, want["values"][place]["array"]):
                facts = {"got": shown(got), "expected": shown(want["values"][place]["array"])}
                return "later_step_wrong", {"step": number + 1, **facts}
    return None


def _way(case: dict[str, Any], number: int, place: int, drawn: dict[str, Any]) -> np.ndarray:
    """Return by how much a step has moved a parameter."""
    values: np.ndarray = case["steps"][number]["values"][place]["array"]
    # numpy makes a plain number of the difference of two arrays without axes.
    return np.asarray(values - drawn["parameters"][place].astype(np.float64))
