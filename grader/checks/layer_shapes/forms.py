"""What a check of layers is told, what it asks of a worker, and what the worker answers."""

from __future__ import annotations

from typing import Annotated, TypedDict, final

from grader.checks.data_form import DataForm
from grader.checks.schema import RaisedError
from grader.requirements import Count, NotEmpty, SizeRange


class SizedLayer(TypedDict):
    """A layer: its ``name`` on self, and the ``blank`` that makes it.

    ``inputs`` and ``outputs`` are the dims that say how many numbers come in and go out.
    """

    name: str
    blank: int
    inputs: str
    outputs: str


class LayerShapesOptions(TypedDict):
    """The class is built with its own dims, with drawn ones, and with large and small ones.

    ``dims`` are the arguments of ``__init__`` that size the layers, with the notebook's values.
    ``drawn`` maps each to the range that the judge draws from; ranges that overlap could take one
    for another. ``layers`` are the layers to look at.
    """

    dims: dict[str, Count]
    drawn: dict[str, SizeRange]
    layers: Annotated[tuple[SizedLayer, ...], NotEmpty()]


class LayerShapesChallenge(DataForm):
    """The dims of each build by name, first the solved notebook's; the layers' names."""

    dims: list[dict[str, int]]
    layers: list[str]


class BuiltLayer(TypedDict):
    """A layer's type and the shapes of its parameters, ``None`` where there is none."""

    type: str
    linear: bool
    weight: list[int] | None
    bias: list[int] | None
    trainable: bool


@final
class Unbuilt(TypedDict):
    """An exception in ``__init__``, and the layers that were tuples by then."""

    dims: dict[str, int]
    error: RaisedError
    tuples: list[str]


@final
class Built(TypedDict):
    """The layers of one object of the class, ``None`` for those that it lacks.

    ``sizes`` are its attributes of the dims' names, where they are integers.
    """

    dims: dict[str, int]
    layers: dict[str, BuiltLayer | None]
    sizes: dict[str, int]


class LayerShapesObservation(TypedDict):
    """A build for each of the dims, and some at dims ``beyond`` the constants in the class.

    ``shared`` names layers that two objects have in common.
    """

    error: RaisedError | None
    builds: list[Unbuilt | Built]
    beyond: list[Unbuilt | Built]
    shared: list[str]
