"""Tells the passes over the batches that train from those that only evaluate."""

from __future__ import annotations

from typing import Any

_UPDATES = ("backward", "step")
# A loop that evaluates over and over, and never trains, must end too.
_MOST = 40


def training_passes(events: list[list[Any]]) -> list[int]:
    """Return the numbers of the passes that train.

    A pass trains when it updates; one that does not is an evaluation which forgot to switch
    gradients off. Where nothing updates at all, those in train mode were meant to.
    """
    updates: list[bool] = []
    in_train_mode: list[bool] = []
    for event in events:
        if event[0] == "epoch":
            updates.append(False)
            in_train_mode.append(False)
        elif updates and event[0] in _UPDATES:
            updates[-1] = True
        elif updates and event[0] == "forward" and event[1]:
            in_train_mode[-1] = True
    if len(updates) >= _MOST:
        return list(range(len(updates)))
    trains = updates if any(updates) else in_train_mode
    return [number for number, does in enumerate(trains) if does]


def only_training(events: list[list[Any]]) -> tuple[list[list[Any]], list[int]]:
    """Return the events without evaluating passes, and which states stay.

    State k is the parameters when batch k was drawn, and one more is those at the end: the states
    that stay are those of the batches that do, and the one after the last of them.
    """
    training = set(training_passes(events))
    kept: list[list[Any]] = []
    states: list[int] = []
    number, drawn = -1, 0
    for event in events:
        if event[0] == "epoch":
            number += 1
        trains = number in training
        if event[0] == "batch":
            if trains:
                states.append(drawn)
            drawn += 1
        if trains or event[0] not in ("epoch", "batch", "forward"):
            kept.append(event)
    return kept, [*states, states[-1] + 1 if states else drawn]


def drawn_ahead(events: list[list[Any]]) -> bool:
    """Whether batches were put aside before they were trained on, as ``list(train_iter)`` does.

    A loop that leaves out its first batch draws two in a row as well; it makes fewer passes through
    the model than it draws batches.
    """
    names = [event[0] for event in events if event[0] in ("batch", "forward")]
    forwards = sum(event[0] == "forward" and bool(event[2]) for event in events)
    return names[:2] == ["batch", "batch"] and forwards >= names.count("batch")


def cycled(events: list[list[Any]]) -> bool:
    """Whether the batches of the one pass are trained on again, as ``itertools.cycle`` has it."""
    steps: list[int] = []
    for event in events:
        if event[0] == "batch":
            steps.append(0)
        elif event[0] == "step" and steps:
            steps[-1] += 1
    once = len(training_passes(events)) == 1 and len(steps) > 1 and set(steps[:-1]) == {1}
    return once and steps[-1] > len(steps)


def by_forward(events: list[list[Any]], most: int) -> list[list[Any]]:
    """Return the events with a batch beginning at each forward pass that records gradients.

    It ends after ``most`` of them, as a loop is ended that begins a pass too many.
    """
    found: list[list[Any]] = []
    left = most
    for event in events:
        if event[0] == "batch":
            continue
        if event[0] == "forward" and event[2]:
            if not left:
                break
            left -= 1
            found.append(["batch"])
        found.append(event)
    return found
