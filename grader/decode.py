"""Turns plain data, as JSON and TOML give it, into frozen dataclasses; nothing is guessed.

A key that a dataclass does not have, a missing one and a value of another type are errors that say
where they stand. cattrs would coerce values ("false" to true) without a hook of ours for each type.
With hooks, and with paths read from the notes of its errors, it saves no lines here, and importing
it takes more than half the time of loading all our assignments.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
# The keys and list positions that lead to a value, the outermost first.
Place = tuple[str | int, ...]

_UNIONS = (Union, types.UnionType)
# What the modules of dataclasses import for type checkers only, and their annotations name.
_FOR_TYPE_CHECKERS = {"Mapping": Mapping, "Path": Path}
# How each type is called in a message, and an example of how TOML writes it.
_PLAIN = {
    str: ("a text", '"…"'),
    bool: ("true or false", "true"),
    int: ("a whole number", "1"),
    float: ("a number", "0.5"),
    Path: ("a path", '"…"'),
}


class DecodingError(ValueError):
    """Plain data does not have the form that was asked for; ``path`` says where."""

    def __init__(self, problem: str, hint: str | None = None, path: Place = ()) -> None:
        """Keep what is wrong, and what to do about it."""
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.path = path

    def __str__(self) -> str:
        """Return the path and the problem."""
        return f"{'.'.join(map(str, self.path)) or 'the data'}: {self.problem}"

    def below(self, *path: str | int) -> DecodingError:
        """Return the same error, with ``path`` before its own."""
        self.path = (*path, *self.path)
        return self


class UnknownKeyError(DecodingError):
    """A table has a key that its form does not have; ``path`` ends in that key."""

    def __init__(self, key: str, hint: str | None = None) -> None:
        """Keep the key."""
        super().__init__("no such key is known", hint, (key,))


class MissingKeyError(DecodingError):
    """A table lacks ``key``; ``path`` leads to the table."""

    def __init__(self, key: str, form: Any) -> None:
        """Say what the key has to hold."""
        words, example = _described(form)
        super().__init__(f'the key "{key}" is missing', f"add {key} = {example}: {words}")
        self.key = key


def decode(form: type[T], plain: Any) -> T:
    """Return ``plain`` as a ``form``: a dataclass, or any type that its fields may have.

    Fields may be texts, numbers, paths, enums, literals, ``Any``, tuples (lists in the plain data),
    mappings from texts, other dataclasses, typed dictionaries and unions of these. Raises
    ``DecodingError``.
    """
    any_form: Any = form
    value: T = _decoder(any_form)(plain)
    return value


def suggestion(name: object, known: Iterable[object], otherwise: str | None = None) -> str | None:
    """Return a hint for a name that is not known: the nearest one, or ``otherwise`` and all."""
    # Only an error needs it.
    from difflib import get_close_matches  # noqa: PLC0415

    names = [str(one) for one in known]
    near = get_close_matches(str(name), names, n=1) if isinstance(name, str) else []
    if near:
        return f'did you mean "{near[0]}"?'
    return f"{otherwise} {', '.join(names) or 'none'}" if otherwise else None


@cache
def _decoder(form: Any) -> Callable[[Any], Any]:
    if form in (Any, types.NoneType):
        return lambda plain: plain
    written = _written(form)
    if written == (form,):
        return lambda plain: plain if type(plain) is form else _refuse(plain, form)
    read = _reader(form)
    return lambda plain: read(plain) if type(plain) in written else _refuse(plain, form)


def _written(form: Any) -> tuple[type, ...]:
    """Return the types that JSON and TOML write a form as."""
    origin, inner = get_origin(form) or form, get_args(form)
    if origin in _UNIONS:
        return tuple(written for one in inner for written in _written(one))
    if origin is tuple:
        return (list,)
    if origin in (dict, Mapping) or is_dataclass(origin) or is_typeddict(origin):
        return (dict,)
    if origin is float:
        return (float, int)
    return (origin,) if origin in (bool, int, types.NoneType) else (str,)


def _reader(form: Any) -> Callable[[Any], Any]:
    """Return the function that reads plain data whose type is one that the form is written as."""
    origin, inner = get_origin(form), get_args(form)
    if origin in _UNIONS:
        # The type of the plain data alone chooses the member, the first of those that share it.
        members = {written: _decoder(one) for one in reversed(inner) for written in _written(one)}
        return lambda plain: members[type(plain)](plain)
    if origin is tuple:
        return _sequence(form, inner)
    if origin in (dict, Mapping):
        value = _decoder(inner[1])
        return lambda plain: _values(plain, dict.fromkeys(plain, value))
    if is_dataclass(form) or is_typeddict(form):
        return _table(form)
    if origin is Literal or issubclass(form, Enum):
        known = {one: one for one in inner} or {one.value: one for one in form}
        return lambda plain: known[plain] if plain in known else _refuse(plain, form)
    convert: Callable[[Any], Any] = form
    return convert


def _sequence(form: Any, inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    variable = inner[-1] is Ellipsis
    items = [_decoder(one) for one in inner if one is not Ellipsis]

    def read(plain: list[Any]) -> Any:
        if not variable and len(plain) != len(items):
            return _refuse(plain, form)
        found: list[Any] = []
        each = repeat(items[0], len(plain)) if variable else items
        try:
            for item, value in zip(each, plain, strict=True):
                found.append(item(value))
        except DecodingError as error:
            raise error.below(len(found)) from None
        return tuple(found)

    return read


def _table(form: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(form, localns=_FOR_TYPE_CHECKERS)
    if is_typeddict(form):
        required = form.__required_keys__
    else:
        required = {
            field.name
            for field in fields(form)
            if field.default is MISSING and field.default_factory is MISSING
        }
    decoders = {key: _decoder(hint) for key, hint in hints.items()}

    def read(plain: dict[str, Any]) -> Any:
        if not plain.keys() <= decoders.keys():
            key = next(key for key in plain if key not in decoders)
            raise UnknownKeyError(key, suggestion(key, decoders, "the keys are"))
        if not required <= plain.keys():
            key = next(key for key in decoders if key in required - plain.keys())
            raise MissingKeyError(key, hints[key])
        return form(**_values(plain, decoders))

    return read


def _values(plain: dict[str, Any], decoders: dict[str, Callable[[Any], Any]]) -> dict[str, Any]:
    found = {}
    key = ""
    try:
        for key, value in plain.items():
            found[key] = decoders[key](value)
    except DecodingError as error:
        raise error.below(key) from None
    return found


def _refuse(plain: Any, form: Any) -> Any:
    words, example = _described(form)
    raise DecodingError(f"it has to be {words}, not {_kind(plain)}", f"for example: {example}")


def _kind(plain: Any) -> str:
    if isinstance(plain, str):
        return f'"{plain}"'
    if isinstance(plain, (dict, list)):
        return "a table" if isinstance(plain, dict) else "a list"
    if isinstance(plain, bool):
        return str(plain).lower()
    return "nothing" if plain is None else str(plain)


def _described(form: Any) -> tuple[str, str]:
    """Return the words for a type, and an example of how TOML writes it."""
    origin, inner = get_origin(form), get_args(form)
    if form in _PLAIN:
        return _PLAIN[form]
    if origin in _UNIONS:
        each = [_described(one) for one in inner if one is not types.NoneType]
        return " or ".join(words for words, _ in each), each[0][1]
    if origin is tuple:
        each = [_described(one) for one in inner if one is not Ellipsis]
        if inner[-1] is Ellipsis:
            return f"a list: {each[0][0]}, …", f"[{each[0][1]}, {each[0][1]}]"
        return f"a list of {len(each)}", f"[{', '.join(example for _, example in each)}]"
    if is_dataclass(form) or is_typeddict(form):
        return "a table", f"{{ {next(iter(form.__annotations__))} = … }}"
    if origin in (dict, Mapping, None) and not issubclass(origin or form, Enum):
        return "a table", "{ … }"
    names = [f'"{one}"' for one in inner or [member.value for member in form]]
    return f"one of {', '.join(names)}", names[0]
