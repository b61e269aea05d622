"""What the probe of ``step_order`` sends back."""

from __future__ import annotations

from typing import TypedDict

from grader.checks.schema import Matrix, RaisedError

# An event's name, then flags and names that belong to it.
Event = list[str | bool]


class LoopRun(TypedDict):
    """One run of the loop, with one optimizer, over K batches; the model has P parameters.

    ``under_way`` is the epoch and the batch, both from 1, during which the error was raised, or
    empty where no batch was. ``states`` (K + 1, P) are the parameters at first and after each
    batch. For each step ``fresh`` is the gradient that backward added and ``used`` the one that
    the step took, (steps, P), ``rules`` the optimizer's class, ``settings`` its numbers, and
    ``makers`` tells the optimizers apart, by a number in order of appearance.
    """

    error: RaisedError | None
    under_way: list[int]
    events: list[Event]
    states: Matrix
    fresh: Matrix | None
    used: Matrix | None
    rules: list[str]
    settings: list[dict[str, float]]
    makers: list[int]


class StepOrderObservation(TypedDict):
    """A run with each of the challenge's optimizers."""

    runs: list[LoopRun]
