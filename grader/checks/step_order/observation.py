"""What the probe of ``step_order`` sends back."""

from __future__ import annotations

from typing import TypedDict

from grader.checks.schema import Matrix, RaisedError

# An event's name, then flags and names that belong to it, and the line that led to it.
Event = list[str | bool]


class _Run(TypedDict):
    error: RaisedError | None
    under_way: list[int]
    events: list[Event]
    states: Matrix
    fresh: Matrix | None
    used: Matrix | None
    rules: list[str]
    settings: list[dict[str, float]]
    makers: list[int]


class LoopRun(_Run, total=False):
    """One run of the loop, with one optimizer, over K batches; the model has P parameters.

    ``under_way`` is the epoch and the batch, both from 1, during which the error was raised, or
    empty where no batch was. ``states`` (K + 1, P) are the parameters at first and after each
    batch. For each step ``fresh`` is the gradient that backward added and ``used`` the one that
    the step took, (steps, P), ``rules`` the optimizer's class, ``settings`` its numbers, and
    ``makers`` tells the optimizers apart, by a number in order of appearance. ``scores`` are the
    gradients at the scores, (images, classes) for each step, ``first_rows`` the numbers of the
    images that the model was given first, and ``precision`` is the type that autocast computed in.
    ``own`` and ``own_rates`` are the classes and the learning rates of the notebook's own
    optimizers, where they are in the program.
    """

    scores: list[Matrix]
    first_rows: list[int]
    precision: str
    own: list[str]
    own_rates: list[float]


class Beyond(TypedDict):
    """A longer run, of batches of ``size`` images, ``batches`` in each epoch.

    ``trained`` has a text for each epoch, with a letter for each batch: "1" for backward and step,
    "2" for these on gradients that were not cleared, "3" for a step alone, "b" or "c" for backward
    alone, "0" for neither. ``rows`` tells of each image of the first batch whether the loss depends
    on it, and ``stopped`` has the lines that left a pass before its end.
    """

    size: int
    batches: int
    trained: list[str]
    rows: list[bool]
    stopped: list[list[int]]


class LongRun(TypedDict):
    """A run of ``batches`` batches of ``size`` images in each epoch."""

    size: int
    batches: int
    run: LoopRun


class AlteredRun(TypedDict):
    """A run that watches every pixel, and the rows that the model was given for each step."""

    run: LoopRun
    inputs: list[Matrix]


class LineChange(TypedDict):
    """Something that is no part of the update changed ``what``, in the line ``at``."""

    what: str
    at: list[int]


class LoopDevice(TypedDict):
    """What would stop on real devices, where the notebook is told a ``device``.

    ``what`` is "input" where the model was given images at ``got``, "mixed" where tensors at
    different places met, and "leaving" where one was made a NumPy array that is not on the CPU.
    """

    device: str
    what: str
    got: list[str]
    line: list[int] | None


class OtherConstant(TypedDict):
    """A run in which the notebook's constant ``name`` was one more than its own ``value``.

    ``trained`` is as in ``Beyond``.
    """

    name: str
    value: int
    trained: list[str]


class _Observation(TypedDict):
    runs: list[LoopRun]


class OneLossObservation(_Observation, total=False):
    """A run with each of the challenge's optimizers; longer ones, and changes, where there are.

    ``accumulated`` is a longer run of a loop that makes fewer steps than it computes gradients,
    ``altered`` are two of one that gives the model other rows than the images. ``endless`` is the
    line of a loop that has no end of its own, ``used_up`` of one over a generator that has ended.
    ``devices`` is what would stop on other devices. ``sizes`` are those of the batches of an epoch
    where the loop takes them out of a tensor itself.

    ``full_size`` says that the batches of the runs had the notebook's own sizes, ``reduction`` what
    the loss made of a batch, ``own_optimizer`` that each had the notebook's own optimizer, as the
    loop does not run with another. Where it does, ``with_own`` is a run with an optimizer of the
    notebook's own class.
    """

    full_size: bool
    own_optimizer: bool
    with_own: list[LoopRun]
    beyond: list[Beyond]
    accumulated: list[LongRun]
    altered: list[AlteredRun]
    endless: list[int]
    used_up: list[int]
    changes: list[LineChange]
    devices: list[LoopDevice]
    sizes: list[int]
    constants: list[OtherConstant]
    reduction: str


class StepOrderObservation(OneLossObservation, total=False):
    """What is seen where the loss is the mean over a batch.

    ``own_loss`` is the same where the notebook's own loss is none, and the loop gets what that
    makes of a batch: a sum, or one number for each image.
    """

    own_loss: OneLossObservation
