"""Observes the student's training loop on the judge's model, loss, optimizer and batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.probes.doubles.trained_on import trained_on
from grader.probes.environment.running import statements_of
from grader.probes.recording.conditions import endless_loop, limits_of, parts_of
from grader.probes.recording.longer_runs import beyond, of_size, other_constants
from grader.probes.recording.loop import run_loop
from grader.probes.recording.loop_devices import loop_devices
from grader.probes.recording.own_optimizer import makes_optimizer, run_own, with_own_optimizer
from grader.probes.recording.passes import in_order, only_training
from grader.probes.recording.used_up import used_up

if TYPE_CHECKING:
    from grader.probes.recording.loop import WatchedRun

_MOST_BATCHES = 400
_MOST_TOGETHER = 32
_FEW = 8
_MOST_ROWS = 1_000
_TRACED = 2


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Run the loop once with each of the challenge's optimizers.

    Per run: the exception that ended it and which batch of which pass was under way, the events,
    the parameters after each batch (K + 1, P), the gradient that each ``backward`` added and the
    one that each ``step`` used (at most K each, P), the optimizers' names, what they were set to,
    and which of them made each step, in the order of appearance.

    Where the code has numbers by which it may decide what to do, further runs go ``beyond`` them,
    and the batches may be of ``full_size``.
    ``own_optimizer`` says that all this is with the notebook's own optimizer.
    Where something else than the update changes parameters or gradients, its lines are found by a
    slower run. ``devices`` is what would stop on other devices, and
    ``sizes`` are those of the batches that a loop takes out of a tensor itself.

    Where the notebook's own loss is a sum, or one number for each image, all of that is seen twice:
    with the mean, and as ``own_loss`` with what the loop gets in the notebook.
    """
    found, reduction = _observed(task, seed)
    if reduction != task["challenge"]["reduction"]:
        challenge = {**task["challenge"], "reduction": reduction}
        found["own_loss"], _ = _observed({**task, "challenge": challenge}, seed)
    return found


def _observed(task: dict[str, Any], seed: int) -> tuple[dict[str, Any], str]:
    """Return what is seen of the loop, and how the notebook's own loss is reduced."""
    challenge = task["challenge"]
    first, *others = challenge["optimizers"]
    done = [run_loop(task, challenge, first, seed)]
    own = with_own_optimizer(task, done[0], seed)
    if own is not None:
        task, done = own
        challenge = task["challenge"]
    full = _needs_full_size(task, done[0])
    if full:
        challenge = _at_full_size(challenge)
        done = [run_loop(task, challenge, first, seed)]
    done += [run_loop(task, challenge, kind, seed) for kind in others]
    # Before the events are sorted: that replaces them.
    odd = any(map(_odd, done))
    runs = [_described(run, challenge) for run in done]
    further, changes, accumulated, altered, devices, constants = [], [], [], [], [], []
    if all(run.error is None for run in done):
        further = beyond(task, done[0], seed)
        devices = loop_devices(task, seed)
        constants = other_constants(task, done[0], seed)
        changes = _changes(task, challenge, seed) if odd else []
        accumulated = _accumulated(task, done[0], seed)
        altered = _altered(task, seed) if done[0].log.altered else []
    found: dict[str, Any] = {"accumulated": accumulated, "altered": altered, "devices": devices}
    found["constants"] = constants
    found["sizes"] = done[0].sizes[:_MOST_BATCHES]
    found["own_optimizer"] = own is not None
    found["with_own"] = []
    if own is None and done[0].error is None and makes_optimizer(task["program"]):
        with_own = run_own(task, seed)
        found["with_own"] = [_described(with_own, challenge)]
    found["endless"] = _endless(task, done[0])
    if sum(event[0] == "epoch" for event in done[0].log.events) == 1 and done[0].error is None:
        found["used_up"] = used_up(statements_of(task["program"]), done[0].namespace)
    found["reduction"] = challenge["reduction"]
    found |= {"runs": runs, "beyond": further, "changes": changes, "full_size": full}
    return found, done[0].reduction


def _needs_full_size(task: dict[str, Any], run: WatchedRun) -> bool:
    """Whether a condition of the loop has a number above the size of the small batches.

    It may be one on the size of a batch, which is then tried on batches of the notebook's own.
    """
    if run.sizes:
        return False
    if task["challenge"]["reduction"] != "mean":
        return True  # a sum may be divided by the number of images
    limits = limits_of(parts_of(task["program"]), run.namespace)
    largest: int = max(task["challenge"]["sizes"])
    return max(limits.counts, default=0) > largest


def _at_full_size(challenge: dict[str, Any]) -> dict[str, Any]:
    full = challenge["full"]
    return {**challenge, **full, "batch_size": max(full["sizes"])}


def _described(run: WatchedRun, challenge: dict[str, Any]) -> dict[str, Any]:
    log = run.log
    most = challenge["epochs"] * len(challenge["sizes"])
    ordered = in_order(log.events, most)
    if ordered is not log.events:
        log.events = ordered
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
        "first_rows": log.first_rows[:_MOST_ROWS],
        "precision": log.precision,
        "rules": log.rules,
        "settings": log.settings,
        "makers": log.makers,
        "own": [type(optimizer).__name__[:60] for optimizer in own],
        "own_rates": [float(optimizer.param_groups[0].get("lr", 0)) for optimizer in own],
    }


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
    most = min(max(*limits.counts, _most_together(names), 0), _MOST_TOGETHER)
    if most < 2 or names.count("backward") <= names.count("step"):
        return []
    challenge = of_size(task["challenge"], 2, 2 * most + 3, _FEW)
    run = run_loop(task, challenge, challenge["optimizers"][-1], seed, most_events=4_000)
    if run.error is not None:
        return []
    return [{"size": _FEW, "batches": 2 * most + 3, "run": _described(run, challenge)}]


def _most_together(names: list[str]) -> int:
    """Return for how many gradients a step is made, at most."""
    most = held = 0
    for name in names:
        held = held + 1 if name == "backward" else held
        if name == "step":
            most, held = max(most, held), 0
    return most


def _altered(task: dict[str, Any], seed: int) -> list[dict[str, Any]]:
    """Return two runs, from two seeds, with what the model is really given.

    Every pixel is watched: those that are never lit may be after a shift.
    """
    whole = task["challenge"]
    challenge = {**whole, "lit": np.arange(trained_on(whole).width())}
    found = []
    for one in (seed, seed + 1):
        run = run_loop(task, challenge, whole["optimizers"][-1], one, inputs=True)
        if run.error is not None:
            return []
        found.append({"run": _described(run, challenge), "inputs": run.log.inputs})
    return found


def _stack(rows: list[np.ndarray]) -> np.ndarray | None:
    return np.stack(rows) if rows else None
