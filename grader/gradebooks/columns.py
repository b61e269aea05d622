"""Finds the column of a gradebook that a TA names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_OPTION = "--column"


def named(wanted: str, columns: Mapping[int, Iterable[str]], headers: tuple[str, ...]) -> int:
    """Return the column with the name ``wanted``, ignoring case.

    ``columns`` maps each possible column to its names. Raises ``GraderError`` if not exactly one
    has that name.
    """
    key = wanted.strip().casefold()
    found = [column for column, names in columns.items() if key in map(str.casefold, names)]
    if len(found) == 1:
        return found[0]
    what = "no column" if not found else "more than one column"
    raise unsure(f"{what} of the gradebook is named {printable(wanted, 100)}", columns, headers)


def unsure(message: str, columns: Iterable[int], headers: tuple[str, ...]) -> GraderError:
    """Return the error that lists the columns to choose from."""
    listed = ", ".join(repr(printable(headers[column], 80)) for column in columns)
    return GraderError(message, f"name it with {_OPTION}: one of {listed}")
