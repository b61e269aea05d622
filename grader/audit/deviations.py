"""How far an observation is from the solved notebook's, as its judge measures it: a number a kind.

``None`` where there are no numbers to compare: something was raised, or has another form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.eval_accuracy import judge
from grader.checks.remark import TOLERANCE
from grader.checks.step_order.path import distances

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def logits_off(observed: dict[str, Any], reference: dict[str, Any]) -> float | None:
    """Return the largest difference of the outputs, relative to them as the judge takes it."""
    if observed["error"] is not None or len(observed["outputs"]) != len(reference["outputs"]):
        return None
    largest = 0.0
    for entry, wanted in zip(observed["outputs"], reference["outputs"], strict=True):
        output, expected = entry.get("output"), wanted["output"]
        if output is None or output.shape != expected.shape or not np.isfinite(output).all():
            return None
        scale = 1 + np.abs(expected).max(initial=0)
        largest = max(largest, float(np.abs(output - expected).max(initial=0) / scale))
    return largest


def accuracy_off(observed: dict[str, Any], reference: dict[str, Any]) -> float | None:
    """Return the largest difference of the returned numbers."""
    largest = 0.0
    for scene, wanted in zip(observed["scenes"], reference["scenes"], strict=True):
        value = scene["returned"]["value"] if scene["returned"] is not None else None
        if value is None or not np.isfinite(value):
            return None
        largest = max(largest, abs(value - wanted["returned"]["value"]))
    return largest


def path_off(observed: dict[str, Any], reference: dict[str, Any]) -> float | None:
    """Return how far the parameters strayed, relative to the way they should have gone."""
    largest = 0.0
    for run, wanted in zip(observed["runs"], reference["runs"], strict=True):
        if run["error"] is not None or len(run["states"]) != len(wanted["states"]):
            return None
        off = distances(run["states"], wanted["states"])
        if not np.isfinite(off).all():
            return None
        largest = max(largest, float(off.max(initial=0)))
    return largest


def calls_off(observed: dict[str, Any], reference: dict[str, Any]) -> float | None:
    """Return the largest difference of what a function returned, relative to it."""
    if observed["error"] is not None or any("error" in call for call in observed["calls"]):
        return None
    return _values_off(
        (call["returned"], wanted["returned"])
        for call, wanted in zip(observed["calls"], reference["calls"], strict=True)
    )


def steps_off(observed: dict[str, Any], reference: dict[str, Any]) -> float | None:
    """Return the largest difference of the parameters after any step, relative to them."""
    if observed["error"] is not None or any(c["error"] is not None for c in observed["cases"]):
        return None
    return _values_off(
        (step["values"], wanted["values"])
        for case, right in zip(observed["cases"], reference["cases"], strict=True)
        for step, wanted in zip(case["steps"], right["steps"], strict=False)
    )


def line_off(observed: dict[str, Any], best: list[np.ndarray]) -> float | None:
    """Return how far the worst training ended from the best line, relative to the way there."""
    if observed["error"] is not None or any("error" in run for run in observed["runs"]):
        return None
    far = []
    for run, want in zip(observed["runs"], best, strict=True):
        end = [value.get("array") for value in run["returned"]]
        if len(end) != len(want) or any(v is None or v.size != 1 for v in end):
            return None
        way = np.array([float(v.reshape(-1)[0]) for v in end]) - want
        far.append(float(np.linalg.norm(way) / np.linalg.norm(want)))
    return max(far) if np.isfinite(far).all() else None


def _values_off(pairs: Iterable[tuple[list[Any], list[Any]]]) -> float | None:
    largest = 0.0
    for got, wanted in pairs:
        if len(got) != len(wanted):
            return None
        for one, other in zip(got, wanted, strict=True):
            array, expected = one.get("array"), other["array"]
            if array is None or array.shape != expected.shape or not np.isfinite(array).all():
                return None
            scale = 1 + np.abs(expected).max(initial=0)
            largest = max(largest, float(np.abs(array - expected).max(initial=0) / scale))
    return largest


# How far an observation is from the reference's, and how far it may be; an entry a kind of check.
DEVIATIONS: dict[str, tuple[Callable[[Any, Any], float | None], float]] = {
    "forward_output": (logits_off, TOLERANCE),
    "eval_accuracy": (accuracy_off, judge.EXACT),
    "step_order": (path_off, TOLERANCE),
    "function_values": (calls_off, TOLERANCE),
    "autograd": (calls_off, TOLERANCE),
    "update_step": (steps_off, TOLERANCE),
}
