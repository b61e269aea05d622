"""Checks the form of an observation before a judge reads it: a worker may send anything.

A kind declares its observation as a ``TypedDict``; ``has_form`` compares a value with the
annotations. A value of another form was not made by a probe: the submission tampered with it.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypedDict,
    Union,
    final,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 10_000

# Float arrays: with any number of axes, with one, with two.
Array = Annotated[np.ndarray, None]
Vector = Annotated[np.ndarray, 1]
Matrix = Annotated[np.ndarray, 2]
# A Python value as ``grader.probes.recording.plain`` describes it; ``checks.plain`` reads it.
Described = Annotated[dict[str, Any], "described"]


class _Raised(TypedDict):
    type: str
    message: str
    frames: list[list[int]]


class RaisedError(_Raised, total=False):
    """An exception of the submission's.

    ``frames`` are pairs: the number of a program's entry and of a node in it, or, once the judge
    has looked them up, a cell and a line. ``cause`` is the earlier error that left a name unbound.
    """

    cause: str


@final
class Failed(TypedDict):
    """One of several attempts that ended in an exception."""

    error: RaisedError


def has_form(form: Any, value: Any) -> bool:
    """Whether a value has exactly the form of a type: no other keys, no subclasses.

    ``form`` is a ``TypedDict``, a ``list`` (of at most 10,000 items), a ``dict`` with text keys, a
    union, one of the arrays above or a plain type. ``float`` admits an ``int``, as annotations do.
    """
    return _matcher(form)(value)


@cache
def _matcher(form: Any) -> Callable[[Any], bool]:
    origin, parts = get_origin(form), get_args(form)
    if is_typeddict(form):
        return _dict_matcher(form)
    if form is Described:
        return lambda value: type(value) is dict and type(value.get("type")) is str
    if origin is Annotated:
        axes = parts[1]
        return lambda value: (
            isinstance(value, np.ndarray) and value.dtype.kind == "f" and axes in (None, value.ndim)
        )
    if origin in (Union, UnionType):
        either = [_matcher(part) for part in parts]
        return lambda value: any(matches(value) for matches in either)
    if origin is list:
        item = _matcher(parts[0])
        return lambda value: type(value) is list and len(value) <= _MOST and all(map(item, value))
    if origin is dict:
        item = _matcher(parts[1])
        return lambda value: type(value) is dict and all(map(item, value.values()))
    plain = (int, float) if form is float else (form,)
    return lambda value: type(value) in plain


def _dict_matcher(form: Any) -> Callable[[Any], bool]:
    hints = get_type_hints(form, include_extras=True)
    keys = {key: _matcher(hint) for key, hint in hints.items()}
    required = form.__required_keys__
    return lambda value: (
        type(value) is dict
        and required <= set(value) <= set(keys)
        and all(keys[key](item) for key, item in value.items())
    )
