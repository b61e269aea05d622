"""Decides whether a path that differs from the reference's is right all the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from grader.checks.step_order.events import read_trace
from grader.checks.step_order.foreign_targets import foreign_targets
from grader.checks.step_order.lawful_steps import (
    by_own_rule,
    by_rule,
    decayed_by_hand,
    made_smaller,
)
from grader.checks.step_order.other_loss import is_other_loss
from grader.checks.step_order.watched import right_gradient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.challenge import StepOrderChallenge
    from grader.checks.step_order.observation import LoopRun
    from grader.checks.step_order.trace import Trace

# How far float32 gradients of a batch may be from float64 ones; measured at 1e-6 for this model.
_GRADIENT = 1e-3
# And how far those of a forward pass in a lower precision, by autocast: of a batch with little loss
# the rounding of its scores is a large part, so it is compared with the largest gradient, too.
LOWER = 5e-2
LOWER_OF_LARGEST = 1e-2


@dataclass(frozen=True)
class Explanation:
    """What explains a path: extras in words, and whether an epoch left out its short batch.

    ``other_loss`` says which other loss the gradients are of, empty for the notebook's.
    """

    extras: tuple[str, ...] = ()
    short_left_out: bool = False
    other_loss: str = ""


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
    places = [trace.places[k][0] for k in kept]
    taken = _taken(run, fresh, before, places, challenge)
    if taken is None:
        return None
    numbers, other = taken
    if not made_smaller(fresh, used, [sizes[number] for number in numbers]):
        return None
    epochs = _epochs(places, numbers, len(sizes))
    short = {k for k, size in enumerate(sizes) if size < max(sizes)}
    short |= {trace.places[k][0] % len(sizes) for k in trace.skipped}
    if any(len(set(epoch)) < len(epoch) or _lacks(epoch, sizes) - short for epoch in epochs):
        return None
    steps = before, after, used, run["rules"], run["settings"]
    ruled = by_rule(*steps) or by_own_rule(run, trace, before, after, used, challenge)
    decays = not ruled and bool(trace.changed) and decayed_by_hand(*steps, challenge)
    if not ruled and not decays:
        return None
    short_left_out = any(_lacks(epoch, sizes) for epoch in epochs) and not trace.skipped
    extras = (*_extras(run, fresh, used), *(["weight decay by hand"] if decays else []))
    return Explanation(extras, short_left_out, other)


def _extras(run: LoopRun, fresh: np.ndarray, used: np.ndarray) -> tuple[str, ...]:
    """Return in words what a loop does beside the notebook's."""
    extras = [f"autocast ({run['precision']})"] if run.get("precision") else []
    if np.abs(used - fresh).max() > _GRADIENT * np.abs(fresh).max():
        extras.append("gradient clipping")
    if any(settings != run["settings"][0] for settings in run["settings"]):
        extras.append("a learning-rate schedule")
    return tuple(extras)


def _taken(
    run: LoopRun,
    fresh: np.ndarray,
    before: np.ndarray,
    places: Sequence[int],
    challenge: StepOrderChallenge,
) -> tuple[list[int], str] | None:
    """Return the number of the batch that each gradient is of, and of which other loss it is.

    ``None`` where the gradients are none of a batch.
    """
    tolerance, slack = _GRADIENT, 0.0
    if run.get("precision"):
        tolerance = LOWER
        slack = LOWER_OF_LARGEST * float(np.linalg.norm(fresh, axis=1).max())
    numbers = _batches_of(fresh, before, places, challenge, tolerance, slack)
    if numbers is not None:
        return numbers, ""
    other = _other_loss(run, fresh, before, places, challenge, tolerance)
    return ([place % len(challenge["sizes"]) for place in places], other) if other else None


def _trained(trace: Trace, states: np.ndarray, sizes: Sequence[int]) -> list[int]:
    """Return the numbers of the drawn batches that count: all but short ones without an effect."""
    return [
        k
        for k, batch in enumerate(trace.batches)
        if "skipped" not in batch
        and (
            "step" in batch
            or sizes[trace.places[k][0] % len(sizes)] == max(sizes)
            or (states[k + 1] != states[k]).any()
        )
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
    fresh: np.ndarray,
    before: np.ndarray,
    places: Sequence[int],
    challenge: StepOrderChallenge,
    tolerance: float,
    slack: float,
) -> list[int] | None:
    """Return the number of the batch whose true gradient each one is, ``None`` if one is none's.

    A loop may shuffle batches that it has collected, so the one in its place is only tried first.
    """
    sizes = challenge["sizes"]
    starts = np.cumsum([0, *sizes])
    found = []
    for gradient, parameters, place in zip(fresh, before, places, strict=True):
        likeliest = place % len(sizes)
        for number in (likeliest, *(n for n in range(len(sizes)) if n != likeliest)):
            rows = slice(starts[number], starts[number + 1])
            right = right_gradient(parameters, challenge, rows)
            # A sum that is divided by the size of a full batch gives each row the same weight.
            shares = {1.0, sizes[number] / max(sizes) if challenge["reduction"] == "sum" else 1.0}
            near = tolerance * np.linalg.norm(right) + slack
            if any(np.linalg.norm(gradient - share * right) <= near for share in shares):
                found.append(number)
                break
        else:
            return None
    return found


def _other_loss(
    run: LoopRun,
    fresh: np.ndarray,
    before: np.ndarray,
    places: Sequence[int],
    challenge: StepOrderChallenge,
    tolerance: float,
) -> str:
    """Return of which other loss all gradients are, the batches taken in order; "" for none."""
    scores = run.get("scores", [])
    sizes = challenge["sizes"]
    starts = np.cumsum([0, *sizes])
    if len(scores) < len(fresh):
        return ""
    positions = np.zeros(max(sizes), dtype=bool)
    for one in scores:
        positions[: len(one)] |= np.count_nonzero(one, axis=1)[: max(sizes)] > 0
    # The same images in every batch are left out by their place.
    if not positions.all():
        return ""
    # The notebook's own loss, of other rows' targets.
    if foreign_targets(run, challenge, {}):
        return ""
    found = []
    for gradient, at_scores, parameters, place in zip(fresh, scores, before, places, strict=False):
        number = place % len(sizes)
        rows = slice(starts[number], starts[number + 1])
        found.append(is_other_loss(gradient, at_scores, parameters, rows, challenge, tolerance))
    return max(found, key=len) if all(found) else ""
