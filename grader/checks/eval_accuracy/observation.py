"""What the probe of ``eval_accuracy`` sends back."""

from __future__ import annotations

from typing import TypedDict, final

from grader.checks.schema import Failed, RaisedError, Vector


class ModelCall(TypedDict):
    """One call of the model: its input, the batch at hand (from 0), and modes.

    ``rows`` holds one number for each image, ``None`` where the input is no rows of images.
    """

    type: str
    shape: list[int] | None
    rows: Vector | None
    batch: int
    training: bool
    layers_training: bool
    gradients: bool


@final
class ReturnedNumber(TypedDict):
    """The type of what was returned, and its value where that is one number."""

    type: str
    value: float | None


class SeenScene(TypedDict):
    """What the function did in one scene.

    ``called`` counts calls of the model, ``as_batches`` says whether they took the batches as they
    are; ``drawn`` counts batches and ``begun`` passes; ``batch`` is the last one drawn, from 0.
    ``decoy_*`` and ``others`` tell of models and batches that are not the arguments; ``steps`` are
    optimizer steps. The rest is the state after the call; ``changed`` names what is no longer as
    it was before.
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
    begun: int
    training_after: bool
    layers_training_after: bool
    switched_off: bool
    changed: str
    told: str


class EvalAccuracyObservation(TypedDict):
    """All scenes; whether images are ``moved`` to the device; three calls in one notebook."""

    scenes: list[SeenScene]
    moved: bool | None
    again: list[Failed | ReturnedNumber]
