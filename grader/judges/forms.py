"""The forms that observations must have: what comes from a worker may be anything.

A judge reads an observation only after its form is known. One that has another form was not made
by a probe: that is the submission's doing, and no fault of the judge's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 10_000


@dataclass(frozen=True)
class Maybe:
    """A value that may be ``None``."""

    form: Any


@dataclass(frozen=True)
class Option:
    """A key that may be absent."""

    form: Any


@dataclass(frozen=True)
class ListOf:
    """A list of any length, each item of one form."""

    form: Any


@dataclass(frozen=True)
class DictOf:
    """A dict with any text keys, each value of one form."""

    form: Any


@dataclass(frozen=True)
class Array:
    """A float array with so many axes; ``axes`` ``None`` is any number of them."""

    axes: int | None = None


@dataclass(frozen=True)
class Either:
    """One of several forms."""

    forms: tuple[Any, ...]


NUMBER = (int, float)
ERROR = {
    "type": str,
    "message": str,
    "frames": ListOf(ListOf(int)),
    "cause": Option(str),
    "missing": Option(ListOf(str)),
}
_LAYER = {
    "type": str,
    "linear": bool,
    "weight": Maybe(ListOf(int)),
    "bias": Maybe(ListOf(int)),
    "trainable": bool,
}
_CALL = {
    "type": str,
    "shape": Maybe(ListOf(int)),
    "rows": Maybe(Array(1)),
    "batch": int,
    "training": bool,
    "gradients": bool,
}
_VALUE = {"type": str, "value": Maybe(NUMBER)}
_SCENE = {
    "error": Maybe(ERROR),
    "returned": Maybe(_VALUE),
    "calls": ListOf(_CALL),
    "drawn": int,
    "batch": int,
    "decoy_model": int,
    "decoy_batches": int,
    "training_after": bool,
    "changed": bool,
    "scripted": bool,
}
_RUN = {
    "error": Maybe(ERROR),
    "events": ListOf(ListOf((str, bool))),
    "states": Array(2),
    "fresh": Maybe(Array(2)),
    "used": Maybe(Array(2)),
    "rates": ListOf(NUMBER),
    "momenta": ListOf(NUMBER),
    "rules": ListOf(str),
}
_OUTPUT = {
    "mode": str,
    "output": Option(Array()),
    "error": Option(ERROR),
    "type": Option(str),
    "shape": Option(ListOf(int)),
}
FORMS: dict[str, Any] = {
    "layer_shapes": {
        "error": Maybe(ERROR),
        "builds": ListOf(Either(({"error": ERROR}, {"layers": DictOf(Maybe(_LAYER))}))),
        "shared": ListOf(str),
    },
    "forward_output": {
        "error": Maybe(ERROR),
        "outputs": ListOf(_OUTPUT),
        "unfit": Option(str),
    },
    "eval_accuracy": {
        "scenes": ListOf(_SCENE),
        "moved": Maybe(bool),
        "again": ListOf(Maybe(_VALUE)),
    },
    "step_order": {"runs": ListOf(_RUN)},
    "learns": {
        "error": Maybe(ERROR),
        "steps": int,
        "before": Maybe(Array()),
        "after": Maybe(Array()),
        "still": Option(ListOf(str)),
        "layers": Option(int),
        "device": Option(str),
        "late": Option(Maybe(ERROR)),
    },
}


def same_size(kind: str, value: Any, reference: Any) -> bool:
    """Whether an observation has as many items, of the same widths, as the reference's."""
    return _SIZES[kind](value, reference)


def has_form(form: Any, value: Any) -> bool:
    """Whether a value has a form, exactly: no key too many, no subclass, no list without end."""
    if isinstance(form, Maybe):
        return value is None or has_form(form.form, value)
    if isinstance(form, Either):
        return any(has_form(one, value) for one in form.forms)
    if isinstance(form, ListOf):
        return (
            type(value) is list
            and len(value) <= _MOST
            and all(has_form(form.form, item) for item in value)
        )
    if isinstance(form, DictOf):
        return type(value) is dict and all(has_form(form.form, item) for item in value.values())
    if isinstance(form, Array):
        right = isinstance(value, np.ndarray) and value.dtype.kind == "f"
        return right and form.axes in (None, value.ndim)
    if isinstance(form, dict):
        return (
            type(value) is dict
            and set(value) <= set(form)
            and all(
                has_form(item.form if isinstance(item, Option) else item, value[key])
                if key in value
                else isinstance(item, Option)
                for key, item in form.items()
            )
        )
    return type(value) in (form if isinstance(form, tuple) else (form,))


def _builds(value: Any, reference: Any) -> bool:
    names = set(reference["builds"][0]["layers"])
    return value["error"] is not None or (
        len(value["builds"]) == len(reference["builds"])
        and all(set(build["layers"]) == names for build in value["builds"] if "layers" in build)
    )


def _outputs(value: Any, reference: Any) -> bool:
    if value["error"] is not None or value.get("unfit") is not None:
        return True
    keys = ("output", "error", "type", "shape")
    return len(value["outputs"]) == len(reference["outputs"]) and all(
        sum(key in entry for key in keys) == 1 for entry in value["outputs"]
    )


def _scenes(value: Any, reference: Any) -> bool:
    sizes = [(len(o["scenes"]), len(o["again"])) for o in (value, reference)]
    return sizes[0] == sizes[1] and all(
        scene["error"] is not None or scene["returned"] is not None for scene in value["scenes"]
    )


def _runs(value: Any, reference: Any) -> bool:
    width = reference["runs"][0]["states"].shape[1]
    return len(value["runs"]) == len(reference["runs"]) and all(
        _run(run, width) for run in value["runs"]
    )


def _run(run: Any, width: int) -> bool:
    arrays = [a for a in (run["states"], run["fresh"], run["used"]) if a is not None]
    used = 0 if run["used"] is None else len(run["used"])
    return (
        all(array.shape[1] == width and len(array) > 0 for array in arrays)
        and len(run["rates"]) == len(run["momenta"]) == len(run["rules"]) == used
        and all(event and type(event[0]) is str for event in run["events"])
        and all(len(event) > 1 for event in run["events"] if event[0] in ("zero_grad", "backward"))
    )


_SIZES: dict[str, Callable[[Any, Any], bool]] = {
    "layer_shapes": _builds,
    "forward_output": _outputs,
    "eval_accuracy": _scenes,
    "step_order": _runs,
    "learns": lambda _value, _reference: True,
}
