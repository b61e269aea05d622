"""Made-up scenes of an evaluation: two batches of images, seen as the solved function sees them."""

from __future__ import annotations

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import numpy as np

SIZES = [3, 2]
ROWS = np.array([4.0, -1.0, 2.5, 7.0, 0.5])
CHECK: Any = SimpleNamespace(options={"input_blank": 3, "count_blank": 4})
ERROR = {"type": "RuntimeError", "message": "boom", "frames": []}


def drawn(told: str = "", passes: int | None = None) -> dict[str, Any]:
    """The part of a challenge's scene that a judge reads."""
    return {"sizes": SIZES, "told": told, "passes": passes, "order": None}


CHALLENGE: Any = {
    "image": [1, 2, 2],
    "scenes": [drawn(), drawn(passes=1), drawn("batch"), drawn("row")],
}


def call(batch: int, rows: np.ndarray, **more: Any) -> dict[str, Any]:
    state = {"training": False, "layers_training": False, "gradients": False}
    shape = [len(rows), 4]
    return {
        "type": "Tensor",
        "shape": shape,
        "rows": rows,
        "rough": False,
        "batch": batch,
        **state,
        **more,
    }


def number(value: float | None, kind: str = "float") -> dict[str, Any]:
    return {"type": kind, "value": value}


def scene(value: float | None = 0.6, told: str = "", **more: Any) -> dict[str, Any]:
    """What the solved function does in a scene, but for what is given."""
    calls = [] if told else [call(0, ROWS[:3]), call(1, ROWS[3:])]
    return {
        "error": None,
        "returned": number(value),
        "calls": calls,
        "called": 2,
        "as_batches": True,
        "drawn": 2,
        "batch": 1,
        "decoy_model": 0,
        "decoy_batches": 0,
        "decoy_switched": False,
        "others": 0,
        "steps": 0,
        "modes": [],
        "lines": {},
        "begun": 1,
        "idle_at": None,
        "laid_out_at": None,
        "left_at": None,
        "training_after": True,
        "layers_training_after": True,
        "switched_off": False,
        "changed": "",
        "told": told,
        **more,
    }


def observation(**more: Any) -> Any:
    """An observation of the solved function; ``more`` is what it does otherwise in every scene."""
    scenes = [scene(told=one["told"], **more) for one in CHALLENGE["scenes"]]
    again = [number(0.6), number(0.4), number(0.6)]
    whole = {"scenes": scenes, "devices": [], "again": again, "beyond": None, "reshuffled": None}
    return deepcopy(whole)
