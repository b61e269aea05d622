"""Reports what is wrong with an assignment's files: all of it, or the first thing as an error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment.toml_file import TomlFile

Reporter = Callable[[AssignmentError], None]


@contextmanager
def reporting(report: Reporter) -> Iterator[None]:
    """Report an ``AssignmentError``, and the further ones that it brings."""
    try:
        yield
    except AssignmentError as error:
        for one in (error, *error.further):
            report(one)


def refuse(error: AssignmentError) -> None:
    """Raise the first error that is reported."""
    raise error


def tables(file: TomlFile, key: str) -> list[dict[str, Any]]:
    """Return the entries of a list, none where it is no list of tables: that is told elsewhere."""
    listed = file.table.get(key)
    whole = isinstance(listed, list) and all(isinstance(entry, dict) for entry in listed)
    return listed if isinstance(listed, list) and whole else []


def names(value: Any) -> tuple[str, ...] | None:
    """Return the texts of a list, ``None`` where it is none."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else None
