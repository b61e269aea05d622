"""What each kind of check is told in ``assignment.toml``, beside the keys of every check.

The judges read ``Check.options`` as plain tables; these classes say which there may be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import unknown
from grader.decode import DecodingError, MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment


@dataclass(frozen=True, kw_only=True)
class CheckOptions:
    """The options of a kind of check; a kind's own class adds its fields."""

    def contradictions(self, _assignment: Assignment) -> Iterator[DecodingError]:
        """Yield what does not fit together, each with its path below the check."""
        yield from ()


@dataclass(frozen=True, kw_only=True)
class SizedLayer:
    """A layer, the blank that makes it, and the dims of its inputs and outputs."""

    name: str
    blank: int
    inputs: str
    outputs: str


@dataclass(frozen=True, kw_only=True)
class LayerShapesOptions(CheckOptions):
    """The dims of the class with their defaults, the ranges they are drawn from, and the layers."""

    dims: dict[str, int]
    drawn: dict[str, tuple[int, int]]
    layers: tuple[SizedLayer, ...]

    def contradictions(self, _assignment: Assignment) -> Iterator[DecodingError]:
        """Yield the names of dims that are none."""
        for name in self.drawn:
            if name not in self.dims:
                yield unknown("dim", name, self.dims, ("drawn",))
        for place, layer in enumerate(self.layers):
            for key in ("inputs", "outputs"):
                name = getattr(layer, key)
                if name not in self.dims:
                    yield unknown("dim", name, self.dims, ("layers", place, key))


@dataclass(frozen=True, kw_only=True)
class ForwardOutputOptions(CheckOptions):
    """The sizes of the batches, and the method whose output it is."""

    batch_sizes: tuple[int, ...]
    method: str = ""

    def contradictions(self, assignment: Assignment) -> Iterator[DecodingError]:
        """Yield an error where no check says which layers the class has."""
        if all(check.kind != "layer_shapes" for check in assignment.checks):
            hint = "that check says which layers the class has"
            yield DecodingError('there has to be a check of the kind "layer_shapes", too', hint)


@dataclass(frozen=True, kw_only=True)
class EvalAccuracyOptions(CheckOptions):
    """The blanks, the images (C, H, W), and what the judge's model has of the notebook's own."""

    input_blank: int
    count_blank: int
    classes: int
    image: tuple[int, int, int]
    layers: dict[str, tuple[int, int]]
    interface: dict[str, Any] = field(default_factory=dict)
    resets: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepOrderOptions(CheckOptions):
    """The blanks, the images (C, H, W), and what the judge's model has of the notebook's own."""

    zero_blank: int
    backward_blank: int
    step_blank: int
    classes: int
    image: tuple[int, int, int]
    layers: tuple[str, ...]
    interface: dict[str, Any] = field(default_factory=dict)
    no_ops: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TrainingBudget:
    """How long to train on a data set, and the shares of right answers that are needed."""

    steps: int
    batch_size: int
    passed: float
    partial: float


@dataclass(frozen=True, kw_only=True)
class LearnsOptions(CheckOptions):
    """The budget by data set, ``custom`` for any other; ``advice`` if this check alone fails."""

    classes: int
    training: dict[str, TrainingBudget]
    layers: tuple[str, ...] = ()
    advice: str = ""

    def contradictions(self, _assignment: Assignment) -> Iterator[DecodingError]:
        """Yield an error where there is no budget for other data."""
        if "custom" not in self.training:
            yield MissingKeyError("custom", TrainingBudget).below("training")


@dataclass(frozen=True, kw_only=True)
class DrawnArgument:
    """An argument: the names of its axes, none for a number, and a range instead of a normal."""

    name: str
    shape: tuple[str, ...] = ()
    range: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class ArgumentsOptions(CheckOptions):
    """The arguments of a function in their order, and the ranges that sizes are drawn from."""

    arguments: tuple[DrawnArgument, ...]
    sizes: dict[str, tuple[int, int]] = field(default_factory=dict)

    def contradictions(self, _assignment: Assignment) -> Iterator[DecodingError]:
        """Yield the names of sizes that are none."""
        yield from self._axes("arguments", self.arguments)

    def _axes(self, key: str, drawn: tuple[DrawnArgument, ...]) -> Iterator[DecodingError]:
        for place, argument in enumerate(drawn):
            for axis in argument.shape:
                if axis not in self.sizes:
                    yield unknown("size", axis, self.sizes, (key, place, "shape"))


@dataclass(frozen=True, kw_only=True)
class BlankOutput:
    """A value that a function returns, and the blank that makes it."""

    name: str
    blank: int


@dataclass(frozen=True, kw_only=True)
class FunctionValuesOptions(ArgumentsOptions):
    """What the function returns, and the size over which a mean is taken."""

    outputs: tuple[BlankOutput, ...]
    count: str | None = None

    def contradictions(self, assignment: Assignment) -> Iterator[DecodingError]:
        """Yield the names of sizes that are none."""
        yield from super().contradictions(assignment)
        if self.count is not None and self.count not in self.sizes:
            yield unknown("size", self.count, self.sizes, ("count",))


@dataclass(frozen=True, kw_only=True)
class NamedFunction:
    """A function of the solved notebook, and its arguments by name."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NamedLoss(NamedFunction):
    """A loss; ``prediction`` is the argument that takes what the model returns."""

    prediction: str


@dataclass(frozen=True, kw_only=True)
class AutogradOptions(FunctionValuesOptions):
    """The model and the loss that autograd differentiates by ``parameters``, and their parts."""

    parameters: tuple[DrawnArgument, ...]
    model: NamedFunction
    loss: NamedLoss
    reference_parts: tuple[str, ...] = ()

    def contradictions(self, assignment: Assignment) -> Iterator[DecodingError]:
        """Yield the names of sizes and parts that are none."""
        yield from super().contradictions(assignment)
        yield from self._axes("parameters", self.parameters)
        parts = [part.id for part in assignment.parts]
        for name in self.reference_parts:
            if name not in parts:
                yield unknown("part", name, parts, ("reference_parts",))


@dataclass(frozen=True, kw_only=True)
class ParameterUpdate:
    """A parameter, its gradient, both arguments, and the blank that updates it."""

    parameter: str
    gradient: str
    blank: int


@dataclass(frozen=True, kw_only=True)
class UpdateStepOptions(ArgumentsOptions):
    """The parameters that are updated, and the argument that is the learning rate."""

    updates: tuple[ParameterUpdate, ...]
    rate: str

    def contradictions(self, assignment: Assignment) -> Iterator[DecodingError]:
        """Yield the names of sizes and arguments that are none."""
        yield from super().contradictions(assignment)
        names = [argument.name for argument in self.arguments]
        if self.rate not in names:
            yield unknown("argument", self.rate, names, ("rate",))
        for place, update in enumerate(self.updates):
            for key in ("parameter", "gradient"):
                if getattr(update, key) not in names:
                    yield unknown("argument", getattr(update, key), names, ("updates", place, key))


@dataclass(frozen=True, kw_only=True)
class NamedOutput:
    """A value that a training returns."""

    name: str


@dataclass(frozen=True, kw_only=True)
class ConvergesOptions(CheckOptions):
    """The number of points and steps, the rate, and how far from the best line is near enough."""

    outputs: tuple[NamedOutput, ...]
    count: int
    steps: int
    rate: float
    close: float
    near: float
    advice: str = ""
