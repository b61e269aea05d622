"""The check ``forward_output``: the logits under drawn weights and inputs, and the reference's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np

from grader.checks.data_form import DataForm, data_form
from grader.checks.forward_calls import (
    ForwardCall,
    ForwardOutputObservation,
    MethodOptions,
    OtherSizes,
    alike,
    alone_otherwise,
    other_sizes,
    same_size,
)
from grader.checks.kind import OUTSIDE, Kind
from grader.checks.other_layers import with_layers
from grader.checks.remark import (
    Facts,
    Remark,
    close,
    counted,
    number,
    raised,
    shape_words,
    together,
)
from grader.checks.solved_code import method_misfits
from grader.checks.values import relative_difference
from grader.decode import DecodingError
from grader.report import Severity
from grader.requirements import Count, NotEmpty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.assignment import Assignment, Check

_LARGE = 8.0
_FAR = 3.0
_MODES = "output_depends_on_mode"


class ForwardOutputOptions(MethodOptions):
    """``batch_sizes`` are the sizes of the batches that the model is given."""

    batch_sizes: Annotated[tuple[Count, ...], NotEmpty()]


class ForwardOutputChallenge(DataForm):
    """The dims, weight (out, in) and bias (out,) of each layer, and batches (N, in).

    ``other`` are larger dims, for which the worker draws the numbers.
    """

    dims: dict[str, int]
    weights: dict[str, tuple[np.ndarray, np.ndarray]]
    inputs: list[np.ndarray]
    other: OtherSizes


def draw(
    rng: np.random.Generator, check: Check, assignment: Assignment, *_context: object
) -> ForwardOutputChallenge:
    """Draw weights and inputs.

    Weights are scaled so that about half of the hidden units are negative, and biases are as large
    as the sums: a lost activation or bias shows. Some inputs are large: a bounded activation shows.
    One number of each parameter is far out: clamping the parameters shows.
    """
    shapes = next(c for c in assignment.checks if c.kind == "layer_shapes").options
    dims = shapes["dims"]
    weights = {}
    for layer in shapes["layers"]:
        inputs, outputs = dims[layer["inputs"]], dims[layer["outputs"]]
        weight = rng.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
        bias = rng.normal(0, 0.5, outputs).astype(np.float32)
        for parameter in (weight, bias):
            parameter.flat[rng.integers(parameter.size)] = rng.choice([-_FAR, _FAR])
        weights[layer["name"]] = (weight, bias)
    width = dims[shapes["layers"][0]["inputs"]]
    inputs = [
        rng.normal(0, 1, (size, width)) * rng.choice([1.0, _LARGE], (size, 1))
        for size in check.options["batch_sizes"]
    ]
    batches = [batch.astype(np.float32) for batch in inputs]
    # Larger than the notebook's: a slice shows as well as a size.
    larger = {
        name: size + int(rng.integers(*shapes["drawn"][name])) if name in shapes["drawn"] else size
        for name, size in dims.items()
    }
    other = {
        one["name"]: [larger[one["outputs"]], larger[one["inputs"]]] for one in shapes["layers"]
    }
    return {
        "dims": dict(dims),
        "weights": weights,
        "inputs": batches,
        "other": {"dims": larger, "shapes": other},
        **data_form(assignment),
    }


def judge(
    observed: ForwardOutputObservation,
    reference: ForwardOutputObservation,
    _check: Check,
    challenge: ForwardOutputChallenge,
) -> list[Remark]:
    """Return what differs first, in the order: runs, shape, finite, repeatable, value."""
    remarks = _differing(observed, reference, challenge)
    return with_layers(remarks, observed.get("layers", []), reference.get("layers", []))


def _differing(
    observed: ForwardOutputObservation,
    reference: ForwardOutputObservation,
    challenge: ForwardOutputChallenge,
) -> list[Remark]:
    if observed["error"] is not None:
        return [raised(observed["error"])]
    if observed.get("no_module"):
        return [Remark("no_module")]
    if observed.get("unfit"):
        return [Remark("layers_do_not_fit", facts={"layer": observed["unfit"]})]
    sizes = [len(inputs) for inputs in challenge["inputs"] for _ in range(3)]
    for got, wanted, size in zip(observed["outputs"], reference["outputs"], sizes, strict=True):
        facts: Facts = {"batch": size, "mode": got["mode"]}
        if "error" in got:
            return [raised(got["error"], when=f"on a batch of {counted(size, 'input')}")]
        if "type" in got:
            types = {"got": got["type"], "expected": "Tensor"}
            return [Remark("output_is_no_tensor", facts={**facts, **types})]
        output, expected = got.get("output"), wanted["output"]
        shape = got["shape"] if output is None else output.shape
        if tuple(shape) != expected.shape:
            shapes = {"got": shape_words(shape), "expected": shape_words(expected.shape)}
            return [Remark("wrong_output_shape", facts={**facts, **shapes})]
        if not np.isfinite(got["output"]).all():
            return [Remark("output_not_finite", facts=facts)]
    if observed.get("changed"):
        changed = {"changed": together(observed["changed"])}
        return [Remark("forward_changes_parameters", facts=changed)]
    return _numbers(observed, reference, challenge, sizes)


def _numbers(
    observed: ForwardOutputObservation,
    reference: ForwardOutputObservation,
    challenge: ForwardOutputChallenge,
    sizes: Sequence[int],
) -> list[Remark]:
    """Return how outputs of the right shape differ, at these sizes or at others."""
    remarks = _values(observed["outputs"], reference["outputs"], sizes)
    if [remark.code for remark in remarks] == ["wrong_output"]:
        return alone_otherwise(observed, reference, sizes[-1]) or remarks
    return remarks or other_sizes(
        observed.get("other"), reference.get("other"), challenge["other"]["dims"]
    )


def _values(
    got: Sequence[ForwardCall], wanted: Sequence[ForwardCall], sizes: Sequence[int]
) -> list[Remark]:
    """Return how outputs of the right shape differ: each time, by mode, or in value."""
    modes: list[Remark] = []
    for k in range(0, len(got), 3):
        first, training, again = (entry["output"] for entry in got[k : k + 3])
        facts: Facts = {"batch": sizes[k]}
        if not close(again, first):
            return [Remark("output_not_repeatable", facts=facts)]
        if close(first, wanted[k]["output"]) and not close(training, wanted[k]["output"]):
            modes.append(Remark(_MODES, Severity.PARTIAL, facts=facts, share=_MODES))
    # The largest batch shows best how far a difference reaches.
    order = sorted(range(len(got)), key=lambda k: (-sizes[k], k))
    for k in order:
        output, reference = got[k]["output"], wanted[k]["output"]
        if close(output, reference) or (modes and got[k]["mode"] == "train"):
            continue
        error = np.abs(output - reference)
        row, column = np.unravel_index(int(error.argmax()), error.shape)
        facts = {
            "batch": sizes[k],
            "rows": int((error.max(axis=1) > 1e-3).sum()),
            "row": int(row),
            "column": int(column),
            "got": "[" + ", ".join(number(v) for v in output[row][:5]) + ", …]",
            "expected": "[" + ", ".join(number(v) for v in reference[row][:5]) + ", …]",
            "difference": number(float(error.max())),
        }
        return [Remark("wrong_output", facts=facts)]
    return modes[:1]


def deviation(
    observed: ForwardOutputObservation, reference: ForwardOutputObservation
) -> float | None:
    """Return the largest difference of the outputs, relative to 1 + the largest of each."""
    if observed["error"] is not None or len(observed["outputs"]) != len(reference["outputs"]):
        return None
    pairs = zip(observed["outputs"], reference["outputs"], strict=True)
    each = [relative_difference(got.get("output"), wanted["output"]) for got, wanted in pairs]
    known = [off for off in each if off is not None]
    return max(known, default=0.0) if len(known) == len(each) else None


def contradictions(_options: object, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error where no check says which layers the class has."""
    if all(check.kind != "layer_shapes" for check in assignment.checks):
        problem = 'there has to be a check of the kind "layer_shapes", too'
        yield DecodingError(problem, "that check says which layers the class has")


KIND = Kind(
    draw=draw,
    judge=judge,
    form=ForwardOutputObservation,
    options=ForwardOutputOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    general=frozenset(
        {
            "forward_changes_parameters",
            "layer_added_raises",
            "depends_on_batch",
            "layer_draws_in_eval_mode",
            "layer_made_in_forward",
            "layer_for_training_added",
            "other_layers",
            "output_depends_on_mode",
            "output_is_no_tensor",
            "output_not_finite",
            "output_not_repeatable",
            "wrong_output",
            "wrong_output_shape",
        }
    ),
    partly=frozenset({_MODES, "sizes_in_forward"}),
    provided=OUTSIDE,
    builds=True,
    deviation=deviation,
    misfits=method_misfits,
)
