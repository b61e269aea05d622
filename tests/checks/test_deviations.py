"""How far an observation is from what is expected, as its judge measures it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checks import converges, forward_output, function_values
from grader.checks.eval_accuracy import judge as eval_accuracy
from grader.checks.kind import Measure
from grader.checks.learns import judge
from grader.checks.step_order import path
from grader.checks.update_step import judge as update_step


def logits(*outputs: Any, error: Any = None) -> dict[str, Any]:
    return {"error": error, "outputs": [{"output": np.asarray(o, dtype=float)} for o in outputs]}


def test_outputs_are_compared_relative_to_their_size() -> None:
    off = forward_output.deviation
    assert off(logits([3.0, 1.0]), logits([3.0, 1.0])) == 0
    assert off(logits([3.0, 1.4]), logits([3.0, 1.0])) == pytest.approx(0.1)
    assert off(logits([0.0], [9.0]), logits([0.0], [1.0])) == pytest.approx(4.0)


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
    off = forward_output.deviation
    assert off(observed, logits([1.0])) is None


def scenes(*values: Any) -> dict[str, Any]:
    return {"scenes": [{"returned": None if v is None else {"value": v}} for v in values]}


def test_accuracies_are_compared_scene_by_scene() -> None:
    assert eval_accuracy.deviation(scenes(0.5, 0.8), scenes(0.5, 0.6)) == pytest.approx(0.2)
    assert eval_accuracy.deviation(scenes(0.5, None), scenes(0.5, 0.6)) is None


def runs(*states: Any, error: Any = None) -> dict[str, Any]:
    return {"runs": [{"error": error, "states": np.asarray(s, dtype=float)} for s in states]}


def test_paths_are_compared_relative_to_the_way_gone() -> None:
    right = runs([[0.0], [1.0], [2.0]])
    assert path.deviation(right, right) == 0
    assert path.deviation(runs([[0.0], [1.0], [3.0]]), right) == pytest.approx(0.5)
    assert path.deviation(runs([[0.0], [1.0]]), right) is None
    assert path.deviation(runs([[0.0], [1.0], [2.0]], error={}), right) is None


def values(*arrays: Any) -> list[dict[str, Any]]:
    return [{"array": np.asarray(a, dtype=float), "dtype": "float32"} for a in arrays]


def test_what_functions_return_is_compared_relative_to_its_size() -> None:
    off = function_values.deviation

    def seen(*calls: Any) -> dict[str, Any]:
        return {"error": None, "calls": [{"returned": call, "changed": False} for call in calls]}

    right = seen(values([3.0, 1.0]), values(1.0))
    assert off(right, right) == 0
    assert off(seen(values([3.0, 1.4]), values(1.0)), right) == pytest.approx(0.1)
    assert off(seen(values([3.0]), values(1.0)), right) is None
    assert off(seen([{"type": "str"}], values(1.0)), right) is None
    assert off({"error": None, "calls": [{"error": {}}, {"error": {}}]}, right) is None


def test_updates_are_compared_after_every_step() -> None:
    off = update_step.deviation

    def seen(*steps: Any) -> dict[str, Any]:
        case = {"error": None, "steps": [{"returned": True, "values": step} for step in steps]}
        return {"error": None, "cases": [case]}

    right = seen(values(1.0, [1.0]), values(1.0, [3.0]))
    assert off(right, right) == 0
    assert off(seen(values(1.0, [1.0]), values(1.0, [3.8])), right) == pytest.approx(0.2)
    assert off({"error": None, "cases": [{"error": {}, "steps": []}]}, right) is None


def test_lines_are_measured_relative_to_the_way_there() -> None:
    best = [np.array([3.0, 4.0]), np.array([0.0, 1.0])]
    check: Any = SimpleNamespace(options={"close": 0.1, "near": 0.4})

    def off(*ends: Any, error: Any = None) -> float | None:
        seen: Any = {"error": error, "runs": [{"returned": values(*end)} for end in ends]}
        measured = converges.measure(seen, best, check, {})
        return None if measured is None else measured.value

    assert off((3, 4), (0, 1)) == 0
    assert off((3, 4), (0, 1.5)) == pytest.approx(0.5)
    assert off((3, 4), (0, np.nan)) is None
    assert off((3, 4), (0,)) is None
    assert off((3, 4), (0, 1), error={}) is None
    failed: Any = {"error": None, "runs": [{"error": {}}, {"error": {}}]}
    assert converges.measure(failed, best, check, {}) is None


def test_a_training_is_measured_by_its_accuracy() -> None:
    labels = np.array([0, 1, 1, 1])
    check: Any = SimpleNamespace(on_data=lambda _option, _data: {"passed": 0.7, "partial": 0.3})

    def measured(after: Any, **more: Any) -> Measure | None:
        return judge.measure({"after": after, **more}, labels, check, {"data": "digits"})

    scores = np.array([[2.0, 1.0], [0.0, 1.0], [0.0, 1.0], [5.0, 1.0]])
    limits = {"passed": 0.7, "partial": 0.3}
    assert measured(scores) == Measure(0.75, limits)
    assert measured(scores, still=["lin_1.bias"]) == Measure(0.75, limits, cannot_pass=True)
    assert measured(scores[:2]) is None
    assert measured(None) is None
