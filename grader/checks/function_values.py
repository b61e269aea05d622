"""Compares what a function returned with the reference's, for the same arguments."""

from __future__ import annotations

from typing import Any

from grader.checks.remark import Remark, raised, same_error
from grader.checks.schema import ERROR, ListOf, Maybe
from grader.checks.values import (
    CALL,
    MISFORMED,
    alike_calls,
    by_count,
    counted,
    factor,
    first_error,
    first_wrong,
    misformed,
)
from grader.report import Severity

FORM = {"error": Maybe(ERROR), "calls": ListOf(CALL)}
GENERAL = MISFORMED | {"opposite_sign", "scaled_value", "sum_instead_of_mean", "wrong_value"}


def judge(
    observed: dict[str, Any], reference: dict[str, Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return for each output what differs, in the order: runs, form, numbers."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    wanted = [[value["array"] for value in call["returned"]] for call in reference["calls"]]
    return compared(observed["calls"], wanted, check, challenge)


def compared(
    calls: list[dict[str, Any]], wanted: list[Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return the remarks on calls, given the arrays that each should have returned."""
    error = first_error(calls, challenge["sizes"])
    if error is not None:
        return [error]
    remarks = []
    outputs = check.options["outputs"]
    for place, output in enumerate(outputs):
        remark = _output(place, output, calls, wanted, check, challenge)
        if remark is not None:
            remarks.append(remark)
    if not remarks and any(call["changed"] for call in calls):
        remarks.append(Remark("changes_arguments", Severity.PARTIAL))
    # A function that gives back something else altogether is told so once.
    whole = [remark for remark in remarks if remark.code == "value_of_other_type"]
    return whole[:1] if len(outputs) > 1 and len(whole) == len(outputs) else remarks


def _output(
    place: int,
    output: dict[str, Any],
    calls: list[dict[str, Any]],
    wanted: list[Any],
    check: Any,
    challenge: dict[str, Any],
) -> Remark | None:
    blank = output["blank"]
    name = {"output": output["name"]}
    pairs = []
    for call, want, sizes in zip(calls, wanted, challenge["sizes"], strict=True):
        returned = call["returned"]
        got = returned[place] if len(returned) == len(want) else {"type": returned[0]["type"]}
        problem = misformed(got, want[place], sizes)
        if problem is not None:
            code, facts = problem
            return Remark(code, blank=blank, facts={**name, **facts})
        pairs.append((got["array"], want[place]))
    facts = first_wrong(pairs, challenge["sizes"]) or {}
    if not facts:
        return None
    facts |= name
    scale = factor(pairs)
    if scale is not None:
        code = "opposite_sign" if abs(scale + 1) < 1e-2 else "scaled_value"
        return Remark(code, blank=blank, facts={**facts, "scale": f"{scale:.3g}"})
    if "count" in check.options:
        counts = [sizes[check.options["count"]] for sizes in challenge["sizes"]]
        scale = by_count(pairs, counts)
        if scale is not None:
            facts["scale"] = "" if abs(scale - 1) < 1e-2 else f", times {scale:.3g}"
            return Remark("sum_instead_of_mean", blank=blank, facts=facts)
    return Remark("wrong_value", blank=blank, facts=facts)


def alike(one: dict[str, Any], other: dict[str, Any], place: int | None = None) -> bool:
    """Whether two functions returned the same, or failed the same way."""
    return same_error(one["error"], other["error"]) and alike_calls(
        one["calls"], other["calls"], place
    )


def same_size(value: dict[str, Any], reference: dict[str, Any]) -> bool:
    """Whether there is one call a case, with one value an output or one that is none of them."""
    if value["error"] is not None:
        return True
    if len(value["calls"]) != len(reference["calls"]):
        return False
    return all(
        "error" in call or counted(call["returned"], len(wanted["returned"]))
        for call, wanted in zip(value["calls"], reference["calls"], strict=True)
    )


def place(check: Any, blank: int | None) -> int | None:
    """Return the number of the output that a blank makes."""
    blanks = [output["blank"] for output in check.options["outputs"]]
    return blanks.index(blank) if blank in blanks else None
