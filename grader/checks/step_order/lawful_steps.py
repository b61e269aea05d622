"""Decides whether steps follow an optimizer's rule, on gradients that are at most clipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.frozen_parameters import factor
from grader.checks.step_order.optimizers import RULES, updates, usable
from grader.checks.step_order.watched import parameter_slices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun
    from grader.checks.step_order.trace import Trace

# How far a gradient may be from the one that a step used, and its change from the rule's.
_GRADIENT = 1e-3
_UPDATE = 1e-2
# What float32 parameters lose of a change that is small relative to them.
_ROUNDING = 1e-7
# What weight decay leaves of a parameter at each step, at least.
_LEAST_KEPT = 0.9


def by_rule(
    before: np.ndarray,
    after: np.ndarray,
    used: np.ndarray,
    rules: Sequence[str],
    settings: Sequence[dict[str, float]],
) -> bool:
    """Whether the rule of one and the same optimizer class explains every change."""
    rule = rules[0]
    if set(rules) != {rule} or not all(usable(rule, one) for one in settings):
        return False
    if not any(one["lr"] for one in settings):
        return False
    changes = after.astype(np.float64) - before
    with np.errstate(all="ignore"):
        expected = updates(rule, used, before, settings)
    # Compared with a number that is not finite, every change would pass.
    if not np.isfinite(expected).all():
        return False
    off = np.linalg.norm(changes - expected, axis=1)
    rounding = _ROUNDING * np.linalg.norm(before.astype(np.float64), axis=1)
    return bool((off <= _UPDATE * np.linalg.norm(expected, axis=1) + rounding).all())


def decayed_by_hand(
    before: np.ndarray,
    after: np.ndarray,
    used: np.ndarray,
    rules: Sequence[str],
    settings: Sequence[dict[str, float]],
    challenge: StepOrderChallenge,
) -> bool:
    """Whether the rule explains every change once the parameters were shrunk by a little.

    That is what weight decay does. Each parameter may have a factor of its own, which is the same
    for every batch; it is applied before the step or after it.
    """
    if set(rules) != {rules[0]} or not all(usable(rules[0], one) for one in settings):
        return False
    with np.errstate(all="ignore"):
        expected = updates(rules[0], used, before, settings)
    if not np.isfinite(expected).all() or not any(one["lr"] for one in settings):
        return False
    for start, rest in ((before, after - expected), (before + expected, after.astype(np.float64))):
        parts = list(parameter_slices(challenge).values())
        factors = [factor(rest[:, part].ravel(), start[:, part].ravel()) for part in parts]
        if not all(_LEAST_KEPT <= one <= 1 + _ROUNDING for one in factors):
            continue
        off = np.zeros(len(before))
        for part, one in zip(parts, factors, strict=True):
            off += ((rest[:, part] - one * start[:, part]) ** 2).sum(axis=1)
        allowed = _UPDATE * np.linalg.norm(expected, axis=1)
        rounding = _ROUNDING * np.linalg.norm(before.astype(np.float64), axis=1)
        if (np.sqrt(off) <= allowed + rounding).all():
            return True
    return False


def by_own_rule(
    run: LoopRun,
    trace: Trace,
    before: np.ndarray,
    after: np.ndarray,
    used: np.ndarray,
    challenge: StepOrderChallenge,
) -> bool:
    """Whether the steps of the same optimizers alone move the parameters, by a rule of their own.

    Where the judge does not know the rule, it is enough that nothing else moves them, that all of
    them move, and that the first step goes down.
    """
    rules, settings = run["rules"], run["settings"]
    if set(rules) != {rules[0]} or len(set(run.get("makers", ()))) != 1 or trace.changed:
        return False
    if all(rule in RULES for rule in rules[:1]):
        return False
    if any(one.get("lr", 1) <= 0 or one.get("maximize", 0) for one in settings):
        return False
    changes = after.astype(np.float64) - before
    parts = parameter_slices(challenge).values()
    if any(used[:, part].any() and not changes[:, part].any() for part in parts):
        return False
    return bool(changes[0] @ used[0].astype(np.float64) < 0)


def made_smaller(fresh: np.ndarray, used: np.ndarray, sizes: Sequence[int]) -> bool:
    """Whether each number kept its sign, did not grow, and none vanished.

    Clipping by norm and by value both do that; clearing (a layer, or all), adding up and
    negating do not. Clipping bounds: one factor for every gradient, or for every batch of the same
    of ``sizes``, is none.
    """
    if np.abs(used - fresh).max() > _GRADIENT * np.abs(fresh).max():
        groups = [[k for k, one in enumerate(sizes) if one == size] for size in sorted(set(sizes))]
        if all(_by_one_factor(fresh[group], used[group]) for group in groups):
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
