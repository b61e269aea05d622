"""Decides whether a loop rightly collects the gradients of several batches for each step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.frozen_parameters import factor
from grader.checks.step_order.gradients import true_gradient, watched_layers
from grader.checks.step_order.lawful_steps import by_rule, made_smaller

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import Event, LongRun, OneLossObservation

_CLOSE = 1e-3
# The numbers of the batches whose gradients a step uses, from 0 over all epochs.
Group = tuple[int, ...]


def accumulated(observed: OneLossObservation, challenge: StepOrderChallenge) -> int:
    """Return for how many batches each step is made, 0 where gradients are not rightly collected.

    Right is: every batch gives its gradient, what was used is cleared before the next one and
    nothing else is, the gradients of a step's batches count alike, and the number of these is
    always the same, but for the last of an epoch: these may make a step of their own, or wait for
    the first of the next.
    """
    for seen in observed.get("accumulated", []):
        groups = _groups(seen["run"]["events"])
        size = _size(groups, seen["batches"])
        if size and _right(seen, groups, size, challenge):
            return size
    return 0


def _groups(events: Sequence[Event]) -> list[Group]:
    """Return the batches that each step is made for; none where gradients are lost or left over."""
    groups: list[Group] = []
    held: list[int] = []
    batch = -1
    for event in events:
        name = str(event[0])
        if name == "batch":
            if batch >= 0 and batch not in (*held, *(groups[-1] if groups else ())):
                return []  # it gave no gradient
            batch += 1
        elif name == "zero_grad" and event[1] and held:
            return []
        elif name == "backward":
            if groups and not held and not event[1]:
                return []
            if batch not in held:
                held.append(batch)
        elif name == "step":
            if not held:
                return []
            groups.append(tuple(held))
            held = []
    return groups


def _size(groups: Sequence[Group], batches: int) -> int:
    """Return how many batches a step is made for, 0 where that is no rule."""
    within = [g for g in groups if (g[-1] + 1) % batches and g[0] // batches == g[-1] // batches]
    sizes = {len(group) for group in within} or {max(map(len, groups), default=0)}
    size = sizes.pop()
    if sizes or size < 2:
        return 0
    rest = [group for group in groups if group not in within]
    ends = [len(group) <= size for group in rest if not (group[-1] + 1) % batches]
    across = [len(group) < 2 * size for group in rest if (group[-1] + 1) % batches]
    return size if all(ends) and all(across) else 0


def _right(
    seen: LongRun, groups: Sequence[Group], size: int, challenge: StepOrderChallenge
) -> bool:
    """Whether each step uses the gradients of its batches, by the optimizer's own rule."""
    run, images = seen["run"], seen["size"]
    fresh, used, states = run["fresh"], run["used"], run["states"]
    if fresh is None or used is None or not len(fresh) >= len(used) == len(groups):
        return False
    fresh = fresh[: len(groups)]  # what came after the last step was not used
    if len(states) <= groups[-1][-1] + 1:
        return False
    if not all(np.isfinite(array).all() for array in (fresh, used, states)):
        return False
    shapes = [weight.shape for weight, _ in watched_layers(challenge).values()]
    pixels = challenge["images"][:, challenge["lit"]] / 255.0
    shares = []
    for gradient, group in zip(fresh, groups, strict=True):
        rows = [
            np.arange(k * images, (k + 1) * images) for k in (g % seen["batches"] for g in group)
        ]
        each = [
            true_gradient(states[group[0]], shapes, pixels[row], challenge["labels"][row])
            for row in (row % len(pixels) for row in rows)
        ]
        whole = np.sum(each, axis=0)
        share = factor(gradient, whole)
        if np.linalg.norm(gradient - share * whole) > _CLOSE * abs(share) * np.linalg.norm(whole):
            return False
        shares.append(share)
    lengths = [len(group) for group in groups]
    usual = ([1 / length for length in lengths], [1 / size] * len(groups), [1.0] * len(groups))
    if not any(np.allclose(shares, wanted, rtol=1e-2) for wanted in usual):
        return False
    before, after = states[[g[0] for g in groups]], states[[g[-1] + 1 for g in groups]]
    return made_smaller(fresh, used, lengths) and by_rule(
        before, after, used, run["rules"], run["settings"]
    )
