"""What may go to and come from the probe of an assignment's own check."""

from __future__ import annotations

import types
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import numpy as np

from grader.checks.plain import shown, type_name
from grader.checks.schema import Array, has_form

if TYPE_CHECKING:
    from grader.checks.remark import Facts

_SENT = ("float32", "float64", "int64", "int32", "uint8", "bool")
_DEEPEST = 12
_BIGGEST = 2**63
_UNIONS = (Union, types.UnionType)
_PAIR = 2
_NAMED = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    bool: "True or False",
    type(None): "None",
    None: "None",
    list: "a list",
    dict: "a dict",
    tuple: "a tuple",
}


def plain(value: Any, at: str = "", depth: int = _DEEPEST) -> Any:  # noqa: C901 - a case a type
    """Return a value as it is sent: tuples as lists, NumPy's numbers as Python's.

    Raises ``ValueError`` for what cannot be sent, and says where it is.
    """
    where = at or "the whole"
    if depth == 0:
        raise ValueError(f"{where} is nested too deeply")
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or type(value) in (bool, float, str):
        return value
    if type(value) is int:
        if abs(value) >= _BIGGEST:
            raise ValueError(f"{where} is too large a number")
        return value
    if isinstance(value, np.ndarray):
        if value.dtype.name not in _SENT:
            raise ValueError(f"{where} is an array of {value.dtype.name}")
        return value
    if isinstance(value, (list, tuple)):
        return [plain(one, f"{at}[{place}]", depth - 1) for place, one in enumerate(value)]
    if isinstance(value, dict):
        if any(type(key) is not str for key in value):
            raise ValueError(f"{where} has a key that is no text")
        return {key: plain(one, f"{at}[{key!r}]", depth - 1) for key, one in value.items()}
    raise ValueError(f"{where} is a {type(value).__name__}")


def form_problem(form: Any, value: Any, at: str = "") -> Facts | None:
    """Return where a value has not a form that is declared, ``None`` where it has."""
    where = {"at": f" at {at}" if at else ""}
    if is_typeddict(form):
        hints = get_type_hints(form, include_extras=True)
        if type(value) is not dict or not form.__required_keys__ <= value.keys() <= hints.keys():
            return {**where, "got": shown(value), "expected": f"a dict of {', '.join(hints)}"}
        each = [(hints[key], value[key], f"{at}[{key!r}]") for key in hints if key in value]
    elif get_origin(form) is list and type(value) is list:
        each = [(get_args(form)[0], one, f"{at}[{place}]") for place, one in enumerate(value)]
    elif get_origin(form) is dict and type(value) is dict:
        each = [(get_args(form)[1], one, f"{at}[{key!r}]") for key, one in value.items()]
    elif get_origin(form) is tuple and type(value) is tuple and _counts(form, value):
        forms = get_args(form)[:1] * len(value) if ... in get_args(form) else get_args(form)
        pairs = zip(forms, value, strict=True)
        each = [(one, part, f"{at}[{place}]") for place, (one, part) in enumerate(pairs)]
    elif get_origin(form) is set and type(value) is set:
        each = [(get_args(form)[0], one, at) for one in value]
    elif form is Any or form is object or has_form(form, _as_sent(form, value)):
        return None
    else:
        said = f"{type_name(value)} {shown(value)}" if value is not None else "None"
        return {**where, "got": said, "expected": _called(form)}
    found = (form_problem(one, part, path) for one, part, path in each)
    return next((problem for problem in found if problem is not None), None)


def _counts(form: Any, value: tuple[Any, ...]) -> bool:
    forms = get_args(form)
    return ... in forms or len(forms) == len(value)


def _as_sent(form: Any, value: Any) -> Any:
    """Return an array of whole numbers as one of floats, where an array is asked for."""
    return value.astype(np.float64) if form == Array and isinstance(value, np.ndarray) else value


def _called(form: Any) -> str:
    """Return how a student is told of a form: an array, a pair of arrays, a list of texts."""
    origin, inner = get_origin(form), get_args(form)
    if form == Array:
        return "an array"
    if origin in _UNIONS:
        return " or ".join(_called(one) for one in inner)
    if origin is Literal:
        return " or ".join(map(shown, inner))
    if origin is tuple and ... not in inner and inner:
        if len({*inner}) == 1:
            count = "pair" if len(inner) == _PAIR else f"tuple of {len(inner)}"
            return f"a {count}{' of' * (count == 'pair')} {_several(inner[0])}"
        return (
            f"a tuple of {', '.join(_called(one) for one in inner[:-1])} and {_called(inner[-1])}"
        )
    if origin in (tuple, list, set, frozenset) and inner:
        return f"a {origin.__name__} of {_several(inner[0])}"
    if origin is dict:
        return f"a dict of {_several(inner[1])}"
    return _NAMED.get(form, f"a {getattr(form, '__name__', form)}")


def _several(form: Any) -> str:
    """Return the plural of what a form is called."""
    article, _, noun = _called(form).partition(" ")
    if article not in ("a", "an") or " or " in noun:
        return f"{_called(form)} each"
    first, of, rest = noun.partition(" of ")
    return f"{first}s{of}{rest}"
