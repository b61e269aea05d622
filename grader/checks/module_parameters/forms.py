"""What a check of any layers is told, what it asks of a worker, and what the worker answers."""

from __future__ import annotations

from typing import Any, TypedDict, final

from grader.checks.arguments import ArgumentForm
from grader.checks.data_form import DataForm
from grader.checks.module_dims import ModuleDims
from grader.checks.module_observation import ModuleCalls
from grader.checks.schema import RaisedError


class _Inputs(TypedDict, total=False):
    inputs: tuple[ArgumentForm, ...]


class ListedLayer(_Inputs):
    """A layer by its name, dotted where it is nested, and the blank that makes it.

    ``inputs`` are the arguments that it is tried on, in their order: it is then right if it does
    what the solved notebook's layer does with the same parameters, whatever it is made of. Without
    them it has to be of the same class of PyTorch's, with the same settings.
    """

    name: str
    blank: int


class ModuleParametersOptions(ModuleDims):
    """The layers that are compared with the solved notebook's."""

    layers: tuple[ListedLayer, ...]


class LayerInputs(TypedDict):
    """The arguments that a layer is tried on, in plain data."""

    args: list[Any]
    kwargs: dict[str, Any]


class ModuleParametersChallenge(DataForm):
    """The dims of each build by name, the notebook's first; each layer's inputs, build by build.

    ``seed`` is that of the numbers which a layer's parameters are filled with.
    """

    dims: list[dict[str, int]]
    layers: dict[str, list[LayerInputs | None]]
    seed: int


class SeenLayer(TypedDict):
    """A layer: its class, the class of PyTorch's that is or derives from, its parameters.

    ``settings`` are those of a layer of PyTorch's; ``behaviour`` is what it did with its inputs.
    """

    type: str
    family: str
    names: list[str]
    shapes: list[list[int]]
    trainable: bool
    settings: dict[str, str]
    behaviour: ModuleCalls | None


@final
class UnbuiltLayers(TypedDict):
    """An exception in ``__init__``, and the layers that were tuples by then."""

    error: RaisedError
    tuples: list[str]


@final
class BuiltLayers(TypedDict):
    """The layers of one object of the class, ``None`` for those that it lacks."""

    layers: dict[str, SeenLayer | None]


class ModuleParametersObservation(TypedDict):
    """A build for each of the dims; the layers that two objects have in common."""

    error: RaisedError | None
    builds: list[UnbuiltLayers | BuiltLayers]
    shared: list[str]
