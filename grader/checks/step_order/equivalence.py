"""Decides whether a path that differs from the reference's is right all the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.frozen_parameters import factor
from grader.checks.step_order.gradients import true_gradient, watched_layers
from grader.checks.step_order.optimizers import updates, usable
from grader.checks.step_order.trace import read_trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun
    from grader.checks.step_order.trace import Trace

# How far float32 gradients of a batch may be from float64 ones; measured at 1e-6 for this model.
_GRADIENT = 1e-3
_UPDATE = 1e-2
# What float32 parameters lose of a change that is small relative to them.
_ROUNDING = 1e-7


@dataclass(frozen=True)
class Explanation:
    """What explains a path: extras in words, and whether an epoch left out its short batch."""

    extras: tuple[str, ...] = ()
    short_left_out: bool = False


def explained(run: LoopRun, challenge: StepOrderChallenge) -> Explanation | None:
    """Return what explains the path, ``None`` when nothing lawful does.

    Lawful is: forward, one backward, one step per batch; every backward gives the true gradient
    at the parameters of that moment; ``step`` uses that gradient, at most made smaller; and the
    parameters change by the optimizer's own rule alone. The loop's function may make the optimizer
    itself. Each epoch takes every batch once, in any order; the shorter last one may be left out.
    """
    trace, sizes = read_trace(run["events"]), challenge["sizes"]
    fresh, used, states = run["fresh"], run["used"], run["states"]
    if fresh is None or used is None or len(trace.batches) != len(states) - 1:
        return None
    kept = _trained(trace, states, sizes)
    if kept and kept[-1] < len(trace.batches) - 1:
        fresh = fresh[: len(kept)]  # the last batch's gradient was never used
    in_order = replace(trace, batches=tuple(trace.batches[k] for k in kept)).in_order
    if not in_order or not len(fresh) == len(used) == len(kept):
        return None
    before, after = states[kept], states[[k + 1 for k in kept]]
    if not all(np.isfinite(array).all() for array in (fresh, used, states)):
        return None
    numbers = _batches_of(fresh, before, [trace.places[k][0] for k in kept], challenge)
    if numbers is None or not _made_smaller(fresh, used):
        return None
    epochs = _epochs([trace.places[k][0] for k in kept], numbers, len(sizes))
    short = {k for k, size in enumerate(sizes) if size < max(sizes)}
    if any(len(set(epoch)) < len(epoch) or _lacks(epoch, sizes) - short for epoch in epochs):
        return None
    if not _by_rule(before, after, used, run["rules"], run["settings"]):
        return None
    extras = []
    if np.abs(used - fresh).max() > _GRADIENT * np.abs(fresh).max():
        extras.append("gradient clipping")
    if any(settings != run["settings"][0] for settings in run["settings"]):
        extras.append("a learning-rate schedule")
    return Explanation(tuple(extras), any(_lacks(epoch, sizes) for epoch in epochs))


def _trained(trace: Trace, states: np.ndarray, sizes: Sequence[int]) -> list[int]:
    """Return the numbers of the drawn batches that count: all but short ones without an effect."""
    return [
        k
        for k, batch in enumerate(trace.batches)
        if "step" in batch
        or sizes[trace.places[k][0] % len(sizes)] == max(sizes)
        or (states[k + 1] != states[k]).any()
    ]


def _epochs(places: Sequence[int], numbers: Sequence[int], length: int) -> list[list[int]]:
    """Return the numbers of the batches that each epoch takes."""
    epochs: list[list[int]] = []
    for k, (place, number) in enumerate(zip(places, numbers, strict=True)):
        if k == 0 or place % length <= places[k - 1] % length:
            epochs.append([])
        epochs[-1].append(number)
    return epochs


def _lacks(epoch: Sequence[int], sizes: Sequence[int]) -> set[int]:
    return set(range(len(sizes))) - set(epoch)


def _batches_of(
    fresh: np.ndarray, before: np.ndarray, places: Sequence[int], challenge: StepOrderChallenge
) -> list[int] | None:
    """Return the number of the batch whose true gradient each one is, ``None`` if one is none's.

    A loop may shuffle batches that it has collected, so the one in its place is only tried first.
    """
    sizes = challenge["sizes"]
    shapes = [weight.shape for weight, _ in watched_layers(challenge).values()]
    images = challenge["images"][:, challenge["lit"]] / 255.0
    starts = np.cumsum([0, *sizes])
    found = []
    for gradient, parameters, place in zip(fresh, before, places, strict=True):
        likeliest = place % len(sizes)
        for number in (likeliest, *(n for n in range(len(sizes)) if n != likeliest)):
            rows = slice(starts[number], starts[number + 1])
            right = true_gradient(parameters, shapes, images[rows], challenge["labels"][rows])
            if np.linalg.norm(gradient - right) <= _GRADIENT * np.linalg.norm(right):
                found.append(number)
                break
        else:
            return None
    return found


def _by_rule(
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


def _made_smaller(fresh: np.ndarray, used: np.ndarray) -> bool:
    """Whether each number kept its sign, did not grow, and none vanished.

    Clipping by norm and by value both do that; clearing (a layer, or all), adding up and
    negating do not. One factor for every gradient does not count as clipping.
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
