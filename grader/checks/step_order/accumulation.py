"""Decides whether a loop rightly collects the gradients of several batches for each step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.equivalence import LOWER, LOWER_OF_LARGEST
from grader.checks.step_order.lawful_steps import by_rule, made_smaller
from grader.checks.step_order.other_loss import of_the_parameters
from grader.checks.step_order.watched import right_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.remark import Remark
    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import Event, LongRun, OneLossObservation

_CLOSE = 1e-3
# The numbers of the batches whose gradients a step uses, from 0 over all epochs.
Group = tuple[int, ...]


@dataclass(frozen=True)
class Collected:
    """The batches of each step as drawn, their places, and how many a step is made for."""

    groups: tuple[Group, ...]
    placed: tuple[Group, ...]
    size: int


def accumulated(observed: OneLossObservation, challenge: StepOrderChallenge) -> int:
    """Return for how many batches each step is made, 0 where gradients are not rightly collected.

    Right is: every batch gives its gradient, what was used is cleared before the next one and
    nothing else is, the gradients of a step's batches count alike, and the number of these is
    always the same, but for the last of an epoch: these may make a step of their own, wait for
    the first of the next, or not be drawn.
    """
    for seen in observed.get("accumulated", []):
        events = seen["run"]["events"]
        groups, places = _groups(events), _places(events, seen["batches"])
        placed = [tuple(places[k] for k in group) for group in groups]
        size = _size(placed, seen["batches"])
        if size and _to_the_end(placed, seen["batches"], size):
            how = Collected(tuple(groups), tuple(placed), size)
            if _right(seen, how, challenge):
                return size
    return 0


def not_collected(remark: Remark, together: int) -> bool:
    """Whether a longer run leaves out more than what is left over of ``together`` batches."""
    if remark.code == "too_few_batches":
        expected = str(remark.facts["expected"]).partition(" ")[0]
        return int(expected) - int(remark.facts["got"]) >= together
    return remark.code == "part_of_batch"


def _places(events: Sequence[Event], batches: int) -> list[int]:
    """Return the place of each drawn batch among those of all epochs, from 0."""
    places: list[int] = []
    epoch, number = -1, 0
    for event in events:
        if event[0] == "epoch":
            epoch, number = epoch + 1, 0
        elif event[0] == "batch":
            places.append(max(epoch, 0) * batches + number)
            number += 1
    return places


def _to_the_end(placed: Sequence[Group], batches: int, size: int) -> bool:
    """Whether fewer batches than a step is made for are left over in each epoch but the last."""
    used = {place for group in placed for place in group}
    last = max(used) // batches
    return all(
        any(place in used for place in range((epoch + 1) * batches - size, (epoch + 1) * batches))
        for epoch in range(last)
    )


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


def _right(seen: LongRun, how: Collected, challenge: StepOrderChallenge) -> bool:
    """Whether each step uses the gradients of its batches, by the optimizer's own rule."""
    run, many, groups = seen["run"], seen["size"], how.groups
    fresh, used, states = run["fresh"], run["used"], run["states"]
    if fresh is None or used is None or not len(fresh) >= len(used) == len(groups):
        return False
    fresh = fresh[: len(groups)]  # what came after the last step was not used
    if len(states) <= groups[-1][-1] + 1:
        return False
    if not all(np.isfinite(array).all() for array in (fresh, used, states)):
        return False
    count = len(challenge["targets"])
    before, after = states[[g[0] for g in groups]], states[[g[-1] + 1 for g in groups]]
    whole = []
    for group, at in zip(how.placed, before, strict=True):
        rows = [
            np.arange(k * many, (k + 1) * many) % count
            for k in (place % seen["batches"] for place in group)
        ]
        whole.append(np.sum([right_gradient(at, challenge, row) for row in rows], axis=0))
    lengths = [len(group) for group in groups]
    usual = ([1 / length for length in lengths], [1 / how.size] * len(groups), [1.0] * len(groups))
    close, slack = _CLOSE, 0.0
    if run.get("precision"):
        close, slack = LOWER, LOWER_OF_LARGEST * float(np.linalg.norm(fresh, axis=1).max())
    for shares in usual:
        wanted = [share * one for share, one in zip(shares, whole, strict=True)]
        most = [close * float(np.linalg.norm(one)) + slack for one in wanted]
        steps = zip(fresh, wanted, before, most, strict=True)
        if all(
            np.linalg.norm(found - one) <= off or of_the_parameters(found - one, at, challenge, off)
            for found, one, at, off in steps
        ):
            break
    else:
        return False
    return made_smaller(fresh, used, lengths) and by_rule(
        before, after, used, run["rules"], run["settings"]
    )
