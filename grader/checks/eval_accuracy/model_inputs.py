"""Compares the inputs that a model was called with to the scene's images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, close, shape_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check
    from grader.checks.eval_accuracy.challenge import EvalAccuracyChallenge, Scene
    from grader.checks.eval_accuracy.observation import ModelCall, SeenScene


# How much farther rounding to bfloat16 takes the number of an image than another order of sums.
_ROUGHER = 10


def same_inputs(a: SeenScene, b: SeenScene) -> bool:
    """Whether a model was shown the same in two scenes, call by call."""
    return len(a["calls"]) == len(b["calls"]) and all(
        _same_input(x, y) for x, y in zip(a["calls"], b["calls"], strict=True)
    )


def other_inputs(
    got: SeenScene, wanted: SeenScene, scene: Scene, check: Check, challenge: EvalAccuracyChallenge
) -> Remark | None:
    """Compare what the model was shown with the flattened batch, row by row."""
    blank = check.options["input_blank"]
    if _in_order(got, wanted, scene["sizes"]):
        return None
    for call in got["calls"]:
        k = call["batch"]
        if not 0 <= k < len(wanted["calls"]):
            continue
        expected = wanted["calls"][k]
        if _same_input(call, expected):
            continue
        shape, right = call["shape"], expected["shape"] or []
        if shape == right:
            return _other_values(got, k, scene, blank)
        facts: Facts = {
            "batch": k + 1,
            "size": scene["sizes"][k],
            "image": shape_words([scene["sizes"][k], *challenge["image"]]),
            "got": call["type"] if shape is None else shape_words(shape),
            "expected": shape_words(right),
        }
        return Remark("wrong_input_shape", blank=blank, facts={**facts, **_raised(got)})
    if not got["calls"] and wanted["calls"] and got["error"] is None:
        return Remark("model_not_called", blank=blank)
    return None


def unseen_images(
    got: SeenScene, wanted: SeenScene, scene: Scene, check: Check, _challenge: EvalAccuracyChallenge
) -> Remark | None:
    """Look for an image that the model was never shown, where the accuracy is right.

    The images may come in any portions and any order, beside others. A function that computes with
    the model's parameters without calling it shows nothing of its inputs.
    """
    if not got["calls"] or got["called"] > len(got["calls"]):
        return None
    rows = rows_of(wanted)
    shown = [call["rows"] for call in got["calls"] if call["rows"] is not None]
    known = np.sort(np.concatenate([*shown, np.array([-np.inf, np.inf])]))
    after = np.searchsorted(known, rows).clip(1, len(known) - 1)
    off = np.minimum(rows - known[after - 1], known[after] - rows)
    near = TOLERANCE * (_ROUGHER if _rough(got["calls"]) else 1)
    unseen = ~(off <= near * (1 + np.abs(rows).max(initial=0)))
    if not unseen.any():
        return None
    batch = int(np.searchsorted(np.cumsum(scene["sizes"]), np.argmax(unseen), side="right"))
    return _other_values(got, batch, scene, check.options["input_blank"])


def _other_values(got: SeenScene, batch: int, scene: Scene, blank: int | None) -> Remark:
    facts: Facts = {"batch": batch + 1, "size": scene["sizes"][batch]}
    return Remark("wrong_input_values", blank=blank, facts={**facts, **_raised(got)})


def _raised(got: SeenScene) -> Facts:
    return {} if got["error"] is None else {"text": got["error"]["message"]}


def _in_order(got: SeenScene, wanted: SeenScene, sizes: Sequence[int]) -> bool:
    """Whether the rows shown are all those of the first batches, in whatever portions."""
    rows = [
        call["rows"]
        for call in got["calls"]
        if len(call["shape"] or ()) == 2 and call["rows"] is not None
    ]
    if not rows or len(rows) < len(got["calls"]):
        return False
    shown, known = np.concatenate(rows), rows_of(wanted)
    whole = len(shown) in np.cumsum(sizes)
    return whole and _near(shown, known[: len(shown)], _rough(got["calls"]))


def rows_of(wanted: SeenScene) -> np.ndarray:
    """Return the rows of all calls of the reference's, in order."""
    return np.concatenate([call["rows"] for call in wanted["calls"] if call["rows"] is not None])


def _same_input(a: ModelCall, b: ModelCall) -> bool:
    if a["rows"] is None or b["rows"] is None:
        # No rows of the right width: compared by type and shape.
        return a["rows"] is b["rows"] and (a["type"], a["shape"]) == (b["type"], b["shape"])
    return a["shape"] == b["shape"] and _near(a["rows"], b["rows"], _rough([a, b]))


def _rough(calls: Sequence[ModelCall]) -> bool:
    return any(call["rough"] for call in calls)


def _near(got: np.ndarray, expected: np.ndarray, rough: bool) -> bool:
    """Whether rows are equal up to rounding, where ``rough`` to that of two bytes a number."""
    scale = 1.0 / _ROUGHER if rough else 1.0
    return got.shape == expected.shape and close(expected + scale * (got - expected), expected)
