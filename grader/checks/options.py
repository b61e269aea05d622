"""What each kind of check is told in ``assignment.toml``, beside the keys of every check.

``OPTIONS`` holds a form by kind of check, and a function that yields what does not fit together in
options of that form, each error with its path below the check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from grader.assignment.entries import unknown
from grader.decode import DecodingError, MissingKeyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from grader.assignment import Assignment


class SizedLayer(TypedDict):
    """A layer, the blank that makes it, and the dims of its inputs and outputs."""

    name: str
    blank: int
    inputs: str
    outputs: str


class LayerShapesOptions(TypedDict):
    """The dims of the class with their defaults, the ranges they are drawn from, and the layers."""

    dims: dict[str, int]
    drawn: dict[str, tuple[int, int]]
    layers: tuple[SizedLayer, ...]


class MethodOptions(TypedDict, total=False):
    """The method whose output a check compares."""

    method: str


class ForwardOutputOptions(MethodOptions):
    """The sizes of the batches."""

    batch_sizes: tuple[int, ...]


class StandInOptions(TypedDict, total=False):
    """What the judge's model has of the notebook's own: attributes, and methods that reset it."""

    interface: dict[str, Any]
    resets: tuple[str, ...]
    no_ops: tuple[str, ...]


class EvalAccuracyOptions(StandInOptions):
    """The blanks, the images (C, H, W), and each layer's inputs and outputs."""

    input_blank: int
    count_blank: int
    classes: int
    image: tuple[int, int, int]
    layers: dict[str, tuple[int, int]]


class StepOrderOptions(StandInOptions):
    """The blanks, the images (C, H, W), and the names of the layers."""

    zero_blank: int
    backward_blank: int
    step_blank: int
    classes: int
    image: tuple[int, int, int]
    layers: tuple[str, ...]


class AdviceOptions(TypedDict, total=False):
    """What a student reads when this check alone fails."""

    advice: str


class TrainingBudget(TypedDict):
    """How long to train on a data set, and the shares of right answers that are needed."""

    steps: int
    batch_size: int
    passed: float
    partial: float


class TrainedLayers(TypedDict, total=False):
    """The layers whose parameters have to change."""

    layers: tuple[str, ...]


class LearnsOptions(AdviceOptions, TrainedLayers):
    """The number of classes, and the budget by data set: ``custom`` for any that is not named."""

    classes: int
    training: dict[str, TrainingBudget]


class ArgumentForm(TypedDict, total=False):
    """The names of an argument's axes, none for a number, and a range instead of a normal."""

    shape: tuple[str, ...]
    range: tuple[float, float]


class DrawnArgument(ArgumentForm):
    """An argument by its name."""

    name: str


class SizesOptions(TypedDict, total=False):
    """The ranges that sizes are drawn from, and the size over which a mean is taken."""

    sizes: dict[str, tuple[int, int]]
    count: str


class BlankOutput(TypedDict):
    """A value that a function returns, and the blank that makes it."""

    name: str
    blank: int


class FunctionValuesOptions(SizesOptions):
    """The arguments of a function in their order, and what it returns."""

    arguments: tuple[DrawnArgument, ...]
    outputs: tuple[BlankOutput, ...]


class NamedFunction(TypedDict):
    """A function of the solved notebook, and its arguments by name."""

    name: str
    arguments: tuple[str, ...]


class NamedLoss(NamedFunction):
    """A loss; ``prediction`` is the argument that takes what the model returns."""

    prediction: str


class ReferenceOptions(TypedDict, total=False):
    """The parts of the solved notebook that the judge runs beside the check's own."""

    reference_parts: tuple[str, ...]


class AutogradOptions(FunctionValuesOptions, ReferenceOptions):
    """The model and the loss that autograd differentiates by ``parameters``."""

    parameters: tuple[DrawnArgument, ...]
    model: NamedFunction
    loss: NamedLoss


class ParameterUpdate(TypedDict):
    """A parameter, its gradient, both arguments, and the blank that updates it."""

    parameter: str
    gradient: str
    blank: int


class UpdateStepOptions(SizesOptions):
    """The arguments in their order, the parameters among them, and the one that is the rate."""

    arguments: tuple[DrawnArgument, ...]
    updates: tuple[ParameterUpdate, ...]
    rate: str


class NamedOutput(TypedDict):
    """A value that a training returns."""

    name: str


class ConvergesOptions(AdviceOptions):
    """The number of points and steps, the rate, and how far from the best line is near enough."""

    outputs: tuple[NamedOutput, ...]
    count: int
    steps: int
    rate: float
    close: float
    near: float


def fitting(_options: Any, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield nothing: there is nothing that must fit together."""
    yield from ()


def _dims(options: LayerShapesOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    dims = options["dims"]
    for name in options["drawn"]:
        if name not in dims:
            yield unknown("dim", name, dims, ("drawn",))
    for place, layer in enumerate(options["layers"]):
        for key, name in (("inputs", layer["inputs"]), ("outputs", layer["outputs"])):
            if name not in dims:
                yield unknown("dim", name, dims, ("layers", place, key))


def _layers(_options: Any, assignment: Assignment) -> Iterator[DecodingError]:
    if all(check.kind != "layer_shapes" for check in assignment.checks):
        hint = "that check says which layers the class has"
        yield DecodingError('there has to be a check of the kind "layer_shapes", too', hint)


def _budgets(options: LearnsOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    if "custom" not in options["training"]:
        yield MissingKeyError("custom", TrainingBudget).below("training")


def _sizes(options: Mapping[str, Any], _assignment: Assignment) -> Iterator[DecodingError]:
    sizes = options.get("sizes", {})
    for key in ("arguments", "parameters"):
        for place, argument in enumerate(options.get(key, ())):
            for axis in argument.get("shape", ()):
                if axis not in sizes:
                    yield unknown("size", axis, sizes, (key, place, "shape"))
    if options.get("count", "") not in {"", *sizes}:
        yield unknown("size", options["count"], sizes, ("count",))


def _parts(options: Mapping[str, Any], assignment: Assignment) -> Iterator[DecodingError]:
    yield from _sizes(options, assignment)
    parts = [part.id for part in assignment.parts]
    for name in options.get("reference_parts", ()):
        if name not in parts:
            yield unknown("part", name, parts, ("reference_parts",))


def _updates(options: Mapping[str, Any], assignment: Assignment) -> Iterator[DecodingError]:
    yield from _sizes(options, assignment)
    names = [argument["name"] for argument in options["arguments"]]
    if options["rate"] not in names:
        yield unknown("argument", options["rate"], names, ("rate",))
    for place, update in enumerate(options["updates"]):
        for key in ("parameter", "gradient"):
            if update[key] not in names:
                yield unknown("argument", update[key], names, ("updates", place, key))


OPTIONS: dict[str, tuple[Any, Callable[[Any, Assignment], Iterator[DecodingError]]]] = {
    "layer_shapes": (LayerShapesOptions, _dims),
    "forward_output": (ForwardOutputOptions, _layers),
    "eval_accuracy": (EvalAccuracyOptions, fitting),
    "step_order": (StepOrderOptions, fitting),
    "learns": (LearnsOptions, _budgets),
    "function_values": (FunctionValuesOptions, _sizes),
    "autograd": (AutogradOptions, _parts),
    "update_step": (UpdateStepOptions, _updates),
    "converges": (ConvergesOptions, fitting),
}
