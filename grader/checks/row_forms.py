"""What a notebook trains on beside images: rows of floats or token ids, with targets of any shape.

The options say it in PyTorch's terms; the ``RowForm`` made of them goes to a worker, and lays out
what the judge's own model takes and gives.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypedDict

import numpy as np

from grader.checks.losses import OF_LABELS, LossName
from grader.decode import DecodingError
from grader.requirements import Classes, Count, NotEmpty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# So many numbers stand for a token, and so many a row has where it is told what each is.
_WIDE, _MOST = 4, 128


class RowsOptions(TypedDict, total=False):
    """Data that are no images: rows of any kind, with a target each.

    ``classes`` is the number of classes, where the targets are labels. ``input`` is the shape of
    one row, without the axis of the batch, of data that are no images. ``ids`` says that a row
    holds token ids below this number; without it a row holds floats. ``target`` is the shape of one
    row's target, ``[]`` for a single number. ``output`` is the shape of what the model gives for a
    row: left out, it is the target's, with the classes before it where targets are labels. ``loss``
    is the loss of ``torch.nn`` that says what targets are: labels for CrossEntropyLoss, zeros and
    ones for BCEWithLogitsLoss, any floats for the others.
    """

    classes: Classes
    input: Annotated[tuple[Count, ...], NotEmpty()]
    ids: Classes
    target: tuple[Count, ...]
    output: tuple[Count, ...]
    loss: LossName


class ImageOptions(TypedDict, total=False):
    """``image`` is the shape of one image: channels, height, width; its target is a label."""

    image: tuple[Count, Count, Count]


class RowForm(TypedDict):
    """How a model takes rows of shape ``input`` and gives rows of shape ``output``.

    ``table`` (ids, E) has the numbers that stand for each token. Where targets have a shape that
    is an input's, or all of an input's but one axis, each of these ``positions`` is worked on by
    itself. The numbers of a position lie on the ``first`` or the "last" axis, and the scores of
    its classes on ``scores``.
    """

    loss: str
    input: list[int]
    target: list[int]
    output: list[int]
    classes: int
    table: np.ndarray | None
    positions: list[int]
    features: Literal["first", "last"]
    scores: Literal["first", "last"]


def has_rows(options: Mapping[str, Any]) -> bool:
    """Whether options describe rows of any kind, not images."""
    return "input" in options


def row_form(options: Mapping[str, Any], rng: np.random.Generator) -> RowForm:
    """Return the form that the options describe."""
    given, target = list(options["input"]), list(options["target"])
    classes = int(options["classes"]) if options["loss"] == OF_LABELS else 0
    usual = [classes, *target] if classes else target
    output = list(options.get("output", usual))
    ids = int(options.get("ids", 0))
    if ids:
        positions = target if target == given else []
        features: Literal["first", "last"] = "last"
    else:
        last, first = given[:-1] == target, given[1:] == target
        positions = target if last or first else []
        # Where both fit, the channels are where the scores are.
        features = "first" if first and (not last or output == usual) else "last"
    wide = _WIDE if positions else max(1, min(_WIDE, _MOST // math.prod(given)))
    return {
        "loss": options["loss"],
        "input": given,
        "target": target,
        "output": output,
        "classes": classes,
        "table": rng.normal(0, 1, (ids, wide)).astype(np.float32) if ids else None,
        "positions": positions,
        "features": features,
        "scores": "first" if not classes or output == usual else "last",
    }


def widths(form: RowForm) -> tuple[int, int]:
    """Return how many numbers the judge's model takes, and how many it gives, at each place."""
    numbers = form["table"].shape[1] if form["table"] is not None else 1
    taken = math.prod(form["input"]) * numbers
    given = math.prod(form["target"]) * max(form["classes"], 1)
    places = math.prod(form["positions"])
    return taken // places, given // places


def features_of(form: RowForm, inputs: np.ndarray) -> np.ndarray:
    """Return the numbers (R, D) that the model works on, of inputs (N, *input): N · places rows."""
    if form["table"] is not None:
        values = form["table"][inputs]
    elif form["positions"] and form["features"] == "first":
        values = np.moveaxis(inputs, 1, -1)
    else:
        values = inputs
    return np.asarray(values.reshape(-1, widths(form)[0]).astype(np.float64))


def contradictions(options: Mapping[str, Any], of_images: Sequence[str]) -> Iterator[DecodingError]:
    """Yield what does not fit together in options about data, with its path below the check.

    Of images the options ``of_images`` are needed.
    """
    if not has_rows(options):
        yield from _without_rows(options, of_images)
        return
    for key in ("image", "model_input"):
        if key in options:
            yield DecodingError(f"{key} and input exclude each other", "keep one", (key,))
    needed = ["target", "loss", *(["classes"] if options.get("loss") == OF_LABELS else [])]
    missing = [key for key in needed if key not in options]
    for key in missing:
        yield DecodingError(f'the key "{key}" is missing', f"add {key}, as input is there")
    if "classes" in options and options.get("loss", OF_LABELS) != OF_LABELS:
        hint = f'leave it out, or write loss = "{OF_LABELS}"'
        yield DecodingError(f"{options['loss']} compares no classes", hint, ("classes",))
    elif not missing and "output" in options:
        yield from _of_output(options)


def _without_rows(options: Mapping[str, Any], needed: Sequence[str]) -> Iterator[DecodingError]:
    for key in needed:
        if key not in options:
            hint = f"add {key}; or, of data that are no images, input, target and loss"
            yield DecodingError(f'the key "{key}" is missing', hint)
    for key in ("ids", "target", "output", "loss"):
        if key in options:
            hint = "add input, or leave it out"
            yield DecodingError("it belongs to data that are no images", hint, (key,))


def _of_output(options: Mapping[str, Any]) -> Iterator[DecodingError]:
    output, target = list(options["output"]), list(options["target"])
    if options["loss"] == OF_LABELS:
        known = [[options["classes"], *target], [*target, options["classes"]]]
        if output not in known:
            each = " or ".join(dict.fromkeys(str(one) for one in known))
            problem = f"labels of the shape {target} have no scores of the shape {output}"
            yield DecodingError(problem, f"write {each}", ("output",))
    elif math.prod(output) != math.prod(target):
        problem = f"{math.prod(output)} numbers a row cannot be compared with {math.prod(target)}"
        hint = "output and target have as many numbers, whatever their shapes"
        yield DecodingError(problem, hint, ("output",))
