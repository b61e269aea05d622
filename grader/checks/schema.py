"""How the form of an observation is described: what comes from a worker may be anything.

A judge reads an observation only after its form is known: each has the ``FORM`` of what its probe
gives. An observation that has another was not made by a probe: that is the submission's doing, and
no fault of the judge's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

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
}


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
