"""Decides whether a path that leaves the reference's is lawful all the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judges.gradients import true_gradient
from grader.judges.optimizers import updates, usable
from grader.judges.parameters import watched_layers
from grader.judges.standstill import factor
from grader.judges.trace import read_trace

# float32 gradients of a batch, against float64; measured at 1e-6 for this model.
_GRADIENT = 1e-3
_UPDATE = 1e-2
# What float32 parameters lose of a change that is small beside them.
_ROUNDING = 1e-7


def explained(run: dict[str, Any], challenge: dict[str, Any]) -> str | None:
    """Return what explains the path ("" for nothing unusual), ``None`` when nothing lawful does.

    Lawful is: forward, one backward, one step per batch; every backward gives the true gradient
    at the parameters of that moment; what ``step`` uses is that gradient, at most made smaller;
    and the parameters change by the optimizer's own rule and by nothing else. The optimizer may
    be one that the loop's own function makes.
    """
    trace = read_trace(run["events"])
    fresh, used, states = run["fresh"], run["used"], run["states"]
    if not trace.in_order or fresh is None or used is None:
        return None
    count = len(states) - 1
    if len(fresh) != count or len(used) != count or count < trace.first_epoch:
        return None
    if not all(np.isfinite(array).all() for array in (fresh, used, states)):
        return None
    if not _true(fresh, states, challenge) or not _made_smaller(fresh, used):
        return None
    if not _by_rule(states, used, run["rules"], run["settings"]):
        return None
    extras = []
    if np.abs(used - fresh).max() > _GRADIENT * np.abs(fresh).max():
        extras.append("gradient clipping")
    if any(settings != run["settings"][0] for settings in run["settings"]):
        extras.append("a learning-rate schedule")
    return " and ".join(extras)


def _by_rule(
    states: np.ndarray, used: np.ndarray, rules: list[str], settings: list[dict[str, float]]
) -> bool:
    """Whether one optimizer's rule explains every change.

    Where another optimizer takes over, it would have to know what the one before it has kept.
    """
    rule = rules[0]
    if set(rules) != {rule} or not all(usable(rule, one) for one in settings):
        return False
    if not any(one["lr"] for one in settings):
        return False
    changes = states[1:].astype(np.float64) - states[:-1]
    with np.errstate(all="ignore"):
        expected = updates(rule, used, states[:-1], settings)
    # Beside a number that is none no change would be unlawful.
    if not np.isfinite(expected).all():
        return False
    off = np.linalg.norm(changes - expected, axis=1)
    rounding = _ROUNDING * np.linalg.norm(states[:-1].astype(np.float64), axis=1)
    return bool((off <= _UPDATE * np.linalg.norm(expected, axis=1) + rounding).all())


def _true(fresh: np.ndarray, states: np.ndarray, challenge: dict[str, Any]) -> bool:
    sizes = challenge["sizes"]
    shapes = [weight.shape for weight, _ in watched_layers(challenge).values()]
    images = challenge["images"][:, challenge["lit"]] / 255.0
    starts = np.cumsum([0, *sizes])
    for k, gradient in enumerate(fresh):
        first = starts[k % len(sizes)]
        rows = slice(first, first + sizes[k % len(sizes)])
        right = true_gradient(states[k], shapes, images[rows], challenge["labels"][rows])
        if np.linalg.norm(gradient - right) > _GRADIENT * np.linalg.norm(right):
            return False
    return True


def _made_smaller(fresh: np.ndarray, used: np.ndarray) -> bool:
    """Whether each number kept its sign, did not grow, and none vanished.

    Clipping by norm and by value both do that; clearing (a layer, or all), adding up and
    negating do not. Neither does what makes every gradient smaller by the same factor.
    """
    if np.abs(used - fresh).max() > _GRADIENT * np.abs(fresh).max() and _by_one_factor(fresh, used):
        return False
    slack = _GRADIENT * np.abs(fresh).max(axis=1, keepdims=True)
    grown = np.abs(used) > np.abs(fresh) + slack
    turned = (used * fresh < 0) & (np.abs(used) > slack)
    vanished = (np.abs(used) <= 1e-6 * np.abs(fresh)) & (np.abs(fresh) > slack)
    return not (grown.any() or turned.any() or vanished.any())


def _by_one_factor(fresh: np.ndarray, used: np.ndarray) -> bool:
    """Whether every gradient was made smaller by the same factor."""
    scale = factor(used[0], fresh[0])
    off = np.linalg.norm(used - scale * fresh, axis=1)
    return bool((off <= _GRADIENT * np.linalg.norm(used, axis=1)).all())
