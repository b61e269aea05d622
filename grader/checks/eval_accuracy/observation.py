"""What the probe of ``eval_accuracy`` sends back."""

from __future__ import annotations

from typing import TypedDict, final

from grader.checks.schema import Failed, RaisedError, Vector


class ModelCall(TypedDict):
    """One call of the model: its input, the batch at hand (from 0), and modes.

    ``rows`` holds one number for each image, ``None`` where the input is no rows of images. They
    are ``rough`` where the input has two bytes a number, as a notebook may choose.
    """

    type: str
    shape: list[int] | None
    rows: Vector | None
    rough: bool
    batch: int
    training: bool
    layers_training: bool
    gradients: bool


@final
class ReturnedNumber(TypedDict):
    """The type of what was returned, and its value where that is one number."""

    type: str
    value: float | None


@final
class SeenDevice(TypedDict):
    """What would stop on real devices, where the function is told a ``device``.

    ``what`` is "input" where the model was given images at ``got``, "mixed" where tensors at
    different places met, "leaving" where one was made a NumPy array that is not on the CPU, and
    "model" where the model was left there.
    """

    device: str
    what: str
    got: list[str]
    line: list[int] | None


@final
class SeenMode(TypedDict):
    """A ``train`` or ``eval`` of the model that was looked up, at which batch (-1 before all)."""

    name: str
    called: bool
    training: bool
    batch: int
    line: list[int] | None


@final
class SeenBeyond(TypedDict):
    """What the function did for so many ``images`` in so many ``batches``: beyond its numbers.

    They have one to ``largest`` images each.
    """

    error: RaisedError | None
    returned: ReturnedNumber | None
    images: int
    batches: int
    largest: int
    drawn: int
    left_at: list[int] | None


class SeenScene(TypedDict):
    """What the function did in one scene.

    ``called`` counts calls of the model, ``as_batches`` says whether they took the batches as they
    are; ``drawn`` counts batches and ``begun`` passes; ``batch`` is the last one drawn, from 0.
    ``decoy_*`` and ``others`` tell of models and batches that are not the arguments; ``steps`` are
    optimizer steps. ``modes`` are switches of the model's mode, ``lines`` where the others were
    first seen, by name. ``laid_out_at`` gave the model images which the student's own
    ``forward`` lays out as rows. ``idle_at`` began the first of several passes in which the model
    is not called, ``left_at`` gave up the last pass. The rest is the state after the call;
    ``changed`` names what is no longer as it was before.
    """

    error: RaisedError | None
    returned: ReturnedNumber | None
    calls: list[ModelCall]
    called: int
    as_batches: bool
    drawn: int
    batch: int
    decoy_model: int
    decoy_batches: int
    decoy_switched: bool
    others: int
    steps: int
    modes: list[SeenMode]
    lines: dict[str, list[int]]
    begun: int
    idle_at: list[int] | None
    left_at: list[int] | None
    training_after: bool
    layers_training_after: bool
    switched_off: bool
    changed: str
    laid_out_at: list[int] | None
    told: str


class SeenReshuffled(TypedDict):
    """What the function returned where each of the passes ``begun`` brought another order.

    ``second`` is the line that began the second pass.
    """

    returned: ReturnedNumber
    begun: int
    second: list[int] | None


class EvalAccuracyObservation(TypedDict):
    """All scenes; other devices; three calls in one notebook; beyond the numbers in the code.

    ``reshuffled`` is of the first scene, where that was read more than once.
    """

    scenes: list[SeenScene]
    devices: list[SeenDevice]
    again: list[Failed | ReturnedNumber]
    beyond: SeenBeyond | None
    reshuffled: SeenReshuffled | None
