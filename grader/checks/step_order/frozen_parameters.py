"""Notices parameters that never move, and gradients that are not used as they were computed."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.remark import TOLERANCE, Remark, together
from grader.checks.step_order.parameters import parameter_slices


def stands_still(
    run: dict[str, Any], wanted: dict[str, Any], challenge: dict[str, Any], facts: dict[str, Any]
) -> list[Remark]:
    """Return what never moves although the reference's does, and why where that was seen."""
    parts = parameter_slices(challenge)
    moves = {name for name, part in parts.items() if _moves(wanted["states"][:, part])}
    still = [name for name in parts if name in moves and not _moves(run["states"][:, parts[name]])]
    if not still or run["used"] is None:
        return []
    facts = {**facts, "steps": len(run["settings"]), "still": together(still)}
    if len(still) < len(moves):
        return [Remark("layers_stand_still", facts=facts)]
    if any(settings.get("lr", 0) for settings in run["settings"]):
        return []
    return [Remark("learning_rate_zero", facts=facts)]


def changed_between(
    run: dict[str, Any], wanted: dict[str, Any], facts: dict[str, Any]
) -> list[Remark]:
    """Say so when the first gradient is right as it was computed, and not as it was used."""
    fresh, used, right = run["fresh"], run["used"], wanted["fresh"]
    if fresh is None or used is None or right is None or not np.isfinite(used[0]).all():
        return []
    size = float(np.linalg.norm(right[0]))
    if np.linalg.norm(fresh[0] - right[0]) > TOLERANCE * size:
        return []
    scale = factor(used[0], right[0])
    if np.linalg.norm(used[0] - right[0]) <= TOLERANCE * size:
        return []
    alike = np.linalg.norm(used[0] - scale * right[0]) <= TOLERANCE * size
    change = f"{scale:.3g} times this gradient" if alike else "another one"
    return [Remark("gradient_changed", facts={**facts, "change": change})]


def factor(one: np.ndarray, other: np.ndarray) -> float:
    """Return by what ``other`` (P,) has to be multiplied to come nearest to ``one`` (P,)."""
    wide = other.astype(np.float64)
    return float(wide @ one / max(float(wide @ wide), 1e-30))


def _moves(states: np.ndarray) -> bool:
    return bool((states != states[0]).any())
