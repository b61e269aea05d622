"""Compares the logits with the reference's, under the same weights and inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.checks.remark import Remark, close, number, raised, same_error, shape_words, together
from grader.checks.schema import ERROR, Array, ListOf, Maybe, Option

_OUTPUT = {
    "mode": str,
    "output": Option(Array()),
    "error": Option(ERROR),
    "type": Option(str),
    "shape": Option(ListOf(int)),
}
FORM = {
    "error": Maybe(ERROR),
    "outputs": ListOf(_OUTPUT),
    "changed": Option(ListOf(str)),
    "unfit": Option(str),
    "no_module": Option(str),
}
GENERAL = frozenset(
    {
        "forward_changes_parameters",
        "output_depends_on_mode",
        "output_is_no_tensor",
        "output_not_finite",
        "output_not_repeatable",
        "wrong_output",
        "wrong_output_shape",
    }
)


def judge(
    observed: dict[str, Any], reference: dict[str, Any], _check: Any, challenge: dict[str, Any]
) -> list[Remark]:
    """Return what differs first, in the order: runs, shape, finite, repeatable, value."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    if observed.get("no_module"):
        return [Remark("no_module")]
    if observed.get("unfit"):
        return [Remark("layers_do_not_fit", facts={"layer": observed["unfit"]})]
    sizes = [len(inputs) for inputs in challenge["inputs"] for _ in range(3)]
    for got, wanted, size in zip(observed["outputs"], reference["outputs"], sizes, strict=True):
        facts: dict[str, Any] = {"batch": size, "mode": got["mode"]}
        if "error" in got:
            return [
                raised(got["error"], when=f"on a batch of {size} input{'s' if size > 1 else ''}")
            ]
        if "type" in got:
            return [
                Remark(
                    "output_is_no_tensor", facts={**facts, "got": got["type"], "expected": "Tensor"}
                )
            ]
        output, expected = got.get("output"), wanted["output"]
        shape = got["shape"] if output is None else output.shape
        if tuple(shape) != expected.shape:
            facts |= {"got": shape_words(shape), "expected": shape_words(expected.shape)}
            return [Remark("wrong_output_shape", facts=facts)]
        if not np.isfinite(output).all():
            return [Remark("output_not_finite", facts=facts)]
    if observed.get("changed"):
        facts = {"changed": together(observed["changed"])}
        return [Remark("forward_changes_parameters", facts=facts)]
    return _values(observed["outputs"], reference["outputs"], sizes)


def _values(got: list[Any], wanted: list[Any], sizes: list[int]) -> list[Remark]:
    for k in range(0, len(got), 3):
        first, training, again = (entry["output"] for entry in got[k : k + 3])
        facts: dict[str, Any] = {"batch": sizes[k]}
        if not close(again, first):
            return [Remark("output_not_repeatable", facts=facts)]
        if close(first, wanted[k]["output"]) and not close(training, wanted[k]["output"]):
            return [Remark("output_depends_on_mode", facts=facts)]
    # The largest batch shows best how far a difference reaches.
    order = sorted(range(len(got)), key=lambda k: (-sizes[k], k))
    for entry, expected, size in ((got[k], wanted[k], sizes[k]) for k in order):
        output, reference = entry["output"], expected["output"]
        if close(output, reference):
            continue
        error = np.abs(output - reference)
        row, column = np.unravel_index(int(error.argmax()), error.shape)
        facts = {
            "batch": size,
            "rows": int((error.max(axis=1) > 1e-3).sum()),
            "row": int(row),
            "column": int(column),
            "got": "[" + ", ".join(number(v) for v in output[row][:5]) + ", …]",
            "expected": "[" + ", ".join(number(v) for v in reference[row][:5]) + ", …]",
            "difference": number(float(error.max())),
        }
        return [Remark("wrong_output", facts=facts)]
    return []


def alike(one: dict[str, Any], other: dict[str, Any], _place: Any = None) -> bool:
    """Whether two observations show the same forward pass."""
    if not same_error(one["error"], other["error"]):
        return False
    if any(one.get(key) != other.get(key) for key in ("unfit", "no_module", "changed")):
        return False
    if len(one["outputs"]) != len(other["outputs"]):
        return False
    for a, b in zip(one["outputs"], other["outputs"], strict=True):
        if "output" in a and "output" in b:
            if not close(a["output"], b["output"]):
                return False
        elif "error" in a and "error" in b:
            if not same_error(a["error"], b["error"]):
                return False
        elif (
            a.get("type") != b.get("type")
            or a.get("shape") != b.get("shape")
            or ("output" in a) != ("output" in b)
        ):
            return False
    return True


def same_size(value: Any, reference: Any) -> bool:
    """Whether there are as many outputs as the reference's, each of one sort."""
    if value["error"] is not None or value.get("unfit") or value.get("no_module"):
        return True
    keys = ("output", "error", "type", "shape")
    return len(value["outputs"]) == len(reference["outputs"]) and all(
        sum(key in entry for key in keys) == 1 for entry in value["outputs"]
    )
