"""Compares what a model was shown with the images that it should have been shown."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.remark import TOLERANCE, Remark, close, shape_words
from grader.checks.schema import Array, ListOf, Maybe

CALL = {
    "type": str,
    "shape": Maybe(ListOf(int)),
    "rows": Maybe(Array(1)),
    "batch": int,
    "training": bool,
    "layers_training": bool,
    "gradients": bool,
}


def same_inputs(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether a model was shown the same in two scenes, call by call."""
    return len(a["calls"]) == len(b["calls"]) and all(
        _same_input(x, y) for x, y in zip(a["calls"], b["calls"], strict=True)
    )


def other_inputs(
    got: dict[str, Any], wanted: dict[str, Any], scene: dict[str, Any], check: Any, challenge: Any
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
        shape = call["shape"]
        if shape == expected["shape"]:
            return _other_values(got, k, scene, blank)
        facts: dict[str, Any] = {
            "batch": k + 1,
            "size": scene["sizes"][k],
            "image": shape_words([scene["sizes"][k], *challenge["image"]]),
            "got": call["type"] if shape is None else shape_words(shape),
            "expected": shape_words(expected["shape"]),
        }
        return Remark("wrong_input_shape", blank=blank, facts=facts | _raised(got))
    if not got["calls"] and wanted["calls"] and got["error"] is None:
        return Remark("model_not_called", blank=blank)
    return None


def unseen_images(
    got: dict[str, Any], wanted: dict[str, Any], scene: dict[str, Any], check: Any, _challenge: Any
) -> Remark | None:
    """Look for an image that the model was never shown as it is, where the accuracy is right.

    In which portions and in which order they come, and what else the model is shown, is free. What
    uses the model's numbers without calling it tells nothing of its inputs.
    """
    if not got["calls"] or got["called"] > len(got["calls"]):
        return None
    rows = np.concatenate([call["rows"] for call in wanted["calls"]])
    shown = [call["rows"] for call in got["calls"] if call["rows"] is not None]
    known = np.sort(np.concatenate([*shown, np.array([-np.inf, np.inf])]))
    after = np.searchsorted(known, rows).clip(1, len(known) - 1)
    off = np.minimum(rows - known[after - 1], known[after] - rows)
    unseen = ~(off <= TOLERANCE * (1 + np.abs(rows).max(initial=0)))
    if not unseen.any():
        return None
    batch = int(np.searchsorted(np.cumsum(scene["sizes"]), np.argmax(unseen), side="right"))
    return _other_values(got, batch, scene, check.options["input_blank"])


def _other_values(
    got: dict[str, Any], batch: int, scene: dict[str, Any], blank: int | None
) -> Remark:
    facts = {"batch": batch + 1, "size": scene["sizes"][batch]}
    return Remark("wrong_input_values", blank=blank, facts=facts | _raised(got))


def _raised(got: dict[str, Any]) -> dict[str, str]:
    return {} if got["error"] is None else {"text": got["error"]["message"]}


def _in_order(got: dict[str, Any], wanted: dict[str, Any], sizes: list[int]) -> bool:
    """Whether the rows shown are those of the first batches, all of them, in whatever portions."""
    rows = [call["rows"] for call in got["calls"] if len(call["shape"] or ()) == 2]
    if not rows or len(rows) < len(got["calls"]) or any(row is None for row in rows):
        return False
    shown = np.concatenate(rows)
    known = np.concatenate([call["rows"] for call in wanted["calls"]])
    return len(shown) in np.cumsum(sizes) and close(shown, known[: len(shown)])


def _same_input(a: dict[str, Any], b: dict[str, Any]) -> bool:
    if a["rows"] is None or b["rows"] is None:
        # Something else than rows of the right width: told apart by what it is.
        return a["rows"] is b["rows"] and (a["type"], a["shape"]) == (b["type"], b["shape"])
    return a["shape"] == b["shape"] and close(a["rows"], b["rows"])
