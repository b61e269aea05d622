"""What the options of a grading may be: one set of rules for the command line and for Python.

Each rule takes a value and how to name it in an error, ``--seed 1.5`` or ``seed='7'``, say. It
returns the value, or raises ``GraderError``.
"""

from __future__ import annotations

import inspect
import os
import re
from contextlib import suppress
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

P = ParamSpec("P")
T = TypeVar("T")

ISOLATIONS = ("auto", "strict", "basic", "none")
_BIGGEST_SEED = 2**63 - 1
# A timer may overflow above it; nobody waits that long for one check.
_LONGEST_SECONDS = 10.0**7
_ALIKE = 0.7  # "--watch" is not meant as "--data", which a lower bound would suggest


def device(value: object, told: str) -> str:
    """Return the device to train on."""
    if not isinstance(value, str) or not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", value, re.ASCII):
        raise GraderError(f"{told}: no such device", "auto, cpu, cuda or cuda:0")
    return value


def seed(value: object, told: str) -> int:
    """Return a seed."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _BIGGEST_SEED:
        return value
    raise GraderError(f"{told}: not a seed", f"a whole number from 0 to {_BIGGEST_SEED}")


def isolation(value: object, told: str) -> str:
    """Return a level of isolation."""
    if not isinstance(value, str) or value not in ISOLATIONS:
        raise GraderError(f"{told}: no such isolation", "auto, strict, basic or none")
    return value


def timeout(value: object, told: str) -> float:
    """Return a time limit in seconds."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and 0 < value <= _LONGEST_SECONDS:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    raise GraderError(f"{told}: not a time limit", "seconds, more than 0, as in 60")


def folder(value: object, told: str) -> str:
    """Return the path of an existing folder."""
    if isinstance(value, (str, os.PathLike)):
        # A name may be too long, or have a NUL in it.
        with suppress(OSError, ValueError):
            if Path(value).is_dir():
                return os.fspath(value)
    raise GraderError(f"{told}: no such folder", "name the folder that holds the data set")


def switch(value: object, told: str) -> bool:
    """Return an option that is on or off."""
    if not isinstance(value, bool):
        raise GraderError(f"{told}: neither True nor False", "True or False")
    return value


class UnknownOptionError(GraderError, TypeError):
    """There is no option of that name; a ``TypeError`` too, as Python's own would be."""


_RULES: Mapping[str, Callable[[object, str], object]] = {
    "device": device,
    "seed": seed,
    "isolation": isolation,
    "timeout": timeout,
    "data": folder,
    "grouping": switch,
}
_MAY_BE_NONE = frozenset({"seed", "timeout", "data"})


def require_valid(options: Mapping[str, object]) -> None:
    """Raise ``GraderError`` for an option of ``Grader`` that is wrong; others are not looked at."""
    for name, value in options.items():
        if name in _RULES and not (value is None and name in _MAY_BE_NONE):
            _RULES[name](value, f"{name}={shown(repr(value))}")


def shown(value: str) -> str:
    """Return a wrong value as an error repeats it."""
    return printable(value, 61)


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return "did you mean NAME?" if one of the ``known`` names is alike."""
    bare = {one.lstrip("-"): one for one in known}
    close = get_close_matches(name.lstrip("-"), list(bare), n=1, cutoff=_ALIKE)
    return f"did you mean {bare[close[0]]}?" if close else None


def named_options(function: Callable[P, T]) -> Callable[P, T]:
    """Have a function refuse unknown and wrong options by ``GraderError`` before it is called."""
    parameters = inspect.signature(function).parameters
    known = [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY]

    @wraps(function)
    def checked(*given: P.args, **options: P.kwargs) -> T:
        require_known(options, [*known, *parameters])
        require_valid(options)
        return function(*given, **options)

    return checked


def require_known(options: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise ``UnknownOptionError`` for an option that is none of the ``known``."""
    names = [name for name in dict.fromkeys(known) if name != "self"]
    for name in options:
        if name not in names:
            everything = f"the options are {', '.join(names)}"
            raise UnknownOptionError(
                f"there is no option '{shown(name)}'", did_you_mean(name, names) or everything
            )
