"""Compares the path of the parameters with the reference's: where and how far it is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.remark import TOLERANCE, Facts, Remark, percent
from grader.checks.step_order.events import read_trace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.checks.step_order.observation import LoopRun, StepOrderObservation
    from grader.checks.step_order.trace import Trace


def follows(run: LoopRun, wanted: LoopRun) -> bool:
    """Whether the parameters take the reference's path, for whole epochs at least."""
    states = run["states"]
    if len(states) < min(len(wanted["states"]), 2) or not np.isfinite(states).all():
        return False
    enough = len(states) == len(wanted["states"]) or _one_epoch(run, wanted)
    return enough and bool((distances(states, wanted["states"]) <= TOLERANCE).all())


def followed(run: LoopRun, wanted: LoopRun) -> bool:
    """Whether a run that was stopped took the reference's path until then, for an epoch at least.

    The batch on which it stopped has not moved the parameters.
    """
    batches = read_trace(run["events"]).batches
    stepped = next((k for k, batch in enumerate(batches) if "step" not in batch), len(batches))
    states = run["states"][: stepped + 1]
    whole = stepped >= read_trace(wanted["events"]).first_epoch
    right = whole and bool(np.isfinite(states).all())
    return right and bool((distances(states, wanted["states"]) <= TOLERANCE).all())


def _one_epoch(run: LoopRun, wanted: LoopRun) -> bool:
    """Whether the loop stopped by itself after whole epochs, as with EPOCHS = 1."""
    first = read_trace(wanted["events"]).first_epoch
    return len(run["states"]) - 1 >= first and (len(run["states"]) - 1) % first == 0


def distances(states: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Return how far the parameters are off after each batch, relative to the way gone (K,)."""
    count = min(len(states), len(wanted))
    off = np.linalg.norm(states[1:count].astype(np.float64) - wanted[1:count], axis=1)
    way = np.linalg.norm(wanted[1:count].astype(np.float64) - wanted[0], axis=1)
    # Two loops that both stand still are equal; one that moves where the other stands is not.
    return np.where(way > 0, off / np.maximum(way, 1e-12), np.where(off > 0, np.inf, 0.0))


def facts_of(run: LoopRun, wanted: LoopRun, trace: Trace) -> Facts:
    """Return the facts that the words of every code about a path may use."""
    off = distances(run["states"], wanted["states"])
    facts: dict[str, str | int] = {
        # Without ``expected``: the reference's order of events is the answer.
        "got": trace.order or "nothing",
        "batches": len(trace.batches),
        "drift": "",
    }
    if len(off) >= 2:
        facts |= {"first": percent(float(off[0])), "second": percent(float(off[1]))}
        facts |= {"last": percent(float(off[-1])), "after": len(off)}
    if len(off) >= 2 and off[0] <= TOLERANCE < off[1]:
        facts["drift"] = (
            " After the first batch your parameters equal the reference's. From the second on "
            f"they drift: {facts['second']} of the way off after 2 batches, "
            f"{facts['last']} after {len(off)}."
        )
    return facts


def different(runs: Iterable[tuple[LoopRun, LoopRun]]) -> Remark:
    """Return where a path is off although the trace looks right."""
    for run, wanted in runs:
        if follows(run, wanted):
            continue
        off = distances(run["states"], wanted["states"])
        wrong = np.flatnonzero(off > TOLERANCE)
        if len(off) == 0 or len(wrong) == 0:
            got, want = len(run["states"]) - 1, len(wanted["states"]) - 1
            return Remark("too_few_batches", facts={"got": str(got), "expected": f"{want} batches"})
        k = int(wrong[0])
        facts: Facts = {
            "batch": k + 1,
            "off": percent(float(off[k])),
            "last": percent(float(off[-1])),
            "after": len(off),
        }
        return Remark("different_path" if k else "different_first_step", facts=facts)
    return Remark("different_path", facts={})


def deviation(observed: StepOrderObservation, reference: StepOrderObservation) -> float | None:
    """Return how far the parameters strayed, relative to the way they should have gone."""
    largest = 0.0
    for run, wanted in zip(observed["runs"], reference["runs"], strict=True):
        if run["error"] is not None or len(run["states"]) != len(wanted["states"]):
            return None
        off = distances(run["states"], wanted["states"])
        if not np.isfinite(off).all():
            return None
        largest = max(largest, float(off.max(initial=0)))
    return largest
