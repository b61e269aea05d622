"""Tells passes over the batches that train from passes that only evaluate."""

from __future__ import annotations

from typing import Any

_UPDATES = ("backward", "step")
# A loop that evaluates again and again, and never trains, must end too.
_MOST = 40


def training_passes(events: list[list[Any]]) -> list[int]:
    """Return the numbers of the passes that train.

    A pass trains when it has a backward or a step; another one is an evaluation with gradients on.
    Where no pass has any, those in train mode count. A pass in train mode that the very lines of a
    training one begin is one of the training that was left without updates.
    """
    updates: list[bool] = []
    in_train_mode: list[bool] = []
    begun_by: list[str] = []
    for event in events:
        if event[0] == "epoch":
            updates.append(False)
            in_train_mode.append(False)
            begun_by.append(next((str(x) for x in event[1:] if str(x).startswith("#")), ""))
        elif updates and event[0] in _UPDATES:
            updates[-1] = True
        elif updates and event[0] == "forward" and event[1]:
            in_train_mode[-1] = True
    if len(updates) >= _MOST:
        return list(range(len(updates)))
    training = {lines for lines, does in zip(begun_by, updates, strict=True) if does} - {""}
    trains = [
        does or (in_mode and (lines in training or not any(updates)))
        for does, in_mode, lines in zip(updates, in_train_mode, begun_by, strict=True)
    ]
    return [number for number, does in enumerate(trains) if does]


def only_training(events: list[list[Any]]) -> tuple[list[list[Any]], list[int]]:
    """Return the events without evaluating passes, and the numbers of the states that stay.

    State k holds the parameters when batch k was drawn, the last one those at the end. The states
    of the batches that stay are kept, and the one after the last of them.
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
    """Whether batches were collected before they were trained on, as ``list(train_iter)`` does.

    A loop that skips its first batch draws two in a row as well, but makes fewer forward passes
    than it draws batches.
    """
    names = [event[0] for event in events if event[0] in ("batch", "forward")]
    forwards = sum(event[0] == "forward" and bool(event[2]) for event in events)
    return names[:2] == ["batch", "batch"] and forwards >= names.count("batch")


def fetched_early(events: list[list[Any]]) -> bool:
    """Whether each batch is drawn while the one before it is at work, between its two passes."""
    names = [e[0] for e in events if e[0] in ("batch", "backward") or (e[0] == "forward" and e[2])]
    before = {names[k - 2 : k + 1][0] for k, one in enumerate(names) if one == "backward" and k > 1}
    just = {names[k - 1] for k, one in enumerate(names) if one == "backward" and k}
    return names[:2] == ["batch", "forward"] and just == {"batch"} and before == {"forward"}


def cycled(events: list[list[Any]]) -> bool:
    """Whether the batches of the only pass are trained on again, as with ``itertools.cycle``."""
    steps: list[int] = []
    for event in events:
        if event[0] == "batch":
            steps.append(0)
        elif event[0] == "step" and steps:
            steps[-1] += 1
    once = len(training_passes(events)) == 1 and len(steps) > 1 and set(steps[:-1]) == {1}
    return once and steps[-1] > len(steps)


def by_forward(events: list[list[Any]], most: int) -> list[list[Any]]:
    """Return the events with a batch beginning at each forward pass that has gradients on.

    They end after ``most`` batches, as a loop does that begins a pass too many.
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


def in_order(events: list[list[Any]], most: int) -> list[list[Any]]:
    """Return the events with each batch where it is used, if batches are drawn before that."""
    early = drawn_ahead(events) or cycled(events) or fetched_early(events)
    return by_forward(events, most) if early else events
