"""Turns plain data, as JSON and TOML give it, into frozen dataclasses; nothing is guessed.

A key that a dataclass does not have, a missing one and a value of another type are errors that say
where they stand. Converters such as cattrs coerce instead ("false" becomes true, "12" the list
1, 2) and report a path only as text.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
# The keys and list positions that lead to a value, the outermost first.
Place = tuple[str | int, ...]

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
        """Return the same error with a path that begins further out."""
        self.path = (*path, *self.path)
        return self


class UnknownKeyError(DecodingError):
    """A table has a key that its dataclass does not have; ``path`` ends in that key."""

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

    Fields may be texts, numbers, paths, enums, literals, ``Any``, tuples, lists, mappings of texts,
    other dataclasses and unions of these. Raises ``DecodingError``.
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
    origin, inner = get_origin(form), get_args(form)
    if form is Any:
        return lambda plain: plain
    if origin in (Union, types.UnionType):
        return _union(form, inner)
    if origin is Literal:
        return lambda plain: plain if plain in inner else _refuse(plain, form)
    if origin in (tuple, list):
        return _sequence(form, origin, inner)
    if origin in (dict, Mapping):
        item = _decoder(inner[1])
        return lambda plain: (
            {key: _inside(item, value, key) for key, value in plain.items()}
            if isinstance(plain, dict)
            else _refuse(plain, form)
        )
    if is_dataclass(form):
        return _dataclass(form)
    if isinstance(form, type) and issubclass(form, Enum):
        values = {member.value: member for member in form}
        return lambda plain: (
            values[plain] if isinstance(plain, str) and plain in values else _refuse(plain, form)
        )
    return lambda plain: form(plain) if _fits(plain, form) else _refuse(plain, form)


def _sequence(form: Any, origin: type, inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    variable = origin is list or inner[-1] is Ellipsis
    items = [_decoder(one) for one in inner if one is not Ellipsis]

    def read(plain: Any) -> Any:
        if not isinstance(plain, list) or not (variable or len(plain) == len(items)):
            return _refuse(plain, form)
        each = items * len(plain) if variable else items
        pairs = zip(each, plain, strict=True)
        return origin(_inside(item, value, k) for k, (item, value) in enumerate(pairs))

    return read


def _union(form: Any, inner: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Return a decoder that takes the first member of a union that plain data of its type fits."""

    def read(plain: Any) -> Any:
        for member in inner:
            if _fits(plain, member):
                return _decoder(member)(plain)
        return _refuse(plain, form)

    return read


def _dataclass(form: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(form)
    decoders = {field.name: _decoder(hints[field.name]) for field in fields(form)}
    required = [
        field.name
        for field in fields(form)
        if field.default is MISSING and field.default_factory is MISSING
    ]

    def read(plain: Any) -> Any:
        if not isinstance(plain, dict):
            return _refuse(plain, form)
        for key in plain:
            if key not in decoders:
                raise UnknownKeyError(key, suggestion(key, decoders, "the keys are"))
        for key in required:
            if key not in plain:
                raise MissingKeyError(key, hints[key])
        return form(**{key: _inside(decoders[key], value, key) for key, value in plain.items()})

    return read


def _inside(decoder: Callable[[Any], Any], value: Any, key: str | int) -> Any:
    try:
        return decoder(value)
    except DecodingError as error:
        raise error.below(key) from None


def _fits(plain: Any, form: Any) -> bool:
    """Whether plain data is of the type that a form is written as, whatever it holds."""
    origin = get_origin(form) or form
    if origin is Any:
        return True
    if origin in (tuple, list):
        return isinstance(plain, list)
    if origin in (dict, Mapping) or is_dataclass(origin):
        return isinstance(plain, dict)
    if origin is Literal:
        return plain in get_args(form)
    if origin in (int, float):
        # A whole number is a number, too; true and false are none.
        return isinstance(plain, (int, origin)) and not isinstance(plain, bool)
    if origin is types.NoneType:
        return plain is None
    return isinstance(plain, bool if origin is bool else str)


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
    if origin in (Union, types.UnionType):
        each = [_described(one) for one in inner if one is not types.NoneType]
        return " or ".join(words for words, _ in each), each[0][1]
    if origin is Literal or (isinstance(form, type) and issubclass(form, Enum)):
        names = [f'"{one}"' for one in inner or form]
        return f"one of {', '.join(names)}", names[0]
    if origin in (tuple, list):
        each = [_described(one) for one in inner if one is not Ellipsis]
        variable = origin is list or inner[-1] is Ellipsis
        examples = each * 2 if variable else each
        items = f"a list: {each[0][0]}, …" if variable else f"a list of {len(each)}"
        return items, f"[{', '.join(example for _, example in examples)}]"
    if is_dataclass(form):
        return "a table", f"{{ {fields(form)[0].name} = … }}"
    return "a table", "{ … }"
