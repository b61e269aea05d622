"""Runs a loop for longer than its numbers, and with other numbers, and tells what it trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.probes.recording.conditions import limits_of, parts_of
from grader.probes.recording.log import lines_of
from grader.probes.recording.loop import run_loop
from grader.probes.recording.passes import in_order, only_training

if TYPE_CHECKING:
    from grader.probes.recording.loop import WatchedRun

# A longer run takes more time: no longer than this, whatever numbers the code has.
_MOST_EPOCHS = 130
_MOST_BATCHES = 400


def beyond(task: dict[str, Any], run: WatchedRun, seed: int) -> list[dict[str, Any]]:
    """Return which batches were trained on in runs that are longer than the code's numbers.

    A loop that cuts its batches by a size of its own has no other ones.
    """
    if run.sizes and run.sizes != task["challenge"]["sizes"]:
        return []
    limits = limits_of(parts_of(task["program"]), run.namespace)
    most = max(limits.counts, default=0)
    found = []
    if most:
        found.append(_longer(task, min(most + 3, _MOST_EPOCHS), 2, seed))
        if most + 3 > len(task["challenge"]["sizes"]):
            found.append(_longer(task, 1, min(2 * most + 3, _MOST_BATCHES), seed))
    if limits.cuts:
        found.append(_longer(task, 1, 1, seed, size=int(task["challenge"]["full_batch"])))
    return found


def other_constants(task: dict[str, Any], run: WatchedRun, seed: int) -> list[dict[str, Any]]:
    """Return how batches were trained on where a constant that an update waits for is one more."""
    names = limits_of(parts_of(task["program"]), run.namespace).names
    found = []
    for name in sorted(names & set(task["challenge"]["constants"])):
        value = run.namespace.get(name)
        if type(value) is int and 0 < value < _MOST_EPOCHS:
            longer = _longer(task, 2 * value + 2, 2, seed, constants={name: value + 1})
            found.append({"name": name, "value": value, "trained": longer["trained"]})
    return found


def of_size(whole: dict[str, Any], epochs: int, batches: int, size: int) -> dict[str, Any]:
    """Return a challenge with so many batches of one size; its images come again and again."""
    return {
        **whole,
        "epochs": epochs,
        "sizes": [size] * batches,
        "batch_size": size,
        "order": np.arange(size * batches) % len(whole["targets"]),
        "per_step": epochs * batches,
    }


def _longer(
    task: dict[str, Any],
    epochs: int,
    batches: int,
    seed: int,
    size: int = 2,
    constants: dict[str, int] | None = None,
) -> dict[str, Any]:
    """Run so many epochs of so many batches; report for each batch how it was trained on.

    That is "1" for backward and step, "2" for these on gradients that were not cleared, "3" for a
    step alone, "b" or "c" for backward alone, and "0" for neither.
    """
    whole = task["challenge"]
    challenge = {**of_size(whole, epochs, batches, size), "per_step": 1}
    how: dict[str, Any] = {"most_events": 20_000, "constants": constants}
    run = run_loop(task, challenge, whole["optimizers"][-1], seed, **how)
    trained: list[str] = []
    first = True
    events, _ = only_training(in_order(run.log.events, epochs * batches))
    for event in events:
        if event[0] == "epoch":
            trained.append("")
        elif event[0] == "batch" and trained:
            trained[-1] += "0"
        elif event[0] == "backward" and trained and trained[-1]:
            # Of a batch that is worked on in parts the first shows what was left over.
            if trained[-1][-1] not in "bc":
                trained[-1] = trained[-1][:-1] + ("b" if event[1] or first else "c")
            first = False
        elif event[0] == "step" and trained and trained[-1]:
            done = {"b": "1", "c": "2", "0": "3"}.get(trained[-1][-1], trained[-1][-1])
            trained[-1] = trained[-1][:-1] + done
    rows = [bool(row.any()) for scores in run.log.scores[:1] for row in scores]
    stopped = [lines_of(event) for event in events if event[0] == "stopped"]
    return {
        "size": size,
        "batches": batches,
        "trained": trained[:epochs],
        "rows": rows,
        "stopped": [line for line in stopped if line][:1],
    }
