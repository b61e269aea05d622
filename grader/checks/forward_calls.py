"""What is observed of a forward pass, and how it is judged at other sizes than the notebook's."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import numpy as np

from grader.checks.remark import Facts, Remark, close, number, same_error, together
from grader.checks.schema import Array, RaisedError
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


class MethodOptions(TypedDict, total=False):
    """``method`` is the method of the class that is called: ``forward``, if it is left out."""

    method: str


class _Call(TypedDict):
    mode: str


class ForwardCall(_Call, total=False):
    """The output, the shape of a tensor that is not sent, another value's type, or the error."""

    output: Array
    error: RaisedError
    type: str
    shape: list[int]


class UsedLayer(TypedDict):
    """A layer that was used: its kind, its name in the model, and the line, each empty if unknown.

    The kind is PyTorch's name of the function, such as ``relu``.
    """

    kind: str
    name: str
    line: list[int]


class _Observation(TypedDict):
    error: RaisedError | None
    outputs: list[ForwardCall]


class ForwardOutputObservation(_Observation, total=False):
    """For each batch three calls: in eval mode, in train mode, in eval mode again.

    ``changed`` are parameters that the calls changed, ``unfit`` is a layer that the weights do not
    fit, and ``no_module`` the type of a model that is no ``nn.Module``. ``other`` is a call
    of a model of other dims, if one could be made. ``layers`` are those of one more call in train
    mode. ``alone`` are calls in eval mode, each with one of the first rows of the last batch.
    """

    changed: list[str]
    unfit: str
    no_module: str
    other: ForwardCall | None
    layers: list[UsedLayer]
    alone: list[ForwardCall]


class OtherSizes(TypedDict):
    """Other dims, and the shape (out, in) of each layer's weight for them."""

    dims: dict[str, int]
    shapes: dict[str, list[int]]


def other_sizes(
    got: ForwardCall | None, wanted: ForwardCall | None, dims: Mapping[str, int]
) -> list[Remark]:
    """Return the remark on a forward pass that is right at the notebook's sizes only."""
    if got is None or wanted is None or "output" not in wanted:
        return []
    output, right = got.get("output"), wanted["output"]
    if output is not None and output.shape == right.shape and close(output, right):
        return []
    error = got.get("error")
    what = "it gives other numbers."
    if error is not None:
        what = f"it raises\n{error['type']}: {error['message']}"
    sizes = together([f"{name} {size}" for name, size in dims.items()])
    facts: Facts = {"sizes": sizes, "what": what}
    return [Remark("sizes_in_forward", Severity.PARTIAL, facts=facts, error=error)]


def alone_otherwise(
    got: ForwardOutputObservation, wanted: ForwardOutputObservation, batch: int
) -> list[Remark]:
    """Return the remark on a row that has other scores alone than in its batch of ``batch`` rows.

    That is a mistake where the solved notebook's rows have the same.
    """
    if any(_apart(wanted)):
        return []
    for row, off in enumerate(_apart(got)):
        if off:
            facts: Facts = {"row": row, "batch": batch, "difference": number(off)}
            return [Remark("depends_on_batch", facts=facts)]
    return []


def _apart(observed: ForwardOutputObservation) -> list[float]:
    """Return for each row that was given alone how far its scores are off, 0 for the same ones."""
    whole = observed["outputs"][-1].get("output")
    found = []
    for row, call in enumerate(observed.get("alone", [])):
        alone = call.get("output")
        if whole is None or alone is None or row >= len(whole):
            return []
        kept = whole[row : row + 1]
        same = close(alone, kept) or alone.shape != kept.shape or not np.isfinite(alone).all()
        found.append(0.0 if same else float(np.abs(alone - kept).max()))
    return found


def alike(
    one: ForwardOutputObservation, other: ForwardOutputObservation, _place: None = None
) -> bool:
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
        elif a.keys() != b.keys() or any(a.get(k) != b.get(k) for k in ("type", "shape")):
            return False
    return True


def same_size(value: ForwardOutputObservation, reference: ForwardOutputObservation) -> bool:
    """Whether there are as many outputs as the reference's, each of them one thing."""
    if value["error"] is not None or value.get("unfit") or value.get("no_module"):
        return True
    keys = ("output", "error", "type", "shape")
    return len(value["outputs"]) == len(reference["outputs"]) and all(
        sum(key in entry for key in keys) == 1 for entry in value["outputs"]
    )
