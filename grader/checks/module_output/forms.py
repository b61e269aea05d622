"""What a check of a module's output is told, what it asks of a worker, and what that answers."""

from __future__ import annotations

from typing import Any, TypedDict, final

from grader.checks.arguments import DrawnArgument
from grader.checks.data_form import DataForm
from grader.checks.module_dims import ModuleDims
from grader.checks.module_observation import ArrayLeaf, ModuleCalls, OtherLeaf
from grader.checks.schema import RaisedError


class ModuleArgument(DrawnArgument, total=False):
    """An argument of a call by its name; ``keyword`` says that it is given by that name."""

    keyword: bool


class _CallOptions(TypedDict, total=False):
    method: str
    layers: tuple[str, ...]
    batch: str


class ModuleOutputOptions(ModuleDims, _CallOptions):
    """The arguments of a call of the module, in their order.

    ``method`` is what is called, "forward" unless it says another. ``layers`` are names of layers,
    dotted where they are nested, whose parameters are told apart from all others: a class may list
    them in any order. They are by default those of a check ``module_parameters`` of the same part.
    ``batch`` is the size that counts the rows of a batch: with it the first row of the arguments
    that have it as their first axis is tried alone, too, and rows that are mixed have a name.
    """

    arguments: tuple[ModuleArgument, ...]


class OutputCase(TypedDict):
    """The dims of one object, the sizes of its arguments, and these in plain data."""

    dims: dict[str, int]
    sizes: dict[str, int]
    args: list[Any]
    kwargs: dict[str, Any]


class ModuleOutputChallenge(DataForm):
    """The cases; the method; the names of layers, and the seed of what they are filled with.

    ``rows`` names the arguments that have a row for each input of a batch: by place or by keyword.
    """

    rows: list[int | str]
    cases: list[OutputCase]
    method: str
    layers: list[str]
    seed: int


class CaseCalls(ModuleCalls):
    """The calls of one object, its parameters' shapes by layer, and those that calls changed.

    ``alone`` is what it returned in eval mode for the first row of a batch.
    """

    alone: list[ArrayLeaf | OtherLeaf] | None
    shapes: dict[str, list[list[int]]]
    moved: list[str]


@final
class NoModule(TypedDict):
    """The type of an object that is no ``nn.Module``."""

    no_module: str


@final
class NotBuilt(TypedDict):
    """What was raised while an object was built."""

    error: RaisedError


class ModuleOutputObservation(TypedDict):
    """What was seen of each case."""

    error: RaisedError | None
    cases: list[CaseCalls | NoModule | NotBuilt]
