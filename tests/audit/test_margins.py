"""Deviations are measured as the judges measure them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.assignment import load_assignment
from grader.audit.cases import handed_in
from grader.audit.deviations import (
    accuracy_off,
    calls_off,
    line_off,
    logits_off,
    path_off,
    steps_off,
)
from grader.audit.margins import _turning
from grader.audit.model import Case, CaseKind, CaseRow, CheckOutcome, Margin, tightest
from grader.audit.tables import room
from grader.report import Status

MLP = load_assignment("mlp")


def logits(*outputs: Any, error: Any = None) -> dict[str, Any]:
    return {"error": error, "outputs": [{"output": np.asarray(o, dtype=float)} for o in outputs]}


def test_outputs_are_compared_relative_to_their_size() -> None:
    assert logits_off(logits([3.0, 1.0]), logits([3.0, 1.0])) == 0
    assert logits_off(logits([3.0, 1.4]), logits([3.0, 1.0])) == pytest.approx(0.1)
    assert logits_off(logits([0.0], [9.0]), logits([0.0], [1.0])) == pytest.approx(4.0)


@pytest.mark.parametrize(
    "observed",
    [
        logits(error={"type": "ValueError"}),
        logits([1.0, 2.0]),
        logits([np.nan]),
        {"error": None, "outputs": [{"type": "tuple"}]},
        logits([1.0], [1.0]),
    ],
)
def test_what_has_no_outputs_to_compare_has_no_deviation(observed: Any) -> None:
    assert logits_off(observed, logits([1.0])) is None


def scenes(*values: Any) -> dict[str, Any]:
    return {"scenes": [{"returned": None if v is None else {"value": v}} for v in values]}


def test_accuracies_are_compared_scene_by_scene() -> None:
    assert accuracy_off(scenes(0.5, 0.8), scenes(0.5, 0.6)) == pytest.approx(0.2)
    assert accuracy_off(scenes(0.5, None), scenes(0.5, 0.6)) is None


def runs(*states: Any, error: Any = None) -> dict[str, Any]:
    return {"runs": [{"error": error, "states": np.asarray(s, dtype=float)} for s in states]}


def test_paths_are_compared_relative_to_the_way_gone() -> None:
    right = runs([[0.0], [1.0], [2.0]])
    assert path_off(right, right) == 0
    assert path_off(runs([[0.0], [1.0], [3.0]]), right) == pytest.approx(0.5)
    assert path_off(runs([[0.0], [1.0]]), right) is None
    assert path_off(runs([[0.0], [1.0], [2.0]], error={}), right) is None


def values(*arrays: Any) -> list[dict[str, Any]]:
    return [{"array": np.asarray(a, dtype=float), "dtype": "float32"} for a in arrays]


def test_what_functions_return_is_compared_relative_to_its_size() -> None:
    def seen(*calls: Any) -> dict[str, Any]:
        return {"error": None, "calls": [{"returned": call, "changed": False} for call in calls]}

    right = seen(values([3.0, 1.0]), values(1.0))
    assert calls_off(right, right) == 0
    assert calls_off(seen(values([3.0, 1.4]), values(1.0)), right) == pytest.approx(0.1)
    assert calls_off(seen(values([3.0]), values(1.0)), right) is None
    assert calls_off(seen([{"type": "str"}], values(1.0)), right) is None
    assert calls_off({"error": None, "calls": [{"error": {}}, {"error": {}}]}, right) is None


def test_updates_are_compared_after_every_step() -> None:
    def seen(*steps: Any) -> dict[str, Any]:
        case = {"error": None, "steps": [{"returned": True, "values": step} for step in steps]}
        return {"error": None, "cases": [case]}

    right = seen(values(1.0, [1.0]), values(1.0, [3.0]))
    assert steps_off(right, right) == 0
    assert steps_off(seen(values(1.0, [1.0]), values(1.0, [3.8])), right) == pytest.approx(0.2)
    assert steps_off({"error": None, "cases": [{"error": {}, "steps": []}]}, right) is None


def test_lines_are_compared_relative_to_the_way_there() -> None:
    def seen(*ends: Any) -> dict[str, Any]:
        return {"error": None, "runs": [{"returned": values(*end)} for end in ends]}

    best = [np.array([3.0, 4.0]), np.array([0.0, 1.0])]
    assert line_off(seen((3, 4), (0, 1)), best) == 0
    assert line_off(seen((3, 4), (0, 1.5)), best) == pytest.approx(0.5)
    assert line_off(seen((3, 4), (0, np.nan)), best) is None
    assert line_off(seen((3, 4), (0,)), best) is None
    assert line_off({"error": None, "runs": [{"error": {}}, {"error": {}}]}, best) is None


def margin(check: str, side: str, value: float, space: float) -> Margin:
    return Margin(check, side, "x", 1, value, 3e-4, "deviation", space)


def test_the_tightest_of_each_check_and_side_is_kept() -> None:
    a, b, c = margin("x", "lost", 1, 2.0), margin("x", "lost", 1, 0.5), margin("x", "passed", 0, 9)
    assert tightest([a, b, c]) == (b, c)
    assert b.thin
    assert not a.thin


def test_a_margin_in_words() -> None:
    assert room(margin("x", "passed", 0.0, 1)) == "exactly equal, may be 3e-04 off"
    assert room(margin("x", "lost", 0.0065, 1)) == "6.5e-03 off, may be 3e-04"
    line = Margin("converges", "failed", "x", 1, 0.59, 0.15, "deviation", 1.3)
    assert room(line) == "5.9e-01 off, may be 1.5e-01"
    accuracy = Margin("learns", "passed", "x", 1, 0.883, 0.75, "accuracy", 2.0)
    assert room(accuracy) == "88.3 % right, the threshold is 75 %"


MARKS = {"passed": 0.75, "partial": 0.30}
LEARNS = next(check for check in MLP.checks if check.id == "learns")


def turning(
    accuracy: float, status: str, allowed: tuple[str, ...] = (), *, still: bool = False
) -> list[float]:
    """The thresholds that matter for an answer: a mistake's where ``allowed`` names verdicts."""
    kind = CaseKind.MISTAKE if allowed else CaseKind.ALTERNATIVE
    entry = replace(MLP.mistakes[0], verdict={"learns": allowed})
    case = Case(kind, "x", "", handed_in(MLP), (entry,) if allowed else ())
    cell = CheckOutcome("learns", Status(status), 0.0, 20.0, ())
    return _turning(CaseRow(case, 1, (cell,)), LEARNS, accuracy, MARKS, still=still)


def test_a_threshold_is_near_where_crossing_it_would_be_wrong() -> None:
    assert turning(0.80, "passed") == [0.75]
    assert turning(0.60, "partial", ("partial",)) == [0.75, 0.30]
    assert turning(0.10, "failed", ("failed",)) == [0.30]


def test_where_chance_may_decide_no_threshold_is_near() -> None:
    assert turning(0.29, "failed", ("partial", "failed")) == []
    assert turning(0.31, "partial", ("partial", "failed")) == [0.75]
    assert turning(0.76, "passed", ("passed", "partial", "failed")) == []


def test_what_stands_still_does_not_pass_however_well_it_does() -> None:
    assert turning(0.76, "partial", ("partial",), still=True) == [0.30]
    assert turning(0.74, "partial", ("partial",), still=True) == [0.30]
