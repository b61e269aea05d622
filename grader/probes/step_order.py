"""Observes the student's training loop on the judge's model, loss, optimizer and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.probes.environment.running import statements_of
from grader.probes.recording.conditions import endless_loop, limits_of, parts_of
from grader.probes.recording.log import lines_of
from grader.probes.recording.loop import run_loop
from grader.probes.recording.passes import by_forward, cycled, drawn_ahead, only_training
from grader.probes.recording.used_up import used_up

if TYPE_CHECKING:
    from grader.probes.recording.loop import WatchedRun

# A longer run takes more time: no longer than this, whatever numbers the code has.
_MOST_EPOCHS = 130
_MOST_BATCHES = 400
_MOST_TOGETHER = 32
_FEW = 8
_TRACED = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Run the loop once with each of the challenge's optimizers.

    Per run: the exception that ended it and which batch of which pass was under way, the events,
    the parameters after each batch (K + 1, P), the gradient that each ``backward`` added and the
    one that each ``step`` used (at most K each, P), the optimizers' names, what they were set to,
    and which of them made each step, in the order of appearance.

    Where the code has numbers by which it may decide what to do, further runs go ``beyond`` them,
    and the batches may be of ``full_size``.
    Where something else than the update changes parameters or gradients, its lines are found by a
    slower run.
    """
    challenge = task["challenge"]
    first, *others = challenge["optimizers"]
    done = [run_loop(task, challenge, first, seed)]
    full = _needs_full_size(task, done[0])
    if full:
        challenge = _at_full_size(challenge)
        done = [run_loop(task, challenge, first, seed)]
    done += [run_loop(task, challenge, kind, seed) for kind in others]
    # Before the events are sorted: that replaces them.
    odd = any(map(_odd, done))
    runs = [_described(run, challenge) for run in done]
    beyond, changes, accumulated, altered = [], [], [], []
    if all(run.error is None for run in done):
        beyond = _beyond(task, done[0], seed)
        changes = _changes(task, challenge, seed) if odd else []
        accumulated = _accumulated(task, done[0], seed)
        altered = _altered(task, seed) if done[0].log.altered else []
    found = {"accumulated": accumulated, "altered": altered, "endless": _endless(task, done[0])}
    if sum(event[0] == "epoch" for event in done[0].log.events) == 1 and done[0].error is None:
        found["used_up"] = used_up(statements_of(task["program"]), done[0].namespace)
    return {"runs": runs, "beyond": beyond, "changes": changes, "full_size": full, **found}


def _needs_full_size(task: dict[str, Any], run: WatchedRun) -> bool:
    """Whether a condition of the loop has a number above the size of the small batches.

    It may be one on the size of a batch, which is then tried on batches of the notebook's own.
    """
    limits = limits_of(parts_of(task["program"]), run.namespace)
    largest: int = max(task["challenge"]["sizes"])
    return max(limits.counts, default=0) > largest


def _at_full_size(challenge: dict[str, Any]) -> dict[str, Any]:
    full = challenge["full"]
    return {**challenge, **full, "batch_size": max(full["sizes"])}


def _described(run: WatchedRun, challenge: dict[str, Any]) -> dict[str, Any]:
    log = run.log
    most = challenge["epochs"] * len(challenge["sizes"])
    in_order = _in_order(log.events, most)
    if in_order is not log.events:
        log.events = in_order
        log.states = [*log.at_forward, log.states[-1]][: most + 1]
        log.cut(sum(event[0] == "step" for event in log.events))
    events, kept = only_training(log.events)
    own = [optimizer for optimizer in run.own_optimizers if hasattr(optimizer, "param_groups")]
    return {
        "error": run.error,
        "under_way": run.under_way,
        "events": events,
        "states": np.stack([log.states[k] for k in kept]),
        "fresh": _stack(log.fresh),
        "used": _stack(log.used),
        "scores": [scores for scores in log.scores if scores.ndim == 2],
        "precision": log.precision,
        "rules": log.rules,
        "settings": log.settings,
        "makers": log.makers,
        "own": [type(optimizer).__name__[:60] for optimizer in own],
        "own_rates": [float(optimizer.param_groups[0].get("lr", 0)) for optimizer in own],
    }


