"""Why steps on right gradients go wrong: frozen parameters, changed gradients, the optimizer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, together
from grader.checks.step_order.watched import parameter_slices

if TYPE_CHECKING:
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun
    from grader.checks.step_order.trace import Trace


def stands_still(
    run: LoopRun, wanted: LoopRun, challenge: StepOrderChallenge, facts: Facts
) -> list[Remark]:
    """Return parameters that never move although the reference's do, or a learning rate of 0."""
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


def changed_between(run: LoopRun, wanted: LoopRun, facts: Facts) -> list[Remark]:
    """Return that the first gradient is right as it was computed, but not as the step used it."""
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


def changed_beside(trace: Trace, facts: Facts) -> list[Remark]:
    """Return that something beside the optimizer's step changes the parameters."""
    if not trace.changed or not trace.counts["step"]:
        return []
    return [Remark("parameters_changed", facts={**facts, "times": trace.changed})]


def factor(one: np.ndarray, other: np.ndarray) -> float:
    """Return the factor by which ``other`` (P,) comes nearest to ``one`` (P,)."""
    wide = other.astype(np.float64)
    return float(wide @ one / max(float(wide @ wide), 1e-30))


def _moves(states: np.ndarray) -> bool:
    return bool((states != states[0]).any())


def climbs(run: LoopRun, facts: Facts) -> list[Remark]:
    """Return that the optimizer is set to increase the loss, and how."""
    for settings in run["settings"]:
        below = settings.get("lr", 0) < 0
        if below or settings.get("maximize", 0):
            how = "a learning rate below 0" if below else "maximize switched on"
            return [Remark("optimizer_climbs", facts={**facts, "how": how})]
    return []


def made_anew(run: LoopRun, trace: Trace, facts: Facts) -> list[Remark]:
    """Return that the loop makes new optimizers on the way, and how often."""
    makers = run["makers"]
    if len(set(makers)) < 2 or makers != sorted(makers):
        return []
    changes = [k for k, (one, then) in enumerate(pairwise(makers), start=1) if one != then]
    firsts = [k for k, (place, _) in enumerate(trace.places) if k and place == 0]
    if len(changes) == len(makers) - 1:
        often = "for every batch"
    else:
        often = "for every epoch" if changes == firsts else "on the way"
    facts = {**facts, "often": often, "optimizers": len(set(makers))}
    return [Remark("optimizer_made_anew", facts=facts)]
