"""Compares a student's gradients with those that autograd finds for the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.checks import function_values
from grader.checks.remark import Remark, close, raised
from grader.checks.schema import ERROR, Array, ListOf, Maybe
from grader.checks.values import CALL

if TYPE_CHECKING:
    import numpy as np

FORM = {
    "error": Maybe(ERROR),
    "calls": ListOf(CALL),
    "autograd": Maybe(ListOf(ListOf(Array()))),
}
GENERAL = function_values.GENERAL


def judge(
    observed: dict[str, Any], reference: dict[str, Any], check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return what differs, as for any function; two gradients in each other's place are told."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    wanted = reference["autograd"]
    if wanted is None:
        return [Remark("internal", facts={"detail": "the reference has no gradient by autograd"})]
    remarks = function_values.compared(observed["calls"], wanted, check, challenge)
    if len(remarks) == len(check.options["outputs"]) == 2 and _swapped(observed["calls"], wanted):
        return [Remark("gradients_swapped", blank=remark.blank) for remark in remarks]
    return remarks


def _swapped(calls: list[dict[str, Any]], wanted: list[list[np.ndarray]]) -> bool:
    return all(
        len(call.get("returned", ())) == 2
        and all(
            close(got.get("array"), want)
            for got, want in zip(call["returned"], reversed(both), strict=True)
        )
        for call, both in zip(calls, wanted, strict=True)
    )


alike = function_values.alike
same_size = function_values.same_size
place = function_values.place
