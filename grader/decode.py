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
    Annotated,
    Any,
    Literal,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from grader.described import EXAMPLES, UNIONS, described, written_kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
# The keys and list positions that lead to a value, the outermost first.
Place = tuple[str | int, ...]

# What the modules of dataclasses import for type checkers only, and their annotations name.
FOR_TYPE_CHECKERS = {"Mapping": Mapping, "Path": Path}


class DecodingError(ValueError):
    """Plain data does not have the form that was asked for; ``path`` says where.

    ``further`` are what else is wrong with the same data, in its order.
    """

    def __init__(self, problem: str, hint: str | None = None, path: Place = ()) -> None:
        """Keep what is wrong, and what to do about it."""
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.path = path
        self.further: tuple[DecodingError, ...] = ()

    def __str__(self) -> str:
        """Return the path and the problem."""
        return f"{'.'.join(map(str, self.path)) or 'the data'}: {self.problem}"

    def below(self, *path: str | int) -> DecodingError:
        """Return the same error, with ``path`` before its own."""
        for one in self.each():
            one.path = (*path, *one.path)
        return self

    def each(self) -> Iterator[DecodingError]:
        """Yield the error and the further ones."""
        yield self
        yield from self.further


class UnknownKeyError(DecodingError):
    """A table has a key that its form does not have; ``path`` ends in that key."""

    def __init__(self, key: str, hint: str | None = None) -> None:
        """Keep the key."""
        super().__init__("no such key is known", hint, (key,))


class MissingKeyError(DecodingError):
    """A table lacks ``key``; ``path`` leads to the table."""

    def __init__(self, key: str, form: Any) -> None:
        """Say what the key has to hold."""
        words, example = described(form)
        hint = f"add {key} = {EXAMPLES.get(key, example)}: {words}"
        super().__init__(f'the key "{key}" is missing', hint)
        self.key = key


def decode(form: type[T], plain: Any) -> T:
    """Return ``plain`` as a ``form``: a dataclass, or any type that its fields may have.

    Fields may be texts, numbers, paths, enums, literals, ``Any``, lists, tuples, mappings from
    texts, other dataclasses, typed dictionaries and unions of these. Raises ``DecodingError``.
    """
    any_form: Any = form
    value: T = _decoder(any_form)(plain)
    return value


def gathered(errors: Iterable[DecodingError]) -> DecodingError:
    """Return the first of several errors, with the rest as its ``further`` ones."""
    first, *rest = [one for error in errors for one in error.each()]
    first.further = tuple(rest)
    return first


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
    if get_origin(form) is Annotated:
        return _checked(form)
    written = _written(form)
    if written == (form,):
        return lambda plain: plain if type(plain) is form else _refuse(plain, form)
    read = _reader(form)
    return lambda plain: read(plain) if type(plain) in written else _refuse(plain, form)


def _checked(form: Any) -> Callable[[Any], Any]:
    """Return the decoder of a type with ``Requirement`` objects, which a value has to meet."""
    inner, *required = get_args(form)
    read = _decoder(inner)

    def check(plain: Any) -> Any:
        value = read(plain)
        for one in required:
            problem = one.problem(value)
            if problem is not None:
                raise DecodingError(problem, one.hint)
        return value

    return check


def _written(form: Any) -> tuple[type, ...]:
    """Return the types that JSON and TOML write a form as."""
    if get_origin(form) is Annotated:
        return _written(get_args(form)[0])
    origin, inner = get_origin(form) or form, get_args(form)
    if origin in UNIONS:
        return tuple(written for one in inner for written in _written(one))
    if origin in (tuple, list):
        return (list,)
    if origin in (dict, Mapping) or is_dataclass(origin) or is_typeddict(origin):
        return (dict,)
    if origin is float:
        return (float, int)
    return (origin,) if origin in (bool, int, types.NoneType) else (str,)


def _reader(form: Any) -> Callable[[Any], Any]:
    """Return the function that reads plain data whose type is one that the form is written as."""
    origin, inner = get_origin(form), get_args(form)
    if origin in UNIONS:
        # The type of the plain data alone chooses the member, the first of those that share it.
        members = {written: _decoder(one) for one in reversed(inner) for written in _written(one)}
        return lambda plain: members[type(plain)](plain)
    if origin in (tuple, list):
        return _sequence(form, inner if origin is tuple else (*inner, Ellipsis), origin)
    if origin in (dict, Mapping):
        return lambda plain: _values(plain, dict.fromkeys(plain, _decoder(inner[1])))
    if is_dataclass(form) or is_typeddict(form):
        return _table(form)
    if origin is Literal or issubclass(form, Enum):
        known = {one: one for one in inner} or {one.value: one for one in form}
        return lambda plain: known[plain] if plain in known else _refuse(plain, form)
    convert: Callable[[Any], Any] = form
    return convert


def _sequence(form: Any, inner: tuple[Any, ...], made: type = tuple) -> Callable[[Any], Any]:
    variable = inner[-1] is Ellipsis
    items = [_decoder(one) for one in inner if one is not Ellipsis]

    def read(plain: list[Any]) -> Any:
        if not variable and len(plain) != len(items):
            return _refuse(plain, form)
        each = repeat(items[0], len(plain)) if variable else items
        found = _values(dict(enumerate(plain)), dict(enumerate(each)))
        return made(found.values())

    return read


def _table(form: Any) -> Callable[[Any], Any]:
    hints = get_type_hints(form, localns=FOR_TYPE_CHECKERS, include_extras=True)
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
        wrong: list[DecodingError] = [
            UnknownKeyError(key, suggestion(key, decoders, "the keys are"))
            for key in plain
            if key not in decoders
        ]
        missing = [key for key in decoders if key in required and key not in plain]
        # A key that is missing may be there, misspelt: that is said once.
        meant = " ".join(error.hint or "" for error in wrong)
        wrong += [MissingKeyError(key, hints[key]) for key in missing if f'"{key}"' not in meant]
        known = {key: value for key, value in plain.items() if key in decoders}
        return form(**_values(known, decoders, wrong))

    return read


def _values(
    plain: dict[Any, Any],
    decoders: Mapping[Any, Callable[[Any], Any]],
    wrong: Iterable[DecodingError] = (),
) -> dict[Any, Any]:
    """Return each value as its decoder reads it; raise all that is wrong at once."""
    found, errors = {}, list(wrong)
    for key, value in plain.items():
        try:
            found[key] = decoders[key](value)
        except DecodingError as error:
            errors.append(error.below(key))
    if errors:
        raise gathered(errors)
    return found


def _refuse(plain: Any, form: Any) -> Any:
    words, example = described(form)
    problem = f"it has to be {words}, not {written_kind(plain)}"
    raise DecodingError(problem, f"for example: {example}")
