"""Points near a line, for a student's training; the line itself stays with the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# Lines up and down, on either side of 0: a wrong gradient that happens to end well on one of them
# does not on another.
_SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_NOISE = 0.1


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: Assignment,
    _data: DigitsData | None,
    _device: str,
) -> dict[str, Any]:
    """Return ``runs`` of points x (N,) and y (N,), the learning rate and the number of steps."""
    runs = []
    for signs in _SIGNS:
        slope, intercept = signs * rng.uniform(1, 3, 2)
        # Not around 0: a gradient that forgets x, or b, would hardly show there.
        x = rng.normal(0.5, 1, int(check.options["count"])).astype(np.float32)
        noise = rng.normal(0, _NOISE, len(x))
        runs.append([x, (slope * x + intercept + noise).astype(np.float32)])
    return {
        "runs": runs,
        "rate": float(check.options["rate"]),
        "steps": int(check.options["steps"]),
        "outputs": len(check.options["outputs"]),
    }


def best_lines(
    _check: Check, challenge: dict[str, Any], _data: DigitsData | None
) -> list[np.ndarray]:
    """Return slope and intercept (2,) of least squares for each run."""
    found = []
    for x, y in challenge["runs"]:
        columns = np.stack([x, np.ones_like(x)], axis=1).astype(np.float64)
        found.append(np.linalg.lstsq(columns, y.astype(np.float64), rcond=None)[0])
    return found
