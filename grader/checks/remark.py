"""What a judge notices: a code and the facts, not yet words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Mistake
    from grader.checks.schema import RaisedError

Facts = Mapping[str, str | int]
# Reordered float arithmetic stays below 4e-5 (measured); the smallest mistake is above 1e-3.
TOLERANCE = 3e-4
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class Remark:
    """One thing observed. ``error`` is the submission's exception as the worker described it.

    ``facts`` fill the words of ``code``; ``got`` and ``expected`` among them are shown as such.
    ``blank`` is the one to blame. ``at`` is the line that was seen doing it: an entry of the
    program and a node in it as a worker says it, later a cell and a line. ``lines`` are several
    such, of a loop.
    ``of_result`` marks a remark on the value that a function returned. ``mistake`` is the listed
    mistake that it was recognised as, and ``observed`` the code under which the judge noticed it
    before that. ``share`` is the key of the rubric's ``partial`` that says what it costs, where
    that is not the code. ``cause`` is why parameters do not change. ``spared`` are the blanks whose
    answer is right word for word: they are not pointed at. ``same`` are the lines that the solved
    notebook has as well, ``only`` is the one statement that it has not, and ``lacking`` the
    function that lacks one, see ``Differences``. ``culprit`` is the line that the code around what
    was observed shows to be the reason.
    """

    code: str
    severity: Severity = Severity.ERROR
    blank: int | None = None
    facts: Facts = field(default_factory=dict)
    error: RaisedError | None = None
    at: Sequence[int] | None = None
    set_at: str = ""
    of_result: bool = False
    mistake: Mistake | None = None
    observed: str = ""
    share: str = ""
    cause: str = ""
    lines: tuple[tuple[int, int], ...] = ()
    spared: frozenset[int] = frozenset()
    same: frozenset[tuple[int, int]] = frozenset()
    only: tuple[int, int] | None = None
    lacking: tuple[int, int] | None = None
    culprit: tuple[int, int] | None = None


def raised(error: RaisedError, **facts: str | int) -> Remark:
    """Return the remark on an exception of the submission's."""
    memory = error["type"] in ("MemoryError", "OutOfMemoryError") or (
        "can't allocate memory" in error["message"] or "CUDA out of memory" in error["message"]
    )
    code = "out_of_memory" if memory else "raises"
    return Remark(
        code, error=error, facts={"type": error["type"], "text": error["message"], **facts}
    )


def error_of(attempt: Mapping[str, object]) -> RaisedError | None:
    """Return the exception that ended an attempt, ``None`` for one that went well."""
    return cast("RaisedError | None", attempt.get("error"))


def same_error(one: RaisedError | None, other: RaisedError | None) -> bool:
    """Whether two exceptions are the same, wherever they were raised."""
    if one is None or other is None:
        return one is other
    return (one["type"], one["message"]) == (other["type"], other["message"])


def close(got: Any, expected: Any) -> bool:
    """Whether two values are arrays of one shape, finite and equal up to rounding."""
    return (
        isinstance(got, np.ndarray)
        and isinstance(expected, np.ndarray)
        and got.shape == expected.shape
        and bool(np.isfinite(got).all())
        and bool(
            np.abs(got - expected).max(initial=0)
            <= TOLERANCE * (1 + np.abs(expected).max(initial=0))
        )
    )


def shape_words(shape: Sequence[int]) -> str:
    """Return a shape as PyTorch prints it: ``(256, 10)``."""
    return "(" + ", ".join(str(n) for n in shape) + ("," if len(shape) == 1 else "") + ")"


def number(value: float) -> str:
    """Return a number with four significant digits."""
    return f"{value:.4g}"


def apart(one: float, other: float) -> tuple[str, str]:
    """Return two numbers with four digits, or with as many as tell them apart (at most nine)."""
    for digits in (4, 6, 9):
        texts = f"{one:.{digits}g}", f"{other:.{digits}g}"
        if texts[0] != texts[1]:
            break
    return texts


def percent(share: float) -> str:
    """Return a relative size in words: ``18 %``, ``0.4 %``, ``more than 1000 %``."""
    if not np.isfinite(share):
        return "infinitely far"
    if share > 10:
        return "more than 1000 %"
    return f"{100 * share:.2g} %" if share < 0.1 else f"{100 * share:.0f} %"


def counted(count: int, noun: str) -> str:
    """Return a number of things: ``1 image``, ``7 images``."""
    return f"{count} {noun if count == 1 else noun + 's'}"


def together(names: Sequence[str]) -> str:
    """Return names as an English list: ``a, b and c``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def ordinal(count: int) -> str:
    """Return a number as an ordinal: ``second``, ``tenth``, ``21st``."""
    if 0 < count <= len(_ORDINALS):
        return _ORDINALS[count - 1]
    ending = "th" if count % 100 in (11, 12, 13) else _ENDINGS.get(count % 10, "th")
    return f"{count}{ending}"
