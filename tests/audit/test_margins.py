"""Deviations are measured as the judges measure them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.audit.margins import _accuracy_off, _logits_off, _path_off
from grader.audit.model import Margin, tightest
from grader.audit.tables import room


def logits(*outputs: Any, error: Any = None) -> dict[str, Any]:
    return {"error": error, "outputs": [{"output": np.asarray(o, dtype=float)} for o in outputs]}


def test_outputs_are_compared_relative_to_their_size() -> None:
    assert _logits_off(logits([3.0, 1.0]), logits([3.0, 1.0])) == 0
    assert _logits_off(logits([3.0, 1.4]), logits([3.0, 1.0])) == pytest.approx(0.1)
    assert _logits_off(logits([0.0], [9.0]), logits([0.0], [1.0])) == pytest.approx(4.0)


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
    assert _logits_off(observed, logits([1.0])) is None


def scenes(*values: Any) -> dict[str, Any]:
    return {"scenes": [{"returned": None if v is None else {"value": v}} for v in values]}


def test_accuracies_are_compared_scene_by_scene() -> None:
    assert _accuracy_off(scenes(0.5, 0.8), scenes(0.5, 0.6)) == pytest.approx(0.2)
    assert _accuracy_off(scenes(0.5, None), scenes(0.5, 0.6)) is None


def runs(*states: Any, error: Any = None) -> dict[str, Any]:
    return {"runs": [{"error": error, "states": np.asarray(s, dtype=float)} for s in states]}


def test_paths_are_compared_relative_to_the_way_gone() -> None:
    right = runs([[0.0], [1.0], [2.0]])
    assert _path_off(right, right) == 0
    assert _path_off(runs([[0.0], [1.0], [3.0]]), right) == pytest.approx(0.5)
    assert _path_off(runs([[0.0], [1.0]]), right) is None
    assert _path_off(runs([[0.0], [1.0], [2.0]], error={}), right) is None


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
    accuracy = Margin("learns", "passed", "x", 1, 0.883, 0.75, "accuracy", 2.0)
    assert room(accuracy) == "88.3 % right, the threshold is 75 %"