def _in_order(events: list[list[Any]], most: int) -> list[list[Any]]:
    """Return the events with each batch where it is used, if batches are drawn before that."""
    return by_forward(events, most) if drawn_ahead(events) or cycled(events) else events


def _odd(run: WatchedRun) -> bool:
    """Whether something beside backward, step and zero_grad seems to change what they work on."""
    log = run.log
    if any(event[0] == "changed" for event in log.events):
        return True
    if any(one.get("lr", 1) <= 0 or one.get("maximize", 0) for one in log.settings):
        return True
    if not (log.used and log.fresh):
        return False
    return bool(np.abs(log.used[0] - log.fresh[0]).max() > 1e-3 * np.abs(log.fresh[0]).max())


def _changes(task: dict[str, Any], challenge: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return what is changed in which line of the first batches, and is no part of an update."""
    kind = challenge["optimizers"][-1]
    run = run_loop(task, challenge, kind, seed, trace_batches=_TRACED)
    return run.changes.found if run.changes is not None else []


def _beyond(task: dict[str, Any], run: WatchedRun, seed: int) -> list[dict[str, Any]]:
    """Return which batches were trained on in runs that are longer than the code's numbers."""
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


def _endless(task: dict[str, Any], run: WatchedRun) -> list[int]:
    """Return the line of a loop that only the end of the batches has ended."""
    passes = sum(event[0] == "epoch" for event in run.log.events)
    if run.error is not None or passes < task["challenge"]["epochs"]:
        return []
    for number, (statement, own) in enumerate(statements_of(task["program"])):
        if own and (line := endless_loop([statement])) is not None:
            return [number, line]
    return []


def _accumulated(task: dict[str, Any], run: WatchedRun, seed: int) -> list[dict[str, Any]]:
    """Return a run of several times as many batches as a loop seems to make one step for."""
    names = [event[0] for event in run.log.events]
    limits = limits_of(parts_of(task["program"]), run.namespace)
    most = min(max(limits.counts, default=0), _MOST_TOGETHER)
    if most < 2 or names.count("backward") <= names.count("step"):
        return []
    challenge = _of_size(task["challenge"], 2, 2 * most + 3, _FEW)
    run = run_loop(task, challenge, challenge["optimizers"][-1], seed, most_events=4_000)
    if run.error is not None:
        return []
    return [{"size": _FEW, "batches": 2 * most + 3, "run": _described(run, challenge)}]


def _altered(task: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return two runs, from two seeds, with what the model is really given.

    Every pixel is watched: those that are never lit may be after a shift.
    """
    whole = task["challenge"]
    challenge = {**whole, "lit": np.arange(whole["images"].shape[1])}
    found = []
    for one in (seed, seed + 1):
        run = run_loop(task, challenge, whole["optimizers"][-1], one, inputs=True)
        if run.error is not None:
            return []
        found.append({"run": _described(run, challenge), "inputs": run.log.inputs})
    return found


def _of_size(whole: dict[str, Any], epochs: int, batches: int, size: int) -> dict[str, Any]:
    """Return a challenge with so many batches of one size; its images come again and again."""
    return {
        **whole,
        "epochs": epochs,
        "sizes": [size] * batches,
        "batch_size": size,
        "order": np.arange(size * batches) % len(whole["labels"]),
        "per_step": epochs * batches,
    }


def _longer(
    task: dict[str, Any], epochs: int, batches: int, seed: int, size: int = 2
) -> dict[str, Any]:
    """Run so many epochs of so many batches; report for each batch how it was trained on.

    That is "1" for backward and step, "2" for these on gradients that were not cleared, "3" for a
    step alone, "b" or "c" for backward alone, and "0" for neither.
    """
    whole = task["challenge"]
    challenge = {**_of_size(whole, epochs, batches, size), "per_step": 1}
    run = run_loop(task, challenge, whole["optimizers"][-1], seed, most_events=20_000)
    trained: list[str] = []
    first = True
    events, _ = only_training(_in_order(run.log.events, epochs * batches))
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


def _stack(rows: list[np.ndarray]) -> np.ndarray | None:
    return np.stack(rows) if rows else None
